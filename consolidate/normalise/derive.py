"""What follows from a value: scope, year and tax of amounts, build or run of time."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple, cast

import numpy as np
import pandas as pd

from consolidate.model.address import a1
from consolidate.normalise.batch import Batch, Ints
from consolidate.normalise.engine import Readings
from consolidate.normalise.parsed import Parsed
from consolidate.normalise.words import codes_of, compile_words

_YEAR_FIELD = {"projects": "amount_year", "budget_lines": "year"}


@dataclass(frozen=True, slots=True)
class Derived:
    """Values that follow from others: same cell, other field; lists of one length.

    Attributes:
        at: Position of the value each follows from.
        field: Field it fills.
        raw: What says so: the header; None for the cell itself.
        value: What it is.
    """

    at: list[int] = dataclasses.field(default_factory=list)
    field: list[str] = dataclasses.field(default_factory=list)
    raw: list[str | None] = dataclasses.field(default_factory=list)
    value: list[object] = dataclasses.field(default_factory=list)

    def add(self, at: int, field: str, raw: str | None, value: object) -> None:
        """Add one value."""
        self.at.append(at)
        self.field.append(field)
        self.raw.append(raw)
        self.value.append(value)


class _Amount(NamedTuple):
    """What one amount says of itself."""

    at: int
    year: int
    tax: str
    header: str


def derive_amounts(batch: Batch, readings: Readings, derived: Derived) -> None:
    """Add scope, year and tax basis of the records that hold amounts.

    A year named in a header, or the year of the line, makes them annual; otherwise
    the scope is ``unknown``: nothing else says. Amounts of one record that differ in
    scope or in tax are told, once a region.
    """
    by_record = _amounts(batch, readings)
    if not by_record:
        return
    stated = _stated(batch, readings)
    remarks: dict[tuple[int, str], tuple[int, Parsed]] = {}
    for record, amounts in by_record.items():
        at = amounts[0].at
        table = batch.tables[int(batch.table[at])]
        own = stated.get(record, {})
        told = _scope(readings, amounts, own, derived, _YEAR_FIELD[table])
        if table == "budget_lines":
            told += _tax(readings, amounts, own, derived)
        for remark in told:
            remarks.setdefault((int(batch.region[at]), remark.rule), (at, remark))
    readings.remarks += remarks.values()


def derive_categories(batch: Batch, readings: Readings, derived: Derived) -> None:
    """Add what time was spent on (build, run ...) where its finer category says it.

    A category in words of its own (MCO) is looked up among the coarse ones too.
    """
    if "time_category" not in batch.fields:
        return
    coarse = compile_words(batch.schemas.vocabularies["run_build"])
    within = batch.schemas.vocabularies["time_category"].within

    def code_of(value: str) -> str:
        codes = codes_of(value, coarse)
        return within.get(value) or (next(iter(codes)) if len(codes) == 1 else "")

    said = batch.record[_filled(batch, readings, "category")]
    here = _filled(batch, readings, "time_category")
    here = here[batch.used[here] & ~np.isin(batch.record[here], said)]
    groups, values = pd.factorize(readings.values[here])
    codes = [code_of(str(value)) for value in values]
    for i, group in zip(here.tolist(), groups.tolist(), strict=True):
        if codes[group]:
            derived.add(i, "category", None, codes[group])


def derive_deliverables(batch: Batch, readings: Readings, derived: Derived) -> None:
    """Add the type of deliverables whose name is one of the catalogue, word for word.

    « Note de cadrage » is a framing note whether or not a column says so; a name that
    holds more than the word, or a word of two types, says nothing.
    """
    if "name" not in batch.fields or "deliverables" not in batch.tables:
        return
    known = compile_words(batch.schemas.vocabularies["deliverable_type"])
    said = batch.record[_filled(batch, readings, "deliverable_type")]
    here = _filled(batch, readings, "name")
    own = batch.table[here] == batch.tables.index("deliverables")
    here = here[own & batch.used[here] & ~np.isin(batch.record[here], said)]
    groups, values = pd.factorize(readings.values[here])
    codes = [codes_of(str(value), known) for value in values]
    for i, group in zip(here.tolist(), groups.tolist(), strict=True):
        if len(codes[group]) == 1:
            derived.add(i, "deliverable_type", None, next(iter(codes[group])))


def _filled(batch: Batch, readings: Readings, name: str) -> Ints:
    """Return where a field was given and understood."""
    if name not in batch.fields:
        return np.empty(0, dtype=np.int64)
    at = np.flatnonzero(batch.field == batch.fields.index(name))
    known: Ints = at[readings.values[at] != None]  # noqa: E711 (one by one)
    return known


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
        at = _filled(batch, readings, name)
        for i, record in zip(at.tolist(), batch.record[at].tolist(), strict=True):
            found[record].setdefault(name, i)
    return found


def _scope(
    readings: Readings,
    amounts: list[_Amount],
    own: dict[str, int],
    derived: Derived,
    year_field: str,
) -> list[Parsed]:
    if "amount_scope" in own:
        return []
    first = amounts[0]
    years = {amount.year for amount in amounts}
    if year_field in own:
        at = own[year_field]
        years.discard(cast("int", readings.values[at]))
        if years <= {0}:
            derived.add(at, "amount_scope", None, "year")
            return []
    elif years == {0}:
        derived.add(first.at, "amount_scope", first.header, "unknown")
        return []
    elif len(years) == 1:
        derived.add(first.at, "amount_scope", first.header, "year")
        derived.add(first.at, year_field, first.header, first.year)
        return []
    named = ", ".join(str(year) for year in sorted(years) if year)
    derived.add(first.at, "amount_scope", first.header, "unknown")
    return [Parsed(rule="amount-scope-mixed", params=(("years", named),))]


def _tax(
    readings: Readings, amounts: list[_Amount], own: dict[str, int], derived: Derived
) -> list[Parsed]:
    stated = [amount for amount in amounts if amount.tax]
    if "tax_basis" in own or not stated:
        return []
    if len({amount.tax for amount in stated}) > 1:
        return [Parsed(rule="tax-basis-mixed")]
    first = stated[0]
    raw = None if readings.tax.get(first.at) else first.header
    derived.add(first.at, "tax_basis", raw, first.tax)
    return [Parsed(rule="tax-basis-partial")] if len(stated) < len(amounts) else []


def cell_of(batch: Batch, at: int) -> str:
    """Return the A1 address of a value; empty when it comes from a name."""
    row, col = int(batch.row[at]), int(batch.col[at])
    return a1(row - 1, col - 1) if row > 0 and col > 0 else ""
