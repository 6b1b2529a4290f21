"""What each report says of each service maintained, for the latest month it tells of."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case

LAG = 1
"""Months by which figures may trail the report they come in."""


def services(case: Case, *needs: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the services a rule may judge in each report, and those it cannot.

    Args:
        case: Of a rule over services.
        needs: Fields that must be known.

    Returns:
        Rows of the month of the report, else of the one before, ``of`` being the month
        they speak of; and what to skip.
    """
    rows = case.history.dated("services")
    rows = rows[rows["object"].notna() & rows["of"].between(rows["month"] - LAG, rows["month"])]  # fmt: skip
    whose = ["month", "project_code", "object"]
    known = rows[list(needs)].notna().all(axis=1)
    told = (
        rows[known].sort_values("of", kind="stable").drop_duplicates(whose, keep="last")
    )
    asked = rows[~known].drop_duplicates(whose)
    both = pd.MultiIndex.from_frame(asked[whose]).isin(pd.MultiIndex.from_frame(told[whose]))  # fmt: skip
    return told, case.skip(asked[~both], ";".join(needs))


def month_before(
    case: Case, rows: pd.DataFrame, field: str, back: int = 1
) -> pd.Series:
    """Return a field of each row's service some months before, as last told."""
    past = case.history.monthly("services")
    keys = ["project_code", "object", "month"]
    past = past[past[field].notna()].drop_duplicates(keys, keep="last")
    own = rows[["project_code", "object"]].assign(month=rows["of"] - back)
    found = own.merge(past[[*keys, field]], on=keys, how="left")
    return pd.Series(found[field].to_numpy("float64"), index=rows.index)
