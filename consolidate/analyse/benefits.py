"""Objectives: whether they can be measured, and how much of them is attained."""

from __future__ import annotations

from datetime import date

import pandas as pd

from consolidate.analyse.columns import dated

PARTS = ("indicator", "baseline", "target", "target_date")
"""What makes an objective measurable: what, from where, to where, by when."""


def attained(objectives: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return objectives with what can be said of them.

    Returns:
        The same with ``lacks`` (of ``PARTS``, ``;`` between them), ``is_measurable``,
        ``is_measured`` (its latest measure is known), ``attainment`` (share of the way
        from baseline to target; unknown unless the three differ and are known),
        ``is_achieved`` (the way is done, or its state says so) and ``is_due`` (its date
        is past and it is neither achieved nor abandoned).

    Source:
        Domain model §4.11: (current − baseline) / (target − baseline).
    """
    rows = objectives
    gone = pd.DataFrame({p: rows[p].isna() for p in PARTS}, index=rows.index)
    lacks = pd.Series("", rows.index, dtype="object")
    for name in PARTS:
        lacks = lacks.where(~gone[name], lacks + f";{name}")
    way = rows["target"].astype("float64") - rows["baseline"].astype("float64")
    done = rows["actual"].astype("float64") - rows["baseline"].astype("float64")
    share = done / way.where(way != 0)
    achieved = share.round(9).ge(1) | rows["state"].eq("achieved")
    day = pd.Series(dated(rows["target_date"]), rows.index)
    over = achieved | rows["state"].isin(("missed", "abandoned"))
    return rows.assign(
        lacks=lacks.str.lstrip(";").astype("object"),
        is_measurable=~gone.any(axis=1),
        is_measured=rows["actual"].notna(),
        attainment=share,
        is_achieved=achieved,
        is_due=(day < pd.Timestamp(as_of)) & ~over,
    )


def by_beneficiary(told: pd.DataFrame) -> pd.DataFrame:
    """Return for each beneficiary how many objectives are measurable, measured, achieved.

    Args:
        told: As ``attained`` gives them.

    Returns:
        ``beneficiary`` (``""`` unknown), ``objectives``, ``measurable``, ``measured``,
        ``achieved``, ``due``, ``attainment`` (median of those known, 0..1 and beyond)
        and ``attainment_known``.
    """
    by = told["beneficiary"].fillna("")
    flags = {
        "measurable": "is_measurable",
        "measured": "is_measured",
        "achieved": "is_achieved",
        "due": "is_due",
    }
    counts = told[list(flags.values())].astype("int64").groupby(by).sum()
    found = counts.set_axis(list(flags), axis=1)
    found.insert(0, "objectives", told.groupby(by).size())
    share = told["attainment"].groupby(by)
    found["attainment"] = share.median()
    found["attainment_known"] = share.count()
    return found.rename_axis("beneficiary").reset_index()
