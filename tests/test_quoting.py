"""A text that begins like a formula stays a text when somebody edits its cell."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from build_portfolio import make_portfolio
from openpyxl import load_workbook
from openpyxl.cell import Cell

from consolidate.model.pack import Column, Pack, Section, Table
from consolidate.report.pack_book import write_pack_book
from consolidate.report.workbook import write_workbook

ACTING = ["=1+1", "+33 1 23", "-5 jours", "@SUM(A1)", "\t=2", "＝1"]
PLAIN = "Recette = faite"


def cells(path: Path) -> list[Cell]:
    return [c for sheet in load_workbook(path) for row in sheet.iter_rows() for c in row if isinstance(c, Cell)]  # fmt: skip


def quoted(path: Path) -> dict[object, bool]:
    return {c.value: bool(c.quotePrefix) for c in cells(path) if isinstance(c.value, str)}  # fmt: skip


@pytest.mark.parametrize("text", ACTING)
def test_in_a_pack(tmp_path: Path, text: str) -> None:
    frame = pd.DataFrame({"a": [text, PLAIN], "n": [-5.0, 1.0]}, dtype="object")
    columns = (Column("a", "A"), Column("n", "N", "number"))
    section = Section("s", "S", (Table("t", "T", columns, frame),))
    pack = Pack("p", "Title", "Sub", "Reader", "2026-10", date(2026, 10, 31), "en", (section,))  # fmt: skip
    write_pack_book(pack, tmp_path / "p.xlsx")
    found = quoted(tmp_path / "p.xlsx")
    assert found[text]
    assert not found[PLAIN]
    assert {c.data_type for c in cells(tmp_path / "p.xlsx") if c.value == text} == {"s"}


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_in_the_portfolio(tmp_path: Path) -> None:
    made = make_portfolio(len(ACTING) + 1)
    projects = made.tables["projects"]
    names = pd.Series([*ACTING, PLAIN], projects.index, dtype="object")
    tables = {**made.tables, "projects": projects.assign(name=names)}
    told = dataclasses.replace(made, tables=tables)
    write_workbook(told, tmp_path / "p.xlsx")
    found = quoted(tmp_path / "p.xlsx")
    assert [t for t in ACTING if not found.get(t)] == []
    assert not found[PLAIN]
    numbers = [c for c in cells(tmp_path / "p.xlsx") if isinstance(c.value, int | float)]  # fmt: skip
    assert numbers
    assert not any(c.quotePrefix for c in numbers)
