"""The year of each service: days, incidents, availability, cost, and what to decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from consolidate.analyse.history import History
from consolidate.model.text import fold

SERVICE_FIELDS = (
    *("name", "application", "service_code", "domain", "mco_team", "establishment"),
    *("service_criticality", "month", "support_hours", "users_count", "rto_h"),
    *("availability_target", "availability_actual", "incidents", "incidents_major"),
    *("restore_target_hours", "restore_compliance", "longest_outage_h"),
    *("end_of_support_date", "contract_end_date", "maintenance_cost", "hosting_cost"),
    *("effort_planned", "effort_spent"),
)
"""Fields the year of a service is worked out of."""

_SUMS = ("incidents", "incidents_major", "effort_planned", "effort_spent")
_WORST = ("availability_actual", "restore_compliance")
_LAST = (
    *(
        "code",
        "domain",
        "team",
        "establishment",
        "service_criticality",
        "support_hours",
    ),
    *("users_count", "rto_h", "availability_target", "restore_target_hours"),
    *("end_of_support_date", "contract_end_date", "maintenance_cost", "hosting_cost"),
)
_KEYS = ["project_code", "service"]
MONTH_DAYS = 365.25 / 12


def service_months(history: History) -> pd.DataFrame:
    """Return what is told of each service, month by month, as the latest report tells it.

    Returns:
        Columns ``project_code``, ``service`` (what it is called), ``month`` (the one meant),
        ``code``, ``application``, ``team``, then the fields of ``SERVICE_FIELDS``. Lines of one
        service and month: incidents and days add up, the worst availability and compliance
        count, the longest outage too.
    """
    rows = history.monthly("services")
    rows = rows[rows["object"].notna()]
    own = _containers(history, rows["project_code"])
    team = rows["mco_team"].where(rows["mco_team"].notna(), own)
    rows = rows.assign(service=rows["object"], code=rows["service_code"], team=team)
    groups = rows.groupby([*_KEYS, "month"], sort=True, dropna=False)
    told = {name: groups[name].last() for name in (*_LAST, "application")}
    told |= {name: groups[name].sum(min_count=1) for name in _SUMS}
    told |= {name: groups[name].min() for name in _WORST}
    told["longest_outage_h"] = groups["longest_outage_h"].max()
    return pd.DataFrame(told).reset_index()


def _containers(history: History, codes: pd.Series) -> pd.Series:
    """Return the name of each line's container: there is one a team."""
    projects = history.table("projects")
    known = projects[projects["kind"].eq("mco") & projects["project_code"].notna()]
    last = known.drop_duplicates("project_code", keep="last").set_index("project_code")
    return codes.map(last["name"]).astype("object")


def named_services(time: pd.DataFrame, months: pd.DataFrame) -> pd.Series:
    """Return which service each line of time is about; missing where it names none we know.

    A line names a service by its code, name or application; a name that two services bear is
    settled by the container the line stands in, else by nobody.

    Args:
        time: ``recorded.time_rows``.
        months: ``service_months``.

    Returns:
        Index of ``known_services`` by line (float64; missing where there is none).
    """
    services = known_services(months)
    by_name: dict[str, set[int]] = {}
    within: dict[tuple[Any, str], set[int]] = {}
    for number, row in enumerate(services.to_dict("records")):
        for text in {row["service"], row["code"], row["application"]}:
            if isinstance(text, str) and fold(text):
                by_name.setdefault(fold(text), set()).add(number)
                within.setdefault((row["project_code"], fold(text)), set()).add(number)
    pairs = time[["project_code", "service_code"]].drop_duplicates()
    found: dict[tuple[Any, Any], float] = {}
    for code, text in pairs.itertuples(index=False):
        name = fold(text) if isinstance(text, str) else ""
        hits = by_name.get(name, set())
        hits = hits if len(hits) < 2 else within.get((code, name), set())
        found[(code, text)] = float(next(iter(hits))) if len(hits) == 1 else np.nan
    keys = zip(time["project_code"], time["service_code"], strict=True)
    return pd.Series([found.get(k, np.nan) for k in keys], index=time.index, dtype="float64")  # fmt: skip


def known_services(months: pd.DataFrame) -> pd.DataFrame:
    """Return each service once, with its latest code and application."""
    groups = months.groupby(_KEYS, sort=True, dropna=False)
    return groups[["code", "application"]].last().reset_index()


