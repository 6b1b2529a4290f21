from __future__ import annotations

from array import array
from datetime import date

from consolidate.model.address import Box
from consolidate.model.finding import CellRef, Finding, Severity
from consolidate.model.workbook import Cells, Column, Extract, Record, Region
from consolidate.worker.packing import pack, unpack

COLUMN = Column("A1", "Jalon", "name", candidates=(("name", 0.9),), codes={"v": "vert"})
TOLD = Finding("cell-error", Severity.ERROR, CellRef("a.xlsx", "S", "B2"))
CELLS = Cells(
    *(array("i", [0]), ["name"], ["Recette"], [""], ["S"]),
    *(array("i", [1]), array("i", [0]), array("i", [0]), ["column"], array("d", [0.9])),
    used=[True],
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
    assert arrived == extract
    assert type(arrived.records[1]) is Record


def test_an_extract_of_nothing_and_any_other_result_arrive_too() -> None:
    assert unpack(pack(Extract("a.xlsx", "xlsx"))) == Extract("a.xlsx", "xlsx")
    assert unpack(pack([date(2026, 3, 1), None])) == [date(2026, 3, 1), None]
