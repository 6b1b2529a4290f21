"""A pack as a workbook: what is missing is no zero, words need no sheet, days are drawn."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from consolidate.model.pack import (
    Block,
    Chart,
    Column,
    Figure,
    Figures,
    Pack,
    Section,
    Series,
    Table,
    Text,
)
from consolidate.model.schema import load_schemas
from consolidate.report.pack_book import write_pack_book
from consolidate.report.pack_page import pack_shell, render_pack
from consolidate.report.pack_width import page_breaks
from consolidate.resources import shipped

DAY = date(2026, 10, 31)


def pack(*sections: Section) -> Pack:
    return Pack("p", "Title", "Subtitle", "Reader", "2026-10", DAY, "en", sections)


def section(name: str, *blocks: Block) -> Section:
    return Section(name, name.title(), blocks, lead=f"Lead of {name}.")


def money(*amounts: float | None) -> Table:
    frame = pd.DataFrame({"who": [None, "B"], "paid": list(amounts)}, dtype="object")
    columns = (Column("who", "Who"), Column("paid", "Paid", "money", total=True))
    return Table("sums", "Sums", columns, frame)


def sheets(path: Path, *sections: Section) -> list[Worksheet]:
    write_pack_book(pack(*sections), path)
    return load_workbook(path).worksheets


def texts(sheet: Worksheet) -> set[object]:
    return {cell.value for row in sheet.iter_rows() for cell in row}


def test_a_total_of_nothing_known_is_no_zero(tmp_path: Path) -> None:
    _, unknown = sheets(tmp_path / "a.xlsx", section("money", money(None, None)))
    _, known = sheets(tmp_path / "b.xlsx", section("money", money(None, 3.0)))
    assert not any("SUBTOTAL" in str(t) for t in texts(unknown))
    assert any("SUBTOTAL" in str(t) for t in texts(known))


def test_a_page_of_figures_alone_has_them_side_by_side(tmp_path: Path) -> None:
    block = Figures((Figure("Budget", 10.0, "money"), Figure("Jalons", 3.0)))
    one = replace(section("A", block), one_page=True)
    cells = {t for sheet in sheets(tmp_path / "p.xlsx", one) for t in texts(sheet)}
    assert {"Budget", "Jalons", 10.0} <= cells


def test_a_row_without_a_name_says_so_on_the_page() -> None:
    page = render_pack(
        pack(section("money", money(1.0, 2.0))),
        load_schemas([shipped("schemas")]),
        "1.0",
        pack_shell(None),
    )
    row = page[page.index("<tbody>") :]
    assert row.index('class="missing"') < row.index("€1")


def test_a_section_of_words_alone_stands_on_the_cover(tmp_path: Path) -> None:
    (cover,) = sheets(tmp_path / "a.xlsx", section("gates", Text(("Nothing sent.",))))
    assert "Lead of gates.\nNothing sent." in texts(cover)


def test_milestones_are_rows_of_days_and_a_chart(tmp_path: Path) -> None:
    days = pd.DataFrame(
        {
            "label": ["P-1 Go-live", "P-1 Go-live", "P-2 Tests"],
            "day": [date(2026, 11, 1), date(2026, 12, 1), date(2026, 12, 24)],
            "sort": ["baseline", "forecast", "forecast"],
            "tone": ["", "", ""],
        }
    )
    chart = Chart("g", "gantt", "Milestones", days, "label", (Series("day", "Due"),))
    path = tmp_path / "a.xlsx"
    _, sheet = sheets(path, section("deadlines", chart))
    rows = [[c.value for c in row[:5]] for row in sheet.iter_rows(min_row=6, max_row=8)]
    assert rows[0] == ["Milestone", "No.", "Baseline", "Forecast", "Reached"]
    assert [str(v)[:10] for v in rows[1]] == ["P-1 Go-live"[:10], "1", "2026-11-01", "2026-12-01", "None"]  # fmt: skip
    assert any(
        n.startswith("xl/charts/chart") for n in zipfile.ZipFile(path).namelist()
    )


def test_a_page_begins_where_a_block_would_be_cut() -> None:
    # Rows of 15 points on a page of 500: 33 rows.
    assert page_breaks([(2, 20), (21, 40)], {}, 100) == [21]
    assert page_breaks([(2, 15), (16, 30)], {}, 100) == []
    # What is longer than a page is cut anyway.
    assert page_breaks([(2, 90)], {}, 100) == []
