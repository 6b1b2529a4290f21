"""Keep a snapshot of each month's portfolio in a database.

SQLite by default, PostgreSQL by URL. SQLAlchemy is imported with this package: import it
where a store is used, not at the top of a command.
"""

from __future__ import annotations

from consolidate.store.snapshot import Snapshot, history, load, save

__all__ = ["Snapshot", "history", "load", "save"]
