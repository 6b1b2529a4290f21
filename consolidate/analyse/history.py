"""What alert rules may look at: the tables of this month and of the ones before it.

The months are laid one under the other, so that a rule judges all of them at once, each on
its own cut-off: how long an alert has lasted follows without anything being kept.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from consolidate.analyse.columns import derived, latest_dates, typed
from consolidate.model.schema import FieldType, Schemas

NAMES: Mapping[str, tuple[str, ...]] = {
    "projects": ("name",),
    "milestones": ("name", "code"),
    "budget_lines": ("label",),
    "risks": ("title", "code", "description"),
    "actions": ("title", "code", "description"),
    "workload": ("team",),
    "deliverables": ("name",),
    "requests": ("title", "code"),
    "services": ("name", "application", "service_code"),
    "objectives": ("name", "indicator"),
    "compliance": ("requirement", "framework"),
    "meetings": ("governance_body",),
    "stakeholders": ("role", "name"),
    "trainings": ("title",),
    "convergence": ("domain",),
    "closures": (),
    "interfaces": ("name", "code", "source_system", "target_system"),
}
"""Fields that name a record of a table, the best first."""

CORE = (
    *("name", "kind", "state", "phase", "priority", "complexity", "progress"),
    *("status", "status_quality", "status_cost", "status_schedule", "status_risk"),
    *("start_planned", "start_actual", "end_baseline", "end_forecast", "end_actual"),
    *("planned_progress", "legal_deadline", "go_live_date"),
    *("budget_initial", "budget_revised", "forecast_cost", "amount_scope"),
    *("amount_year", "tolerance_cost_pct", "tolerance_days"),
)
"""Fields of projects that every rule may look at."""

Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Month:
    """One month's portfolio.

    Attributes:
        period: ``YYYY-MM``.
        as_of: Its cut-off.
        tables: Canonical tables by name; those and the columns that are asked for.
    """

    period: str
    as_of: date
    tables: Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class History:
    """The months up to the one reported on.

    Attributes:
        months: Oldest first; the last is the month reported on.
        schemas: Types of the fields.
        fields: What is kept of each table, by table.
        compare_unknown: Whether amounts of unknown scope may be compared.
        reviewed: What reviews decided: kind of item, month of the review, project.
    """

    months: tuple[Month, ...]
    schemas: Schemas
    fields: Fields
    compare_unknown: bool = False
    reviewed: frozenset[tuple[str, str, str]] = frozenset()
    _known: dict[str, pd.DataFrame] = dataclasses.field(
        default_factory=dict, repr=False, compare=False
    )

    @property
    def period(self) -> str:
        """The month reported on."""
        return self.months[-1].period

    @property
    def as_of(self) -> date:
        """Its cut-off."""
        return self.months[-1].as_of

    @property
    def now(self) -> int:
        """The month reported on, as a number."""
        return ordinal(self.period)

    @cached_property
    def sent(self) -> pd.DataFrame:
        """Whether a project sent something: one row a project, one column a month."""
        rows = self.table("projects")
        months = sorted({ordinal(m.period) for m in self.months})
        sent = pd.crosstab(rows["project_code"], rows["month"]) > 0
        return sent.reindex(columns=months, fill_value=False)

    def table(self, name: str) -> pd.DataFrame:
        """Return a table of all months, oldest first.

        Returns:
            Columns ``month`` (int, as ``ordinal`` counts; a field of that name is
            ``own_month``), ``as_of`` (datetime64),
            ``project_code``, ``record_id``, ``object`` (what the record is called),
            ``key`` (int: the record, the same in every month), then the fields kept:
            dates as datetime64, numbers as float64, the rest as objects; then
            ``project_state``, ``project_kind`` and ``project_priority`` of its project
            in that month, None where unknown; for projects also what ``derived`` adds.
        """
        if name not in self._known:
            self._known[name] = self._stacked(name)
        return self._known[name]

    def dated(self, name: str) -> pd.DataFrame:
        """Return ``workload`` or ``services`` with ``of``, the month each row speaks of.

        It is the report's where the row names none.
        """
        known = f"{name} dated"
        if known not in self._known:
            self._known[known] = _dated(self.table(name))
        return self._known[known]

    def monthly(self, name: str) -> pd.DataFrame:
        """Return ``workload`` or ``services`` as they are known today.

        A month told of in several reports is taken as the latest one tells it.

        Returns:
            The table as ``table`` returns it, ``month`` being the month a row speaks of
            and ``told`` the report's.
        """
        known = f"{name} by month"
        if known not in self._known:
            self._known[known] = _latest(self.dated(name), _WHOSE[name])
        return self._known[known]

    def _stacked(self, name: str) -> pd.DataFrame:
        spec = self.schemas.tables[name]
        parts = [m.tables[name] for m in self.months if name in m.tables]
        months = [m for m in self.months if name in m.tables]
        lengths = [len(part) for part in parts]
        columns: dict[str, Any] = {
            "month": np.repeat([ordinal(m.period) for m in months], lengths),
            "as_of": np.repeat(_days([m.as_of for m in months]), lengths),
            "project_code": _joined(parts, "project_code", "text"),
            "record_id": _joined(parts, "record_id", "text"),
        }
        for field in kept(name, self.fields):
            kind = spec.by_name[field].type if field in spec.by_name else _EXTRA[field]
            own = "own_month" if field == "month" else field
            columns[own] = _joined(parts, field, kind)
        frame = pd.DataFrame(columns)
        frame["month"] = frame["month"].astype("int64")
        frame["object"] = _first(frame, NAMES[name])
        frame["key"] = pd.factorize(frame["record_id"])[0]
        if name == "projects":
            return derived(_placed(frame, frame), compare_unknown=self.compare_unknown)
        return _placed(latest_dates(name, frame), self.table("projects"))


_EXTRA: Mapping[str, FieldType] = {
    "tolerance_cost_pct": "number",
    "tolerance_days": "number",
}
_ALWAYS = {
    "projects": CORE,
    "milestones": ("end_forecast", "end_baseline"),
    "actions": ("revised_due_date", "due_date"),
    "workload": ("person", "team", "month", "date"),
    "services": ("month",),
}
"""Fields kept of a table whatever the rules."""
_WHOSE = {
    "workload": ["project_code", "team", "person"],
    "services": ["project_code", "object"],
}


def kept(name: str, fields: Fields) -> tuple[str, ...]:
    """Return what is kept of a table: what is asked for, and what every table needs."""
    own = (*NAMES[name], *fields.get(name, ()), *_ALWAYS.get(name, ()))
    return tuple(dict.fromkeys(own))


def ordinal(period: str) -> int:
    """Return a month ``YYYY-MM`` as a number; the next month is one more."""
    year, _, month = period.partition("-")
    return int(year) * 12 + int(month) - 1


def period_of(month: int) -> str:
    """Return the month that ``ordinal`` gave this number."""
    return f"{month // 12:04}-{month % 12 + 1:02}"


def streak(flag: pd.Series, key: pd.Series) -> pd.Series:
    """Return for each row how many rows of its key, up to it, are flagged in a row.

    Args:
        flag: Booleans, of a frame in the order of months.
        key: Whose they are.
    """
    broken = (~flag).groupby(key, sort=False).cumsum()
    return flag.astype("int64").groupby([key, broken], sort=False).cumsum()


def before(rows: pd.DataFrame, field: str, reports: int = 1) -> pd.Series:
    """Return what a record's field was some reports ago, among the rows given."""
    return rows.groupby("key", sort=False)[field].shift(reports)


