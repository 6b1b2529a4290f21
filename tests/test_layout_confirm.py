"""A manager confirms ten figures of a workbook, or says what is right instead."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook as Book

from consolidate.cli import main
from consolidate.model.reading_check import HEADER, RIGHT, SAID, Line, ReadingCheck
from consolidate.register.reading_checks import read_check
from consolidate.report.check_book import write_check

HEAD = ("Code projet", "Intitulé du projet", "Chef de projet", "Date de mise à jour", "Météo", "Avancement", "Date de fin", "Budget initial")  # fmt: skip
REGISTER = '[[people]]\nname = "Alix Exemple"\nemail = "alix@hopital.example"\n'
EVIL = '=HYPERLINK("http://x")'


def check(*lines: Line) -> ReadingCheck:
    return ReadingCheck("0123456789abcdef", "Alix Exemple", "a/b.xlsx", ("PRJ-101",), "2026-10", "fr", lines)  # fmt: skip


def line(text: str = "Budget") -> Line:
    return Line(text, "Fiche ! B4", "120 k€", "120 000 €")


def answer(path: Path, *said: tuple[str, str]) -> None:
    """Fill a sheet in, line by line, as a manager would."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    for row, (word, right) in enumerate(said, HEADER + 2):
        sheet.cell(row, SAID + 1).value = word or None
        sheet.cell(row, RIGHT + 1).value = right or None
    book.save(path)


def test_a_sheet_gives_back_its_lines_whatever_they_hold(tmp_path: Path) -> None:
    asked = check(line(), line(EVIL), line("deux\nlignes"), line("+1"), line("é_x0041_"))  # fmt: skip
    write_check(tmp_path / "c.xlsx", asked)
    answer(tmp_path / "c.xlsx", ("oui", ""), ("Non", ""), ("", "130 k€"), ("", ""), ("OUI", ""))  # fmt: skip
    found = read_check(tmp_path / "c.xlsx")
    assert [a.said for a in found.answers] == ["yes", "no", "no", "", "yes"]
    assert found.answers[2].right == "130 k€"
    assert found.layout == asked.layout


def test_nothing_of_a_line_acts_in_the_sheet(tmp_path: Path) -> None:
    write_check(tmp_path / "c.xlsx", check(line(EVIL)))
    cell = openpyxl.load_workbook(tmp_path / "c.xlsx").worksheets[0].cell(HEADER + 2, 2)
    assert (cell.value, cell.data_type, cell.hyperlink) == (EVIL, "s", None)
    assert cell.quotePrefix


def test_a_line_that_was_changed_has_another_print(tmp_path: Path) -> None:
    asked = check(line())
    write_check(tmp_path / "c.xlsx", asked)
    assert read_check(tmp_path / "c.xlsx").print == asked.print
    book = openpyxl.load_workbook(tmp_path / "c.xlsx")
    book.worksheets[0].cell(HEADER + 2, 5).value = "999 €"
    book.save(tmp_path / "c.xlsx")
    assert read_check(tmp_path / "c.xlsx").print != asked.print


# --- by the command line ---------------------------------------------------------------


