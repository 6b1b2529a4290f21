"""From which fields of which records an alert was computed, so that it leads to cells."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd

from consolidate.analyse.alerts.registry import Case
from consolidate.analyse.history import History

BETWEEN = ";"


def gathered(
    history: History, rows: pd.DataFrame, table: str, by: list[str]
) -> pd.Series:
    """Return ``table:record_id`` of the rows of each group, ``;`` between them.

    A rule that judges several records at once gives this as ``sources`` of its alert.
    Only the last two months are gathered: those are the only alerts that are told, some
    a month late.
    """
    late = rows[rows["month"] >= history.now - 1]
    named = (table + ":" + late["record_id"].astype("str")).astype("object")
    keys = [late[name] for name in by]
    return named.groupby(keys, sort=False).agg(BETWEEN.join)


def traced(alerts: pd.DataFrame, case: Case) -> list[str]:
    """Return the inputs of each alert of one rule: ``table:record_id:field``, by ``;``.

    Only fields that are filled are inputs; each has a row in the lineage.
    """
    own = alerts["table"] + ":" + alerts["record_id"].astype("str")
    more = alerts["sources"] if "sources" in alerts else pd.Series("", alerts.index)
    named = [
        [n for n in dict.fromkeys(f"{o}{BETWEEN}{m}".split(BETWEEN)) if n[-1:] != ":"]
        for o, m in zip(own, more.fillna(""), strict=True)
    ]
    filled = _filled({n for names in named for n in names if n}, case)
    return [
        BETWEEN.join(f"{n}:{field}" for n in names if n for field in filled.get(n, ()))
        for names in named
    ]


def _filled(records: set[str], case: Case) -> dict[str, list[str]]:
    """Return the fields looked at that are filled, by record."""
    by_table: dict[str, list[str]] = defaultdict(list)
    for record in records:
        table, _, record_id = record.partition(":")
        by_table[table].append(record_id)
    found: dict[str, list[str]] = {}
    latest = case.history.months[-1].tables
    fields = case.rule.fields()
    for table, ids in by_table.items():
        frame = latest.get(table, pd.DataFrame(columns=["record_id"]))
        names = [f for f in fields.get(table, ()) if f in frame]
        rows = frame[frame["record_id"].isin(ids)]
        known = rows[names].notna().to_numpy()
        for record_id, row in zip(rows["record_id"], known, strict=True):
            held = [name for name, is_known in zip(names, row, strict=True) if is_known]
            found[f"{table}:{record_id}"] = held
    return found
