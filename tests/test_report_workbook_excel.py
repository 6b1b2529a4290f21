"""The consolidated workbook is what Excel accepts, and its formulas say what it shows."""

from __future__ import annotations

import dataclasses
import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from build_portfolio import INJECTIONS, make_portfolio, schemas
from openpyxl.utils import column_index_from_string
from test_report_workbook import opened, parts, replaced, small
from xlsx_check import problems

from consolidate.model.portfolio import (
    ALERT_COLUMNS,
    LINEAGE_COLUMNS,
    PRIORITY_COLUMNS,
    Portfolio,
)
from consolidate.model.schema import TABLES
from consolidate.report import sheet_lineage
from consolidate.report.source_link import source_link
from consolidate.report.workbook import write_workbook
from consolidate.wording import catalogue

AS_OF = date(2026, 10, 31)


def sound(portfolio: Portfolio, path: Path, root: str = "") -> Path:
    """Write a workbook and check that Excel would take it."""
    write_workbook(portfolio, path, None, root)
    assert problems(path) == []
    return path


def hostile(portfolio: Portfolio) -> Portfolio:
    """The same with a text that is up to no good in every field that holds text."""
    odd = [*INJECTIONS, "a'b", "[x]!y", "𝔘😀", "<r>", "x" * 33_000, "\x00\x1f\u202e"]

    def spoilt(frame: pd.DataFrame, kept: set[str]) -> pd.DataFrame:
        texts = [c for c in frame if frame[c].dtype == object and c not in kept]
        made = np.resize(np.array(odd, dtype="object"), len(frame))
        able = [c for c in texts if frame[c].map(type).isin([str, type(None)]).all()]
        return frame.assign(**dict.fromkeys(able, made))

    known = schemas().tables
    tables = {
        name: spoilt(frame, {f.name for f in known[name].fields if f.type == "month"})
        for name, frame in portfolio.tables.items()
    }
    return dataclasses.replace(
        portfolio,
        tables=tables,
        findings=spoilt(portfolio.findings, {"severity"}),
        workbooks=spoilt(portfolio.workbooks, {"state", "received_at"}),
        lineage=spoilt(portfolio.lineage, {"table", "field", "record_id"}),
    )


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("projects", [0, 1, 6])
def test_excel_would_open_it_without_a_word(tmp_path: Path, projects: int, lang: str) -> None:  # fmt: skip
    sound(make_portfolio(projects, lang), tmp_path / "portfolio.xlsx", "../recus")


@pytest.mark.parametrize("root", ["", "https://exemple.invalid/dépôt"])
def test_excel_would_open_it_whatever_texts_hold(tmp_path: Path, root: str) -> None:  # fmt: skip
    sound(hostile(make_portfolio(15)), tmp_path / "portfolio.xlsx", root)


def test_excel_would_open_fifty_thousand_days_of_work(tmp_path: Path) -> None:
    portfolio = make_portfolio(2, rows=dict.fromkeys(TABLES, 0))
    rows = make_portfolio(2, rows={**dict.fromkeys(TABLES, 0), "workload": 50})
    many = pd.concat([rows.tables["workload"]] * 500, ignore_index=True)
    tables = {**portfolio.tables, "workload": many}
    none = pd.DataFrame(columns=LINEAGE_COLUMNS)
    path = sound(
        dataclasses.replace(portfolio, tables=tables, lineage=none),
        tmp_path / "portfolio.xlsx",
    )
    assert path.stat().st_size < 100_000


def test_the_check_finds_what_excel_would_repair(tmp_path: Path) -> None:
    good = sound(make_portfolio(2), tmp_path / "good.xlsx")
    faults = {
        "xl/tables/table1.xml": (b'name="Projet"', b'name="Autre"'),
        "xl/worksheets/sheet2.xml": (b't="s"><v>1<', b't="s"><v>99999<'),
        "xl/workbook.xml": (b'name="Jalons"', b'name="Jalons/2"'),
        "xl/styles.xml": (b"<dxf>", b"<other>"),
    }
    for name, (before, after) in faults.items():
        bad = tmp_path / "bad.xlsx"
        with zipfile.ZipFile(good) as old, zipfile.ZipFile(bad, "w") as new:
            for part in old.namelist():
                content = old.read(part)
                if part == name:
                    assert before in content, name
                    content = content.replace(before, after)
                    content = content.replace(b"</dxf>", b"</other>") if b"<other>" in content else content  # fmt: skip
                new.writestr(part, content)
        assert problems(bad), name


