"""Proofs: where each figure of the HTML report was read, small enough to embed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from consolidate.report.html_words import Words, brief, seen
from consolidate.report.source_link import is_whole, source_link

_LONGEST = 300
_COLUMNS = [
    "record_id",
    "field",
    "workbook",
    "sheet",
    "cell",
    "raw",
    "number_format",
    "method",
    "confidence",
    "used",
    "derived_from",
]


class Sources:
    """Where values were read, by table, record and field; every page draws on one.

    Args:
        lineage: Where every value comes from.
        root: Folder or address the workbooks are under; empty makes no link.
    """

    def __init__(self, lineage: pd.DataFrame, root: str = "") -> None:
        self._root = root
        self._by_table = dict(tuple(lineage.groupby("table", sort=False)))
        self._read: dict[tuple[str, object, str], list[tuple[Any, ...]]] = {}
        self._labels: dict[tuple[str, str], str] = {}

    def load(
        self, table: str, record_ids: Iterable[object], fields: Sequence[str]
    ) -> None:
        """Make the sources of some records and fields of a table ready."""
        frame = self._by_table.get(table)
        if frame is None:
            return
        wanted = frame.loc[
            frame["record_id"].isin(list(record_ids)) & frame["field"].isin(fields),
            _COLUMNS,
        ]
        found: dict[tuple[str, object, str], list[tuple[Any, ...]]] = {}
        for row in zip(*(wanted[c].tolist() for c in _COLUMNS), strict=True):
            found.setdefault((table, row[0], row[1]), []).append(row[2:])
        self._read |= found

    def of(self, key: tuple[str, object, str]) -> list[tuple[Any, ...]]:
        """Return the rows of a value that was made ready, nothing of any other."""
        return self._read.get(key, [])

    def address(self, workbook: str, up: str = "") -> str:
        """Return what opens a workbook from a page; empty when nothing does.

        Args:
            workbook: Its name.
            up: From the page's folder to that of the report, such as ``../``.
        """
        link = source_link(self._root, workbook, "", "") if self._root else None
        if link is None:
            return ""
        return link.target if is_whole(link.target) else up + link.target

    def label(self, table: str, field: str, words: Words) -> str:
        """Return how reports call a field, looked up once."""
        label = self._labels.get((table, field))
        if label is None:
            label = self._labels[table, field] = words.field(table, field)
        return label


class Proofs:
    """The proofs a page asks for, numbered as they are asked.

    Args:
        sources: Where values were read.
        words: The reader's language.
        up: From the page's folder to that of the report.
    """

    def __init__(self, sources: Sources, words: Words, up: str = "") -> None:
        self.sources = sources
        self._words = words
        self._up = up
        self._texts: dict[str, int] = {}
        self._places: dict[tuple[object, ...], int] = {}
        self._told: list[list[object]] = []
        self._entries: list[list[object]] = []
        self._numbers: dict[tuple[str, object, str], int] = {}

    def of(self, table: str, record_id: object, field: str) -> int | None:
        """Return the number of a value's proof; None when nothing proves it."""
        key = (table, record_id, field)
        if key in self._numbers:
            return self._numbers[key]
        rows = self.sources.of(key)
        if not rows:
            return None
        used, lost = rows[0], []
        if len(rows) > 1:
            used = next((r for r in rows if r[7]), rows[0])
            lost = [self._place(r) for r in rows if not r[7]]
        label = self._text(self.sources.label(table, field, self._words))
        entry: list[object] = [label, *self._place(used)]
        if lost:
            entry.append(lost)
        self._numbers[key] = self._add(entry)
        return self._numbers[key]

    def derived(self, formula: str, inputs: Iterable[int | None]) -> int:
        """Return the number of a proof that is a formula over other proofs."""
        known = [i for i in inputs if i is not None]
        return self._add([self._text(formula), known])

    def payload(self) -> Mapping[str, object]:
        """Return all proofs asked for: texts and places once, entries that point at them.

        A place is ``[workbook, sheet, format, method, confidence, derived_from]``, then
        the address of the workbook where one opens it. An
        entry read from a cell is ``[label, place, cell, raw]`` and, when other values
        were read, a list of ``[place, cell, raw]``; a derived one is
        ``[formula, [proofs]]``.
        """
        return {"t": list(self._texts), "w": self._told, "p": self._entries}

    def _add(self, entry: list[object]) -> int:
        self._entries.append(entry)
        return len(self._entries) - 1

    def _place(self, row: tuple[Any, ...]) -> list[object]:
        book, sheet, cell, raw, form, method, confidence, _, source = row
        key = (book, sheet, form, method, confidence, source)
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = len(self._told)
            how = self._words.known(f"html-method-{method}", str(method))
            sure = 100 if pd.isna(confidence) else round(float(confidence) * 100)
            ends = (self._text(how), sure, self._text(source))
            address = self.sources.address(str(book or ""), self._up)
            told: list[object] = [*(self._text(v) for v in (book, sheet, form)), *ends]
            self._told.append([*told, address] if address else told)
        return [place, _clean(cell, 40), self._text(raw)]

    def _text(self, value: object) -> int:
        found = self._texts.get(value) if isinstance(value, str) else None
        if found is None:
            text = _clean(value, _LONGEST)
            found = self._texts.setdefault(text, len(self._texts))
        return found


def _clean(value: object, most: int) -> str:
    """Return text as a page may show it; nothing for what is missing."""
    if value is None or value != value:  # noqa: PLR0124 - NaN alone differs
        return ""
    return seen(brief(str(value), most))


def embedded(payload: object) -> str:
    """Return JSON that is safe inside a ``<script>`` element."""
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text
