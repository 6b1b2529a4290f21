"""What the time went to: services kept in operation, projects."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.recorded import GROUPS, in_year
from consolidate.model.pack import Block, Chart, Section, Series
from consolidate.packs import parts
from consolidate.packs.data import PackData
from consolidate.packs.times import Times, days_text

TOP = 10


def services(data: PackData, told: Times) -> Section:
    """Return days of run by application or service, those of none named apart."""
    run = told.rows[told.rows["category"].eq("run") & told.rows["spent"].notna()]
    found = _sums(run.assign(service=run["service_code"].fillna("")), ["service"], told)
    named = found[found["service"] != ""].sort_values("year_run", ascending=False)
    alone = found[found["service"] == ""]
    loose, whole = float(alone["year_run"].sum()), float(found["year_run"].sum())
    rows = pd.concat([named, alone.assign(service=data.tr("part-no-service"))])
    rows = rows.assign(time_share=rows["year_run"] / whole if whole else None)
    columns = [
        parts.column(data, "service"),
        parts.column(data, "month_run", "days", total=True),
        parts.column(data, "before_run", "days", total=True),
        parts.column(data, "year_run", "days", total=True),
        parts.column(data, "time_share", "share"),
    ]
    blocks: list[Block] = []
    if len(named):
        blocks.append(_top(data, named))
    blocks.append(parts.table(data, "run-services", rows, columns, note=data.tr("part-run-services-note")))  # fmt: skip
    lead = ""
    if whole:
        share = parts.percent(data, loose / whole)
        lead = data.tr("part-run-services-lead", days=days_text(data, loose), all=days_text(data, whole), share=share)  # fmt: skip
    return parts.section(data, "run-services", blocks, lead)


def _top(data: PackData, named: pd.DataFrame) -> Chart:
    top = named.head(TOP)[["service", "year_run"]].reset_index(drop=True)
    first = top.iloc[0]
    title = data.tr("part-chart-services", service=first["service"], days=days_text(data, first["year_run"]))  # fmt: skip
    series = (Series("year_run", data.tr("part-col-year-run")),)
    text = data.tr("part-chart-services-text", count=len(top), all=len(named))
    return Chart("service-days", "bars", title, top, "service", series, "days", data.tr("part-axis-effort"), data.tr("part-col-service"), text)  # fmt: skip


def projects(data: PackData, told: Times) -> Section:
    """Return days by project and container, planned beside spent, never added."""
    rows = told.rows[told.rows["category"].ne("absence")]
    rows = rows.assign(project_code=rows["project_code"].fillna(""))
    found = _sums(rows[rows["spent"].notna()], ["project_code"], told)
    year = in_year(rows, told.now)
    planned = year.groupby("project_code")["planned"].sum(min_count=1)
    found = found.assign(year_planned=found["project_code"].map(planned))
    found = parts.with_names(data, found)
    kind = found["project_code"].map(_kinds(told.rows))
    found = found.assign(project_sort=data.words("project_kind", kind))
    found["project"] = found["project"].where(found["project_code"] != "", data.tr("part-no-project"))  # fmt: skip
    found = found.sort_values(["year_recorded", "project_code"], ascending=[False, True])  # fmt: skip
    columns = [
        parts.field(data, "projects", "project_code", "code"),
        parts.column(data, "project"),
        parts.column(data, "project_sort"),
        *(parts.column(data, f"month_{g}", "days", total=True) for g in GROUPS),
        *(parts.column(data, f"year_{g}", "days", total=True) for g in GROUPS),
        parts.column(data, "year_recorded", "days", total=True),
        parts.column(data, "year_planned", "days"),
    ]
    table = parts.table(data, "run-projects", found, columns, note=data.tr("part-run-projects-note"))  # fmt: skip
    return parts.section(data, "run-projects", (table,))


def _kinds(rows: pd.DataFrame) -> pd.Series:
    known = rows[rows["project_kind"].notna()].drop_duplicates("project_code")
    kinds: pd.Series = known.set_index("project_code")["project_kind"]
    return kinds


def _sums(rows: pd.DataFrame, by: list[str], told: Times) -> pd.DataFrame:
    """Return days of the month, the month before and the year, by group and kind."""
    spans = {
        "month": rows[rows["month"] == told.now],
        "before": rows[rows["month"] == told.now - 1],
        "year": in_year(rows, told.now),
    }
    sums: dict[str, pd.Series] = {}
    for span, own in spans.items():
        # Whoever recorded something else in those months recorded none of this.
        none = own.groupby(by[0])["spent"].sum() * 0.0
        for group in GROUPS:
            days = own[own["category"] == group].groupby(by[0])["spent"].sum()
            sums[f"{span}_{group}"] = none.add(days, fill_value=0.0)
    sums["year_recorded"] = spans["year"].groupby(by[0])["spent"].sum()
    return pd.DataFrame(sums).rename_axis(by[0]).reset_index()
