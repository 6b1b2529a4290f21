"""The status that figures give: by axis and overall, beside the one declared."""

from __future__ import annotations

import numpy as np
import pandas as pd

from consolidate.analyse.history import History
from consolidate.analyse.lifecycle import deliverable_share
from consolidate.analyse.rules import Rules
from consolidate.analyse.tolerance import cost_limits, drift
from consolidate.model.portfolio import STATUS_COLUMNS

AXES = ("cost", "schedule", "progress", "risk", "workload", "quality")
COUNTED = ("cost", "schedule", "risk", "quality")
"""Axes that the overall status is made of."""

COMPUTED_FROM = (
    *("forecast_cost", "reference_budget", "amount_scope"),
    *("end_forecast", "end_baseline", "start_planned", "start_actual"),
    *("legal_deadline", "go_live_date", "end_actual", "phase"),
)
"""Fields of a project that its cost and schedule, and so its status, come from."""

RANK = {"green": 0.0, "amber": 1.0, "red": 2.0}
_COLOURS = np.array(["green", "amber", "red", "grey"], dtype="object")


def statuses(history: History, rules: Rules) -> pd.DataFrame:
    """Return the status of every project in every month.

    Red is tested first, then green, else amber; what cannot be computed is grey, never
    green. Containers of maintenance (MCO) and projects that are over have none.

    Returns:
        ``STATUS_COLUMNS`` with ``month`` and ``record_id``: a colour per axis;
        ``declared`` as the workbook says; ``gap`` how many levels the declared status is
        better than the computed one (negative: worse; unknown when one is grey);
        ``why_grey`` the axes that could not be computed when the overall one is grey.
    """
    projects = history.table("projects")
    over = projects["project_state"].isin(["completed", "cancelled", "archived"])
    rows = projects[~over & (projects["kind"] != "mco")]
    ranks = pd.DataFrame(
        {
            "cost": _cost(rows, rules),
            "schedule": _schedule(rows, rules),
            "progress": _above(rows["planned"] - rows["progress"], rules, "progress"),
            "risk": _risk(rows, history, rules),
            "workload": _workload(rows, rules),
            "quality": _quality(rows, history, rules),
        },
        index=rows.index,
    )
    overall = _overall(ranks, _critical_risks(rows, history, rules), rules)
    found = rows[["month", "record_id", "project_code"]].assign(
        declared=rows["status"],
        overall=_colours(overall),
        **{axis: _colours(ranks[axis]) for axis in AXES},
    )
    found["gap"] = overall - rows["status"].map(RANK).astype("float64")
    found["why_grey"] = _why(ranks, overall)
    return found[["month", "record_id", *STATUS_COLUMNS]]


def _cost(rows: pd.DataFrame, rules: Rules) -> pd.Series:
    limits = cost_limits(rules, "budget-forecast-overrun", rows)
    gap = rows["forecast_cost"] / rows["reference_budget"] - 1
    known = gap.where(rows["amount_scope"].notna())
    return _ranked(known, limits["amber"], limits["red"])


def _schedule(rows: pd.DataFrame, rules: Rules) -> pd.Series:
    rank = drift(rules, rows)["rank"]
    missed = (rows["legal_deadline"] < rows["as_of"]) & rows["end_actual"].isna()
    held = rows["go_live_date"] <= rows["legal_deadline"]
    return rank.mask(missed & ~held, 2.0)


def _risk(rows: pd.DataFrame, history: History, rules: Rules) -> pd.Series:
    risks = open_risks(history)
    keys = [risks["month"], risks["project_code"]]
    top = _at(rows, risks["criticality"].groupby(keys, sort=False).max())
    unrated = risks["criticality"].isna()
    unknown = _at(rows, unrated.groupby(keys, sort=False).max())
    rank = _ranked(
        top,
        rules.status["risk_amber"],
        rules.status["risk_red"],
        inclusive=True,
    )
    return rank.mask((unknown == 1) & (rank < 2))


def _critical_risks(rows: pd.DataFrame, history: History, rules: Rules) -> pd.Series:
    risks = open_risks(history)
    grave = risks["criticality"] >= rules.status["risk_red"]
    count = grave.groupby([risks["month"], risks["project_code"]], sort=False).sum()
    return _at(rows, count).fillna(0)


def status_of(rows: pd.DataFrame, status: pd.DataFrame) -> pd.DataFrame:
    """Return the computed status of each row's project and month, unknown where none."""
    known = status.drop_duplicates(["month", "record_id"])
    found = known.set_index(["month", "record_id"])[["overall", "gap", "why_grey"]]
    keys = pd.MultiIndex.from_frame(rows[["month", "record_id"]])
    return found.reindex(keys).set_axis(rows.index)


def open_risks(history: History) -> pd.DataFrame:
    """Return the risks that are not closed, of all months."""
    risks = history.table("risks")
    return risks[(risks["state"] != "closed") & risks["closed_on"].isna()]


def _workload(rows: pd.DataFrame, rules: Rules) -> pd.Series:
    total = rows["effort_spent"] + rows["effort_remaining"]
    planned = rows["effort_planned"]
    return _above(total / planned.where(planned > 0) - 1, rules, "workload")


def _quality(rows: pd.DataFrame, history: History, rules: Rules) -> pd.Series:
    share = deliverable_share(rows, history, rules)
    return _ranked(-share, -rules.status["quality_green"], -rules.status["quality_red"])


def _above(value: pd.Series, rules: Rules, axis: str) -> pd.Series:
    return _ranked(value, rules.status[f"{axis}_amber"], rules.status[f"{axis}_red"])


def _ranked(
    value: pd.Series,
    amber: pd.Series | float,
    red: pd.Series | float,
    *,
    inclusive: bool = False,
) -> pd.Series:
    exact = value.round(9)
    rank = pd.Series(0.0, index=value.index)
    rank = rank.mask(exact >= amber if inclusive else exact > amber, 1.0)
    rank = rank.mask(exact >= red if inclusive else exact > red, 2.0)
    return rank.mask(value.isna())


def _overall(ranks: pd.DataFrame, critical: pd.Series, rules: Rules) -> pd.Series:
    """Worst of cost and schedule; risk and quality lower it to amber at most."""
    main = ranks[["cost", "schedule"]].max(axis=1)
    side = ranks[["risk", "quality"]].max(axis=1).clip(upper=1.0)
    side = side.mask(critical >= rules.status["critical_risks"], 2.0)
    known = ranks[list(COUNTED)].notna().sum(axis=1)
    enough = (known >= rules.status["axes"]) & main.notna()
    return pd.concat([main, side], axis=1).max(axis=1).where(enough)


def _why(ranks: pd.DataFrame, overall: pd.Series) -> pd.Series:
    told = pd.Series("", index=ranks.index, dtype="object")
    for axis in COUNTED:
        told = told.where(ranks[axis].notna(), told + f";{axis}")
    return told.str.lstrip(";").where(overall.isna(), "")


def _colours(rank: pd.Series) -> pd.Series:
    codes = rank.fillna(3).astype("int64").to_numpy()
    return pd.Series(_COLOURS[codes], index=rank.index, dtype="object")


def _at(rows: pd.DataFrame, by_project: pd.Series) -> pd.Series:
    """Return a value by month and project for each row; unknown where there is none."""
    keys = pd.MultiIndex.from_frame(rows[["month", "project_code"]])
    found = by_project.astype("float64").reindex(keys)
    return pd.Series(found.to_numpy(), index=rows.index)