def year_of(
    months: pd.DataFrame, time: pd.DataFrame, now: int, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Return the year to date of each service, and the same months of the year before.

    Args:
        months: ``service_months``.
        time: ``recorded.time_rows`` with ``number``, as ``named_services`` gives it.
        now: The month reported on.
        as_of: Its cut-off.

    Returns:
        One row a service told of in the year, columns ``project_code``, ``service``, what is
        known of it last, ``recorded`` (days of run that name it), ``days`` (those; else what
        its sheet says), ``days_told`` (by its sheet), ``days_before``, ``incidents``,
        ``incidents_major``, their ``_before``, ``availability`` (mean of the months told),
        ``availability_before``, ``months_told`` (availability and commitment known),
        ``months_missed``, ``worst_outage``, ``outage_over_rto``, ``restore_compliance``,
        ``days_growth``, ``days_per_incident``, ``support_months``, ``contract_months``,
        ``peers`` (services of the same domain in other establishments).
    """
    first = now // 12 * 12
    own = months[months["month"].between(first, now)]
    past = months[months["month"].between(first - 12, now - 12)]
    found = _told(own).join(_told(past)[["days_told", "incidents", "incidents_major", "availability"]].add_suffix("_before"))  # fmt: skip
    services = known_services(months).set_index(_KEYS)
    number = pd.Series(range(len(services)), index=services.index, dtype="float64")
    numbers = number.reindex(found.index)
    run = time[time["category"].eq("run") & time["number"].notna()]
    spent = {
        name: run[run["month"].between(start, end)].groupby("number")["spent"].sum(min_count=1)
        for name, (start, end) in {"recorded": (first, now), "recorded_before": (first - 12, now - 12)}.items()
    }  # fmt: skip
    found = found.assign(**{n: numbers.map(s) for n, s in spent.items()})
    found["days"] = found["recorded"].fillna(found["days_told"])
    # A year is compared with one of the same source: recorded with recorded.
    told_before = found["days_told_before"].where(found["recorded"].isna())
    found["days_before"] = found["recorded_before"].where(found["recorded"].notna(), told_before)  # fmt: skip
    return _derived(found.reset_index(), as_of)


def _told(rows: pd.DataFrame) -> pd.DataFrame:
    both = rows["availability_actual"].notna() & rows["availability_target"].notna()
    gap = (rows["availability_actual"] - rows["availability_target"]).round(9)
    parts = rows.assign(told=both, missed=(gap < 0) & both)
    groups = parts.sort_values("month", kind="stable").groupby(_KEYS, sort=True, dropna=False)  # fmt: skip
    found = groups[list(_LAST)].last()
    return found.assign(
        days_told=groups["effort_spent"].sum(min_count=1),
        planned=groups["effort_planned"].sum(min_count=1),
        incidents=groups["incidents"].sum(min_count=1),
        incidents_major=groups["incidents_major"].sum(min_count=1),
        availability=groups["availability_actual"].mean(),
        months_told=groups["told"].sum(),
        months_missed=groups["missed"].sum().where(groups["told"].sum() > 0),
        worst_outage=groups["longest_outage_h"].max(),
        restore_compliance=groups["restore_compliance"].mean(),
    )


def _derived(rows: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    def left(column: str) -> pd.Series:
        days = (pd.to_datetime(rows[column]) - as_of).dt.days
        return (days / MONTH_DAYS).round(1)

    rto = rows["rto_h"].where(rows["rto_h"] > 0)
    before = rows["days_before"].where(rows["days_before"] > 0)
    placed = rows["domain"].notna() & rows["establishment"].notna()
    places = rows[placed].groupby("domain")["establishment"]
    peers = rows["domain"].map(places.nunique()) - 1
    return rows.assign(
        outage_over_rto=rows["worst_outage"] / rto,
        days_growth=rows["days"] / before - 1,
        days_per_incident=rows["days"] / rows["incidents"].where(rows["incidents"] > 0),
        support_months=left("end_of_support_date"),
        contract_months=left("contract_end_date"),
        peers=peers.where(placed),
    )


def costed(
    rows: pd.DataFrame, rates: Mapping[str, float], elapsed: int
) -> pd.DataFrame:
    """Return services with what they cost from January to the month reported on.

    Args:
        rows: ``year_of``.
        rates: Euros a person-day, by team; ``*`` for all the others.
        elapsed: Months of the year gone by, 1..12: annual amounts count for their share.

    Returns:
        The rows and ``days_cost`` (unknown without a rate), ``contract_cost``,
        ``hosting_part``, ``cost`` (sum of those known; unknown when none is), ``cost_parts``
        (how many of the three are), ``cost_per_user``.
    """
    other = rates.get("*", np.nan)
    rate = rows["team"].map(lambda t: rates.get(t, other)).astype("float64")
    parts = pd.DataFrame(
        {
            "days_cost": rows["days"] * rate,
            "contract_cost": rows["maintenance_cost"] * elapsed / 12,
            "hosting_part": rows["hosting_cost"] * elapsed / 12,
        }
    )
    cost = parts.sum(axis=1, min_count=1)
    users = rows["users_count"].where(rows["users_count"] > 0)
    return rows.assign(
        days_cost=parts["days_cost"],
        contract_cost=parts["contract_cost"],
        hosting_part=parts["hosting_part"],
        cost=cost,
        cost_parts=parts.notna().sum(axis=1),
        cost_per_user=cost / users,
    )


def decided(
    rows: pd.DataFrame,
    decisions: Mapping[str, Mapping[str, Mapping[str, float]]],
    needs: Sequence[str],
) -> pd.DataFrame:
    """Return services with the decision that the figures suggest.

    Args:
        rows: ``year_of``.
        decisions: By decision, in order: limits ``above`` or ``below`` by measure.
        needs: Measures that must be known before nothing needs to change.

    Returns:
        The rows and ``decision`` (one of ``decisions``, ``keep``, or ``open`` where a needed
        measure is missing), ``because`` (measures that hold, of that decision) and ``missing``
        (measures needed that are not known), lists joined by ``;``.
    """
    settled = pd.Series("", index=rows.index, dtype="object")
    because = pd.Series("", index=rows.index, dtype="object")
    for decision, limits in decisions.items():
        hold = pd.DataFrame({m: _holds(rows[m], limit) for m, limit in limits.items()})
        fresh = hold.any(axis=1) & settled.eq("")
        names = _listed(hold)
        settled = settled.mask(fresh, decision)
        because = because.mask(fresh, names)
    gone = rows[list(needs)].isna()
    missing = _listed(gone)
    rest = missing.eq("").map({True: "keep", False: "open"})
    return rows.assign(
        decision=settled.where(settled.ne(""), rest),
        because=because,
        missing=missing.where(settled.eq(""), ""),
    )


def _listed(flags: pd.DataFrame) -> pd.Series:
    """Return for each row the columns that are set, ``;`` between them."""
    found = pd.Series("", index=flags.index, dtype="object")
    for name in flags.columns:
        found = found.where(~flags[name], found + f"{name};")
    return found.str.rstrip(";").astype("object")


def _holds(values: pd.Series, limit: Mapping[str, float]) -> pd.Series:
    exact = values.astype("float64").round(9)
    found = pd.Series(False, index=values.index)
    if "above" in limit:
        found |= exact > limit["above"]
    if "below" in limit:
        found |= exact < limit["below"]
    return found


def reconciled(time: pd.DataFrame, rows: pd.DataFrame, now: int) -> pd.DataFrame:
    """Return the run that teams recorded against what services are given, year to date.

    Args:
        time: ``recorded.time_rows`` with ``number``.
        rows: ``year_of``.
        now: The month reported on.

    Returns:
        Columns ``team`` (None for lines of none), ``run`` (recorded), ``allocated`` (those
        that name a known service), ``unknown`` (that name another), ``unallocated`` (that
        name none), ``told`` (days the services' own sheets give) and ``gap`` (told less run).
    """
    first = now // 12 * 12
    run = time[time["category"].eq("run") & time["spent"].notna() & time["month"].between(first, now)]  # fmt: skip
    named, known = run["service_code"].notna(), run["number"].notna()
    groups = run.assign(
        run=run["spent"],
        allocated=run["spent"].where(known, 0.0),
        unknown=run["spent"].where(named & ~known, 0.0),
        unallocated=run["spent"].where(~named, 0.0),
    ).groupby("team", sort=True, dropna=False)
    found = groups[["run", "allocated", "unknown", "unallocated"]].sum()
    told = rows.groupby("team", sort=True, dropna=False)["days_told"].sum(min_count=1)
    both = found.join(told.rename("told"), how="outer").reset_index()
    both["team"] = both["team"].astype("object").where(both["team"].notna(), None)
    return both.assign(gap=both["told"] - both["run"])


def consolidated(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return services added up by domain, team or establishment; the unknown one last.

    Returns:
        Columns ``by``, ``services``, ``days``, ``days_known`` (services that give them),
        ``incidents``, ``incidents_major``, ``months_missed``, ``months_told``, ``cost``,
        ``cost_known``.
    """
    groups = rows.assign(services=1).groupby(by, sort=True, dropna=False)
    names = ["services", "days", "incidents", "incidents_major", "months_missed", "months_told", "cost"]  # fmt: skip
    sums = groups[names].sum(min_count=1)
    return sums.assign(days_known=groups["days"].count(), cost_known=groups["cost"].count()).reset_index()  # fmt: skip
