"""Newer versions of one workbook: by the marks in its name, or by what it reports."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TypeAlias

from consolidate.model.finding import CellRef, Finding, Severity
from consolidate.model.period import month_number
from consolidate.model.text import fold

_ISO = re.compile(r"(?<!\d)(20\d\d) ?(0[1-9]|1[0-2])(?: ?(0[1-9]|[12]\d|3[01]))?(?!\d)")
_FRENCH = re.compile(
    r"(?<!\d)(0?[1-9]|[12]\d|3[01]) (0?[1-9]|1[0-2]) (20\d\d|\d\d)(?!\d)"
)
_COMPACT = re.compile(r"(?<!\d)(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])(20\d\d)(?!\d)")
_MONTH_FIRST = re.compile(r"(?<!\d)(0[1-9]|1[0-2]) ?(20\d\d)(?!\d)")
_WORD = re.compile(r"(?<!\w)[a-z]{3,9}(?![a-z])")
_DAY_BEFORE = re.compile(r"(?<!\w)(\d{1,2})(?:er)? $")
_YEAR_AFTER = re.compile(r" ?(20\d\d|\d\d)(?!\w)")
_CODE_LETTERS = re.compile(r"(?:^| )[a-z]{1,4} $")
_VERSION = re.compile(
    r"(?<![a-z])(?:v|ver|vers|version|rev|ind|indice) ?(\d+(?: \d+)?)(?!\w)"
)
_SENDING = re.compile(r"(?<![a-z])(?:envoi|relance|sending) ?(?:n° ?)?(\d+)?(?!\w)")
_FINAL = re.compile(
    r"(?<!\w)(?:vf|vdef|def|definitif|definitive|final|finale|version finale)(?!\w)"
)
_DRAFT = re.compile(r"(?<!\w)(?:draft|brouillon|provisoire|projet de)(?!\w)")
_COPY = re.compile(r"\((\d+)\)|(?:^copie de |^copy of )|(?:[ -]+(?:copie|copy)\b)")


@dataclass(frozen=True, slots=True)
class Marks:
    """What a workbook's name says about its version.

    Attributes:
        family: Folder and name without the marks, folded.
        dated: Year, month and day written in the name; zeros for what is not.
        final: Whether it calls itself final; a draft is -1.
        version: Its version number; ``(1, 0)`` when it has none.
        sending: Which sending it is; 1 when it does not say.
    """

    family: str
    dated: tuple[int, int, int] = (0, 0, 0)
    final: int = 0
    version: tuple[int, int] = (1, 0)
    sending: int = 1

    @property
    def order(self) -> tuple[int, tuple[int, int], int]:
        """What versions of one date are compared by."""
        return (self.final, self.version, self.sending)


@dataclass(frozen=True, slots=True)
class Issue:
    """One workbook, as far as it matters to tell which of two is newer.

    Attributes:
        workbook: Its path.
        reported: The latest day it says it reports on; None when silent.
        projects: Keys of the projects it has records of; weak names left out.
        managers: Folded names of their managers.
        tables: The tables it has records of.
        ref: The cell of its report date, else the workbook.
    """

    workbook: str
    reported: date | None
    projects: frozenset[str]
    managers: frozenset[str]
    tables: frozenset[str]
    ref: CellRef


_Newer: TypeAlias = Callable[[Issue, Issue], int | None]


@lru_cache(maxsize=16384)
def read_marks(workbook: str) -> Marks:
    """Return the marks of version in a workbook's path.

    Example:
        ``CH/Suivi_PRJ-012_v2 final.xlsx`` and ``CH/Suivi PRJ-012.xlsx`` are one family.
    """
    path = PurePosixPath(workbook)
    stem = _COPY.sub(" ", path.stem.casefold())
    text = fold(stem)
    dated, text = _dated(text)
    version = _VERSION.search(text)
    text = _VERSION.sub(" ", text)
    sending = _SENDING.search(text)
    text = _SENDING.sub(" ", text)
    final = 1 if _FINAL.search(text) else -1 if _DRAFT.search(text) else 0
    text = _DRAFT.sub(" ", _FINAL.sub(" ", text))
    major, _, minor = version[1].partition(" ") if version else ("1", "", "0")
    family = f"{fold(str(path.parent))}/{' '.join(text.split())}"
    number = int(sending[1] or 2) if sending else 1
    return Marks(family, dated, final, (int(major), int(minor or 0)), number)


def superseded(issues: Sequence[Issue]) -> tuple[dict[str, str], list[Finding]]:
    """Tell which workbooks a newer version replaces.

    When a workbook was received decides nothing: only its name and what it reports do.

    Args:
        issues: Every workbook read, in any order.

    Returns:
        By workbook replaced, the one that replaces it; an INFO for each, and a WARNING
        where two versions cannot be put in order and both stay.
    """
    ordered = sorted(issues, key=lambda i: i.workbook)
    gone: dict[str, str] = {}
    findings: list[Finding] = []
    for family in _families(ordered):
        _within(family, _by_name, gone, findings)
    left = [i for i in ordered if i.workbook not in gone]
    for group in _same_projects(left):
        _within(group, _by_report, gone, findings)
    for old in sorted(gone):
        new = gone[old]
        while new in gone:
            new = gone[new]
        gone[old] = new
        findings.append(
            Finding(
                "workbook-superseded",
                Severity.INFO,
                CellRef(old),
                params={"newer": new},
            )
        )
    return gone, findings


def _families(issues: Sequence[Issue]) -> list[list[Issue]]:
    families: dict[str, list[Issue]] = defaultdict(list)
    for issue in issues:
        families[read_marks(issue.workbook).family].append(issue)
    return [f for f in families.values() if len(f) > 1]


def _same_projects(issues: Sequence[Issue]) -> list[list[Issue]]:
    alike: dict[tuple[frozenset[str], frozenset[str]], list[Issue]] = defaultdict(list)
    for issue in issues:
        if issue.projects and len(issue.managers) == 1 and issue.reported:
            alike[issue.projects, issue.managers].append(issue)
    return [g for g in alike.values() if len(g) > 1]


def _within(
    group: Sequence[Issue],
    newer: _Newer,
    gone: dict[str, str],
    findings: list[Finding],
) -> None:
    for k, one in enumerate(group):
        for other in group[k + 1 :]:
            if one.workbook in gone or other.workbook in gone:
                continue
            verdict = newer(one, other)
            if verdict is None:
                findings.append(_undecided(one, other))
            elif verdict:
                old, new = (one, other) if verdict < 0 else (other, one)
                gone[old.workbook] = new.workbook


def _by_name(one: Issue, other: Issue) -> int | None:
    """Return 1 when the first is newer, -1 when the second, 0 for two workbooks.

    None when they are versions of one workbook and nothing says which is newer.
    """
    if one.projects and other.projects and not one.projects & other.projects:
        return 0
    first, second = read_marks(one.workbook), read_marks(other.workbook)
    named = _compared(first.dated, second.dated) if _comparable(first, second) else 0
    named = named or _compared(first.order, second.order)
    said = _reported(one, other)
    if not named and not said:
        return None
    if named and said and named != said:
        return None
    return named or said


def _by_report(one: Issue, other: Issue) -> int | None:
    """Return which of two reports on the same projects is later; 0 when neither.

    None when the earlier one holds tables that the later one has not.
    """
    verdict = _reported(one, other)
    if not verdict:
        return 0
    old, new = (one, other) if verdict < 0 else (other, one)
    return verdict if old.tables <= new.tables else None


def _comparable(first: Marks, second: Marks) -> bool:
    return all(
        bool(a) == bool(b) for a, b in zip(first.dated, second.dated, strict=True)
    )


def _compared(first: object, second: object) -> int:
    if first == second:
        return 0
    return 1 if first > second else -1  # type: ignore[operator]


def _reported(one: Issue, other: Issue) -> int:
    if one.reported is None or other.reported is None:
        return 0
    return _compared(one.reported, other.reported)


def _undecided(one: Issue, other: Issue) -> Finding:
    return Finding(
        "version-undecided",
        Severity.WARNING,
        one.ref if one.reported else CellRef(one.workbook),
        params={"other": other.workbook},
    )


def _dated(text: str) -> tuple[tuple[int, int, int], str]:
    """Return the date in a folded name, and the name without it.

    A year alone is no mark: the budgets of two years are two workbooks.
    """
    for pattern, order in (
        (_FRENCH, "dmy"),
        (_COMPACT, "dmy"),
        (_ISO, "ymd"),
        (_MONTH_FIRST, "my"),
    ):
        if found := pattern.search(text):
            parts = dict(zip(order, found.groups(), strict=True))
            year = int(parts["y"])
            day = (year + 2000 if year < 100 else year, int(parts["m"]))
            rest = f"{text[: found.start()]} {text[found.end() :]}"
            return (*day, int(parts.get("d") or 0)), rest
    for word in _WORD.finditer(text):
        if number := month_number(word[0]):
            before, after = text[: word.start()], text[word.end() :]
            written = _YEAR_AFTER.match(after)
            if written or len(word[0]) > 3:
                return _worded(number, written, before, after)
    return (0, 0, 0), text


def _worded(
    month: int, year: re.Match[str] | None, before: str, after: str
) -> tuple[tuple[int, int, int], str]:
    """Return the date of a month's name, and what stands around it."""
    day = _DAY_BEFORE.search(before)
    # "PRJ-12 mars 2026" is a code and a month, not the 12th of March.
    if day and _CODE_LETTERS.search(before[: day.start()]):
        day = None
    written = int(year[1]) if year else 0
    written = written + 2000 if 0 < written < 100 else written
    rest = f"{before[: day.start()] if day else before} {after[year.end() :] if year else after}"
    return (written, month, int(day[1]) if day else 0), rest


def latest(days: Mapping[str, date], workbook: str, month: str) -> date | None:
    """Return the day a workbook reports on: its report date, else its month's first."""
    if workbook in days:
        return days[workbook]
    return date.fromisoformat(f"{month}-01") if month else None