class Office:
    """A PMO that received one manager's workbook and another's."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder, folder / "home"

    def begin(self) -> None:
        self.home.mkdir()
        (self.home / "registers.toml").write_text(REGISTER, encoding="utf-8")
        (self.folder / "in").mkdir()
        book = Book()
        sheet = book.active
        assert sheet is not None
        sheet.append(HEAD)
        sheet.append(("PRJ-101", "Dossier", "Alix Exemple", "31/10/2026", "Vert", 0.4, "31/12/2026", 120000))  # fmt: skip
        sheet.append(("PRJ-102", "Portail", "Lou Maquette", "31/10/2026", "Rouge", 0.2, "30/06/2027", 77000))  # fmt: skip
        book.save(self.folder / "in" / "liste.xlsx")
        self.run()

    def __call__(self, *args: str, code: int = 0) -> Result:
        home = ("--home", str(self.home), "--lang", "fr")
        done = CliRunner().invoke(main, [*args, *home])
        assert done.exit_code == code, done.output
        return done

    def run(self) -> None:
        out = ("-o", str(self.folder / "out"), "--period", "2026-10")
        self("run", str(self.folder / "in"), *out, "--fail-on", "never")

    def asked(self, *more: str) -> Path:
        self("layout", "confirm", "--all", "-o", str(self.folder / "c"), *more)
        [path] = (self.folder / "c" / "2026-10").glob("Alix*.xlsx")
        return path

    def state(self) -> dict[str, str]:
        [each] = json.loads(self("layout", "list", "--json").stdout)
        return {key: each[key] for key in ("state", "by", "how")}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Office(tmp_path_factory.mktemp("office"))
    made.begin()
    return made.folder


@pytest.fixture
def office(ran: Path, tmp_path: Path) -> Office:
    shutil.copytree(ran, tmp_path / "office")
    return Office(tmp_path / "office")


def rows(path: Path) -> list[tuple[str, ...]]:
    sheet = openpyxl.load_workbook(path).worksheets[0]
    found = sheet.iter_rows(HEADER + 2, values_only=True)
    return [tuple(str(v) for v in row[1:5]) for row in found if row[0]]


def test_a_manager_is_asked_of_own_projects_alone_each_figure_with_its_cell(
    office: Office,
) -> None:
    told = rows(office.asked())
    assert len(told) <= 10
    assert ("Budget initial", "Sheet ! H2", "120000", "120 000 €") in [
        (a, b, c, d.replace("\u202f", " ").replace("\u00a0", " "))
        for a, b, c, d in told
    ]
    assert not [row for row in told if "77000" in row or "Portail" in row]


def test_every_line_right_confirms_the_layout(office: Office) -> None:
    path = office.asked()
    answer(path, *[("oui", "")] * len(rows(path)))
    assert "confirmé" in office("layout", "read", str(path)).output
    assert office.state() == {"state": "confirmed", "by": "PRJ-101", "how": ""}


def test_a_wrong_line_is_told_and_the_layout_is_to_be_approved_again(
    office: Office,
) -> None:
    office("layout", "approve", "--all")
    path = office.asked()
    answer(path, ("non", "130000"), *[("oui", "")] * (len(rows(path)) - 1))
    said = office("layout", "read", str(path), code=1).output
    assert "répondu « 130000 »" in said
    contested = {"state": "proposed", "by": "PRJ-101", "how": "contested"}
    assert office.state() == contested
    office("layout", "approve", "--all")
    assert office.state() == contested
    office("layout", "approve", "PRJ-101")
    assert office.state()["state"] == "approved"


def test_a_line_without_an_answer_decides_nothing(office: Office) -> None:
    path = office.asked()
    answer(path, ("oui", ""))
    assert "sans réponse" in office("layout", "read", str(path), code=1).output
    assert office.state()["state"] == "proposed"


def test_lines_that_were_not_asked_from_here_decide_nothing(
    office: Office, tmp_path: Path
) -> None:
    own = office.asked()
    write_check(tmp_path / "c.xlsx", check(line()))
    answer(tmp_path / "c.xlsx", ("oui", ""))
    answer(own, *[("oui", "")] * 20)
    shutil.copy(own, tmp_path / "again.xlsx")
    office("layout", "read", str(tmp_path / "c.xlsx"), code=1)
    office("layout", "read", str(office.folder / "in" / "liste.xlsx"), code=1)
    office("layout", "read", str(own))
    assert "déjà lu" in office("layout", "read", str(tmp_path / "again.xlsx"), code=1).output  # fmt: skip


def test_an_answer_dropped_into_the_inbox_is_no_dashboard(office: Office) -> None:
    shutil.copy(office.asked(), office.folder / "in" / "reponse.xlsx")
    office.run()
    table = (office.folder / "out" / "data" / "workbooks.csv").read_text("utf-8")
    [own] = [row for row in table.splitlines() if row.startswith("reponse.xlsx")]
    assert ",ignored," in own


def test_the_message_waits_in_the_outbox_for_who_has_an_address(office: Office) -> None:
    office.asked("--draft")
    listed = office("outbox", "list").output
    assert "alix@hopital.example" in listed
    assert "Avons-nous bien lu liste.xlsx" in listed
