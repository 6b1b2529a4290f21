"""Sheets that tell where the portfolio comes from: findings and workbooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pandas as pd

from consolidate.model.portfolio import Portfolio
from consolidate.report import format as shown
from consolidate.report.csv_text import values
from consolidate.report.sheet_column import (
    WIDE,
    SheetColumn,
    number_column,
    source_links,
    text_column,
)
from consolidate.report.sheet_text import Cleaner
from consolidate.report.sheet_words import BookWords
from consolidate.wording import tr

_ORDER = {"error": 0, "warning": 1, "info": 2}


def finding_columns(
    portfolio: Portfolio,
    words: BookWords,
    cleaner: Cleaner,
    source_root: str | None = None,
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
    nobody = words.tr("nobody")  # last: nobody to send these to
    order = sorted(
        range(len(own)),
        key=lambda k: (own[k] == nobody, own[k].casefold(), rank[k], k),
    )
    taken = frame.iloc[order]
    severity = [words.tr(f"severity-{s}") for s in values(taken["severity"])]
    table, field = labels(taken, words)
    lang = words.lang
    rules = values(taken["rule"])
    called = {rule: words.rule(rule) for rule in set(rules)}
    manager = words.field("projects", "project_manager")
    texts: list[tuple[str, str, Sequence[str | None], int]] = [
        ("project_manager", manager, [own[k] for k in order], 24),
        ("severity", tr("column-severity", lang), severity, 12),
        ("project_code", tr("column-project_code", lang), values(taken["project_code"]), 14),
        ("title", words.tr("rule-title"), [called[r] for r in rules], 24),
        ("message", tr("column-message", lang), values(taken["message"]), 50),
        ("suggestion", tr("column-suggestion", lang), values(taken["suggestion"]), 40),
        ("raw", tr("column-raw", lang), values(taken["raw"]), 20),
        ("place", words.tr("source"), places(taken), 40),
        ("table", tr("column-table", lang), table, 16),
        ("field", tr("column-field", lang), field, 20),
        ("rule", tr("column-rule", lang), rules, 22),
    ]  # fmt: skip
    found = [text_column(n, h, t, cleaner, most=m) for n, h, t, m in texts]
    links = source_links(
        source_root, *(values(taken[n]) for n in ("workbook", "sheet", "cell"))
    )
    return [
        replace(
            c,
            links=links if c.name == "place" else (),
            fold=c.name in ("table", "field", "rule"),
        )
        for c in found
    ]


def workbook_columns(
    portfolio: Portfolio, words: BookWords, cleaner: Cleaner
) -> list[SheetColumn]:
    """Return the workbooks received, and what was understood of each."""
    frame = portfolio.workbooks
    lang = words.lang
    states = [words.tr(f"state-{s}") for s in values(frame["state"])]
    layouts = [
        tr(f"layout-state-{s}", lang) if s else None
        for s in values(frame["layout_state"])
    ]
    codes = [
        c.replace(";", ", ") if c else None for c in values(frame["project_codes"])
    ]
    read, mapped = values(frame["cells_read"]), values(frame["cells_mapped"])
    share = [m / r if r and m is not None else None for m, r in zip(mapped, read, strict=True)]  # fmt: skip
    received = [_moment(r, lang) for r in values(frame["received_at"])]
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
        text_column("layout_state", tr("column-layout_state", lang), layouts, cleaner, most=24),
        text_column("received_at", tr("column-received_at", lang), received, cleaner),
        number_column("bytes", tr("column-bytes", lang), "count", values(frame["bytes"])),
    ]  # fmt: skip


def _moment(text: str | None, lang: str) -> str | None:
    """Return a moment ``YYYY-MM-DDThh:mm…`` as people write it."""
    if not text:
        return None
    return f"{shown.day(date.fromisoformat(text[:10]), lang)} {text[11:16]}"


def labels(frame: pd.DataFrame, words: BookWords) -> tuple[list[str], list[str]]:
    """Return what the table and the field of each row are called."""
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


def places(frame: pd.DataFrame) -> list[str]:
    """Return where each row was read, as ``file ! sheet ! cell``."""
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
