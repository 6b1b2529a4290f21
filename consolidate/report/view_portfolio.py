"""The portfolio table: one row a project, every figure with its proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from consolidate.report import format as shown
from consolidate.report import html_project as rule
from consolidate.report.html_context import FIRST, Cell, Context
from consolidate.report.html_figure import Figure, thousands
from consolidate.report.html_words import Record

STATUSES = (
    "status",
    "status_quality",
    "status_cost",
    "status_schedule",
    "status_risk",
)
MONEY = ("committed", "spent", "forecast_cost")
_FIELDS = (
    "project_code",
    "name",
    "project_manager",
    "establishment",
    "state",
    "phase",
    "progress",
    "start_planned",
    "start_actual",
    "end_baseline",
    "end_forecast",
    "end_actual",
    "budget_initial",
    "budget_revised",
    "amount_scope",
    *STATUSES,
    *MONEY,
)
_FILTERS = ("state", "phase", "establishment", "department", "domain", "programme")


@dataclass(frozen=True, slots=True)
class Bar:
    """A small bar: shares of its whole width, between 0 and 1."""

    fill: float
    second: float | None = None
    mark: float | None = None
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One project as the table shows it."""

    code: Figure
    name: Figure
    manager: Figure
    site: Figure
    state: Figure
    phase: Figure
    statuses: tuple[Figure, ...]
    progress: Figure
    progress_bar: Bar | None
    baseline: Figure
    end: Figure
    slip: Figure
    basis: Figure
    budget: Figure
    budget_bar: Bar | None
    money: tuple[Figure, ...]
    late: bool
    basis_key: str
    filters: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sum:
    """Amounts of one basis: how many projects, and each sum with its denominator."""

    key: str
    label: str
    projects: Figure
    sums: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter: its name, its label and what can be chosen."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]


def project_rows(context: Context, projects: Sequence[Record]) -> list[Row]:
    """Return the rows of the table, in the order of their codes."""
    context.load("projects", projects, _FIELDS)
    return [_row(context, p) for p in projects]


def _row(context: Context, project: Record) -> Row:
    field = rule.budget_field(project)
    return Row(
        code=context.text("projects", project, "project_code"),
        name=context.text("projects", project, "name"),
        manager=context.text("projects", project, "project_manager"),
        site=context.text("projects", project, "establishment"),
        state=context.text("projects", project, "state"),
        phase=context.text("projects", project, "phase"),
        statuses=tuple(context.rag("projects", project, s) for s in STATUSES),
        progress=context.share("projects", project, "progress"),
        progress_bar=_progress_bar(context, project),
        baseline=context.day("projects", project, "end_baseline"),
        end=_end(context, project),
        slip=_slip(context, project),
        basis=basis_figure(context, project),
        budget=context.money("projects", project, field),
        budget_bar=_budget_bar(project),
        money=tuple(_amount(context, project, m) for m in MONEY),
        late=rule.is_late(project, context.as_of),
        basis_key=rule.basis(project),
        filters=_filter_values(context, project),
    )


def _filter_values(context: Context, project: Record) -> dict[str, str]:
    values = {f: context.text("projects", project, f).text for f in _FILTERS}
    values["manager"] = str(project.get("project_manager") or "")
    for status in STATUSES:
        values[status] = str(project.get(status) or "")
    return values


def _progress_bar(context: Context, project: Record) -> Bar | None:
    done = project.get("progress")
    if done is None:
        return None
    elapsed = rule.elapsed_share(project, context.as_of)
    return Bar(min(max(float(done), 0.0), 1.0), mark=elapsed)


def _budget_bar(project: Record) -> Bar | None:
    """Return spent, committed and budget on one scale; None unless they compare."""
    budget = project.get(rule.budget_field(project))
    spent, committed = project.get("spent"), project.get("committed")
    if not budget or budget <= 0 or rule.basis(project) == rule.BASIS_UNKNOWN:
        return None
    if spent is None and committed is None:
        return None
    whole = max(budget, spent or 0, committed or 0)
    tone = "poor" if max(spent or 0, committed or 0) > budget else ""
    return Bar(
        max(spent or 0, 0) / whole,
        second=max(committed, 0) / whole if committed is not None else None,
        mark=budget / whole,
        tone=tone,
    )


def _end(context: Context, project: Record) -> Figure:
    field = rule.end_field(project)
    own = context.day("projects", project, field)
    note = context.words.tr("end-actual-note") if field == "end_actual" else ""
    late = rule.is_overdue(project, context.as_of)
    return Figure(own.text, own.sort, own.proof, "poor" if late else "", note)


