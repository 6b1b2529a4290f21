"""Rules between the fields of a record: dates in order, states, ratings, gaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from consolidate.model.facts import Facts
from consolidate.model.finding import Finding, Severity
from consolidate.validate.amounts import amount_breaches
from consolidate.validate.cells import Breach, findings_at
from consolidate.validate.checks import Checks

_SPANS: Mapping[str, Sequence[tuple[str, str]]] = {
    "projects": (
        ("start_planned", "end_baseline"),
        ("start_planned", "end_forecast"),
        ("start_actual", "end_actual"),
        ("start_actual", "end_forecast"),
    ),
    "milestones": (
        ("start_planned", "end_baseline"),
        ("start_planned", "end_forecast"),
        ("start_actual", "end_actual"),
    ),
    "risks": (("raised_on", "closed_on"), ("raised_on", "due_date")),
    "actions": (("raised_on", "closed_on"), ("raised_on", "due_date")),
    "requests": (("received_on", "decided_on"),),
    "trainings": (("start_date", "end_date"),),
    "deliverables": (("delivered_on", "validated_on"),),
}
_PAST: Mapping[str, Sequence[str]] = {
    "projects": ("start_actual", "end_actual", "last_committee_date"),
    "milestones": ("start_actual", "end_actual"),
    "risks": ("closed_on", "raised_on"),
    "actions": ("closed_on", "raised_on"),
    "deliverables": ("delivered_on", "validated_on"),
    "requests": ("received_on", "decided_on"),
    "compliance": ("completed_on",),
    "communications": ("sent_on",),
    "convergence": ("end_actual",),
    "objectives": ("measured_on",),
    "closures": ("closure_date",),
    "interfaces": ("tested_on", "live_on"),
}
_RATINGS = (
    ("criticality", "probability", "impact"),
    ("residual_criticality", "residual_probability", "residual_impact"),
)
_ENDS = ("end_baseline", "end_forecast", "end_actual")

Tables = Mapping[str, pd.DataFrame]


def check_across(
    tables: Tables, facts: Mapping[str, Facts], checks: Checks, period: str, as_of: date
) -> list[Finding]:
    """Return what fields of one record, or of a project and its records, contradict.

    Every value is kept: a contradiction does not say which of the two is wrong.

    Args:
        tables: Canonical tables, index ``record``.
        facts: Their facts, to find the cells.
        checks: Thresholds.
        period: Month reported on.
        as_of: Day the rules compare with.

    Source:
        Domain model §6.2 and §6.3, as far as one month's data allow.
    """
    breaches = [
        *_ends_before_starts(tables),
        *_in_future(tables, as_of),
        *_completed(tables, checks),
        *_ratings(tables),
        *_of_another_month(tables, checks, period),
        *_missing(tables, checks),
        *_without_project(tables),
        *_repeated(tables),
        *amount_breaches(tables, checks),
    ]
    return findings_at(breaches, facts, tables)


def days(column: pd.Series) -> npt.NDArray[np.datetime64]:
    """Return a column of dates or None as days, NaT where unknown."""
    if column.isna().all():
        return np.full(len(column), "NaT", dtype="datetime64[D]")
    return np.array(column.tolist(), dtype="datetime64[D]")


def _ends_before_starts(tables: Tables) -> Iterator[Breach]:
    for table, spans in _SPANS.items():
        frame = tables[table]
        told: set[tuple[int, str]] = set()
        for start, end in spans:
            early = days(frame[end]) < days(frame[start])
            for record in frame.index[early].tolist():
                if (record, end) not in told:
                    told.add((record, end))
                    yield _warn("end-before-start", table, record, end, start)


def _in_future(tables: Tables, as_of: date) -> Iterator[Breach]:
    for table, fields in _PAST.items():
        frame = tables[table]
        for field in fields:
            ahead = days(frame[field]) > np.datetime64(as_of)
            for record in frame.index[ahead].tolist():
                yield _warn(
                    "date-in-future", table, record, field, as_of=as_of.isoformat()
                )


def _completed(tables: Tables, checks: Checks) -> Iterator[Breach]:
    """Completed without being at 100 %, or at no date; 100 % without being completed.

    A missing date is told only where the same sheet dates other completed records.
    """
    for table in ("projects", "milestones"):
        frame = tables[table]
        done = (frame["state"] == "completed").to_numpy()
        progress = frame["progress"].to_numpy(dtype=float)
        for record in frame.index[done & (progress < checks.full)].tolist():
            yield _warn("completed-not-full", table, record, "state", "progress")
        dated = frame["end_actual"].notna().to_numpy()
        sheets = frame["workbook"] + "!" + frame["sheet"].fillna("")
        dating = sheets.isin(sheets[dated].unique().tolist()).to_numpy()
        for record in frame.index[done & ~dated & dating].tolist():
            yield _warn("completed-without-date", table, record, "state")
        going = frame["state"].isin(["planned", "candidate"]).to_numpy()
        for record in frame.index[going & (progress >= 1)].tolist():
            yield _warn("full-not-completed", table, record, "progress", "state")
        active = frame["state"].isin(["active", "late", "at_risk"]).to_numpy()
        for record in frame.index[active & (progress >= 1)].tolist():
            yield Breach(
                "full-not-completed", Severity.INFO, table, record, "progress", "state"
            )


def _ratings(tables: Tables) -> Iterator[Breach]:
    frame = tables["risks"]
    for product, likely, impact in _RATINGS:
        said = frame[product].to_numpy(dtype=float, na_value=np.nan)
        made = frame[likely].to_numpy(dtype=float, na_value=np.nan) * frame[
            impact
        ].to_numpy(dtype=float, na_value=np.nan)
        apart = ~np.isnan(said) & ~np.isnan(made) & (said != made)
        for record, value in zip(frame.index[apart].tolist(), made[apart], strict=True):
            yield _warn(
                "criticality-differs", "risks", record, product, expected=f"{value:g}"
            )


def _of_another_month(tables: Tables, checks: Checks, period: str) -> Iterator[Breach]:
    frame = tables["projects"]
    first = date.fromisoformat(f"{period}-01")
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    reported = days(frame["report_date"])
    early = reported < np.datetime64(first)
    late = reported > np.datetime64(last + timedelta(days=checks.grace_days))
    for severity, off in ((Severity.WARNING, early), (Severity.INFO, late)):
        for record in frame.index[off].tolist():
            yield Breach(
                "report-month-differs",
                severity,
                "projects",
                record,
                "report_date",
                params={"period": period},
            )


def _missing(tables: Tables, checks: Checks) -> Iterator[Breach]:
    """Tell once a project what the monthly review cannot do without."""
    frame = tables["projects"]
    due = frame["state"].isin(list(checks.states)).to_numpy()
    without = {
        "project_manager": frame["project_manager"].isna().to_numpy(),
        "status": frame["status"].isna().to_numpy(),
        "end_forecast": frame[list(_ENDS)].isna().all(axis=1).to_numpy(),
    }
    lacking = due & np.logical_or.reduce(list(without.values()))
    for at in np.flatnonzero(lacking).tolist():
        fields = [name for name, void in without.items() if void[at]]
        yield Breach(
            "field-missing",
            Severity.INFO,
            "projects",
            int(frame.index[at]),
            fields[0],
            params={"fields": ", ".join(fields)},
        )


def _without_project(tables: Tables) -> Iterator[Breach]:
    known = set(tables["projects"]["project_code"].dropna())
    for table, frame in tables.items():
        if table == "projects":
            continue
        codes = frame["project_code"]
        lost = codes.notna() & ~codes.isin(list(known))
        for record in frame.index[lost.to_numpy()].tolist():
            yield _warn("project-not-listed", table, record, "project_code")


def _repeated(tables: Tables) -> Iterator[Breach]:
    """Tell of records that say the same in every field: probably entered twice.

    Without a date or a figure nothing is counted twice, and the same few words under
    several headings (Tests, Formation) are a habit.
    Only records that share a natural key can, and their ids say so: they end in -2 ...
    """
    for table, frame in tables.items():
        ids = frame["record_id"].astype(str)
        numbered = ids.str.contains(r"-\d+$", regex=True)
        if not numbered.any():
            continue
        base = ids.str.replace(r"^([a-z_]+-[a-z2-7]+).*$", r"\1", regex=True)
        near = frame.loc[base.isin(base[numbered].unique().tolist()).to_numpy()]
        told = near.drop(columns=["record_id", "row"]).astype(str)
        figures = near.drop(columns=["record_id", "row"]).map(_is_figure).any(axis=1)
        again = told.duplicated().to_numpy() & figures.to_numpy()
        for record in near.index[again].tolist():
            yield _warn("record-repeated", table, record, "")


def _is_figure(value: object) -> bool:
    return isinstance(value, date | float | int) and not pd.isna(value)


def _warn(
    rule: str, table: str, record: int, field: str, against: str = "", **params: str
) -> Breach:
    return Breach(rule, Severity.WARNING, table, record, field, against, params)
