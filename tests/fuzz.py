"""Run inboxes of attacks and of mutants through the real command: ``make fuzz``."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import click
from attacks import books, mails, texts
from mutants import mutants
from test_hostile_run import consolidate, milestones, rows

from consolidate.intake import Mailroom

_SETTLED = {"consolidated", "partial", "rejected", "duplicate", "superseded", "ignored"}
_BATCH = 250
_GOOD = "good.xlsx"


def wrong(place: Path, files: Mapping[str | bytes, bytes]) -> list[str]:
    """Run an inbox of files and a good workbook, and return what is wrong then.

    The run ends as it should and tells no traceback; every file has one delivery in the
    journal, every workbook one row and one state; the good one is consolidated.

    Args:
        place: An empty folder.
        files: By name.
    """
    inbox, out, home = (place / name for name in ("in", "out", "home"))
    inbox.mkdir()
    for name, data in {**files, _GOOD: milestones("Livraison")}.items():
        (inbox / os.fsdecode(name)).write_bytes(data)
    result = consolidate(inbox, "-o", out, home=home)
    if result.exit_code not in {0, 1}:
        return [f"status {result.exit_code}: {result.output[-2000:]}"]
    found = [w for w in ("Traceback", "unforeseen", "\x1b") if w in result.output]
    tops = [item for item in Mailroom(home).ledger() if not item.parent]
    if not len(tops) == len({item.place for item in tops}) == len(files) + 1:
        found.append(f"{len(tops)} deliveries of {len(files) + 1} files")
    told = rows(out, "workbooks")
    times = Counter(row["workbook"] for row in told)
    found += [f"{name} is told {n} times" for name, n in times.items() if n > 1]
    states = {row["workbook"]: row["state"] for row in told}
    found += [f"{name} is {state}" for name, state in states.items() if state not in _SETTLED]  # fmt: skip
    if states.get(_GOOD) != "consolidated":
        found.append(f"{_GOOD} is {states.get(_GOOD)}")
    return found


@click.command()
@click.option("-n", "--number", default=10_000, help="Mutants.")
@click.option("--seed", default=1, help="Of the first batch.")
def fuzz(number: int, seed: int) -> None:
    """Tell what no inbox may do; what did is kept to be looked at."""
    inboxes = {"books": books, "mails": mails, "texts": texts}
    batches = {name: make() for name, make in inboxes.items()}
    told: Counter[str] = Counter()
    with click.progressbar(range(-len(batches), -(-number // _BATCH)), label="inboxes") as todo:  # fmt: skip
        for n in todo:
            files = [*batches.values()][n] if n < 0 else dict(mutants(seed + n, _BATCH))
            place, start = Path(tempfile.mkdtemp(prefix="fuzz-")), time.monotonic()
            found = wrong(place, files)
            told["seconds"] += round(time.monotonic() - start)
            told["files"] += len(files)
            if found:
                raise click.ClickException(
                    "\n".join([f"{place}, seed {seed + n}", *found])
                )
            told.update(row["state"] for row in rows(place / "out", "workbooks"))
            shutil.rmtree(place)
    click.echo(dict(told))


if __name__ == "__main__":
    fuzz()
