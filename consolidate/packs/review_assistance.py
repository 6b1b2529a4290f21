"""Who needs help: projects with grave alerts, the most urgent first, and their cases."""

from __future__ import annotations

import pandas as pd

from consolidate.model.pack import Section, Table
from consolidate.packs.cells import first_cells
from consolidate.packs.data import PackData
from consolidate.packs.review_shape import (
    GRAVE,
    column,
    columns,
    days_told,
    excerpt,
    live_alerts,
    once,
    otherwise,
    projects_known,
)

_WORDS = ("decisions", "attention_points", "comment")
"""What a manager writes of what is wrong, what is asked for first."""
_GROUPS = frozenset(
    {"assistance", "budget", "schedule", "status", "risk", "workload", "mco"}
)


def section(data: PackData) -> Section:
    """Return the projects that need help, and who takes care of them."""
    found = needing(data)
    immediate = int((found["level"] == "immediate").sum())
    table = Table(
        id="assistance",
        title=data.plural("review-assistance-table", len(found)),
        columns=(
            column(data, "level_word", tone="tone"),
            *columns(
                data,
                project_code="code",
                project="text",
                manager="text",
                priority="text",
                score="number",
                severity="severity",
                causes="text",
                words="text",
                proposed="text",
                owner_pmo="text",
                by_when="text",
                since="month",
                cell="source",
            ),
        ),
        frame=found,
        note=data.tr("review-assistance-note"),
        empty=data.tr("review-assistance-empty"),
        group="level_word",
    )
    lead = data.plural("review-assistance-lead", immediate, total=len(found))
    return Section("assistance", data.tr("review-assistance"), (table,), lead)


@once
def needing(data: PackData) -> pd.DataFrame:
    """Return the projects with a critical or major alert, the most urgent first.

    Returns:
        ``project_code``, ``project``, ``manager``, ``priority``, ``score`` (severity ×
        priority), ``level``, ``level_word``, ``tone``, ``severity``, ``rule`` (of the
        gravest), ``causes``, ``words`` (the manager's own), ``proposed``,
        ``owner_pmo``, ``by_when`` (what a review decided), ``since``, ``cell``.
    """
    alerts = live_alerts(data)
    grave = alerts[alerts["severity"].isin(GRAVE) & alerts["project_code"].notna()]
    rank = grave["severity"].map({s: k for k, s in enumerate(GRAVE)})
    grave = grave.assign(_rank=rank).sort_values("_rank", kind="stable")
    groups = grave.groupby("project_code", sort=False)
    first = groups[["severity", "rule", "group"]].first()
    ranked = data.portfolio.priorities
    found = ranked[ranked["project_code"].isin(first.index)].merge(
        first, left_on="project_code", right_index=True
    )
    causes = groups["title"].agg(_causes)
    own = found["project_code"]
    by_code = projects_known(data)
    words = pd.Series(None, index=by_code.index, dtype="object")
    for name in _WORDS:
        words = words.where(words.notna(), by_code[name])
    cells = first_cells(data.portfolio, grave)
    level = found["level"]
    return found.assign(
        project=own.map(by_code["name"]),
        manager=own.map(by_code["project_manager"]),
        priority=data.words("priority", own.map(by_code["priority"])),
        level_word=level.map(lambda v: data.tr(f"review-level-{v}")),
        tone=level.map({"immediate": "poor", "this_month": "fair", "watch": ""}),
        causes=own.map(causes),
        words=excerpt(own.map(words)),
        proposed=found["group"].map(lambda g: _proposed(data, g)),
        owner_pmo=otherwise(own.map(_owners(data)), data.tr("review-to-name")),
        by_when=otherwise(own.map(_dates(data)), data.tr("review-to-set")),
        since=own.map(groups["since"].min()),
        cell=otherwise(own.map(cells), ""),
    )


def _causes(titles: pd.Series) -> str:
    counted = titles.value_counts(sort=False)
    return " · ".join(f"{t} × {n}" if n > 1 else str(t) for t, n in counted.items())


def _proposed(data: PackData, group: str) -> str:
    return data.tr(f"review-propose-{group if group in _GROUPS else 'other'}")


def _owners(data: PackData) -> pd.Series:
    """Return who at the PMO has the open case of each project."""
    cases = data.registers.get("cases")
    if cases is None or cases.empty:
        return pd.Series(dtype="object")
    live = cases[cases["closed_on"].isna() & cases["owner"].notna()]
    return live.drop_duplicates("project_code").set_index("project_code")["owner"]


def _dates(data: PackData) -> pd.Series:
    """Return by when reviews want something done for each project, the next day first."""
    kept = data.registers.get("decisions")
    if kept is None or kept.empty:
        return pd.Series(dtype="object")
    last = kept[kept["told_in"] <= data.portfolio.period]
    last = last.drop_duplicates("id", keep="last")
    live = last[~last["state"].isin(("closed", "cancelled")) & last["due"].notna()]
    due = pd.to_datetime(live["due"]).groupby(live["project_code"]).min()
    return days_told(data, due)
