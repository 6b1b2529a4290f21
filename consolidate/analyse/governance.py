"""Bodies: what was held, what is planned, what should have been."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from consolidate.analyse.columns import dated, days
from consolidate.analyse.places import is_live
from consolidate.analyse.rules import Rules

MINUTES_DAYS = 15
"""Days after which a meeting held should have its minutes (domain model §4.8)."""

_OF_PROJECTS = ("steering_committee", "project_committee")


def meetings_told(meetings: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return dated meetings with what became of them.

    Returns:
        The same with ``on`` (datetime64), ``status``: ``held``, ``planned`` (to come),
        ``overdue`` (past and still planned), ``postponed``, ``cancelled``, or
        ``untold`` (past, nobody says); and ``lacks_minutes`` (held for over
        ``MINUTES_DAYS`` days, none named).
    """
    rows = meetings[meetings["meeting_date"].notna()]
    on = pd.Series(dated(rows["meeting_date"]), rows.index)
    state, past = rows["meeting_state"], on < pd.Timestamp(as_of)
    status = np.select(
        [
            state.isin(["held", "postponed", "cancelled"]),
            ~past,
            past & state.eq("planned"),
        ],
        [state.astype("object"), "planned", "overdue"],
        "untold",
    )
    old = days(pd.Timestamp(as_of) - on) > MINUTES_DAYS
    lacks = state.eq("held") & old & rows["minutes_link"].isna()
    return rows.assign(
        on=on,
        status=pd.Series(status, rows.index, dtype="object"),
        lacks_minutes=lacks.astype("bool"),
    )


def bodies(told: pd.DataFrame) -> pd.DataFrame:
    """Return for each body how many meetings were held, are planned, are overdue.

    Args:
        told: As ``meetings_told`` gives them.

    Returns:
        ``governance_body`` (``""`` unknown), ``held``, ``planned``, ``overdue``,
        ``postponed``, ``cancelled``, ``untold``, ``lacks_minutes``, ``last`` (held) and
        ``next`` (planned), the latter two datetime64.
    """
    rows = told.assign(governance_body=told["governance_body"].fillna(""))
    by = rows["governance_body"]
    kinds = ("held", "planned", "overdue", "postponed", "cancelled", "untold")
    counts = pd.DataFrame({k: rows["status"].eq(k) for k in kinds}, index=rows.index)
    found = counts.astype("int64").groupby(by).sum()
    found["lacks_minutes"] = rows["lacks_minutes"].groupby(by).sum()
    found["last"] = rows["on"].where(rows["status"].eq("held")).groupby(by).max()
    found["next"] = rows["on"].where(rows["status"].eq("planned")).groupby(by).min()
    return found.reset_index()


def committees(
    projects: pd.DataFrame, told: pd.DataFrame, rules: Rules, as_of: date
) -> pd.DataFrame:
    """Return when each running project last met its committee, and meets it next.

    The later of the date its sheet gives and of the last meeting held counts.

    Args:
        projects: Canonical projects.
        told: Meetings, as ``meetings_told`` gives them.
        rules: Its rule ``committee-not-held`` holds the limits.
        as_of: Cut-off.

    Returns:
        ``project_code``, ``last`` and ``next`` (datetime64), ``age_days`` (since the
        last), ``limit`` (days, by priority), ``is_late`` (over the limit, of active
        projects), ``is_past`` (the next one announced is before the cut-off).
    """
    rows = projects[is_live(projects)]
    limits = rules.settings["committee-not-held"].limits
    own = told[told["governance_body"].isin(_OF_PROJECTS)]
    dates = {
        "last": _edge(own[own["status"] == "held"], "max"),
        "next": _edge(own[own["status"] == "planned"], "min"),
    }
    now = pd.Timestamp(as_of)
    sheet = {n: pd.Series(dated(rows[f"{n}_committee_date"]), rows.index) for n in dates}  # fmt: skip
    met = {n: d.reindex(rows["project_code"]).set_axis(rows.index) for n, d in dates.items()}  # fmt: skip
    past = sheet["last"].where(sheet["last"] <= now)
    last = pd.concat([past, met["last"]], axis=1).max(axis=1)
    next_ = met["next"].fillna(sheet["next"])
    age = days(now - last)
    high = rows["priority"].isin(["1", "2"])
    limit = high.map({True: limits["days_high_priority"], False: limits["days"]})
    return pd.DataFrame(
        {
            "project_code": rows["project_code"],
            "last": last,
            "next": next_,
            "age_days": age,
            "limit": limit,
            "is_late": rows["state"].eq("active") & (age > limit),
            "is_past": next_ < now,
        }
    ).reset_index(drop=True)


def _edge(rows: pd.DataFrame, which: str) -> pd.Series:
    return rows.groupby("project_code")["on"].agg(which)


def closures_told(projects: pd.DataFrame, closures: pd.DataFrame) -> pd.DataFrame:
    """Return the projects that are over, each with its closure review if it has one.

    Over: completed, or fully done, or in operation; containers of maintenance are not.

    Returns:
        ``project_code``, ``reviewed`` (whether there is one), ``closure_date``,
        ``closure_score`` (of 40), ``slip_days`` (actual end less baseline), ``cost_gap``
        (final cost over the initial budget, less 1: only where that budget is of the
        whole project), ``has_plan`` (a post-project plan), ``user_satisfaction``.

    Source:
        Domain model §4.17.
    """
    done = projects["state"].eq("completed") | projects["progress"].ge(1)
    done |= projects["phase"].eq("run")
    done &= ~projects["kind"].eq("mco") & ~projects["state"].isin(["cancelled"])
    reviewed = projects["project_code"].isin(closures["project_code"].dropna())
    rows = projects[done | reviewed]
    own = closures.drop_duplicates("project_code", keep="last")
    own = own.set_index("project_code").reindex(rows["project_code"])
    own = own.set_axis(rows.index)
    end = pd.Series(dated(rows["end_actual"]), rows.index)
    planned = pd.Series(dated(rows["end_baseline"]), rows.index)
    whole = rows["budget_initial"].where(rows["amount_scope"].eq("total"))
    cost = own["final_cost"].astype("float64")
    return pd.DataFrame(
        {
            "project_code": rows["project_code"],
            "reviewed": rows["project_code"].isin(closures["project_code"]),
            "closure_date": pd.Series(dated(own["closure_date"]), rows.index),
            "closure_score": own["closure_score"].astype("float64"),
            "slip_days": days(end - planned),
            "cost_gap": cost / whole.where(whole > 0) - 1,
            "has_plan": own["post_project_plan"].notna(),
            "user_satisfaction": own["user_satisfaction"].astype("float64"),
        }
    ).reset_index(drop=True)
