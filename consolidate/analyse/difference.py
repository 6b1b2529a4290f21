"""What differs between two portfolios, record by record and field by field."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

DIFFERENCE_COLUMNS = [
    "table",
    "project_code",
    "record_id",
    "change",
    "field",
    "before",
    "after",
]
_PLACES = frozenset({"record_id", "period", "workbook", "sheet", "row"})


def differences(
    before: Mapping[str, pd.DataFrame], after: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Return what differs between two portfolios.

    Args:
        before: Canonical tables by name, one row a record.
        after: The same tables, later.

    Returns:
        Columns ``DIFFERENCE_COLUMNS``, in the order of tables and records: ``change`` is
        ``appeared``, ``left`` or ``changed``; ``field`` is empty for a whole record;
        ``before`` and ``after`` hold values, None where unknown. Where a record was read
        is no difference.
    """
    parts = [_of_table(name, before[name], after[name]) for name in after]
    found = [part for part in parts if len(part)]
    if not found:
        return pd.DataFrame(columns=DIFFERENCE_COLUMNS, dtype="object")
    return pd.concat(found, ignore_index=True)


def _of_table(name: str, before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    old, new = _by_record(before), _by_record(after)
    parts = [
        _whole(name, new.loc[new.index.difference(old.index, sort=False)], "appeared"),
        _whole(name, old.loc[old.index.difference(new.index, sort=False)], "left"),
        *_fields(name, old, new),
    ]
    filled = [part for part in parts if len(part)]
    if not filled:
        return pd.DataFrame(columns=DIFFERENCE_COLUMNS, dtype="object")
    joined = pd.concat(filled, ignore_index=True)
    return joined.sort_values(
        ["project_code", "record_id"], kind="stable", na_position="last"
    )


def _by_record(frame: pd.DataFrame) -> pd.DataFrame:
    objects = frame.astype("object")
    known = objects.where(frame.notna(), None)
    # Ties of identity are numbered apart in record_id; a guard against one that is not.
    return known.drop_duplicates("record_id").set_index("record_id", drop=False)


def _whole(name: str, rows: pd.DataFrame, change: str) -> pd.DataFrame:
    made = rows[["project_code", "record_id"]].assign(
        table=name, change=change, field="", before=None, after=None
    )
    return made[DIFFERENCE_COLUMNS]


def _fields(name: str, old: pd.DataFrame, new: pd.DataFrame) -> list[pd.DataFrame]:
    common = old.index.intersection(new.index, sort=False)
    left, right = old.loc[common], new.loc[common]
    parts = []
    for field in new.columns:
        if field in _PLACES:
            continue
        unknown = pd.Series([None] * len(common), common, dtype="object")
        was = left.get(field, unknown)
        changed = (was != right[field]) & ~(was.isna() & right[field].isna())
        if not changed.any():
            continue
        made = right.loc[changed, ["project_code", "record_id"]].assign(
            table=name,
            change="changed",
            field=field,
            before=was[changed],
            after=right.loc[changed, field],
        )
        parts.append(made[DIFFERENCE_COLUMNS])
    return parts
