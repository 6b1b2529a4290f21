"""Budgets: sums that never mix scopes, and landings against budgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from consolidate.report import format as shown
from consolidate.report import html_project as rule
from consolidate.report.html_context import Context
from consolidate.report.html_figure import Figure, thousands
from consolidate.report.html_words import Record, records
from consolidate.report.view_portfolio import (
    MONEY,
    Bar,
    Sum,
    basis_label,
    scope_proof,
    sums,
    total,
)

MOST = 10
LARGEST = 10
MOST_UNTOLD = 60
_LINES = ("budget", "committed", "invoiced", "paid", "spent")
_COLUMNS = (
    *(
        "record_id",
        "label",
        "amount_scope",
        "year",
        "tax_basis",
        "nature",
        "budget_initial",
        "budget_revised",
    ),
    *_LINES[1:],
)


@dataclass(frozen=True, slots=True)
class Overrun:
    """A project whose landing is above its reference budget."""

    code: str
    project: str
    basis: str
    budget: Figure
    landing: Figure
    gap: Figure
    share: Figure


@dataclass(frozen=True, slots=True)
class Untold:
    """A project whose amounts do not say what they cover, read together in their row."""

    code: str
    project: str
    budget: Figure
    money: tuple[Figure, ...]
    share: Figure
    bar: Bar | None


@dataclass(frozen=True, slots=True)
class Large:
    """A large project's amounts, for the chart."""

    code: str
    name: str
    budget: float
    committed: float | None
    spent: float | None
    landing: float | None
    told: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class LineSum:
    """Budget lines of one basis and nature."""

    basis: str
    nature: str
    lines: Figure
    sums: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Rate:
    """A ratio of two sums over the projects that give both."""

    label: str
    share: Figure
    among: int


@dataclass(frozen=True, slots=True)
class Budgets:
    """The money of the portfolio.

    Attributes:
        sums: By basis.
        projects: How many projects and MCO containers there are.
        untold: Those whose amounts do not say what they cover, the fullest first.
        unknown: How many do not say whether they are of a year or in all.
        without: Those without any amount.
        rates: Commitment and spending rates of comparable projects.
        overruns: Worst first.
        compared: Projects whose landing and budget compare.
        largest: The largest projects of one basis, and that basis.
        lines: Sums of budget lines.
        lines_unknown: Budget lines that are not summed.
    """

    sums: tuple[Sum, ...]
    projects: int
    untold: tuple[Untold, ...]
    unknown: int
    without: int
    rates: tuple[Rate, ...]
    overruns: tuple[Overrun, ...]
    compared: int
    largest: tuple[Large, ...]
    largest_basis: str
    lines: tuple[LineSum, ...]
    lines_unknown: int


def budgets(context: Context) -> Budgets:
    """Return the money of the portfolio, MCO containers included."""
    rows = context.everything
    fields = ("budget_initial", "budget_revised", *MONEY)
    given = [p for p in rows if any(p.get(f) is not None for f in fields)]
    context.load("projects", given, fields)
    compared = [p for p in given if rule.gap_share(p) is not None]
    lines, lines_unknown = _lines(context)
    largest, largest_basis = _largest(context, given)
    return Budgets(
        sums=tuple(sums(context, rows)),
        projects=len(rows),
        untold=tuple(_untold(context, p) for p in _fullest(given)),
        unknown=sum(rule.basis(p) == rule.BASIS_UNKNOWN for p in given),
        without=len(rows) - len(given),
        rates=tuple(_rates(context, given)),
        overruns=tuple(_overruns(context, compared)),
        compared=len(compared),
        largest=largest,
        largest_basis=largest_basis,
        lines=lines,
        lines_unknown=lines_unknown,
    )


def _fullest(given: Sequence[Record]) -> list[Record]:
    """Return projects of untold scope with a budget, the most of it used first."""
    own = [
        p
        for p in given
        if rule.basis(p) == rule.BASIS_UNKNOWN
        and (p.get(rule.budget_field(p)) or 0) > 0
    ]
    return sorted(own, key=lambda p: (-_used(p), str(p["project_code"])))[:MOST_UNTOLD]


def _used(project: Record) -> float:
    """Return the greatest amount of a row as a share of its budget."""
    known = [project[f] for f in MONEY if project.get(f) is not None]
    return float(max(known, default=0) / project[rule.budget_field(project)])


def _untold(context: Context, project: Record) -> Untold:
    field, share = rule.budget_field(project), _used(project)
    known = [f for f in MONEY if project.get(f) is not None]
    greatest = max(known, key=lambda f: float(project[f]), default=None)
    figure, bar = Figure(), None
    if greatest is not None:
        names = {"amount": greatest, "budget": field}
        told = {k: context.words.field("projects", f) for k, f in names.items()}
        proofs = [context.proof("projects", project, f) for f in names.values()]
        formula = context.words.tr("formula-untold", **told)
        proof = context.proofs.derived(formula, proofs)
        tone = "fair" if share > 1 else ""
        text = shown.percent(share, context.lang)
        figure = Figure(text, round(share, 4), proof, tone)
        bar = Bar(min(share, 1), tone=tone)
    code = str(project["project_code"])
    return Untold(
        code,
        context.name_of(code),
        context.money("projects", project, field),
        tuple(context.money("projects", project, f) for f in MONEY),
        figure,
        bar,
    )


