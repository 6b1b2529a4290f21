"""A portfolio without the names of people who are no sponsor nor project manager."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

import pandas as pd

from consolidate.model.finding import CellRef, Finding, Severity
from consolidate.model.portfolio import LINEAGE_COLUMNS, Portfolio
from consolidate.model.schema import Schemas
from consolidate.share.names import KEPT, find_names, person_fields
from consolidate.wording import message

_GONE = frozenset({"stakeholders"})
"""Tables that are about people: attitudes stay in their project."""

_PERSONAL = ("person-overload", "key-person-shared", "opponent-untreated")
"""Alerts about one person."""

_LOAD_KEYS = (
    "project_code",
    "project_name",
    "team",
    "establishment",
    "month",
    "category",
    "time_category",
)
_LOAD_SUMS = (
    "effort_planned",
    "effort_spent",
    "effort_remaining",
    "capacity",
    "absence",
)
_MASK = {"fr": "[personne]", "en": "[person]"}


def shared(
    portfolio: Portfolio, schemas: Schemas, naming: Collection[str] = KEPT
) -> Portfolio:
    """Return the copy of a portfolio that may leave the PMO.

    Fields that hold names of others than sponsors and project managers are emptied,
    their lineage with them; workload is summed by project, team, month and category;
    stakeholders are left out; the names known from these fields are masked in every
    text, in names of workbooks and sheets too; findings keep their place and what they
    are about, without quoting what was read.

    A name that stands in a text alone, and in no field of people, cannot be known.

    Args:
        portfolio: The PMO's own.
        schemas: Say which fields hold names.
        naming: Fields of projects whose names are shown.

    Returns:
        A portfolio of the same shape, ``run["options"]["audience"]`` ``shared`` and
        ``run["removed"]`` counting what was removed.
    """
    names = find_names(portfolio.tables, schemas, naming)
    masked = partial(names.masked, mark=_MASK[portfolio.lang])
    emptied = person_fields(schemas, naming)
    tables: dict[str, pd.DataFrame] = {}
    values = 0
    for name, frame in portfolio.tables.items():
        fields = [f for f in emptied[name] if f in frame]
        values += int(frame[fields].notna().sum().sum())
        kept = frame.iloc[:0] if name in _GONE else frame
        blank = kept.assign(
            **{
                f: pd.Series([None] * len(kept), kept.index, dtype="object")
                for f in fields
            }
        )
        tables[name] = _texts(blank, masked)
    lineage = _lineage(portfolio.lineage, emptied, masked)
    tables["workload"], lineage = _summed(tables["workload"], lineage)
    removed = {
        "people": len(names.hidden),
        "values": values,
        "stakeholders": len(portfolio.tables["stakeholders"]),
        "workload": len(portfolio.tables["workload"]) - len(tables["workload"]),
    }
    return dataclasses.replace(
        portfolio,
        tables=tables,
        workbooks=_texts(portfolio.workbooks, masked),
        lineage=lineage,
        findings=_findings(portfolio, emptied, masked),
        alerts=_alerts(portfolio.alerts, emptied, masked),
        run=_run(portfolio.run, removed, masked),
    )


def _texts(frame: pd.DataFrame, masked: Callable[[str], str]) -> pd.DataFrame:
    """Return a frame with its texts masked, each distinct one once."""
    columns = {str(name): frame[name] for name in frame.columns}
    made = {
        name: _column(column, masked)
        for name, column in columns.items()
        if _may_hold_text(column)
    }
    changed = {name: new for name, new in made.items() if new is not columns[name]}
    return frame.assign(**changed) if changed else frame


def _may_hold_text(column: pd.Series) -> bool:
    return not pd.api.types.is_numeric_dtype(column.dtype)


def _column(column: pd.Series, masked: Callable[[str], str]) -> pd.Series:
    if isinstance(column.dtype, pd.CategoricalDtype):
        plain = column.astype("object")
        return _column(plain.where(column.notna(), None), masked)
    known: Mapping[Any, Any] = {
        text: masked(text) for text in column.unique().tolist() if isinstance(text, str)
    }
    changed = {text for text, new in known.items() if text != new}
    if not changed:
        return column
    made = [known[v] if isinstance(v, str) else v for v in column.tolist()]
    return pd.Series(made, column.index, dtype="object")


def _lineage(
    lineage: pd.DataFrame,
    emptied: Mapping[str, tuple[str, ...]],
    masked: Callable[[str], str],
) -> pd.DataFrame:
    table, field = lineage["table"].astype("object"), lineage["field"].astype("object")
    gone = table.isin(list(_GONE))
    for name, fields in emptied.items():
        gone |= (table == name) & field.isin(list(fields))
    return _texts(lineage.loc[~gone].reset_index(drop=True), masked)


def _summed(
    load: pd.DataFrame, lineage: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return workload by project, team, month and category, and where it comes from."""
    if load.empty:
        return load, lineage
    by = [k for k in _LOAD_KEYS if k in load]
    sums = [k for k in _LOAD_SUMS if k in load]
    keyed = load.assign(**{k: load[k].fillna("") for k in by})
    groups = keyed.groupby(by, sort=False)
    numbers = groups[sums].sum(min_count=1)
    places = ["record_id", "period", "workbook", "sheet", "row"]
    firsts = groups[places].first()
    counts = groups.size().rename("_count")
    whole = pd.concat([numbers, firsts, counts], axis=1).reset_index()
    blank = {k: whole[k].astype("object").where(whole[k] != "", None) for k in by}
    whole = whole.assign(**blank)
    made = whole.reindex(columns=load.columns)
    objects = {
        str(c): made[c].astype("object").where(made[c].notna(), None)
        for c in load
        if load[c].dtype == "object"
    }
    made = made.assign(**objects).astype({c: load[c].dtype for c in load})
    rows = [_sources(whole, field) for field in (*by, *sums)]
    other = lineage[lineage["table"].astype("object") != "workload"]
    return made, pd.concat([other.astype("object"), *rows], ignore_index=True).astype(
        {"confidence": "float64", "used": "bool"}
    )


