"""One record from several sources: newest report first, field by field."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from consolidate.model.finding import Finding, Severity
from consolidate.model.text import fold
from consolidate.unify.long import Bools, Ints, Long, cell_ref, cell_refs
from consolidate.unify.naming import WEAK

_AMOUNTS = frozenset(
    {
        "budget_initial",
        "budget_revised",
        "ae_amount",
        "cp_amount",
        "committed",
        "invoiced",
        "paid",
        "spent",
        "available",
        "budget_remaining",
        "to_come",
        "forecast_cost",
        "investment_amount",
        "operating_amount",
    }
)
_BASIS = ("amount_scope", "amount_year", "tax_basis")
_SETTLED_ELSEWHERE = frozenset({"project_code", "project_name"})


@dataclass(frozen=True, slots=True)
class Ranked:
    """Which record leads each group of records that are one.

    Attributes:
        lead: For each record asked, the number of the record that leads it.
        rank: Its place in the order of trust, 0 first.
    """

    lead: Ints
    rank: Ints


def rank_records(
    records: pd.DataFrame, reported: Mapping[tuple[str, str], date], counts: Ints
) -> Ranked:
    """Order records of one table by trust, and choose the lead of each id.

    Newest report first, then the workbook that also has the project's details, then the
    fullest record; the place it was read only settles what is equal in all this.

    Args:
        records: ``record``, ``record_id``, ``workbook``, ``sheet``, ``row``,
            ``project_key``, ``detailed``.
        reported: Report date by workbook and project key; ("workbook", "") for all of
            its projects.
        counts: How many known facts each record has.
    """
    books, keys = records["workbook"].tolist(), records["project_key"].tolist()
    own = records["reported"].tolist() if "reported" in records else [None] * len(books)
    days = np.array(
        [
            _day(mine or reported.get((book, key)) or reported.get((book, "")))
            for book, key, mine in zip(books, keys, own, strict=True)
        ],
        dtype=np.int64,
    )
    frame = records.reset_index(drop=True).assign(day=-days, count=-counts)
    frame["detailed"] = ~frame["detailed"].astype(bool)
    order = frame.sort_values(
        ["day", "detailed", "count", "workbook", "sheet", "row"], kind="stable"
    )
    rank = np.empty(len(frame), dtype=np.int64)
    rank[order.index.to_numpy()] = np.arange(len(frame))
    first = order.drop_duplicates("record_id").set_index("record_id")["record"]
    lead = frame["record_id"].map(first).to_numpy(dtype=np.int64)
    return Ranked(lead, rank)


def merge(
    long: Long, lead: Ints, rank: Ints, told: Iterable[int] = ()
) -> tuple[Bools, list[Finding]]:
    """Tell which facts lose against another source of the same record and field.

    Args:
        long: The table's facts.
        lead: Lead record of each fact.
        rank: Trust rank of each fact's record.
        told: Lead records of projects whose differing names were told already.

    Returns:
        Which facts win, and a WARNING with both cells for each field where values differ.
    """
    keep = long.known.copy()
    lost, findings = _other_basis(long, lead, rank, keep)
    keep &= ~lost
    width = max(len(long.names), 1)
    slot = lead * width + long.field
    at = np.flatnonzero(keep)
    several = pd.Series(slot[at]).duplicated(keep=False).to_numpy()
    at = at[several]
    if len(at) == 0:
        return keep, findings
    frame = long.frame
    confidence = frame["confidence"].to_numpy(dtype=float)[at]
    row, col = frame["row"].to_numpy()[at], frame["col"].to_numpy()[at]
    at = at[np.lexsort((col, row, -confidence, rank[at], slot[at]))]
    first = np.r_[True, slot[at][1:] != slot[at][:-1]]
    winners = at[first]
    keep[at[~first]] = False
    winner_of = winners[np.cumsum(first) - 1]
    findings += _conflicts(long, at[~first], winner_of[~first], lead, frozenset(told))
    return keep, findings


def _day(day: date | None) -> int:
    return day.toordinal() if day else 0


def _other_basis(
    long: Long, lead: Ints, rank: Ints, keep: Bools
) -> tuple[Bools, list[Finding]]:
    """Leave out amounts of another scope, year or tax basis than the lead's.

    An annual amount of one source never completes whole-life amounts of another.
    """
    lost = np.zeros(len(keep), dtype=bool)
    codes = [code for name, code in long.names.items() if name in _AMOUNTS]
    money = keep & np.isin(long.field, codes)
    at = np.flatnonzero(money)
    if len(at) == 0 or not any(name in long.names for name in _BASIS):
        return lost, []
    several = pd.Series(long.record[at]).groupby(lead[at]).transform("nunique") > 1
    at = at[several.to_numpy()]
    if len(at) == 0:
        return lost, []
    basis = _basis(long)
    own = np.array([basis.get(r, "") for r in long.record[at].tolist()], dtype=object)
    order = np.lexsort((rank[at],))
    best = pd.Series(own[order], index=lead[at][order])
    best = best[~best.index.duplicated()]
    theirs = pd.Series(lead[at]).map(best).to_numpy(dtype=object)
    apart = own != theirs
    lost[at[apart]] = True
    out, seen = [], set()
    for position in at[apart].tolist():
        if long.record[position] not in seen:
            seen.add(long.record[position])
            out.append(_remark(long, position, "amount-basis-differs"))
    return lost, out


def _basis(long: Long) -> dict[int, str]:
    said: dict[int, list[str]] = {}
    for name in _BASIS:
        for record, text in long.text(name).items():
            if text != "unknown":
                said.setdefault(record, []).append(f"{name}={text}")
    return {record: ";".join(parts) for record, parts in said.items()}


def _conflicts(
    long: Long, losers: Ints, winners: Ints, lead: Ints, told: frozenset[int]
) -> list[Finding]:
    names = {code: name for name, code in long.names.items()}
    method = long.frame["method"].to_numpy(dtype=object)
    pairs: list[tuple[int, int, str]] = []
    seen: set[tuple[int, str]] = set()
    for loser, winner in zip(losers.tolist(), winners.tolist(), strict=True):
        field = names[int(long.field[loser])]
        if field in _SETTLED_ELSEWHERE or same_value(
            long.value[loser], long.value[winner]
        ):
            continue
        record = int(lead[loser])
        if field == "report_date":
            continue  # sources are of different days: that is what tells the newest
        if (record, field) in seen or (field == "name" and record in told):
            continue
        if field == "name" and method[loser] in WEAK:
            continue  # the name of a file or a sheet contradicts nobody
        seen.add((record, field))
        pairs.append((winner, loser, field))
    kept = cell_refs(long.frame, [winner for winner, _, _ in pairs])
    lost = cell_refs(long.frame, [loser for _, loser, _ in pairs])
    raw = long.frame["raw"].array
    return [
        Finding(
            "values-conflict",
            Severity.WARNING,
            ref,
            table=long.table,
            field=field,
            raw=raw[winner],
            params={"other": raw[loser], "other_cell": str(other)},
        )
        for (winner, loser, field), ref, other in zip(pairs, kept, lost, strict=True)
    ]


def same_value(one: object, other: object) -> bool:
    """Whether two values say the same: texts folded, numbers to a millionth."""
    if isinstance(one, str) and isinstance(other, str):
        return one == other or (fold(one) or one) == (fold(other) or other)
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-9)
    return one == other


def _remark(long: Long, position: int, rule: str) -> Finding:
    names = {code: name for name, code in long.names.items()}
    return Finding(
        rule,
        Severity.WARNING,
        cell_ref(long.frame, position),
        table=long.table,
        field=names[int(long.field[position])],
        raw=str(long.frame["raw"].iat[position]),
    )
