"""B07: more paid than invoiced, or more invoiced than committed."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, of_projects, rule

_CHAIN = ("committed", "invoiced", "paid", "amount_scope")


@rule(
    "accounting-chain-broken",
    "projects",
    uses=_CHAIN,
    others={"budget_lines": _CHAIN},
    also=("on_hold", "mco"),
)
def accounting_chain_broken(case: Case) -> pd.DataFrame:
    """Tell the projects and budget lines whose amounts do not follow one another."""
    lines = of_projects(case, "budget_lines").assign(table="budget_lines")
    lines = lines[lines["amount_scope"] != "unknown"]
    own = case.rows.assign(table="projects")
    columns = ["month", "project_code", "table", "record_id", "object", *_CHAIN]
    rows = pd.concat([own[columns], lines[columns]], ignore_index=True)
    rows = rows[rows["amount_scope"].notna()]
    paid = rows["paid"] - rows["invoiced"]
    invoiced = rows["invoiced"] - rows["committed"]
    excess = pd.concat([paid, invoiced], axis=1).max(axis=1)
    which = (paid == excess).map({True: "paid", False: "invoiced"})
    return case.above(excess, rows, which=which)
