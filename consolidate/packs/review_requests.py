"""Requests: what came in, how long it has waited, and what is to be decided."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.columns import dated
from consolidate.model.pack import Section, Table
from consolidate.packs.data import PackData, sources
from consolidate.packs.review_shape import column, columns

WAITING = ("received", "studied", "waiting_info", "to_arbitrate")
"""States of a request that waits for an answer."""


def section(data: PackData) -> Section:
    """Return the requests: by state, and those that wait, the oldest first."""
    rows = data.table("requests")
    found = waiting(data)
    states = _states(data, rows)
    table = Table(
        id="requests-waiting",
        title=data.plural("review-requests-waiting", len(found)),
        columns=columns(
            data,
            state="text",
            code="code",
            object="text",
            establishment="text",
            priority="text",
            received_on="date",
            age="count",
            estimated_cost="money",
            estimated_effort="days",
            cell="source",
        ),
        frame=found,
        note=data.tr("review-requests-note"),
        empty=data.tr("review-requests-empty"),
    )
    decide = int((found["code_of_state"] == "to_arbitrate").sum())
    lead = data.plural("review-requests-lead", decide, waiting=len(found))
    return Section("requests", data.tr("review-requests"), (states, table), lead)


def waiting(data: PackData) -> pd.DataFrame:
    """Return the requests without an answer: to be arbitrated first, then the oldest."""
    rows = data.table("requests")
    own = rows[rows["state"].isin(WAITING)]
    received = pd.Series(dated(own["received_on"]), own.index)
    age = (pd.Timestamp(data.portfolio.as_of) - received).dt.days
    found = own.assign(
        code_of_state=own["state"],
        state=data.words("request_state", own["state"]),
        object=own["title"],
        priority=data.words("priority", own["priority"]),
        age=age,
        cell=sources(own),
        _order=own["state"].ne("to_arbitrate"),
    )
    return found.sort_values(
        ["_order", "age"], ascending=[True, False], ignore_index=True
    )


def _states(data: PackData, rows: pd.DataFrame) -> Table:
    counts = rows["state"].fillna("").value_counts()
    codes = [c for c in data.schemas.vocabularies["request_state"].codes if c in counts]
    codes += [""] if "" in counts else []
    untold = data.tr("review-untold")
    frame = pd.DataFrame(
        {
            "state": [data.word("request_state", c) or untold for c in codes],
            "requests": [int(counts[c]) for c in codes],
        }
    )
    return Table(
        id="requests-states",
        title=data.tr("review-requests-states"),
        columns=(column(data, "state"), column(data, "requests", "count", total=True)),
        frame=frame,
        empty=data.tr("review-requests-none"),
    )
