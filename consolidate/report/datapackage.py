"""Write ``data/``: one CSV a table and the descriptor of a Frictionless Data Package."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from consolidate.model.portfolio import Portfolio
from consolidate.model.schema import Field, FieldType, Schemas, TableSpec, load_schemas
from consolidate.report.csv_text import Written, write_csv
from consolidate.resources import shipped
from consolidate.wording import tr

FOLDER = "data"
DESCRIPTOR = "datapackage.json"

Schema = dict[str, Any]

_DESCRIBED: Mapping[FieldType, dict[str, Any]] = {
    "date": {"type": "date", "format": "default"},
    "month": {"type": "yearmonth"},
    "boolean": {"type": "boolean", "trueValues": ["true"], "falseValues": ["false"]},
    "integer": {"type": "integer"},
    **{
        key: {"type": "number"}
        for key in (
            "number",
            "money",
            "effort",
            "duration",
            "hours",
            "share",
            "rating",
            "criticality",
        )
    },
}
_BOUNDS: Mapping[FieldType, tuple[float, float]] = {
    "rating": (1, 5),
    "criticality": (1, 25),
}
_EXTRA: Mapping[str, Mapping[str, FieldType]] = {
    "workbooks": {
        "bytes": "integer",
        "cells_read": "integer",
        "cells_mapped": "integer",
        "cells_left": "integer",
    },
    "lineage": {"confidence": "share", "used": "boolean"},
    "findings": {},
    "alerts": {
        "period": "month",
        "since": "month",
        "escalated": "boolean",
        "value": "number",
        "threshold": "number",
        "occurrences": "integer",
        "acknowledged_until": "date",
    },
    "statuses": {"gap": "integer"},
    "priorities": {"score": "number", "alerts": "integer"},
}
_DIALECT = {
    "delimiter": ",",
    "lineTerminator": "\r\n",
    "quoteChar": '"',
    "doubleQuote": True,
    "header": True,
    "skipInitialSpace": False,
}
_SEVERITIES = ["error", "warning", "info"]
_ALERT_SEVERITIES = ["critical", "major", "minor", "info"]
_STATES = [
    *("consolidated", "partial", "rejected", "duplicate", "superseded", "ignored")
]


def write_data(
    portfolio: Portfolio, folder: Path, schemas: Schemas | None = None
) -> None:
    """Write ``data/`` into a folder: every table, then what describes them.

    Args:
        portfolio: The month's portfolio.
        folder: Where ``data/`` is made; it exists.
        schemas: Labels, types and vocabularies; the shipped ones by default.
    """
    known = schemas or load_schemas((shipped("schemas"),))
    place = folder / FOLDER
    place.mkdir(exist_ok=True)
    resources = []
    for name, frame in frames(portfolio).items():
        types = column_types(name, known)
        written = write_csv(frame, types, place / f"{name}.csv")
        schema = _schema(name, frame, known, portfolio)
        resources.append(_resource(name, schema, written, known, portfolio.lang))
    text = json.dumps(_package(portfolio, resources), ensure_ascii=False, indent=2)
    (place / DESCRIPTOR).write_bytes(f"{text}\n".encode())


def frames(portfolio: Portfolio) -> dict[str, pd.DataFrame]:
    """Return every published frame by name: the tables, then what tells about them."""
    return {
        **portfolio.tables,
        "workbooks": portfolio.workbooks,
        "lineage": portfolio.lineage,
        "findings": portfolio.findings,
        "alerts": portfolio.alerts,
        "statuses": portfolio.statuses,
        "priorities": portfolio.priorities,
    }


def column_types(name: str, schemas: Schemas) -> Mapping[str, FieldType]:
    """Return the type of each column of a published frame that is not text."""
    if name in _EXTRA:
        return _EXTRA[name]
    spec = schemas.tables[name]
    return {
        **{f.name: f.type for f in spec.fields},
        "period": "month",
        "row": "integer",
    }


def _package(portfolio: Portfolio, resources: list[dict[str, Any]]) -> dict[str, Any]:
    lang = portfolio.lang
    return {
        "profile": "data-package",
        "name": f"portfolio-{portfolio.period}",
        "title": tr("data-title", lang, period=portfolio.period),
        "description": "\n\n".join(
            tr(f"data-{key}", lang) for key in ("about", "formula-warning", "personal")
        ),
        "version": str(portfolio.run.get("version", "")),
        "period": portfolio.period,
        "as_of": portfolio.as_of.isoformat(),
        "resources": resources,
    }


def _resource(
    name: str, schema: Schema, written: Written, schemas: Schemas, lang: str
) -> dict[str, Any]:
    title = (
        tr(f"sheet-{name}", lang)
        if name in _EXTRA
        else schemas.tables[name].label.get(lang, name)
    )
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "title": title,
        "description": tr("data-resource", lang),
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": written.size,
        "hash": f"sha256:{written.sha256}",
        "dialect": _DIALECT,
        "schema": schema,
    }


def _schema(
    name: str, frame: pd.DataFrame, schemas: Schemas, portfolio: Portfolio
) -> Schema:
    lang = portfolio.lang
    if name in _EXTRA:
        fields = [_plain(name, str(c), lang) for c in frame.columns]
        schema: Schema = {"fields": fields, "missingValues": [""]}
        return schema | ({"primaryKey": "workbook"} if name == "workbooks" else {})
    spec = schemas.tables[name]
    fields = [_column(str(c), spec, schemas, lang) for c in frame.columns]
    schema = {"fields": fields, "missingValues": [""], "primaryKey": "record_id"}
    if name != "projects" and _refers(frame, portfolio.tables["projects"]):
        schema["foreignKeys"] = [_PROJECT_KEY]
    return schema


_PROJECT_KEY = {
    "fields": "project_code",
    "reference": {"resource": "projects", "fields": "project_code"},
}


def _refers(frame: pd.DataFrame, projects: pd.DataFrame) -> bool:
    """Return whether every code is a project's, so that the key can be promised."""
    codes = projects["project_code"].dropna()
    given = frame["project_code"].dropna()
    return bool(codes.is_unique and given.isin(codes).all())


