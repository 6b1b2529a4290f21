"""What moved in the portfolio from one month to another, in the order it needs a look."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from consolidate.analyse.difference import differences

Tables = Mapping[str, pd.DataFrame]

MOVEMENT_COLUMNS = [
    "move",
    "project_code",
    "project",
    "object",
    "table",
    "record_id",
    "field",
    "before",
    "after",
    "amount",
    "unit",
]
MOVES = (
    "missing",
    "worse",
    "rebaselined",
    "slipped",
    "dearer",
    "dropped",
    "recosted",
    "appeared",
    "left",
    "ended",
    "better",
    "advanced",
    "cheaper",
    "unchanged",
)
"""Every kind of movement, what needs a look first."""

ENDED = ("completed", "cancelled", "archived")
_STATUSES = (
    "status",
    "status_quality",
    "status_cost",
    "status_schedule",
    "status_risk",
)
_RANK = {"blue": 0, "green": 1, "amber": 2, "red": 3}
_COSTS = ("forecast_cost", "budget_revised")
_TOLD_EACH_MONTH = (
    "progress",
    "highlights",
    "next_steps",
    "end_forecast",
    "forecast_cost",
)
_DECISIONS = ("decision", "re_baseline", "change_request")


def movements(before: Tables, after: Tables, period: str) -> pd.DataFrame:
    """Return what moved between two months.

    Only what both months tell is compared: a project without a return this month is
    ``missing``, last known as it was, and neither left nor a saving. Amounts whose scope
    or year is not told, or not the same, are ``recosted``, never dearer or cheaper.

    Args:
        before: Canonical tables of the earlier month, by name.
        after: The same tables of the later one.
        period: The later month, ``YYYY-MM``; a baseline that a decision of that month
            may explain is told as such by having no ``rebaselined``.

    Returns:
        Columns ``MOVEMENT_COLUMNS``, in the order of ``MOVES``, the greatest amount
        first: ``amount`` in ``unit`` ``days``, ``EUR`` or ``levels``, NaN where there is
        none; ``field`` is empty for a whole record.
    """
    changes = differences(before, after)
    fields = changes[changes["change"] == "changed"]
    parts = [
        _perimeter(before["projects"], after["projects"]),
        _dropped(changes, before, after),
        _statuses(fields),
        _dates(fields),
        _rebaselined(fields, after.get("actions"), period),
        _costs(fields, before["projects"], after["projects"]),
        _ended(fields),
        _unchanged(changes, before["projects"], after["projects"]),
    ]
    filled = [p.dropna(axis=1, how="all") for p in parts if len(p)]
    if not filled:
        return pd.DataFrame(columns=MOVEMENT_COLUMNS)
    joined = pd.concat(filled, ignore_index=True).reindex(columns=MOVEMENT_COLUMNS)
    known = joined.assign(field=joined["field"].astype("object").fillna(""))
    return _ordered(_named(known, before, after))


def _perimeter(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    new = after[~after["project_code"].isin(before["project_code"])]
    gone = before[~before["project_code"].isin(after["project_code"])]
    over = gone["state"].isin(ENDED)
    return pd.concat(
        [
            _whole(new, "appeared"),
            _whole(gone[over], "left"),
            _whole(gone[~over], "missing"),
        ]
    )


def _whole(rows: pd.DataFrame, move: str, table: str = "projects") -> pd.DataFrame:
    made = rows[["project_code", "record_id"]].assign(move=move, table=table)
    return made.astype("object")


def _dropped(changes: pd.DataFrame, before: Tables, after: Tables) -> pd.DataFrame:
    """Return open milestones that a project returned this month does not tell any more."""
    left = changes[(changes["table"] == "milestones") & (changes["change"] == "left")]
    milestones = before["milestones"]
    is_open = ~milestones["state"].isin(ENDED) & milestones["end_actual"].isna()
    open_ = set(milestones.loc[is_open, "record_id"])
    returned = left["project_code"].isin(after["projects"]["project_code"])
    return _whole(
        left[returned & left["record_id"].isin(open_)], "dropped", "milestones"
    )


def _statuses(fields: pd.DataFrame) -> pd.DataFrame:
    rows = fields[(fields["table"] == "projects") & fields["field"].isin(_STATUSES)]
    levels = rows["after"].map(_RANK) - rows["before"].map(_RANK)
    moved = rows.assign(amount=levels.abs(), unit="levels").loc[levels.notna()]
    known = levels[levels.notna()]
    return moved.assign(move=known.gt(0).map({True: "worse", False: "better"}))


def _dates(fields: pd.DataFrame) -> pd.DataFrame:
    """Return ends that moved: the forecast, or the only date a workbook gives."""
    rows = fields[
        fields["table"].isin(("projects", "milestones"))
        & (fields["field"] == "end_forecast")
    ]
    rows = rows[rows["before"].notna() & rows["after"].notna()]
    days = (pd.to_datetime(rows["after"]) - pd.to_datetime(rows["before"])).dt.days
    moved = rows.assign(amount=days.abs(), unit="days")
    return moved.assign(move=days.gt(0).map({True: "slipped", False: "advanced"}))


def _rebaselined(
    fields: pd.DataFrame, actions: pd.DataFrame | None, period: str
) -> pd.DataFrame:
    """Return baselines that changed without a decision of the month to say so."""
    rows = fields[
        fields["table"].isin(("projects", "milestones"))
        & fields["field"].isin(("end_baseline", "budget_initial"))
    ]
    rows = rows[rows["before"].notna() & rows["after"].notna()]
    rows = rows[~rows["project_code"].isin(_decided(actions, period))]
    is_date = rows["field"] == "end_baseline"
    dated = rows[is_date]
    days = (pd.to_datetime(dated["after"]) - pd.to_datetime(dated["before"])).dt.days
    return pd.concat(
        [
            dated.assign(move="rebaselined", amount=days.abs(), unit="days"),
            rows[~is_date].assign(
                move="rebaselined", amount=_gap(rows[~is_date]).abs(), unit="EUR"
            ),
        ]
    )


def _decided(actions: pd.DataFrame | None, period: str) -> set[str]:
    """Return the projects with a decision of the month."""
    if actions is None or actions.empty:
        return set()
    said = actions[actions["kind"].isin(_DECISIONS)]
    of_month = pd.Series(data=False, index=said.index)
    for name in ("raised_on", "meeting_date", "closed_on"):
        if name in said:
            of_month |= said[name].astype("str").str.startswith(period)
    return set(said.loc[of_month, "project_code"])


def _gap(rows: pd.DataFrame) -> pd.Series:
    return rows["after"].astype("float64") - rows["before"].astype("float64")


def _costs(
    fields: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame
) -> pd.DataFrame:
    rows = fields[(fields["table"] == "projects") & fields["field"].isin(_COSTS)]
    rows = rows[rows["before"].notna() & rows["after"].notna()]
    gap = _gap(rows)
    same = rows["record_id"].isin(_same_scope(before, after))
    move = gap.gt(0).map({True: "dearer", False: "cheaper"}).where(same, "recosted")
    return rows.assign(move=move, amount=gap.abs(), unit="EUR")


def _same_scope(before: pd.DataFrame, after: pd.DataFrame) -> set[str]:
    """Return projects whose amounts are of the same, told scope and year in both."""
    keys = ["record_id", "amount_scope", "amount_year"]
    found = [
        frame[keys].astype("object").where(frame[keys].notna(), "").astype("str")
        for frame in (before, after)
    ]
    both = found[0].merge(found[1], on=keys)
    return set(both.loc[~both["amount_scope"].isin(("", "unknown")), "record_id"])


def _ended(fields: pd.DataFrame) -> pd.DataFrame:
    rows = fields[(fields["table"] == "projects") & (fields["field"] == "state")]
    now = rows["after"].isin(ENDED) & ~rows["before"].isin(ENDED)
    return rows[now].assign(move="ended")


def _unchanged(
    changes: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame
) -> pd.DataFrame:
    """Return running projects that told again, and told nothing new in any table."""
    names = [n for n in _TOLD_EACH_MONTH if n in after]
    same = after["project_code"].isin(before["project_code"])
    same &= ~after["project_code"].isin(changes["project_code"])
    told = after[names].notna().any(axis=1)
    running = ~after["state"].isin((*ENDED, "on_hold"))
    return _whole(after[same & told & running], "unchanged")


def _named(moves: pd.DataFrame, before: Tables, after: Tables) -> pd.DataFrame:
    """Return the movements with the names of their projects and records."""
    projects = pd.concat([before["projects"], after["projects"]])
    names = projects.dropna(subset="name").drop_duplicates("project_code", keep="last")
    by_code = names.set_index("project_code")["name"]
    milestones = pd.concat([before["milestones"], after["milestones"]])
    of_record = milestones.drop_duplicates("record_id", keep="last")
    by_record = of_record.set_index("record_id")["name"]
    return moves.assign(
        project=moves["project_code"].map(by_code),
        object=moves["record_id"].map(by_record),
    )


def _ordered(moves: pd.DataFrame) -> pd.DataFrame:
    rank = moves["move"].map({move: k for k, move in enumerate(MOVES)})
    amount = moves["amount"].astype("float64")
    keyed = moves.assign(_rank=rank, _amount=-amount, amount=amount)
    keys = ["_rank", "unit", "_amount", "project_code", "record_id", "field"]
    found = keyed.sort_values(keys, kind="stable", na_position="last")
    return found.drop(columns=["_rank", "_amount"]).reset_index(drop=True)
