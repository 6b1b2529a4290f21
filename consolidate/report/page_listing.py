"""The lists of a project's page: risks, actions, deliverables and the like."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from consolidate.report import html_project as rule
from consolidate.report.html_context import Context
from consolidate.report.html_figure import Figure
from consolidate.report.html_words import Record
from consolidate.report.page_rows import Pick, Picked, soonest
from consolidate.report.page_value import Cell, figure_of
from consolidate.report.view_portfolio import basis_label

_DONE = ("closed", "cancelled", "validated", "not_applicable", "completed")
_DUE = soonest("revised_due_date", "due_date")
_WHEN = soonest("due_date", "delivered_on", "validated_on")
_HELD = soonest("meeting_date")
_SENT = soonest("sent_on", "planned_on")
_TRAINED = soonest("start_date", "end_date")


def _risk(row: Record, _: date) -> tuple[Any, ...] | None:
    if row["state"] == "closed":
        return None
    return -(row["criticality"] or 0), _DUE(row)


def _action(row: Record, _: date) -> tuple[Any, ...] | None:
    if row["state"] in _DONE or row["closed_on"] is not None:
        return None
    return (_DUE(row),)


def _deliverable(row: Record, _: date) -> tuple[Any, ...] | None:
    return None if row["state"] == "cancelled" else (row["state"] in _DONE, _WHEN(row))


def _budget_line(row: Record, _: date) -> tuple[Any, ...]:
    amounts = (row[f] for f in ("budget_revised", "budget_initial", "committed"))
    return (-max((abs(a) for a in amounts if a is not None), default=0.0),)


def _requirement(row: Record, _: date) -> tuple[Any, ...]:
    order = ("non_compliant", "not_started", "partially_compliant", "in_progress")
    state = row["state"]
    rank = order.index(state) if state in order else len(order) + (state is not None)
    return rank, soonest("due_date")(row)


def _meeting(row: Record, as_of: date) -> tuple[Any, ...] | None:
    """The meetings to come, the nearest first, then those held, the latest first."""
    when = row["meeting_date"]
    if when is None or row["meeting_state"] == "cancelled":
        return None
    return (0, (when - as_of).days) if when >= as_of else (1, (as_of - when).days)


def _request(row: Record, _: date) -> tuple[Any, ...] | None:
    ended = ("rejected", "converted", "closed", "withdrawn", "accepted")
    return None if row["state"] in ended else (soonest("received_on")(row),)


def _service(row: Record, as_of: date) -> tuple[Any, ...] | None:
    """The latest months first."""
    month = row["month"]
    if month is not None and month > f"{as_of:%Y-%m}":
        return None
    year, _, order = (month or "0-0").partition("-")
    return -int(year), -int(order), row["name"] or ""


def _in_order(_: Record, __: date) -> tuple[Any, ...]:
    return ()


PICKS = {
    pick.table: pick
    for pick in (
        Pick(
            "risks",
            ("title", "description", "criticality", "probability", "impact", "mitigation", "owner", "due_date", "state"),
            ("state", "criticality", "due_date", "mitigation", "owner"),
            5,
            _risk,
        ),
        Pick(
            "actions",
            ("title", "description", "kind", "owner", "due_date", "revised_due_date", "priority", "state"),
            ("state", "closed_on", "due_date", "revised_due_date", "kind"),
            7,
            _action,
        ),
        Pick(
            "deliverables",
            ("name", "phase", "owner", "due_date", "delivered_on", "state"),
            ("state", "due_date", "delivered_on", "validated_on", "phase"),
            8,
            _deliverable,
        ),
        Pick(
            "budget_lines",
            ("label", "category", "nature", "budget_revised", "committed", "spent", "forecast_cost", "budget_initial", "amount_scope", "tax_basis", "year"),
            ("budget_revised", "budget_initial", "committed"),
            6,
            _budget_line,
        ),
        Pick(
            "compliance",
            ("framework", "requirement", "state", "due_date"),
            ("state", "due_date"),
            12,
            _requirement,
        ),
        Pick(
            "meetings",
            ("governance_body", "meeting_date", "meeting_state"),
            ("meeting_date", "meeting_state"),
            4,
            _meeting,
        ),
        Pick(
            "objectives",
            ("name", "indicator", "unit", "baseline", "target", "actual", "measured_on"),
            ("state",),
            6,
            _in_order,
        ),
        Pick(
            "trainings",
            ("title", "audience", "headcount_target", "headcount_trained", "trained_share", "start_date", "state"),
            ("start_date", "end_date"),
            5,
            lambda row, _: (_TRAINED(row),),
        ),
        Pick(
            "communications",
            ("audience", "message", "channel", "planned_on", "sent_on", "state"),
            ("planned_on", "sent_on"),
            5,
            lambda row, _: (_SENT(row),),
        ),
        Pick(
            "services",
            ("name", "application", "month", "availability_target", "availability_actual", "incidents", "incidents_major"),
            ("month", "name"),
            8,
            _service,
        ),
        Pick(
            "requests",
            ("title", "description", "code", "received_on", "priority", "state"),
            ("state", "received_on"),
            5,
            _request,
        ),
    )
}  # fmt: skip
# Of these fields the first that is known names the row; the others are not repeated.
_NAMED_BY = {
    "risks": ("title", "description"),
    "actions": ("title", "description"),
    "requests": ("title", "description", "code"),
    "budget_lines": ("label", "category"),
    "compliance": ("requirement", "framework"),
    "objectives": ("name", "indicator"),
    "communications": ("message", "audience"),
    "services": ("name", "application"),
}
_OVERDUE = {"actions": _DUE, "deliverables": _WHEN}
# Told with another value, or not at all.
_HIDDEN = (
    "description",
    "probability",
    "impact",
    "category",
    "budget_initial",
    "amount_scope",
    "tax_basis",
    "year",
)


@dataclass(frozen=True, slots=True)
class Listing:
    """One list of a page.

    Attributes:
        table: What it lists.
        heads: Its columns' kind and heading, the first naming the rows.
        rows: Cells in the order of the columns.
        more: How many others there are.
        note: What all its amounts are, when they are the same.
    """

    table: str
    heads: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Cell, ...], ...]
    more: int
    note: str = ""


def listing(context: Context, pick: Pick, picked: Picked) -> Listing | None:
    """Return a list without the columns that nothing fills; None for no row."""
    if not picked.listed:
        return None
    names = _NAMED_BY.get(pick.table, pick.fields[:1])
    rest = [f for f in pick.fields if f not in names and f not in _HIDDEN]
    extra = [f for f in names[1:] if f not in _HIDDEN]
    fields = [
        f
        for f in (*extra, *rest)
        if any(r.get(f) is not None or f == "budget_revised" for r in picked.listed)
    ]
    notes, note = _notes(context, pick.table, picked.listed)
    rows = tuple(
        (
            (
                "",
                dataclasses.replace(named(context, pick.table, row, names), note=told),
            ),
            *(_cell(context, pick.table, row, f, names) for f in fields),
        )
        for row, told in zip(picked.listed, notes, strict=True)
    )
    kept = [
        k
        for k in range(len(fields) + 1)
        if k == 0 or any(row[k][1].text for row in rows)
    ]
    heads = (
        context.words.field(pick.table, names[0]),
        *(
            context.words.tr("reference-budget")
            if f == "budget_revised"
            else context.words.field(pick.table, f)
            for f in fields
        ),
    )
    return Listing(
        pick.table,
        tuple((rows[0][k][0], heads[k]) for k in kept),
        tuple(tuple(row[k] for k in kept) for row in rows),
        picked.counted - len(picked.listed),
        note,
    )


def _notes(
    context: Context, table: str, rows: Sequence[Record]
) -> tuple[list[str], str]:
    """Return what stands under the name of each row, and what is told once for all."""
    if table != "budget_lines":
        return [""] * len(rows), ""
    kinds = [
        context.words.code("cost_category", row.get("category"))
        if row.get("label") is not None
        else ""
        for row in rows
    ]
    bases = [basis_label(context, rule.basis(row, "year")) for row in rows]
    if len(set(bases)) == 1:
        return kinds, context.words.tr("page-amounts", basis=bases[0])
    return [
        " · ".join(filter(None, pair)) for pair in zip(kinds, bases, strict=True)
    ], ""


def named(context: Context, table: str, row: Record, fields: Sequence[str]) -> Figure:
    """Return what names a row: the first of some fields that is known."""
    name = next((f for f in fields if row.get(f) is not None), fields[0])
    return context.text(table, row, name)


def _cell(
    context: Context, table: str, row: Record, field: str, names: Sequence[str]
) -> Cell:
    if field in names and not any(
        row.get(f) is not None for f in names[: names.index(field)]
    ):
        return "", Figure()  # it names the row already
    if field == "budget_revised":
        field = rule.budget_field(row)
    kind, figure = figure_of(context, table, row, field)
    if field == "criticality":
        figure = _product(figure, row)
    due = _OVERDUE.get(table)
    if (
        due
        and figure.sort is not None
        and row.get("state") not in (*_DONE, "delivered")
    ):
        when = due(row)
        if row.get(field) == when and when < context.as_of:
            figure = Figure(figure.text, figure.sort, figure.proof, "poor")
    return kind, figure


def _product(criticality: Figure, row: Record) -> Figure:
    """Return a criticality with the probability and the impact that make it."""
    ratings = (row.get("probability"), row.get("impact"))
    if not criticality.text or None in ratings:
        return criticality
    told = " × ".join(f"{r:g}" for r in ratings)
    return dataclasses.replace(criticality, note=told)
