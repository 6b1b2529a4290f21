"""An annotated copy is the manager's workbook, with what was noticed added to it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from build_reply import (
    MACROS,
    milestones,
    opened,
    order,
    parts,
    remark,
    reply,
    rezipped,
    saved,
    with_macros,
)
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from consolidate.exchange.remark import corrections
from consolidate.model.error import UnreadableWorkbookError
from consolidate.model.reply import AUTHOR, FILLS, SIGNATURES
from consolidate.read import read_workbook
from consolidate.replies import build, same

INJECTIONS = ["=HYPERLINK(1)", "+cmd|' /C calc'!A0", "@SUM(1)", "-2+3", "{=1}", "<b>x</b>", "_x0041_", "a\x00b\u202ec"]  # fmt: skip


def test_a_cell_that_was_not_understood_has_a_comment_and_a_colour(tmp_path: Path) -> None:  # fmt: skip
    made = reply(saved(milestones()), tmp_path)
    cell = opened(made)["Jalons"]["B2"]
    assert made.is_copy
    assert cell.value == "bientôt"
    assert cell.comment.author == AUTHOR
    assert "n'est pas une date" in cell.comment.text
    assert "Écrire une date" in cell.comment.text
    assert cell.fill.fgColor.rgb == f"00{FILLS['error']}"


def test_the_first_sheet_lists_what_was_noticed_and_leads_to_the_cells(tmp_path: Path) -> None:  # fmt: skip
    book = opened(reply(saved(milestones()), tmp_path))
    front = book.worksheets[0]
    assert book.sheetnames == ["À corriger", "Jalons"]
    assert front["A1"].value == SIGNATURES["fr"]
    [row] = [r for r in front.iter_rows() if r[0].value == "1"]
    assert [c.value for c in row[1:]] == ["À corriger", "Jalons ! B2", "bientôt", "« bientôt » n'est pas une date.", "Écrire une date (31/03/2026)."]  # fmt: skip
    assert row[2].hyperlink.location == "'Jalons'!B2"
    assert [s.sheet_view.tabSelected for s in book.worksheets] == [True, False]


def test_a_reply_speaks_the_language_of_the_workbook(tmp_path: Path) -> None:
    front = opened(reply(saved(milestones()), tmp_path, lang="en")).worksheets[0]
    assert front.title == "To correct"
    assert front["A1"].value == SIGNATURES["en"]
    assert "October 2026" in front["A2"].value


def rich() -> bytes:
    """A workbook of all that is known to survive."""
    book = milestones()
    sheet = book["Jalons"]
    sheet["C2"] = "=SUM(D2:D9)"
    sheet["C3"] = "=IF(C2>1,\"a\",'Masquée'!A1)"
    sheet.merge_cells("A5:B6")
    sheet["A5"] = "fusion"
    sheet["D2"] = 0.1 + 0.2
    sheet["D2"].number_format = "0.00%"
    sheet.column_dimensions["A"].width = 33
    sheet.row_dimensions[7].hidden = True
    choice = DataValidation(type="list", formula1='"Vert,Rouge"', sqref="E2:E9")
    sheet.add_data_validation(choice)
    red = PatternFill(bgColor="FFC7CE")
    sheet.conditional_formatting.add("E2:E9", CellIsRule(operator="equal", formula=['"Rouge"'], fill=red))  # fmt: skip
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    listed = book.create_sheet("Liste")
    listed.append(["Code", "Nom"])
    listed.append(["P-1", "Essai"])
    listed.add_table(Table(displayName="Projets", ref="A1:B2"))
    hidden = book.create_sheet("Masquée")
    hidden["A1"] = "=TODAY()"
    hidden.sheet_state = "hidden"
    book.defined_names["taux"] = openpyxl.workbook.defined_name.DefinedName("taux", attr_text="Jalons!$D$2")  # fmt: skip
    return saved(book)


def test_formulas_formats_rules_and_hidden_sheets_survive(tmp_path: Path) -> None:
    before = openpyxl.load_workbook(io.BytesIO(rich()))
    made = reply(rich(), tmp_path)
    after = opened(made)
    assert made.is_copy
    assert after.sheetnames[1:] == before.sheetnames
    assert after["Masquée"].sheet_state == "hidden"
    assert "taux" in after.defined_names
    for old in before.worksheets:
        new = after[old.title]
        assert [c.value for r in old.iter_rows() for c in r] == [c.value for r in new.iter_rows() for c in r]  # fmt: skip
        assert new.merged_cells == old.merged_cells
        assert new.freeze_panes == old.freeze_panes
        assert list(new.tables) == list(old.tables)
    jalons = after["Jalons"]
    assert jalons["C2"].value == "=SUM(D2:D9)"
    assert jalons["D2"].number_format == "0.00%"
    assert jalons.column_dimensions["A"].width == 33
    assert jalons.row_dimensions[7].hidden
    assert jalons.data_validations.dataValidation[0].formula1 == '"Vert,Rouge"'
    assert [str(f.sqref) for f in jalons.conditional_formatting] == ["E2:E9"]
    assert jalons.print_title_rows == "$1:$1"


def test_macros_survive_byte_for_byte(tmp_path: Path) -> None:
    made = reply(with_macros(saved(milestones())), tmp_path)
    held = parts(made.data)
    assert (made.is_copy, made.suffix) == (True, ".xlsm")
    assert held["xl/vbaProject.bin"] == MACROS
    assert b"macroEnabled" in held["[Content_Types].xml"]


def drawn(draw: Callable[[xlsxwriter.workbook.Workbook, xlsxwriter.worksheet.Worksheet], object]) -> bytes:  # fmt: skip
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Jalons")
        sheet.write_column("A1", [1, 2, 3])
        draw(book, sheet)
    return buffer.getvalue()


def chart(book: xlsxwriter.workbook.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:  # fmt: skip
    bars = book.add_chart({"type": "bar"})
    bars.add_series({"values": "=Jalons!$A$1:$A$3"})
    sheet.insert_chart("C1", bars)


@pytest.mark.parametrize(
    "draw",
    [
        lambda _, sheet: sheet.insert_textbox("C1", "forme"),
        lambda _, sheet: sheet.add_sparkline("C1", {"range": "Jalons!A1:A3"}),
        lambda _, sheet: sheet.conditional_format("A1:A3", {"type": "data_bar", "data_bar_2010": True}),
        lambda _, sheet: sheet.insert_button("C1", {"macro": "m"}),
        chart,
    ],
    ids=["shape", "sparkline", "newer rule", "button", "chart"],
)  # fmt: skip
def test_a_workbook_that_would_lose_something_gets_a_list(
    draw: Callable[[xlsxwriter.workbook.Workbook, xlsxwriter.worksheet.Worksheet], object],
    tmp_path: Path,
) -> None:  # fmt: skip
    made = reply(drawn(draw), tmp_path)
    book = opened(made)
    assert not made.is_copy
    assert book.sheetnames == ["À corriger"]
    assert "Jalons ! B2" in [c.value for c in book.worksheets[0]["C"]]
    assert not [c for r in book.worksheets[0].iter_rows() for c in r if c.hyperlink]


def escaped(shared: bool) -> bytes:
    """A workbook that shows _x0041_, which a file has to escape; kept in either place."""
    if not shared:
        book = milestones()
        book["Jalons"]["A4"] = "_x005F_x0041_"
        return saved(book)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as made:
        sheet = made.add_worksheet("Jalons")
        bold = made.add_format({"bold": True})
        for row, line in enumerate((("Jalon", "Échéance"), ("Recette", "bientôt"))):
            sheet.write_row(row, 0, line)
        sheet.write_string(3, 0, "_x0041_")
        sheet.write_rich_string(4, 0, "Lot ", bold, "_x0042_ ", "fin")
    return buffer.getvalue()


@pytest.mark.parametrize("shared", [True, False])
def test_a_text_that_looks_like_an_escape_stays_itself(tmp_path: Path, shared: bool) -> None:  # fmt: skip
    data = escaped(shared)
    made = reply(data, tmp_path)
    assert made.is_copy
    before = [list(row) for row in read_workbook("", data).sheets[0].rows]
    assert before[3][0] == "_x0041_"
    given = {n: p for n, p in parts(made.data).items() if n != "docProps/custom.xml"}
    [own] = [s for s in read_workbook("", rezipped(given)).sheets if s.name == "Jalons"]
    assert [list(row) for row in own.rows] == before


def test_a_text_that_the_copy_would_not_keep_makes_it_a_list(tmp_path: Path) -> None:
    book = milestones()
    book["Jalons"]["A4"] = "_x005F_x0041_ \ue05f\uf8fe\ue05f"
    assert not reply(saved(book), tmp_path).is_copy


@pytest.mark.parametrize("data", [b"Jalon;Date\nRecette;bient\xc3\xb4t\n", b"PK\x03\x04 no zip"], ids=["csv", "damaged"])  # fmt: skip
def test_what_is_no_xlsx_gets_a_list(data: bytes, tmp_path: Path) -> None:
    assert not reply(data, tmp_path).is_copy


def test_texts_of_cells_stay_texts(tmp_path: Path) -> None:
    book = milestones()
    for row, text in enumerate(INJECTIONS[:6], 4):
        book["Jalons"].cell(row, 1, text).data_type = "s"
    told = [remark(f"A{i}", raw=t, message=t, advice=t) for i, t in enumerate(INJECTIONS, 4)]  # fmt: skip
    made = reply(saved(book), tmp_path, *told)
    held = parts(made.data)
    assert made.is_copy
    for name in (n for n in held if n.startswith("xl/worksheets/sheet")):
        assert b"<f>" not in held[name]
        assert b"<b>x" not in held[name]
    after = opened(made)
    assert [after["Jalons"].cell(r, 1).data_type for r in range(4, 10)] == ["s"] * 6
    assert not [c for r in after.worksheets[0].iter_rows() for c in r if c.data_type == "f"]  # fmt: skip
    assert b"_x005F_x0041_" in held["xl/worksheets/sheet1.xml"]


def test_a_sheet_of_any_name_is_linked_within_the_workbook(tmp_path: Path) -> None:
    book = milestones()
    book["Jalons"].title = "L'été #1"
    front = opened(reply(saved(book), tmp_path, remark(sheet="L'été #1"))).worksheets[0]
    [link] = [c.hyperlink for c in front["C"] if c.hyperlink]
    assert (link.location, link.target) == ("'L''été #1'!B2", None)


def test_a_comment_that_was_there_is_kept_and_appended_to(tmp_path: Path) -> None:
    book = milestones()
    book["Jalons"]["B2"].comment = Comment("à voir avec le fournisseur", "Sacha Témoin")
    book["Jalons"]["A3"].comment = Comment("ma note", "Sacha Témoin")
    jalons = opened(reply(saved(book), tmp_path))["Jalons"]
    assert jalons["B2"].comment.text.startswith("à voir avec le fournisseur\n\n")
    assert "n'est pas une date" in jalons["B2"].comment.text
    assert jalons["B2"].comment.author == "Sacha Témoin"
    assert jalons["A3"].comment.text == "ma note"


def test_a_colour_that_may_mean_something_is_kept(tmp_path: Path) -> None:
    book = milestones()
    book["Jalons"]["B2"].fill = PatternFill("solid", fgColor="FF0000")
    cell = opened(reply(saved(book), tmp_path))["Jalons"]["B2"]
    assert cell.fill.fgColor.rgb == "00FF0000"
    assert cell.comment is not None


def test_a_cell_inside_a_merge_is_marked_where_it_shows(tmp_path: Path) -> None:
    book = milestones()
    book["Jalons"].merge_cells("B2:C4")
    made = reply(saved(book), tmp_path, remark("C3"))
    assert opened(made)["Jalons"]["B2"].comment is not None


def test_several_remarks_of_a_cell_are_one_comment_in_the_gravest_colour(tmp_path: Path) -> None:  # fmt: skip
    told = (remark(severity="warning", message="un"), remark(message="deux"))
    cell = opened(reply(saved(milestones()), tmp_path, *told))["Jalons"]["B2"]
    assert ("un" in cell.comment.text, "deux" in cell.comment.text) == (True, True)
    assert cell.fill.fgColor.rgb == f"00{FILLS['error']}"


def test_what_asks_nothing_is_listed_and_its_cell_left_alone(tmp_path: Path) -> None:
    told = remark("A1", "info", "Titre.", rule="region-notes", quiet=True)
    book = opened(reply(saved(milestones()), tmp_path, told))
    assert book["Jalons"]["A1"].comment is None
    assert "Jalons ! A1" in [c.value for c in book.worksheets[0]["C"]]


def test_a_hidden_sheet_is_said_to_be_hidden_and_not_linked(tmp_path: Path) -> None:
    book = milestones()
    book.create_sheet("Ancien").sheet_state = "hidden"
    front = opened(reply(saved(book), tmp_path, remark(sheet="Ancien"))).worksheets[0]
    [cell] = [c for c in front["C"] if c.value == "Ancien ! B2 (feuille masquée)"]
    assert cell.hyperlink is None


def test_the_most_useful_corrections_come_first() -> None:
    told = [remark("A1", "warning", rule="w"), remark("A2", rule="x"), *(remark(f"B{i}", rule="y") for i in range(9)), remark("A3", "info", rule="z")]  # fmt: skip
    first = corrections(told)
    assert [(c.remark.rule, c.count) for c in first] == [("y", 9), ("x", 1), ("w", 1)]


def test_a_long_list_begins_with_the_five_most_useful(tmp_path: Path) -> None:
    told = [remark(f"B{i}", rule=f"r{i % 7}") for i in range(2, 30)]
    front = opened(reply(saved(milestones()), tmp_path, *told)).worksheets[0]
    texts = [front.cell(r, 1).value for r in range(6, 18)]
    assert texts[0] == "Le plus utile d’abord"
    assert texts[2:7] == ["1", "2", "3", "4", "5"]
    assert front["B8"].value == "À corriger × 4"


def test_the_same_order_gives_the_same_bytes(tmp_path: Path) -> None:
    asked = order(rich(), tmp_path)
    assert build(asked).data == build(asked).data


def test_a_copy_that_comes_back_as_it_was_sent_is_told_from_a_delivery(tmp_path: Path) -> None:  # fmt: skip
    made = reply(saved(milestones()), tmp_path)
    with pytest.raises(UnreadableWorkbookError, match="own-output"):
        read_workbook("p1.xlsx", made.data)


def test_a_list_is_never_a_delivery(tmp_path: Path) -> None:
    made = build(order(b"a;b\n1;2\n", tmp_path, copy=False))
    with pytest.raises(UnreadableWorkbookError, match="own-output"):
        read_workbook("p1.xlsx", saved(opened(made)))


def corrected(data: bytes) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data), rich_text=True)
    book["Jalons"]["B2"] = "31/12/2026"
    return saved(book)


def test_a_corrected_copy_reads_as_the_workbook_corrected(tmp_path: Path) -> None:
    source = rich()
    made = reply(source, tmp_path, remark(), remark("A2", "warning"), remark("B1", "info"))  # fmt: skip
    back = read_workbook("p1.xlsx", corrected(made.data))
    assert same(read_workbook("p1.xlsx", corrected(source)), back)
    assert [s.name for s in back.sheets] == ["Jalons", "Liste", "Masquée"]
    assert back.sheets[0].comments == {}
    assert [f.rule for f in back.findings] == ["sheet-of-reply"]


def test_a_corrected_copy_is_annotated_anew(tmp_path: Path) -> None:
    first = reply(saved(milestones()), tmp_path, remark(), remark("A3"))
    again = reply(corrected(first.data), tmp_path, remark("A3", message="autre"))
    book = opened(again)
    assert book.sheetnames == ["À corriger", "Jalons"]
    assert book["Jalons"]["B2"].comment is None
    assert book["Jalons"]["B2"].fill.fill_type is None
    assert book["Jalons"]["A3"].comment.text.count(AUTHOR) == 1


def test_no_temporary_file_is_left(tmp_path: Path) -> None:
    reply(saved(milestones()), tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["received"]


def test_an_extension_anywhere_in_a_sheet_is_noticed(tmp_path: Path) -> None:
    held = parts(saved(milestones()))
    name = "xl/worksheets/sheet1.xml"
    held[name] = held[name].replace(b"</worksheet>", b'<extLst><ext uri="{x}"/></extLst></worksheet>')  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(rezipped(held))) as archive:
        assert archive.testzip() is None
    assert not reply(rezipped(held), tmp_path).is_copy
