"""What the rules say of a project, and the status that figures give it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from consolidate.report import format as shown
from consolidate.report.html_context import RAG_TONES, Context
from consolidate.report.html_figure import Figure
from consolidate.report.html_words import Record, records

MOST = 8
_MOST_INPUTS = 8
_TONES = {"critical": "error", "major": "error", "minor": "warning"}
# What an overall status comes from, as far as the project's own row holds it.
_COMPUTED_FROM = (
    "forecast_cost",
    "budget_revised",
    "budget_initial",
    "end_forecast",
    "end_baseline",
    "start_planned",
    "end_actual",
)


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert: how grave it is, in a word and a tone, of what, and what it says."""

    tone: str
    severity: str
    object: str
    figure: Figure
    known: str


def alerts_of(
    context: Context, most: int = MOST, codes: Collection[str] | None = None
) -> Mapping[str, Sequence[Record]]:
    """Return the alerts by project code, the gravest first.

    Args:
        context: The portfolio.
        most: How many of each project are shown; their proofs are made ready.
        codes: The projects shown; all when None.
    """
    found: dict[str, list[Record]] = {}
    wanted: dict[str, dict[str, set[str]]] = {}
    for row in records(context.portfolio.alerts):
        if row["project_code"] is None:
            continue
        own = found.setdefault(str(row["project_code"]), [])
        own.append(row)
        if len(own) > most or (codes is not None and row["project_code"] not in codes):
            continue
        for table, record, field in _inputs(row):
            wanted.setdefault(table, {}).setdefault(field, set()).add(record)
    for table, fields in wanted.items():
        every = sorted(set[str]().union(*fields.values()))
        context.proofs.sources.load(table, every, list(fields))
    return found


def alerts(context: Context, rows: Sequence[Record], most: int = MOST) -> list[Alert]:
    """Return the gravest alerts of a project as a page tells them."""
    return [_alert(context, row) for row in rows[:most]]


def _alert(context: Context, row: Record) -> Alert:
    severity = str(row["severity"])
    words = context.words
    formula = words.tr("page-how-alert", code=row["code"], rule=row["rule"])
    inputs = [context.proofs.of(*key) for key in _inputs(row)[:_MOST_INPUTS]]
    figure = Figure(str(row["message"]), None, context.proofs.derived(formula, inputs))
    until = row["acknowledged_until"]
    known = ""
    if until is not None:
        known = words.tr("page-known", day=shown.day(until, context.lang))
    label = words.known(f"alert-severity-{severity}", severity)
    object_ = "" if row["table"] == "projects" else str(row["object"] or "")
    return Alert(_TONES.get(severity, "info"), label, object_, figure, known)


def _inputs(row: Record) -> list[tuple[str, str, str]]:
    parts = (part.split(":") for part in str(row["inputs"] or "").split(";"))
    return [(p[0], p[1], p[2]) for p in parts if len(p) == 3]


def computed_of(context: Context) -> Mapping[str, str]:
    """Return the overall status that figures give each project, by code."""
    rows = records(context.portfolio.statuses, ("project_code", "overall"))
    return {str(r["project_code"]): str(r["overall"]) for r in rows if r["overall"]}


def computed(context: Context, record: Record, code: str | None) -> Figure | None:
    """Return the status that figures give; None for a project that has none."""
    if code not in RAG_TONES:
        return None
    words = context.words
    inputs = [context.proof("projects", record, f) for f in _COMPUTED_FROM]
    proof = context.proofs.derived(words.tr("page-how-computed"), inputs)
    letter = words.tr(f"rag-letter-{code}")
    return Figure(letter, None, proof, RAG_TONES[code], words.tr(f"rag-{code}"))
