"""The milestones of a project's page: dates, slips and a small Gantt chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from consolidate.report import format as shown
from consolidate.report import html_project as rule
from consolidate.report.html_context import Context
from consolidate.report.html_figure import Figure
from consolidate.report.html_words import Record, records
from consolidate.report.page_rows import PLACE, Picked

MOST = 12
WIDTH = 240
_MARGIN = 7
_KEYS = ("state", "end_baseline", "end_forecast", "end_actual")
_DATES = ("start_planned", "start_actual", "end_baseline", "end_forecast", "end_actual")
_FIELDS = ("name", "phase", "is_critical", "state", "progress", *_DATES)
_STEPS = (1, 3, 6, 12, 24, 60, 120)
_TICKS = 5


@dataclass(frozen=True, slots=True)
class Marks:
    """Where the chart of one row draws, from 0 to ``WIDTH``; None draws nothing."""

    start: float | None
    baseline: float | None
    forecast: float | None
    actual: float | None
    late: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One milestone as it is listed."""

    name: Figure
    critical: bool
    state: Figure
    baseline: Figure
    forecast: Figure
    actual: Figure
    slip: Figure
    late: bool
    marks: Marks


@dataclass(frozen=True, slots=True)
class Milestones:
    """The milestones of one project.

    Attributes:
        rows: Those listed, in the order of their dates.
        more: How many others there are.
        ticks: The chart's months or years: where, and what is written.
        today: Where the cut-off is.
    """

    rows: tuple[Row, ...]
    more: int
    ticks: tuple[tuple[float, str], ...]
    today: float


def pick_milestones(context: Context) -> Mapping[str, Picked]:
    """Return the milestones of each project, by code: those that ask for attention.

    Late ones, those to come and those achieved take turns, so that a long plan shows
    some of each; what is listed is in the order of the dates.
    """
    frame = context.portfolio.tables["milestones"]
    groups: dict[str, list[tuple[int, Record]]] = {}
    columns = ("project_code", *PLACE, *_KEYS)
    for position, row in enumerate(records(frame, columns)):
        if row["project_code"] is not None and row["state"] != "cancelled":
            groups.setdefault(str(row["project_code"]), []).append((position, row))
    chosen = {code: _chosen(rows, context.as_of) for code, rows in groups.items()}
    positions = [p for own in chosen.values() for p in own]
    listed = records(frame.iloc[positions], ("record_id", *_FIELDS))
    context.load("milestones", listed, _FIELDS)
    by_position = dict(zip(positions, listed, strict=True))
    return {
        code: Picked(
            [r for _, r in rows], [by_position[p] for p in chosen[code]], len(rows)
        )
        for code, rows in groups.items()
    }


def _chosen(rows: Sequence[tuple[int, Record]], as_of: date) -> list[int]:
    in_order = sorted(rows, key=lambda r: (_when(r[1]) or date.max, r[0]))
    groups: dict[str, list[int]] = {"late": [], "coming": [], "done": [], "undated": []}
    for position, row in in_order:
        groups[_group(row, as_of)].append(position)
    groups["done"].reverse()
    undated = groups.pop("undated")
    turns = sorted(
        (rank, group, position)
        for group, own in enumerate(groups.values())
        for rank, position in enumerate(own)
    )
    kept = {*[p for _, _, p in turns][:MOST], *undated[: max(MOST - len(turns), 0)]}
    return [position for position, _ in in_order if position in kept]


def _group(row: Record, as_of: date) -> str:
    if is_done(row):
        return "done"
    if _when(row) is None:
        return "undated"
    return "late" if is_late(row, as_of) else "coming"


def is_done(row: Record) -> bool:
    """Whether a milestone is achieved."""
    return row.get("state") == "completed" or row.get("end_actual") is not None


def is_late(row: Record, as_of: date) -> bool:
    """Whether a milestone that is not achieved is past its last announced date."""
    due = row.get("end_forecast") or row.get("end_baseline")
    return not is_done(row) and due is not None and due < as_of


