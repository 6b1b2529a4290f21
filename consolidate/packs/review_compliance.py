"""Compliance: what is due within 90 days or past, and go-lives that are not ready."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.columns import dated
from consolidate.model.pack import Section, Table
from consolidate.packs.data import PackData, sources
from consolidate.packs.review_shape import column, columns, live_alerts, names

AHEAD = 90
_MET = ("compliant", "not_applicable")


def section(data: PackData) -> Section:
    """Return the requirements not met yet that are due, the most overdue first."""
    found = due_soon(data)
    past = int((found["left"] < 0).sum())
    table = Table(
        id="compliance",
        title=data.plural("review-compliance-table", len(found), ahead=AHEAD),
        columns=(
            column(data, "left", "gap", tone="tone"),
            *columns(
                data,
                due_date="date",
                project_code="code",
                project="text",
                framework="text",
                requirement="text",
                state="text",
                owner="text",
                cell="source",
            ),
        ),
        frame=found,
        note=data.plural("review-compliance-note", len(data.table("compliance"))),
        empty=data.tr("review-compliance-empty", ahead=AHEAD),
    )
    lead = data.plural("review-compliance-lead", past, total=len(found), ahead=AHEAD)
    blocks = (table, *_go_lives(data))
    return Section("compliance", data.tr("review-compliance"), blocks, lead)


def due_soon(data: PackData) -> pd.DataFrame:
    """Return the requirements that are not met and due within 90 days, or overdue."""
    rows = data.table("compliance")
    due = pd.Series(dated(rows["due_date"]), rows.index)
    left = (due - pd.Timestamp(data.portfolio.as_of)).dt.days
    own = rows.assign(left=left)[~rows["state"].isin(_MET) & (left <= AHEAD)]
    found = own.assign(
        project=own["project_code"].map(names(data)),
        framework=data.words("compliance_framework", own["framework"]),
        state=data.words("compliance_status", own["state"]).fillna(data.tr("review-untold")),
        tone=own["left"].lt(0).map({True: "poor", False: "fair"}),
        cell=sources(own),
    )  # fmt: skip
    return found.sort_values(["left", "project_code"], ignore_index=True)


def _go_lives(data: PackData) -> tuple[Table, ...]:
    alerts = live_alerts(data)
    own = alerts[alerts["rule"] == "go-live-not-compliant"]
    if own.empty:
        return ()
    shown = columns(
        data, severity="severity", project_code="code", project="text", message="text"
    )
    frame = own.assign(project=own["project_code"].map(names(data)))
    title = data.plural("review-go-lives", len(own))
    return (Table("go-lives", title, shown, frame),)
