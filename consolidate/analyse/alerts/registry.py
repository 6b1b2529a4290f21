"""What an alert rule is: a function from the rows it may judge to the alerts it tells.

A rule says which fields it needs; rows that lack one never reach it, so that no alert is
ever raised from a missing input. What it could not judge is told apart.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, TypeAlias, TypedDict, Unpack

import numpy as np
import pandas as pd

from consolidate.analyse.columns import DERIVED
from consolidate.analyse.history import History
from consolidate.analyse.rules import LEVELS, Rules, Setting
from consolidate.analyse.tolerance import limit

Judge: TypeAlias = "Callable[[Case], pd.DataFrame]"
Also: TypeAlias = Literal["on_hold", "mco"]
Scope: TypeAlias = Literal["any", "live", "active"]
"""Which projects a rule looks at: all, those that are not over, or those under way."""

IDENTITY = ["month", "project_code", "table", "record_id", "object"]
VERDICT = [*IDENTITY, "value", "threshold", "level", "missing"]
"""Columns of what a rule returns; ``level`` is 0 for none, else a position in ``LEVELS``
plus 1; ``missing`` names the fields a record could not be judged for. More columns are
facts for its message."""

OWN = [
    *("month", "as_of", "project_code", "record_id", "object", "key"),
    *("project_state", "project_kind", "project_priority"),
]
"""Columns that every row has, whatever its table."""

OVER = frozenset({"completed", "cancelled", "archived"})
OPEN_ACTION = ("open", "in_progress", "late", "blocked")
"""States of an action that is still to be done."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A registered rule.

    Attributes:
        id: Stable kebab-case name, as in ``rules.toml``.
        judge: The function.
        table: Whose records it judges.
        needs: Fields a record must have to be judged.
        uses: Fields it looks at when they are there.
        others: Fields of other tables it looks at, by table.
        scope: Which projects it looks at.
        also: Whether also those on hold, and containers of maintenance (MCO).
    """

    id: str
    judge: Judge
    table: str
    needs: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scope: Scope = "live"
    also: tuple[Also, ...] = ()

    def fields(self) -> dict[str, tuple[str, ...]]:
        """Return the fields it looks at, by table; derived ones as what they come from."""
        state = (
            ("state",) if self.scope == "active" and self.table == "projects" else ()
        )
        own = {self.table: (*self.needs, *self.uses, *state)}
        both = {t: (*own.get(t, ()), *self.others.get(t, ())) for t in {**own, **self.others}}  # fmt: skip
        return {table: expanded(table, names) for table, names in both.items()}


class _Told(TypedDict, total=False):
    needs: tuple[str, ...]
    uses: tuple[str, ...]
    others: Mapping[str, tuple[str, ...]]
    scope: Scope
    also: tuple[Also, ...]


_RULES: dict[str, Rule] = {}


def rule(name: str, table: str, **told: Unpack[_Told]) -> Callable[[Judge], Judge]:
    """Register a rule; the arguments are those of ``Rule``, by their names."""

    def register(judge: Judge) -> Judge:
        _RULES[name] = Rule(name, judge, table, **told)
        return judge

    return register


@cache
def registered() -> Mapping[str, Rule]:
    """Return every rule by name."""
    package = importlib.import_module("consolidate.analyse.alerts")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return _RULES


def expanded(table: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return fields, the derived ones replaced by what they come from."""
    derived = DERIVED.get(table, {})
    return tuple(dict.fromkeys(f for n in names for f in derived.get(n, (n,))))


