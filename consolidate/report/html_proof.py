"""Proofs: where each figure of the HTML report was read, small enough to embed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from consolidate.report.html_words import Words, brief, seen

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
    """

    def __init__(self, lineage: pd.DataFrame) -> None:
        self._by_table = dict(tuple(lineage.groupby("table", sort=False)))
        self._read: dict[tuple[str, object, str], list[tuple[Any, ...]]] = {}

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


class Proofs:
    """The proofs a page asks for, numbered as they are asked.

    Args:
        sources: Where values were read.
        words: The reader's language.
    """

    def __init__(self, sources: Sources, words: Words) -> None:
        self.sources = sources
        self._words = words
        self._texts: dict[str, int] = {}
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
        used = [r for r in rows if r[7]] or rows[:1]
        lost = [self._place(r) for r in rows if not r[7]]
        label = self._text(self._words.field(table, field))
        entry: list[object] = [label, *self._place(used[0])]
        self._numbers[key] = self._add([*entry, lost] if lost else entry)
        return self._numbers[key]

    def derived(self, formula: str, inputs: Iterable[int | None]) -> int:
        """Return the number of a proof that is a formula over other proofs."""
        known = [i for i in inputs if i is not None]
        return self._add([self._text(formula), known])

    def payload(self) -> Mapping[str, object]:
        """Return all proofs asked for: texts once, and entries that point at them.

        An entry read from a cell is ``[label, workbook, sheet, cell, raw, format,
        method, confidence, derived_from, other places]``; a derived one is
        ``[formula, [proofs]]``.
        """
        return {"t": list(self._texts), "p": self._entries}

    def _add(self, entry: list[object]) -> int:
        self._entries.append(entry)
        return len(self._entries) - 1

    def _place(self, row: tuple[Any, ...]) -> list[object]:
        book, sheet, cell, raw, form, method, confidence, _, source = row
        how = self._words.known(f"html-method-{method}", str(method))
        sure = 100 if pd.isna(confidence) else round(float(confidence) * 100)
        return [
            self._text(book),
            self._text(sheet),
            "" if pd.isna(cell) else seen(brief(str(cell), 40)),
            self._text(raw),
            self._text(form),
            self._text(how),
            sure,
            self._text(source),
        ]

    def _text(self, value: object) -> int:
        missing = value is None or value != value  # noqa: PLR0124 - NaN alone differs
        text = "" if missing else seen(brief(str(value), _LONGEST))
        return self._texts.setdefault(text, len(self._texts))


def embedded(payload: object) -> str:
    """Return JSON that is safe inside a ``<script>`` element."""
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text
