"""Measure `consolidate run` on generated workbooks, with two references beside it.

    python -m benchmarks.run               130 workbooks, 3 rounds
    python -m benchmarks.run --growth      and 1,000 workbooks once
    python -m benchmarks.run --quick       10 workbooks, 1 round, no budget: it still works

Rounds are interleaved: the loop, calamine and the run take turns, so that a busy machine
slows all alike; the table shows medians.
"""

from __future__ import annotations

import argparse
import compileall
import json
import platform
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.browse import seconds_to_first_filter
from benchmarks.make_corpus import make_corpus
from benchmarks.measure import Cost, adopt_orphans, measure

HERE = Path(__file__).resolve().parent
BUDGET: Mapping[str, float] = tomllib.loads(
    (HERE / "budget.toml").read_text(encoding="utf-8")
)
PYTHON = sys.executable
PUBLISHED = (0, 1)
REPORTS = ("workbook", "html")


@dataclass(frozen=True, slots=True)
class Result:
    """Medians of one size of corpus; seconds of CPU unless said otherwise."""

    workbooks: int
    rounds: int
    pandas: float
    calamine: float
    run: float
    run_wall: float
    rss_mib: float
    pss_mib: float
    help_wall: float
    page_wall: float
    packs_wall: float
    stages: Mapping[str, float]

    @property
    def packs_over_run(self) -> float:
        """Wall time of making all packs of the month, over that of the run."""
        return self.packs_wall / self.run_wall

    @property
    def report_over_rest(self) -> float:
        """CPU of making the reports, over that of the run without it."""
        report = sum(self.stages.get(name, 0.0) for name in REPORTS)
        return report / (self.run - report)


class RunFailedError(Exception):
    """`consolidate run` published nothing."""


def bench(folder: Path, count: int, rounds: int, *, references: bool = True) -> Result:
    """Measure one corpus.

    Raises:
        RunFailedError: The run published nothing.
    """
    pandas, calamine, runs, helps, pages, stages = [], [], [], [], [], []
    packs = []
    for _ in range(rounds):
        if references:
            pandas.append(_reference("pandas", folder))
            calamine.append(_reference("calamine", folder))
        cost, told, page, made = _run(folder)
        runs.append(cost)
        packs.append(made.wall)
        pages.append(page)
        stages.append(told)
        helps.append(measure([PYTHON, "-m", "consolidate", "--help"]).wall)
    return Result(
        count,
        rounds,
        median(pandas or [0.0]),
        median(calamine or [0.0]),
        median(c.cpu for c in runs),
        median(c.wall for c in runs),
        median(c.rss for c in runs),
        median(c.pss for c in runs),
        median(helps),
        median(pages),
        median(packs),
        {name: median(s.get(name, 0.0) for s in stages) for name in stages[0]},
    )


def _reference(reader: str, folder: Path) -> float:
    return float(
        measure([PYTHON, "-m", "benchmarks.references", reader, str(folder)]).output
    )


def _run(folder: Path) -> tuple[Cost, dict[str, float], float, Cost]:
    """Return what a run cost, its stages, how soon its page answers, what packs cost."""
    with tempfile.TemporaryDirectory() as place:
        command = [
            PYTHON,
            "-m",
            "consolidate",
            "run",
            str(folder),
            "--period",
            "2026-09",
        ]
        places = ["--output", f"{place}/out", "--home", f"{place}/home"]
        cost = measure([*command, *places, "--json", "--quiet"])
        if cost.status not in PUBLISHED:
            raise RunFailedError(f"consolidate run ended with status {cost.status}")
        page = seconds_to_first_filter(Path(place, "out", "index.html"))
        asked = ["pack", "--all", "-o", f"{place}/packs", "--home", f"{place}/home"]
        packs = measure([*command[:3], *asked, "--json"])
        if packs.status:
            raise RunFailedError(f"consolidate pack ended with status {packs.status}")
    summary: dict[str, Any] = json.loads(cost.output)
    return cost, summary.get("cpu_seconds", {}), page, packs


