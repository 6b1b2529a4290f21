"""Snapshots: a month's portfolio as it was published, kept whole."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa

from consolidate.model.case import CaseNews, CaseStep
from consolidate.model.error import StoreError
from consolidate.model.portfolio import (
    FINDING_COLUMNS,
    LINEAGE_COLUMNS,
    WORKBOOK_COLUMNS,
    Portfolio,
)
from consolidate.store.cases import add_steps, open_cases
from consolidate.store.engine import parse_url, reading, shown, writing
from consolidate.store.migrations import SCHEMA_VERSION
from consolidate.store.pack import pack, unpack
from consolidate.store.rows import (
    insert_frame,
    insert_rows,
    read_columns,
    read_plain,
    read_table,
)
from consolidate.store.tables import ANALYSIS, metadata, schemas
from consolidate.wording import tr


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A stored portfolio.

    Attributes:
        id: Its number in the store.
        period: Its month, ``YYYY-MM``.
        as_of: The day its rules compared with.
        is_current: Whether it is the one its month is known by; a later run of the
            same month that found something else takes its place.
        workbooks, projects, records, findings: How many it holds.
        version: Version of consolidate that made it.
        schema_version: Version of the store's tables.
        inputs: Hash of the workbooks it was made from.
        run: Hash of all it depends on: workbooks, options, configuration.
        stored_at: When it was first stored, UTC.
    """

    id: int
    period: str
    as_of: date
    is_current: bool
    workbooks: int
    projects: int
    records: int
    findings: int
    version: str
    schema_version: int
    inputs: str
    run: str
    stored_at: str


def save(
    url: str,
    portfolio: Portfolio,
    news: CaseNews | None = None,
    steps: Sequence[CaseStep] = (),
) -> Snapshot:
    """Store a portfolio in one transaction, once.

    The same run twice is one snapshot; another run of the same month becomes the current
    one, the older ones are kept.

    Args:
        url: SQLAlchemy URL of the store; an SQLite file is made for its owner alone.
        portfolio: What was published.
        news: What the month says of assistance cases; None to leave them alone.
        steps: Read back from the sheets of reviews; known ones are known.

    Raises:
        StoreError: The store cannot be written, or the month is closed; nothing was
            stored.
    """
    table = metadata().tables["snapshots"]
    content = _content(portfolio)
    with writing(url, portfolio.lang) as connection:
        _check_open(connection, portfolio)
        same = (table.c.period == portfolio.period) & (
            table.c.run_hash == content["run_hash"]
        )
        found = connection.execute(sa.select(table.c.id).where(same)).scalar()
        last = connection.execute(
            sa.select(sa.func.max(table.c.turn)).where(
                table.c.period == portfolio.period
            )
        ).scalar()
        if found is None:
            content["turn"] = (last or 0) + 1
            made = connection.execute(sa.insert(table).values(content))
            key = made.inserted_primary_key
            assert key is not None
            number = int(key[0])
            _insert(connection, number, portfolio)
        else:
            number = int(found)
            current = sa.select(table.c.turn).where(table.c.id == number)
            if connection.execute(current).scalar_one() != last:
                turn = sa.update(table).where(table.c.id == number)
                connection.execute(turn.values(turn=(last or 0) + 1))
        if news is not None:
            open_cases(connection, portfolio.period, portfolio.as_of, news)
        add_steps(connection, steps)
        return next(s for s in listed(connection) if s.id == number)


def _check_open(connection: sa.Connection, portfolio: Portfolio) -> None:
    """Raise when the month was closed, maybe while this run lasted."""
    table = metadata().tables["month_versions"]
    closed = sa.select(sa.func.count()).where(
        table.c.period == portfolio.period, table.c.reopened_at.is_(None)
    )
    if connection.execute(closed).scalar_one():
        raise StoreError(
            tr("store-month-closed", portfolio.lang, period=portfolio.period)
        )


def history(url: str, lang: str = "fr") -> list[Snapshot]:
    """Return every snapshot, the latest month first, the current one of a month first.

    Raises:
        StoreError: The store cannot be read.
    """
    with reading(url, lang) as connection:
        return listed(connection) if connection is not None else []


def load(url: str, period: str, lang: str = "fr") -> Portfolio:
    """Return the current portfolio of a month, as it was stored.

    Empty cells of the lineage are None.

    Raises:
        StoreError: The store cannot be read, or has no such month.
    """
    with reading(url, lang) as connection:
        known = listed(connection) if connection is not None else []
        found = next((s for s in known if s.period == period and s.is_current), None)
        if connection is None or found is None:
            place = shown(parse_url(url, lang))
            raise StoreError(tr("store-no-month", lang, store=place, period=period))
        return _loaded(connection, found)


def load_snapshot(url: str, number: int, lang: str = "fr") -> Portfolio:
    """Return the portfolio of one snapshot, current or not.

    Raises:
        StoreError: The store cannot be read.
    """
    with reading(url, lang) as connection:
        assert connection is not None
        return _loaded(
            connection, next(s for s in listed(connection) if s.id == number)
        )


