"""What was promised for a month, as the last closed month published it, and what came of it.

A commitment is a milestone, an action, a decision or the delivery of an order due in the
month, or the target of a service. The promise is the closed month's, never today's: a date moved since keeps nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from consolidate.analyse.columns import dated
from consolidate.analyse.history import NAMES

Tables = Mapping[str, pd.DataFrame]

DUE_COLUMNS = [
    *("kind", "table", "record_id", "project_code", "project", "object", "owner"),
    *("field", "due", "target"),
]
COMMITMENT_COLUMNS = [
    *DUE_COLUMNS,
    *("outcome", "done_on", "now_due", "days_late", "actual"),
    *("after_record", "after_field"),
]
OUTCOMES = (
    "late",
    "missed",
    "dropped",
    "undated",
    "no_news",
    "pending",
    "kept",
)
"""What came of a commitment, what needs a look first: done late or still open; a service
below its target; no longer told, or cancelled; done on a day nobody gave; without a return
of its project; not due yet at the cut-off; kept."""
JUDGED = ("kept", "late", "missed", "dropped")
"""Outcomes that are known: the denominator of the kept rate."""
KINDS = ("milestone", "decision", "action", "order", "service")

_DECISIONS = frozenset({"decision", "change_request", "re_baseline", "open_question"})
_NO_PROMISE = frozenset({"information", "assumption", "dependency"})
_OVER = ("completed", "cancelled", "archived")
_DONE = ("completed", "closed")


class _Dated(NamedTuple):
    """How a table tells that something is due, and that it is done.

    Attributes:
        kind: Of its commitments; of actions, that of those that are no decision.
        due: Fields that hold the day, the latest word first.
        done: Field of the day it was done.
        owner: Field of who answers for it.
    """

    kind: str
    due: tuple[str, str]
    done: str
    owner: str


_DATED = {
    "milestones": _Dated("milestone", ("end_forecast", "end_baseline"), "end_actual", "owner"),
    "actions": _Dated("action", ("revised_due_date", "due_date"), "closed_on", "owner"),
    "budget_lines": _Dated("order", ("delivery_due", "delivery_due"), "delivered_on", "supplier"),
}  # fmt: skip


def due(tables: Tables, period: str) -> pd.DataFrame:
    """Return what a month's tables promise for a month.

    Args:
        tables: Canonical tables by name, as published.
        period: The month the promises fall due in, ``YYYY-MM``.

    Returns:
        Columns ``DUE_COLUMNS``: ``due`` datetime64 (the last day of the month for a
        service), ``field`` the one that says so, ``target`` the availability promised
        (a share; NaN but for services). Milestones and actions that are done, cancelled
        or of a project that is over are no promise.
    """
    parts = [_dated_promises(tables, name, period) for name in _DATED]
    parts.append(_service_promises(tables, period))
    filled = [part for part in parts if len(part)]
    if not filled:
        return _typed(pd.DataFrame(columns=DUE_COLUMNS))
    found = _typed(pd.concat(filled, ignore_index=True))
    names = tables["projects"].drop_duplicates("project_code")
    known = names.set_index("project_code")["name"]
    rank = found["kind"].map({kind: k for k, kind in enumerate(KINDS)})
    return (
        found.assign(project=found["project_code"].map(known), _rank=rank)
        .sort_values(["_rank", "due", "project_code", "object"], ignore_index=True)
        .drop(columns="_rank")[DUE_COLUMNS]
    )


def commitments(
    published: Tables, now: Tables, period: str, as_of: date
) -> pd.DataFrame:
    """Return what was promised for a month, and what this month's data say of it.

    Args:
        published: Tables of the last closed month before it, as published.
        now: Tables of the month.
        period: The month, ``YYYY-MM``.
        as_of: Its cut-off.

    Returns:
        Columns ``COMMITMENT_COLUMNS``, one row a commitment, in the order of
        ``OUTCOMES``: ``done_on`` and ``now_due`` (when it differs) datetime64,
        ``days_late`` to the day it was done (0 or less when kept), else to the cut-off; ``actual`` the
        availability measured; ``after_record`` and ``after_field`` tell the outcome,
        empty when nothing does.
    """
    promised = due(published, period)
    parts = [_outcomes(promised, now, name, as_of) for name in _DATED]
    services = promised[promised["table"] == "services"]
    parts.append(_service_outcomes(services, now, period))
    found = pd.concat(parts, ignore_index=True)
    rank = found["outcome"].map({name: k for k, name in enumerate(OUTCOMES)})
    ordered = found.assign(_rank=rank).sort_values(
        ["_rank", "days_late", "due", "project_code", "object"],
        ascending=[True, False, True, True, True],
        ignore_index=True,
    )
    return ordered[COMMITMENT_COLUMNS]


def kept_rate(found: pd.DataFrame) -> tuple[int, int]:
    """Return how many commitments were kept, and of how many the outcome is known."""
    known = found["outcome"].isin(JUDGED)
    return int((found["outcome"] == "kept").sum()), int(known.sum())


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    own = frame.reindex(columns=DUE_COLUMNS)
    return own.assign(due=dated(own["due"]), target=own["target"].astype("float64"))


def _dated_promises(tables: Tables, name: str, period: str) -> pd.DataFrame:
    how = _DATED[name]
    rows = tables[name]
    first, second = (_days(rows, f) for f in how.due)
    day = first.fillna(second)
    is_open = ~_done(rows, name) & ~_field(rows, "state").isin(("cancelled",))
    in_month = day.dt.strftime("%Y-%m").eq(period)
    kind: pd.Series | str = how.kind
    if name == "actions":
        in_month &= ~rows["kind"].isin(_NO_PROMISE)
        kind = rows["kind"].isin(_DECISIONS).map({True: "decision", False: how.kind})
    found = pd.DataFrame(
        {
            "kind": kind,
            "table": name,
            "record_id": rows["record_id"],
            "project_code": rows["project_code"],
            "object": _named(rows, name),
            "owner": _field(rows, how.owner),
            "field": first.notna().map({True: how.due[0], False: how.due[1]}),
            "due": day,
        }
    )
    over = rows["project_code"].isin(_projects(tables, _OVER))
    kept: pd.DataFrame = found[is_open & in_month & ~over]
    return kept.drop_duplicates("record_id")


def _field(rows: pd.DataFrame, name: str) -> pd.Series:
    """Return a column; nothing of a table, or of a month, that has none."""
    if name in rows:
        return rows[name]
    return pd.Series(None, index=rows.index, dtype="object")


def _days(rows: pd.DataFrame, name: str) -> pd.Series:
    return pd.Series(dated(_field(rows, name)), index=rows.index)


def _done(rows: pd.DataFrame, name: str) -> pd.Series:
    done = _field(rows, "state").isin(_DONE) | _field(rows, _DATED[name].done).notna()
    if name == "milestones":
        done |= rows["progress"].astype("float64").ge(1)
    return done


def _named(rows: pd.DataFrame, name: str) -> pd.Series:
    named = pd.Series(None, index=rows.index, dtype="object")
    for field in NAMES[name]:
        named = named.where(named.notna(), rows[field])
    return named


def _projects(tables: Tables, states: tuple[str, ...]) -> set[str]:
    projects = tables["projects"]
    return set(projects.loc[projects["state"].isin(states), "project_code"])


def _outcomes(
    promised: pd.DataFrame, now: Tables, name: str, as_of: date
) -> pd.DataFrame:
    """Return the outcome of the commitments of a table that tells days."""
    how = _DATED[name]
    own = promised[promised["table"] == name].reset_index(drop=True)
    rows = now[name].drop_duplicates("record_id").set_index("record_id")
    there = own["record_id"].isin(rows.index)
    rows = rows.reindex(own["record_id"]).reset_index()
    state, done_day = _field(rows, "state"), _field(rows, how.done)
    done_on = _days(rows, how.done)
    cut_off = pd.Timestamp(as_of)
    # A day after the cut-off is announced, not done.
    done_on = done_on.where(done_on <= cut_off)
    done = there & (done_on.notna() | (_done(rows, name) & done_day.isna()))
    first, second = (_days(rows, f) for f in how.due)
    over = own["project_code"].isin(_projects(now, ("cancelled",)))
    outcome = np.select(
        [
            ~own["project_code"].isin(_returned(now)),
            ~there | state.eq("cancelled") | (over & ~done),
            done & done_on.isna() & (own["due"] < cut_off),
            done & (done_on.isna() | (done_on <= own["due"])),
            ~done & (own["due"] > cut_off),
        ],
        ["no_news", "dropped", "undated", "kept", "pending"],
        "late",
    )
    is_late = outcome == "late"
    announced = first.fillna(second)
    moved = announced.where((announced != own["due"]) & ~done)
    gap = (done_on.fillna(cut_off) - own["due"]).dt.days
    gap = gap.where(is_late | done_on.notna())
    told = np.select(
        [~there, done_on.notna(), done | state.eq("cancelled")],
        ["", how.done, "state"],
        first.notna().map({True: how.due[0], False: how.due[1]}),
    )
    return own.assign(
        outcome=outcome,
        done_on=done_on,
        now_due=moved,
        days_late=gap.where(is_late | (outcome == "kept")).astype("float64"),
        actual=np.nan,
        after_record=own["record_id"].where(there, ""),
        after_field=told,
    )


def _returned(now: Tables) -> set[str]:
    """Return the projects that sent something this month.

    A project that a list of projects alone still names sent nothing of its own: what it
    promised is without news, it did not drop it.
    """
    told = [frame["project_code"] for name, frame in now.items() if name != "projects"]
    details = set(pd.concat(told).dropna()) if told else set()
    return details & set(now["projects"]["project_code"])


def _service_promises(tables: Tables, period: str) -> pd.DataFrame:
    """Return the last target told of each service, up to the month."""
    rows = tables["services"]
    rows = rows[rows["availability_target"].notna()]
    rows = rows[rows["month"].isna() | (rows["month"].fillna("") <= period)]
    rows = rows.assign(object=_named(rows, "services"))
    rows = rows[rows["object"].notna()]
    last = rows.sort_values("month", kind="stable", na_position="first")
    last = last.drop_duplicates(["project_code", "object"], keep="last")
    return last[["record_id", "project_code", "object"]].assign(
        kind="service",
        table="services",
        owner=last["service_owner"],
        field="availability_target",
        due=np.datetime64(pd.Period(period, "M").end_time.date(), "s"),
        target=last["availability_target"].astype("float64"),
    )


def _service_outcomes(promised: pd.DataFrame, now: Tables, period: str) -> pd.DataFrame:
    """Return whether each service held its target: as measured, else as stated."""
    keys = ["project_code", "object"]
    rows = now["services"].assign(object=_named(now["services"], "services"))
    rows = rows[rows["month"].isna() | rows["month"].eq(period)]
    told = ["record_id", "availability_actual", "commitment_met"]
    rows = rows[[*keys, *told]].drop_duplicates(keys, keep="last")
    found = promised.merge(
        rows, how="left", on=keys, suffixes=("", "_now"), validate="many_to_one"
    )
    actual = found["availability_actual"].astype("float64")
    stated = found["commitment_met"]
    outcome = np.select(
        [
            actual.notna() & (actual >= found["target"] - 1e-9),
            actual.notna(),
            stated.eq(True),
            stated.eq(False),
        ],
        ["kept", "missed", "kept", "missed"],
        "no_news",
    )
    by_figure = actual.notna().map(
        {True: "availability_actual", False: "commitment_met"}
    )
    return found.assign(
        outcome=outcome,
        done_on=np.datetime64("NaT", "s"),
        now_due=np.datetime64("NaT", "s"),
        days_late=np.nan,
        actual=actual,
        after_field=by_figure.where(outcome != "no_news", ""),
        after_record=found["record_id_now"].fillna(""),
    )
