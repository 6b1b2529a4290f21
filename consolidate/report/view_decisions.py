"""Projects that ask for a decision or for help, in their managers' own words."""

from __future__ import annotations

from dataclasses import dataclass

from consolidate.report import html_project as rule
from consolidate.report.html_context import Context
from consolidate.report.html_figure import Figure
from consolidate.report.html_words import Record

_FIELDS = (
    "decisions",
    "assistance_requested",
    "attention_points",
    "next_committee_date",
    "status",
    "priority",
)


@dataclass(frozen=True, slots=True)
class Asking:
    """One project that asks for something."""

    code: str
    project: str
    status: Figure
    decision: Figure
    help: Figure
    attention: Figure
    committee: Figure


def asks(project: Record) -> bool:
    """Whether an open project asks for a decision or for help."""
    wanted = project.get("assistance_requested") is True or project.get("decisions")
    return bool(wanted) and rule.is_open(project)


def decisions(context: Context) -> tuple[Asking, ...]:
    """Return the projects that ask for something, by priority, then by code.

    MCO containers may ask too.
    """
    found = [p for p in context.everything if asks(p)]
    found.sort(key=lambda p: (str(p.get("priority") or "9"), str(p["project_code"])))
    context.load("projects", found, _FIELDS)
    return tuple(_asking(context, p) for p in found)


def _asking(context: Context, project: Record) -> Asking:
    code = str(project["project_code"])
    wants = project.get("assistance_requested") is True
    proof = context.proof("projects", project, "assistance_requested")
    told = context.words.tr("decision-help") if wants else ""
    return Asking(
        code=code,
        project=context.name_of(code),
        status=context.rag("projects", project, "status"),
        decision=context.text("projects", project, "decisions"),
        help=Figure(told, None, proof) if wants else Figure(),
        attention=context.text("projects", project, "attention_points"),
        committee=context.day("projects", project, "next_committee_date"),
    )
