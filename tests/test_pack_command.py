"""``consolidate pack``: packs of a month of the store, a workbook and a page each."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from build_portfolio import make_portfolio
from click.testing import CliRunner

from consolidate import store
from consolidate.cli import main
from consolidate.config import Config
from consolidate.model.pack import Column, Pack, Section, Table, Text
from consolidate.model.schema import load_schemas
from consolidate.packs_run import PackOptions, write_packs
from consolidate.report.pack_book import write_pack_book
from consolidate.report.pack_page import pack_shell, render_pack
from consolidate.resources import shipped


def run(tmp_path: Path, *args: str) -> tuple[int, str]:
    home = ("--home", str(tmp_path / "home"))
    found = CliRunner().invoke(main, ["pack", *args, *home])
    return found.exit_code, found.output


def kept(tmp_path: Path) -> str:
    (tmp_path / "home").mkdir()
    url = f"sqlite:///{(tmp_path / 'home' / 'portfolio.db').as_posix()}"
    made = replace(make_portfolio(2), period="2026-10", as_of=date(2026, 10, 31))
    store.save(url, made)
    return url


def test_each_pack_is_a_workbook_and_a_page_of_its_month(tmp_path: Path) -> None:
    kept(tmp_path)
    out = tmp_path / "packs"
    code, told = run(tmp_path, "deadlines", "-o", str(out), "--json")
    assert code == 0, told
    files = json.loads(told)["files"]
    assert [Path(f).name for f in files] == ["deadlines.xlsx", "deadlines.html"]
    assert {p.name for p in (out / "2026-10").iterdir()} == {
        Path(f).name for f in files
    }


def test_packs_of_many_readers_are_the_same_from_one_process_or_several(
    tmp_path: Path,
) -> None:
    url = kept(tmp_path)
    names = ("project", "manager", "deadlines")
    for jobs in (1, 2):
        out = tmp_path / str(jobs)
        write_packs(PackOptions(names, "", out, url, Config(), "fr", jobs))
    one, two = (
        {p.name: p.read_bytes() for p in (tmp_path / jobs / "2026-10").iterdir()}
        for jobs in ("1", "2")
    )
    assert one == two
    assert sum(name.startswith("project-") for name in one) == 4


def test_without_a_name_the_packs_are_listed(tmp_path: Path) -> None:
    code, told = run(tmp_path)
    assert code == 0
    assert "deadlines" in told


def test_an_unknown_pack_is_refused_with_those_there_are(tmp_path: Path) -> None:
    code, told = run(tmp_path, "nonsense")
    assert code == 2
    assert "deadlines" in told


def test_a_month_that_is_not_kept_is_refused_with_those_that_are(
    tmp_path: Path,
) -> None:
    kept(tmp_path)
    code, told = run(tmp_path, "deadlines", "--period", "2026-03")
    assert code != 0
    assert "2026-10" in told
    assert "Traceback" not in told


def a_pack(text: str, lang: str = "fr") -> Pack:
    frame = pd.DataFrame({"name": [text], "cost": [1234.0]})
    columns = (Column("name", "Nom"), Column("cost", "Coût", "money", total=True))
    table = Table("rows", text, columns, frame, note=text)
    sections = (Section("one", text[:31], (table, Text((text,))), lead=text),)
    day = date(2026, 10, 31)
    return Pack("p", text, text, text, "2026-10", day, lang, sections, note=text)


HOSTILE = ("=1+1", "<script>alert(1)</script>", "{=1}", "http://x.example", "&P&D")


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_cell_says_is_text_in_both_forms(tmp_path: Path, text: str) -> None:
    from openpyxl import load_workbook

    pack = a_pack(text)
    write_pack_book(pack, tmp_path / "p.xlsx")
    sheet = load_workbook(tmp_path / "p.xlsx").worksheets[1]
    cells = [c for row in sheet.iter_rows() for c in row if c.value == text]
    assert cells
    assert all(c.data_type == "s" and c.hyperlink is None for c in cells)
    schemas = load_schemas((shipped("schemas"),))
    page = render_pack(pack, schemas, "1", pack_shell())
    assert "<script>alert(1)" not in page


def test_the_same_pack_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_pack_book(a_pack("Texte"), tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_total_is_a_formula_that_follows_the_filter(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    write_pack_book(a_pack("Texte"), tmp_path / "p.xlsx")
    sheet = load_workbook(tmp_path / "p.xlsx").worksheets[1]
    formulas = [c.value for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    assert formulas == ["=SUBTOTAL(109,t1_rows[Coût])"]


def two_months(tmp_path: Path) -> None:
    url = kept(tmp_path)
    before = replace(make_portfolio(2), period="2026-09", as_of=date(2026, 9, 30))
    store.save(url, before)


def test_what_moved_can_be_had_as_a_pack(tmp_path: Path) -> None:
    two_months(tmp_path)
    out, home = tmp_path / "packs", ("--home", str(tmp_path / "home"))
    asked = ["diff", "2026-09", "2026-10", "-o", str(out), *home]
    found = CliRunner().invoke(main, asked)
    assert found.exit_code == 0, found.output
    names = {p.name for p in (out / "2026-10").iterdir()}
    assert names == {"diff-2026-09-2026-10.xlsx", "diff-2026-09-2026-10.html"}


def test_a_forecast_without_history_gives_no_range_and_says_why(tmp_path: Path) -> None:
    two_months(tmp_path)
    home = ("--home", str(tmp_path / "home"))
    found = CliRunner().invoke(main, ["forecast", "--json", *home])
    told = json.loads(found.output)
    assert {row["why_not"] for row in told["ends"]} <= {"too-few-months", "no-end"}
    assert told["backtest"]["ranges"] == 0
