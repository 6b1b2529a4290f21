"""What follows from a value: scope, year and tax of amounts, build or run of time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, TypeAlias, cast

import numpy as np

from consolidate.model.address import a1
from consolidate.normalise.batch import Batch
from consolidate.normalise.engine import Readings
from consolidate.normalise.parsed import Parsed
from consolidate.normalise.words import codes_of, compile_words

_YEAR_FIELD = {"projects": "amount_year", "budget_lines": "year"}


@dataclass(frozen=True, slots=True)
class Derived:
    """One value that follows from another: same cell, other field.

    Attributes:
        at: Position of the value it follows from.
        field: Field it fills.
        raw: What says so: the header, or the cell.
        value: What it is.
    """

    at: int
    field: str
    raw: object
    value: object


class _Amount(NamedTuple):
    """What one amount says of itself."""

    at: int
    year: int
    tax: str
    header: str


def derive_amounts(batch: Batch, readings: Readings) -> list[Derived]:
    """Return scope, year and tax basis of the records that hold amounts.

    A year named in a header, or the year of the line, makes them annual; otherwise
    the scope is ``unknown``: nothing else says. Amounts of one record that differ in
    scope or in tax are told, once a region.
    """
    by_record = _amounts(batch, readings)
    if not by_record:
        return []
    stated = _stated(batch, readings)
    derived: list[Derived] = []
    remarks: dict[tuple[int, str], tuple[int, Parsed]] = {}
    for record, amounts in by_record.items():
        at = amounts[0].at
        table = batch.tables[int(batch.table[at])]
        own = stated.get(record, {})
        found, told = _scope(readings, amounts, own, _YEAR_FIELD[table])
        derived += found
        if table == "budget_lines":
            found, doubt = _tax(readings, amounts, own)
            derived += found
            told += doubt
        for remark in told:
            remarks.setdefault((int(batch.region[at]), remark.rule), (at, remark))
    readings.remarks += remarks.values()
    return derived


def derive_categories(batch: Batch, readings: Readings) -> list[Derived]:
    """Return what time was spent on (build, run ...) where its finer category says it.

    A category in words of its own (MCO) is looked up among the coarse ones too.
    """
    if "time_category" not in batch.fields:
        return []
    coarse = compile_words(batch.schemas.vocabularies["run_build"])
    within = batch.schemas.vocabularies["time_category"].within
    said = set[int]()
    if "category" in batch.fields:
        at = np.flatnonzero(batch.field == batch.fields.index("category"))
        known = [v is not None for v in readings.values[at].tolist()]
        said = set(batch.record[at[np.array(known, dtype=bool)]].tolist())

    @cache
    def code_of(value: str) -> str:
        codes = codes_of(value, coarse)
        return within.get(value) or (next(iter(codes)) if len(codes) == 1 else "")

    here = np.flatnonzero(
        batch.used & (batch.field == batch.fields.index("time_category"))
    )
    rows = zip(here.tolist(), batch.record[here].tolist(), strict=True)
    return [
        Derived(i, "category", batch.raw[i], code)
        for i, record in rows
        if record not in said
        and (value := readings.values[i]) is not None
        and (code := code_of(str(value)))
    ]


def _amounts(batch: Batch, readings: Readings) -> dict[int, list[_Amount]]:
    by_record: dict[int, list[_Amount]] = defaultdict(list)
    for lane in readings.money:
        if lane.table not in _YEAR_FIELD:
            continue
        column = lane.column
        records, used = batch.record[lane.at].tolist(), batch.used[lane.at].tolist()
        for i, record, is_used in zip(lane.at.tolist(), records, used, strict=True):
            if is_used and readings.values[i] is not None:
                tax = readings.tax.get(i, column.tax)
                amount = _Amount(i, column.year, tax, column.header)
                by_record[record].append(amount)
    return by_record


def _stated(batch: Batch, readings: Readings) -> dict[int, dict[str, int]]:
    """Return by record where it states a scope, a year or a tax basis itself."""
    names = ("amount_scope", "amount_year", "year", "tax_basis")
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for name in names:
        if name not in batch.fields:
            continue
        for i in (batch.field == batch.fields.index(name)).nonzero()[0].tolist():
            if readings.values[i] is not None:
                found[int(batch.record[i])].setdefault(name, i)
    return found


_Found: TypeAlias = tuple[list[Derived], list[Parsed]]


def _scope(
    readings: Readings, amounts: list[_Amount], own: dict[str, int], year_field: str
) -> _Found:
    if "amount_scope" in own:
        return [], []
    first = amounts[0]
    years = {amount.year for amount in amounts}
    if year_field in own:
        at = own[year_field]
        years.discard(cast("int", readings.values[at]))
        if years <= {0}:
            return [Derived(at, "amount_scope", None, "year")], []
    elif years == {0}:
        return [Derived(first.at, "amount_scope", first.header, "unknown")], []
    elif len(years) == 1:
        scope = Derived(first.at, "amount_scope", first.header, "year")
        return [scope, Derived(first.at, year_field, first.header, first.year)], []
    named = ", ".join(str(year) for year in sorted(years) if year)
    told = Parsed(rule="amount-scope-mixed", params=(("years", named),))
    return [Derived(first.at, "amount_scope", first.header, "unknown")], [told]


def _tax(readings: Readings, amounts: list[_Amount], own: dict[str, int]) -> _Found:
    stated = [amount for amount in amounts if amount.tax]
    if "tax_basis" in own or not stated:
        return [], []
    told = [Parsed(rule="tax-basis-partial")] if len(stated) < len(amounts) else []
    if len({amount.tax for amount in stated}) > 1:
        return [], [Parsed(rule="tax-basis-mixed")]
    first = stated[0]
    raw = None if readings.tax.get(first.at) else first.header
    return [Derived(first.at, "tax_basis", raw, first.tax)], told


def cell_of(batch: Batch, at: int) -> str:
    """Return the A1 address of a value; empty when it comes from a name."""
    row, col = int(batch.row[at]), int(batch.col[at])
    return a1(row - 1, col - 1) if row > 0 and col > 0 else ""
