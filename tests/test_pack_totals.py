"""The totals of a pack's workbook are formulas that every spreadsheet understands."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd

from consolidate.model.pack import Column, Pack, Section, Table
from consolidate.report.pack_book import write_pack_book


def test_a_total_names_its_table_and_escapes_its_column(tmp_path: Path) -> None:
    frame = pd.DataFrame({"who": ["A", "B"], "days": [1.5, 2.0], "odd": [1, 2]})
    columns = (
        Column("who", "Qui"),
        Column("days", "Charge (JH)", "days", total=True),
        Column("odd", "n° [#1]", "count", total=True),
    )
    section = Section("load", "Charge", (Table("of-all", "Titre", columns, frame),))
    pack = Pack("p", "P", "", "PMO", "2026-10", date(2026, 10, 31), "fr", (section,))
    write_pack_book(pack, tmp_path / "p.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "p.xlsx")["Charge"]
    (table,) = sheet.tables.values()
    told = [c.value for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    assert told == [
        f"=SUBTOTAL(109,{table.name}[Charge (JH)])",
        f"=SUBTOTAL(109,{table.name}[n° '['#1']])",
    ]
    cached = openpyxl.load_workbook(tmp_path / "p.xlsx", data_only=True)["Charge"]
    last = [c.value for c in cached[table.ref.rpartition(":")[2].lstrip("ABCDEF")]]
    assert last[-2:] == [3.5, 3]
