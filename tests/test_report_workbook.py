"""The consolidated workbook, opened again by other programs."""

from __future__ import annotations

import csv
import dataclasses
import os
import re
import shutil
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from build_portfolio import INJECTIONS, make_portfolio

from consolidate.model.portfolio import Portfolio
from consolidate.model.schema import TABLES
from consolidate.report import sheet_lineage, sheet_load
from consolidate.report.sheet_text import CUT, LONGEST, Cleaner, sheet_name, unique
from consolidate.report.workbook import write_workbook

ROOT = Path(__file__).resolve().parent.parent


def written(portfolio: Portfolio, folder: Path) -> openpyxl.Workbook:
    write_workbook(portfolio, folder / "portfolio.xlsx")
    return opened(folder / "portfolio.xlsx")


def opened(path: Path) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        # openpyxl says that it would not keep the data bars.
        warnings.simplefilter("ignore", UserWarning)
        return openpyxl.load_workbook(path, data_only=False)


def small(projects: int) -> Portfolio:
    """Projects and one risk each, nothing else."""
    return make_portfolio(projects, rows={**dict.fromkeys(TABLES, 0), "risks": 1})


def replaced(portfolio: Portfolio, table: str, **columns: object) -> Portfolio:
    frame = portfolio.tables[table].assign(**columns)
    return dataclasses.replace(portfolio, tables={**portfolio.tables, table: frame})


def parts(path: Path) -> Mapping[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {n: archive.read(n).decode() for n in archive.namelist()}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    return written(make_portfolio(5), tmp_path_factory.mktemp("book"))


def column(sheet: openpyxl.worksheet.worksheet.Worksheet, header: str) -> list[object]:
    heads = [cell.value for cell in sheet[3]]
    at = heads.index(header) + 1
    return [sheet.cell(r, at).value for r in range(4, sheet.max_row + 1)]


def test_sheets_are_in_the_order_a_pmo_reads_them(book: openpyxl.Workbook) -> None:
    names = book.sheetnames
    assert names[:5] == ["Synthèse", "Projets", "Jalons", "Budget", "Risques"]
    assert names[-4:] == ["Constats", "Classeurs", "Provenance", "Légende"]


def test_headers_are_those_of_their_table_and_unique(book: openpyxl.Workbook) -> None:
    tables = 0
    for sheet in book.worksheets[1:-1]:
        (table,) = sheet.tables.values()
        tables += 1
        cells = [c.value for c in sheet[3]]
        assert [c.name for c in table.tableColumns] == cells
        assert len({c.casefold() for c in cells}) == len(cells)
        assert table.ref == f"A3:{sheet.cell(sheet.max_row, len(cells)).coordinate}"
    assert tables == 21


def test_values_are_real_dates_numbers_and_words(book: openpyxl.Workbook) -> None:
    portfolio = make_portfolio(5)
    projects = portfolio.tables["projects"]
    sheet = book["Projets"]
    budget = [None if pd.isna(v) else v for v in projects["budget_initial"]]
    from build_portfolio import schemas

    labels = {f.name: f.label["fr"] for f in schemas().tables["projects"].fields}
    dates = [d and d.date() for d in column(sheet, labels["end_baseline"])]
    assert dates == [d if d is not None else None for d in projects["end_baseline"]]
    assert column(sheet, labels["budget_initial"]) == budget
    words = {"green": "Vert", "amber": "Orange", "red": "Rouge", "blue": "Bleu", "grey": "Gris", None: None}  # fmt: skip
    assert column(sheet, labels["status"]) == [words[s] for s in projects["status"]]


def test_every_record_shows_where_it_was_read(book: openpyxl.Workbook) -> None:
    risks = make_portfolio(5).tables["risks"]
    places = column(book["Risques"], "Source")
    first = risks.iloc[0]
    assert places[0] == f"{first['workbook']} ! {first['sheet']} ! {first['row']}"


def test_a_column_without_any_value_and_a_table_without_rows_are_left_out(tmp_path: Path) -> None:  # fmt: skip
    portfolio = make_portfolio(3, rows=dict.fromkeys(TABLES, 0))
    made = written(replaced(portfolio, "projects", trend=None), tmp_path)
    assert "Risques" not in made.sheetnames
    assert "Tendance" not in [c.value for c in made["Projets"][3]]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_an_empty_portfolio_gives_a_workbook(tmp_path: Path, lang: str) -> None:
    made = written(make_portfolio(0, lang), tmp_path)
    assert made.sheetnames == (["Synthèse", "Légende"] if lang == "fr" else ["Summary", "Legend"])  # fmt: skip


def test_english_is_english(tmp_path: Path) -> None:
    made = written(make_portfolio(5, "en"), tmp_path)
    assert made.sheetnames[:3] == ["Summary", "Projects", "Milestones"]
    words = {str(c.value) for row in made["Projects"].iter_rows(min_row=4) for c in row}
    assert {"Red", "Green"} <= words
    assert not {"Rouge", "Vert"} & words


def test_text_never_becomes_a_formula_or_a_link(tmp_path: Path) -> None:
    portfolio = small(len(INJECTIONS))
    texts = list(INJECTIONS)
    portfolio = replaced(portfolio, "projects", name=texts, comment=texts, decisions=texts, state="active", workbook=texts, sheet=texts)  # fmt: skip
    findings = portfolio.findings.assign(message="=1+1", raw="=1+1", workbook="@x")
    made = written(dataclasses.replace(portfolio, findings=findings), tmp_path)
    assert column(made["Projets"], "Projet") == texts
    assert all(c.data_type == "s" for c in made["Projets"]["B"][3:])
    found = parts(tmp_path / "portfolio.xlsx")
    sheets = {n: x for n, x in found.items() if n.startswith("xl/worksheets/")}
    assert not any("hyperlink" in x for x in found.values())
    formulas = re.findall("<f[^>]*>(.*?)</f>", "".join(sheets.values()))
    assert formulas
    assert not [f for f in formulas for text in texts if text.strip("{}=") in f]


def test_text_that_looks_like_xlsxwriter_markup_stays_text(tmp_path: Path) -> None:
    odd = ["<r><t>gras</t></r>", "<r>& cassé</r>", "_x0041_", "a\x07b\ud800\uffffc"]
    made = written(replaced(small(4), "projects", name=odd), tmp_path)
    read = [str(v) for v in column(made["Projets"], "Projet")]
    assert [v.lstrip("\u200b") for v in read[:2]] == odd[:2]
    assert read[2] in ("_x0041_", "A")  # openpyxl undoes the escape, or not
    assert read[3] == "a\ufffdb\ufffd\ufffdc"


def test_text_too_long_for_a_cell_is_cut_visibly_and_counted(tmp_path: Path) -> None:
    long = ["x" * 40_000, "😀" * 20_000, "court"]
    made = written(replaced(small(3), "projects", name=long), tmp_path)
    read = [str(v) for v in column(made["Projets"], "Projet")]
    assert all(v.endswith(CUT) for v in read[:2])
    assert all(len(v.encode("utf-16-le")) // 2 <= LONGEST for v in read)
    legend = [str(c.value) for c in made["Légende"]["A"]]
    assert any("finissent par […]" in text for text in legend)


def test_two_builds_are_the_same_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, 'tests'); from pathlib import Path;"
        "from build_portfolio import make_portfolio as m;"
        "from consolidate.report.workbook import write_workbook as w;"
        "w(m(1), Path(sys.argv[1]))"
    )
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / f"{seed}.xlsx")],
            check=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
    assert (tmp_path / "1.xlsx").read_bytes() == (tmp_path / "2.xlsx").read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["1.xlsx", "2.xlsx"]


