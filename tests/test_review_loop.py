"""From one review to the next: sheets filled in during the meeting are read back."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from click.testing import CliRunner

from consolidate.cli import main
from consolidate.cli.options import read_settings
from consolidate.model.pack import Pack, Table
from consolidate.packs.review import packs
from consolidate.packs_run import PackOptions, load_data

HEAD = ["Code projet", "Projet", "Statut", "Décision attendue", "Fin prévue"]


def workbook(end: str = "31/12/2026") -> bytes:
    rows = [
        HEAD,
        ["PRJ-1", "Dossier patient", "Rouge", "Arbitrer le lot 2", end],
        ["PRJ-2", "Imagerie", "Vert", None, "30/11/2026"],
    ]
    jalons = [
        ["Code projet", "Jalon", "Échéance prévue"],
        ["PRJ-1", "Recette", "15/12/2026"],
    ]
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as made:
        for name, lines in {"Projets": rows, "Jalons": jalons}.items():
            sheet = made.add_worksheet(name)
            for k, line in enumerate(lines):
                sheet.write_row(k, 0, line)
    return buffer.getvalue()


class Office:
    """A PMO with its home, and what it does in a month."""

    def __init__(self, home: Path, lang: str = "fr") -> None:
        self.home, self.lang = home, lang

    def call(self, *words: str) -> str:
        given = ["--home", str(self.home), "--lang", self.lang]
        result = CliRunner().invoke(main, [*words, *given])
        assert result.exit_code in (0, 1), result.output
        return result.output

    def run(self, period: str, content: bytes) -> str:
        inbox = self.home.parent / period
        inbox.mkdir(exist_ok=True)
        (inbox / f"{period}.xlsx").write_bytes(content)
        out = str(self.home.parent / "out")
        return self.call(
            "run", str(inbox), "--period", period, "-o", out, "-q", "--jobs", "1"
        )

    def close(self, period: str) -> None:
        self.call("month", "close", period, "-o", str(self.home.parent / "out"))

    def review(self, period: str) -> Path:
        folder = self.home.parent / "packs"
        self.call("pack", "review", "--period", period, "-o", str(folder))
        return folder / period / f"review-{period}.xlsx"

    def pack(self, period: str) -> Pack:
        settings = read_settings(self.lang, None, self.home)
        url = f"sqlite:///{self.home / 'portfolio.db'}"
        options = PackOptions(("review",), period, self.home, url, settings.config, self.lang)  # fmt: skip
        (made,) = packs(load_data(options))
        return made

    def drop(self, path: Path, name: str = "") -> None:
        (self.home / "decisions").mkdir(exist_ok=True)
        (self.home / "decisions" / (name or path.name)).write_bytes(path.read_bytes())


def table(pack: Pack, name: str) -> Table:
    return next(t for _, t in pack.tables() if t.id == name)


def fill(path: Path, sheet: str, key: str, told: Mapping[str, object]) -> None:
    """Fill in the row of that reference as a person would; the first empty one for ``""``."""
    book = openpyxl.load_workbook(path)
    page = book[sheet]
    rows = list(page.iter_rows())
    top = next(k for k, row in enumerate(rows) if set(told) <= {c.value for c in row})
    heads = {c.value: c.column for c in rows[top]}
    keyed = [row[0].value or "" for row in rows[top + 1 :]]
    number = top + 2 + (keyed.index(key) if key in keyed else len(keyed))
    for head, value in told.items():
        page.cell(number, heads[head], value)
    book.save(path)


DECIDED = {
    "Décision prise": "Lot 2 reporté",
    "Responsable": "Alix Exemple",
    "Échéance": "20/11/2026",
}


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """October and November in the store, and the workbook of October's review."""
    made = Office(tmp_path_factory.mktemp("begun") / "home")
    made.home.mkdir()
    made.run("2026-10", workbook())
    made.close("2026-10")
    made.review("2026-10")
    made.run("2026-11", workbook("28/02/2027"))
    return made


@pytest.fixture
def office(begun: Office, tmp_path: Path) -> Office:
    shutil.copytree(begun.home.parent, tmp_path / "here")
    return Office(tmp_path / "here" / "home")


def october(office: Office) -> Path:
    return office.home.parent / "packs" / "2026-10" / "review-2026-10.xlsx"


def asked(office: Office) -> str:
    """The reference of the first matter that the sheet of October asks about."""
    book = openpyxl.load_workbook(october(office), read_only=True)
    rows = list(book["Décisions"].iter_rows(values_only=True))
    return str(next(r[0] for r in rows if "Arbitrer le lot 2" in r))


def test_a_decision_is_followed_up_in_the_next_review_with_its_cell(
    office: Office,
) -> None:
    path, key = october(office), asked(office)
    fill(path, "Décisions", key, DECIDED)
    office.drop(path)
    rows = table(office.pack("2026-11"), "follow-up").frame
    row = rows.iloc[0]
    assert len(rows) == 1  # matters without a decision are none
    assert row[["id", "review", "decision", "owner"]].tolist() == [
        *(key, "2026-10", "Lot 2 reporté", "Alix Exemple"),
    ]
    assert str(row["due"]) == "2026-11-20"
    assert row["state"] == "late"  # due the 20th, and nobody says it is done
    assert row["cell"].startswith("review-2026-10.xlsx ! Décisions ! F")
    helped = table(office.pack("2026-11"), "assistance").frame
    assert helped[["project_code", "by_when"]].to_numpy().tolist() == [
        ["PRJ-1", "20/11/2026"]
    ]


