"""B05: a year's budget that is not being committed."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, of_projects, rule
from consolidate.analyse.sources import gathered

_LINES = (
    *("year", "budget_initial", "budget_revised", "committed"),
    *("amount_scope", "tax_basis"),
)


@rule(
    "budget-underspend",
    "projects",
    uses=(
        "committed",
        "budget_initial",
        "budget_revised",
        "amount_scope",
        "amount_year",
    ),
    others={"budget_lines": _LINES},
    also=("on_hold", "mco"),
)
def budget_underspend(case: Case) -> pd.DataFrame:
    """Tell the projects whose commitments of the year lag behind the year.

    The year's budget lines count where a project has them, all known and of one tax
    basis; else its own amounts, where they are of the year.
    """
    rows = _year_amounts(case)
    known = rows["year_budget"].gt(0) & rows["year_committed"].notna()
    day = rows["as_of"].dt.day_of_year
    elapsed = day / (365 + rows["as_of"].dt.is_leap_year)
    ratio = (
        (rows["year_committed"] / rows["year_budget"] / elapsed).where(known).round(9)
    )
    month = rows["as_of"].dt.month
    steps = {
        "amber": (month > case.limit("amber_after_month", rows)) & (ratio < case.limit("amber", rows)),
        "red": (month > case.limit("red_after_month", rows)) & (ratio < case.limit("red", rows)),
    }  # fmt: skip
    facts = {"committed": rows["year_committed"], "budget": rows["year_budget"]}
    told = case.tell(steps, ratio, rows, **facts, elapsed=elapsed, sources=rows["sources"])  # fmt: skip
    return pd.concat([told, case.skip(rows[~known], "committed;amount_scope")], ignore_index=True)  # fmt: skip


def _year_amounts(case: Case) -> pd.DataFrame:
    rows = case.rows
    lines = of_projects(case, "budget_lines")
    lines = lines[(lines["amount_scope"] == "year") & (lines["year"] == lines["as_of"].dt.year)]  # fmt: skip
    by = ["month", "project_code"]
    lines = lines.assign(budget=lines["budget_revised"].fillna(lines["budget_initial"]))
    groups = lines.groupby(by, sort=False)
    sums = groups[["budget", "committed"]].sum(min_count=1)
    gaps = lines[["budget", "committed"]].isna().any(axis=1)
    mixed = groups["tax_basis"].nunique(dropna=False) > 1
    sums[mixed | gaps.groupby([lines[b] for b in by], sort=False).any()] = float("nan")
    sums["sources"] = gathered(case.history, lines, "budget_lines", by)
    keys = pd.MultiIndex.from_frame(rows[by])
    found = sums.reindex(keys).set_index(rows.index)
    own = (rows["amount_scope"] == "year") & (
        rows["amount_year"] == rows["as_of"].dt.year
    )
    own &= ~keys.isin(sums.index)
    budget = rows["budget_revised"].fillna(rows["budget_initial"])
    return rows.assign(
        year_budget=found["budget"].astype("float64").where(~own, budget),
        year_committed=found["committed"]
        .astype("float64")
        .where(~own, rows["committed"]),
        sources=found["sources"],
    )
