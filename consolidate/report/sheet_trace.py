"""Sheets that tell where the portfolio comes from: findings, workbooks, lineage."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from consolidate.model.portfolio import Portfolio
from consolidate.model.schema import FieldType
from consolidate.report import format as shown
from consolidate.report.csv_text import texts_of, values
from consolidate.report.sheet_column import (
    WIDE,
    SheetColumn,
    code_texts,
    number_column,
    text_column,
)
from consolidate.report.sheet_text import Cleaner
from consolidate.report.sheet_words import BookWords
from consolidate.wording import catalogue, tr

MOST_LINEAGE = 50_000
"""Rows of lineage a workbook shows; ``data/lineage.csv`` has all."""

_ORDER = {"error": 0, "warning": 1, "info": 2}

Objects: TypeAlias = npt.NDArray[np.object_]


def finding_columns(
    portfolio: Portfolio, words: BookWords, cleaner: Cleaner
) -> list[SheetColumn]:
    """Return the findings by project manager, the gravest of each first."""
    frame = portfolio.findings
    managers = _managers(portfolio)
    by_book = _managers_of_books(portfolio, managers)
    own = [
        managers.get(code) or by_book.get(book) or words.tr("nobody")
        for code, book in zip(
            values(frame["project_code"]), values(frame["workbook"]), strict=True
        )
    ]
    rank = [_ORDER.get(s, 3) for s in values(frame["severity"])]
    order = sorted(range(len(own)), key=lambda k: (own[k].casefold(), rank[k], k))
    taken = frame.iloc[order]
    severity = [words.tr(f"severity-{s}") for s in values(taken["severity"])]
    table, field = _labels(taken, words)
    texts: list[tuple[str, str, Sequence[str | None], int]] = [
        (
            "project_manager",
            words.field("projects", "project_manager"),
            [own[k] for k in order],
            24,
        ),
        ("severity", tr("column-severity", words.lang), severity, 14),
        (
            "project_code",
            tr("column-project_code", words.lang),
            values(taken["project_code"]),
            14,
        ),
        ("message", tr("column-message", words.lang), values(taken["message"]), 60),
        (
            "suggestion",
            tr("column-suggestion", words.lang),
            values(taken["suggestion"]),
            50,
        ),
        ("raw", tr("column-raw", words.lang), values(taken["raw"]), 28),
        ("table", tr("column-table", words.lang), table, 16),
        ("field", tr("column-field", words.lang), field, 20),
        ("place", words.tr("source"), _places(taken), WIDE),
        ("rule", tr("column-rule", words.lang), values(taken["rule"]), 22),
    ]
    return [text_column(n, h, t, cleaner, most=m) for n, h, t, m in texts]


def workbook_columns(
    portfolio: Portfolio, words: BookWords, cleaner: Cleaner
) -> list[SheetColumn]:
    """Return the workbooks received, and what was understood of each."""
    frame = portfolio.workbooks
    lang = words.lang
    states = [words.tr(f"state-{s}") for s in values(frame["state"])]
    codes = [
        c.replace(";", ", ") if c else None for c in values(frame["project_codes"])
    ]
    read, mapped = values(frame["cells_read"]), values(frame["cells_mapped"])
    share = [m / r if r and m is not None else None for m, r in zip(mapped, read, strict=True)]  # fmt: skip
    received = [r[:16].replace("T", " ") if r else None for r in values(frame["received_at"])]  # fmt: skip
    counts = portfolio.findings.groupby(["workbook", "severity"]).size().to_dict()
    books = values(frame["workbook"])
    told = [
        number_column(
            severity,
            words.tr(f"severity-{severity}"),
            "count",
            [counts.get((b, severity)) for b in books],
        )
        for severity in _ORDER
    ]
    return [
        text_column("workbook", tr("column-workbook", lang), books, cleaner, most=50),
        text_column("state", tr("column-state", lang), states, cleaner, most=24),
        text_column("reason", tr("column-reason", lang), values(frame["reason"]), cleaner, most=WIDE),
        text_column("project_codes", tr("column-project_codes", lang), codes, cleaner),
        number_column("cells_read", tr("column-cells_read", lang), "count", read),
        number_column("cells_mapped", tr("column-cells_mapped", lang), "count", mapped),
        number_column("progress", words.tr("understood"), "share", share),
        *told,
        text_column("received_at", tr("column-received_at", lang), received, cleaner),
        number_column("bytes", tr("column-bytes", lang), "count", values(frame["bytes"])),
    ]  # fmt: skip


def lineage_columns(
    portfolio: Portfolio, words: BookWords, cleaner: Cleaner
) -> tuple[list[SheetColumn], int]:
    """Return what was written where it differs from what is shown, or is not sure.

    Returns:
        Columns of at most ``MOST_LINEAGE`` rows, the unsure ones kept first, in the order
        of the lineage; and how many there are in all.
    """
    lineage = portfolio.lineage
    unsure = lineage["confidence"].to_numpy(dtype="float64") < 1
    told, pick, name = _told(portfolio, unsure, words)
    kept = np.flatnonzero(pick | unsure)
    count = len(kept)
    if count > MOST_LINEAGE:
        order = np.argsort(~unsure[kept], kind="stable")[:MOST_LINEAGE]
        kept = np.sort(kept[order])
    taken = lineage.iloc[kept]
    table, field = _labels(taken, words)
    lang = words.lang
    methods = catalogue()["labels"]
    method = [
        methods.get(f"book-method-{m}", {}).get(lang, m)
        for m in values(taken["method"])
    ]
    used = [words.tr("yes" if u else "no") for u in values(taken["used"])]
    texts: list[tuple[str, str, Sequence[str | None], int]] = [
        ("table", tr("column-table", lang), table, 18),
        ("record", words.tr("record"), name[kept].tolist(), 34),
        ("field", tr("column-field", lang), field, 24),
        ("raw", tr("column-raw", lang), values(taken["raw"]), 34),
        ("shown", words.tr("shown"), told[kept].tolist(), 34),
        ("method", tr("column-method", lang), method, 20),
    ]
    columns = [text_column(n, h, t, cleaner, most=m) for n, h, t, m in texts]
    columns.append(
        number_column(
            "confidence",
            tr("column-confidence", lang),
            "share",
            values(taken["confidence"]),
        )
    )
    columns.append(text_column("used", tr("column-used", lang), used, cleaner))
    place = text_column("place", words.tr("source"), _places(taken), cleaner, most=WIDE)
    return [*columns, place], count


def _told(
    portfolio: Portfolio, unsure: Any, words: BookWords
) -> tuple[Objects, Any, Objects]:
    """Return what is shown of each row of the lineage, whether it differs, and of what.

    What is shown is worked out only for fields that have a value to list.
    """
    lineage = portfolio.lineage
    size = len(lineage)
    told, name = np.full(size, None, dtype="object"), np.full(size, "", dtype="object")
    differs = np.zeros(size, dtype=bool)
    raw = np.array(texts_of("text")(lineage["raw"]), dtype="object")
    for table, rows in _groups(lineage["table"], np.arange(size)):
        frame = portfolio.tables.get(table)
        if frame is None:
            continue
        types = {f.name: f.type for f in words.schemas.tables[table].fields}
        ids = lineage["record_id"].to_numpy(dtype="object")[rows]
        at = pd.Index(frame["record_id"]).get_indexer(pd.Index(ids))
        # -1, a record that is not shown, finds the empty text put last.
        name[rows] = _padded(_record_names(table, frame, words))[at]
        for field, own in _groups(lineage["field"].iloc[rows], np.arange(len(rows))):
            if field not in frame.columns:
                continue
            where, record = rows[own], at[own]
            plain = texts_of(types.get(field, "text"))(frame[field])
            same = raw[where] == _padded(plain)[record]
            if same.all() and not unsure[where].any():
                continue
            seen = _padded(_seen(table, field, frame, words))[record]
            told[where] = seen
            differs[where] = ~(same | (raw[where] == seen))
    return told, differs, name


def _groups(column: pd.Series, rows: Any) -> list[tuple[str, Any]]:
    """Return the rows of each value of a column."""
    codes, distinct = pd.factorize(column.to_numpy(dtype="object"))
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(len(distinct) + 1))
    return [
        (str(value), rows[order[bounds[k] : bounds[k + 1]]])
        for k, value in enumerate(distinct)
    ]


def _padded(texts: Sequence[str | None]) -> Objects:
    padded = np.empty(len(texts) + 1, dtype="object")
    padded[:-1] = [t or "" for t in texts]
    padded[-1] = ""
    return padded


def _record_names(table: str, frame: pd.DataFrame, words: BookWords) -> list[str]:
    """Return what people call each record: its project's code, and its own name."""
    spec = words.schemas.tables[table]
    named = next(
        (
            n
            for n in ("name", "title", "label", "requirement", "person", "audience")
            if n in spec.by_name
        ),
        None,
    )
    codes = values(frame["project_code"])
    names = values(frame[named]) if named else [None] * len(frame)
    return [
        " · ".join(str(p) for p in pair if p) for pair in zip(codes, names, strict=True)
    ]


