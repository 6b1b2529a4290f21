"""The headline page: the month in a few figures, beside the last review's."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.headline import (
    Count,
    by_scope,
    headline,
    run_and_build,
    running,
)
from consolidate.model.pack import Chart, Figure, Figures, Section, Series, Table, Tone
from consolidate.model.portfolio import Portfolio
from consolidate.packs.cells import alert_cells, some_cells
from consolidate.packs.data import PackData
from consolidate.packs.review_commitments import kept_figure, promised
from consolidate.packs.review_shape import column, columns, live_alerts

STATUSES = ("red", "amber", "green", "blue", "grey")
TONES: tuple[Tone, ...] = ("poor", "fair", "good", "done", "unknown")
MONTHS = 12
_SEVERITIES = ("critical", "major", "minor")


def section(data: PackData) -> Section:
    """Return the headline page."""
    here = data.portfolio
    now = headline(here.tables, here.period, here.as_of)
    before = _before(data)
    counts = [_figure(data, name, now[name], before) for name in now]
    found = promised(data)
    kept = [kept_figure(data, found), kept_figure(data, found, "milestone")]
    figures = Figures((*counts, *kept, *_alerts(data), _run_share(data)))
    blocks = (
        figures,
        _states(data),
        *status_over_time(data, now["running"]),
        money(data),
    )
    late = now["late"]
    lead = data.plural("review-headline-lead", now["running"].value or 0, red=now["red"].value or 0, late=late.value or 0)  # fmt: skip
    return Section("headline", data.tr("review-headline"), blocks, lead)


def _before(data: PackData) -> dict[str, Count]:
    if data.closed is None:
        return {}
    last = data.closed
    return dict(headline(last.tables, last.period, last.as_of))


def _figure(data: PackData, name: str, now: Count, before: dict[str, Count]) -> Figure:
    value = now.value
    worse = name != "running" and value
    return Figure(
        label=data.tr(f"review-fig-{name}"),
        value=value,
        note=data.plural(f"review-of-{name}", now.base),
        how=data.tr(f"review-fig-{name}-how"),
        cells=some_cells(data.portfolio, now.table, now.hits["record_id"], now.field),
        tone="unknown" if value is None else "poor" if worse else "",
        before=before[name].value if name in before else None,
    )


def _alerts(data: PackData) -> list[Figure]:
    alerts = live_alerts(data)
    last = data.closed.alerts if data.closed else None
    known = last[last["acknowledged_until"].isna()] if last is not None else None
    return [
        Figure(
            label=data.tr(f"review-fig-{level}"),
            value=int((alerts["severity"] == level).sum()),
            note=data.plural("review-of-alerts", len(alerts)),
            how=data.tr("review-fig-alerts-how"),
            cells=alert_cells(data.portfolio, alerts[alerts["severity"] == level]),
            tone="poor"
            if level == "critical" and alerts["severity"].eq(level).any()
            else "",
            before=None if known is None else int((known["severity"] == level).sum()),
        )
        for level in _SEVERITIES
    ]


def _run_share(data: PackData) -> Figure:
    now = _shared(data.portfolio)
    before = _shared(data.closed)[0] if data.closed else None
    share, days = now
    work = data.table("workload")
    own = work[work["month"].eq(data.portfolio.period) & work["category"].eq("run")]
    return Figure(
        label=data.tr("review-fig-run"),
        value=share,
        kind="share",
        note=data.plural("review-of-days", round(days)),
        how=data.tr("review-fig-run-how"),
        cells=some_cells(data.portfolio, "workload", own["record_id"], "effort_spent"),
        tone="unknown" if share is None else "",
        before=before,
    )


def _shared(portfolio: Portfolio) -> tuple[float | None, float]:
    """Return the share of run of a month, and the days of run and build it is of."""
    teams = run_and_build(portfolio.tables, portfolio.period)
    run, build = float(teams["run"].sum()), float(teams["build"].sum())
    return (run / (run + build) if run + build else None), run + build


def _states(data: PackData) -> Table:
    """Return how many projects are in each state, now and at the last review."""
    now = _by_code(data.table("projects"), "state")
    last = _by_code(data.closed.tables["projects"], "state") if data.closed else None
    codes = [c for c in data.schemas.vocabularies["project_state"].codes if c in now]
    codes += [""] if "" in now else []
    untold = data.tr("review-untold")
    frame = pd.DataFrame(
        {
            "state": [data.word("project_state", c) or untold for c in codes],
            "projects": [int(now[c]) for c in codes],
            "before": [None if last is None else int(last.get(c, 0)) for c in codes],
        }
    )
    return Table(
        id="states",
        title=data.tr("review-states"),
        columns=(
            column(data, "state"),
            column(data, "projects", "count", total=True),
            column(data, "before", "count", total=last is not None),
        ),
        frame=frame,
        note=data.tr("review-states-note"),
        empty=data.tr("review-qcdr-empty"),
    )


def _by_code(projects: pd.DataFrame, field: str) -> pd.Series:
    own = projects[projects["kind"].ne("mco")]
    return own[field].fillna("").value_counts()


def status_over_time(data: PackData, now: Count) -> tuple[Table | Chart, ...]:
    """Return declared statuses of running projects: this month, last review, the year."""
    counts = [_statuses(now.hits)]
    if data.closed is not None:
        last = data.closed
        told = headline(last.tables, last.period, last.as_of)["running"]
        counts.append(_statuses(told.hits))
    words = {c: data.word("rag", c) for c in STATUSES}
    frame = pd.DataFrame(
        {
            "status": STATUSES,
            "projects": counts[0].reindex(STATUSES).tolist(),
            "before": counts[1].reindex(STATUSES).tolist()
            if len(counts) > 1
            else [None] * len(STATUSES),
        }
    )
    untold = len(now.hits) - int(frame["projects"].sum())
    table = Table(
        id="statuses",
        title=data.tr("review-statuses"),
        columns=(
            column(data, "status", "rag"),
            column(data, "projects", "count", total=True),
            column(data, "before", "count", total=len(counts) > 1),
        ),
        frame=frame,
        note=data.plural("review-statuses-note", untold, known=len(now.hits) - untold),
    )
    months = _months(data, counts[0])
    if len(months) < 2:
        return (table,)
    chart = Chart(
        id="statuses-by-month",
        form="stacked",
        title=data.tr("review-statuses-by-month"),
        frame=months,
        x="month",
        series=tuple(
            Series(c, words[c] or c, tone)
            for c, tone in zip(STATUSES, TONES, strict=True)
        ),
        kind="count",
        y_label=data.tr("review-col-projects"),
        text=data.tr("review-statuses-by-month-text"),
    )  # fmt: skip
    return (table, chart)


def _statuses(rows: pd.DataFrame) -> pd.Series:
    return rows["status"].value_counts().reindex(STATUSES, fill_value=0)


def _months(data: PackData, now: pd.Series) -> pd.DataFrame:
    """Return declared statuses of running projects month by month, oldest first."""
    fields = {"projects": ("status", "state", "kind")}
    rows = []
    for month in data.earlier(fields, MONTHS - 1):
        own = running(month.tables["projects"])
        rows.append({"month": month.period, **_statuses(own).to_dict()})
    return pd.DataFrame([*rows, {"month": data.portfolio.period, **now.to_dict()}])


def money(data: PackData) -> Table:
    """Return the money by what the amounts cover; unlike amounts are never added."""
    found = by_scope(data.table("projects"))
    year = found["year"].astype("object").where(found["year"].notna(), "")
    label = found["scope"].map(lambda s: data.tr(f"review-scope-{s}"))
    text = (label + " " + year.astype("str")).str.strip()
    known = {
        f"{name}_of": found[f"{name}_known"].astype("str")
        + " / "
        + found["projects"].astype("str")
        for name in ("reference", "committed", "spent", "forecast_cost")
    }
    return Table(
        id="money",
        title=data.tr("review-money"),
        columns=columns(
            data,
            scope="text",
            projects="count",
            reference="kilo",
            reference_of="code",
            committed="kilo",
            committed_of="code",
            spent="kilo",
            spent_of="code",
            forecast_cost="kilo",
            forecast_cost_of="code",
        ),
        frame=found.assign(scope=text, **known),
        note=data.tr("review-money-note"),
        empty=data.tr("review-money-empty"),
    )
