"""Project teams and stakeholders: roles held, influence and interest, concerns answered."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.teams import (
    ABSENT,
    HELD,
    STRONG,
    UNTOLD,
    groups_answered,
    influence_grid,
    role_coverage,
)
from consolidate.model.pack import (  # fmt: skip
    Block,
    Chart,
    Column,
    Figures,
    Section,
    Series,
    Table,
    Text,
)
from consolidate.packs import parts
from consolidate.packs.data import PackData

_TONES = {HELD: "good", ABSENT: "poor", UNTOLD: "unknown"}


def roles(data: PackData) -> Section:
    """Return which roles project teams cover."""
    kinds = data.rules.packs["roles"]
    found = role_coverage(data.portfolio.tables, kinds)
    names = list(kinds)
    blocks: list[Block] = []
    if len(found):
        blocks.append(_role_bars(data, found, names))
    blocks.append(_role_list(data, found, names))
    whole = int(found[names].isin([HELD]).all(axis=1).sum())
    lead = data.plural("part-roles-lead", whole, all=parts.count(data, len(found)))
    return parts.section(data, "roles", blocks, lead)


def stakeholders(data: PackData) -> Section:
    """Return stakeholders by group, and where they stand; neither names nor attitudes."""
    rows = data.table("stakeholders")
    if not len(rows):
        nothing = Text((data.tr("part-stakeholders-none"),), tone="unknown")
        return parts.section(data, "stakeholders", [nothing])
    blocks: list[Block] = [_figures(data, rows)]
    grid = influence_grid(rows)
    if len(grid):
        blocks.append(_grid(data, grid))
    blocks += [_groups(data, rows), _unanswered(data, rows)]
    answered = int(rows["strategy"].notna().sum())
    lead = data.plural("part-stakeholders-lead", answered, all=parts.count(data, len(rows)))  # fmt: skip
    return parts.section(data, "stakeholders", blocks, lead)


def _role_bars(data: PackData, found: pd.DataFrame, names: list[str]) -> Chart:
    states = (HELD, ABSENT, UNTOLD)
    counts = pd.DataFrame({s: found[names].isin([s]).sum() for s in states})
    frame = counts.assign(role=[data.tr(f"part-role-{n}") for n in names])
    held = counts[HELD]
    least = data.tr(f"part-role-{held.idxmin()}")
    return Chart(
        "role-bars",
        "stacked",
        data.tr("part-role-bars", role=least, count=parts.count(data, held.min()), all=parts.count(data, len(found))),
        frame.reset_index(drop=True),
        "role",
        tuple(Series(s, data.tr(f"part-{s}"), _TONES[s]) for s in states),  # type: ignore[arg-type]
        y_label=data.tr("part-col-rows"),
        text=data.tr("part-role-bars-text"),
    )  # fmt: skip


def _role_list(data: PackData, found: pd.DataFrame, names: list[str]) -> Table:
    words = {s: data.tr(f"part-{s}") for s in (HELD, ABSENT, UNTOLD)}
    tones = {f"{n}_tone": found[n].map(_TONES) for n in names}
    missing = (~found[names].isin([HELD])).sum(axis=1)
    told = found.assign(
        **{n: found[n].map(words) for n in names}, **tones, missing=missing
    ).sort_values(["missing", "project_code"], ascending=[False, True], kind="stable")
    rows = parts.with_names(data, told)
    columns = [
        parts.field(data, "projects", "project_code", "code"),
        parts.column(data, "project"),
        *(Column(n, data.tr(f"part-role-{n}"), tone=f"{n}_tone") for n in names),
    ]
    note = data.tr("part-role-list-note")
    return parts.table(data, "role-list", rows, columns, note=note)


def _figures(data: PackData, rows: pd.DataFrame) -> Figures:
    every = parts.count(data, len(rows))
    answered = rows["strategy"].notna()
    strong = rows[rows["influence"].ge(STRONG)]
    left = strong[strong["strategy"].isna()]
    known = rows[["influence", "interest"]].notna().all(axis=1)
    return Figures(
        (
            parts.figure(data, "answered", float(answered.mean()), "share", all=every),
            parts.figure(data, "strong-unanswered", len(left), tone="poor" if len(left) else "", strong=parts.count(data, len(strong)), cells=parts.with_source(left)["source"]),
            parts.figure(data, "rated", int(known.sum()), all=every),
        )
    )  # fmt: skip


def _grid(data: PackData, grid: pd.DataFrame) -> Chart:
    levels = range(1, 6)
    places = pd.MultiIndex.from_product([[*levels][::-1], levels], names=["influence", "interest"])  # fmt: skip
    full = grid.set_index(["influence", "interest"]).reindex(places).reset_index()
    count = full["count"].fillna(0).astype("int64")
    left = full["unanswered"].fillna(0).astype("int64")
    more = " (" + left.astype("str") + f" {data.tr('part-grid-unanswered')})"
    text = count.astype("str") + more.where(left > 0, "")
    strong = full["influence"].ge(STRONG) & left.gt(0)
    tone = pd.Series("", full.index, dtype="object").mask(left > 0, "fair")
    frame = pd.DataFrame(
        {
            "influence": data.tr("part-influence") + " " + full["influence"].astype("str"),
            "column": data.tr("part-interest") + " " + full["interest"].astype("str"),
            "text": text.where(count > 0, "").astype("object"),
            "tone": tone.mask(strong, "poor"),
        }
    )  # fmt: skip
    return Chart(
        "influence-grid",
        "matrix",
        data.plural("part-influence-grid", int(left[full["influence"].ge(STRONG)].sum())),
        frame,
        "influence",
        x_label=data.tr("part-interest"),
        y_label=data.tr("part-influence"),
        text=data.tr("part-influence-grid-text"),
    )  # fmt: skip


def _groups(data: PackData, rows: pd.DataFrame) -> Table:
    found = groups_answered(rows)
    names = data.words("stakeholder_category", found["category"].replace("", None))
    told = found.assign(
        category=names.fillna(data.tr("part-not-told")),
        unanswered_tone=found["strong_unanswered"].gt(0).map({True: "poor", False: ""}),
        answered_share=found["share"],
    )
    columns = [
        parts.column(data, "category"),
        parts.column(data, "groups", "count", total=True),
        parts.column(data, "answered", "count", total=True),
        parts.column(data, "answered_share", "share"),
        parts.column(data, "strong", "count", total=True),
        parts.column(data, "strong_unanswered", "count", total=True, tone="unanswered_tone"),
        parts.column(data, "rows", "count"),
    ]  # fmt: skip
    told = told.rename(columns={"projects": "rows"})
    note = data.tr("part-stakeholder-groups-note")
    return parts.table(data, "stakeholder-groups", told, columns, note=note)


def _unanswered(data: PackData, rows: pd.DataFrame) -> Table:
    own = rows[rows["influence"].ge(STRONG) & rows["strategy"].isna()]
    order = own.sort_values(["influence", "interest", "project_code"], ascending=[False, False, True], kind="stable")  # fmt: skip
    told = parts.with_names(data, parts.with_source(order)).assign(
        category=data.words("stakeholder_category", order["category"])
    )
    columns = [
        parts.field(data, "projects", "project_code", "code"),
        parts.column(data, "project"),
        parts.column(data, "category"),
        parts.field(data, "stakeholders", "role"),
        parts.field(data, "stakeholders", "organisation"),
        parts.field(data, "stakeholders", "influence", "count"),
        parts.field(data, "stakeholders", "interest", "count"),
        parts.column(data, "source", "source"),
    ]
    note = data.tr("part-stakeholder-unanswered-note")
    return parts.table(data, "stakeholder-unanswered", told, columns, note=note)