def cells_of(path: Path, *, formulas: bool) -> Mapping[tuple[str, str], object]:
    book = openpyxl.load_workbook(path, data_only=not formulas)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
    }


@pytest.mark.office
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_every_formula_gives_what_is_shown(tmp_path: Path, lang: str) -> None:
    path = tmp_path / "portfolio.xlsx"
    write_workbook(make_portfolio(20, lang), path)
    wrong = tmp_path / "wrong.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(wrong, "w") as new:
        for name in old.namelist():
            told = re.sub(rb'(</f>|<f [^>]*/>)<v>[^<]*</v>', rb"\1<v>999</v>", old.read(name))  # fmt: skip
            new.writestr(name, told)
    calculated(wrong, tmp_path / "again")
    asked = {k for k, v in cells_of(path, formulas=True).items() if str(v).startswith("=")}  # fmt: skip
    shown = cells_of(path, formulas=False)
    again = cells_of(tmp_path / "again" / "wrong.xlsx", formulas=False)
    odd = {k: (shown[k], again.get(k)) for k in asked if not same(shown[k], again.get(k))}  # fmt: skip
    assert len(asked) > 800
    assert odd == {}


def same(one: object, other: object) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == pytest.approx(other, rel=1e-9)
    return (one or "") == (other or "")


def calculated(path: Path, folder: Path) -> None:
    """Have LibreOffice work out a workbook again, whatever results it holds."""
    profile = folder / "profile"
    settings = profile / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(
        '<?xml version="1.0"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        '<item oor:path="/org.openoffice.Office.Calc/Formula/Load">'
        '<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>'
        "</item></oor:items>"
    )
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder), str(path)],
        check=True,
        capture_output=True,
        timeout=180,
    )  # fmt: skip


def shown_values(book: openpyxl.Workbook, sheet: str, header: str) -> list[object]:
    page = book[sheet]
    at = [c.value for c in page[3]].index(header) + 1
    return [page.cell(r, at).value for r in range(4, page.max_row + 1)]


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_slips_delays_and_gaps_are_worked_out_in_the_sheet(tmp_path: Path) -> None:
    portfolio = replaced(
        small(4),
        "projects",
        state=["active", "active", "completed", "active"],
        end_baseline=[date(2026, 6, 30), date(2026, 10, 1), date(2026, 1, 1), None],
        end_forecast=[date(2026, 12, 31), None, None, None],
        end_actual=None,
        amount_scope=["total", "year", "unknown", "total"],
        amount_year=pd.array([None, 2026, None, None], dtype="Int64"),
        budget_initial=100.0,
        budget_revised=[200.0, None, None, None],
        forecast_cost=[250.0, 90.0, 90.0, None],
    )
    path = sound(portfolio, tmp_path / "portfolio.xlsx")
    book = openpyxl.load_workbook(path, data_only=True)
    told = {
        header: shown_values(book, "Projets", header)
        for header in ("Glissement (j)", "Retard (j)", "Budget de référence", "Périmètre des montants", "Écart d’atterrissage")
    }  # fmt: skip
    assert told == {
        "Glissement (j)": [184, None, None, None],
        "Retard (j)": [184, 30, None, None],
        "Budget de référence": [200, 100, 100, 100],
        "Périmètre des montants": ["Total du projet", "Année 2026", "Non précisé", "Total du projet"],
        "Écart d’atterrissage": [50, -10, None, None],
    }  # fmt: skip
    formulas = opened(path)
    late = shown_values(formulas, "Projets", "Retard (j)")
    assert all(str(f).startswith("=IF(") and "as_of" in str(f) for f in late)


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_amounts_of_an_unknown_scope_are_counted_and_listed_never_added(tmp_path: Path) -> None:  # fmt: skip
    portfolio = replaced(
        small(3),
        "projects",
        amount_scope=["unknown", "unknown", "total"],
        budget_initial=[100e3, 200e3, 400e3],
        budget_revised=None,
    )
    path = sound(portfolio, tmp_path / "portfolio.xlsx")
    page = openpyxl.load_workbook(path, data_only=True)["Synthèse"]
    shown = [[c.value for c in row] for row in page.iter_rows(max_col=13)]
    rows = {row[1]: row for row in shown if row[1]}
    assert rows["Non précisé"][3] == 2
    assert rows["Total du projet"][3] == 400e3
    assert 300e3 not in [v for row in shown for v in row]
    assert "Plus gros budgets, périmètre non précisé" in rows