def test_the_next_sheet_asks_again_for_what_is_open_and_its_answer_counts(
    office: Office,
) -> None:
    path, key = october(office), asked(office)
    fill(path, "Décisions", key, DECIDED)
    office.drop(path)
    later = office.review("2026-11")
    fill(later, "Décisions", key, {"État": "Fait"})
    office.drop(later)
    office.run("2026-12", workbook())
    december = office.pack("2026-12")
    rows = table(december, "follow-up").frame
    assert rows[["id", "state"]].to_numpy().tolist() == [[key, "closed"]]
    assert key not in table(december, "decisions").frame["id"].tolist()


def test_a_decision_nobody_had_foreseen_gets_a_reference_of_its_own(
    office: Office,
) -> None:
    path = october(office)
    told = {"Objet": "Budget 2027", "Décision prise": "Lettre de cadrage en janvier"}
    fill(path, "Décisions", "", told)
    office.drop(path)
    rows = table(office.pack("2026-11"), "follow-up").frame
    assert rows["subject"].tolist() == ["Budget 2027"]
    assert rows["id"].str.fullmatch(r"2026-10-[0-9A-F]{5}").all()


def test_the_sheet_of_cases_takes_acts_and_closes_once(office: Office) -> None:
    path = october(office)
    told = {
        "Suivi au PMO par": "Sacha Modèle",
        "Action menée": "Réunion avec l’éditeur",
        "Date de l’action": "04/11/2026",
        "Issue": "Arbitré",
        "Clos le": "06/11/2026",
    }
    fill(path, "Cas d’assistance", "AST-0001", told)
    office.drop(path)
    for _ in range(2):
        office.run("2026-11", workbook())
    (case,) = json.loads(office.call("cases", "list", "--all", "--json"))
    names = ("owner", "last_action", "first_on", "outcome", "closed_on")
    assert [case[n] for n in names] == [
        *("Sacha Modèle", "Réunion avec l’éditeur", "2026-11-04"),
        *("arbitrated", "2026-11-06"),
    ]
    assert case["source"].startswith("review-2026-10.xlsx ! Cas d’assistance ! ")


def test_an_outcome_that_is_none_of_the_list_is_told_and_closes_nothing(
    office: Office,
) -> None:
    path = october(office)
    fill(path, "Cas d’assistance", "AST-0001", {"Issue": "On verra"})
    office.drop(path)
    office.run("2026-11", workbook())
    told = pd.read_csv(office.home.parent / "out" / "data" / "findings.csv")
    (row,) = told[told["rule"] == "case-outcome-unknown"].to_dict("records")
    assert row["raw"] == "On verra"
    assert row["sheet"] == "Cas d’assistance"
    (case,) = json.loads(office.call("cases", "list", "--json"))
    assert case["outcome"] is None


def test_a_new_baseline_that_a_review_decided_is_not_told_as_undecided(
    office: Office,
) -> None:
    told = table(office.pack("2026-11"), "changes").frame
    assert "rebaselined" in told["move"].tolist()
    path = october(office)
    decided = {"Nature": "Re-baseline (nouvelle référence)", "Décision prise": "Fin en février"}  # fmt: skip
    fill(path, "Décisions", "", {"Code projet": "PRJ-1", "Objet": "Fin", **decided})
    office.drop(path)
    told = table(office.pack("2026-11"), "changes").frame
    assert "rebaselined" not in told["move"].tolist()


def test_an_english_sheet_is_read_as_well_as_a_french_one(office: Office) -> None:
    english = Office(office.home, "en")
    path = english.review("2026-10")
    told = {"Subject": "Budget", "Decision taken": "Put off", "Due date": "2026-11-20", "State": "Done"}  # fmt: skip
    fill(path, "Decisions", "", told)
    english.drop(path)
    row = table(english.pack("2026-11"), "follow-up").frame.iloc[0]
    assert [row["decision"], str(row["due"]), row["state"]] == [
        *("Put off", "2026-11-20", "closed"),
    ]


def test_a_file_that_is_no_review_is_told_and_stops_nothing(office: Office) -> None:
    (office.home / "decisions").mkdir()
    (office.home / "decisions" / "notes.xlsx").write_bytes(b"PK nothing")
    office.run("2026-11", workbook())
    told = pd.read_csv(office.home.parent / "out" / "data" / "findings.csv")
    assert "notes.xlsx" in told["workbook"].tolist()


def overrun(landing: int) -> bytes:
    head = ["Code projet", "Projet", "État", "Budget initial 2026 (€)", "Atterrissage 2026 (€)"]  # fmt: skip
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as made:
        sheet = made.add_worksheet("Projets")
        sheet.write_row(0, 0, head)
        sheet.write_row(1, 0, ["PRJ-1", "Dossier patient", "En cours", 100_000, landing])  # fmt: skip
    return buffer.getvalue()


def test_an_overrun_of_15_percent_raises_its_case_within_the_run_that_reads_it(
    tmp_path: Path,
) -> None:
    office = Office(tmp_path / "home")
    office.home.mkdir()
    assert "1 cas ouvert, dont 1 par ce mois" in office.run("2026-10", overrun(115_000))
    # The workbook comes again, corrected: the case says so, and stays.
    office.run("2026-10", overrun(104_000))
    (case,) = json.loads(office.call("cases", "list", "--json"))
    assert case["rule"] == "budget-forecast-overrun"
    assert case["news"] == "gone"