def test_long_workload_is_summed_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(sheet_load, "MOST_ROWS", 50)
    portfolio = make_portfolio(2, rows={**dict.fromkeys(TABLES, 0), "workload": 60})
    made = written(portfolio, tmp_path)
    sheet = made["Charge"]
    assert "data/workload.csv" in sheet["A2"].value
    assert 3 < sheet.max_row - 3 < 120
    from build_portfolio import schemas

    label = schemas().tables["workload"].by_name["effort_spent"].label["fr"]
    shown = sum(v for v in column(sheet, label) if v is not None)
    assert shown == pytest.approx(portfolio.tables["workload"]["effort_spent"].sum())


def test_lineage_shows_what_differs_or_is_unsure_up_to_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    portfolio = small(1)
    lineage = portfolio.lineage.assign(confidence=1.0)
    own = (lineage["table"] == "projects") & (lineage["field"] == "name")
    lineage.loc[own, "raw"] = "autre"
    lineage = lineage.loc[own | (lineage["field"] == "budget_initial")]
    made = written(dataclasses.replace(portfolio, lineage=lineage), tmp_path)
    assert column(made["Provenance"], "Texte lu") == ["autre"]
    monkeypatch.setattr(sheet_lineage, "MOST_LINEAGE", 7)
    made = written(portfolio, tmp_path)
    assert made["Provenance"].max_row == 3 + 7
    assert "7 sont montrées" in made["Provenance"]["A2"].value


