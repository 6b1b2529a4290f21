"""Assistance cases: which alerts open one, what is known of it now, and how fast it is seen to.

A case is of a project and a rule (of an object where no project is meant). It lives until
somebody closes it: an alert that is gone says so, it closes nothing.
"""

from __future__ import annotations

import pandas as pd

from consolidate.model.case import CASE_COLUMNS, OPENING_COLUMNS, CaseNews

REQUEST = "assistance-requested"
"""The rule of a manager's request."""


def openings(alerts: pd.DataFrame, projects: pd.DataFrame) -> pd.DataFrame:
    """Return the cases that a month's alerts and requests call for.

    Args:
        alerts: Columns ``ALERT_COLUMNS``; acknowledged ones call for none.
        projects: Those of the month.

    Returns:
        Columns ``OPENING_COLUMNS``, one row a case: ``key`` what it is known by,
        ``cause`` the alert's words, ``since`` the month its alert began.
    """
    critical = alerts[
        alerts["severity"].eq("critical") & alerts["acknowledged_until"].isna()
    ]
    told = critical.rename(columns={"message": "cause"})
    asked = projects[projects["assistance_requested"].eq(True)]
    over = asked["state"].isin(("completed", "cancelled", "archived"))
    muted = alerts.loc[
        alerts["rule"].eq(REQUEST) & alerts["acknowledged_until"].notna(),
        "project_code",
    ]
    own = asked[~over & ~asked["project_code"].isin(muted)]
    requests = pd.DataFrame(
        {
            "project_code": own["project_code"],
            "rule": REQUEST,
            "object": own["name"],
            "cause": own["attention_points"],
            "since": own["period"],
        }
    )
    every = pd.concat([told, requests], ignore_index=True)
    every = every.assign(key=case_key(every))
    return every.drop_duplicates("key", ignore_index=True)[OPENING_COLUMNS]


def case_key(rows: pd.DataFrame) -> pd.Series:
    """Return what a case is known by: its rule and project, else its rule and object."""
    whose = rows["project_code"].fillna(rows["object"]).fillna("").astype("str")
    return (rows["rule"].astype("str") + " " + whose).astype("object")


def case_news(alerts: pd.DataFrame, projects: pd.DataFrame) -> CaseNews:
    """Return what a month says of cases: those it calls for, and those still raised."""
    found = openings(alerts, projects)
    raised = {*found["key"], *case_key(alerts)}
    return CaseNews(
        found, frozenset(raised), frozenset(projects["project_code"].dropna())
    )


def with_news(
    cases: pd.DataFrame | None, alerts: pd.DataFrame, projects: pd.DataFrame
) -> pd.DataFrame:
    """Return the cases with what this month says of what opened them.

    Returns:
        Columns ``CASE_COLUMNS``, ``project`` (its name) and ``news``: ``there``, the
        alert is still raised; ``gone``, it is not; ``no_news``, the project sent
        nothing. The oldest first.
    """
    found = cases if cases is not None else pd.DataFrame(columns=CASE_COLUMNS)
    news_of = case_news(alerts, projects)
    known = projects.drop_duplicates("project_code").set_index("project_code")
    silent = found["project_code"].notna() & ~found["project_code"].isin(known.index)
    news = pd.Series("gone", index=found.index, dtype="object")
    news = news.mask(found["key"].isin(news_of.raised), "there").mask(silent, "no_news")
    named = found["project_code"].map(known["name"]).astype("object")
    told = found.assign(news=news, project=named.fillna(found["object"]))
    return told.sort_values(["opened_on", "id"], ignore_index=True)
