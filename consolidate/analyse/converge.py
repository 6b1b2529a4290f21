"""Convergence of establishments onto common applications: where it stands, what it costs."""

from __future__ import annotations

from datetime import date

import pandas as pd

from consolidate.analyse.columns import dated, days
from consolidate.analyse.money import AMOUNTS, UNTOLD, sums
from consolidate.analyse.places import is_live

SETTLED = ("converged", "exempted", "not_applicable")
"""States in which no switch is to come."""

APART = ("exempted", "not_applicable")
"""States of cells that are not asked to converge."""

COMMON = "*"
"""Stands for the domains of a project that serves several."""


def cells(convergence: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return one row for each domain and establishment, with the day it switches.

    Returns:
        The canonical columns with ``domain`` and ``establishment`` (``""`` unknown),
        ``switch`` (datetime64: actual, else forecast, else target), ``is_late`` (not
        settled and its last date is past), ``slip_days`` (forecast less target).
    """
    rows = convergence
    day = {n: pd.Series(dated(rows[n]), rows.index) for n in ("target_date", "end_forecast", "end_actual")}  # fmt: skip
    announced = day["end_forecast"].fillna(day["target_date"])
    open_ = ~rows["state"].isin(SETTLED) & day["end_actual"].isna()
    return rows.assign(
        domain=rows["domain"].fillna(""),
        establishment=rows["establishment"].fillna(""),
        switch=day["end_actual"].fillna(announced),
        is_late=open_ & (announced < pd.Timestamp(as_of)),
        slip_days=days(day["end_forecast"] - day["target_date"]),
    )


def by_domain(rows: pd.DataFrame) -> pd.DataFrame:
    """Return how far each domain has converged, of the establishments concerned.

    Args:
        rows: As ``cells`` gives them.

    Returns:
        ``domain``, ``cells`` (concerned: neither exempted nor not applicable, state
        known), ``converged``, ``share``, ``late``, ``undated`` (still to switch,
        without a date), ``targets`` (different target solutions), ``envelope`` and
        ``envelope_known`` (cells that give a cost, of ``envelope_among`` not settled).
    """
    state = rows["state"]
    concerned = state.notna() & ~state.isin(APART)
    open_ = ~state.isin(SETTLED)
    counted = pd.DataFrame(
        {
            "cells": concerned,
            "converged": state.eq("converged"),
            "late": rows["is_late"],
            "undated": open_ & rows["switch"].isna(),
            "envelope_known": rows["budget"].notna(),
            "envelope_among": open_ | rows["budget"].notna(),
        }
    ).astype("int64")
    found = counted.groupby(rows["domain"]).sum()
    found["targets"] = rows.groupby("domain")["target_solution"].nunique()
    money = rows["budget"].astype("float64").groupby(rows["domain"])
    found["envelope"] = money.sum(min_count=1)
    found["share"] = found["converged"] / found["cells"].where(found["cells"] > 0)
    return found.reset_index()


def money_of(rows: pd.DataFrame, amounts: pd.DataFrame) -> pd.DataFrame:
    """Return the amounts of the projects that carry switches, by domain and basis.

    A project that serves several domains is counted once, under ``COMMON``: no key says
    how to share it.

    Args:
        rows: As ``cells`` gives them.
        amounts: As ``budgets.project_amounts`` gives them.

    Returns:
        ``domain``, ``basis``, ``rows`` (projects), ``AMOUNTS`` and ``<amount>_known``.
        Amounts of untold scope are left out.
    """
    links = rows.loc[rows["project_code"].notna(), ["project_code", "domain"]]
    links = links.drop_duplicates()
    several = links.duplicated("project_code", keep=False)
    own = links.assign(domain=links["domain"].mask(several, COMMON)).drop_duplicates()
    told = amounts[amounts["basis"] != UNTOLD]
    both = told.merge(own, on="project_code")
    if not len(both):
        extra = [f"{a}_known" for a in AMOUNTS]
        return pd.DataFrame(columns=["domain", "basis", "rows", *AMOUNTS, *extra])
    return sums(both, ["domain", "basis"])


def switch_offs(rows: pd.DataFrame) -> pd.DataFrame:
    """Return when each application in place can be switched off: once all have left it.

    Applications that are a target of their domain stay; so does one that a cell keeps
    (exempted) or that a cell leaves at no known date.

    Args:
        rows: As ``cells`` gives them.

    Returns:
        ``domain``, ``current_solution``, ``establishments`` (that use it), ``left``
        (still to leave), ``kept`` (exempted), ``undated`` (to leave at no known date),
        ``late``, ``last_switch`` (datetime64: the last one known), ``off`` (the same,
        unknown where one is undated or kept); the nearest first.
    """
    targets = rows[["domain", "target_solution"]].dropna().drop_duplicates()
    keys = pd.MultiIndex.from_frame(rows[["domain", "current_solution"]])
    is_target = keys.isin(pd.MultiIndex.from_frame(targets))
    gone = rows["state"].isin(["converged", "not_applicable"])
    own = rows[rows["current_solution"].notna() & ~is_target & ~gone]
    kept = own["state"].eq("exempted")
    facts = own.assign(
        kept=kept.astype("int64"),
        left=(~kept).astype("int64"),
        undated=(~kept & own["switch"].isna()).astype("int64"),
        late=own["is_late"].astype("int64"),
    )
    by = ["domain", "current_solution"]
    groups = facts.groupby(by, sort=True)
    found = groups[["left", "kept", "undated", "late"]].sum()
    found["establishments"] = groups["establishment"].nunique()
    free = found["kept"].add(found["undated"]) == 0
    found["last_switch"] = groups["switch"].max()
    found["off"] = found["last_switch"].where(free)
    told = found.reset_index().sort_values(["off", *by], kind="stable")
    return told.reset_index(drop=True)


def roadmap(rows: pd.DataFrame, projects: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return what is to switch or go live, by domain and quarter.

    Args:
        rows: Convergence, as ``cells`` gives them.
        projects: Canonical projects.
        as_of: Cut-off; what is before its quarter is left out, what is overdue too.

    Returns:
        ``kind`` (``switch`` or ``go_live``), ``domain`` (``""`` unknown), ``quarter``
        (``2027Q1``), ``day``, ``what`` (establishment or project code), ``project_code``,
        ``workbook``, ``sheet``, ``row``.
    """
    open_ = rows[~rows["state"].isin(SETTLED) & pd.Series(dated(rows["end_actual"]), rows.index).isna()]  # fmt: skip
    live = projects[is_live(projects) & pd.Series(dated(projects["end_actual"]), projects.index).isna()]  # fmt: skip
    place = ["project_code", "workbook", "sheet", "row"]
    parts = [
        open_[place].assign(kind="switch", domain=open_["domain"], day=open_["switch"], what=open_["establishment"]),
        live[place].assign(
            kind="go_live",
            domain=live["domain"].fillna(""),
            day=pd.Series(dated(live["go_live_date"]), live.index),
            what=live["project_code"],
        ),
    ]  # fmt: skip
    every = pd.concat([p for p in parts if len(p)] or parts[:1], ignore_index=True)
    first = pd.Period(as_of, "Q").start_time
    every = every[every["day"].notna() & (every["day"] >= first)]
    quarter = every["day"].dt.to_period("Q").astype("str").astype("object")
    told = every.assign(quarter=quarter)
    return told.sort_values(["day", "domain", "what"], kind="stable", ignore_index=True)
