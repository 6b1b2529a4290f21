"""Who goes live, is trained or is cut off, where and when; and what collides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import pandas as pd
from pandas.tseries.holiday import AbstractHolidayCalendar, EasterMonday, Holiday
from pandas.tseries.offsets import Day, Easter

from consolidate.analyse.columns import dated
from consolidate.analyse.places import is_live, places
from consolidate.model.text import fold

EVENTS = [
    *("kind", "start", "end", "month", "establishment", "domain", "project_code"),
    *("object", "basis", "precision", "workbook", "sheet", "row"),
]
COLLISIONS = ["rule", "month", "establishment", "domain", "first", "second", "grave"]
_OVER = ("completed", "cancelled")
_SETTLED = ("converged", "exempted", "not_applicable")

Tables = Mapping[str, pd.DataFrame]


class FrenchHolidays(AbstractHolidayCalendar):
    """The eleven public holidays of France, but for those of Alsace-Moselle."""

    rules = [  # noqa: RUF012 (the base class wants a list)
        Holiday("01-01", month=1, day=1),
        EasterMonday,
        Holiday("05-01", month=5, day=1),
        Holiday("05-08", month=5, day=8),
        Holiday("ascension", month=1, day=1, offset=[Easter(), Day(39)]),
        Holiday("whit-monday", month=1, day=1, offset=[Easter(), Day(50)]),
        Holiday("07-14", month=7, day=14),
        Holiday("08-15", month=8, day=15),
        Holiday("11-01", month=11, day=1),
        Holiday("11-11", month=11, day=11),
        Holiday("12-25", month=12, day=25),
    ]


def events(tables: Tables, words: Mapping[str, Iterable[str]]) -> pd.DataFrame:
    """Return the go-lives, trainings and outages that are told, one row a place.

    A milestone whose type is not told counts when its name holds a word of ``words``.

    Args:
        tables: Canonical tables of one month.
        words: What names a milestone of kind ``go_live`` or ``outage``.

    Returns:
        ``EVENTS``: ``kind`` (``go_live``, ``training``, ``outage``), ``start`` and
        ``end`` (datetime64), ``month`` (of the start), ``establishment`` (``""``
        unknown), ``domain`` (None unknown), ``basis`` (how it was found: ``date``,
        ``type`` or ``name``), ``precision`` (``day`` or ``month``), and where it was
        read. Projects and milestones that are over are left out; past events are not.
    """
    projects = tables["projects"]
    live = projects[is_live(projects)]
    where = places(projects)
    parts = [
        _go_lives(live, where),
        *_milestones(tables["milestones"], where, live, words),
        _switches(tables["convergence"]),
        _trainings(tables["trainings"], where),
        _outages(tables["services"], where),
    ]
    filled = [p for p in parts if len(p)]
    if not filled:
        return pd.DataFrame(columns=EVENTS)
    every = pd.concat(filled, ignore_index=True)
    every = every[every["start"].notna()]
    every["end"] = every["end"].fillna(every["start"])
    every["month"] = every["start"].dt.strftime("%Y-%m")
    # A go-live of the project and its milestone of that day are one.
    every["rank"] = every["basis"].map({"date": 0, "type": 1, "name": 2})
    every = every.sort_values(["start", "rank"], kind="stable")
    told = every["kind"].eq("go_live") & every["project_code"].notna()
    same = every.duplicated(["kind", "project_code", "establishment", "start"])
    kept = every[~(told & same)]
    order = ["start", "establishment", "kind", "project_code"]
    return kept.sort_values(order, kind="stable", ignore_index=True)[EVENTS]


def collisions(found: pd.DataFrame, windows: pd.DataFrame) -> pd.DataFrame:
    """Return what collides: two go-lives at once, a go-live in an outage or a holiday.

    Args:
        found: As ``events`` gives them.
        windows: ``name``, ``start``, ``end`` (datetime64), ``establishment`` (``""``
            for all): public holidays and periods in which nothing may change.

    Returns:
        ``COLLISIONS``: ``rule`` (``same-month``: two projects go live in one month,
        establishment and domain; ``outage``; ``window``), ``first`` and ``second``
        (positions in ``found``; of ``windows`` for the second of ``window``), ``grave``
        (whether days overlap, not months alone). Go-lives without an establishment are
        compared with windows of all alone; two go-lives need a domain to be compared.
    """
    numbered = found.assign(at=range(len(found)))
    live = numbered[numbered["kind"] == "go_live"]
    parts = [_twice(live), _cut(live, numbered), _closed(live, windows)]
    filled = [p for p in parts if len(p)]
    if not filled:
        return pd.DataFrame(columns=COLLISIONS)
    every = pd.concat(filled, ignore_index=True)
    return every.sort_values(["month", "establishment", "rule"], kind="stable", ignore_index=True)[COLLISIONS]  # fmt: skip


def public_holidays(first: date, last: date) -> pd.DataFrame:
    """Return the public holidays between two days, as ``collisions`` takes windows."""
    days = FrenchHolidays().holidays(first, last, return_name=True)
    start = pd.Series(days.index).astype("datetime64[s]")
    return pd.DataFrame({"name": days.to_numpy(), "start": start, "end": start, "establishment": ""})  # fmt: skip


def _twice(live: pd.DataFrame) -> pd.DataFrame:
    known = live[live["domain"].notna() & live["establishment"].ne("")]
    by = ["month", "establishment", "domain"]
    pairs = known.merge(known, on=by, suffixes=("", "_b"))
    apart = pairs["project_code"].fillna("") != pairs["project_code_b"].fillna("")
    pairs = pairs[(pairs["at"] < pairs["at_b"]) & apart]
    return _pairs(pairs, "same-month", "at_b", pairs["start"] == pairs["start_b"])


def _cut(live: pd.DataFrame, every: pd.DataFrame) -> pd.DataFrame:
    outages = every[(every["kind"] == "outage") & every["establishment"].ne("")]
    pairs = live.merge(outages, on="establishment", suffixes=("", "_b"))
    inside = (pairs["start"] <= pairs["end_b"]) & (pairs["end"] >= pairs["start_b"])
    month_only = pairs["precision_b"] == "month"
    near = pairs["month"] == pairs["month_b"]
    pairs = pairs[inside.where(~month_only, near)]
    return _pairs(pairs, "outage", "at_b", pairs["precision_b"] == "day")


def _closed(live: pd.DataFrame, windows: pd.DataFrame) -> pd.DataFrame:
    own = windows.assign(at_b=range(len(windows)))
    pairs = live.merge(own, how="cross", suffixes=("", "_b"))
    inside = (pairs["start"] <= pairs["end_b"]) & (pairs["start"] >= pairs["start_b"])
    here = pairs["establishment_b"].isin([""]) | pairs["establishment_b"].eq(pairs["establishment"])  # fmt: skip
    pairs = pairs[inside & here]
    return _pairs(pairs, "window", "at_b", pd.Series(data=True, index=pairs.index))


def _pairs(pairs: pd.DataFrame, rule: str, other: str, grave: pd.Series) -> pd.DataFrame:  # fmt: skip
    return pd.DataFrame(
        {
            "rule": rule,
            "month": pairs["month"],
            "establishment": pairs["establishment"],
            "domain": pairs["domain"],
            "first": pairs["at"].astype("int64"),
            "second": pairs[other].astype("int64"),
            "grave": grave.astype("bool"),
        }
    )


def _event(rows: pd.DataFrame, kind: str, start: pd.Series, **told: object) -> pd.DataFrame:  # fmt: skip
    given = {
        "kind": kind,
        "start": start,
        "end": start,
        "establishment": rows["establishment"].fillna(""),
        "domain": rows.get("domain", None),
        "project_code": rows["project_code"],
        "object": None,
        "basis": "date",
        "precision": "day",
        **{name: rows[name] for name in ("workbook", "sheet", "row")},
        **told,
    }
    return pd.DataFrame(given)


def _day(rows: pd.DataFrame, *fields: str) -> pd.Series:
    found = pd.Series(dated(rows[fields[0]]), rows.index)
    for field in fields[1:]:
        found = found.fillna(pd.Series(dated(rows[field]), rows.index))
    return found


def _placed(rows: pd.DataFrame, where: pd.DataFrame) -> pd.DataFrame:
    """Return rows once for each place of their project, their own place first."""
    both = rows.merge(where, on="project_code", how="left", suffixes=("_own", ""))
    if "establishment_own" not in both:
        return both
    told = both["establishment_own"].notna()
    both["establishment"] = both["establishment_own"].where(told, both["establishment"])
    return both.drop_duplicates(["record_id", "establishment"], ignore_index=True)


def _go_lives(live: pd.DataFrame, where: pd.DataFrame) -> pd.DataFrame:
    columns = ["record_id", "project_code", "go_live_date", "workbook", "sheet", "row"]
    rows = _placed(live.loc[live["go_live_date"].notna(), columns], where)
    return _event(rows, "go_live", _day(rows, "go_live_date"))


def _milestones(
    rows: pd.DataFrame,
    where: pd.DataFrame,
    live: pd.DataFrame,
    words: Mapping[str, Iterable[str]],
) -> list[pd.DataFrame]:
    open_ = ~rows["state"].isin(_OVER) & _day(rows, "end_actual").isna()
    rows = rows[open_ & rows["project_code"].isin(live["project_code"])]
    name = " " + rows["name"].fillna("").map(fold) + " "
    found = []
    for kind in ("go_live", "outage"):
        telling = "|".join(f" {fold(word)} " for word in words[kind])
        named = rows["milestone_type"].isna() & name.str.contains(telling, regex=True)
        typed = rows["milestone_type"].eq(kind)
        own = rows[typed | named].assign(basis=typed.map({True: "type", False: "name"}))
        both = _placed(own, where)
        due = _day(both, "end_forecast", "end_baseline")
        start = _day(both, "start_planned") if kind == "outage" else due
        told = {"object": both["name"], "basis": both["basis"], "end": due}
        found.append(_event(both, kind, start.fillna(due), **told))
    return found


def _switches(rows: pd.DataFrame) -> pd.DataFrame:
    open_ = rows[~rows["state"].isin(_SETTLED) & _day(rows, "end_actual").isna()]
    due = _day(open_, "end_forecast", "target_date")
    return _event(open_, "go_live", due, object=open_["target_solution"])


def _trainings(rows: pd.DataFrame, where: pd.DataFrame) -> pd.DataFrame:
    both = _placed(rows[rows["state"].ne("cancelled")], where)
    told = {"object": both["title"], "end": _day(both, "end_date")}
    return _event(both, "training", _day(both, "start_date"), **told)


def _outages(rows: pd.DataFrame, where: pd.DataFrame) -> pd.DataFrame:
    planned = rows[rows["downtime_planned_h"].gt(0) & rows["month"].notna()]
    both = _placed(planned.drop(columns="domain").assign(domain_own=planned["domain"]), where)  # fmt: skip
    if "domain_own" in both:
        both["domain"] = both["domain_own"].fillna(both["domain"])
    first = pd.Series(dated(both["month"] + "-01"), both.index)
    named = both["name"].fillna(both["application"]).fillna(both["service_code"])
    last = first + pd.offsets.MonthEnd(0)
    return _event(both, "outage", first, end=last, object=named, precision="month")
