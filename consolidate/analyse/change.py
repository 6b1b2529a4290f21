"""Training, communication and compliance: how much is done, what is late."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from consolidate.analyse.columns import dated, days

_MET = ("compliant", "not_applicable")


def trained(trainings: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return how many people are trained of those to train, by some column.

    Only trainings that give both headcounts enter the share; those cancelled are left
    out.

    Returns:
        ``by`` (``""`` unknown), ``trainings``, ``target`` and ``done`` (people, of the
        trainings that give both), ``known`` (trainings that give both), ``share``,
        ``untold`` (people to train of trainings that do not say how many are).
    """
    rows = trainings[~trainings["state"].eq("cancelled")]
    both = rows[["headcount_target", "headcount_trained"]].notna().all(axis=1)
    facts = pd.DataFrame(
        {
            "trainings": 1,
            "target": rows["headcount_target"].astype("float64").where(both),
            "done": rows["headcount_trained"].astype("float64").where(both),
            "known": both.astype("int64"),
            "untold": rows["headcount_target"].astype("float64").where(~both),
        },
        index=rows.index,
    )
    groups = facts.groupby(rows[by].fillna(""))
    found = groups[["trainings", "known"]].sum()
    people = groups[["target", "done", "untold"]].sum(min_count=1)
    found = found.join(people)
    found["share"] = found["done"] / found["target"].where(found["target"] > 0)
    return found.reset_index()


def communications_told(communications: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return communications with what became of them.

    Returns:
        The same with ``on`` (datetime64: sent, else planned) and ``status``: ``done``,
        ``overdue`` (planned before the cut-off, not done), ``planned``, ``cancelled``,
        or ``undated``.
    """
    rows = communications
    sent = pd.Series(dated(rows["sent_on"]), rows.index)
    planned = pd.Series(dated(rows["planned_on"]), rows.index)
    done = rows["state"].eq("closed") | sent.notna()
    past = planned < pd.Timestamp(as_of)
    status = np.select(
        [done, rows["state"].eq("cancelled"), planned.isna(), past],
        ["done", "cancelled", "undated", "overdue"],
        "planned",
    )
    told = pd.Series(status, rows.index, dtype="object")
    return rows.assign(on=sent.fillna(planned), status=told)


def compliance_told(compliance: pd.DataFrame, as_of: date, near: int) -> pd.DataFrame:
    """Return the items that apply, with how urgent each is.

    Args:
        compliance: Canonical items.
        as_of: Cut-off.
        near: Days within which a deadline or an end of validity is near.

    Returns:
        The same without those that do not apply, with ``is_met``, ``days_left`` (to the
        deadline), ``urgency`` of items not met (``overdue``, ``near``, ``later``,
        ``undated``; ``""`` when met), ``expires_in`` (days to the end of validity),
        ``is_expiring`` (met, and it ends within ``near`` days or is past) and
        ``lacks_evidence`` (compliant without any).
    """
    out = compliance["applicable"].eq(False) | compliance["state"].eq("not_applicable")
    rows = compliance[~out]
    now = pd.Timestamp(as_of)
    left = days(pd.Series(dated(rows["due_date"]), rows.index) - now)
    ends = days(pd.Series(dated(rows["expiry_date"]), rows.index) - now)
    met = rows["state"].isin(_MET)
    urgency = np.select(
        [met, left.isna(), left < 0, left <= near],
        ["", "undated", "overdue", "near"],
        "later",
    )
    return rows.assign(
        is_met=met,
        days_left=left,
        urgency=pd.Series(urgency, rows.index, dtype="object"),
        expires_in=ends,
        is_expiring=met & (ends <= near),
        lacks_evidence=rows["state"].eq("compliant") & rows["evidence"].isna(),
    )


def by_framework(told: pd.DataFrame) -> pd.DataFrame:
    """Return how far each framework is met.

    Args:
        told: As ``compliance_told`` gives them.

    Returns:
        ``framework`` (``""`` unknown), ``items`` (that apply), ``known`` (whose state is
        told), ``met``, ``share`` (met of known), ``overdue``, ``near``, ``undated``,
        ``expiring``, ``lacks_evidence``.
    """
    by = told["framework"].fillna("")
    counted = pd.DataFrame(
        {
            "known": told["state"].notna(),
            "met": told["is_met"],
            **{u: told["urgency"].eq(u) for u in ("overdue", "near", "undated")},
            "expiring": told["is_expiring"],
            "lacks_evidence": told["lacks_evidence"],
        },
        index=told.index,
    ).astype("int64")
    found = counted.groupby(by).sum()
    found.insert(0, "items", told.groupby(by).size())
    found["share"] = found["met"] / found["known"].where(found["known"] > 0)
    return found.rename_axis("framework").reset_index()


def pareto(alerts: pd.DataFrame) -> pd.DataFrame:
    """Return the rules by how many alerts they raise, the most first.

    Returns:
        ``rule``, ``code``, ``count``, ``critical``, ``projects``, ``share`` (of all
        alerts) and ``cumulated`` (of all alerts, down to this rule).
    """
    groups = alerts.groupby(["rule", "code"], sort=True)
    found = groups.size().rename("count").to_frame()
    critical = alerts["severity"].eq("critical").astype("int64")
    found["critical"] = critical.groupby([alerts["rule"], alerts["code"]]).sum()
    found["projects"] = groups["project_code"].nunique()
    told = found.reset_index().sort_values(["count", "code"], ascending=[False, True], kind="stable")  # fmt: skip
    share = told["count"] / max(len(alerts), 1)
    return told.assign(share=share, cumulated=share.cumsum()).reset_index(drop=True)
