"""The life of a month: provisional, closed as it was published, reopened to be corrected.

A closed month is kept as the very files that were published: no later version, rule or
threshold makes it anew.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypeAlias

import sqlalchemy as sa

from consolidate.model.error import StoreError
from consolidate.model.output import PARTS
from consolidate.store.engine import parse_url, reading, shown, writing
from consolidate.store.snapshot import Snapshot, listed
from consolidate.store.tables import metadata
from consolidate.wording import tr

MonthState: TypeAlias = Literal["provisional", "closed", "reopened"]


@dataclass(frozen=True, slots=True)
class Month:
    """What a store knows of a month.

    Attributes:
        period: ``YYYY-MM``.
        state: ``provisional`` until it is closed; ``reopened`` from there on until it is
            closed again, as its next version.
        version: The last closed one; 0 when it never was.
        closed_snapshot: Id of the snapshot it was last closed with; 0 when never.
        snapshot: Its current snapshot.
        at, by, reason: When and by whom it was closed or reopened, and why; empty while
            provisional.
        files: How many files were published with the closed version.
        late: Workbooks that arrived after it was closed and wait for a decision.
    """

    period: str
    state: MonthState
    version: int
    snapshot: Snapshot
    closed_snapshot: int = 0
    at: str = ""
    by: str = ""
    reason: str = ""
    files: int = 0
    late: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Closing:
    """How a month is closed.

    Attributes:
        period: ``YYYY-MM``.
        by: Who closes it.
        reason: Why, when it is closed again.
        difference: What changed since the version before, as JSON can hold it.
    """

    period: str
    by: str
    reason: str = ""
    difference: Mapping[str, object] | None = None


def months(url: str, lang: str = "fr") -> list[Month]:
    """Return every month of a store, the latest first.

    Raises:
        StoreError: The store cannot be read.
    """
    with reading(url, lang) as connection:
        return [] if connection is None else _months(connection)


def month(url: str, period: str, lang: str = "fr") -> Month | None:
    """Return one month; None when the store has none such.

    Raises:
        StoreError: The store cannot be read.
    """
    return next((m for m in months(url, lang) if m.period == period), None)


def close_month(url: str, closing: Closing, out: Path, lang: str = "fr") -> Month:
    """Close a month as it was published, and keep the files that were.

    Args:
        url: Of the store.
        closing: Which month, by whom.
        out: The folder that was published; its ``run.json`` is of the month's current
            snapshot (the caller has seen to it).
        lang: Language of errors.

    Raises:
        StoreError: The store has no such month, or it is closed.
    """
    tables = metadata().tables
    with writing(url, lang) as connection:
        found = _known(connection, url, closing.period, lang)
        if found.state == "closed":
            raise StoreError(tr("store-month-closed", lang, period=closing.period))
        version = found.version + 1
        told = closing.difference
        connection.execute(
            sa.insert(tables["month_versions"]).values(
                period=closing.period,
                version=version,
                snapshot_id=found.snapshot.id,
                closed_at=_now(),
                closed_by=closing.by,
                reason=closing.reason,
                difference=None if told is None else json.dumps(told, default=str),
            )
        )
        key = {"period": closing.period, "version": version}
        for row in _files(out):
            connection.execute(sa.insert(tables["month_files"]).values(key | row))
        return _known(connection, url, closing.period, lang)


def reopen_month(
    url: str, period: str, by: str, reason: str, lang: str = "fr"
) -> Month:
    """Let a closed month be corrected; the closed version is kept.

    Raises:
        StoreError: The store has no such month, or it is not closed.
    """
    table = metadata().tables["month_versions"]
    with writing(url, lang) as connection:
        found = _known(connection, url, period, lang)
        if found.state != "closed":
            raise StoreError(tr("store-month-open", lang, period=period))
        told = {"reopened_at": _now(), "reopened_by": by, "reopen_reason": reason}
        where = (table.c.period == period) & (table.c.version == found.version)
        connection.execute(sa.update(table).where(where).values(told))
        return _known(connection, url, period, lang)


def restore_month(url: str, found: Month, into: Path, lang: str = "fr") -> None:
    """Write the files of a closed month as they were published, byte for byte.

    Args:
        url: Of the store.
        found: The month, closed at least once.
        into: An empty folder.
        lang: Language of errors.

    Raises:
        StoreError: The store cannot be read, or a file in it is not what was published.
    """
    table = metadata().tables["month_files"]
    where = (table.c.period == found.period) & (table.c.version == found.version)
    with reading(url, lang) as connection:
        assert connection is not None
        for row in connection.execute(sa.select(table).where(where)).mappings():
            content = zlib.decompress(row["packed"])
            if hashlib.sha256(content).hexdigest() != row["sha256"]:
                params = {"period": found.period, "name": row["name"]}
                raise StoreError(tr("store-month-altered", lang, **params))
            path = into.joinpath(*row["name"].split("/"))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def note_late(
    url: str, period: str, workbooks: Sequence[tuple[str, str, str]], lang: str = "fr"
) -> None:
    """Keep which workbooks arrived after a month was closed.

    Args:
        url: Of the store.
        period: The closed month.
        workbooks: Name, sha256 and time of arrival of each.
        lang: Language of errors.
    """
    table = metadata().tables["month_late"]
    with writing(url, lang) as connection:
        query = sa.select(table.c.sha256, table.c.workbook)
        rows = connection.execute(query.where(table.c.period == period))
        known = {tuple(row) for row in rows}
        new = [
            {"period": period, "sha256": digest, "workbook": name, "received_at": at}
            for name, digest, at in workbooks
            if (digest, name) not in known
        ]
        if new:
            connection.execute(sa.insert(table), new)


def difference_of(url: str, found: Month, lang: str = "fr") -> Mapping[str, Any]:
    """Return what a closed version changed; empty for a first one."""
    table = metadata().tables["month_versions"]
    where = (table.c.period == found.period) & (table.c.version == found.version)
    with reading(url, lang) as connection:
        assert connection is not None
        told = connection.execute(sa.select(table.c.difference).where(where)).scalar()
    return dict(json.loads(told)) if told else {}


def _known(connection: sa.Connection, url: str, period: str, lang: str) -> Month:
    found = next((m for m in _months(connection) if m.period == period), None)
    if found is None:
        place = shown(parse_url(url, lang))
        raise StoreError(tr("store-no-month", lang, store=place, period=period))
    return found


def _months(connection: sa.Connection) -> list[Month]:
    tables = metadata().tables
    versions = tables["month_versions"]
    rows = connection.execute(sa.select(versions).order_by(versions.c.version))
    last = {row["period"]: row for row in rows.mappings()}
    files = tables["month_files"]
    columns = (files.c.period, files.c.version, sa.func.count())
    grouped = sa.select(*columns).group_by(files.c.period, files.c.version)
    counts = {(p, v): n for p, v, n in connection.execute(grouped)}
    late: dict[str, list[tuple[str, str]]] = {}
    table = tables["month_late"]
    query = sa.select(table.c.period, table.c.workbook, table.c.sha256)
    for period, workbook, digest in connection.execute(
        query.order_by(table.c.workbook)
    ):
        late.setdefault(period, []).append((workbook, digest))
    read = _inputs(connection, sorted(late))
    return [
        _month(
            snapshot,
            last.get(snapshot.period),
            counts,
            tuple(
                name
                for name, digest in late.get(snapshot.period, [])
                if digest not in read[snapshot.period]
            ),
        )
        for snapshot in listed(connection)
        if snapshot.is_current
    ]


def _month(
    snapshot: Snapshot,
    row: Mapping[Any, Any] | None,
    counts: Mapping[tuple[str, int], int],
    late: tuple[str, ...],
) -> Month:
    period = snapshot.period
    if row is None:
        return Month(period, "provisional", 0, snapshot, late=late)
    version = row["version"]
    key = (version, snapshot, row["snapshot_id"])
    files = counts.get((period, version), 0)
    if row["reopened_at"]:
        told = (row["reopened_at"], row["reopened_by"], row["reopen_reason"])
        return Month(period, "reopened", *key, *told, files, late)
    told = (row["closed_at"], row["closed_by"], row["reason"])
    return Month(period, "closed", *key, *told, files, late)


def _inputs(
    connection: sa.Connection, periods: Sequence[str]
) -> Mapping[str, frozenset[str]]:
    """Return the hashes of the workbooks each month's current snapshot was made of."""
    table = metadata().tables["snapshots"]
    found: dict[str, frozenset[str]] = {}
    for snapshot in listed(connection):
        if snapshot.period not in periods or not snapshot.is_current:
            continue
        query = sa.select(table.c.run).where(table.c.id == snapshot.id)
        run = json.loads(connection.execute(query).scalar_one())
        found[snapshot.period] = frozenset(i["sha256"] for i in run.get("inputs", []))
    return found


def _files(out: Path) -> list[dict[str, Any]]:
    found = []
    for path in sorted(p for p in out.rglob("*") if p.is_file()):
        name = path.relative_to(out).as_posix()
        if name.partition("/")[0] not in PARTS:
            continue  # somebody's own
        content = path.read_bytes()
        found.append(
            {
                "name": name,
                "sha256": hashlib.sha256(content).hexdigest(),
                "bytes": len(content),
                "packed": zlib.compress(content, 6),
            }
        )
    return found


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
