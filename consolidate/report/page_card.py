"""The figures of a project's page, axis by axis: quality, costs, schedule, risks, effort."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from consolidate.report import format as shown
from consolidate.report import html_project as rule
from consolidate.report.html_context import Context
from consolidate.report.html_figure import Figure, thousands
from consolidate.report.html_words import Record
from consolidate.report.page_milestone import is_done, is_late, slip
from consolidate.report.page_place import places
from consolidate.report.page_rows import NONE, Picked
from consolidate.report.view_portfolio import basis_figure

_CRITICAL = 15


@dataclass(frozen=True, slots=True)
class Item:
    """One figure with what it is."""

    label: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Card:
    """The figures of one axis.

    Attributes:
        name: ``quality``, ``cost``, ``schedule``, ``risk`` or ``effort``.
        label: Its title.
        status: What its project manager declares; None where nothing is declared.
        items: The figures that are known, and those that should be.
    """

    name: str
    label: str
    status: Figure | None
    items: tuple[Item, ...]

    @property
    def known(self) -> bool:
        """Whether any figure of the card is known."""
        return any(i.figure.text for i in self.items)


@dataclass(frozen=True, slots=True)
class Own:
    """One project and what belongs to it.

    Attributes:
        context: The portfolio and the page's proofs.
        record: Its row of ``projects``.
        picked: Its rows of the other tables.
    """

    context: Context
    record: Record
    picked: Mapping[str, Picked]

    def rows(self, table: str) -> Sequence[Record]:
        """Return all its rows of a table, as far as counting needs them."""
        return self.picked.get(table, NONE).every

    def label(self, field: str) -> str:
        """Return how reports call a field of a project."""
        return self.context.words.field("projects", field)

    def proof(self, field: str) -> int | None:
        """Return the proof of a field of the project."""
        return self.context.proof("projects", self.record, field)


def cards(own: Own) -> list[Card]:
    """Return the cards in the order quality, costs, schedule, risks, effort."""
    makers: Sequence[tuple[str, Callable[[Own], Iterable[Item]]]] = (
        ("quality", _quality),
        ("cost", _cost),
        ("schedule", _schedule),
        ("risk", _risk),
    )
    rated = [
        Card(
            name,
            own.context.words.tr(f"filter-status_{name}"),
            own.context.rag("projects", own.record, f"status_{name}"),
            tuple(make(own)),
        )
        for name, make in makers
    ]
    effort = Card(
        "effort", own.context.words.tr("page-effort"), None, tuple(_effort(own))
    )
    return [*rated, effort]


def _cost(own: Own) -> Iterable[Item]:
    context, project = own.context, own.record
    budget = rule.budget_field(project)
    fields = (budget, "committed", "spent", "forecast_cost")
    if all(project.get(f) is None for f in fields):
        return
    money = {f: context.money("projects", project, f) for f in fields}
    yield Item(context.words.tr("reference-budget"), money[budget])
    for field in ("committed", "spent"):
        yield Item(context.words.tr(field), money[field])
        yield from _if_known(
            context.words.tr(f"page-rate-{field}"), _rate(own, field, budget)
        )
    yield Item(context.words.tr("forecast_cost"), money["forecast_cost"])
    yield from _if_known(context.words.tr("page-gap"), _gap(own, budget))
    yield Item(context.words.tr("column-basis"), basis_figure(context, project))


def _if_known(label: str, figure: Figure) -> Iterator[Item]:
    """Yield a derived figure that could be computed: its inputs tell what is missing."""
    if figure.text:
        yield Item(label, figure)


def _rate(own: Own, field: str, budget: str) -> Figure:
    part, whole = own.record.get(field), own.record.get(budget)
    if (
        part is None
        or not whole
        or whole <= 0
        or rule.basis(own.record) == rule.BASIS_UNKNOWN
    ):
        return Figure()
    told = shown.percent(part / whole, own.context.lang)
    tone = "poor" if part > whole else ""
    return _derived(
        own, f"{own.label(field)} / {own.label(budget)}", (field, budget), told, tone
    )


def _gap(own: Own, budget: str) -> Figure:
    gap, share = rule.landing_gap(own.record), rule.gap_share(own.record)
    if gap is None:
        return Figure()
    told = ("+" if gap > 0 else "") + thousands(gap, own.context.lang)
    if share is not None:
        told += f" ({'+' if share > 0 else ''}{shown.percent(share, own.context.lang)})"
    tone = "" if share is None or share <= 0.05 else "poor" if share > 0.1 else "fair"
    formula = own.context.words.tr(
        "formula-gap", landing=own.label("forecast_cost"), budget=own.label(budget)
    )
    return _derived(own, formula, ("forecast_cost", budget), told, tone)


def _derived(
    own: Own, formula: str, fields: Sequence[str], told: str, tone: str = ""
) -> Figure:
    proof = own.context.proofs.derived(formula, [own.proof(f) for f in fields])
    return Figure(told, None, proof, tone)


def _schedule(own: Own) -> Iterable[Item]:
    context, project = own.context, own.record
    start = "start_actual" if project.get("start_actual") else "start_planned"
    end = rule.end_field(project)
    for field in (start, "end_baseline", end):
        figure = context.day("projects", project, field)
        if field == end and rule.is_overdue(project, context.as_of):
            figure = Figure(figure.text, figure.sort, figure.proof, "poor")
        yield Item(own.label(field), figure)
    yield from _if_known(
        context.words.tr("column-slip"), slip(context, "projects", project)
    )
    rows = own.rows("milestones")
    still = [
        r for r in rows if not is_done(r) and (r["end_forecast"] or r["end_baseline"])
    ]
    if still:
        late = [r for r in still if is_late(r, context.as_of)]
        yield Item(
            context.words.tr("late-milestones"),
            _among(own, late, still, "page-how-late", "poor"),
        )
    met = [r for r in rows if r["end_actual"] and r["end_baseline"]]
    if met:
        kept = [r for r in met if r["end_actual"] <= r["end_baseline"]]
        yield Item(
            context.words.tr("page-kept"), _among(own, kept, met, "page-how-kept")
        )


def _among(
    own: Own, part: Sequence[Record], whole: Sequence[Record], how: str, tone: str = ""
) -> Figure:
    """Return ``2 of 8``, its proof saying what was counted and where."""
    words, lang = own.context.words, own.context.lang
    told = words.tr(
        "known-among",
        known=shown.number(len(part), lang, 0),
        among=shown.number(len(whole), lang, 0),
    )
    formula = words.tr(how, places=places(whole))
    return Figure(
        told, None, own.context.proofs.derived(formula, ()), tone if part else ""
    )


def _risk(own: Own) -> Iterable[Item]:
    words = own.context.words
    open_ = [r for r in own.rows("risks") if r["state"] != "closed"]
    if not open_:
        return
    told = shown.number(len(open_), own.context.lang, 0)
    formula = words.tr("page-how-open", places=places(open_))
    yield Item(
        words.tr("page-open-risks"),
        Figure(told, None, own.context.proofs.derived(formula, ())),
    )
    rated = [r for r in open_ if r["criticality"] is not None]
    if rated:
        grave = [r for r in rated if r["criticality"] >= _CRITICAL]
        yield Item(
            words.tr("critical-risks"),
            _among(own, grave, rated, "page-how-critical", "poor"),
        )
        sum_ = shown.number(sum(r["criticality"] for r in rated), own.context.lang, 0)
        formula = words.tr("page-how-exposure", places=places(rated))
        yield Item(
            words.tr("page-exposure"),
            Figure(sum_, None, own.context.proofs.derived(formula, ())),
        )
    ready = [r for r in open_ if r["mitigation"] and r["owner"]]
    yield Item(words.tr("page-ready"), _among(own, ready, open_, "page-how-ready"))


def _quality(own: Own) -> Iterable[Item]:
    words = own.context.words
    expected = [
        r
        for r in own.rows("deliverables")
        if r["state"] not in ("not_applicable", None)
    ]
    if expected:
        ok = [r for r in expected if r["state"] == "validated"]
        yield Item(
            words.tr("page-validated"), _among(own, ok, expected, "page-how-validated")
        )
    applies = [
        r for r in own.rows("compliance") if r["state"] not in ("not_applicable", None)
    ]
    if applies:
        ok = [r for r in applies if r["state"] == "compliant"]
        yield Item(
            words.tr("page-compliant"), _among(own, ok, applies, "page-how-compliant")
        )
    issues = [
        r
        for r in own.rows("actions")
        if r["kind"] == "issue" and r["state"] not in ("closed", "cancelled")
    ]
    if issues:
        told = shown.number(len(issues), own.context.lang, 0)
        formula = words.tr("page-how-issues", places=places(issues))
        yield Item(
            words.tr("page-issues"),
            Figure(told, None, own.context.proofs.derived(formula, ())),
        )


def _effort(own: Own) -> Iterable[Item]:
    context, project = own.context, own.record
    fields = ("effort_planned", "effort_spent", "effort_remaining")
    if all(project.get(f) is None for f in fields):
        return
    for field in fields:
        yield Item(own.label(field), context.count("projects", project, field))
    planned, spent, left = (project.get(f) for f in fields)
    drift = Figure()
    if planned and planned > 0 and spent is not None and left is not None:
        share: Any = (spent + left) / planned - 1
        told = ("+" if share > 0 else "") + shown.percent(share, context.lang)
        formula = f"({own.label(fields[1])} + {own.label(fields[2])}) / {own.label(fields[0])} − 1"
        drift = _derived(own, formula, fields, told, "poor" if share > 0.1 else "")
    yield from _if_known(context.words.tr("page-drift"), drift)
