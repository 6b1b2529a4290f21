"""What a project manager is asked to correct: each cell, and what to type there."""

from __future__ import annotations

from consolidate.model.pack import Column, Section, Table
from consolidate.packs import parts
from consolidate.packs.data import PackData

_KEPT = ("error", "warning")
_RANK = {"error": 0, "warning": 1}


def section(data: PackData) -> Section:
    """Return the findings that ask for something, the gravest first, with their cells."""
    found = data.portfolio.findings
    own = found[found["severity"].isin(_KEPT)]
    own = own.assign(_rank=own["severity"].map(_RANK))
    order = ["_rank", "workbook", "sheet"]
    own = own.sort_values(order, kind="stable", ignore_index=True)
    columns = (
        Column("severity", data.tr("correct-severity"), "severity"),
        Column("workbook", data.tr("correct-workbook")),
        Column("sheet", data.tr("correct-sheet")),
        Column("cell", data.tr("correct-cell"), "code"),
        Column("raw", data.tr("correct-raw")),
        Column("message", data.tr("correct-message")),
        Column("suggestion", data.tr("correct-do")),
    )
    table = Table(
        "to-correct",
        data.tr("correct-table"),
        columns,
        parts.shown(own.head(parts.MOST), columns),
        note=data.tr("correct-note"),
        empty=data.tr("correct-empty"),
    )
    errors = int(own["severity"].eq("error").sum())
    lead = data.plural("correct-lead", len(own), errors=errors)
    return Section("to-correct", data.tr("correct"), (table,), lead)
