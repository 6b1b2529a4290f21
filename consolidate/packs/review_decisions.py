"""Agenda, last review's decisions followed up, and the sheet filled in during the meeting."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pandas as pd

from consolidate.analyse.movements import movements
from consolidate.model.pack import Column, Figure, Figures, Kind, Section, Table
from consolidate.packs.cells import cells
from consolidate.packs.data import PackData, sources
from consolidate.packs.review_assistance import needing
from consolidate.packs.review_commitments import promised
from consolidate.packs.review_requests import waiting
from consolidate.packs.review_shape import (
    column,
    columns,
    excerpt,
    month_named,
    names,
    once,
)
from consolidate.register.specs import review_specs
from consolidate.report import moves as shown

_NAMED = 3
BLANK = 15
"""Rows left empty for decisions nobody had foreseen."""
_LEVELS = ("immediate", "this_month", "watch")
_ITEM = [
    *("id", "urgency", "kind", "project_code", "project", "subject", "why", "cell"),
]
_FILLED = ("decision", "owner", "due", "state", "comment")
_KINDS = ("decision", "action", "re_baseline", "change_request")
_OVER = ("closed", "cancelled")
_DONE_TONES = {"closed": "good", "cancelled": "unknown", "late": "poor"}


def agenda(data: PackData) -> Section:
    """Return what the meeting is to deal with, the most urgent first."""
    found = items(data)
    level = found["urgency"]
    frame = found.assign(
        rank=range(1, len(found) + 1),
        level_word=level.map(lambda v: data.tr(f"review-level-{v}")),
        tone=level.map({"immediate": "poor", "this_month": "fair", "watch": ""}),
        topic=found["why"],
    )
    table = Table(
        id="agenda",
        title=data.plural("review-agenda-table", len(found)),
        columns=(
            column(data, "level_word", tone="tone"),
            *columns(
                data,
                rank="count",
                topic="text",
                project_code="code",
                project="text",
                subject="text",
                cell="source",
            ),
        ),
        frame=frame,
        note=data.tr("review-agenda-note"),
        empty=data.tr("review-agenda-empty"),
        group="level_word",
    )
    immediate = int((found["urgency"] == "immediate").sum())
    lead = data.plural("review-agenda-lead", immediate, total=len(found))
    return Section("agenda", data.tr("review-agenda"), (table,), lead)


def follow_up(data: PackData) -> Section:
    """Return what became of the decisions of earlier reviews."""
    found = followed(data)
    over = found["state"].isin(("closed",))
    known = int((~found["state"].eq("cancelled")).sum())
    late = int((found["state"] == "late").sum())
    done = Figure(
        label=data.tr("review-followed-done"),
        value=int(over.sum()) if len(found) else None,
        note=data.plural("review-of-decisions", known),
        how=data.tr("review-followed-how"),
        cells=tuple(found.loc[over, "cell"].head(5)),
        tone="" if len(found) else "unknown",
    )
    overdue = Figure(
        label=data.tr("review-followed-late"),
        value=late if len(found) else None,
        note=data.plural("review-of-decisions", known),
        how=data.tr("review-followed-late-how"),
        cells=tuple(found.loc[found["state"] == "late", "cell"].head(5)),
        tone="poor" if late else "" if len(found) else "unknown",
    )
    table = Table(
        id="follow-up",
        title=data.plural("review-followed-table", len(found)),
        columns=columns(
            data,
            review="month",
            id="code",
            project_code="code",
            subject="text",
            decision="text",
            owner="text",
            due="date",
            state_word="text",
            comment="text",
            cell="source",
        ),
        frame=found,
        note=data.tr("review-followed-note"),
        empty=data.tr("review-followed-empty"),
    )
    if found.empty:
        title, lead = data.tr("review-followed"), data.tr("review-followed-none")
        return Section("follow-up", title, (replace(table, title=title),), lead)
    lead = data.plural("review-followed-lead", late, total=len(found))
    blocks = (Figures((done, overdue)), table)
    return Section("follow-up", data.tr("review-followed"), blocks, lead)


def sheet(data: PackData) -> Section:
    """Return the sheet of decisions: what is asked for, what is still open, blank rows."""
    asked = items(data)
    due = followed(data)
    still = due[~due["state"].isin(_OVER)]
    kinds = data.words("action_type", asked["kind"])
    new = asked.assign(review=data.portfolio.period, kind=kinds, project=asked["project_code"])  # fmt: skip
    old = still.assign(
        kind=data.words("action_type", still["kind"]),
        project=still["project_code"],
        state=still["state_word"],
    )
    (spec,) = (s for s in review_specs() if s.name == "decisions")
    fields = [c.name for c in spec.columns]
    frame = pd.concat([old.reindex(columns=fields), new.reindex(columns=fields)])
    table = Table(
        id="decisions",
        title=spec.help[data.lang],
        columns=tuple(_column(data, c.name, c.label[data.lang]) for c in spec.columns),
        frame=frame.reset_index(drop=True),
        note=data.tr(
            "review-sheet-note", period=month_named(data, data.portfolio.period)
        ),
        blank=BLANK,
    )
    lead = data.tr("review-sheet-lead")
    return Section("decisions", spec.label[data.lang], (table,), lead)


def _column(data: PackData, name: str, label: str) -> Column:
    kinds: dict[str, Kind] = {"id": "code", "project": "code", "due": "date"}  # fmt: skip
    options: tuple[str, ...] = ()
    if name == "kind":
        options = tuple(str(data.word("action_type", k)) for k in _KINDS)
    if name == "state":
        codes = data.schemas.vocabularies["action_state"].codes
        options = tuple(str(data.word("action_state", c)) for c in codes if c != "late")
    fill = name in _FILLED or name == "kind"
    return Column(name, label, kinds.get(name, "text"), fill=fill, options=options)


@once
def items(data: PackData) -> pd.DataFrame:
    """Return what the meeting is to decide, the most urgent first.

    Returns:
        Columns ``id`` (stable for the month), ``urgency``, ``kind`` (code of
        ``action_type``), ``project_code``, ``project``, ``subject``, ``why``, ``cell``.
    """
    parts = [
        _asked(data),
        _urgent(data),
        _broken(data),
        _pending(data),
        _rebaselined(data),
        _arbitrations(data),
    ]
    filled = [p.reindex(columns=[*_ITEM, "key"]) for p in parts if len(p)]
    if not filled:
        return pd.DataFrame(columns=_ITEM, dtype="object")
    found = pd.concat(filled, ignore_index=True)
    period = data.portfolio.period
    rank = found["urgency"].map({name: k for k, name in enumerate(_LEVELS)})
    score = data.portfolio.priorities.set_index("project_code")["score"]
    found = found.assign(
        id=[f"{period}-{_mark(k)}" for k in found["key"]],
        _rank=rank,
        _score=-found["project_code"].map(score).astype("float64").fillna(0.0),
        _turn=range(len(found)),
    ).sort_values(["_rank", "_score", "_turn"], ignore_index=True)
    return found.drop_duplicates("id", ignore_index=True)[_ITEM]


def _mark(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:5].upper()


def _joined(texts: pd.Series, more: pd.Series) -> pd.Series:
    # A column of an empty frame may be of numbers.
    return texts.astype("object") + " – " + more.astype("object")


def _urgency(data: PackData, codes: pd.Series, otherwise: str) -> pd.Series:
    ranked = data.portfolio.priorities.set_index("project_code")["level"]
    return codes.map(ranked).fillna(otherwise)


def _asked(data: PackData) -> pd.DataFrame:
    """Return what project managers ask the committee for."""
    rows = data.table("projects")
    rows = rows[rows["decisions"].notna() & ~rows["state"].isin(("completed", "cancelled", "archived"))]  # fmt: skip
    lineage = rows.assign(table="projects", field="decisions")
    return rows.assign(
        key="asked " + rows["record_id"],
        urgency=_urgency(data, rows["project_code"], "this_month"),
        kind="decision",
        project=rows["name"],
        subject=excerpt(rows["decisions"]),
        why=data.tr("review-why-asked"),
        cell=cells(data.portfolio, lineage),
    )


def _urgent(data: PackData) -> pd.DataFrame:
    """Return the projects to be helped at once that ask for nothing in writing."""
    found = needing(data)
    projects = data.table("projects")
    said = projects.loc[projects["decisions"].notna(), "project_code"]
    own = found[found["level"].eq("immediate") & ~found["project_code"].isin(said)]
    return own.assign(
        key="help " + own["project_code"],
        urgency="immediate",
        kind="action",
        subject=_joined(own["causes"], own["proposed"]),
        why=data.tr("review-why-help"),
    )


def _broken(data: PackData) -> pd.DataFrame:
    """Return the commitments that were not kept, one matter a project."""
    found = promised(data)
    own = found[found["outcome"].isin(("late", "missed", "dropped"))]
    told = _joined(own["object"].fillna("?"), own["outcome_word"])
    cell = own["after_cell"].where(own["after_cell"] != "", own["before_cell"])
    matters = _by_project(data, own.assign(told=told, cell=cell))
    return matters.assign(
        key="commitment " + matters["project_code"].astype("object"),
        urgency="this_month",
        kind="action",
        why=data.tr("review-why-commitment"),
    )


def _by_project(data: PackData, rows: pd.DataFrame) -> pd.DataFrame:
    """Return one matter a project of what is ``told`` of it, its first cell with it."""
    groups = rows.groupby("project_code", sort=False)
    found = groups[["project", "cell"]].first().reset_index()
    texts = [
        " ; ".join(told.head(_NAMED))
        + (" ; " + data.plural("review-and-more", len(told) - _NAMED) if len(told) > _NAMED else "")
        for _, told in groups["told"]
    ]  # fmt: skip
    return found.assign(subject=excerpt(pd.Series(texts, found.index, dtype="object")))


def _pending(data: PackData) -> pd.DataFrame:
    """Return the decisions still open in the projects' own lists."""
    rows = data.table("actions")
    is_open = ~rows["state"].isin(_OVER) & rows["closed_on"].isna()
    own = rows[rows["kind"].isin(("decision", "change_request")) & is_open]
    title = own["title"].fillna(own["description"]).fillna(own["code"]).fillna("?")
    return own.assign(
        key="pending " + own["record_id"],
        urgency=_urgency(data, own["project_code"], "watch"),
        project=own["project_code"].map(names(data)),
        subject=excerpt(title),
        why=data.tr("review-why-pending"),
        cell=sources(own),
    )


