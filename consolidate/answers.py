"""What goes into the outbox: the replies of a run, and reminders of what has not come."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from consolidate.model.text import fold
from consolidate.outbox import Letter
from consolidate.replies import FOLDER, INDEX
from consolidate.report.format import day, month
from consolidate.share import people
from consolidate.wording import tr

Addresses = Mapping[str, str]
"""Address by person, folded; see ``roster.addresses``."""


@dataclass(frozen=True, slots=True)
class Unaddressed:
    """An answer that cannot go: its workbook or month, and whom nobody knows an address of.

    Attributes:
        what: Workbook, or month.
        names: People without an address in the register; empty when it names nobody.
    """

    what: str
    names: tuple[str, ...]


def answers(out: Path, addresses: Addresses) -> Iterator[Letter | Unaddressed]:
    """Yield a letter for each reply of a run and manager with an address.

    Args:
        out: What the run published, with ``--replies``.
        addresses: Of the register of people.

    Raises:
        OSError: There are no replies there.
        ValueError: Their list is not what was written.
    """
    folder = out / FOLDER
    for told in json.loads((folder / INDEX).read_text(encoding="utf-8")):
        subject, _, body = (folder / told["text"]).read_text(encoding="utf-8").partition("\n\n")  # fmt: skip
        # The first line names who it is for when somebody is named.
        subject = subject.rpartition("\n")[2]
        name = told["attachment"]
        attached = (name, (folder / name).read_bytes()) if name else None
        known = [n for n in told["to"] if fold(n) in addresses]
        if not known:
            yield Unaddressed(told["workbook"], tuple(told["to"]))
        for address in dict.fromkeys(addresses[fold(n)] for n in known):
            key = f"answer {told['sha256']} {address}"
            yield Letter(key, address, subject, body, attached)


def reminders(
    missing: pd.DataFrame, period: str, by: str, addresses: Addresses, lang: str
) -> Iterator[Letter | Unaddressed]:
    """Yield a letter for each manager of projects of which nothing came.

    Args:
        missing: Columns ``project_code``, ``name``, ``project_manager``.
        period: The month.
        by: Day of the month's review or of its closing, ISO; empty when none is set.
        addresses: Of the register of people.
        lang: Of the letters.
    """
    for name, own in _by_manager(missing):
        words = {"month": month(period, lang), "name": name, "projects": _list(own)}
        if fold(name) not in addresses:
            yield Unaddressed(words["month"], (name,) if name else ())
            continue
        subject = tr("remind-subject", lang, **words)
        due = (
            tr("remind-by", lang, day=day(pd.Timestamp(by).date(), lang)) if by else ""
        )
        body = tr("remind-body", lang, **words, due=due)
        address = addresses[fold(name)]
        yield Letter(f"reminder {period} {address}", address, subject, body + "\n")


def _by_manager(missing: pd.DataFrame) -> Iterable[tuple[str, pd.DataFrame]]:
    told = missing["project_manager"].fillna("").astype("str")
    first = told.map(lambda text: next(iter(people(text)), ""))
    return [(str(n), g) for n, g in missing.groupby(first, sort=True)]


def _list(own: pd.DataFrame) -> str:
    names = own["name"].fillna("").astype("str")
    lines: Sequence[str] = (own["project_code"].astype("str") + " " + names).tolist()
    return "\n".join(f"- {line.strip()}" for line in lines)
