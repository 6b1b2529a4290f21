"""Frames as rows of a database, and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from consolidate.model.schema import TableSpec
from consolidate.store.tables import (
    REAL_NUMBERS,
    WHOLE_NUMBERS,
    column_names,
    field_type,
    is_number,
)

Row = tuple[Any, ...]

_WHOLE = frozenset({"integer", "rating", "criticality"})


def insert_frame(
    connection: sa.Connection, table: sa.Table, snapshot: int, frame: pd.DataFrame
) -> None:
    """Insert a frame, its rows numbered in their order.

    Args:
        connection: In a transaction.
        table: Has the columns ``snapshot_id``, ``position`` and those of the frame.
        snapshot: Whose rows they are.
        frame: Columns of the table, in any order.
    """
    if frame.empty:
        return
    # A column nobody filled is left to the database: half of all columns, and of the time.
    names = [
        str(c) for c in frame.columns if c in table.columns and frame[c].notna().any()
    ]
    own = [plain_values(frame[name]) for name in names]
    if connection.dialect.name == "sqlite":
        dated = [isinstance(table.c[name].type, sa.Date) for name in names]
        own = [_iso(v) if d else v for v, d in zip(own, dated, strict=True)]
    keys = [[snapshot] * len(frame), range(len(frame))]
    rows = list(zip(*keys, *own, strict=True))
    insert_rows(connection, table, ["snapshot_id", "position", *names], rows)


def insert_rows(
    connection: sa.Connection, table: sa.Table, names: Sequence[str], rows: list[Row]
) -> None:
    """Insert rows of the named columns, the fastest way the database has.

    Dates are text for SQLite.
    """
    if connection.dialect.name != "sqlite":
        filled = [dict(zip(names, row, strict=True)) for row in rows]
        connection.execute(sa.insert(table), filled)
        return
    # Straight to the driver: four times faster than through SQLAlchemy's parameters.
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(quote(name) for name in names)
    marks = ", ".join("?" * len(names))
    statement = f"INSERT INTO {quote(table.name)} ({columns}) VALUES ({marks})"  # noqa: S608 - our names
    connection.exec_driver_sql(statement, rows)


def _iso(days: list[Any]) -> list[str | None]:
    known = {day: None if day is None else day.isoformat() for day in set(days)}
    return [known[day] for day in days]


def plain_values(column: pd.Series) -> list[Any]:
    """Return a column as Python values a database takes, None where unknown."""
    gone = column.isna()
    if gone.all():
        return [None] * len(column)
    objects = column.astype("object")
    values = (objects.where(~gone, None) if gone.any() else objects).tolist()
    texts = "".join(v for v in set(values) if type(v) is str)
    if "\0" in texts or not _is_unicode(texts):
        return [_storable(v) if type(v) is str else v for v in values]
    return values


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _storable(text: str) -> str:
    """Replace what no database keeps: the null character and half a character."""
    whole = text.encode("utf-8", "replace").decode() if not _is_unicode(text) else text
    return whole.replace("\0", "\ufffd")


def read_table(
    connection: sa.Connection, table: sa.Table, snapshot: int, spec: TableSpec
) -> pd.DataFrame:
    """Return a canonical table of a snapshot, typed as ``Portfolio.tables`` are."""
    names = column_names(spec)
    columns = _columns(connection, table, snapshot, names)
    made: dict[str, pd.Series] = {}
    for name, values in zip(names, columns, strict=True):
        kind = field_type(spec, name)
        if name == "row" and None not in values:
            made[name] = pd.Series(values, dtype="int64")
        elif kind in _WHOLE and all(v is None or v == int(v) for v in values):
            made[name] = pd.Series(values, dtype="Float64").astype("Int64")
        elif is_number(kind):
            made[name] = pd.Series(values, dtype="float64")
        else:
            made[name] = pd.Series(values, dtype="object")
    return pd.DataFrame(made)


def read_columns(
    connection: sa.Connection,
    table: sa.Table,
    snapshot: int,
    spec: TableSpec,
    fields: Sequence[str],
) -> pd.DataFrame:
    """Return some columns of a canonical table of a snapshot, to compute with.

    Returns:
        ``record_id``, ``project_code`` and the fields the table has: dates as
        datetime64, numbers as float64, the rest as objects.
    """
    own = [f for f in fields if f in spec.by_name and f != "project_code"]
    names = list(dict.fromkeys(["record_id", "project_code", *own]))
    columns = _raw_columns(connection, table, snapshot, names)
    dtypes = [_computable(spec, name) for name in names]
    return pd.DataFrame(
        {
            name: pd.Series(np.array(values, dtype=dtype), copy=False)
            for name, values, dtype in zip(names, columns, dtypes, strict=True)
        }
    )


def _computable(spec: TableSpec, name: str) -> str:
    kind = field_type(spec, name)
    if kind == "date":
        return "datetime64[s]"
    return "float64" if is_number(kind) or kind == "integer" else "object"


def _raw_columns(
    connection: sa.Connection, table: sa.Table, snapshot: int, names: Sequence[str]
) -> list[list[Any]]:
    """Return columns as the driver gives them: dates of SQLite as text, booleans 0 or 1.

    A year of months is a million values: half the time is SQLAlchemy's rows and types.
    """
    if connection.dialect.name != "sqlite":
        return _columns(connection, table, snapshot, names)
    quote = connection.dialect.identifier_preparer.quote
    listed = ", ".join(quote(name) for name in names)
    statement = f"SELECT {listed} FROM {quote(table.name)} WHERE snapshot_id = ? ORDER BY position"  # noqa: S608 - our names
    cursor = connection.exec_driver_sql(statement, (snapshot,)).cursor
    assert cursor is not None
    rows = cursor.fetchall()
    return [list(c) for c in zip(*rows, strict=True)] if rows else [[] for _ in names]


def read_plain(
    connection: sa.Connection, table: sa.Table, snapshot: int, names: Sequence[str]
) -> pd.DataFrame:
    """Return a frame of a snapshot that is no canonical table."""
    columns = _columns(connection, table, snapshot, names)
    return pd.DataFrame(
        {
            name: pd.Series(values, dtype=_plain_dtype(name, values))
            for name, values in zip(names, columns, strict=True)
        }
    )


def _plain_dtype(name: str, values: list[Any]) -> str:
    if name in REAL_NUMBERS:
        return "float64"
    return "int64" if name in WHOLE_NUMBERS and None not in values else "object"


def _columns(
    connection: sa.Connection, table: sa.Table, snapshot: int, names: Sequence[str]
) -> list[list[Any]]:
    query = (
        sa.select(*(table.c[name] for name in names))
        .where(table.c.snapshot_id == snapshot)
        .order_by(table.c.position)
    )
    rows = connection.execute(query).all()
    if not rows:
        return [[] for _ in names]
    return [list(column) for column in zip(*rows, strict=True)]
