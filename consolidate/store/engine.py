"""Open a store; whatever goes wrong is told in one line, never with a password."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from consolidate.model.error import StoreError
from consolidate.model.mounts import is_share
from consolidate.store.migrations import (
    ForeignStoreError,
    NewerStoreError,
    check_version,
    is_current,
    migrate,
)
from consolidate.store.sealing import seal, unseal
from consolidate.wording import tr

WAIT_SECONDS = 5
"""How long another run may hold the store before this one gives up."""

_SIGNS = {
    "locked": ("database is locked", "lock timeout", "database table is locked"),
    "read-only": ("readonly", "read-only", "permission denied"),
    "damaged": ("not a database", "malformed"),
    "full": ("disk is full", "no space left", "disk i/o error"),
    "unreachable": ("unable to open", "connection", "could not translate host"),
}
_LOCK = 7_203_415_208_331
"""Number of the advisory lock that saving takes on PostgreSQL."""


@contextmanager
def writing(url: str, lang: str) -> Iterator[sa.Connection]:
    """Give a connection in one transaction, on tables that are up to date.

    Raises:
        StoreError: The store cannot be opened, is locked, or is not one of ours.
    """
    parsed = parse_url(url, lang)
    path = sqlite_path(parsed)
    _refuse_share(parsed, lang)
    with _told(parsed, lang):
        parsed.get_dialect()  # a driver that is not there: no file is made for it
        make_private(parsed)
        engine = _engine(parsed, write=True)
        try:
            with engine.begin() as connection:
                if connection.dialect.name == "postgresql":
                    connection.exec_driver_sql(
                        f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'"
                    )
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
                if path is not None:
                    unseal(path)
                migrate(connection)
                yield connection
            if path is not None:
                seal(path)
        finally:
            engine.dispose()


@contextmanager
def reading(url: str, lang: str) -> Iterator[sa.Connection | None]:
    """Give a connection that reads; None when there is no store yet.

    Raises:
        StoreError: The store cannot be opened, or is not one of ours.
    """
    parsed = parse_url(url, lang)
    path = sqlite_path(parsed)
    if path is not None and not path.exists():
        yield None
        return
    with _told(parsed, lang):
        engine = _engine(parsed, write=False)
        try:
            with engine.connect() as connection:
                found = check_version(connection)
                stale = found and not is_current(connection)
            if stale:
                with writing(url, lang):
                    pass
            with engine.connect() as connection:
                yield connection if found else None
        finally:
            engine.dispose()


def parse_url(url: str, lang: str) -> sa.URL:
    """Return a store's URL, with the driver we ship for.

    Raises:
        StoreError: It is no URL of a database.
    """
    try:
        parsed = sa.make_url(url)
    except ArgumentError:
        # Its text may hold a password: it is not repeated.
        raise StoreError(tr("store-bad-url", lang)) from None
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise StoreError(tr("store-bad-url", lang))
    return parsed


def sqlite_path(url: sa.URL) -> Path | None:
    """Return the file of an SQLite store; None in memory or on a server."""
    name = url.database
    in_file = url.get_backend_name() == "sqlite" and name not in (None, "", ":memory:")
    return Path(str(name)) if in_file else None


def _refuse_share(url: sa.URL, lang: str) -> None:
    """Refuse an SQLite file where locks are not kept: two runs would spoil it."""
    path = sqlite_path(url)
    if path is not None and is_share(path.absolute()):
        raise StoreError(tr("store-on-share", lang, store=path))


def make_private(url: sa.URL) -> None:
    """Make the folder and file of an SQLite store, for their owner alone."""
    path = sqlite_path(url)
    if path is None:
        return
    missing = [p for p in path.parents if not p.exists()]
    for folder in reversed(missing):
        folder.mkdir(mode=0o700, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def _engine(url: sa.URL, *, write: bool) -> sa.Engine:
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(
            url, poolclass=NullPool, connect_args={"connect_timeout": WAIT_SECONDS}
        )
    engine = sa.create_engine(
        url, poolclass=NullPool, connect_args={"timeout": WAIT_SECONDS}
    )

    # sqlite3 opens a transaction late and ends it before a CREATE TABLE: we say when.
    @sa.event.listens_for(engine, "connect")
    def manual(connection: object, _: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


@contextmanager
def _told(url: sa.URL, lang: str) -> Iterator[None]:
    """Turn what a database says into one line with a way out."""
    place = shown(url)
    try:
        yield
    except DBAPIError as err:
        cause = _cause(str(err.orig).lower())
        detail = _detail(str(err.orig), url)
        if cause == "unreachable" and _is_unwritable(url):
            cause = "read-only"
        text = tr(f"store-{cause}", lang, store=place, detail=detail)
        raise StoreError(text) from None
    except (NewerStoreError, ForeignStoreError) as err:
        newer = isinstance(err, NewerStoreError)
        key = "store-newer" if newer else "store-foreign"
        raise StoreError(tr(key, lang, store=place)) from None
    except OSError as err:
        detail = err.strerror or type(err).__name__
        raise StoreError(
            tr("store-unreachable", lang, store=place, detail=detail)
        ) from None
    except (NoSuchModuleError, ModuleNotFoundError):
        raise StoreError(tr("store-no-driver", lang, store=place)) from None


def shown(url: sa.URL) -> str:
    """Return a store's place as people may see it."""
    path = sqlite_path(url)
    return str(path) if path else url.render_as_string(hide_password=True)


def _cause(text: str) -> str:
    for cause, signs in _SIGNS.items():
        if any(sign in text for sign in signs):
            return cause
    return "failed"


def _detail(text: str, url: sa.URL) -> str:
    line = " ".join(text.split())[:200]
    return line.replace(url.password, "***") if url.password else line


def _is_unwritable(url: sa.URL) -> bool:
    path = sqlite_path(url)
    if path is None or not path.exists():
        return False
    return not path.stat().st_mode & stat.S_IWUSR or not os.access(path.parent, os.W_OK)