def _seen(
    table: str, name: str, frame: pd.DataFrame, words: BookWords
) -> Sequence[str | None]:
    """Return a column's values as the workbook shows them."""
    field = words.schemas.tables[table].by_name.get(name)
    given = values(frame[name])
    if field is None:
        return given
    write = _WRITERS.get(field.type)
    if write is None:
        return code_texts(field, given, words)
    known = {v: write(v, words.lang) for v in set(given) if v is not None}
    return [known.get(v) for v in given]


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


def _labels(frame: pd.DataFrame, words: BookWords) -> tuple[list[str], list[str]]:
    pairs = list(zip(values(frame["table"]), values(frame["field"]), strict=True))
    known = {pair: _label(*pair, words) for pair in set(pairs)}
    return [known[p][0] for p in pairs], [known[p][1] for p in pairs]


def _label(table: str | None, field: str | None, words: BookWords) -> tuple[str, str]:
    if table is None or table not in words.schemas.tables:
        return table or "", field or ""
    if field and (
        field in words.schemas.tables[table].by_name or field == "project_code"
    ):
        return words.sheet(table), words.field(table, field)
    return words.sheet(table), field or ""


def _places(frame: pd.DataFrame) -> list[str]:
    parts = (values(frame[n]) for n in ("workbook", "sheet", "cell"))
    return [" ! ".join(p for p in place if p) for place in zip(*parts, strict=True)]


def _managers(portfolio: Portfolio) -> Mapping[str, str]:
    projects = portfolio.tables["projects"]
    pairs = zip(
        values(projects["project_code"]),
        values(projects["project_manager"]),
        strict=True,
    )
    return {code: name for code, name in pairs if code and name}


def _managers_of_books(
    portfolio: Portfolio, managers: Mapping[str, str]
) -> dict[str, str]:
    """Return the manager of each workbook that speaks of one manager's projects."""
    found = {}
    books = zip(
        values(portfolio.workbooks["workbook"]),
        values(portfolio.workbooks["project_codes"]),
        strict=True,
    )
    for book, codes in books:
        names = {managers[c] for c in (codes or "").split(";") if c in managers}
        if len(names) == 1:
            found[book] = names.pop()
    return found
