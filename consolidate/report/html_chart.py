"""Which charts the HTML report draws, each with what it says in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from consolidate.report import charts as draw
from consolidate.report import format as shown
from consolidate.report.html_context import RAG_TONES, Context
from consolidate.report.html_figure import thousands
from consolidate.report.html_words import brief, seen
from consolidate.report.view_load import Load
from consolidate.report.view_milestones import Deadlines
from consolidate.report.view_overview import CODES, Overview, Views


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture: its address and the sentence it draws."""

    address: str
    alt: str


def charts(context: Context, first: Overview, views: Views) -> Mapping[str, Chart]:
    """Return the charts there is something to draw for, by name."""
    drawn = {
        "status": _status(context, first),
        "milestones": _milestones(context, views.deadlines),
        "budgets": _budgets(context, views),
        "load": _load(context, views.load),
    }
    return {name: chart for name, chart in drawn.items() if chart}


def _status(context: Context, first: Overview) -> Chart | None:
    if not first.running:
        return None
    present = [
        c for c in CODES if any(p.code == c for s in first.splits for p in s.parts)
    ]
    series = [
        draw.Series(
            context.words.tr(f"rag-{c}" if c else "missing"),
            RAG_TONES.get(c, "missing"),
        )
        for c in present
    ]
    stacks = [
        draw.Stack(
            split.label,
            tuple(sum(p.count for p in split.parts if p.code == c) for c in present),
        )
        for split in first.splits
    ]
    alt = context.words.tr(
        "alt-status",
        counts=", ".join(f"{p.word} {p.count}" for p in first.splits[0].parts),
    )
    return Chart(draw.stacked_rows(stacks, series), alt)


def _milestones(context: Context, deadlines: Deadlines) -> Chart | None:
    if not deadlines.months:
        return None
    series = [
        draw.Series(context.words.tr("month-done"), "first"),
        draw.Series(context.words.tr("month-late"), "poor"),
        draw.Series(context.words.tr("month-coming"), "third"),
    ]
    stacks = [draw.Stack(m.label, m.counts) for m in deadlines.months]
    alt = context.words.tr(
        "alt-milestones",
        late=shown.number(sum(m.counts[1] for m in deadlines.months), context.lang, 0),
        first=deadlines.months[0].label,
        last=deadlines.months[-1].label,
    )
    return Chart(draw.stacked_columns(stacks, series), alt)


def _budgets(context: Context, views: Views) -> Chart | None:
    if not views.budgets.largest:
        return None
    rows = [
        draw.Bullet(
            brief(seen(large.code), 22),
            large.budget,
            large.committed,
            large.spent,
            large.landing,
        )
        for large in views.budgets.largest
    ]
    keys = ("reference-budget", "committed", "spent", "forecast_cost")
    budget, committed, spent, landing = (context.words.tr(k) for k in keys)
    alt = context.words.tr(
        "alt-budgets", count=len(rows), basis=views.budgets.largest_basis
    )
    unit = lambda value: thousands(value, context.lang)  # noqa: E731
    return Chart(draw.bullets(rows, (budget, committed, spent, landing), unit), alt)


def _load(context: Context, load: Load) -> Chart | None:
    if not load.months or load.total is None:
        return None
    series = [
        draw.Series(context.words.tr("load-run"), "first"),
        draw.Series(context.words.tr("load-build"), "second"),
        draw.Series(context.words.tr("load-other"), "third"),
    ]
    stacks = [draw.Stack(seen(m.label), m.days) for m in load.months]
    alt = context.words.tr("alt-load", share=load.total.run.text or "–")
    share = lambda value: shown.percent(value, context.lang)  # noqa: E731
    return Chart(draw.stacked_columns(stacks, series, share), alt)