def _slip(context: Context, project: Record) -> Figure:
    days = rule.slip_days(project)
    if days is None:
        return Figure()
    end = rule.end_field(project)
    inputs = (context.proof("projects", project, f) for f in (end, "end_baseline"))
    formula = context.words.tr(
        "formula-slip",
        end=context.words.field("projects", end),
        baseline=context.words.field("projects", "end_baseline"),
    )
    tone = rule.slip_tone(project, days)
    told = shown.days(days, context.lang)
    return Figure(told, days, context.proofs.derived(formula, inputs), tone)


def _amount(context: Context, project: Record, field: str) -> Figure:
    own = context.money("projects", project, field)
    if field != "forecast_cost" or not own.text:
        return own
    gap = rule.gap_share(project)
    tone = "" if gap is None or gap <= 0.05 else "poor" if gap > 0.1 else "fair"
    return Figure(own.text, own.sort, own.proof, tone)


def basis_label(context: Context, key: str) -> str:
    """Return what amounts of a basis are, in words."""
    if key == rule.BASIS_UNKNOWN:
        return context.words.tr("basis-unknown")
    kind, *rest = key.split()
    year = rest.pop(0) if kind == "year" else ""
    label = context.words.tr(f"basis-{kind}", year=year)
    return " · ".join([label, *(context.words.code("tax_basis", t) for t in rest)])


def basis_figure(context: Context, project: Record) -> Figure:
    """Return what a project's amounts are; nothing when it has no amount."""
    fields = ("budget_initial", "budget_revised", *MONEY)
    if all(project.get(f) is None for f in fields):
        return Figure()
    key = rule.basis(project)
    label = basis_label(context, key)
    proof = context.proof("projects", project, "amount_scope")
    tone = "none" if key == rule.BASIS_UNKNOWN else ""
    return Figure(label, None, proof, tone)


def sums(context: Context, projects: Sequence[Record]) -> list[Sum]:
    """Return the sums of each basis, whole-life first; unknown bases are not summed."""
    keys = sorted({rule.basis(p) for p in projects} - {rule.BASIS_UNKNOWN})
    return [_sum(context, key, projects) for key in keys]


def _sum(context: Context, key: str, projects: Sequence[Record]) -> Sum:
    own = [p for p in projects if rule.basis(p) == key]
    label = basis_label(context, key)
    proof = scope_proof(context, "projects", own, label)
    columns = [
        [(p, rule.budget_field(p)) for p in own],
        *([(p, field) for p in own] for field in MONEY),
    ]
    return Sum(
        key,
        label,
        Figure(shown.number(len(own), context.lang, 0), len(own), proof),
        tuple(total(context, "projects", c, len(projects)) for c in columns),
    )


def scope_proof(
    context: Context, table: str, rows: Sequence[Record], label: str
) -> int | None:
    """Return the proof of how many records are of one scope; ``label`` says which."""
    named = "name" if table == "projects" else "label"
    context.load(table, rows[:FIRST], ("amount_scope", named))
    scoped = context.proof(table, rows[0], "amount_scope") is not None
    field = "amount_scope" if scoped else named
    formula = context.words.tr("counts-basis", basis=label)
    return context.counted(formula, table, [(r, field) for r in rows])


def total(context: Context, table: str, cells: Sequence[Cell], among: int) -> Figure:
    """Return the sum of amounts, how many of how many are known, and its first cells."""
    given = [(row, field) for row, field in cells if row.get(field) is not None]
    if not given:
        return Figure()
    note = context.words.tr(
        "known-among",
        known=shown.number(len(given), context.lang, 0),
        among=shown.number(among, context.lang, 0),
    )
    fields = dict.fromkeys(field for _, field in given)
    context.load(table, [row for row, _ in given[:FIRST]], [*fields])
    names = [context.words.field(table, field) for field in fields]
    formula = context.words.tr("formula-sum", fields=" / ".join(names))
    amount = sum(row[field] for row, field in given)
    proof = context.counted(formula, table, given)
    return Figure(thousands(amount, context.lang), amount, proof, note=note)


def choices(context: Context, rows: Sequence[Row]) -> list[Choice]:
    """Return the filters that can tell rows apart."""
    found = []
    for name in (*_FILTERS, "manager"):
        values = sorted({r.filters[name] for r in rows}, key=str.casefold)
        if len(values) > 1:
            options = tuple((v, v or context.words.tr("missing")) for v in values)
            found.append(Choice(name, context.words.tr(f"filter-{name}"), options))
    for name in STATUSES:
        present = {r.filters[name] for r in rows}
        known = ("red", "amber", "green", "blue", "grey")
        ratings = [(c, context.words.tr(f"rag-{c}")) for c in known if c in present]
        ratings += [(c, c) for c in sorted(present - {*known, ""})]
        if "" in present:
            ratings.append(("", context.words.tr("missing")))
        if len(ratings) > 1:
            label = context.words.tr(f"filter-{name}")
            found.append(Choice(name, label, tuple(ratings)))
    return found
