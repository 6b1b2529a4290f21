"""The sheet of lineage: what was written where it differs from what is shown, or is not sure.

Everything is compared by numbers: a text read and a value shown are looked at once for
each pair of them that is met, not once a value.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from consolidate.model.portfolio import Portfolio
from consolidate.model.schema import FieldType
from consolidate.model.text import fold
from consolidate.report import format as shown
from consolidate.report.csv_text import coded, texts_of, values
from consolidate.report.sheet_column import (
    WIDE,
    SheetColumn,
    code_texts,
    number_column,
    source_links,
    text_column,
)
from consolidate.report.sheet_text import Cleaner
from consolidate.report.sheet_trace import labels, places
from consolidate.report.sheet_words import BookWords
from consolidate.wording import tr

ONE_BY_ONE = 10_000
"""Up to how many values are listed each on its row; more are joined when they are alike."""

MOST_LINEAGE = 50_000
"""Rows of lineage a workbook shows; ``data/lineage.csv`` has all."""

MOST_NOTES = 1_000
"""Cells of a sheet that bear a comment; of a sheet with more, only this sheet tells."""

_LONGEST_NOTE = 300
_PLACE = ("workbook", "sheet", "cell")

Ints: TypeAlias = npt.NDArray[np.integer[Any]]

_ALIKE = ("table", "field", "raw", "workbook", "sheet", "method", "confidence", "used")


@dataclass(frozen=True, slots=True)
class LineageSheet:
    """What the sheet shows.

    Attributes:
        columns: Its columns, of at most ``MOST_LINEAGE`` rows, the unsure ones kept
            first, in the order of the lineage.
        count: Values that differ or are not sure, in all.
        listed: Those that a row stands for.
        is_joined: Whether a row may stand for several values read alike in one sheet.
        notes: What was written in a cell where it is not what is shown, by table, field
            and 0-based row; of tables where all that differ can be told.
    """

    columns: Sequence[SheetColumn]
    count: int
    listed: int
    is_joined: bool
    notes: Mapping[str, Mapping[str, Mapping[int, str]]]

    def note(self, words: BookWords) -> str:
        """Return what is said above the table."""
        most = shown.number(self.listed, words.lang)
        key = "lineage" if self.listed == self.count else "lineage-cut"
        told = words.plural(key, self.count, most=most)
        return f"{told} {words.tr('lineage-joined')}" if self.is_joined else told


@dataclass(frozen=True, slots=True)
class _Compared:
    """Every text read, beside what is shown of it.

    Attributes:
        at: Position of each row's record in its table; -1 when it is not shown.
        pair: Number of each row's field, text and what is shown of it, together; -1 for
            a field that is not shown.
        differs: Whether text and shown differ, by pair; the last is for -1.
        told: What is shown, by pair, of fields that have a value to list.
    """

    at: Ints
    pair: Ints
    differs: list[bool]
    told: list[str]


def lineage_sheet(
    portfolio: Portfolio,
    words: BookWords,
    cleaner: Cleaner,
    shown_fields: Mapping[str, Collection[str]] | None = None,
    source_root: str | None = None,
) -> LineageSheet:
    """Return what was written where it differs from what is shown, or is not sure.

    Args:
        portfolio: The month's portfolio.
        words: Labels and codes.
        cleaner: Makes texts fit.
        shown_fields: Fields in view, by table, whose cells may bear a comment.
        source_root: Where places lead to; None for text alone.
    """
    lineage = portfolio.lineage
    if lineage.empty:
        return LineageSheet((), 0, 0, is_joined=False, notes={})
    unsure = lineage["confidence"].to_numpy(dtype="float64") < 1
    compared = _compared(portfolio, unsure, words)
    kept: Ints = np.flatnonzero(np.array(compared.differs)[compared.pair] | unsure)
    count = len(kept)
    times: Ints = np.ones(count, dtype=np.int64)
    notes = _notes(
        lineage.iloc[kept], compared, kept, shown_fields or {}, (words, cleaner)
    )
    is_joined = count > ONE_BY_ONE
    if is_joined:
        first, times = _joined(lineage.iloc[kept], compared.pair[kept])
        kept = kept[first]
    if len(kept) > MOST_LINEAGE:
        best = np.sort(np.argsort(~unsure[kept], kind="stable")[:MOST_LINEAGE])
        kept, times = kept[best], times[best]
    told = [compared.told[k] for k in compared.pair[kept].tolist()]
    names = _names(portfolio, lineage["table"].iloc[kept], compared.at[kept], words)
    taken = lineage.iloc[kept]
    columns = _columns(taken, told, names, words, cleaner)
    links = source_links(source_root, *(values(taken[n]) for n in _PLACE))
    columns = [replace(c, links=links if c.name == "place" else ()) for c in columns]
    if is_joined:
        columns.append(
            number_column("times", words.tr("times"), "count", times.tolist())
        )
    return LineageSheet(columns, count, int(times.sum()), is_joined, notes)


def _columns(
    taken: pd.DataFrame,
    told: Sequence[str | None],
    names: Sequence[str],
    words: BookWords,
    cleaner: Cleaner,
) -> list[SheetColumn]:
    lang = words.lang
    table, field = labels(taken, words)
    method = [words.method(m) for m in values(taken["method"])]
    used = [words.tr("yes" if u else "no") for u in values(taken["used"])]
    sure = values(taken["confidence"])

    def text(
        name: str, header: str, texts: Sequence[str | None], most: int
    ) -> SheetColumn:
        return text_column(name, header, texts, cleaner, most=most)

    return [
        text("table", tr("column-table", lang), table, 18),
        text("record", words.tr("record"), names, 34),
        text("field", tr("column-field", lang), field, 24),
        text("raw", tr("column-raw", lang), values(taken["raw"]), 34),
        text("shown", words.tr("shown"), told, 34),
        text("method", tr("column-method", lang), method, 20),
        number_column("confidence", tr("column-confidence", lang), "share", sure),
        text_column("used", tr("column-used", lang), used, cleaner),
        text("place", words.tr("source"), places(taken), WIDE),
    ]


def _notes(
    taken: pd.DataFrame,
    compared: _Compared,
    kept: Ints,
    shown_fields: Mapping[str, Collection[str]],
    writing: tuple[BookWords, Cleaner],
) -> dict[str, dict[str, dict[int, str]]]:
    """Return comments of cells: what was written, how it was understood, and where."""
    words, cleaner = writing
    found: dict[str, dict[str, dict[int, str]]] = {}
    tables, used = taken["table"], taken["used"].to_numpy(dtype="bool")
    differs = np.array(compared.differs)[compared.pair[kept]]
    for table, fields in shown_fields.items():
        own = (tables == table).to_numpy() & used & differs
        own &= taken["field"].isin(fields).to_numpy() & (compared.at[kept] >= 0)
        rows = np.flatnonzero(own)
        if len(rows) > MOST_NOTES:
            continue
        frame = taken.iloc[rows]
        columns = (values(frame[n]) for n in ("field", "raw", "method"))
        shown_ = [compared.told[k] for k in compared.pair[kept][rows].tolist()]
        at = compared.at[kept][rows].tolist()
        for row, told, place, field, raw, method in zip(
            at, shown_, places(frame), *columns, strict=True
        ):
            if raw and _bare(raw) != _bare(told):
                text = words.tr("written", raw=_brief(raw), method=words.method(method))
                note = cleaner.text(f"{text}\n{_brief(place)}")
                found.setdefault(table, {}).setdefault(field, {})[row] = note
    return found


def _bare(text: str) -> str:
    return "".join(fold(text).split())


def _brief(text: str) -> str:
    return text if len(text) <= _LONGEST_NOTE else f"{text[:_LONGEST_NOTE]}…"


def _joined(taken: pd.DataFrame, pair: Ints) -> tuple[Ints, Ints]:
    """Return the first of the values read alike in one sheet, and how many they are."""
    alike = pair.astype(np.int64) + 1
    for name in _ALIKE:
        code = pd.factorize(taken[name])[0] + 1
        alike = pd.factorize(alike * (int(code.max()) + 1) + code)[0]
    # Numbered as they come: the first of each are in the order of the lineage.
    return np.unique(alike, return_index=True)[1], np.bincount(alike)


def _compared(
    portfolio: Portfolio, unsure: npt.NDArray[np.bool_], words: BookWords
) -> _Compared:
    lineage = portfolio.lineage
    raw, distinct = coded(lineage["raw"])
    read = [*texts_of("text")(pd.Series(distinct, dtype="object")), ""]
    record, ids = coded(lineage["record_id"])
    at, pair = (np.full(len(lineage), -1, dtype=np.int32) for _ in range(2))
    differs: list[bool] = []
    told: list[str] = []
    known, fields = pd.Index(ids), _fields(lineage)
    for table, frame in portfolio.tables.items():
        if table not in fields:
            continue
        own_ids = known.get_indexer(frame["record_id"])
        # What is missing, or not shown, has code -1: what is put last.
        positions = np.full(len(ids) + 1, -1, dtype=np.int32)
        positions[own_ids[own_ids >= 0]] = np.flatnonzero(own_ids >= 0)
        for field, rows in fields[table].items():
            at[rows] = positions[record[rows]]
            if field not in frame:
                continue
            code, distinct = coded(frame[field])
            many = len(distinct) + 1
            texts = raw[rows].astype(np.int64) % len(read)
            own = np.append(code, -1)[at[rows]] % many
            number, pairs = pd.factorize(texts * many + own)
            pair[rows] = number + len(told)
            met = [(read[k // many], k % many) for k in pairs.tolist()]
            given = pd.Series(distinct, dtype=frame[field].dtype)
            is_sure = not unsure[rows].any()
            unlike, seen = _looked_at(met, table, field, given, words, is_sure=is_sure)
            differs += unlike
            told += seen
    return _Compared(at, pair, [*differs, False], [*told, ""])


def _looked_at(
    met: Sequence[tuple[str, int]],
    table: str,
    field: str,
    given: pd.Series,
    words: BookWords,
    *,
    is_sure: bool,
) -> tuple[list[bool], list[str]]:
    """Return whether each text differs from the value shown, and how that one is shown.

    Args:
        met: Texts, each with the position of its value in ``given``; past its end when
            nothing is shown.
        table: The table they are read for.
        field: Its field.
        given: Values shown, each once.
        words: Labels and codes.
        is_sure: Whether none will be listed unless it differs.
    """
    plain = _plain(table, field, given, words)
    if is_sure and all(text == plain[k] for text, k in met):
        return [False] * len(met), [""] * len(met)
    seen = _seen(table, field, given, words)
    unlike = [text not in (plain[k], seen[k]) for text, k in met]
    return unlike, [seen[k] for _, k in met]


def _fields(lineage: pd.DataFrame) -> dict[str, dict[str, Ints]]:
    """Return the rows of each field of each table, in their order."""
    table, tables = pd.factorize(lineage["table"])
    field, fields = pd.factorize(lineage["field"])
    number = (table * len(fields) + field).astype(np.int16)  # small: sorted by radix
    order = np.argsort(number, kind="stable")
    met, first = np.unique(number[order], return_index=True)
    found: dict[str, dict[str, Ints]] = {}
    for k, rows in zip(met.tolist(), np.split(order, first[1:]), strict=True):
        table_, field_ = str(tables[k // len(fields)]), str(fields[k % len(fields)])
        found.setdefault(table_, {})[field_] = rows
    return found


def _plain(table: str, name: str, given: pd.Series, words: BookWords) -> list[str]:
    """Return values as the data have them; the last text is for what has none."""
    field = words.schemas.tables[table].by_name.get(name)
    return [*texts_of(field.type if field else "text")(given), ""]


def _seen(table: str, name: str, given: pd.Series, words: BookWords) -> list[str]:
    """Return values as the workbook shows them; the last text is for what has none."""
    field = words.schemas.tables[table].by_name.get(name)
    found: Sequence[str | None] = values(given)
    write = _WRITERS.get(field.type) if field else None
    if write is not None:
        found = [write(v, words.lang) for v in found]
    elif field is not None:
        found = code_texts(field, found, words)
    return [*(text or "" for text in found), ""]


_WRITERS: Mapping[FieldType, Callable[[Any, str], str]] = {
    "date": shown.day,
    "month": lambda value, lang: shown.month(value, lang, short=True),
    "share": shown.percent,
    "money": shown.euros,
    "integer": lambda value, lang: str(value),  # noqa: ARG005 - a year has no separator
    **dict.fromkeys(
        ("effort", "duration", "hours", "number", "rating", "criticality"), shown.number
    ),
}


def _names(
    portfolio: Portfolio, tables: pd.Series, at: Ints, words: BookWords
) -> list[str]:
    """Return what people call the record of each row; nothing when it is not shown."""
    names = np.full(len(at), "", dtype="object")
    for table, frame in portfolio.tables.items():
        own = np.flatnonzero((tables == table).to_numpy() & (at >= 0))
        names[own] = _record_names(table, frame.iloc[at[own]], words)
    return names.tolist()


def _record_names(table: str, frame: pd.DataFrame, words: BookWords) -> list[str]:
    """Return what people call each record: its project's code, and its own name."""
    spec = words.schemas.tables[table]
    named = next((n for n in _NAMES if n in spec.by_name), None)
    codes = values(frame["project_code"])
    names = values(frame[named]) if named else [None] * len(frame)
    return [
        " · ".join(str(p) for p in pair if p) for pair in zip(codes, names, strict=True)
    ]


_NAMES = ("name", "title", "label", "requirement", "person", "audience")