def _content(portfolio: Portfolio) -> dict[str, Any]:
    run = json.dumps(portfolio.run, sort_keys=True, ensure_ascii=False)
    inputs = json.dumps(portfolio.run.get("inputs", []), sort_keys=True)
    frames = portfolio.tables
    return {
        "period": portfolio.period,
        "as_of": portfolio.as_of,
        "lang": portfolio.lang,
        "version": str(portfolio.run.get("version", "")),
        "run_hash": _hash(f"{portfolio.period} {portfolio.as_of} {run}"),
        "inputs_hash": _hash(inputs),
        "run": run,
        "workbooks": len(portfolio.workbooks),
        "projects": len(frames["projects"]),
        "records": sum(len(frame) for frame in frames.values()),
        "findings": len(portfolio.findings),
        "stored_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
    }


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _insert(connection: sa.Connection, number: int, portfolio: Portfolio) -> None:
    tables = metadata().tables
    for name, frame in portfolio.tables.items():
        insert_frame(connection, tables[name], number, frame)
    insert_frame(connection, tables["workbooks"], number, portfolio.workbooks)
    insert_frame(connection, tables["findings"], number, portfolio.findings)
    for name in ANALYSIS:
        insert_frame(connection, tables[name], number, getattr(portfolio, name))
    parts = list(_by_table(portfolio.lineage))
    rows = [(number, k, len(part), pack(part)) for k, part in enumerate(parts)]
    if rows:
        names = ["snapshot_id", "position", "rows", "packed"]
        insert_rows(connection, tables["lineage"], names, rows)


def _by_table(lineage: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the lineage cut where its table changes, so that its order is kept."""
    table = lineage["table"].to_numpy(dtype="object")
    cuts = [0, *((table[1:] != table[:-1]).nonzero()[0] + 1).tolist(), len(lineage)]
    return [lineage.iloc[a:b] for a, b in itertools.pairwise(cuts) if a < b]


def listed(connection: sa.Connection) -> list[Snapshot]:
    """Return every snapshot, the latest month first, the current one of a month first."""
    table = metadata().tables["snapshots"]
    query = sa.select(table).order_by(
        table.c.period.desc(), table.c.turn.desc(), table.c.id.desc()
    )
    rows = [row._mapping for row in connection.execute(query)]  # noqa: SLF001 - documented
    newest: dict[str, int] = {}
    for row in rows:
        newest.setdefault(row["period"], row["id"])
    return [
        _snapshot(row, is_current=newest[row["period"]] == row["id"]) for row in rows
    ]


def _snapshot(row: Mapping[Any, Any], *, is_current: bool) -> Snapshot:
    return Snapshot(
        id=row["id"],
        period=row["period"],
        as_of=row["as_of"],
        is_current=is_current,
        workbooks=row["workbooks"],
        projects=row["projects"],
        records=row["records"],
        findings=row["findings"],
        version=row["version"],
        schema_version=SCHEMA_VERSION,
        inputs=row["inputs_hash"],
        run=row["run_hash"],
        stored_at=row["stored_at"],
    )


def _loaded(connection: sa.Connection, found: Snapshot) -> Portfolio:
    tables = metadata().tables
    own = tables["snapshots"]
    query = sa.select(own.c.lang, own.c.run).where(own.c.id == found.id)
    lang, run = connection.execute(query).one()
    return Portfolio(
        period=found.period,
        as_of=found.as_of,
        lang=lang,
        tables={
            name: read_table(connection, tables[name], found.id, spec)
            for name, spec in schemas().tables.items()
        },
        workbooks=read_plain(
            connection, tables["workbooks"], found.id, WORKBOOK_COLUMNS
        ),
        lineage=_lineage(connection, found.id),
        findings=read_plain(connection, tables["findings"], found.id, FINDING_COLUMNS),
        run=json.loads(run),
        **{
            name: read_plain(connection, tables[name], found.id, columns)
            for name, columns in ANALYSIS.items()
        },
    )


def _lineage(connection: sa.Connection, number: int) -> pd.DataFrame:
    table = metadata().tables["lineage"]
    query = (
        sa.select(table.c.packed)
        .where(table.c.snapshot_id == number)
        .order_by(table.c.position)
    )
    parts = [unpack(packed) for packed in connection.execute(query).scalars()]
    empty = pd.DataFrame(columns=LINEAGE_COLUMNS, dtype="object")
    whole = pd.concat(parts, ignore_index=True) if parts else empty
    return whole.astype({"confidence": "float64", "used": "bool"})


def load_tables(
    url: str,
    columns: Mapping[str, Sequence[str]],
    *,
    before: str,
    months: int,
    lang: str = "fr",
) -> list[tuple[str, date, dict[str, pd.DataFrame]]]:
    """Return some columns of the months before one, without their lineage.

    Args:
        url: Of the store.
        columns: Fields wanted, by table; ``record_id`` and ``project_code`` come with
            them.
        before: The month reported on, ``YYYY-MM``.
        months: How many calendar months to look back on.
        lang: Language of errors.

    Returns:
        Month, cut-off and tables of the current snapshot of each month, oldest first;
        dates are datetime64, the rest as ``Portfolio.tables``.

    Raises:
        StoreError: The store cannot be read.
    """
    first = str(pd.Period(before, "M") - months)
    with reading(url, lang) as connection:
        if connection is None:
            return []
        found = [
            s for s in listed(connection) if s.is_current and first <= s.period < before
        ]
        return [
            (s.period, s.as_of, _some(connection, s.id, columns))
            for s in reversed(found)
        ]


def _some(
    connection: sa.Connection, number: int, columns: Mapping[str, Sequence[str]]
) -> dict[str, pd.DataFrame]:
    tables = metadata().tables
    specs = schemas().tables
    return {
        name: read_columns(connection, tables[name], number, specs[name], fields)
        for name, fields in columns.items()
    }