@dataclass(frozen=True, slots=True)
class Case:
    """What a rule is given.

    Attributes:
        rule: Itself.
        setting: Its thresholds.
        rules: All settings.
        history: All months.
        rows: The records it may judge, of all months: in scope, nothing needed missing.
        status: Computed status of each project and month (``computed.statuses``).
    """

    rule: Rule
    setting: Setting
    rules: Rules
    history: History
    rows: pd.DataFrame
    status: pd.DataFrame

    def limit(self, name: str, rows: pd.DataFrame | None = None) -> pd.Series:
        """Return a threshold for each row, as it is set for its project."""
        at = self.rows if rows is None else rows
        return limit(self.rules, self.rule.id, name, at)

    def over(
        self, value: pd.Series, limits: Mapping[str, pd.Series], /, **facts: pd.Series
    ) -> pd.DataFrame:
        """Tell the rows whose value is above limits of their own, by step."""
        exact = value.round(9)
        steps = {step: exact > most for step, most in limits.items()}
        told = self.tell(steps, value, **facts)
        threshold = pd.Series(np.nan, index=self.rows.index)
        for step, most in limits.items():
            threshold = threshold.mask(steps[step], most)
        return told.assign(threshold=threshold)

    def above(
        self, value: pd.Series, rows: pd.DataFrame | None = None, /, **facts: pd.Series
    ) -> pd.DataFrame:
        """Tell the rows whose value is above a step's limit."""
        at = self.rows if rows is None else rows
        exact = value.round(9)
        steps = {s: exact > self.limit(s, at) for s in self.setting.severity}
        return self.tell(steps, value, at, **facts)

    def below(
        self, value: pd.Series, rows: pd.DataFrame | None = None, /, **facts: pd.Series
    ) -> pd.DataFrame:
        """Tell the rows whose value is below a step's limit."""
        at = self.rows if rows is None else rows
        exact = value.round(9)
        steps = {s: exact < self.limit(s, at) for s in self.setting.severity}
        return self.tell(steps, value, at, **facts)

    def tell(
        self,
        steps: Mapping[str, pd.Series],
        value: pd.Series | float = np.nan,
        rows: pd.DataFrame | None = None,
        /,
        **facts: pd.Series,
    ) -> pd.DataFrame:
        """Tell the rows that reach a step; the gravest step counts.

        The threshold told is the step's limit, or that of the step before where it has
        none of its own.

        Args:
            steps: By step of the rule's severities, which rows reach it.
            value: What was computed.
            rows: The records; those of the case by default.
            facts: More columns, for the message.
        """
        at = self.rows if rows is None else rows
        level = np.zeros(len(at), dtype="int64")
        threshold = np.full(len(at), np.nan)
        limit_of = ""
        for step, severity in self.setting.severity.items():
            reached = steps[step].fillna(value=False).to_numpy(dtype="bool")
            level[reached] = LEVELS.index(severity) + 1
            limit_of = step if step in self.setting.limits else limit_of
            if limit_of and reached.any():
                threshold[reached] = self.limit(limit_of, at).to_numpy()[reached]
        here = np.flatnonzero(level)
        told: dict[str, Any] = {
            "threshold": threshold[here],
            "level": level[here],
            "missing": "",
        }
        numbers = {"value": value, **facts}
        told |= {
            name: figure.iloc[here] if isinstance(figure, pd.Series) else figure
            for name, figure in numbers.items()
        }
        order = list(dict.fromkeys((*VERDICT, *facts)))
        return self._named(at.iloc[here]).assign(**told)[order]

    def skip(self, rows: pd.DataFrame, missing: str) -> pd.DataFrame:
        """Tell which records could not be judged, and for want of what."""
        told = self._named(rows)
        return told.assign(value=np.nan, threshold=np.nan, level=0, missing=missing)

    def _named(self, rows: pd.DataFrame) -> pd.DataFrame:
        own = [name for name in IDENTITY if name in rows]
        return rows[own].assign(table=rows.get("table", self.rule.table))


def both(*parts: pd.DataFrame) -> pd.DataFrame:
    """Return several verdicts as one."""
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else parts[0]


def project_date(case: Case, field: str) -> tuple[pd.Series, pd.Series]:
    """Return a date of the project of each row in its month, and the record it is in."""
    projects = case.history.table("projects")
    dated = projects[projects[field].notna()].drop_duplicates(["month", "project_code"])
    own = dated.set_index(["month", "project_code"])[[field, "record_id"]]
    keys = pd.MultiIndex.from_frame(case.rows[["month", "project_code"]])
    found = own.reindex(keys).set_axis(case.rows.index)
    return found[field], "projects:" + found["record_id"].astype("object")


def of_projects(case: Case, table: str) -> pd.DataFrame:
    """Return a table's rows of all months, of the projects that a rule looks at."""
    rows = case.history.table(table)
    return rows[scoped(case.rule, rows)]


def in_scope(made: Rule, history: History) -> pd.DataFrame:
    """Return the records that a rule looks at, and of them only the columns it says."""
    rows = history.table(made.table)
    if made.table != "projects":
        rows = rows[[*OWN, *dict.fromkeys(n for n in (*made.needs, *made.uses, *made.fields()[made.table]) if n in rows and n not in OWN)]]  # fmt: skip
    return rows[scoped(made, rows)] if made.scope != "any" else rows


def scoped(made: Rule, rows: pd.DataFrame) -> pd.Series:
    """Return which rows are of projects that a rule looks at, their state known or not."""
    state = rows["project_state"]
    if made.scope == "any":
        return pd.Series(data=True, index=rows.index)
    out = state.isin(OVER) if "on_hold" in made.also else state.isin({*OVER, "on_hold"})
    if made.scope == "active":
        # On hold stays where the rule says so; a state nobody gave is told apart.
        kept = {"active", "on_hold"} if "on_hold" in made.also else {"active"}
        out = state.notna() & ~state.isin(kept)
    if "mco" not in made.also:
        out |= rows["project_kind"] == "mco"
    return ~out