def table_of(result: Result) -> list[str]:
    """Return the measurements as lines of a table."""
    base = result.pandas or float("nan")

    def line(name: str, seconds: float) -> str:
        each = 1000 * seconds / result.workbooks
        return (
            f"  {name:<34} {seconds:8.2f} s {each:9.1f} ms/wb {seconds / base:7.2f} x"
        )

    lines = [f"{result.workbooks} workbooks, {result.rounds} round(s), CPU, medians"]
    lines.append(line("pandas.read_excel, openpyxl, loop", result.pandas))
    lines.append(line("calamine alone", result.calamine))
    lines.append(line("consolidate run, cold, all", result.run))
    lines += [line(f"  {name}", seconds) for name, seconds in result.stages.items()]
    lines.append(f"  reports, over the run without: {result.report_over_rest:.0%}")
    lines.append(f"  index.html, first filter answered: {result.page_wall:.2f} s")
    lines.append(
        f"  all packs: wall {result.packs_wall:.2f} s, {result.packs_over_run:.2f} x the run"
    )
    lines.append(f"  wall {result.run_wall:.2f} s; memory {result.rss_mib:.0f} MiB")
    lines.append(f"  (shared pages counted once: {result.pss_mib:.0f} MiB)")
    lines.append(f"  consolidate --help {result.help_wall * 1000:.0f} ms")
    return lines


def over_budget(result: Result, large: Result | None) -> list[str]:
    """Return the budgets that are passed, each with what was measured."""
    measured = {
        "run_over_pandas": result.run / result.pandas if result.pandas else 0.0,
        "memory_mib": max(result.rss_mib, large.rss_mib if large else 0.0),
        "help_seconds": result.help_wall,
        "report_over_rest": result.report_over_rest,
        "page_seconds": result.page_wall,
        "packs_over_run": result.packs_over_run,
    }
    if large:
        measured["growth"] = (large.run / large.workbooks) / (
            result.run / result.workbooks
        )
    return [
        f"{name}: {value:.2f}, budget {BUDGET[name]}"
        for name, value in measured.items()
        if value > BUDGET[name]
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; return 1 when a budget is passed."""
    parser = argparse.ArgumentParser(description="Measure consolidate run.")
    parser.add_argument("-n", "--count", type=int, default=130, help="workbooks")
    parser.add_argument("-r", "--rounds", type=int, default=3)
    parser.add_argument(
        "--growth", action="store_true", help="measure 1,000 workbooks too"
    )
    parser.add_argument(
        "--quick", action="store_true", help="10 workbooks, once, no budget"
    )
    parser.add_argument("--corpus", type=Path, help="folder to keep the workbooks in")
    options = parser.parse_args(arguments)
    count, rounds = (10, 1) if options.quick else (options.count, options.rounds)
    adopt_orphans()
    compileall.compile_dir(HERE.parent / "consolidate", quiet=1)  # as installing does
    with tempfile.TemporaryDirectory() as scratch:
        place: Path = options.corpus or Path(scratch)
        print(f"writing {count} workbooks ...", file=sys.stderr)
        make_corpus(place / str(count), count)
        try:
            result = bench(place / str(count), count, rounds)
            large = None
            if options.growth and not options.quick:
                make_corpus(place / "1000", 1000)
                large = bench(place / "1000", 1000, 1, references=False)
        except RunFailedError as err:
            print(err, file=sys.stderr)
            return 2
    print("\n".join(table_of(result)))
    if large:
        print("\n".join(table_of(large)))
    if options.quick:
        return 0
    _keep([asdict(r) for r in (result, large) if r])
    passed = over_budget(result, large)
    print("\n".join(passed) if passed else "within the budgets")
    return int(bool(passed))


def _keep(results: list[dict[str, Any]]) -> None:
    """Write the results beside those of other machines."""
    system = f"{platform.system()}-{platform.machine()}-py{platform.python_version()}"
    target = HERE / "results" / f"{system.lower()}.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print(f"kept in {target.relative_to(HERE.parent)}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
