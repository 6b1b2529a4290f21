from __future__ import annotations

import dataclasses
from datetime import date

from consolidate.model.address import Box
from consolidate.model.finding import CellRef, Finding, Severity
from consolidate.model.workbook import Cells, Column, Extract, Record, Region
from consolidate.worker.packing import pack, unpack

COLUMN = Column("A1", "Jalon", "name", candidates=(("name", 0.9),), codes={"v": "vert"})
TOLD = Finding("cell-error", Severity.ERROR, CellRef("a.xlsx", "S", "B2"))
CELLS = Cells(
    *([0, 0, 0], ["name", "progress", "is_key"], [1.0, 1, True], ["", "0%", ""]),
    *(["S", "S", ""], [1, 1, 70_000], [0, 1, -1], [0, 1, -1], ["column"] * 3),
    *([0.9, 0.9, 0.5], [True, True, False]),
)


def test_an_extract_arrives_as_it_left() -> None:
    extract = Extract(
        "a.xlsx",
        "xlsx",
        regions=(
            Region("S", Box(0, 0, 1, 1), "milestones", "table", columns=(COLUMN,)),
        ),
        records=(Record("milestones", 0, 1), Record("projects", -1, -1, 0)),
        cells=CELLS,
        findings=(TOLD,),
    )
    arrived = unpack(pack(extract))
    assert dataclasses.replace(arrived, cells=CELLS) == extract
    assert type(arrived.records[1]) is Record
    for name in (f.name for f in dataclasses.fields(Cells)):
        sent = [(type(v), v) for v in getattr(CELLS, name)]
        assert [(type(v), v) for v in getattr(arrived.cells, name)] == sent


def test_an_extract_of_nothing_and_any_other_result_arrive_too() -> None:
    arrived = unpack(pack(Extract("a.xlsx", "xlsx")))
    assert dataclasses.replace(arrived, cells=Cells()) == Extract("a.xlsx", "xlsx")
    assert list(arrived.cells.raw) == []
    assert unpack(pack([date(2026, 3, 1), None])) == [date(2026, 3, 1), None]
