"""Quality, cost, deadline, risk: one row a project."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.columns import dated
from consolidate.analyse.headline import ends, running
from consolidate.model.pack import Section, Table
from consolidate.packs.data import PackData, sources
from consolidate.packs.review_shape import columns, day_of, excerpt, otherwise

_RANK = {"red": 0, "amber": 1, "grey": 2, "green": 3, "blue": 4}


def section(data: PackData) -> Section:
    """Return the table of running projects, declared and computed status side by side."""
    found = qcdr(data)
    table = Table(
        id="qcdr",
        title=data.plural("review-qcdr-table", len(found)),
        columns=columns(
            data,
            project_code="code",
            project="text",
            status="rag",
            computed="rag",
            quality="rag",
            cost="rag",
            schedule="rag",
            risk="rag",
            trend="text",
            progress="share",
            planned="share",
            drift="gap",
            gap_share="signed_share",
            cell="source",
        ),
        frame=found,
        note=data.tr("review-qcdr-note"),
        empty=data.tr("review-qcdr-empty"),
    )
    more = Table(
        id="qcdr-next",
        title=data.tr("review-qcdr-next"),
        columns=columns(
            data,
            project_code="code",
            project="text",
            manager="text",
            domain="text",
            establishment="text",
            phase="text",
            top_risk="text",
            next_milestone="text",
            next_on="date",
            asked="text",
        ),
        frame=found.assign(asked=otherwise(found["asked"])),
        empty=data.tr("review-qcdr-empty"),
    )
    better = int((found["gap"] > 0).sum())
    lead = data.plural("review-qcdr-lead", better, total=len(found))
    return Section("projects", data.tr("review-qcdr"), (table, more), lead)


def qcdr(data: PackData) -> pd.DataFrame:
    """Return one row a running project, red first, then by priority."""
    rows = running(data.table("projects")).drop_duplicates("project_code")
    computed = data.portfolio.statuses.drop_duplicates("project_code")
    own = rows.merge(
        computed[["project_code", "overall", "gap"]], how="left", on="project_code"
    )
    _, slip = ends(own)
    found = own.assign(
        project=own["name"],
        manager=own["project_manager"],
        domain=data.words("functional_domain", own["domain"]),
        phase=data.words("phase", own["phase"]),
        computed=own["overall"],
        quality=own["status_quality"],
        cost=own["status_cost"],
        schedule=own["status_schedule"],
        risk=own["status_risk"],
        trend=data.words("trend", own["trend"]),
        planned=_planned(data, own),
        drift=slip,
        gap_share=cost_gap(own),
        top_risk=own["project_code"].map(_top_risk(data)),
        asked=excerpt(own["decisions"]),
        cell=sources(own),
        gap=own["gap"].astype("float64"),
    )
    upcoming = _next_milestones(data)
    found = found.assign(
        next_milestone=found["project_code"].map(upcoming["name"]),
        next_on=found["project_code"].map(upcoming["on"]),
        _rank=found["status"].map(_RANK).fillna(2.5),
        _first=found["priority"].fillna("9").astype("str"),
    )
    return found.sort_values(["_rank", "_first", "project_code"], ignore_index=True)


def cost_gap(projects: pd.DataFrame) -> pd.Series:
    """Return the landing gap as a share of the reference budget.

    Unknown where one of the two is, or where nobody says what the amounts cover.
    """
    budget = projects["budget_revised"].fillna(projects["budget_initial"])
    budget = budget.astype("float64")
    landing = projects["forecast_cost"].astype("float64")
    told = projects["amount_scope"].isin(("total", "year"))
    return ((landing - budget) / budget.where(budget > 0)).where(told)


def _planned(data: PackData, rows: pd.DataFrame) -> pd.Series:
    """Return the share that should be done: as given, else linear."""
    begun = pd.Series(dated(rows["start_planned"]), rows.index)
    begun = begun.fillna(pd.Series(dated(rows["start_actual"]), rows.index))
    end = pd.Series(dated(rows["end_baseline"]), rows.index)
    whole = (end - begun).dt.days
    elapsed = (pd.Timestamp(data.portfolio.as_of) - begun).dt.days
    linear = (elapsed / whole.where(whole > 0)).clip(0, 1)
    return rows["planned_progress"].astype("float64").fillna(linear)


def _top_risk(data: PackData) -> pd.Series:
    """Return the open risk of each project with the highest criticality."""
    risks = data.table("risks")
    own = risks[~risks["state"].isin(("closed",)) & risks["criticality"].notna()]
    own = own.sort_values("criticality", ascending=False, kind="stable")
    own = own.drop_duplicates("project_code").set_index("project_code")
    title = own["title"].fillna(own["description"]).fillna(own["code"]).fillna("?")
    rated = own["criticality"].astype("float64").round().astype("Int64").astype("str")
    return excerpt(title) + " (" + rated + ")"


def _next_milestones(data: PackData) -> pd.DataFrame:
    rows = data.table("milestones")
    day = pd.Series(dated(rows["end_forecast"]), rows.index)
    day = day.fillna(pd.Series(dated(rows["end_baseline"]), rows.index))
    is_open = rows["end_actual"].isna() & ~rows["state"].isin(
        ("completed", "cancelled")
    )
    own = rows.assign(day=day)[is_open & (day >= pd.Timestamp(data.portfolio.as_of))]
    own = own.sort_values("day", kind="stable").drop_duplicates("project_code")
    own = own.assign(on=day_of(own["day"]))
    return own.set_index("project_code")[["name", "on"]]
