"""Commitments: what the last closed month promised for this one, and what is promised next."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.commitments import JUDGED, commitments, due, kept_rate
from consolidate.model.pack import Block, Figure, Figures, Section, Table, Text, Tone
from consolidate.packs.cells import cells
from consolidate.packs.data import PackData
from consolidate.packs.parts import MOST
from consolidate.packs.review_shape import (
    column,
    columns,
    day_of,
    days_told,
    month_named,
    once,
    otherwise,
    rates,
)

_TONES = {
    "kept": "good",
    "late": "poor",
    "missed": "poor",
    "dropped": "poor",
    "no_news": "unknown",
    "undated": "unknown",
    "pending": "fair",
}
_NAMED = 5


def section(data: PackData) -> Section:
    """Return what was promised for the month, kept or not, and what is promised next."""
    title = data.tr("review-commitments")
    blocks: list[Block] = []
    lead = data.tr(
        "review-commitments-none", period=month_named(data, data.portfolio.period)
    )
    if data.closed is None:
        blocks.append(Text((lead,), "unknown"))
    else:
        found = promised(data)
        lead = _lead(data, found)
        blocks += [_figures(data, found), _dated(data, found), *_services(data, found)]
    return Section("commitments", title, (*blocks, _next(data)), lead)


@once
def promised(data: PackData) -> pd.DataFrame:
    """Return the commitments of the month with what came of them, words and cells.

    Returns:
        Columns of ``commitments`` with ``kind_word``, ``outcome_word``, ``tone``,
        ``before_cell`` and ``after_cell``; no row without a closed month.
    """
    here = data.portfolio
    published = data.closed.tables if data.closed else here.tables
    found = commitments(published, here.tables, here.period, here.as_of)
    found = found if data.closed else found.iloc[:0]
    after = found[["table"]].assign(
        record_id=found["after_record"], field=found["after_field"]
    )
    return found.assign(
        kind_word=found["kind"].map(lambda k: data.tr(f"review-kind-{k}")),
        outcome_word=found["outcome"].map(lambda o: data.tr(f"review-outcome-{o}")),
        tone=found["outcome"].map(_TONES),
        before_cell=cells(data.closed or here, found),
        after_cell=cells(here, after),
    )


def kept_figure(data: PackData, found: pd.DataFrame, kind: str = "") -> Figure:
    """Return the kept rate, of all commitments or of one kind."""
    own = found[found["kind"] == kind] if kind else found
    kept, known = kept_rate(own)
    rate = kept / known if known else None
    note = (
        data.plural("review-kept-note", kept, known=known, promised=len(own))
        if data.closed
        else data.tr("review-no-closed")
    )
    judged = own[own["outcome"].isin(JUDGED)]
    first = [*judged["before_cell"].head(_NAMED), *judged["after_cell"].head(_NAMED)]
    return Figure(
        label=data.tr("review-kept-milestones" if kind else "review-kept-rate"),
        value=rate,
        kind="share",
        note=note,
        how=data.tr("review-kept-how"),
        cells=tuple(dict.fromkeys(c for c in first if c)),
        tone=_rate_tone(rate),
    )


def _rate_tone(rate: float | None) -> Tone:
    if rate is None:
        return "unknown"
    if rate >= 0.9:
        return "good"
    return "fair" if rate >= 0.7 else "poor"


def _lead(data: PackData, found: pd.DataFrame) -> str:
    assert data.closed is not None
    kept, known = kept_rate(found)
    told = {
        "kept": kept,
        "known": known,
        "closed": month_named(data, data.closed.period),
    }
    if not known:
        return data.tr("review-commitments-nothing", **told)
    return data.plural("review-commitments-lead", len(found), **told)


def _figures(data: PackData, found: pd.DataFrame) -> Figures:
    counts = found["outcome"].value_counts()
    of = data.plural("review-of-promised", len(found))
    told = [
        Figure(
            label=data.tr(f"review-outcome-{name}"),
            value=int(counts.get(name, 0)),
            note=of,
            how=data.tr(f"review-outcome-{name}-how"),
            cells=tuple(
                found.loc[found["outcome"] == name, "before_cell"].head(_NAMED)
            ),
            tone=_TONES[name] if counts.get(name, 0) else "",  # type: ignore[arg-type]
        )
        for name in ("kept", "late", "missed", "dropped", "no_news", "undated")
        if counts.get(name, 0) or name in JUDGED
    ]
    return Figures((kept_figure(data, found), *told))


def _dated(data: PackData, found: pd.DataFrame) -> Table:
    own = found[found["table"] != "services"]
    frame = own.assign(
        due=day_of(own["due"]),
        done_on=days_told(data, own["done_on"]),
        now_due=days_told(data, own["now_due"]),
    )  # fmt: skip
    shown = columns(
        data,
        kind_word="text",
        project_code="code",
        project="text",
        object="text",
        owner="text",
        due="date",
        done_on="text",
        now_due="text",
        days_late="gap",
        before_cell="source",
        after_cell="source",
    )
    return Table(
        id="commitments-dated",
        title=data.tr("review-commitments-dated"),
        columns=(column(data, "outcome_word", tone="tone"), *shown),
        frame=frame.head(MOST),
        note=_note(data, "review-commitments-note", len(frame)),
        empty=data.tr("review-commitments-empty"),
        group="outcome_word",
    )


def _services(data: PackData, found: pd.DataFrame) -> tuple[Table, ...]:
    own = found[found["table"] == "services"]
    if own.empty:
        return ()
    own = own.assign(
        target=rates(data, own["target"]), actual=rates(data, own["actual"])
    )
    shown = columns(
        data,
        project_code="code",
        object="text",
        target="text",
        actual="text",
        before_cell="source",
        after_cell="source",
    )
    title = data.tr("review-commitments-services")
    note = data.tr("review-commitments-services-note")
    listed = (column(data, "outcome_word", tone="tone"), *shown)
    return (Table("commitments-services", title, listed, own, note),)


def _next(data: PackData) -> Table:
    here = data.portfolio
    after = str(pd.Period(here.period, "M") + 1)
    found = due(here.tables, after)
    frame = found.assign(
        kind_word=found["kind"].map(lambda k: data.tr(f"review-kind-{k}")),
        due=day_of(found["due"]),
        target=otherwise(rates(data, found["target"])),
        after_cell=cells(here, found),
    )
    shown = columns(
        data,
        kind_word="text",
        project_code="code",
        project="text",
        object="text",
        owner="text",
        due="date",
        target="text",
        after_cell="source",
    )
    return Table(
        id="commitments-next",
        title=data.plural(
            "review-commitments-next", len(found), month=month_named(data, after)
        ),
        columns=shown,
        frame=frame.head(MOST),
        note=_note(data, "review-commitments-next-note", len(frame)),
        empty=data.tr("review-commitments-next-empty"),
        group="kind_word",
    )


def _note(data: PackData, key: str, count: int) -> str:
    told = data.tr(key)
    if count <= MOST:
        return told
    return f"{told} {data.tr('review-first-listed', listed=MOST, count=count)}"