def _when(row: Record) -> date | None:
    return row.get("end_actual") or row.get("end_forecast") or row.get("end_baseline")


def milestones(context: Context, picked: Picked) -> Milestones | None:
    """Return the milestones of a project; None when it gives none."""
    if not picked.listed:
        return None
    scale = _scale(picked.listed, context.as_of)
    return Milestones(
        tuple(_row(context, row, scale) for row in picked.listed),
        picked.counted - len(picked.listed),
        tuple(scale.ticks(context.lang)),
        scale.at(context.as_of),
    )


def _row(context: Context, row: Record, scale: _Scale) -> Row:
    late = is_late(row, context.as_of)
    at = {f: scale.at(row[f]) if scale.holds(row.get(f)) else None for f in _DATES}
    name = context.text("milestones", row, "name")
    due = "end_forecast" if row.get("end_forecast") else "end_baseline"
    dates = {f: _day(context, row, f, late and f == due) for f in _DATES[2:]}
    return Row(
        name=name,
        critical=row.get("is_critical") is True,
        state=context.text("milestones", row, "state"),
        baseline=dates["end_baseline"],
        forecast=dates["end_forecast"],
        actual=dates["end_actual"],
        slip=slip(context, "milestones", row),
        late=late,
        marks=Marks(
            at["start_actual"] or at["start_planned"],
            at["end_baseline"],
            at["end_forecast"],
            at["end_actual"],
            late,
        ),
    )


def _day(context: Context, row: Record, field: str, late: bool) -> Figure:
    own = context.day("milestones", row, field)
    return Figure(own.text, own.sort, own.proof, "poor") if late else own


def slip(context: Context, table: str, row: Record) -> Figure:
    """Return the days between the baseline and the actual end, else the forecast."""
    days = rule.slip_days(row)
    if days is None:
        return Figure()
    end = rule.end_field(row)
    formula = context.words.tr(
        "formula-slip",
        end=context.words.field(table, end),
        baseline=context.words.field(table, "end_baseline"),
    )
    inputs = [context.proof(table, row, f) for f in (end, "end_baseline")]
    tone = rule.slip_tone(row, days)
    told = shown.days(days, context.lang)
    return Figure(told, days, context.proofs.derived(formula, inputs), tone)


@dataclass(frozen=True, slots=True)
class _Scale:
    """Days laid out on the width of the chart."""

    first: date
    last: date

    def holds(self, day: date | None) -> bool:
        """Whether there is a day, and it is within the chart."""
        return day is not None and self.first <= day <= self.last

    def at(self, day: date) -> float:
        """Return where a day within the chart is."""
        whole = max((self.last - self.first).days, 1)
        share = (day - self.first).days / whole
        return round(_MARGIN + share * (WIDTH - 2 * _MARGIN), 1)

    def ticks(self, lang: str) -> list[tuple[float, str]]:
        """Return the firsts of some months: where each is, and how it is written."""
        months = (
            (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
        )
        step = next((s for s in _STEPS if months / s <= _TICKS), _STEPS[-1])
        start = self.first.year * 12 + self.first.month
        found = []
        for n in range(start - start % step, start + months + 1, step):
            day = date(n // 12, n % 12 + 1, 1)
            if self.first <= day <= self.last and self.at(day) < WIDTH - 30:
                label = (
                    str(day.year)
                    if step >= 12
                    else shown.month(f"{day:%Y-%m}", lang, short=True)
                )
                found.append((self.at(day), label))
        return found


def _scale(rows: Sequence[Record], as_of: date) -> _Scale:
    """Return a scale that holds the dates within eight years of the cut-off."""
    near = timedelta(days=8 * 365)
    found = [as_of, *(r[f] for r in rows for f in _DATES if r.get(f))]
    kept = [d for d in found if abs(d - as_of) <= near]
    return _Scale(min(kept) - timedelta(days=10), max(kept) + timedelta(days=10))
