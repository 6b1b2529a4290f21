"""Deadlines: late milestones first, what is due next, and milestones by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from consolidate.report import format as shown
from consolidate.report import html_project as rule
from consolidate.report.html_context import FIRST, Context
from consolidate.report.html_figure import Figure
from consolidate.report.html_words import Record, records

MOST = 60
NEXT_DAYS = 90
_FIELDS = ("name", "phase", "end_baseline", "end_forecast", "is_critical")
_COLUMNS = ("record_id", "project_code", "state", "end_actual", *_FIELDS)
_BEFORE, _AFTER = 5, 6
KINDS = ("done", "late", "coming")


@dataclass(frozen=True, slots=True)
class Milestone:
    """One milestone as it is listed."""

    code: str
    project: str
    name: Figure
    phase: Figure
    critical: bool
    baseline: Figure
    forecast: Figure
    slip: Figure
    away: Figure


@dataclass(frozen=True, slots=True)
class Month:
    """How many milestones of a month are achieved, late and to come: ``KINDS``."""

    month: str
    label: str
    counts: tuple[int, int, int]
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The deadlines of the portfolio.

    Attributes:
        late: The latest first, at most ``MOST``.
        late_count: How many there are in all.
        late_critical: How many of them are critical.
        coming: Due within ``NEXT_DAYS`` days, the nearest first.
        coming_count: How many there are in all.
        undated: Open milestones without any date.
        dated: Open milestones with one.
        months: Milestones by month around the cut-off.
        beyond: Dated milestones before and after these months.
    """

    late: tuple[Milestone, ...]
    late_count: int
    late_critical: int
    coming: tuple[Milestone, ...]
    coming_count: int
    undated: int
    dated: int
    months: tuple[Month, ...]
    beyond: int


def deadlines(context: Context) -> Deadlines:
    """Return the deadlines of the portfolio; ended projects' milestones are left out."""
    rows = records(context.portfolio.tables["milestones"], _COLUMNS)
    alive = [r for r in rows if _counts(context, r)]
    still = [r for r in alive if not _is_done(r)]
    dated = [r for r in still if _due(r) is not None]
    late = sorted(
        (r for r in dated if _due(r) < context.as_of),
        key=lambda r: (_due(r), str(r["project_code"]), str(r["record_id"])),
    )
    horizon = context.as_of + timedelta(days=NEXT_DAYS)
    coming = sorted(
        (r for r in dated if context.as_of <= _due(r) <= horizon),
        key=lambda r: (_due(r), str(r["project_code"]), str(r["record_id"])),
    )
    context.load("milestones", [*late[:MOST], *coming[:MOST]], _FIELDS)
    months, beyond = _months(context, alive)
    return Deadlines(
        late=tuple(_milestone(context, r) for r in late[:MOST]),
        late_count=len(late),
        late_critical=sum(r.get("is_critical") is True for r in late),
        coming=tuple(_milestone(context, r) for r in coming[:MOST]),
        coming_count=len(coming),
        undated=len(still) - len(dated),
        dated=len(dated),
        months=months,
        beyond=beyond,
    )


def _counts(context: Context, row: Record) -> bool:
    project = context.by_code.get(str(row.get("project_code") or ""), {})
    ended = project.get("state") in ("cancelled", "archived")
    return not ended and row.get("state") != "cancelled"


def _is_done(row: Record) -> bool:
    return row.get("state") == "completed" or row.get("end_actual") is not None


def _due(row: Record) -> Any:
    return row.get("end_forecast") or row.get("end_baseline")


def _milestone(context: Context, row: Record) -> Milestone:
    field = "end_forecast" if row.get("end_forecast") else "end_baseline"
    away = (_due(row) - context.as_of).days
    due_label = context.words.field("milestones", field)
    inputs = [context.proof("milestones", row, field)]
    day = shown.day(context.as_of, context.lang)
    key = "formula-late" if away < 0 else "formula-away"
    formula = context.words.tr(key, due=due_label, day=day)
    told = shown.days(abs(away), context.lang).lstrip("+")
    code = str(row.get("project_code") or "")
    return Milestone(
        code=code,
        project=context.name_of(code),
        name=context.text("milestones", row, "name"),
        phase=context.text("milestones", row, "phase"),
        critical=row.get("is_critical") is True,
        baseline=context.day("milestones", row, "end_baseline"),
        forecast=context.day("milestones", row, "end_forecast"),
        slip=_slip(context, row),
        away=Figure(told, abs(away), context.proofs.derived(formula, inputs)),
    )


def _slip(context: Context, row: Record) -> Figure:
    days = rule.slip_days({**row, "end_actual": None})
    if days is None:
        return Figure()
    fields = ("end_forecast", "end_baseline")
    formula = context.words.tr(
        "formula-slip",
        end=context.words.field("milestones", fields[0]),
        baseline=context.words.field("milestones", fields[1]),
    )
    inputs = [context.proof("milestones", row, f) for f in fields]
    tone = rule.slip_tone({}, days)
    told = shown.days(days, context.lang)
    return Figure(told, days, context.proofs.derived(formula, inputs), tone)


def _months(context: Context, rows: Sequence[Record]) -> tuple[tuple[Month, ...], int]:
    found: dict[tuple[str, str], list[Record]] = {}
    for row in rows:
        when = row.get(_when(row))
        if when is not None:
            kind = _kind(row, when, context.as_of)
            found.setdefault((when.isoformat()[:7], kind), []).append(row)
    around = [_shifted(context.as_of, k) for k in range(-_BEFORE, _AFTER + 1)]
    held = {key: own for key, own in found.items() if key[0] in around}
    first = [row for own in held.values() for row in own[:FIRST]]
    context.load("milestones", first, ("end_actual", "end_forecast", "end_baseline"))
    total = sum(map(len, found.values()))
    within = sum(map(len, held.values()))
    months = tuple(
        _month(context, m, [held.get((m, kind), []) for kind in KINDS]) for m in around
    )
    return (months if within else ()), total - within


def _month(context: Context, month: str, rows: Sequence[Sequence[Record]]) -> Month:
    done, late, coming = map(len, rows)
    label = shown.month(month, context.lang, short=True)
    figures = (_count(context, k, own) for k, own in zip(KINDS, rows, strict=True))
    return Month(month, label, (done, late, coming), tuple(figures))


def _when(row: Record) -> str:
    """Return the field that says when a milestone was reached, else is due."""
    if _is_done(row) and row.get("end_actual"):
        return "end_actual"
    return "end_forecast" if row.get("end_forecast") else "end_baseline"


def _kind(row: Record, when: date, as_of: date) -> str:
    if _is_done(row):
        return "done"
    return "late" if when < as_of else "coming"


def _count(context: Context, kind: str, rows: Sequence[Record]) -> Figure:
    day = shown.day(context.as_of, context.lang)
    formula = context.words.tr(f"counts-month-{kind}", day=day)
    proof = context.counted(formula, "milestones", [(r, _when(r)) for r in rows])
    return Figure(shown.number(len(rows), context.lang, 0), len(rows), proof)


def _shifted(day: date, ahead: int) -> str:
    year, month = divmod(day.year * 12 + day.month - 1 + ahead, 12)
    return f"{year:04}-{month + 1:02}"