def _sources(whole: pd.DataFrame, field: str) -> pd.DataFrame:
    """Return the lineage of one field of the summed workload."""
    known = whole[whole[field].notna()]
    made = known[["record_id", "workbook", "sheet"]].assign(
        table="workload",
        field=field,
        cell="",
        raw=known[field].astype("str"),
        number_format="",
        method="derived",
        confidence=1.0,
        used=True,
        derived_from=known["_count"].astype("str")
        + " × "
        + known["workbook"].astype("str"),
    )
    return made[LINEAGE_COLUMNS]


def _findings(
    portfolio: Portfolio,
    emptied: Mapping[str, tuple[str, ...]],
    masked: Callable[[str], str],
) -> pd.DataFrame:
    frame = portfolio.findings
    gone = frame["table"].isin(list(_GONE))
    for name, fields in emptied.items():
        gone |= (frame["table"] == name) & frame["field"].isin(list(fields))
    kept = frame.loc[~gone].reset_index(drop=True)
    lang = portfolio.lang
    plain = {
        rule: _unquoted(str(rule), lang) for rule in kept["rule"].unique().tolist()
    }
    nothing = pd.Series([None] * len(kept), kept.index, dtype="object")
    quiet = kept.assign(
        raw=nothing,
        message=kept["rule"].map(plain).astype("object"),
        suggestion=nothing,
    )
    return _texts(quiet, masked)


def _alerts(
    alerts: pd.DataFrame,
    emptied: Mapping[str, tuple[str, ...]],
    masked: Callable[[str], str],
) -> pd.DataFrame:
    """Return the alerts but for those about one person; inputs that are gone are not told."""
    kept = alerts.loc[~alerts["rule"].isin(_PERSONAL)].reset_index(drop=True)
    gone = {(name, field) for name, fields in emptied.items() for field in fields}
    left = [
        ";".join(i for i in str(told).split(";") if not _is_gone(i, gone))
        for told in kept["inputs"].tolist()
    ]
    inputs = pd.Series(left, kept.index, dtype="object")
    return _texts(kept.assign(inputs=inputs), masked)


def _is_gone(source: str, gone: set[tuple[str, str]]) -> bool:
    table, _, rest = source.partition(":")
    return table == "workload" or (table, rest.rpartition(":")[2]) in gone


def _unquoted(rule: str, lang: str) -> str:
    """Return what a rule says, without what was read."""
    return message(Finding(rule, Severity.INFO, CellRef(""), raw="…"), lang)


def _run(
    run: Mapping[str, object], removed: Mapping[str, int], masked: Callable[[str], str]
) -> dict[str, object]:
    options = run.get("options")
    inputs = run.get("inputs")
    told = dict(options) if isinstance(options, dict) else {}
    listed = [
        {**i, "workbook": masked(str(i.get("workbook", "")))}
        for i in (inputs if isinstance(inputs, list) else [])
    ]
    return {
        **run,
        "options": {**told, "audience": "shared"},
        "inputs": listed,
        "removed": dict(removed),
    }
