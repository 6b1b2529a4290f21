"""What falls due in the months ahead, and what no one may move."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from consolidate.analyse.columns import dated, days
from consolidate.analyse.places import OVER, is_live

_DONE = {
    "milestones": ("completed", "cancelled"),
    "compliance": ("compliant", "not_applicable"),
    "convergence": ("converged", "exempted", "not_applicable"),
    "requests": ("accepted", "converted", "rejected", "withdrawn", "closed"),
}
_KEY_TYPES = ("gate", "contractual", "regulatory", "go_live", "acceptance", "closure")
COLUMNS = [
    *("due", "days_left", "horizon", "kind", "object", "project_code"),
    *("establishment", "regulatory", "is_key", "record_id"),
    *("workbook", "sheet", "row"),
]

Tables = Mapping[str, pd.DataFrame]


def deadlines(tables: Tables, as_of: date, months: tuple[int, int]) -> pd.DataFrame:
    """Return what is still to be met by the end of the longer horizon, nearest first.

    Args:
        tables: Canonical tables of one month.
        as_of: Cut-off.
        months: The shorter and the longer horizon, such as 3 and 12 months.

    Returns:
        ``COLUMNS``: ``due`` (datetime64), ``days_left`` (below 0 overdue), ``horizon``
        (0 overdue, else the months of the horizon it falls in), ``kind`` (``project``,
        ``legal``, ``go_live``, ``milestone``, ``compliance``, ``validity``,
        ``contract``, ``support``, ``convergence``, ``request``), ``object`` (None for
        a project's own), ``regulatory`` (the law or a funder set it), ``is_key``
        (regulatory, critical, or a step that others wait for), ``establishment`` (its own, else
        its project's), and where it was read.
    """
    live = tables["projects"][is_live(tables["projects"])]
    over = tables["projects"].loc[tables["projects"]["state"].isin(OVER), "project_code"]  # fmt: skip
    parts = [
        *_of_projects(live),
        _milestones(tables["milestones"]),
        *_compliance(tables["compliance"]),
        *_services(tables["services"]),
        _convergence(tables["convergence"]),
        _requests(tables["requests"]),
    ]
    filled = [part for part in parts if len(part)]
    if not filled:
        return pd.DataFrame(columns=COLUMNS)
    every = pd.concat(filled, ignore_index=True)
    every = every[every["due"].notna() & ~every["project_code"].isin(over)]
    every["establishment"] = every["establishment"].fillna(_places(tables, every))
    short, long = (pd.Timestamp(as_of) + pd.DateOffset(months=m) for m in months)
    every = every[every["due"] <= long]
    left = days(every["due"] - pd.Timestamp(as_of))
    horizon = pd.Series(months[1], every.index).mask(every["due"] <= short, months[0])
    told = every.assign(days_left=left, horizon=horizon.mask(left < 0, 0))
    order = ["due", "kind", "project_code", "object"]
    return told.sort_values(order, kind="stable", ignore_index=True)[COLUMNS]


def _places(tables: Tables, every: pd.DataFrame) -> pd.Series:
    """Return where the project of each row is, of several the list."""
    projects = tables["projects"].drop_duplicates("project_code")
    named = projects.set_index("project_code")
    listed = named["establishments"].fillna(named["establishment"])
    where = listed.astype("object").str.replace(";", ", ", regex=False)
    return where.reindex(every["project_code"]).set_axis(every.index)


def _part(
    rows: pd.DataFrame,
    due: pd.Series,
    kind: str,
    name: str = "",
    *,
    regulatory: pd.Series | bool = False,
    is_key: pd.Series | bool = True,
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "due": due,
            "kind": kind,
            "object": rows[name] if name else None,
            "project_code": rows["project_code"],
            "establishment": rows.get("establishment", None),
            "regulatory": regulatory,
            "is_key": is_key,
            "record_id": rows["record_id"],
            "workbook": rows["workbook"],
            "sheet": rows["sheet"],
            "row": rows["row"],
        }
    )


def _day(rows: pd.DataFrame, *fields: str) -> pd.Series:
    """Return the first of some dates that is told."""
    found = pd.Series(dated(rows[fields[0]]), rows.index)
    for field in fields[1:]:
        found = found.fillna(pd.Series(dated(rows[field]), rows.index))
    return found


def _of_projects(rows: pd.DataFrame) -> list[pd.DataFrame]:
    ended = _day(rows, "end_actual").notna()
    return [
        _part(rows, _day(rows, "legal_deadline").mask(ended), "legal", regulatory=True),
        _part(rows, _day(rows, "go_live_date").mask(ended), "go_live"),
        _part(rows, _day(rows, "end_forecast", "end_baseline").mask(ended), "project"),
    ]


def _milestones(rows: pd.DataFrame) -> pd.DataFrame:
    open_ = _day(rows, "end_actual").isna() & ~rows["state"].isin(_DONE["milestones"])
    rows = rows[open_ & ~rows["progress"].ge(1)]
    regulatory = rows["milestone_type"].eq("regulatory")
    key = regulatory | rows["milestone_type"].isin(_KEY_TYPES) | rows["is_critical"].eq(True)  # fmt: skip
    due = _day(rows, "end_forecast", "end_baseline")
    return _part(rows, due, "milestone", "name", regulatory=regulatory, is_key=key)


def _compliance(rows: pd.DataFrame) -> list[pd.DataFrame]:
    own = rows[~rows["applicable"].eq(False)]
    open_ = own[~own["state"].isin(_DONE["compliance"])]
    return [
        _part(open_, _day(open_, "due_date"), "compliance", "requirement", regulatory=True),
        _part(own, _day(own, "expiry_date"), "validity", "requirement", regulatory=True),
    ]  # fmt: skip


def _services(rows: pd.DataFrame) -> list[pd.DataFrame]:
    """Return contracts and supports that end, as the latest month of a service tells."""
    named = rows["name"].fillna(rows["application"]).fillna(rows["service_code"])
    own = rows.assign(called=named).sort_values("month", kind="stable")
    last = own.drop_duplicates(["project_code", "called"], keep="last")
    return [
        _part(last, _day(last, "contract_end_date"), "contract", "called"),
        _part(last, _day(last, "end_of_support_date"), "support", "called"),
    ]


def _convergence(rows: pd.DataFrame) -> pd.DataFrame:
    open_ = rows[~rows["state"].isin(_DONE["convergence"])]
    due = _day(open_, "end_forecast", "target_date").mask(_day(open_, "end_actual").notna())  # fmt: skip
    return _part(open_, due, "convergence", "domain")


def _requests(rows: pd.DataFrame) -> pd.DataFrame:
    open_ = rows[~rows["state"].isin(_DONE["requests"])]
    legal = open_["regulatory"].eq(True) | open_["request_type"].eq("regulatory")
    return _part(open_, _day(open_, "target_date"), "request", "title", regulatory=legal)  # fmt: skip
