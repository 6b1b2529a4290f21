"""What a table's cells leave to tell: totals, errors, comments, hidden parts, copies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from consolidate.mapping.builder import Builder
from consolidate.mapping.rows import Row
from consolidate.model.address import Box, a1, column_letters
from consolidate.model.block import Block
from consolidate.model.finding import Severity
from consolidate.model.text import fold
from consolidate.model.workbook import Sheet

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


def check_totals(
    builder: Builder,
    sheet: Sheet,
    rows: Sequence[Row],
    fields: Mapping[int, str],
    table: str,
) -> None:
    """Compare each total row with the sum of the records it may cover.

    A total may be of the records since the last total, or of all so far; only when
    it is neither, by more than 1 %, is it told.
    """
    for col, name in fields.items():
        if name not in _SUMMED:
            continue
        every: list[float] = []
        since: list[float] = []
        for row in rows:
            value = sheet.value(row.at, col)
            number = (
                float(value)
                if isinstance(value, float | int) and not isinstance(value, bool)
                else None
            )
            if row.kind == "record" and number is not None:
                every.append(number)
                since.append(number)
            elif row.kind == "total" and number is not None and _is_sum(sheet, row.at):
                if (
                    every
                    and not _agrees(number, sum(every))
                    and not _agrees(number, sum(since))
                ):
                    builder.tell(
                        "total-differs",
                        Severity.WARNING,
                        sheet.name,
                        a1(row.at, col),
                        table=table,
                        name=name,
                        raw=f"{number:g}",
                        params={"sum": f"{sum(every):g}"},
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


def tell_cells(
    builder: Builder,
    sheet: Sheet,
    block: Block,
    rows: Sequence[Row],
    fields: Mapping[int, str],
    table: str,
) -> None:
    """Tell of error cells, formulas without a result and comments among the records."""
    records = {r.at for r in rows if r.kind == "record"}
    for (row, col), text in sheet.errors.items():
        if row in records and col in fields:
            builder.tell_at(
                "cell-error",
                Severity.ERROR,
                sheet.name,
                (row, col),
                table=table,
                name=fields[col],
                raw=text,
            )
    for row, col in sorted(sheet.uncached):
        if row in records and col in fields:
            builder.tell_at(
                "formula-without-result",
                Severity.ERROR,
                sheet.name,
                (row, col),
                table=table,
                name=fields[col],
            )
    for (row, col), text in sheet.comments.items():
        if row in records and block.box.left <= col <= block.box.right:
            builder.tell_at(
                "cell-comment",
                Severity.INFO,
                sheet.name,
                (row, col),
                table=table,
                name=fields.get(col, ""),
                raw=text,
            )


def tell_hidden(builder: Builder, sheet: Sheet, block: Block, table: str) -> None:
    """Tell of hidden rows and columns that were read all the same."""
    box = block.box
    rows = sorted(r for r in sheet.hidden_rows if r in set(block.body))
    cols = sorted(c for c in sheet.hidden_cols if box.left <= c <= box.right)
    if rows and sheet.visible:
        where = Box(rows[0], box.left, rows[-1], box.right).a1
        builder.tell(
            "rows-hidden",
            Severity.INFO,
            sheet.name,
            where,
            table=table,
            params={"count": str(len(rows))},
        )
    for col in cols if sheet.visible else ():
        builder.tell(
            "columns-hidden",
            Severity.INFO,
            sheet.name,
            f"{column_letters(col)}{box.top + 1}",
            table=table,
        )


def drop_hidden_copies(builder: Builder) -> None:
    """Do not count the records of a hidden sheet that a visible one shows too.

    They are the same when a third of their names are: an older version kept aside.
    """
    cells = builder.cells
    names: dict[int, set[str]] = {}
    for record, name, raw in zip(cells.record, cells.field, cells.raw, strict=True):
        if name in {"name", "title", "label", "description", "activity", "requirement"}:
            region = builder.records[record].region
            names.setdefault(region, set()).add(fold(str(raw)))
    regions = builder.regions
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
            _unuse(builder, number)
            builder.tell(
                "sheet-hidden-copy",
                Severity.INFO,
                copy.sheet,
                copy.box.a1,
                table=copy.table,
            )


def _unuse(builder: Builder, region: int) -> None:
    cells = builder.cells
    for i, record in enumerate(cells.record):
        if builder.records[record].region == region:
            cells.used[i] = False
