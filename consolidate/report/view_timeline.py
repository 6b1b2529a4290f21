"""The timeline: each project's milestones over six quarters, late ones first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from consolidate.report import format as shown
from consolidate.report.html_context import Context
from consolidate.report.html_figure import Figure
from consolidate.report.html_words import Record, brief, records
from consolidate.report.page_milestone import is_done, is_late

WIDTH = 720
MOST = 40
MOST_MARKS = 10
"""Milestones a strip shows: more could not be told from one another."""

_QUARTERS = 6
_BEFORE = 1
"""Quarters shown before that of the cut-off."""

_MARGIN = 8
_COLUMNS = (
    *("record_id", "project_code", "name", "state", "end_baseline", "end_forecast"),
    *("end_actual", "is_critical"),
)

Kind: TypeAlias = Literal["done", "late", "due"]


@dataclass(frozen=True, slots=True)
class Mark:
    """One milestone: where it is due, where it was meant to be, and in words."""

    x: float
    baseline: float | None
    kind: Kind
    title: str


@dataclass(frozen=True, slots=True)
class Strip:
    """One project: its milestones in the window, late ones, and the next one.

    ``more`` milestones of the window are not drawn.
    """

    code: str
    project: str
    status: Figure
    marks: tuple[Mark, ...]
    more: int
    late: Figure
    next_name: Figure
    next_day: Figure


@dataclass(frozen=True, slots=True)
class Timeline:
    """The projects' milestones over ``_QUARTERS`` quarters.

    Attributes:
        strips: Most late milestones first, then the nearest.
        quarters: Where each begins, and its name.
        today: Where the cut-off is.
        more: Projects with open milestones that are not listed.
    """

    strips: tuple[Strip, ...]
    quarters: tuple[tuple[float, str], ...]
    today: float
    more: int


def timeline(context: Context) -> Timeline:
    """Return the timeline of the projects that have open milestones."""
    rows: dict[str, list[Record]] = {}
    for row in records(context.portfolio.tables["milestones"], _COLUMNS):
        code = str(row.get("project_code") or "")
        project = context.by_code.get(code)
        if project is not None and row.get("state") != "cancelled" and _when(row):
            rows.setdefault(code, []).append(row)
    alive = {c: own for c, own in rows.items() if any(not is_done(r) for r in own)}
    order = sorted(alive, key=lambda code: _urgency(alive[code], context.as_of, code))
    window = _Window(_first_day(context.as_of))
    listed = order[:MOST]
    nexts = {code: _next(alive[code], context.as_of) for code in listed}
    told = [r for r in nexts.values() if r]
    told += [r for c in listed for r in alive[c] if is_late(r, context.as_of)]
    context.load("milestones", told, _COLUMNS[2:6])
    context.load("projects", [context.by_code[c] for c in listed], ("status",))
    return Timeline(
        tuple(
            _strip(context, code, alive[code], nexts[code], window) for code in listed
        ),
        tuple(window.quarters(context)),
        window.at(context.as_of),
        len(order) - len(listed),
    )


def _when(row: Record) -> date | None:
    return row.get("end_actual") or row.get("end_forecast") or row.get("end_baseline")


def _due(row: Record) -> date:
    due = row.get("end_forecast") or row.get("end_baseline")
    return due if isinstance(due, date) else date.max


def _due_field(row: Record) -> str:
    return "end_forecast" if row.get("end_forecast") else "end_baseline"


def _urgency(rows: Sequence[Record], as_of: date, code: str) -> tuple[int, date, str]:
    late = sum(is_late(r, as_of) for r in rows)
    return -late, min(_due(r) for r in rows if not is_done(r)), code


def _next(rows: Sequence[Record], as_of: date) -> Record | None:
    """Return the next milestone to hold: the nearest to come, else the latest late."""
    still = [r for r in rows if not is_done(r) and _due(r) != date.max]
    coming = [r for r in still if _due(r) >= as_of]
    chosen = sorted(coming or still, key=lambda r: (_due(r), str(r["record_id"])))
    return chosen[0] if chosen else None


def _strip(
    context: Context,
    code: str,
    rows: Sequence[Record],
    following: Record | None,
    window: _Window,
) -> Strip:
    held = [m for r in rows if (m := _mark(context, r, window)) is not None]
    today = window.at(context.as_of)
    # What is late, then what is near the cut-off.
    telling = sorted(held, key=lambda m: (m.kind != "late", abs(m.x - today), m.title))
    marks = telling[:MOST_MARKS]
    name = context.text("milestones", following, "name") if following else Figure()
    day = (
        context.day("milestones", following, _due_field(following))
        if following
        else Figure()
    )
    return Strip(
        code,
        context.name_of(code),
        context.rag("projects", context.by_code[code], "status"),
        tuple(sorted(marks, key=lambda m: (m.x, m.title))),
        len(held) - len(marks),
        _late(context, rows),
        name,
        day,
    )


def _late(context: Context, rows: Sequence[Record]) -> Figure:
    """Return how many milestones of a project are late, and which."""
    late = sorted((r for r in rows if is_late(r, context.as_of)), key=_due)
    day = shown.day(context.as_of, context.lang)
    formula = context.words.tr("counts-milestones", day=day)
    proof = context.counted(formula, "milestones", [(r, _due_field(r)) for r in late])
    count = shown.number(len(late), context.lang, 0)
    return Figure(count, len(late), proof, "poor" if late else "")


def _mark(context: Context, row: Record, window: _Window) -> Mark | None:
    when = _when(row)
    assert when is not None
    late = is_late(row, context.as_of)
    if not window.holds(when) and not (late and when < window.first):
        return None
    kind: Kind = "done" if is_done(row) else "late" if late else "due"
    day = shown.day(when, context.lang)
    name = brief(" ".join(str(row.get("name") or "").split()), 80)
    word = context.words.tr(f"timeline-{kind}")
    baseline = row.get("end_baseline")
    moved = baseline is not None and baseline != when and window.holds(baseline)
    return Mark(
        window.at(when),
        window.at(baseline) if moved and baseline else None,
        kind,
        f"{name} – {day} ({word})",
    )


def _first_day(as_of: date) -> date:
    """Return the first day of the quarter before that of a day."""
    quarter = as_of.year * 4 + (as_of.month - 1) // 3 - _BEFORE
    return date(quarter // 4, quarter % 4 * 3 + 1, 1)


@dataclass(frozen=True, slots=True)
class _Window:
    """Six quarters laid out on the width of a strip."""

    first: date

    @property
    def last(self) -> date:
        return self._start(_QUARTERS)

    def holds(self, day: date) -> bool:
        """Return whether a day is in the window."""
        return self.first <= day < self.last

    def at(self, day: date) -> float:
        """Return where a day is, kept within the window."""
        share = (day - self.first).days / (self.last - self.first).days
        return round(_MARGIN + min(max(share, 0), 1) * (WIDTH - 2 * _MARGIN), 1)

    def quarters(self, context: Context) -> list[tuple[float, str]]:
        """Return where each quarter begins, and its name."""
        starts = [self._start(k) for k in range(_QUARTERS)]
        name = context.words.tr
        return [
            (
                self.at(d),
                name("timeline-quarter", quarter=d.month // 3 + 1, year=d.year),
            )
            for d in starts
        ]

    def _start(self, ahead: int) -> date:
        quarter = self.first.year * 4 + self.first.month // 3 + ahead
        return date(quarter // 4, quarter % 4 * 3 + 1, 1)
