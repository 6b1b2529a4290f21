"""The page of general management: ten figures, what goes well, what to decide, when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from consolidate.analyse.columns import dated
from consolidate.analyse.deadlines import deadlines
from consolidate.analyse.headline import by_scope, headline, run_and_build
from consolidate.model.pack import (
    Block,
    Chart,
    Column,
    Figure,
    Figures,
    Pack,
    Section,
    Table,
    Tone,
)
from consolidate.packs import parts
from consolidate.packs.data import PackData, sources
from consolidate.packs.frame import pack
from consolidate.packs.readers import Narrower
from consolidate.packs.review_assistance import needing
from consolidate.packs.review_headline import status_over_time

_TOP = 5
_MONTHS = 12
_RECENT = 90
"""Days back that a success is told of."""

_COUNTS = ("running", "red", "late", "risks", "services")
_BAD = ("red", "late", "risks", "services")
_MONEY = ("reference", "committed", "forecast_cost")
_STATES: dict[str, Tone] = {
    "converged": "good",
    "in_progress": "fair",
    "not_planned": "poor",
    "planned": "unknown",
}


def packs(data: PackData) -> tuple[Pack, ...]:
    """Return the page of general management; it names nobody but sponsors."""
    every = Narrower.of(data)
    own = every.direction()
    page = section(own)
    if data.direction == "all":
        return (pack(own, "direction", (page,)),)
    waiting = every.waiting
    told = data.plural(
        "boss-fed",
        len(waiting),
        fed=len(own.table("projects")),
        all=len(own.table("projects")) + len(waiting),
    )
    page = replace(page, lead=f"{page.lead} {told}")
    return (pack(own, "direction", (page, *_waiting(own, waiting))),)


def _waiting(data: PackData, waiting: pd.DataFrame) -> Iterator[Section]:
    """Yield the projects that the page does not tell of, and why."""
    if waiting.empty:
        return
    state = waiting["layout_state"].astype("object").fillna("").astype("str")
    reasons = {s: data.tr(f"boss-wait-{s or 'unknown'}") for s in state.unique()}
    frame = waiting.assign(
        project=waiting["project_code"] + " " + waiting["name"].fillna(""),
        reason=state.map(reasons),
    )
    columns = (
        Column("project", data.tr("boss-project")),
        Column("reason", data.tr("boss-wait-reason")),
    )
    lead = data.plural("boss-waiting", len(waiting))
    table = parts.table(data, "boss-waiting", frame, columns)
    yield Section("waiting", data.tr("boss-waiting"), (table,), lead)


def section(data: PackData) -> Section:
    """Return the page."""
    now = headline(data.portfolio.tables, data.portfolio.period, data.portfolio.as_of)
    lead = data.plural(
        "boss-lead", now["running"].value or 0, red=now["red"].value or 0
    )
    blocks = tuple(_blocks(data))
    return Section("direction", data.tr("boss"), blocks, lead, one_page=True)


def _blocks(data: PackData) -> Iterator[Block]:
    now = headline(data.portfolio.tables, data.portfolio.period, data.portfolio.as_of)
    yield Figures(tuple(_figures(data)))
    status = status_over_time(data, now["running"])
    yield status[-1]
    yield _concerns(data)
    yield _successes(data)
    yield _ahead(data)
    yield from _convergence(data)


def _figures(data: PackData) -> Iterator[Figure]:
    here, last = data.portfolio, data.closed
    now = headline(here.tables, here.period, here.as_of)
    before = headline(last.tables, last.period, last.as_of) if last else {}
    for name in _COUNTS:
        count = now[name]
        tone: Tone = "poor" if name in _BAD and count.value else ""
        yield Figure(
            data.tr(f"boss-fig-{name}"),
            count.value,
            note=data.plural(f"review-of-{name}", count.base),
            how=data.tr(f"review-fig-{name}-how"),
            cells=tuple(sources(count.hits.head(3))),
            tone="unknown" if count.value is None else tone,
            before=before[name].value if name in before else None,
        )
    yield from _amounts(data)
    yield _run_share(data)
    yield _benefits(data)


def _amounts(data: PackData) -> Iterator[Figure]:
    """Yield the money of the scope that most projects tell; others are never added."""
    found = by_scope(data.table("projects"))
    told = found[found["scope"] != "unknown"]
    row = None
    if len(told):
        row = told.sort_values("projects", ascending=False, kind="stable").iloc[0]
    for name in _MONEY:
        amount = float(row[name]) if row is not None and pd.notna(row[name]) else None
        yield Figure(
            data.tr(f"boss-fig-{name}"),
            amount,
            "kilo",
            note=_scope(data, row, name),
            how=data.tr("boss-fig-money-how"),
        )


def _scope(data: PackData, row: pd.Series | None, name: str) -> str:
    if row is None:
        return data.tr("boss-scope-unknown")
    year = str(row["year"]) if pd.notna(row["year"]) else ""
    scope = data.tr(f"review-scope-{row['scope']}")
    known = data.tr("boss-known", known=int(row[f"{name}_known"]), all=int(row["projects"]))  # fmt: skip
    return f"{scope} {year}".strip() + f" ; {known}"


def _run_share(data: PackData) -> Figure:
    found = run_and_build(data.portfolio.tables, data.portfolio.period)
    run, build = float(found["run"].sum()), float(found["build"].sum())
    share = run / (run + build) if run + build else None
    note = data.tr("boss-days", days=parts.count(data, run + build))
    how = data.tr("boss-fig-run-how")
    return Figure(data.tr("boss-fig-run"), share, "share", note=note, how=how)


def _benefits(data: PackData) -> Figure:
    rows = data.table("objectives")
    judged = rows[rows["state"].notna()]
    achieved = judged[judged["state"] == "achieved"]
    return Figure(
        data.tr("boss-fig-benefits"),
        len(achieved) if len(judged) else None,
        note=data.plural("boss-of-benefits", len(judged)),
        how=data.tr("boss-fig-benefits-how"),
        cells=tuple(sources(achieved.head(3))),
    )


def _concerns(data: PackData) -> Table:
    found = needing(data).head(_TOP)
    projects = data.table("projects").drop_duplicates("project_code")
    asked = projects.set_index("project_code")["decisions"]
    own = found.assign(decision=found["project_code"].map(asked).fillna(found["proposed"]))  # fmt: skip
    columns = (
        Column("project", data.tr("boss-project")),
        Column("severity", data.tr("boss-severity"), "severity"),
        Column("causes", data.tr("boss-causes")),
        Column("decision", data.tr("boss-decision")),
    )
    return parts.table(data, "boss-concerns", own, columns)


def _successes(data: PackData) -> Table:
    """Return what was reached of late: projects first, then milestones."""
    as_of = pd.Timestamp(data.portfolio.as_of)
    frames = []
    for name, kind in (("projects", "ended"), ("milestones", "reached")):
        rows = data.table(name)
        day = pd.Series(dated(rows["end_actual"]), rows.index)
        recent = day.le(as_of) & (day >= as_of - pd.Timedelta(days=_RECENT))
        own = parts.with_names(data, rows.assign(day=day)[recent])
        said = own["name"] if name == "milestones" else data.tr(f"boss-{kind}")
        frames.append(own.assign(said=said)[["project", "said", "day"]])
    every = pd.concat(frames, ignore_index=True)
    found = every.sort_values("day", ascending=False, kind="stable").head(_TOP)
    columns = (
        Column("project", data.tr("boss-project")),
        Column("said", data.tr("boss-said")),
        Column("day", data.tr("boss-day"), "date"),
    )
    return parts.table(data, "boss-successes", found, columns)


def _ahead(data: PackData) -> Table:
    """Return the dates of twelve months that the law or a funder set."""
    found = deadlines(data.portfolio.tables, data.portfolio.as_of, (3, _MONTHS))
    legal = parts.with_names(data, found[found["regulatory"].eq(True)].head(2 * _TOP))
    said = legal["object"].fillna(data.tr("boss-legal"))
    columns = (
        Column("due", data.tr("boss-day"), "date", tone="tone"),
        Column("project", data.tr("boss-project")),
        Column("object", data.tr("boss-said")),
        Column("days_left", data.tr("pack-away"), "gap"),
    )
    late = legal["days_left"].astype("float64") < 0
    tone = late.map({True: "poor", False: ""})
    return parts.table(
        data, "boss-ahead", legal.assign(object=said, tone=tone), columns
    )


def _convergence(data: PackData) -> Iterator[Chart]:
    """Yield the convergence of domains and establishments, when it is told."""
    rows = data.table("convergence")
    known = rows[rows["domain"].notna() & rows["establishment"].notna()]
    if known.empty:
        return
    frame = pd.DataFrame(
        {
            "domain": data.words("functional_domain", known["domain"]),
            "column": known["establishment"],
            "text": data.words("convergence_state", known["state"]).fillna("?"),
            "tone": known["state"].map(_STATES).fillna(""),
        }
    )
    yield Chart(
        "convergence",
        "matrix",
        data.tr("boss-convergence"),
        frame.drop_duplicates(["domain", "column"]),
        "domain",
        x_label=data.label("convergence", "domain"),
        y_label=data.label("convergence", "establishment"),
    )
