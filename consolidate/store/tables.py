"""The store's tables: snapshots, one table a canonical table, and what tells of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from consolidate.model.case import OPENING_COLUMNS
from consolidate.model.portfolio import (
    ALERT_COLUMNS,
    FINDING_COLUMNS,
    PRIORITY_COLUMNS,
    STATUS_COLUMNS,
    WORKBOOK_COLUMNS,
)
from consolidate.model.schema import FieldType, Schemas, TableSpec, load_schemas
from consolidate.resources import shipped

COUNTS = ("workbooks", "projects", "records", "findings")
"""What a snapshot counts."""

WHOLE_NUMBERS = frozenset(
    {"bytes", "cells_read", "cells_mapped", "cells_left", "occurrences", "alerts"}
)
"""Columns of ``workbooks`` that are whole numbers."""

ANALYSIS: Mapping[str, Sequence[str]] = {
    "alerts": ALERT_COLUMNS,
    "statuses": STATUS_COLUMNS,
    "priorities": PRIORITY_COLUMNS,
}
"""What was made of a month's figures, by frame of a portfolio."""

REAL_NUMBERS = frozenset({"value", "threshold", "gap", "score"})
"""Columns of ``ANALYSIS`` that are numbers."""

_NUMBERS = frozenset(
    {
        "number",
        "money",
        "effort",
        "duration",
        "hours",
        "share",
        "rating",
        "criticality",
    }
)


@lru_cache(maxsize=1)
def schemas() -> Schemas:
    """Return the shipped schemas: a user's add words and bounds, never a field."""
    return load_schemas((shipped("schemas"),))


@lru_cache(maxsize=1)
def metadata() -> sa.MetaData:
    """Return every table of the store."""
    found = sa.MetaData()
    sa.Table(
        "store_version",
        found,
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("fields", sa.String(64), nullable=False),
    )
    _snapshots(found)
    _months(found)
    _cases(found)
    for spec in schemas().tables.values():
        own = [sa.Column(n, column_type(spec, n)) for n in column_names(spec)]
        sa.Table(spec.name, found, *_keys(), *own)
    for name, columns in (
        ("workbooks", WORKBOOK_COLUMNS),
        ("findings", FINDING_COLUMNS),
        *ANALYSIS.items(),
    ):
        sa.Table(name, found, *_keys(), *map(_plain, columns))
    packed = sa.Column("packed", sa.LargeBinary, nullable=False)
    sa.Table("lineage", found, *_keys(), sa.Column("rows", sa.Integer), packed)
    return found


def _snapshots(found: sa.MetaData) -> None:
    sa.Table(
        "snapshots",
        found,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("lang", sa.String(2), nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("run_hash", sa.String(64), nullable=False),
        sa.Column("inputs_hash", sa.String(64), nullable=False),
        sa.Column("run", sa.Text, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in COUNTS),
        # The highest of a month is the current one.
        sa.Column("turn", sa.Integer, nullable=False),
        # When it was first stored; shown in the history, in no result.
        sa.Column("stored_at", sa.String(20), nullable=False),
        sa.UniqueConstraint("period", "run_hash"),
    )


def _months(found: sa.MetaData) -> None:
    """Add what is known of closed months; ``reopened_at`` is empty while closed."""
    sa.Table(
        "month_versions",
        found,
        sa.Column("period", sa.String(7), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("snapshot_id", sa.ForeignKey("snapshots.id"), nullable=False),
        *_texts("closed_at", "closed_by", "reason", "difference"),
        *_texts("reopened_at", "reopened_by", "reopen_reason"),
    )
    sa.Table(
        "month_files",
        found,
        sa.Column("period", sa.String(7), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(200), primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("packed", sa.LargeBinary, nullable=False),
    )
    sa.Table(
        "month_late",
        found,
        sa.Column("period", sa.String(7), primary_key=True),
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("workbook", sa.String(500), primary_key=True),
        *_texts("received_at"),
    )


def _cases(found: sa.MetaData) -> None:
    """Add assistance cases and the steps taken; they belong to no snapshot."""
    sa.Table(
        "cases",
        found,
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("opened_in", sa.String(7), nullable=False),
        sa.Column("opened_on", sa.Date, nullable=False),
        *_texts(*OPENING_COLUMNS, "news", "news_of"),
    )
    sa.Table(
        "case_steps",
        found,
        sa.Column("number", sa.ForeignKey("cases.number"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("on", sa.Date),
        *_texts("step", "by", "text", "outcome", "source", "noted_at"),
        sa.UniqueConstraint("number", "mark"),
    )


def _texts(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.Text) for name in names)


def _keys() -> tuple[sa.Column[int], sa.Column[int]]:
    owner = sa.ForeignKey("snapshots.id")
    return (
        sa.Column("snapshot_id", sa.Integer, owner, primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    )


def _plain(name: str) -> sa.Column[Any]:
    return sa.Column(name, _kind(name))


def _kind(name: str) -> sa.types.TypeEngine[Any]:
    if name in WHOLE_NUMBERS:
        return sa.BigInteger()
    if name in REAL_NUMBERS:
        return sa.Double()
    named: Mapping[str, sa.types.TypeEngine[Any]] = {
        "escalated": sa.Boolean(),
        "acknowledged_until": sa.Date(),
    }
    return named.get(name, sa.Text())


def column_names(spec: TableSpec) -> list[str]:
    """Return the columns of a canonical table, in the contract's order."""
    own = [name for name in spec.field_names if name != "project_code"]
    return ["record_id", "period", "project_code", *own, "workbook", "sheet", "row"]


def column_type(spec: TableSpec, column: str) -> sa.types.TypeEngine[Any]:
    """Return the database's type of a column of a canonical table."""
    kind = field_type(spec, column)
    if kind in _NUMBERS:
        return sa.Double()
    if kind == "integer":
        return sa.BigInteger()
    if kind == "date":
        return sa.Date()
    if kind == "boolean":
        return sa.Boolean()
    return sa.Text()


def field_type(spec: TableSpec, column: str) -> FieldType:
    """Return the type of a column of a canonical table; text for what is no field."""
    if column == "row":
        return "integer"
    field = spec.by_name.get(column)
    return field.type if field else "text"


def is_number(kind: FieldType) -> bool:
    """Return whether a field of that type is a floating number in a frame."""
    return kind in _NUMBERS
