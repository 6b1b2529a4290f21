"""Cover: who sent a report, who did not, and how far the data may be trusted."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.expected import away, expected, none_expected, over
from consolidate.analyse.headline import running
from consolidate.model.pack import Figure, Figures, Section, Table, Text
from consolidate.model.text import fold
from consolidate.packs.data import PackData
from consolidate.packs.review_shape import column, columns, month_named, once

STALE_DAYS = 35
"""A report dated longer before the cut-off is old: the limit of rule A03."""
_RECEIVED = ("consolidated", "partial")


def section(data: PackData) -> Section:
    """Return how far the data may be trusted: what came, what did not, what was unread."""
    told = by_manager(data)
    here = data.portfolio
    reference = (
        data.tr("review-since", closed=month_named(data, data.closed.period))
        if data.closed
        else data.tr("review-no-closed")
    )
    lost = told[told["missing"] > 0]
    gone = Table(
        id="missing",
        title=data.tr("review-missing"),
        columns=columns(data, manager="text", missing="count", missing_names="text"),
        frame=lost,
        note=data.tr("review-returns-note", days=STALE_DAYS),
        empty=data.tr("review-missing-empty"),
    )
    books = here.workbooks
    out = Table(
        id="rejected",
        title=data.tr("review-rejected"),
        columns=columns(data, workbook="text", reason="text"),
        frame=books[books["state"] == "rejected"],
        empty=data.tr("review-rejected-empty"),
    )
    count = int(told["missing"].sum())
    lead = (
        data.plural("review-cover-lead", count)
        if count
        else data.tr("review-missing-empty")
    )
    paragraphs = (data.tr("review-cover-text"), reference)
    blocks = (Text(paragraphs), _figures(data, told), gone, out)
    return Section("cover", data.tr("review-cover"), blocks, lead)


def returns(data: PackData) -> Section:
    """Return what was expected of each manager, and what came."""
    told = by_manager(data)
    table = Table(
        id="returns",
        title=data.tr("review-returns"),
        columns=(
            column(data, "manager"),
            *columns(data, expected="count", received="count"),
            column(data, "missing", "count", tone="missing_tone"),
            *columns(data, missing_names="text", stale="count", errors="count"),
        ),
        frame=told,
        note=data.tr("review-returns-note", days=STALE_DAYS),
        empty=data.tr("review-returns-empty"),
    )
    stale = int(told["stale"].sum())
    lead = data.plural("review-returns-lead", stale, total=int(told["received"].sum()))
    return Section("returns", data.tr("review-by-manager"), (table,), lead)


@once
def by_manager(data: PackData) -> pd.DataFrame:
    """Return what was expected of each manager, and what came.

    Expected are the projects that run this month, those of the last closed month that
    still ran, and those that the PMO's register expects; nobody in a month that its
    calendar leaves out, nobody who is away. A project that only a list of projects names
    counts as received.
    """
    here = data.table("projects")
    now = running(here)
    known = running(data.closed.tables["projects"]) if data.closed else now
    ended = here.loc[~here["project_code"].isin(now["project_code"]), "project_code"]
    gone = _missing(data, known, [*now["project_code"], *ended])
    rows = pd.concat([now.assign(gone=False), gone.assign(gone=True)])
    dated = pd.to_datetime(rows["report_date"])
    age = (pd.Timestamp(data.portfolio.as_of) - dated).dt.days
    findings = data.portfolio.findings
    errors = findings[findings["severity"] == "error"]["project_code"].value_counts()
    untold = data.tr("review-no-manager")
    rows = rows.assign(
        manager=rows["project_manager"].fillna(untold),
        stale=(age > STALE_DAYS) & ~rows["gone"],
        errors=rows["project_code"].map(errors).fillna(0).astype("int64"),
        lost=rows["name"].fillna(rows["project_code"]).where(rows["gone"]),
    )
    groups = rows.groupby("manager", sort=True)
    found = pd.DataFrame(
        {
            "expected": groups.size(),
            "missing": groups["gone"].sum().astype("int64"),
            "stale": groups["stale"].sum().astype("int64"),
            "errors": groups["errors"].sum(),
            "missing_names": groups["lost"].agg(
                lambda n: " · ".join(n.dropna()) or "–"
            ),
        }
    ).reset_index()
    found = found.assign(
        received=found["expected"] - found["missing"],
        missing_tone=found["missing"].gt(0).map({True: "poor", False: ""}),
    )
    return found.sort_values(["missing", "manager"], ascending=[False, True])


def missing(data: PackData) -> pd.DataFrame:
    """Return the projects expected this month of which nothing came.

    Returns:
        ``project_code``, ``name``, ``project_manager`` and whatever else is known.
    """
    here = data.table("projects")
    known = running(data.closed.tables["projects"]) if data.closed else running(here)
    return _missing(data, known, list(here["project_code"]))


def _missing(data: PackData, known: pd.DataFrame, received: list[str]) -> pd.DataFrame:
    """Return the projects expected of which nothing came."""
    kept, period = data.registers, data.portfolio.period
    if none_expected(kept, period):
        return known.iloc[:0]
    every = pd.concat([known, expected(kept, period)], ignore_index=True)
    out = {*received, *over(kept, period)}
    own = every.drop_duplicates("project_code")
    own = own[~own["project_code"].isin(out)]
    gone = away(kept, data.portfolio.as_of)
    return own[~own["project_manager"].fillna("").map(fold).isin(gone)]


def _figures(data: PackData, told: pd.DataFrame) -> Figures:
    books = data.portfolio.workbooks
    counted = books[~books["state"].isin(("ignored", "duplicate", "superseded"))]
    used = counted[counted["state"].isin(_RECEIVED)]
    expected, missing = int(told["expected"].sum()), int(told["missing"].sum())
    read, mapped = int(used["cells_read"].sum()), int(used["cells_mapped"].sum())
    findings = data.portfolio.findings
    errors = findings[findings["severity"] == "error"]
    return Figures(
        (
            Figure(
                label=data.tr("review-fig-received"),
                value=expected - missing,
                note=data.tr("review-of-expected", count=expected),
                how=data.tr("review-fig-received-how"),
                tone="poor" if missing else "good",
            ),
            Figure(
                label=data.tr("review-fig-workbooks"),
                value=len(used),
                note=data.plural("review-of-workbooks", len(counted)),
                how=data.tr("review-fig-workbooks-how"),
                tone="fair" if len(used) < len(counted) else "good",
            ),
            Figure(
                label=data.tr("review-fig-understood"),
                value=mapped / read if read else None,
                kind="share",
                note=data.plural("review-of-cells", read),
                how=data.tr("review-fig-understood-how"),
            ),
            Figure(
                label=data.tr("review-fig-errors"),
                value=len(errors),
                note=data.plural("review-of-findings", len(findings)),
                how=data.tr("review-fig-errors-how"),
                cells=_places(errors),
                tone="fair" if len(errors) else "good",
            ),
        )
    )


def _places(findings: pd.DataFrame) -> tuple[str, ...]:
    first = findings.head(5)[["workbook", "sheet", "cell"]].fillna("").astype("str")
    return tuple(" ! ".join(p for p in row if p) for row in first.to_numpy())
