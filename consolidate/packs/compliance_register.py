"""Compliance by framework: what is met, what is due, what expires."""

from __future__ import annotations

import re

import pandas as pd

from consolidate.analyse.change import by_framework, compliance_told
from consolidate.model.pack import (  # fmt: skip
    Block,
    Chart,
    Figures,
    Section,
    Series,
    Table,
    Text,
    Tone,
)
from consolidate.packs import parts
from consolidate.packs.data import PackData

_IN_BRACKETS = re.compile(r"\(([A-Z][A-Z0-9-]{1,7})\)")
_STATES: tuple[tuple[str, Tone], ...] = (
    ("compliant", "good"),
    ("partially_compliant", "fair"),
    ("in_progress", "done"),
    ("non_compliant", "poor"),
    ("not_started", "unknown"),
    ("", "unknown"),
)


def compliance(data: PackData) -> Section:
    """Return the register of compliance, its deadlines first."""
    near = int(data.rules.packs["registers"]["near_days"])
    told = compliance_told(data.table("compliance"), data.portfolio.as_of, near)
    if not len(told):
        nothing = Text((data.tr("part-compliance-none"),), tone="unknown")
        return parts.section(data, "compliance", [nothing])
    blocks: list[Block] = [
        _figures(data, told, near),
        _bars(data, told),
        _frameworks(data, told, near),
        _deadlines(data, told, near),
        _expiring(data, told, near),
    ]
    overdue = int(told["urgency"].eq("overdue").sum())
    lead = data.plural("part-compliance-lead", overdue, all=parts.count(data, len(told)))  # fmt: skip
    return parts.section(data, "compliance", blocks, lead)


def _figures(data: PackData, told: pd.DataFrame, near: int) -> Figures:
    known = int(told["state"].notna().sum())
    met = int(told["is_met"].sum())
    overdue = told[told["urgency"] == "overdue"]
    soon = told[told["urgency"] == "near"]
    bare = int(told["lacks_evidence"].sum())
    return Figures(
        (
            parts.figure(data, "compliant", met / known if known else None, "share", known=parts.count(data, known), all=parts.count(data, len(told))),
            parts.figure(data, "compliance-overdue", len(overdue), tone="poor" if len(overdue) else "", cells=parts.with_source(overdue)["source"]),
            parts.figure(data, "compliance-near", len(soon), tone="fair" if len(soon) else "", days=near),
            parts.figure(data, "no-evidence", bare, tone="fair" if bare else "", met=parts.count(data, met)),
        )
    )  # fmt: skip


def _names(data: PackData, codes: pd.Series) -> pd.Series:
    """Return how people call frameworks, without what stands in brackets."""
    words = data.words("compliance_framework", codes.replace("", None))
    words = words.astype("object").str.replace(r" \(.*\)$", "", regex=True)
    return words.fillna(data.tr("part-not-told")).astype("object")


def _acronym(data: PackData, code: str) -> str:
    """Return the shortest name of a framework: « HDS », « PSSI »."""
    name = data.word("compliance_framework", code) or data.tr("part-not-told")
    found = _IN_BRACKETS.search(name)
    return found[1] if found else parts.short(name)


def _bars(data: PackData, told: pd.DataFrame) -> Chart:
    counts = pd.crosstab(told["framework"].fillna(""), told["state"].fillna(""))
    shown = [(s, tone) for s, tone in _STATES if s in counts]
    order = counts.sum(axis=1).sort_values(ascending=False, kind="stable").index
    frame = counts.loc[order, [s for s, _ in shown]].rename(columns={"": "untold"})
    named = {s: data.word("compliance_status", s) or data.tr("part-not-told") for s, _ in shown}  # fmt: skip
    frame["framework"] = [_acronym(data, str(code)) for code in order]
    open_ = int((~told["is_met"]).sum())
    return Chart(
        "compliance-bars",
        "bars" if len(shown) == 1 else "stacked",
        data.plural("part-compliance-bars", open_),
        frame.reset_index(drop=True),
        "framework",
        tuple(Series(s or "untold", named[s], tone) for s, tone in shown),
        y_label=data.tr("part-col-items"),
        text=data.tr("part-compliance-bars-text"),
    )


def _frameworks(data: PackData, told: pd.DataFrame, near: int) -> Table:
    found = by_framework(told)
    rows = found.assign(
        framework=_names(data, found["framework"]),
        compliant_share=found["share"],
        known_items=found["known"],
        overdue_tone=found["overdue"].gt(0).map({True: "poor", False: ""}),
        overdue_items=found["overdue"],
        undated_items=found["undated"],
    ).sort_values(["overdue", "framework"], ascending=[False, True], kind="stable")
    columns = [
        parts.column(data, "framework"),
        parts.column(data, "items", "count", total=True),
        parts.column(data, "known_items", "count", total=True),
        parts.column(data, "met", "count", total=True),
        parts.column(data, "compliant_share", "share"),
        parts.column(data, "overdue_items", "count", total=True, tone="overdue_tone"),
        parts.column(data, "near", "count", total=True, days=near),
        parts.column(data, "undated_items", "count", total=True),
        parts.column(data, "expiring", "count", total=True, days=near),
        parts.column(data, "no_evidence", "count", total=True),
    ]
    rows = rows.rename(columns={"lacks_evidence": "no_evidence"})
    note = data.tr("part-compliance-frameworks-note")
    return parts.table(data, "compliance-frameworks", rows, columns, note=note)


def _deadlines(data: PackData, told: pd.DataFrame, near: int) -> Table:
    own = told[told["urgency"].isin(("overdue", "near"))]
    order = own.sort_values(["due_date", "project_code"], kind="stable")
    rows = parts.with_names(data, parts.with_source(order)).assign(
        framework=_names(data, order["framework"]),
        state=data.words("compliance_status", order["state"]),
        left_tone=order["urgency"].map({"overdue": "poor", "near": "fair"}),
    )
    columns = [
        parts.field(data, "compliance", "due_date", "date"),
        parts.column(data, "days_left", "gap", tone="left_tone"),
        parts.column(data, "framework"),
        parts.field(data, "projects", "project_code", "code"),
        parts.column(data, "project"),
        parts.field(data, "compliance", "requirement"),
        parts.field(data, "compliance", "state"),
        parts.field(data, "compliance", "owner"),
        parts.column(data, "source", "source"),
    ]
    return parts.table(data, "compliance-deadlines", rows, columns, days=near)


def _expiring(data: PackData, told: pd.DataFrame, near: int) -> Table:
    own = told[told["is_expiring"]]
    order = own.sort_values(["expiry_date", "project_code"], kind="stable")
    rows = parts.with_names(data, parts.with_source(order)).assign(
        framework=_names(data, order["framework"]),
        expires_tone=order["expires_in"].lt(0).map({True: "poor", False: "fair"}),
    )
    columns = [
        parts.field(data, "compliance", "expiry_date", "date"),
        parts.column(data, "expires_in", "gap", tone="expires_tone"),
        parts.column(data, "framework"),
        parts.field(data, "projects", "project_code", "code"),
        parts.column(data, "project"),
        parts.field(data, "compliance", "requirement"),
        parts.field(data, "compliance", "evidence"),
        parts.column(data, "source", "source"),
    ]
    return parts.table(data, "compliance-expiring", rows, columns, days=near)
