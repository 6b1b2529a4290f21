"""What a table's cells leave to tell: totals, errors, comments, hidden parts, copies."""

from __future__ import annotations

import re

from consolidate.mapping.builder import Builder
from consolidate.mapping.rows import Row
from consolidate.mapping.scope import Table
from consolidate.model.address import Box
from consolidate.model.finding import Severity
from consolidate.model.text import fold
from consolidate.model.workbook import Region, Sheet

_SUMMED = frozenset(
    {
        "budget_initial",
        "budget_revised",
        "committed",
        "invoiced",
        "paid",
        "spent",
        "available",
        "forecast_cost",
        "effort_planned",
        "effort_spent",
        "effort_remaining",
        "estimated_cost",
        "estimated_effort",
    }
)
_TOLERANCE = 0.01
_NAMES = frozenset({"name", "title", "label", "description", "activity", "requirement"})
_ROW_RULES = {
    "nameless": ("row-without-name", Severity.ERROR),
    "placeholder": ("row-placeholder", Severity.INFO),
    "note": ("row-note", Severity.INFO),
}
_MANY_NOTES = 4
_EXAMPLE = re.compile(
    r"\b(?:exemples?|examples?|samples?|templates?|modeles?|definitions?|glossaire|"
    r"glossary|lexique|instructions?|mode d emploi|guide|legendes?|legend)\b"
)
_NUMBERED = ("row-named-by-number", Severity.WARNING)


def tell_rows(builder: Builder, table: Table) -> None:
    """Tell of what the rows of a table leave to say."""
    for row in table.rows:
        told = _NUMBERED if row.numbered else _ROW_RULES.get(row.kind)
        if told:
            rule, severity = told
            builder.left_out = builder.left_out or severity == Severity.ERROR
            _tell_row(builder, table, row, rule, severity)
    _check_totals(builder, table)
    _tell_cells(builder, table)
    _tell_hidden(builder, table)


def _tell_row(
    builder: Builder, table: Table, row: Row, rule: str, severity: Severity
) -> None:
    sheet, edges = table.sheet, table.block.box
    where = Box(row.at, edges.left, row.at, edges.right).a1
    cells = sheet.rows[row.at][edges.left : edges.right + 1]
    first = next((v for v in cells if v is not None), "")
    shown = f"{first:g}" if isinstance(first, float) else str(first)
    builder.tell(rule, severity, sheet.name, where, table=table.name, raw=shown)


def _check_totals(builder: Builder, table: Table) -> None:
    """Compare each total row with the sum of the records it may cover.

    A total may be of the records since the last total, or of all so far; only when
    it is neither, by more than 1 %, is it told.
    """
    sheet = table.sheet
    if all(row.kind != "total" for row in table.rows):
        return
    for col, name in table.fields.items():
        if name not in _SUMMED:
            continue
        every: list[float] = []
        since: list[float] = []
        for row in table.rows:
            value = sheet.value(row.at, col)
            if not isinstance(value, float | int) or isinstance(value, bool):
                continue
            if row.kind == "record":
                every.append(float(value))
                since.append(float(value))
            elif row.kind == "total" and _is_sum(sheet, row.at):
                sums = (sum(every), sum(since))
                if every and not any(_agrees(value, total) for total in sums):
                    builder.tell_at(
                        "total-differs",
                        Severity.WARNING,
                        sheet.name,
                        (row.at, col),
                        table=table.name,
                        name=name,
                        raw=f"{value:g}",
                        sum=f"{sums[0]:g}",
                    )
                since = []


def _is_sum(sheet: Sheet, row: int) -> bool:
    """Whether a total row is a plain total: not an average, nor a total with tax."""
    texts = " ".join(fold(v) for v in sheet.rows[row] if isinstance(v, str))
    return not any(
        w in texts for w in ("moyenne", "average", "mean", "ttc", "tva", "vat", "%")
    )


def _agrees(one: float, other: float) -> bool:
    return abs(one - other) <= max(_TOLERANCE * max(abs(one), abs(other)), 0.011)