def _rates(context: Context, rows: Sequence[Record]) -> list[Rate]:
    keys = sorted({rule.basis(p) for p in rows} - {rule.BASIS_UNKNOWN})
    every = (
        _rate(context, key, field, [p for p in rows if rule.basis(p) == key])
        for key in keys
        for field in ("committed", "spent")
    )
    return [rate for rate in every if rate is not None]


def _rate(
    context: Context, key: str, field: str, rows: Sequence[Record]
) -> Rate | None:
    pairs = [
        (p, rule.budget_field(p))
        for p in rows
        if p.get(field) is not None and (p.get(rule.budget_field(p)) or 0) > 0
    ]
    if not pairs:
        return None
    used = total(context, "projects", [(p, field) for p, _ in pairs], len(pairs))
    whole = total(context, "projects", pairs, len(pairs))
    share = sum(p[field] for p, _ in pairs) / sum(p[budget] for p, budget in pairs)
    formula = context.words.tr("formula-rate")
    proof = context.proofs.derived(formula, (used.proof, whole.proof))
    figure = Figure(shown.percent(share, context.lang), round(share, 6), proof)
    label = context.words.tr(f"rate-{field}", basis=basis_label(context, key))
    return Rate(label, figure, len(pairs))


def _overruns(context: Context, rows: Sequence[Record]) -> list[Overrun]:
    over = [p for p in rows if (rule.gap_share(p) or 0) > 0]
    over.sort(key=lambda p: (-(rule.landing_gap(p) or 0), str(p["project_code"])))
    return [_overrun(context, p) for p in over[:MOST]]


def _overrun(context: Context, project: Record) -> Overrun:
    field = rule.budget_field(project)
    gap, share = rule.landing_gap(project), rule.gap_share(project)
    assert gap is not None
    assert share is not None
    proof = context.proofs.derived(
        context.words.tr(
            "formula-gap",
            landing=context.words.field("projects", "forecast_cost"),
            budget=context.words.field("projects", field),
        ),
        [context.proof("projects", project, f) for f in ("forecast_cost", field)],
    )
    tone = "poor" if share > 0.1 else "fair" if share > 0.05 else ""
    code = str(project["project_code"])
    return Overrun(
        code=code,
        project=context.name_of(code),
        basis=basis_label(context, rule.basis(project)),
        budget=context.money("projects", project, field),
        landing=context.money("projects", project, "forecast_cost"),
        gap=Figure(thousands(gap, context.lang), gap, proof),
        share=Figure(shown.percent(share, context.lang), share, proof, tone),
    )


def _largest(context: Context, rows: Sequence[Record]) -> tuple[tuple[Large, ...], str]:
    """Return the largest projects of the basis that most projects have."""
    able = [
        p
        for p in rows
        if rule.basis(p) != rule.BASIS_UNKNOWN and p.get(rule.budget_field(p))
    ]
    if not able:
        return (), ""
    keys = [rule.basis(p) for p in able]
    key = max(sorted(set(keys)), key=keys.count)
    own = [p for p in able if rule.basis(p) == key]
    own.sort(key=lambda p: (-p[rule.budget_field(p)], str(p["project_code"])))
    return tuple(_large(context, p) for p in own[:LARGEST]), basis_label(context, key)


def _large(context: Context, project: Record) -> Large:
    field = rule.budget_field(project)
    code = str(project["project_code"])
    fields = (field, *MONEY)
    return Large(
        code=code,
        name=context.name_of(code),
        budget=float(project[field]),
        committed=project.get("committed"),
        spent=project.get("spent"),
        landing=project.get("forecast_cost"),
        told=tuple(context.money("projects", project, f) for f in fields),
    )


def _lines(context: Context) -> tuple[tuple[LineSum, ...], int]:
    rows = records(context.portfolio.tables["budget_lines"], _COLUMNS)
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    unknown = 0
    for row in rows:
        key = rule.basis(row, "year")
        if key == rule.BASIS_UNKNOWN:
            unknown += 1
        else:
            groups.setdefault((key, str(row.get("nature") or "")), []).append(row)
    return tuple(_line_sum(context, *k, groups[k]) for k in sorted(groups)), unknown


def _line_sum(
    context: Context, key: str, nature: str, rows: Sequence[Record]
) -> LineSum:
    label = context.words.code("budget_section", nature) if nature else ""
    told = tuple(
        total(
            context,
            "budget_lines",
            [(r, rule.budget_field(r) if column == "budget" else column) for r in rows],
            len(rows),
        )
        for column in _LINES
    )
    basis = basis_label(context, key)
    if not key.endswith("_vat"):
        basis = f"{basis} · {context.words.tr('basis-tax-unknown')}"
    proof = scope_proof(context, "budget_lines", rows, basis)
    lines = Figure(shown.number(len(rows), context.lang, 0), len(rows), proof)
    return LineSum(basis, label, lines, told)
