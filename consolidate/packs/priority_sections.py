"""Sections of the pack of priorities: the line, the scenarios, what is to be decided."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from consolidate.analyse.prioritise import days_written
from consolidate.analyse.prioritise_settings import Grid
from consolidate.model.pack import Block, Chart, Column, Figures, Section, Series, Text
from consolidate.packs import parts
from consolidate.packs.data import PackData, sources
from consolidate.packs.priority_ranking import Ranking
from consolidate.packs.review_shape import NONE, otherwise
from consolidate.register.specs import register_specs

_TONES = {"above": "good", "below": "fair", "refused": "done", "postponed": "done"}
_NAMED = 12
"""Largest bubbles that bear their name; all are in the table."""


def line(data: PackData, found: Ranking) -> Section:
    """Return items in order, with the line, and what could not be placed."""
    rows = _worded(data, found.first, found.grid)
    if not len(rows):
        nothing = Text((data.tr("part-ranking-none"),), tone="unknown")
        return parts.section(data, "ranking", [nothing])
    blocks: list[Block] = [_figures(data, found)]
    placed = rows[rows["rank"].notna()]
    chart = _bubbles(data, rows, found.grid)
    blocks += [chart] if chart else []
    blocks.append(_ranked(data, placed))
    return parts.section(data, "ranking", blocks, _lead(data, found))


def scores(data: PackData, found: Ranking) -> Section:
    """Return what each score is made of, and what is missing of those without a place."""
    rows = _worded(data, found.first, found.grid)
    placed = rows[rows["rank"].notna()]
    out = int(rows["rank"].isna().sum())
    blocks = [_scores(data, placed, found), _unplaced(data, rows)]
    return parts.section(data, "scores", blocks, data.plural("part-scores-lead", out))


def _lead(data: PackData, found: Ranking) -> str:
    rows = found.first
    above = int(rows["position"].eq("above").sum())
    cut = rows[rows["runs_out"] != ""]
    if not len(cut):
        means = next(iter(found.means.values()))
        free = means.days is None and means.money is None
        key = "part-ranking-no-limit" if free else "part-ranking-all-fit"
        return data.plural(key, above)
    what = " + ".join(data.tr(f"part-runs-out-{w}") for w in cut["runs_out"].iloc[0].split(";"))  # fmt: skip
    return data.plural("part-ranking-lead", above, all=parts.count(data, len(rows)), what=what, item=cut["item"].iloc[0])  # fmt: skip


def _worded(data: PackData, rows: pd.DataFrame, grid: Grid) -> pd.DataFrame:
    labels = {c.name: c.label[data.lang] for c in grid.criteria}
    above = rows["position"].map(lambda p: data.tr(f"part-position-{p}"))
    first = rows["mandatory"].map({True: data.tr("part-mandatory"), False: NONE})
    fits = rows["still_fits"].map({True: data.tr("part-still-fits"), False: NONE})
    kinds = {k: data.tr(f"part-kind-{k}") for k in ("projects", "requests")}
    return rows.assign(
        kind_word=rows["kind"].map(kinds),
        place=above.astype("object"),
        place_tone=rows["position"].map(_TONES).fillna("unknown").astype("object"),
        duty=first.astype("object"),
        still_fits=fits.astype("object"),
        decided=data.words("arbitration", rows["decision"]),
        lacking=rows["missing"].map(lambda t: ", ".join(labels[n] for n in t.split(";") if n)),
        source=sources(rows),
    )  # fmt: skip


def _figures(data: PackData, found: Ranking) -> Block:
    rows = found.first
    means = next(iter(found.means.values()))
    above = rows[rows["position"] == "above"]
    scored = rows[rows["score"].notna()]
    unsized = above[above["days"].isna()]
    every = parts.count(data, len(rows))
    days, money = (float(above[n].sum()) if above[n].notna().any() else None for n in ("days", "money"))  # fmt: skip
    over = days is not None and means.days is not None and days > means.days
    scope = data.tr(f"part-scope-{found.grid.budget_scope}")
    return Figures(
        (
            parts.figure(data, "rank-above", len(above), all=every),
            parts.figure(data, "rank-days", days, "days", tone="poor" if over else "",
                         of=_amount(data, means.days), unknown=parts.count(data, len(unsized))),
            parts.figure(data, "rank-money", money, "kilo",
                         of=_amount(data, means.money), scope=scope,
                         unknown=parts.count(data, int(above["money"].isna().sum()))),
            parts.figure(data, "rank-scored", len(scored), all=every,
                         least=parts.percent(data, found.grid.completeness)),
        )
    )  # fmt: skip


def _amount(data: PackData, value: float | None) -> str:
    return data.tr("part-no-limit") if value is None else parts.count(data, value)


def _criteria(found: Ranking, lang: str) -> list[Column]:
    weights = found.grid.weights(found.grid.scenarios[0])
    return [
        Column(f"part_{c.name}", c.label[lang], "number")
        for c in found.grid.criteria
        if weights[c.name]
    ]


def _ranked(data: PackData, rows: pd.DataFrame) -> Block:
    columns = [
        parts.column(data, "item", "code"),
        parts.column(data, "item_name"),
        parts.column(data, "rank", "count"),
        parts.column(data, "item_kind"),
        parts.column(data, "place", tone="place_tone"),
        parts.column(data, "score", "number"),
        parts.column(data, "still_fits"),
        parts.column(data, "duty"),
        parts.column(data, "decided"),
        parts.column(data, "item_days", "days"),
        parts.column(data, "days_after", "days"),
        parts.column(data, "item_money", "kilo"),
        parts.column(data, "money_after", "kilo"),
    ]
    note = data.tr("part-rank-list-note")
    return parts.table(data, "rank-list", _named(rows), columns, note=note)


def _scores(data: PackData, rows: pd.DataFrame, found: Ranking) -> Block:
    columns = [
        parts.column(data, "item", "code"),
        parts.column(data, "item_name"),
        parts.column(data, "rank", "count"),
        *_criteria(found, data.lang),
        parts.column(data, "score", "number"),
        parts.column(data, "complete", "share"),
        parts.column(data, "lacking"),
        parts.column(data, "source", "source"),
    ]
    least = parts.percent(data, found.grid.completeness)
    note = data.tr("part-rank-scores-note", least=least)
    return parts.table(data, "rank-scores", _named(rows), columns, note=note)


def _named(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.assign(decided=otherwise(rows["decided"]), lacking=otherwise(rows["lacking"].replace("", None)))  # fmt: skip
    return rows.assign(item_name=rows["name"], item_kind=rows["kind_word"], item_days=rows["days"], item_money=rows["money"], complete=rows["completeness"])  # fmt: skip


def _unplaced(data: PackData, rows: pd.DataFrame) -> Block:
    out = rows[rows["rank"].isna()]
    untold = [data.tr(f"part-untold-{n}") for n in ("days", "money")]
    gone = zip(out["days"].isna(), out["money"].isna(), strict=True)
    size = pd.Series([", ".join(w for w, g in zip(untold, g2, strict=True) if g) for g2 in gone], out.index, dtype="object")  # fmt: skip
    lacking = out["lacking"].where(out["position"] != "unsized", size)
    columns = [
        parts.column(data, "item", "code"),
        parts.column(data, "item_name"),
        parts.column(data, "item_kind"),
        parts.column(data, "place", tone="place_tone"),
        parts.column(data, "score", "number"),
        parts.column(data, "complete", "share"),
        parts.column(data, "lacking"),
        parts.column(data, "reason"),
        parts.column(data, "source", "source"),
    ]
    told = _named(out.assign(lacking=lacking, reason=otherwise(out["reason"])))
    note = data.tr("part-rank-unplaced-note")
    return parts.table(data, "rank-unplaced", told, columns, note=note)


def _bubbles(data: PackData, rows: pd.DataFrame, grid: Grid) -> Chart | None:
    known = rows[rows["score"].notna() & rows["days"].notna()]
    if len(known) < 2:
        return None
    largest = known["money"].fillna(0).nlargest(_NAMED).index
    frame = known[["item", "days", "score", "money"]].assign(
        name=known["item"].where(known.index.isin(largest), ""),
        tone=known["place_tone"],
    )
    above = int(known["position"].eq("above").sum())
    return Chart(
        "rank-bubbles",
        "bubbles",
        data.plural("part-rank-bubbles", above, all=parts.count(data, len(known))),
        frame.reset_index(drop=True),
        "days",
        (
            Series("score", data.tr("part-col-score")),
            Series("money", data.tr("part-col-item-money")),
        ),
        "count",
        x_label=data.tr("part-col-item-days"),
        y_label=data.tr("part-col-score"),
        text=data.tr(
            "part-rank-bubbles-text",
            shown=parts.count(data, len(known)),
            all=parts.count(data, len(rows)),
            scope=data.tr(f"part-scope-{grid.budget_scope}"),
        ),
    )


def scenarios(data: PackData, found: Ranking) -> Section:
    """Return where each item stands in every scenario."""
    rows = found.beside
    labels = {s.name: s.label[data.lang] for s in found.grid.scenarios}
    columns = [parts.column(data, "item", "code"), parts.column(data, "item_name")]
    told = rows.assign(item_name=rows["name"])
    for name, label in labels.items():
        place = rows[f"position_{name}"]
        words = place.map(lambda p: data.tr(f"part-position-{p}")).astype("object")
        tones = place.map(_TONES).fillna("unknown").astype("object")
        told = told.assign(**{f"place_{name}": words, f"tone_{name}": tones})
        rank = Column(f"rank_{name}", data.tr("part-col-rank-in", scenario=label), "count")  # fmt: skip
        stands = data.tr("part-col-place-in", scenario=label)
        columns += [rank, Column(f"place_{name}", stands, tone=f"tone_{name}")]
    moving = told[told["moves"]]
    counts = pd.DataFrame([_counted(data, found, name) for name in labels])
    means = [
        parts.column(data, "scenario"),
        parts.column(data, "weights"),
        parts.column(data, "means_days", "days"),
        parts.column(data, "means_money", "kilo"),
        parts.column(data, "n_above", "count"),
        parts.column(data, "above_days", "days"),
        parts.column(data, "above_money", "kilo"),
        parts.column(data, "n_below", "count"),
        parts.column(data, "n_unplaced", "count"),
    ]
    blocks: list[Block] = [
        parts.table(data, "rank-scenarios", counts, means),
        parts.table(data, "rank-moving", moving, columns),
        parts.table(data, "rank-beside", told, columns),
    ]
    lead = data.plural("part-scenarios-lead", len(moving), count_scenarios=len(labels))
    return parts.section(data, "scenarios", blocks, lead)


def _counted(data: PackData, found: Ranking, name: str) -> dict[str, object]:
    rows, means = found.scenarios[name], found.means[name]
    (scenario,) = (s for s in found.grid.scenarios if s.name == name)
    weights = found.grid.weights(scenario)
    labels = {c.name: c.label[data.lang] for c in found.grid.criteria}
    above = rows[rows["position"] == "above"]
    return {
        "scenario": scenario.label[data.lang],
        "weights": ", ".join(f"{labels[c]} {parts.count(data, w)}" for c, w in weights.items() if w),
        "means_days": means.days,
        "means_money": means.money,
        "n_above": len(above),
        "above_days": above["days"].sum(min_count=1),
        "above_money": above["money"].sum(min_count=1),
        "n_below": int(rows["position"].eq("below").sum()),
        "n_unplaced": int(rows["position"].isin(["unsized", "unscored"]).sum()),
    }  # fmt: skip


def arbitration(data: PackData, found: Ranking) -> Section:
    """Return the sheet to fill in, read back by its name and headers."""
    (spec,) = (s for s in register_specs() if s.name == "arbitrations")
    rows = _worded(data, found.first, found.grid)
    days = days_written(rows["decided_on"])
    told = _named(rows).assign(decision=rows["decided"], decided_on=days)  # fmt: skip
    codes = data.schemas.vocabularies["arbitration"].codes
    options = tuple(str(data.word("arbitration", c)) for c in codes)
    headers = {c.name: c.label[data.lang] for c in spec.columns}
    filled = [
        Column("decision", headers["decision"], options=options, fill=True),
        *(Column(n, headers[n], fill=True) for n in ("reason", "decided_by")),
        Column("decided_on", headers["decided_on"], "date", fill=True),
    ]
    columns = [
        Column("item", headers["item"], "code"),
        parts.column(data, "item_name"),
        parts.column(data, "place", tone="place_tone"),
        parts.column(data, "rank", "count"),
        parts.column(data, "score", "number"),
        parts.column(data, "item_days", "days"),
        parts.column(data, "item_money", "kilo"),
        *filled,
    ]
    blocks: list[Block] = [
        parts.table(data, "arbitration", told, columns, note=data.tr("part-arbitration-note"))
    ]  # fmt: skip
    if len(found.stray):
        lost = [
            Column("item", data.tr("part-col-stray-item"), "code"),
            Column("decision", data.tr("part-col-stray-decision")),
            parts.column(data, "why"),
            parts.column(data, "source", "source"),
        ]
        blocks.append(parts.table(data, "arbitration-stray", found.stray, lost))
    decided = int(rows["decision"].notna().sum())
    lead = data.plural("part-arbitration-lead", decided, all=parts.count(data, len(rows)))  # fmt: skip
    title = spec.label[data.lang]
    return Section("arbitrations", title, tuple(blocks), lead)


def criteria(data: PackData, found: Ranking) -> Section:
    """Return the grid: what each criterion weighs, where it is read, why."""
    rows = [
        {
            "criterion": c.label[data.lang],
            "weight": weight,
            "scale": _scale(data, c.scale, c.codes),
            "grid_reason": c.reason[data.lang],
            "marks_known": int(found.first[f"mark_{c.name}"].notna().sum()),
        }
        for c in found.grid.criteria
        if (weight := found.grid.weights(found.grid.scenarios[0])[c.name])
    ]
    columns = [
        parts.column(data, "criterion"),
        parts.column(data, "weight", "number", total=True),
        parts.column(data, "scale"),
        parts.column(data, "marks_known", "count"),
        parts.column(data, "grid_reason"),
    ]
    note = data.tr("part-criteria-note", all=parts.count(data, len(found.first)))
    frame = pd.DataFrame(rows, columns=[c.name for c in columns])
    block = parts.table(data, "criteria", frame, columns, note=note)
    return parts.section(data, "criteria", [block])


def _scale(
    data: PackData, scale: tuple[float, float], codes: Mapping[str, float]
) -> str:
    if codes:
        return ", ".join(f"{code} → {parts.percent(data, mark)}" for code, mark in codes.items())  # fmt: skip
    start, full = (parts.count(data, v) for v in scale)
    return f"{start} → {full}"