def _tell_cells(builder: Builder, table: Table) -> None:
    """Tell of error cells, formulas without a result and comments among the records."""
    sheet, fields = table.sheet, table.fields
    if not (sheet.errors or sheet.uncached or sheet.comments):
        return
    records = {r.at for r in table.rows if r.kind == "record"}
    for (row, col), text in sheet.errors.items():
        if row in records and col in fields:
            more = {"table": table.name, "name": fields[col], "raw": text}
            builder.tell_at(
                "cell-error", Severity.ERROR, sheet.name, (row, col), **more
            )
    for row, col in sorted(sheet.uncached):
        if row in records and col in fields:
            more = {"table": table.name, "name": fields[col]}
            builder.tell_at(
                "formula-without-result", Severity.ERROR, sheet.name, (row, col), **more
            )
    edges = table.block.box
    for (row, col), text in sheet.comments.items():
        if row in records and edges.left <= col <= edges.right:
            more = {"table": table.name, "name": fields.get(col, ""), "raw": text}
            builder.tell_at(
                "cell-comment", Severity.INFO, sheet.name, (row, col), **more
            )


def _tell_hidden(builder: Builder, table: Table) -> None:
    """Tell of hidden rows and columns that were read all the same."""
    sheet, edges = table.sheet, table.block.box
    if not sheet.visible or not (sheet.hidden_rows or sheet.hidden_cols):
        return
    rows = sorted(sheet.hidden_rows & set(table.block.body))
    if rows:
        where = Box(rows[0], edges.left, rows[-1], edges.right).a1
        builder.tell(
            "rows-hidden",
            Severity.INFO,
            sheet.name,
            where,
            table=table.name,
            params={"count": str(len(rows))},
        )
    for col in sorted(sheet.hidden_cols):
        if edges.left <= col <= edges.right:
            at = (edges.top, col)
            builder.tell_at(
                "columns-hidden", Severity.INFO, sheet.name, at, table=table.name
            )


def gather_notes(builder: Builder, sheet: Sheet, first: int) -> None:
    """Tell once of a sheet that is text from end to end, not at each of its paragraphs.

    Args:
        builder: What was gathered so far.
        sheet: The sheet.
        first: Number of the first finding about it.
    """
    about = builder.findings[first:]
    notes = [f for f in about if f.rule == "region-notes"]
    if len(notes) < _MANY_NOTES or len(notes) < len(about) - 1:
        return
    builder.findings[first:] = [f for f in about if f.rule != "region-notes"]
    builder.tell(
        "sheet-notes",
        Severity.INFO,
        sheet.name,
        raw=notes[0].raw,
        params={"count": str(len(notes))},
    )


def drop_examples(builder: Builder) -> None:
    """Do not count the records of an example, or a guide, beside a sheet filled in for good."""
    regions = builder.regions
    real = {r.table for r in regions if r.records and not _is_example(r)}
    for number, region in enumerate(regions):
        if region.table not in real or not _is_example(region):
            continue
        builder.unused.add(number)
        builder.findings = [
            f
            for f in builder.findings
            if f.ref.sheet != region.sheet or not f.rule.startswith("row-")
        ]
        builder.tell(
            "sheet-example",
            Severity.INFO,
            region.sheet,
            region.box.a1,
            table=region.table,
        )
    builder.left_out = any(
        f.severity == Severity.ERROR and f.rule.startswith("row-")
        for f in builder.findings
    )


def _is_example(region: Region) -> bool:
    """Whether a sheet is called an example; one that a layout settles is what that says."""
    return not region.layout and bool(_EXAMPLE.search(fold(region.sheet)))


def drop_hidden_copies(builder: Builder) -> None:
    """Do not count the records of a hidden sheet that a visible one shows too.

    They are the same when a third of their names are: an older version kept aside.
    """
    regions = builder.regions
    if not any(region.hidden and region.table for region in regions):
        return
    names: dict[int, set[str]] = {}
    for record, entry in zip(builder.owners, builder.entries, strict=True):
        if entry.field in _NAMES:
            region = builder.records[record].region
            names.setdefault(region, set()).add(fold(str(entry.raw)))
    for number, copy in enumerate(regions):
        if not copy.hidden or not copy.table or number not in names:
            continue
        shown = [
            names[i]
            for i, other in enumerate(regions)
            if not other.hidden and other.table == copy.table and i in names
        ]
        common = max((len(names[number] & s) for s in shown), default=0)
        if common * 3 >= len(names[number]):
            builder.unused.add(number)
            builder.tell(
                "sheet-hidden-copy",
                Severity.INFO,
                copy.sheet,
                copy.box.a1,
                table=copy.table,
            )