def test_a_long_lineage_joins_what_was_read_alike_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    portfolio = make_portfolio(2, rows={**dict.fromkeys(TABLES, 0), "risks": 5})
    lineage = portfolio.lineage.assign(confidence=1.0)
    own = (lineage["table"] == "risks") & (lineage["field"] == "title")
    lineage = lineage.loc[own].assign(raw="autre", workbook="a.xlsx", sheet="Risques")
    titles = ["X", "X", "Y", "X", "Y", *["Z"] * (len(lineage) - 5)]
    known = dict(zip(lineage["record_id"], titles, strict=True))
    ids = portfolio.tables["risks"]["record_id"]
    shown = replaced(portfolio, "risks", title=ids.map(known))
    whole = dataclasses.replace(shown, lineage=lineage)
    alone = written(whole, tmp_path)["Provenance"]
    assert len(column(alone, "Affiché")) == len(lineage)
    monkeypatch.setattr(sheet_lineage, "ONE_BY_ONE", 4)
    joined = written(whole, tmp_path)["Provenance"]
    assert column(joined, "Affiché") == ["X", "Y", "Z"]
    assert column(joined, "Nombre de fois") == [3, 2, len(lineage) - 5]
    places = column(alone, "Source")
    assert column(joined, "Source") == [places[k] for k in (0, 2, 5)]
    assert "combien de fois" in joined["A2"].value


def test_findings_are_by_project_manager(book: openpyxl.Workbook) -> None:
    sheet = book["Constats"]
    managers = column(sheet, sheet["A3"].value)
    assert managers == sorted(managers, key=str.casefold)


def test_dates_before_1900_are_text(tmp_path: Path) -> None:
    from datetime import date

    made = written(replaced(small(2), "projects", end_baseline=[date(1899, 5, 1), date(2026, 1, 2)]), tmp_path)  # fmt: skip
    from build_portfolio import schemas

    label = schemas().tables["projects"].by_name["end_baseline"].label["fr"]
    assert column(made["Projets"], label)[0] == "1899-05-01"


def test_names_of_sheets_and_headers_are_unique_and_short() -> None:
    assert sheet_name("a/b:c*[d]?" + "x" * 40, []) == ("a b c  d  " + "x" * 40)[:31]
    assert sheet_name("Projets", ["PROJETS"]) == "Projets (2)"
    assert unique(["État", "état", "Nom"]) == ["État", "état (2)", "Nom"]
    assert Cleaner().clean(["", None, "a\r\nb"]) == [None, None, "a\nb"]


@pytest.mark.office
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_opens_it_and_finds_the_same_figures(tmp_path: Path) -> None:
    write_workbook(
        make_portfolio(12, rows={**dict.fromkeys(TABLES, 0), "milestones": 2}),
        tmp_path / "portfolio.xlsx",
    )
    with_wrong_figures(tmp_path / "portfolio.xlsx", tmp_path / "wrong.xlsx")
    told = recalculated(tmp_path / "portfolio.xlsx", tmp_path)
    assert recalculated(tmp_path / "wrong.xlsx", tmp_path) == told
    assert told[0][1].startswith("Portefeuille de projets")
    assert not any("999" in cell for row in told for cell in row)


def with_wrong_figures(source: Path, target: Path) -> None:
    """Copy a workbook, every remembered result of a formula replaced by 999."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = re.sub(rb"</f><v>[^<]*</v>", b"</f><v>999</v>", old.read(name))
            new.writestr(name, content)


def recalculated(path: Path, folder: Path) -> list[list[str]]:
    """The first sheet as LibreOffice works it out."""
    profile = folder / "profile"
    settings = profile / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(
        '<?xml version="1.0"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        '<item oor:path="/org.openoffice.Office.Calc/Formula/Load">'
        '<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>'
        "</item></oor:items>"
    )
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76", "--outdir", str(folder), str(path)],
        check=True,
        capture_output=True,
        timeout=120,
    )  # fmt: skip
    with (folder / f"{path.stem}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_a_long_column_of_texts_that_differ_is_read_back_as_it_was(tmp_path: Path) -> None:  # fmt: skip
    odd = ["<r>&</r>", " bord ", "a\nb", "x & <b>", "=1+1"]
    count = 1500
    texts = [f"{n} {odd[n % 5]}" if n >= 5 else odd[n] for n in range(count)]
    portfolio = make_portfolio(1, rows={**dict.fromkeys(TABLES, 0), "risks": count})
    made = written(replaced(portfolio, "risks", title=texts), tmp_path)
    from build_portfolio import schemas

    label = schemas().tables["risks"].by_name["title"].label["fr"]
    read = [str(v).lstrip("\u200b") for v in column(made["Risques"], label)]
    assert read == texts
