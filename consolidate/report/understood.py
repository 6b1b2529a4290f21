"""The "what I understood" pages: each workbook as its manager sees it, and how it was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from markupsafe import Markup

from consolidate.model.address import a1
from consolidate.model.drawing import unpacked
from consolidate.model.portfolio import Portfolio
from consolidate.report.format import number
from consolidate.report.html_context import Context
from consolidate.report.html_page import make_shell
from consolidate.report.html_proof import Proofs
from consolidate.report.html_words import records
from consolidate.report.understood_sheet import SheetView, Told, sheet_view
from consolidate.report.understood_value import Values
from consolidate.report.view_workbooks import (
    UNDERSTOOD,
    Workbook,
    understood_page,
    workbooks,
)

_SEVERITIES = ("error", "warning", "info")
_SCRIPT_WORDS = ("understood-gives",)


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of a workbook, as its page lists it; ``anchor`` is of its cell."""

    severity: str
    sheet: str
    cell: str
    message: str
    suggestion: str
    anchor: str


def write_understood(
    context: Context,
    drawings: Mapping[str, bytes],
    folder: Path,
    templates: Path | None = None,
) -> None:
    """Write a page for each workbook that was read.

    Args:
        context: The month's portfolio.
        drawings: By workbook, packed by ``model.drawing``.
        folder: Of the results; it exists.
        templates: A folder of the user's templates, searched first.
    """
    if not drawings:
        return
    (folder / UNDERSTOOD).mkdir(mode=0o700)
    for workbook, page in render_understood(context, drawings, templates):
        path = folder / understood_page(workbook)
        path.write_text(page, encoding="utf-8", newline="\n")


def render_understood(
    context: Context, drawings: Mapping[str, bytes], templates: Path | None = None
) -> Iterator[tuple[str, str]]:
    """Yield the name of each workbook and its page, in the order of the index."""
    # These pages prove by drawing: they embed no proofs.
    context = replace(
        context, proofs=Proofs(context.proofs.sources, context.words, "../")
    )
    shell = make_shell(
        "understood.html.j2", ("understood.js",), ("understood.css",), templates
    )
    told = _by_workbook(context.portfolio)
    meant = Values(context.portfolio, context.words)
    listed = [b for b in workbooks(context).listed if b.name in drawings]
    for book in listed:
        values, fields = _values(
            context, book, unpacked(drawings[book.name]), told.get(book.name, []), meant
        )
        yield book.name, shell.render(context, values, _SCRIPT_WORDS, fields=fields)


def _values(
    context: Context,
    book: Workbook,
    content: Mapping[str, Any],
    rows: list[dict[str, Any]],
    meant: Values,
) -> tuple[dict[str, Any], list[list[str]]]:
    """Return what the page of a workbook shows, and what its script reads."""
    by_sheet: dict[str, dict[str, str]] = {}
    for row in reversed(rows):  # the gravest last: it stays
        if row["sheet"] and row["cell"]:
            by_sheet.setdefault(row["sheet"], {})[_first(row)] = row["severity"]
    fields: list[list[str]] = []
    sheets = []
    said: dict[str, dict[str, tuple[str, bool]]] = {}
    reasons = _reasons(rows)
    for (name, cell), value in meant.of(book.name, _cells(content)).items():
        said.setdefault(name, {})[cell] = value
    for rank, sheet in enumerate(content["sheets"]):
        name = sheet["name"]
        marks = Told(
            rank, by_sheet.get(name, {}), said.get(name, {}), reasons.get(name, {})
        )
        sheets.append(sheet_view(context.words, sheet, marks))
        words = context.words
        fields.append(
            [f"{words.table(t)} · {words.field(t, f)}" for t, f in sheet["fields"]]
        )
    numbers = {sheet["name"]: k for k, sheet in enumerate(content["sheets"])}
    findings = [_finding(row, numbers, sheets) for row in rows]
    values = {
        "book": book,
        "summary": _summary(context, content, sheets, len(rows)),
        "sheets": sheets,
        "more_sheets": content["more"],
        "findings": {s: [f for f in findings if f.severity == s] for s in _SEVERITIES},
        "index": Markup("../index.html"),
        "address": context.proofs.sources.address(book.name, "../"),
    }
    return values, fields


def _summary(
    context: Context,
    content: Mapping[str, Any],
    sheets: Sequence[SheetView],
    findings: int,
) -> str:
    """Return how much of a workbook is used, in a line."""
    used = [block for sheet in sheets for block in sheet.blocks if block.used]
    regions = [r for sheet in content["sheets"] for r in sheet["regions"]]
    return context.words.tr(
        "understood-summary",
        used=sum(block.columns_used for block in used),
        all=sum(len(block.columns) for block in used),
        records=number(sum(r["records"] for r in regions), context.lang, 0),
        findings=findings,
    )


def _reasons(rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Mapping[str, str]]:
    """Return why columns and blocks are not used, by sheet and place."""
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        if str(row["rule"]).startswith(("column-", "label-", "region-")):
            told = found.setdefault(str(row["sheet"] or ""), {})
            told.setdefault(str(row["cell"] or ""), str(row["message"] or ""))
    return found


def _cells(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the cells of a drawing that gave a value: sheet and address."""
    for sheet in content["sheets"]:
        for row, col, *_, field in sheet["cells"]:
            if field >= 0:
                yield sheet["name"], a1(row, col)


def _finding(
    row: Mapping[str, Any], numbers: Mapping[str, int], sheets: Sequence[SheetView]
) -> Finding:
    sheet = str(row["sheet"] or "")
    rank = numbers.get(sheet)
    anchor = f"s{rank}-{_first(row)}"
    # The grid of a long sheet leaves cells out.
    there = rank is not None and f' id="{anchor}"' in (sheets[rank].grid or "")
    return Finding(
        str(row["severity"]),
        sheet,
        str(row["cell"] or ""),
        str(row["message"] or ""),
        str(row["suggestion"] or ""),
        anchor if there else "",
    )


def _first(row: Mapping[str, Any]) -> str:
    """Return the first cell of a finding's place."""
    return str(row["cell"] or "").partition(":")[0]


def _by_workbook(portfolio: Portfolio) -> Mapping[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in records(portfolio.findings):
        found.setdefault(str(row["workbook"] or ""), []).append(row)
    return found
