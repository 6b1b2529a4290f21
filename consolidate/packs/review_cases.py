"""Assistance cases: who sees to which project, since when, and with what outcome."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.cases import with_news
from consolidate.model.case import OUTCOMES, days_to_action
from consolidate.model.pack import Column, Figure, Figures, Kind, Section, Table
from consolidate.packs.data import PackData
from consolidate.packs.review_shape import column, columns, once, otherwise
from consolidate.register.specs import review_specs

_FILLED = ("owner", "action", "acted_on", "outcome", "closed_on")
_KINDS: dict[str, Kind] = {
    "id": "code",
    "project": "code",
    "acted_on": "date",
    "closed_on": "date",
}
_TONES = {"there": "poor", "gone": "fair", "no_news": "unknown", "closed": "done"}


def section(data: PackData) -> Section:
    """Return how the cases stand: those that live, or closed this month."""
    found = cases(data)
    live = found[found["closed_on"].isna()]
    table = Table(
        id="cases",
        title=data.plural("review-cases-table", len(found)),
        columns=(
            *columns(
                data,
                id="code",
                project_code="code",
                project="text",
                cause="text",
                opened_on="date",
                owner_pmo="text",
                last_action="text",
                acted_on="date",
            ),
            column(data, "news_word", tone="news_tone"),
            *columns(data, outcome_word="text", closed_on="date", source="source"),
        ),
        frame=found,
        note=data.tr("review-cases-note"),
        empty=data.tr("review-cases-empty"),
    )
    alone = int(live["owner"].isna().sum())
    lead = data.plural("review-cases-lead", len(live), alone=alone)
    blocks = (_figures(data, found, live), table)
    return Section("cases", data.tr("review-cases"), blocks, lead)


def sheet(data: PackData) -> Section:
    """Return the sheet of cases, filled in during the meeting and read back."""
    found = cases(data)
    live = found[found["closed_on"].isna()]
    (spec,) = (s for s in review_specs() if s.name == "cases")
    table = Table(
        id="cases-sheet",
        title=spec.help[data.lang],
        columns=tuple(_column(data, c.name, c.label[data.lang]) for c in spec.columns),
        frame=live.assign(
            project=live["project_code"], action=None, acted_on=None, outcome=None
        ),
        note=data.tr("review-cases-sheet-note"),
        empty=data.tr("review-cases-empty"),
    )
    lead = data.tr("review-sheet-lead")
    return Section("cases-sheet", spec.label[data.lang], (table,), lead)


@once
def cases(data: PackData) -> pd.DataFrame:
    """Return the cases that live, or closed since the last review, the oldest first."""
    kept = data.registers.get("cases")
    here = data.portfolio
    found = with_news(kept, here.alerts, here.tables["projects"])
    closed = pd.to_datetime(found["closed_on"])
    first = pd.Timestamp(f"{here.period}-01")
    own = found[closed.isna() | (closed >= first)]
    titles = {n: s.title[data.lang] for n, s in data.rules.settings.items()}
    outcome = own["outcome"].dropna()
    news = own["news"].where(own["closed_on"].isna(), "closed")
    return own.assign(
        cause=own["rule"].map(titles).fillna(own["cause"]),
        owner_pmo=otherwise(own["owner"], data.tr("review-to-name")),
        last_action=otherwise(own["last_action"]),
        news_word=news.map(lambda n: data.tr(f"review-news-{n}")),
        news_tone=news.map(_TONES),
        outcome_word=outcome.map(lambda o: data.tr(f"cases-outcome-{o}")),
    )


def _column(data: PackData, name: str, label: str) -> Column:
    options: tuple[str, ...] = ()
    if name == "outcome":
        options = tuple(data.tr(f"cases-outcome-{o}") for o in OUTCOMES)
    fill = name in _FILLED
    return Column(name, label, _KINDS.get(name, "text"), fill=fill, options=options)


def _figures(data: PackData, found: pd.DataFrame, live: pd.DataFrame) -> Figures:
    period = data.portfolio.period
    opened = pd.to_datetime(found["opened_on"]).dt.strftime("%Y-%m").eq(period)
    closed = found["closed_on"].notna()
    every = data.registers.get("cases")
    median, acted = days_to_action(every)
    total = 0 if every is None else len(every)
    return Figures(
        (
            Figure(
                label=data.tr("review-fig-cases"),
                value=len(live),
                note=data.plural(
                    "review-cases-unowned", int(live["owner"].isna().sum())
                ),
                how=data.tr("review-fig-cases-how"),
                tone="fair" if len(live) else "good",
            ),
            Figure(
                label=data.tr("review-fig-cases-opened"),
                value=int(opened.sum()),
                note=data.plural("review-cases-closed", int(closed.sum())),
                how=data.tr("review-fig-cases-opened-how"),
            ),
            Figure(
                label=data.tr("review-fig-days"),
                value=median,
                kind="number",
                note=data.plural("review-of-cases", acted, total=total),
                how=data.tr("review-fig-days-how"),
                tone="unknown" if median is None else "",
            ),
        )
    )