def _rebaselined(data: PackData) -> pd.DataFrame:
    """Return the baselines that moved without a decision: to be decided, or put back."""
    if data.closed is None:
        return pd.DataFrame()
    here = data.portfolio
    found = moved(data)
    own = found[found["move"] == "rebaselined"]
    own = own[~own["project_code"].isin(rebaselines(data))]
    told = own["object"].fillna(own["project"]).fillna("?").astype("str")
    moves = own.astype("object").where(own.notna(), None).to_dict("records")
    change = [
        f"{shown.field(m, data.schemas, data.lang)} : "
        f"{shown.value(m, 'before', data.schemas, data.lang)} → "
        f"{shown.value(m, 'after', data.schemas, data.lang)}"
        for m in moves
    ]
    texts = _joined(told, pd.Series(change, own.index, dtype="object"))
    matters = _by_project(data, own.assign(told=texts, cell=cells(here, own)))
    return matters.assign(
        key="baseline " + matters["project_code"].astype("object"),
        urgency="this_month",
        kind="re_baseline",
        why=data.tr("review-why-baseline"),
    )


@once
def moved(data: PackData) -> pd.DataFrame:
    """Return the movements since the last closed month; none without one."""
    here = data.portfolio
    last = here if data.closed is None else data.closed
    return movements(last.tables, here.tables, here.period)


