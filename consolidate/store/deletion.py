"""Delete months that were kept long enough: every version, and nothing of them stays."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from consolidate.store.engine import writing
from consolidate.store.pseudonyms import compact
from consolidate.store.tables import metadata


def delete_months(url: str, periods: Collection[str], lang: str = "fr") -> None:
    """Delete months in one transaction, and write an SQLite file anew after.

    Cases stay: they belong to projects, and are closed by people.

    Args:
        url: Of the store.
        periods: ``YYYY-MM``.
        lang: Language of errors.

    Raises:
        StoreError: The store cannot be written; nothing was changed.
    """
    known = metadata().tables
    snapshots = known["snapshots"].c
    with writing(url, lang) as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA secure_delete = ON")
        of_these = sa.select(snapshots.id).where(snapshots.period.in_(periods))
        ids = connection.execute(of_these).scalars().all()
        for table in reversed(metadata().sorted_tables):
            if "snapshot_id" in table.c:
                connection.execute(table.delete().where(table.c.snapshot_id.in_(ids)))
            elif "period" in table.c and "opened_in" not in table.c:
                connection.execute(table.delete().where(table.c.period.in_(periods)))
    compact(url, lang)
