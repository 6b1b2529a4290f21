"""What the cells of a drawing were understood to say, where it is not what they show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from consolidate.model.portfolio import Portfolio
from consolidate.model.schema import Field
from consolidate.model.text import fold
from consolidate.report import format as shown
from consolidate.report.csv_text import values
from consolidate.report.html_context import RAG_TONES
from consolidate.report.html_words import Words

Cell = tuple[str, str]
"""Sheet and address."""

_AS_WRITTEN = frozenset({"text", "long_text", "person", "list"})
_LOOKS = frozenset({"fill", "ink", "symbol", "icon"})


class Values:
    """Values of the portfolio by the cell they were read in.

    Args:
        portfolio: The month's portfolio.
        words: The reader's language.
    """

    def __init__(self, portfolio: Portfolio, words: Words) -> None:
        self._portfolio = portfolio
        self._words = words
        self._by_book = _by_workbook(portfolio.lineage, words)
        self._columns: dict[tuple[str, str], list[Any]] = {}
        self._rows: dict[str, dict[str, int]] = {}
        self._told: dict[tuple[str, str, Any], str] = {}

    def of(
        self, workbook: str, cells: Iterable[Cell]
    ) -> Mapping[Cell, tuple[str, bool]]:
        """Return what cells of a workbook say, and whether only their look says it."""
        frame = self._by_book.get(workbook)
        if frame is None:
            return {}
        wanted = set(cells)
        found: dict[Cell, tuple[str, bool]] = {}
        columns = ("sheet", "cell", "table", "field", "record_id", "method")
        for sheet, cell, table, field, record, method in zip(
            *(frame[c].tolist() for c in columns), strict=True
        ):
            if (sheet, cell) in wanted:
                text = self._text(table, field, record)
                if text:
                    found[sheet, cell] = (text, method in _LOOKS)
        return found

    def _text(self, table: str, field: str, record: str) -> str:
        row = self._row(table).get(record)
        if row is None:
            return ""
        key = (table, field)
        if key not in self._columns:
            self._columns[key] = values(self._portfolio.tables[table][field])
        value = self._columns[key][row]
        if value is None:
            return ""
        known = (table, field, value)
        if known not in self._told:
            spec = self._words.schemas.tables[table].by_name[field]
            self._told[known] = told(spec, value, self._words)
        return self._told[known]

    def _row(self, table: str) -> Mapping[str, int]:
        if table not in self._rows:
            records = self._portfolio.tables[table]["record_id"].tolist()
            self._rows[table] = {record: k for k, record in enumerate(records)}
        return self._rows[table]


def told(spec: Field, value: Any, words: Words) -> str:
    """Return a value of a field as a person reads it."""
    if isinstance(value, bool):
        return words.code("yes_no", "yes" if value else "no")
    if isinstance(value, date):
        return shown.day(value, words.lang)
    if spec.values == "rag" and value in RAG_TONES:
        return words.tr(f"rag-{value}")
    if spec.values:
        return words.code(spec.values, str(value))
    if isinstance(value, str):
        return shown.month(value, words.lang) if spec.type == "month" else value
    return _number(spec.type, float(value), words)


def _number(kind: str, value: float, words: Words) -> str:
    if kind == "money":
        return shown.euros(value, words.lang)
    if kind == "share":
        return shown.percent(value, words.lang, 0 if round(value, 2) == value else 2)
    text = shown.number(value, words.lang)
    return f"{text} {words.tr('understood-days')}" if kind == "effort" else text


def differs(text: str, said: str) -> bool:
    """Return whether a value is not what its cell shows, letter for letter but spaces."""
    return fold(text).replace(" ", "") != fold(said).replace(" ", "")


def _by_workbook(lineage: pd.DataFrame, words: Words) -> Mapping[str, pd.DataFrame]:
    """Return the lineage of values that were interpreted, by workbook."""
    tables = lineage["table"].astype("category")
    fields = lineage["field"].astype("category")
    kept = np.zeros(
        (len(tables.cat.categories), len(fields.cat.categories)), dtype=bool
    )
    for i, table in enumerate(tables.cat.categories):
        spec = words.schemas.tables.get(str(table))
        for j, field in enumerate(fields.cat.categories):
            known = spec.by_name.get(str(field)) if spec else None
            kept[i, j] = known is not None and known.type not in _AS_WRITTEN
    at = kept[tables.cat.codes.to_numpy(), fields.cat.codes.to_numpy()]
    own = lineage.loc[at & lineage["used"].to_numpy(dtype=bool)]
    return {
        str(name): rows
        for name, rows in own.groupby("workbook", sort=False, observed=True)
    }
