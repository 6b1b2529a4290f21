"""The workbook of a project manager: whose it is, what may be typed, what comes back."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from build_template import MANAGER, month_of
from openpyxl.workbook import Workbook

from consolidate.mapping.context import month_of as month_in
from consolidate.model.error import UnreadableWorkbookError
from consolidate.packs.data import PackData
from consolidate.packs.readers import Narrower
from consolidate.read import read_workbook
from consolidate.report.template_book import write_template
from consolidate.templates import table_plans, template_of
from consolidate.understand import understand


@pytest.fixture(scope="module", params=["fr", "en"])
def month(request: pytest.FixtureRequest) -> PackData:
    return month_of(random.Random(7).randrange, request.param, 2)


@pytest.fixture(scope="module")
def written(month: PackData, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path: Path = tmp_path_factory.mktemp("t") / "t.xlsx"
    own = Narrower(month).own_return(MANAGER)
    write_template(path, template_of(own, MANAGER, "2026-11"))
    return path.read_bytes()


def opened(data: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def retyped(book: Workbook) -> bytes:
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def texts(book: Workbook) -> Iterator[openpyxl.cell.Cell]:
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            yield from (c for c in row if isinstance(c.value, str))


def test_a_workbook_returned_as_it_was_sent_says_nothing(written: bytes) -> None:
    with pytest.raises(UnreadableWorkbookError, match="template-unchanged"):
        read_workbook("t.xlsx", written)


def test_saving_without_a_change_is_no_change(written: bytes) -> None:
    book = opened(written)
    for cell in texts(book):
        if "_x0041_" in cell.value:  # openpyxl writes such a text as another
            cell.value = cell.value.replace("_x0041_", "_x005F_x0041_")
    with pytest.raises(UnreadableWorkbookError, match="template-unchanged"):
        read_workbook("t.xlsx", retyped(book))


def test_one_cell_typed_makes_it_a_return(written: bytes) -> None:
    book = opened(written)
    book.worksheets[2].cell(60, 3).value = "Nouveau jalon"
    assert read_workbook("t.xlsx", retyped(book)).sheets


def test_nothing_of_a_cell_becomes_a_formula_or_a_link(written: bytes) -> None:
    cells = list(texts(opened(written)))
    assert not [c.coordinate for c in cells if c.data_type == "f"]
    acting = [c for c in cells if c.value.startswith(("=", "+", "-", "@"))]
    assert acting
    assert all(c.quotePrefix for c in acting)
    links = [c.hyperlink for c in cells if c.hyperlink]
    assert all(link.location and not link.target for link in links)


def test_a_manager_gets_own_projects_and_no_other(month: PackData) -> None:
    assert not len(Narrower(month).own_return("Personne").table("projects"))
    assert len(Narrower(month).own_return(MANAGER).table("projects")) == 2


def test_titles_are_protected_and_what_is_to_fill_in_is_not(written: bytes) -> None:
    sheet = opened(written).worksheets[2]
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert sheet["A4"].protection.locked
    assert not sheet["A5"].protection.locked
    assert not sheet["A30"].protection.locked


def test_choices_are_those_of_the_vocabulary(month: PackData, written: bytes) -> None:
    book = opened(written)
    sources = [v.formula1 for s in book.worksheets for v in s.data_validations.dataValidation if v.type == "list"]  # fmt: skip
    lists = book.worksheets[-1]
    assert lists.sheet_state == "hidden"
    offered = [
        [c.value for c in row[0]] if len(row) == 1 else [c[0].value for c in row]
        for row in (lists[s.partition("!")[2].replace("$", "")] for s in sources)
    ]
    states = month.schemas.vocabularies["milestone_state"].labels.values()
    assert [label[month.lang] for label in states] in offered


def test_a_column_added_by_the_manager_is_not_lost(month: PackData, written: bytes) -> None:  # fmt: skip
    book = opened(written)
    sheet = book.worksheets[3]
    col = sheet.max_column + 1
    sheet.cell(4, col).value = "Marché subséquent"
    sheet.cell(5, col).value = "MS-12"
    extract = understand(read_workbook("t.xlsx", retyped(book)), month.schemas)
    told = [f for f in extract.findings if f.ref.sheet == sheet.title]
    assert any(f.rule.startswith("column-") for f in told)


def test_a_row_without_its_name_is_told(month: PackData, written: bytes) -> None:
    book = opened(written)
    key = next(c.column for c in book.worksheets[2][4] if str(c.value).endswith(" *"))
    book.worksheets[2].cell(5, key).value = None
    extract = understand(read_workbook("t.xlsx", retyped(book)), month.schemas)
    assert "row-without-name" in {f.rule for f in extract.findings}


def test_every_field_of_a_table_has_its_place() -> None:
    known = month_of(random.Random(1).randrange, "fr", 1).schemas
    plans = table_plans()
    assert set(plans) == set(known.tables)
    for name, plan in plans.items():
        assert set(plan.fields) <= set(known.tables[name].field_names)
    sections = [n for _, names in plans["projects"].sections for n in names]
    assert sorted(sections) == sorted(known.tables["projects"].field_names)


def test_the_labels_of_a_table_are_all_different() -> None:
    known = month_of(random.Random(1).randrange, "fr", 1).schemas
    for lang in ("fr", "en"):
        for table in known.tables.values():
            labels = [f.label[lang] for f in table.fields]
            assert len(set(labels)) == len(labels), (table.name, lang)


def test_the_name_of_a_workbook_says_its_month() -> None:
    assert month_in(["Alix Exemple - 2026-11.xlsx"]) == "2026-11"


def test_a_sheet_of_ours_is_read_even_when_its_name_says_that_it_is_a_model(
    month: PackData, written: bytes
) -> None:
    book = opened(written)
    own = [s for s in book.worksheets if str(s["A1"].value).count(" · ") == 3]
    assert len(own) > 1
    own[0].title = {"fr": "Un modèle", "en": "Template"}[month.lang]
    extract = understand(read_workbook("t.xlsx", retyped(book)), month.schemas)
    assert "sheet-example" not in {f.rule for f in extract.findings}
    assert all(extract.cells.used)
