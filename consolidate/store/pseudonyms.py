"""Write pseudonyms over names in every table, whole months and published files too."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pandas as pd
import sqlalchemy as sa

from consolidate.store.engine import parse_url, reading, sqlite_path, writing
from consolidate.store.pack import pack, unpack
from consolidate.store.sealing import seal, unseal
from consolidate.store.tables import metadata

Masked: TypeAlias = Callable[[str], str]
FileMasked: TypeAlias = Callable[[str, bytes], bytes | None]
"""Returns what becomes of a file of a name and bytes; None when it names nobody."""

_JSON = {("snapshots", "run"), ("month_versions", "difference")}
_HASHES = frozenset({"sha256", "run_hash", "inputs_hash", "stored_at", "version"})


@dataclass(frozen=True, slots=True)
class Rewritten:
    """Where a store names somebody, or did.

    Attributes:
        cells: How many, by table.
        files: Month, version and name of each file that a closed month was published
            with and that is no longer, byte for byte, what it was.
    """

    cells: Mapping[str, int] = field(default_factory=dict)
    files: tuple[tuple[str, int, str], ...] = ()


def pseudonymise(
    url: str, masked: Masked, of_file: FileMasked, lang: str = "fr", *, apply: bool
) -> Rewritten:
    """Write pseudonyms in one transaction, and leave nothing of the names behind.

    Args:
        url: Of the store.
        masked: Gives a text without names; the same text when it has none.
        of_file: Gives a file without names.
        lang: Language of errors.
        apply: Else only say what would change.

    Raises:
        StoreError: The store cannot be read or written; nothing was changed.
    """
    with reading(url, lang) as connection:
        if connection is None:
            return Rewritten()
        if not apply:
            return _Rewriting(connection, masked, apply=False).all(of_file)
    with writing(url, lang) as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA secure_delete = ON")
        made = _Rewriting(connection, masked, apply=True).all(of_file)
    compact(url, lang)
    return made


def compact(url: str, lang: str) -> None:
    """Write an SQLite file anew: pages that were freed hold no old text."""
    path = sqlite_path(parse_url(url, lang))
    if path is None:
        return
    unseal(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as own:
        own.execute("VACUUM")
    seal(path)


class _Rewriting:
    """Goes through the tables of a store."""

    def __init__(
        self, connection: sa.Connection, masked: Masked, *, apply: bool
    ) -> None:
        self._connection = connection
        self._masked = masked
        self._apply = apply

    def all(self, of_file: FileMasked) -> Rewritten:
        """Return all that changes."""
        return Rewritten(self._tables(), tuple(self._files(of_file)))

    def _tables(self) -> Mapping[str, int]:
        found: Counter[str] = Counter()
        for table in metadata().sorted_tables:
            for column in table.columns:
                if isinstance(column.type, sa.String) and column.name not in _HASHES:
                    found[table.name] += self._column(table, column)
        found["lineage"] += self._lineage()
        return {name: count for name, count in found.items() if count}

    def _files(self, of_file: FileMasked) -> Iterator[tuple[str, int, str]]:
        table = metadata().tables["month_files"]
        rows = self._connection.execute(
            sa.select(table.c.period, table.c.version, table.c.name)
        ).all()
        for period, version, name in rows:
            own = (table.c.period == period) & (table.c.version == version) & (table.c.name == name)  # fmt: skip
            packed = self._connection.execute(sa.select(table.c.packed).where(own)).scalar_one()  # fmt: skip
            made = of_file(name, zlib.decompress(packed))
            if made is None:
                continue
            values = {"sha256": hashlib.sha256(made).hexdigest(), "bytes": len(made), "packed": zlib.compress(made, 6)}  # fmt: skip
            if self._apply:
                self._connection.execute(sa.update(table).where(own).values(values))
            yield period, version, name

    def _column(self, table: sa.Table, column: sa.Column[Any]) -> int:
        change = self._json if (table.name, column.name) in _JSON else self._masked
        query = sa.select(column, sa.func.count()).where(column.is_not(None)).group_by(column)  # fmt: skip
        count = 0
        for text, rows in self._connection.execute(query).all():
            new = change(text)
            if new == text:
                continue
            count += rows
            if self._apply:
                where = sa.update(table).where(column == text)
                self._connection.execute(where.values({column.name: new}))
                if (table.name, column.name) == ("snapshots", "run"):
                    self._hash_run(new)
        return count

    def _json(self, text: str) -> str:
        told = json.loads(text)
        made = _deep(told, self._masked)
        if made == told:
            return text
        return json.dumps(made, sort_keys=True, ensure_ascii=False)

    def _hash_run(self, run: str) -> None:
        """Give a snapshot the hash that the same run has from now on."""
        table = metadata().tables["snapshots"]
        query = sa.select(table.c.id, table.c.period, table.c.as_of)
        for number, period, as_of in self._connection.execute(query.where(table.c.run == run)).all():  # fmt: skip
            told = f"{period} {as_of} {run}".encode("utf-8", "replace")
            inputs = json.dumps(json.loads(run).get("inputs", []), sort_keys=True)
            values = {"run_hash": hashlib.sha256(told).hexdigest(), "inputs_hash": hashlib.sha256(inputs.encode("utf-8", "replace")).hexdigest()}  # fmt: skip
            self._connection.execute(sa.update(table).where(table.c.id == number).values(values))  # fmt: skip

    def _lineage(self) -> int:
        table = metadata().tables["lineage"]
        query = sa.select(table.c.snapshot_id, table.c.position)
        count = 0
        for number, position in self._connection.execute(query).all():
            own = (table.c.snapshot_id == number) & (table.c.position == position)
            packed = self._connection.execute(sa.select(table.c.packed).where(own)).scalar_one()  # fmt: skip
            frame, cells = _frame(unpack(packed), self._masked)
            count += cells
            if cells and self._apply:
                values = sa.update(table).where(own).values(packed=pack(frame))
                self._connection.execute(values)
        return count


def _frame(frame: pd.DataFrame, masked: Masked) -> tuple[pd.DataFrame, int]:
    """Return a frame without names, and how many of its cells changed."""
    count, made = 0, {}
    for name in frame.columns:
        column = frame[name]
        known = {t: m for t in column.dropna().unique() if isinstance(t, str) and (m := masked(t)) != t}  # fmt: skip
        if known:
            hit = column.isin(list(known))
            count += int(hit.sum())
            made[name] = column.where(~hit, column.map(known))
    return frame.assign(**made), count


def _deep(value: Any, masked: Masked) -> Any:
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, list):
        return [_deep(v, masked) for v in value]
    if isinstance(value, dict):
        return {masked(str(k)): _deep(v, masked) for k, v in value.items()}
    return value
