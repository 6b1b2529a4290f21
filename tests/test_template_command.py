"""``consolidate template``: from the month in the store to the workbook that comes back."""

from __future__ import annotations

import csv
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest
from build_reply import MACROS, saved, with_macros
from click.testing import CliRunner, Result

from consolidate.cli import main
from consolidate.model.template import MARKS

FORM = (
    *(("Code projet", "PRJ-101"), ("Intitulé du projet", "Dossier patient")),
    *(("Chef de projet", "Alix Exemple"), ("Date de mise à jour", "31/10/2026")),
    *(("Météo", "Vert"), ("Avancement", 0.4), ("Date de fin", "31/12/2026")),
)
WORDS = {"fr": ("Projets", "Date du point"), "en": ("Projects", "Report date")}


def form(code: str, manager: str) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Fiche"
    sheet["A1"] = "Tableau de bord · octobre 2026"
    for row, (label, value) in enumerate(FORM, 3):
        told = {"Code projet": code, "Chef de projet": manager}.get(label, value)
        sheet.cell(row, 1).value, sheet.cell(row, 2).value = label, told
    return book


class Office:
    """A PMO that received the workbooks of two managers, one of them with macros."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self) -> None:
        inbox = self.folder / "in"
        inbox.mkdir()
        (inbox / "suivi.xlsm").write_bytes(with_macros(saved(form("PRJ-101", "Alix Exemple"))))  # fmt: skip
        form("PRJ-102", "Lou Maquette").save(inbox / "lou.xlsx")
        self.run(inbox, "2026-10")
        shutil.rmtree(inbox)

    def __call__(self, *args: str, lang: str = "fr", code: int = 0) -> Result:
        home = ("--home", str(self.folder / "home"), "--lang", lang)
        done = CliRunner().invoke(main, [*args, *home])
        assert done.exit_code == code, done.output
        return done

    def run(self, inbox: Path, period: str) -> list[dict[str, str]]:
        out = self.folder / "out"
        self("run", str(inbox), "-o", str(out), "--period", period, "--fail-on", "never")  # fmt: skip
        with (out / "data" / "workbooks.csv").open(encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def made(self, *args: str, lang: str = "fr") -> Path:
        out = self.folder / "made"
        self("template", "Alix Exemple", *args, "-o", str(out), lang=lang)
        [path] = (out / "2026-11").iterdir()
        return path


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Office(tmp_path_factory.mktemp("office"))
    made.begin()
    return made.folder


@pytest.fixture
def office(ran: Path, tmp_path: Path) -> Office:
    shutil.copytree(ran, tmp_path / "office")
    return Office(tmp_path / "office")


def returned(office: Office, path: Path) -> list[dict[str, str]]:
    """What a run says of a workbook that came back."""
    inbox = office.folder / "back"
    inbox.mkdir()
    shutil.copy(path, inbox)
    return office.run(inbox, "2026-11")


def test_without_a_name_the_managers_are_listed(office: Office) -> None:
    assert office("template").stdout.split("\n")[:2] == ["Alix Exemple", "Lou Maquette"]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_manager_gets_next_month_s_workbook_filled_in_and_what_is_typed_is_read(
    office: Office, lang: str
) -> None:
    path = office.made(lang=lang)
    book = openpyxl.load_workbook(path)
    assert book.worksheets[0]["A1"].value == MARKS[lang]
    title, label = WORDS[lang]
    [cell] = [row[1] for row in book[title].iter_rows() if row[0].value == label]
    assert cell.value is None
    cell.value = "2026-11-30"
    book.save(path)
    [told] = returned(office, path)
    assert (told["state"], told["layout"], told["layout_state"]) == ("consolidated", "standard", "approved")  # fmt: skip
    with (office.folder / "out" / "data" / "projects.csv").open(encoding="utf-8") as file:  # fmt: skip
        [project] = list(csv.DictReader(file))
    kept = ("project_code", "status", "progress", "end_baseline", "report_date")
    assert [project[name] for name in kept] == ["PRJ-101", "green", "0.4", "2026-12-31", "2026-11-30"]  # fmt: skip


@pytest.mark.parametrize("args", [(), ("--own",)], ids=["standard", "own"])
def test_a_workbook_returned_as_it_was_made_does_not_count(
    office: Office, args: tuple[str, ...]
) -> None:
    path = office.made(*args)
    inbox = office.folder / "back"
    inbox.mkdir()
    form("PRJ-102", "Lou Maquette").save(inbox / "lou.xlsx")
    shutil.copy(path, inbox)
    states = {Path(r["workbook"]).suffix + r["state"] for r in office.run(inbox, "2026-11")}  # fmt: skip
    assert states == {".xlsxconsolidated", f"{path.suffix}ignored"}


def test_own_hands_back_the_archived_workbook_its_macros_as_they_were(
    office: Office,
) -> None:
    path = office.made("--own")
    assert path.name == "suivi - 2026-11.xlsm"
    with zipfile.ZipFile(path) as archive:
        assert archive.read("xl/vbaProject.bin") == MACROS
    sheet = openpyxl.load_workbook(path)["Fiche"]
    assert sheet["A1"].value == "Tableau de bord · novembre 2026"
    assert sheet["B4"].value == "Dossier patient"


def test_own_falls_back_on_the_standard_workbook_when_the_archive_lost_it(
    office: Office,
) -> None:
    shutil.rmtree(office.folder / "home" / "archive")
    out = office("template", "Alix Exemple", "--own", "-o", str(office.folder / "m"))
    assert "n’est ni dans l’archive" in out.stdout
    [path] = (office.folder / "m" / "2026-11").iterdir()
    assert path.suffix == ".xlsx"


def test_nobody_of_that_name_is_told_with_the_names_there_are(office: Office) -> None:
    said = office("template", "Personne", code=2).output
    assert "Alix Exemple, Lou Maquette" in said