def test_what_has_no_room_on_a_page_is_folded_away_and_every_sheet_prints_one_page_wide(tmp_path: Path) -> None:  # fmt: skip
    path = sound(make_portfolio(4), tmp_path / "portfolio.xlsx")
    sheets = {n: x for n, x in parts(path).items() if n.startswith("xl/worksheets/s")}
    assert all('fitToHeight="0"' in x for n, x in sheets.items() if n != "xl/worksheets/sheet1.xml" and "tablePart" in x)  # fmt: skip
    assert (
        'hidden="1" customWidth="1" outlineLevel="1"'
        in sheets["xl/worksheets/sheet2.xml"]
    )
    areas = re.findall(r"'?([^'<>]+)'?!\$A:\$([A-Z]+)<", parts(path)["xl/workbook.xml"])
    printed = {name: column_index_from_string(last) for name, last in areas}
    for sheet in opened(path).worksheets[1:-1]:
        columns = [c for c in sheet.column_dimensions.values() if not c.hidden]
        last = printed.get(sheet.title, sheet.max_column)
        width = sum((c.max - c.min + 1) * c.width for c in columns if c.max <= last)
        assert width < {8: 340, 9: 245}[int(sheet.page_setup.paperSize)], sheet.title


def test_a_comment_says_what_was_written_where_it_is_not_what_is_shown(tmp_path: Path) -> None:  # fmt: skip
    portfolio = replaced(small(2), "projects", status=["red", "green"], phase=None)
    read = portfolio.lineage["field"] == "status"
    lineage = portfolio.lineage.loc[read].assign(raw=["J\x00", "vert"], method="symbol")
    path = sound(dataclasses.replace(portfolio, lineage=lineage), tmp_path / "p.xlsx")
    sheet = opened(path)["Projets"]
    told = {c.value: c.comment.text for row in sheet.iter_rows() for c in row if c.comment}  # fmt: skip
    place = " ! ".join(lineage[n].iloc[0] for n in ("workbook", "sheet", "cell"))
    assert told == {"Rouge": f"Écrit\u00a0: «\u00a0J\ufffd\u00a0» (symbole)\n{place}"}


def test_a_sheet_with_too_many_comments_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(sheet_lineage, "MOST_NOTES", 1)
    portfolio = small(3)
    lineage = portfolio.lineage.loc[portfolio.lineage["field"] == "name"]
    lineage = lineage.assign(raw="autre")
    path = sound(dataclasses.replace(portfolio, lineage=lineage), tmp_path / "p.xlsx")
    assert not any("comments" in name for name in parts(path))


def test_alerts_come_with_the_projects_that_need_help_first(tmp_path: Path) -> None:
    alert = dict.fromkeys(ALERT_COLUMNS) | {"since": "2026-10", "occurrences": 1}
    rows = [
        {**alert, "project_code": "PRJ-001", "severity": "minor", "message": "a"},
        {**alert, "project_code": "PRJ-002", "severity": "critical", "message": "b"},
    ]
    ranked = pd.DataFrame([{"project_code": "PRJ-002"}], columns=PRIORITY_COLUMNS)
    portfolio = dataclasses.replace(
        small(2), alerts=pd.DataFrame(rows), priorities=ranked
    )
    book = opened(sound(portfolio, tmp_path / "p.xlsx"))
    assert book.sheetnames[:3] == ["Synthèse", "Alertes", "Projets"]
    assert shown_values(book, "Alertes", "Alerte") == ["b", "a"]
    assert shown_values(book, "Alertes", "Gravité") == ["critique", "mineure"]


