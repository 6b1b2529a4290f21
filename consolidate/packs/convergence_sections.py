"""Convergence: domain by establishment, its money, what is switched off, the roadmap."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.budgets import project_amounts
from consolidate.analyse.converge import (
    COMMON,
    by_domain,
    cells,
    money_of,
    roadmap,
    switch_offs,
)
from consolidate.model.pack import Block, Chart, Figures, Section, Table, Text
from consolidate.packs import parts
from consolidate.packs.data import PackData

_TONES = {
    "converged": "good",
    "in_progress": "done",
    "planned": "",
    "not_planned": "fair",
    "exempted": "unknown",
    "not_applicable": "unknown",
}
_QUARTERS = 8


def convergence(data: PackData) -> Section:
    """Return where each domain stands in each establishment, and what it costs."""
    found = cells(data.table("convergence"), data.portfolio.as_of)
    if not len(found):
        nothing = Text((data.tr("part-convergence-none"),), tone="unknown")
        return parts.section(data, "convergence", [nothing])
    domains = by_domain(found)
    blocks: list[Block] = [
        _figures(data, found, domains),
        _matrix(data, found),
        _domains(data, domains),
        _money(data, found),
        _switch_offs(data, found),
        _to_come(data, found),
    ]
    late = int(found["is_late"].sum())
    lead = data.plural("part-convergence-lead", late, all=parts.count(data, len(found)))
    return parts.section(data, "convergence", blocks, lead)


def timeline(data: PackData) -> Section:
    """Return the roadmap of switches and go-lives by quarter."""
    found = cells(data.table("convergence"), data.portfolio.as_of)
    rows = roadmap(found, data.table("projects"), data.portfolio.as_of)
    if not len(rows):
        nothing = Text((data.tr("part-roadmap-none"),), tone="unknown")
        return parts.section(data, "roadmap", [nothing])
    blocks: list[Block] = [_roadmap(data, rows), _steps(data, rows)]
    lead = data.plural("part-roadmap-lead", len(rows))
    return parts.section(data, "roadmap", blocks, lead)


def _domain_names(data: PackData, codes: pd.Series) -> pd.Series:
    words = data.words("functional_domain", codes.replace("", None))
    untold = data.tr("part-no-domain")
    return words.fillna(untold).astype("object").map(parts.short)


def _figures(data: PackData, found: pd.DataFrame, domains: pd.DataFrame) -> Figures:
    concerned = int(domains["cells"].sum())
    share = float(domains["converged"].sum() / concerned) if concerned else None
    late = found[found["is_late"]]
    undated = int(domains["undated"].sum())
    several = int(domains["targets"].gt(1).sum())
    return Figures(
        (
            parts.figure(data, "converged", share, "share", all=parts.count(data, concerned)),
            parts.figure(data, "switch-late", len(late), tone="poor" if len(late) else "", cells=parts.with_source(late)["source"]),
            parts.figure(data, "switch-undated", undated, tone="fair" if undated else ""),
            parts.figure(data, "two-targets", several, tone="fair" if several else "", all=parts.count(data, len(domains))),
        )
    )  # fmt: skip


def _matrix(data: PackData, found: pd.DataFrame) -> Chart:
    states = {
        s: data.tr(f"part-converge-{s.replace('_', '-')}")
        for s in data.schemas.vocabularies["convergence_state"].codes
    }
    word = found["state"].map(states).fillna("?").astype("object")
    day = found["switch"].dt.strftime("%m/%y").where(found["switch"].notna(), "")
    shown = found["state"].isin(("in_progress", "planned")) | found["is_late"]
    text = (word + " " + day.where(shown, "")).str.strip()
    tone = found["state"].map(_TONES).fillna("unknown").mask(found["is_late"], "poor")
    frame = found.assign(
        row=_domain_names(data, found["domain"]),
        column=parts.place(data, found["establishment"]),
        text=text,
        tone=tone,
    ).sort_values(["column", "row"], kind="stable")
    late = int(found["is_late"].sum())
    return Chart(
        "convergence-matrix",
        "matrix",
        data.plural("part-convergence-matrix", late),
        frame[["row", "column", "text", "tone"]].reset_index(drop=True),
        "row",
        x_label=data.tr("part-col-establishment"),
        y_label=data.tr("part-col-domain"),
        text=data.tr("part-convergence-matrix-text"),
    )


def _domains(data: PackData, domains: pd.DataFrame) -> Table:
    rows = domains.assign(
        domain=_domain_names(data, domains["domain"]),
        late_tone=domains["late"].gt(0).map({True: "poor", False: ""}),
        targets_tone=domains["targets"].gt(1).map({True: "fair", False: ""}),
    ).sort_values(["share", "domain"], kind="stable")
    columns = [
        parts.column(data, "domain"),
        parts.column(data, "converged", "count", total=True),
        parts.column(data, "cells", "count", total=True),
        parts.column(data, "converged_share", "share"),
        parts.column(data, "late", "count", total=True, tone="late_tone"),
        parts.column(data, "undated", "count", total=True),
        parts.column(data, "targets", "count", tone="targets_tone"),
        parts.column(data, "envelope", "kilo", total=True),
        parts.column(data, "envelope_known", "count", total=True),
        parts.column(data, "envelope_among", "count", total=True),
    ]
    rows = rows.rename(columns={"share": "converged_share"})
    note = data.tr("part-converge-domains-note")
    return parts.table(data, "converge-domains", rows, columns, note=note)


def _money(data: PackData, found: pd.DataFrame) -> Table:
    """Return the money of the projects that carry the switches, one basis a line."""
    amounts = project_amounts(data.table("projects"), data.table("budget_lines"))
    rows = money_of(found, amounts)
    common = rows["domain"].eq(COMMON)
    names = _domain_names(data, rows["domain"].mask(common, ""))
    labels = {b: parts.basis_label(data, b) for b in rows["basis"].unique()}
    told = rows.assign(
        domain=names.mask(common, data.tr("part-several-domains")),
        basis=rows["basis"].map(labels).astype("object"),
    ).rename(columns={"rows": "projects"})
    columns = [
        parts.column(data, "domain"),
        parts.column(data, "basis"),
        parts.column(data, "projects", "count"),
        *(
            column
            for name in ("reference", "committed", "paid", "forecast_cost")
            for column in (
                parts.column(data, name, "kilo"),
                parts.column(data, f"{name}_known", "count"),
            )
        ),
    ]
    note = data.tr("part-converge-money-note")
    return parts.table(data, "converge-money", told, columns, note=note, group="domain")


def _switch_offs(data: PackData, found: pd.DataFrame) -> Table:
    rows = switch_offs(found)
    told = rows.assign(
        domain=_domain_names(data, rows["domain"]),
        still_left=rows["left"],
        late_tone=rows["late"].gt(0).map({True: "poor", False: ""}),
    )
    columns = [
        parts.field(data, "convergence", "current_solution"),
        parts.column(data, "domain"),
        parts.column(data, "off", "date", tone="late_tone"),
        parts.column(data, "establishments", "count"),
        parts.column(data, "still_left", "count"),
        parts.column(data, "late", "count", tone="late_tone"),
        parts.column(data, "undated", "count"),
        parts.column(data, "kept", "count"),
        parts.column(data, "last_switch", "date"),
    ]
    note = data.tr("part-switch-offs-note")
    return parts.table(data, "switch-offs", told, columns, note=note)


def _to_come(data: PackData, found: pd.DataFrame) -> Table:
    open_ = found["is_late"] | found["state"].isin(("in_progress", "planned"))
    own = found[open_].sort_values(["switch", "domain", "establishment"], kind="stable")
    rows = parts.with_names(data, parts.with_source(own)).assign(
        domain=_domain_names(data, own["domain"]),
        establishment=parts.place(data, own["establishment"]),
        state=data.words("convergence_state", own["state"]),
        switch_tone=own["is_late"].map({True: "poor", False: ""}),
    )
    columns = [
        parts.column(data, "switch", "date", tone="switch_tone"),
        parts.column(data, "slip_days", "gap"),
        parts.column(data, "domain"),
        parts.column(data, "establishment"),
        parts.field(data, "convergence", "current_solution"),
        parts.field(data, "convergence", "target_solution"),
        parts.field(data, "convergence", "state"),
        parts.field(data, "projects", "project_code", "code"),
        parts.column(data, "source", "source"),
    ]
    return parts.table(data, "switches", rows, columns)


def _quarter(data: PackData, code: str) -> str:
    year, _, number = code.partition("Q")
    return data.tr("part-quarter", number=number, year=year)


def _roadmap(data: PackData, rows: pd.DataFrame) -> Chart:
    codes = sorted(rows["quarter"].unique())[:_QUARTERS]
    own = rows[rows["quarter"].isin(codes)]
    counts = own.groupby(["quarter", "domain", "kind"]).size().unstack(fill_value=0)
    counts = counts.reindex(columns=["switch", "go_live"], fill_value=0)
    text = [
        " · ".join(
            data.plural(f"part-road-{kind.replace('_', '-')}", int(n))
            for kind, n in (("switch", switch), ("go_live", live))
            if n
        )
        for switch, live in zip(counts["switch"], counts["go_live"], strict=True)
    ]
    frame = counts.reset_index()
    frame = frame.assign(
        row=_domain_names(data, frame["domain"]),
        column=[_quarter(data, q) for q in frame["quarter"]],
        text=text,
        tone=frame["switch"].gt(0).map({True: "done", False: ""}),
    )
    most = own.groupby("quarter").size()
    return Chart(
        "roadmap-matrix",
        "matrix",
        data.tr("part-roadmap-matrix", quarter=_quarter(data, str(most.idxmax())), count=parts.count(data, most.max())),
        frame[["row", "column", "text", "tone"]],
        "row",
        x_label=data.tr("part-axis-quarter"),
        y_label=data.tr("part-col-domain"),
        text=data.tr("part-roadmap-matrix-text", quarters=len(codes)),
    )  # fmt: skip


def _steps(data: PackData, rows: pd.DataFrame) -> Table:
    kinds = {k: data.tr(f"part-step-{k.replace('_', '-')}") for k in ("switch", "go_live")}  # fmt: skip
    named = parts.with_names(data, parts.with_source(rows))
    told = named.assign(
        quarter=[_quarter(data, q) for q in rows["quarter"]],
        kind=rows["kind"].map(kinds),
        domain=_domain_names(data, rows["domain"]),
        establishment=rows["what"].where(rows["kind"].eq("switch"), parts.NONE),
    )
    columns = [
        parts.column(data, "quarter"),
        parts.column(data, "day", "date"),
        parts.column(data, "kind"),
        parts.column(data, "domain"),
        parts.column(data, "establishment"),
        parts.field(data, "projects", "project_code", "code"),
        parts.column(data, "project"),
        parts.column(data, "source", "source"),
    ]
    return parts.table(data, "roadmap-steps", told, columns, group="quarter")