def _plain(table: str, column: str, lang: str) -> dict[str, Any]:
    """Describe a column of the tables that tell about the others."""
    kind = _EXTRA[table].get(column, "text")
    title = (
        "column-alert"
        if (table, column) == ("alerts", "message")
        else f"column-{column}"
    )
    field = {"name": column, "title": tr(title, lang)}
    field |= _DESCRIBED.get(kind, {"type": "string"})
    grave = _ALERT_SEVERITIES if table == "alerts" else _SEVERITIES
    listed = {"severity": grave, "state": _STATES}.get(column)
    if column == "received_at":
        field |= {"type": "datetime"}
    if column == "confidence":
        return field | {"constraints": {"minimum": 0, "maximum": 1}}
    return field | ({"constraints": {"enum": listed}} if listed else {})


def _column(
    column: str, spec: TableSpec, schemas: Schemas, lang: str
) -> dict[str, Any]:
    """Describe a column of a canonical table."""
    field = spec.by_name.get(column)
    if field is None:
        kind = column_types(spec.name, schemas).get(column, "text")
        described: Schema = {"name": column, "title": tr(f"column-{column}", lang)}
        described |= _DESCRIBED.get(kind, {"type": "string"})
        if column in ("record_id", "period", "workbook"):
            described["constraints"] = {"required": True}
        return described
    described = {"name": column, "title": field.label.get(lang, column)}
    if field.meaning:
        described["description"] = field.meaning
    described |= _DESCRIBED.get(field.type, {"type": "string"})
    limits = _constraints(field, schemas)
    return described | ({"constraints": limits} if limits else {})


def _constraints(field: Field, schemas: Schemas) -> dict[str, Any]:
    found: dict[str, Any] = {}
    low, high = _BOUNDS.get(field.type, (field.min, field.max))
    if low is not None:
        found["minimum"] = low
    if high is not None:
        found["maximum"] = high
    if field.type == "code" and field.values and not field.open:
        found["enum"] = list(schemas.vocabularies[field.values].codes)
    if field.required:
        found["required"] = True
    return found
