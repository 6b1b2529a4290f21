"""Bring a store to the tables this version knows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

import sqlalchemy as sa

from consolidate.store.tables import metadata

SCHEMA_VERSION = 1
"""Raised with every change that new columns alone cannot make."""

Step = Callable[[sa.Connection], None]

STEPS: Mapping[int, Step] = {}
"""By version, what brings a store of the version before to it."""


class NewerStoreError(Exception):
    """The store was made by a newer version, whose tables this one does not know."""


class ForeignStoreError(Exception):
    """The file is a database of something else."""


def migrate(connection: sa.Connection, steps: Mapping[int, Step] = STEPS) -> None:
    """Make, or bring up to date, the tables of a store, in the caller's transaction.

    Args:
        connection: In a transaction.
        steps: What to do for each version; given by tests.

    Raises:
        NewerStoreError: A newer version made it.
        ForeignStoreError: An SQLite file that holds tables, none of them ours.
    """
    version = metadata().tables["store_version"]
    goal = max(SCHEMA_VERSION, *steps) if steps else SCHEMA_VERSION
    present = set(sa.inspect(connection).get_table_names())
    if version.name not in present:
        if present and connection.dialect.name == "sqlite":
            raise ForeignStoreError
        metadata().create_all(connection)
        content = {"version": goal, "fields": _fields()}
        connection.execute(sa.insert(version).values(content))
        return
    found, fields = connection.execute(sa.select(version)).one()
    if found > goal:
        raise NewerStoreError
    for step in range(found + 1, goal + 1):
        steps[step](connection)
    if found < goal or fields != _fields():
        _add_new(connection)
        content = {"version": goal, "fields": _fields()}
        connection.execute(sa.update(version).values(content))


def check_version(connection: sa.Connection) -> bool:
    """Return whether there is a store to read; False when it has no table yet.

    Raises:
        NewerStoreError: A newer version made it.
        ForeignStoreError: An SQLite file that holds tables, none of them ours.
    """
    version = metadata().tables["store_version"]
    present = set(sa.inspect(connection).get_table_names())
    if version.name not in present:
        if present and connection.dialect.name == "sqlite":
            raise ForeignStoreError
        return False
    found = connection.execute(sa.select(version.c.version)).scalar_one()
    if found > SCHEMA_VERSION:
        raise NewerStoreError
    return True


def is_current(connection: sa.Connection) -> bool:
    """Return whether a store that can be read has all the columns of this version."""
    version = metadata().tables["store_version"]
    found = connection.execute(sa.select(version)).one()
    return tuple(found) == (SCHEMA_VERSION, _fields())


def _fields() -> str:
    """Return the hash of all columns: schemas grow from version to version."""
    names = [f"{t.name}.{c.name}" for t in metadata().sorted_tables for c in t.columns]
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()


def _add_new(connection: sa.Connection) -> None:
    """Add the tables and columns that earlier versions did not have."""
    metadata().create_all(connection)
    inspector = sa.inspect(connection)
    quote = connection.dialect.identifier_preparer.quote
    for table in metadata().sorted_tables:
        known = {column["name"] for column in inspector.get_columns(table.name)}
        for column in table.columns:
            if column.name not in known:
                kind = column.type.compile(connection.dialect)
                connection.exec_driver_sql(
                    f"ALTER TABLE {quote(table.name)} ADD COLUMN {quote(column.name)} {kind}"
                )
