"""The days of a project by month, never by person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from consolidate.report import format as shown
from consolidate.report.html_context import Context
from consolidate.report.html_figure import Figure
from consolidate.report.html_words import records
from consolidate.report.page_listing import Listing
from consolidate.report.page_value import Cell

_BEFORE, _AFTER = 6, 3
_MEASURES = ("effort_planned", "effort_spent")
_COLUMNS = (*_MEASURES, "run")
_BY = ["project_code", "month"]


def sum_months(context: Context) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """Return the days of each project by month, in order; absences are left out."""
    frame = context.portfolio.tables["workload"]
    kept = frame.loc[
        (frame["category"] != "absence") & frame["month"].notna(),
        [*_BY, "category", *_MEASURES, "workbook", "sheet"],
    ]
    if kept.empty:
        return {}
    run = kept["effort_spent"].where(kept["category"] == "run")
    groups = kept.assign(run=run).groupby(_BY, sort=True)
    sums = groups[[*_MEASURES, "run"]].sum(min_count=1)
    sums = sums.assign(
        lines=groups.size(),
        workbook=groups["workbook"].first(),
        sheet=groups["sheet"].first(),
        sheets=groups["sheet"].nunique(),
    ).reset_index()
    found: dict[str, list[Mapping[str, object]]] = {}
    for row in records(sums):
        found.setdefault(str(row["project_code"]), []).append(row)
    return found


def load_listing(
    context: Context, rows: Sequence[Mapping[str, object]]
) -> Listing | None:
    """Return the months around the cut-off that give days planned or spent."""
    known = [r for r in rows if any(r[m] is not None for m in _MEASURES)]
    past = [r for r in known if str(r["month"]) <= context.portfolio.period]
    ahead = [r for r in known if str(r["month"]) > context.portfolio.period]
    kept = [*past[-_BEFORE:], *ahead[:_AFTER]]
    words = context.words
    shown_ = [m for m in _COLUMNS if any(r[m] is not None for r in kept)]
    if not kept:
        return None
    heads = [("", words.tr("column-month"))]
    heads += [("n", words.tr(f"page-days-{m}")) for m in shown_]
    cells = tuple(_month(context, row, shown_) for row in kept)
    return Listing("workload", tuple(heads), cells, 0)


def _month(
    context: Context, row: Mapping[str, object], columns: Sequence[str]
) -> tuple[Cell, ...]:
    where = f"{row['workbook']} ! {row['sheet']}"
    if row["sheets"] != 1:
        where += " …"
    formula = context.words.plural("page-how-days", int(str(row["lines"])), where=where)
    proof = context.proofs.derived(formula, ())
    month = Figure(shown.month(str(row["month"]), context.lang, short=True))
    told = (
        Figure() if row[m] is None else Figure(_days(row[m], context.lang), None, proof)
        for m in columns
    )
    return (("", month), *(("n", figure) for figure in told))


def _days(value: object, lang: str) -> str:
    days = float(str(value))
    return shown.number(days, lang, 0 if days.is_integer() else 1)