def rebaselines(data: PackData) -> set[str]:
    """Return the projects whose new baselines a review decided, since the last closed month."""
    kept = data.registers.get("decisions")
    if kept is None or kept.empty:
        return set()
    own = kept[kept["kind"].isin(("re_baseline", "change_request"))]
    since = data.closed.period if data.closed else ""
    own = own[own["review"].between(since, data.portfolio.period)]
    return set(own["project_code"].dropna())


def _arbitrations(data: PackData) -> pd.DataFrame:
    found = waiting(data)
    own = found[found["code_of_state"] == "to_arbitrate"]
    name = own["code"].fillna("") + " " + own["object"].fillna("")
    return own.assign(
        key="request " + own["record_id"],
        urgency="watch",
        kind="decision",
        project=own["establishment"],
        subject=excerpt(name),
        why=data.tr("review-why-request"),
    )


@once
def followed(data: PackData) -> pd.DataFrame:
    """Return the decisions of the reviews before, as last told, with their state now.

    One that is open past its date is ``late``; one without a state is open.
    """
    fields = [
        *("id", "review", "kind", "project_code", "subject", "decision"),
        *("owner", "due", "state", "comment", "cell"),
    ]
    kept = data.registers.get("decisions")
    if kept is None or kept.empty:
        return pd.DataFrame(columns=[*fields, "state_word"], dtype="object")
    period = data.portfolio.period
    own = kept[(kept["review"] < period) & (kept["told_in"] <= period)]
    last = own.drop_duplicates("id", keep="last")
    due = pd.to_datetime(last["due"])
    state = last["state"].fillna("open").astype("object")
    past = due.notna() & (due < pd.Timestamp(data.portfolio.as_of))
    state = state.mask(past & ~state.isin(_OVER), "late")
    told = last.assign(state=state, state_word=data.words("action_state", state))
    # What is over is told once: in the review after the one that says so.
    over = told["state"].isin(_OVER) & (told["told_in"] < own["told_in"].max())
    found: pd.DataFrame = told.loc[~over, [*fields, "state_word"]]
    return found.sort_values(["review", "id"], ignore_index=True)