def test_every_rule_of_the_findings_has_a_name_in_both_languages() -> None:
    words = catalogue()
    unnamed = [r for r in words["findings"] if f"rule-{r}" not in words["labels"]]
    assert unnamed == [], "add them to schemas/wording/report_rules.toml"


def test_a_filter_on_projects_is_told_on_the_first_page(tmp_path: Path) -> None:
    sheet = opened(sound(small(2), tmp_path / "p.xlsx"))["Synthèse"]
    told = sheet["M2"].value
    assert told.startswith("=IF(SUM(t_projects[Calcul – affiché])<ROWS(")
    visible = shown_values(opened(tmp_path / "p.xlsx"), "Projets", "Calcul – affiché")
    assert all("AGGREGATE(3,5," in str(formula) for formula in visible[:1])


def test_rows_of_one_project_belong_together(tmp_path: Path) -> None:
    portfolio = make_portfolio(2, rows={**dict.fromkeys(TABLES, 0), "risks": 3})
    risks = portfolio.tables["risks"].sort_values("project_code", kind="stable")
    tables = {**portfolio.tables, "risks": risks.reset_index(drop=True)}
    path = sound(dataclasses.replace(portfolio, tables=tables), tmp_path / "p.xlsx")
    sheet = opened(path)["Risques"]
    levels = [sheet.row_dimensions[r].outlineLevel for r in range(4, 10)]
    assert levels == [0, 1, 1, 0, 1, 1]


def test_a_source_is_a_link_only_where_a_root_is_told(tmp_path: Path) -> None:
    write_workbook(small(2), tmp_path / "plain.xlsx")
    assert not any("hyperlink" in x for x in parts(tmp_path / "plain.xlsx").values())
    path = sound(small(2), tmp_path / "linked.xlsx", r"\\serveur\pmo\reçus")
    sheet = opened(path)["Projets"]
    linked = [c for row in sheet.iter_rows() for c in row if c.hyperlink]
    first = linked[0]
    assert first.value == "PRJ-001.xlsx ! Projects ! 5"
    assert first.hyperlink.target == "file://serveur/pmo/reçus/PRJ-001.xlsx"
    assert first.hyperlink.location == "'Projects'!A5"


@pytest.mark.parametrize(
    ("root", "workbook", "sheet", "cell", "target", "place"),
    [
        ("/srv/pmo", "a b/Suivi.xlsx", "Feuille d'été", "C7", "file:///srv/pmo/a%20b/Suivi.xlsx", "'Feuille d''été'!C7"),
        ("C:\\PMO\\Reçus", "x#1.xlsm", "S", "", "file:///C:/PMO/Reçus/x%231.xlsm", "'S'!A1"),
        ("../recus", "é.ods", "S", "B2", "../recus/é.ods", "'S'!B2"),
        (".", "a.xlsx", "S", "=1+1", "a.xlsx", "'S'!A1"),
        ("https://exemple.invalid/d/", "é.xlsx", "S", "B2", "https://exemple.invalid/d/%C3%A9.xlsx", "'S'!B2"),
        ("/srv", "lot.zip!/sous/b.xlsx", "S", "B2", "file:///srv/lot.zip", ""),
        ("/srv", "projets.csv", "projets", "B2", "file:///srv/projets.csv", ""),
        ("/srv", "a\u202e\n.xlsx", "S", "B2", "file:///srv/a%E2%80%AE%0A.xlsx", "'S'!B2"),
    ],
)  # fmt: skip
def test_a_link_opens_the_workbook_where_it_was_read(root: str, workbook: str, sheet: str, cell: str, target: str, place: str) -> None:  # fmt: skip
    assert source_link(root, workbook, sheet, cell) == (target, place)


@pytest.mark.parametrize("name", ["", "../x.xlsx", "a//b.xlsx", "./x.xlsx", "x" * 3000])
def test_no_link_is_made_of_a_name_that_leads_elsewhere(name: str) -> None:
    assert source_link("/srv", name, "S", "A1") is None
