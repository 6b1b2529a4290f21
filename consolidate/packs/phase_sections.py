"""The life cycle: projects by phase, the deliverables they owe, the gates ahead."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.columns import dated
from consolidate.analyse.history import History, Month
from consolidate.analyse.lifecycle import (
    deliverable_matrix,
    expected_deliverables,
    lacking,
)
from consolidate.analyse.places import is_live
from consolidate.model.pack import (
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

_STATUSES: tuple[tuple[str, Tone], ...] = (
    ("red", "poor"),
    ("amber", "fair"),
    ("green", "good"),
    ("blue", "done"),
    ("", "unknown"),
)


def phases(data: PackData) -> Section:
    """Return the running projects by phase, with what their phase still lacks."""
    live = _live(data)
    expected = _expected(data)
    rows = _projects(data, live, expected)
    told = live["phase"].notna()
    blocks: list[Block] = [_figures(data, live, rows)]
    if told.any():
        blocks.append(_by_phase(data, live[told]))
    blocks += [_lacking(data, rows), _gates(data, live, rows)]
    lead = data.plural("part-phases-lead", int(told.sum()), all=parts.count(data, len(live)))  # fmt: skip
    return parts.section(data, "phases", blocks, lead)


def deliverables(data: PackData) -> Section:
    """Return the deliverables against the phases, and what is late of those listed."""
    live = _live(data)
    expected = _expected(data)
    found = deliverable_matrix(expected, live)
    blocks: list[Block] = []
    if len(found):
        blocks.append(_matrix(data, found))
    blocks.append(_late(data, live))
    judged = expected["project_code"].nunique()
    if not judged and not len(data.table("deliverables")):
        nothing = Text((data.tr("part-deliverables-none"),), tone="unknown")
        return parts.section(data, "deliverables", [nothing])
    lead = data.plural("part-deliverables-lead", judged, all=parts.count(data, len(live)))  # fmt: skip
    return parts.section(data, "deliverables", blocks, lead)


def _live(data: PackData) -> pd.DataFrame:
    projects = data.table("projects")
    return projects[is_live(projects)].drop_duplicates("project_code")


def _expected(data: PackData) -> pd.DataFrame:
    portfolio = data.portfolio
    history = History(
        (Month(portfolio.period, portfolio.as_of, portfolio.tables),),
        data.schemas,
        {"deliverables": ("deliverable_type", "state")},
    )
    rows = history.table("projects")
    over = rows["project_state"].isin(("completed", "cancelled", "archived"))
    rows = rows[~over & ~rows["project_kind"].eq("mco")]
    return expected_deliverables(rows, history, data.rules)


def _projects(
    data: PackData, live: pd.DataFrame, expected: pd.DataFrame
) -> pd.DataFrame:
    """Return running projects in the order of phases, with what they lack."""
    own = lacking(expected).reindex(live["project_code"]).set_axis(live.index)
    order = {c: n for n, c in enumerate(data.schemas.vocabularies["phase"].codes)}
    place = live["phase"].map(order).fillna(len(order))
    rows = live.assign(place=place, **{str(n): own[n] for n in own})
    return rows.sort_values(["place", "project_code"], kind="stable")


def _figures(data: PackData, live: pd.DataFrame, rows: pd.DataFrame) -> Figures:
    judged = rows["expected"].notna()
    owing = rows["before"].notna()
    share = rows.loc[judged, "done"].sum() / max(rows.loc[judged, "expected"].sum(), 1)
    known = bool(rows.loc[judged, "expected"].sum() > 0)
    green = data.rules.status["quality_green"]
    red = data.rules.status["quality_red"]
    tone: Tone = "" if not known else "poor" if share < red else "fair" if share < green else "good"  # fmt: skip
    every = parts.count(data, len(live))
    return Figures(
        (
            parts.figure(data, "phase-told", int(live["phase"].notna().sum()), all=every),
            parts.figure(data, "judged", int(judged.sum()), all=every),
            parts.figure(
                data,
                "owing",
                int(owing.sum()),
                tone="poor" if owing.any() else "",
                judged=parts.count(data, judged.sum()),
                cells=parts.with_source(rows[owing])["source"],
            ),
            parts.figure(
                data,
                "validated",
                float(share) if known else None,
                "share",
                tone=tone,
                expected=parts.count(data, rows.loc[judged, "expected"].sum()),
            ),
        )
    )  # fmt: skip


def _by_phase(data: PackData, live: pd.DataFrame) -> Chart:
    status = live["status"].fillna("").replace("grey", "")
    counts = pd.crosstab(live["phase"], status)
    order = [p for p in data.schemas.vocabularies["phase"].codes if p in counts.index]
    found = [(s, tone) for s, tone in _STATUSES if s in counts]
    named = {s: data.word("rag", s) or data.tr("part-no-status") for s, _ in found}
    frame = counts.loc[order, [s for s, _ in found]].reset_index(drop=True)
    columns = {s: s or "untold" for s, _ in found}
    frame = frame.rename(columns=columns)
    frame["phase"] = [parts.short(str(data.word("phase", p))) for p in order]
    most = counts.loc[order].sum(axis=1)
    top = str(data.word("phase", most.idxmax()))
    return Chart(
        "phase-bars",
        "stacked",
        data.tr("part-phase-bars", phase=top, count=parts.count(data, most.max())),
        frame,
        "phase",
        tuple(Series(columns[s], named[s], tone) for s, tone in found),
        y_label=data.tr("part-col-rows"),
        text=data.tr("part-phase-bars-text"),
    )


def _types(data: PackData, listed: pd.Series) -> pd.Series:
    """Return types, ``;`` between them, as people call them."""
    known = {
        text: " · ".join(
            parts.short(str(data.word("deliverable_type", t))) for t in text.split(";")
        )
        for text in listed.dropna().unique()
    }
    return listed.map(known).astype("object")


def _lacking(data: PackData, rows: pd.DataFrame) -> Table:
    judged = rows["expected"].notna()
    owing = rows["before"].notna() | rows["now"].notna()
    shown = rows[owing | ~judged]
    tone = shown["before"].notna().map({True: "poor", False: ""})
    told = parts.with_source(shown).assign(
        phase=data.words("phase", shown["phase"]),
        lacks_before=parts.otherwise(_types(data, shown["before"])),
        lacks_now=parts.otherwise(_types(data, shown["now"])),
        lacks_tone=tone,
    )
    unknown = ~judged.reindex(told.index)
    nothing = data.tr("part-no-deliverable")
    told["lacks_before"] = told["lacks_before"].mask(unknown, nothing)
    columns = [
        parts.column(data, "phase"),
        parts.field(data, "projects", "project_code", "code"),
        parts.field(data, "projects", "name"),
        parts.column(data, "done", "count", tone="lacks_tone"),
        parts.column(data, "expected", "count"),
        parts.column(data, "lacks_before"),
        parts.column(data, "lacks_now"),
        parts.column(data, "source", "source"),
    ]
    note = data.tr("part-lacking-note")
    return parts.table(data, "lacking", told, columns, note=note, group="phase")


def _gates(data: PackData, live: pd.DataFrame, rows: pd.DataFrame) -> Table:
    """Return the next gate of each project, and what its deliverables still lack."""
    stones = data.table("milestones")
    open_ = stones["end_actual"].isna() & ~stones["state"].isin(("completed", "cancelled"))  # fmt: skip
    own = stones[open_ & stones["milestone_type"].eq("gate")]
    own = own[own["project_code"].isin(live["project_code"])]
    due = pd.Series(dated(own["end_forecast"].fillna(own["end_baseline"])), own.index)
    own = own.assign(due=due)[due.notna()].sort_values(["due", "project_code"], kind="stable")  # fmt: skip
    own = own.drop_duplicates("project_code")
    project = rows.set_index("project_code").reindex(own["project_code"])
    now = pd.Timestamp(data.portfolio.as_of)
    told = parts.with_names(data, parts.with_source(own)).assign(
        phase=data.words("phase", project["phase"]).to_numpy(),
        due_tone=(own["due"] < now).map({True: "poor", False: ""}),
        lacks_before=parts.otherwise(_types(data, project["before"])).to_numpy(),
    )
    columns = [
        parts.column(data, "due", "date", tone="due_tone"),
        parts.field(data, "projects", "project_code", "code"),
        parts.column(data, "project"),
        parts.column(data, "phase"),
        parts.field(data, "milestones", "name"),
        parts.column(data, "lacks_before"),
        parts.column(data, "source", "source"),
    ]
    note = data.tr("part-gates-note")
    return parts.table(data, "gates", told, columns, note=note)


def _matrix(data: PackData, found: pd.DataFrame) -> Chart:
    order = data.schemas.vocabularies["phase"].codes
    place = {p: n for n, p in enumerate(order)}
    types = list(dict.fromkeys(t for p in data.rules.lifecycle.values() for t in p))
    rank = {t: n for n, t in enumerate(types)}
    short = (found["done"] < found["expected"]) & ~found["is_current"]
    started = found["delivered"] < found["expected"]
    tone = pd.Series("good", found.index, dtype="object")
    tone = tone.mask(started & found["is_current"], "fair").mask(short, "poor")
    done = found["done"].where(~found["is_current"], found["delivered"])
    text = done.astype("int64").astype("str") + "/" + found["expected"].astype("str")
    frame = found.assign(
        text=text,
        tone=tone,
        row=found["type"].map(rank),
        place=found["phase"].map(place),
    ).sort_values(["row", "place"], kind="stable")
    first = frame.sort_values("place", kind="stable")["phase"].unique()
    columns = {p: parts.short(str(data.word("phase", p))) for p in first}
    frame = frame.assign(
        deliverable=data.words("deliverable_type", frame["type"]).map(parts.short),
        column=frame["phase"].map(columns),
    )
    ordered = frame.sort_values(["place", "row"], kind="stable")
    return Chart(
        "deliverable-matrix",
        "matrix",
        data.plural("part-deliverable-matrix", int(short.sum())),
        ordered[["deliverable", "column", "text", "tone"]].reset_index(drop=True),
        "deliverable",
        x_label=data.tr("part-axis-phase"),
        y_label=data.tr("part-axis-deliverable"),
        text=data.tr("part-deliverable-matrix-text"),
    )


def _late(data: PackData, live: pd.DataFrame) -> Table:
    rows = data.table("deliverables")
    rows = rows[rows["project_code"].isin(live["project_code"])]
    due = pd.Series(dated(rows["due_date"]), rows.index)
    there = rows["delivered_on"].notna() | rows["validated_on"].notna()
    there |= rows["state"].isin(("delivered", "validated", "not_applicable"))
    now = pd.Timestamp(data.portfolio.as_of)
    own = rows.assign(due=due)[~there & (due < now)].sort_values("due", kind="stable")
    told = parts.with_names(data, parts.with_source(own)).assign(
        state=data.words("deliverable_state", own["state"]),
        days_left=(own["due"] - now).dt.days.astype("float64"),
    )
    columns = [
        parts.column(data, "due", "date"),
        parts.column(data, "days_left", "gap"),
        parts.field(data, "projects", "project_code", "code"),
        parts.column(data, "project"),
        parts.field(data, "deliverables", "name"),
        parts.field(data, "deliverables", "state"),
        parts.column(data, "source", "source"),
    ]
    note = data.tr("part-deliverable-late-note", dated=parts.count(data, due.notna().sum()), all=parts.count(data, len(rows)))  # fmt: skip
    return parts.table(data, "deliverable-late", told, columns, note=note)
