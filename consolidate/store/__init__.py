"""Keep a snapshot of each month's portfolio in a database.

SQLite by default, PostgreSQL by URL. SQLAlchemy is imported with this package: import it
where a store is used, not at the top of a command.
"""

from __future__ import annotations

from consolidate.store.cases import cases, keep_steps, note_steps
from consolidate.store.deletion import delete_months
from consolidate.store.engine import parse_url, sqlite_path
from consolidate.store.months import (
    Closing,
    Month,
    close_month,
    difference_of,
    month,
    months,
    note_late,
    reopen_month,
    restore_month,
)
from consolidate.store.pseudonyms import Rewritten, pseudonymise
from consolidate.store.sealing import copy_file, is_sound, seal, soundness
from consolidate.store.snapshot import (
    Snapshot,
    history,
    load,
    load_snapshot,
    load_tables,
    save,
)

__all__ = [
    "Closing",
    "Month",
    "Rewritten",
    "Snapshot",
    "cases",
    "close_month",
    "copy_file",
    "delete_months",
    "difference_of",
    "history",
    "is_sound",
    "keep_steps",
    "load",
    "load_snapshot",
    "load_tables",
    "month",
    "months",
    "note_late",
    "note_steps",
    "parse_url",
    "pseudonymise",
    "reopen_month",
    "restore_month",
    "save",
    "seal",
    "soundness",
    "sqlite_path",
]