def _days(values: list[Any]) -> npt.NDArray[np.datetime64]:
    return np.array(values, dtype="datetime64[D]").astype("datetime64[s]")


def _joined(parts: list[pd.DataFrame], field: str, kind: FieldType) -> Any:
    found = [typed(part, field, kind) for part in parts]
    return np.concatenate(found) if found else typed(pd.DataFrame(), field, kind)


def _first(frame: pd.DataFrame, fields: tuple[str, ...]) -> pd.Series:
    """Return the first of some fields that is filled."""
    found = pd.Series(None, index=frame.index, dtype="object")
    for field in fields:
        found = found.where(found.notna(), frame[field])
    return found


def _placed(frame: pd.DataFrame, projects: pd.DataFrame) -> pd.DataFrame:
    """Add the state, kind and priority of each row's project in its month."""
    own = projects[["month", "project_code", "state", "kind", "priority"]]
    own = own[own["project_code"].notna()].drop_duplicates(["month", "project_code"])
    own = own.set_axis(
        ["month", "project_code", "project_state", "project_kind", "project_priority"],
        axis=1,
    )
    return frame.merge(own, on=["month", "project_code"], how="left")


def _dated(frame: pd.DataFrame) -> pd.DataFrame:
    text = frame["own_month"]
    if "date" in frame:
        text = text.fillna(frame["date"].dt.strftime("%Y-%m"))
    months = {t: ordinal(t) for t in text.dropna().unique()}
    own = text.map(months).astype("float64").fillna(frame["month"])
    return frame.assign(of=own.astype("int64"))


def _latest(frame: pd.DataFrame, whose: list[str]) -> pd.DataFrame:
    told = frame.assign(told=frame["month"], month=frame["of"])
    latest = told.groupby([*whose, "month"], sort=False, dropna=False)["told"]
    kept = told[told["told"] == latest.transform("max")]
    return kept.sort_values("month", kind="stable", ignore_index=True)
