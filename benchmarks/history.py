"""Prove the alert rules on a history of 130 projects and 18 months, and say what it took.

    python -m benchmarks.history

Every month is judged with all rules on, in the light of the eleven before it; each alert
must be one that was planted, and each one planted must be told. The world is that of
``tests/history_world.py``; the tests judge fewer projects and months of it.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from history_plants import EDGES, PLANTS
from history_world import MONTHS, world
from test_history_proof import judged, told

PROJECTS = 130


def main() -> int:
    """Print what was planted, what was told, and how long it took."""
    began = time.perf_counter()
    months, expected = world(PROJECTS, [*PLANTS, *EDGES])
    rows = sum(len(frame) for month in months for frame in month.tables.values())
    print(f"{PROJECTS} projects, {MONTHS} months, {rows:,} records: {time.perf_counter() - began:.1f} s")  # fmt: skip
    found: set[tuple[str, str, str]] = set()
    began = time.perf_counter()
    for n in range(MONTHS):
        found |= told(judged(months, n))
    taken = time.perf_counter() - began
    rules = Counter(rule for _, rule, _ in found)
    print(f"{len(rules)} rules, {len(found)} alerts told, {len(expected)} planted: {taken:.1f} s, {taken / MONTHS:.2f} s a month")  # fmt: skip
    wrong = sorted(found ^ expected)
    for alert in wrong:
        print("planted, not told:" if alert in expected else "told, not planted:", *alert)  # fmt: skip
    print("exactly where planted" if not wrong else f"{len(wrong)} differ")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
