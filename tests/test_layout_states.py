"""Layouts: proposed by reading, approved by the PMO; another reading is another layout."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from build_sheet import schemas, understood
from click.testing import CliRunner, Result
from openpyxl import Workbook as Book

from consolidate.cli import main
from consolidate.intake.journal import Journal
from consolidate.intake.scan import JOURNAL
from consolidate.layouts import Standings, decide, kept, layouts_read, note
from consolidate.model.layout import load_layouts
from consolidate.model.proposal import SHIPPED, Proposal, proposal_of
from consolidate.model.workbook import Extract, Sheet, Workbook
from consolidate.understand import understand

AT = "2026-11-03T08:15:00Z"
JALONS = """
    Jalon   | Échéance   | Avancement | Zone
    Recette | 2026-12-31 | 0.4        | Nord
"""
FICHE = """
    Code projet    | PRJ-101
    Chef de projet | Alix Exemple
    Budget initial | {budget}
    Météo          | Vert
"""


def read(text: str, **given: str) -> Proposal:
    return proposal_of(understood(text, **given), {})


def fiche(budget: str = "120000") -> str:
    return FICHE.format(budget=budget)


def told(home: Path, *events: tuple[str, Proposal]) -> Standings:
    """The standings after decisions, each about a layout."""
    for event, proposal in events:
        if event == "read":
            note(home, [proposal], AT, "fr")
        else:
            decide(home, event, {proposal.id: proposal.keys}, AT, by="pmo")
    return Standings.of_home(home, "fr")


def state(home: Path, proposal: Proposal) -> str:
    known = Standings.of_home(home, "fr").with_read([proposal])
    return known.of(proposal.id).state


def test_another_month_and_another_sheet_name_are_the_same_layout() -> None:
    october = read(JALONS.replace("Avancement", "Avancement oct. 2026"), title="Octobre")  # fmt: skip
    november = read(JALONS.replace("Avancement", "Avancement nov. 2026"), title="Novembre")  # fmt: skip
    assert october.id == november.id


@pytest.mark.parametrize(
    "text",
    [
        JALONS.replace("Avancement", "Reste"),
        JALONS.replace("Zone", "Secteur"),
        JALONS.replace("| Zone", "").replace("| Nord", ""),
        JALONS.replace("| Zone", "| Zone | Note").replace("| Nord", "| Nord | x"),
    ],
    ids=["a header", "a column not read", "a column less", "a column more"],
)
def test_what_changed_after_approval_is_proposed_again(
    tmp_path: Path, text: str
) -> None:
    before = read(JALONS)
    told(tmp_path, ("read", before), ("approved", before))
    assert (state(tmp_path, before), state(tmp_path, read(text))) == ("approved", "proposed")  # fmt: skip


def test_a_form_less_filled_in_stays_approved_one_that_says_more_does_not(
    tmp_path: Path,
) -> None:
    whole, less = read(fiche()), read(fiche().replace("Météo          | Vert", ""))
    more = read(fiche() + "    Date de fin    | 2026-12-31\n")
    known = told(tmp_path, ("read", whole), ("approved", whole))
    assert known.with_read([less]).of(less.id).how == "covered"
    assert [state(tmp_path, p) for p in (less, more)] == ["approved", "proposed"]


def test_rejected_or_contested_is_not_approved_until_the_pmo_says_so_again(
    tmp_path: Path,
) -> None:
    own = read(JALONS)
    states = []
    for event in ("read", "approved", "rejected", "approved", "contested", "confirmed"):
        told(tmp_path, (event, own))
        states.append(state(tmp_path, own))
    assert states == ["proposed", "approved", "rejected", "approved", "proposed", "confirmed"]  # fmt: skip


def test_being_read_again_takes_no_decision_back(tmp_path: Path) -> None:
    own = read(JALONS)
    told(tmp_path, ("read", own), ("approved", own))
    Journal(tmp_path / JOURNAL).append(AT, "layout-read", layout=own.id, keys=sorted(own.keys))  # fmt: skip
    assert state(tmp_path, own) == "approved"


def test_one_manager_s_yes_does_not_outweigh_what_another_found_wrong(
    tmp_path: Path,
) -> None:
    own = read(JALONS)
    note(tmp_path, [own], AT, "fr")
    states = []
    for event, by in (("confirmed", "A"), ("contested", "B"), ("confirmed", "A"), ("confirmed", "B")):  # fmt: skip
        decide(tmp_path, event, {own.id: own.keys}, AT, by=by)
        states.append(state(tmp_path, own))
    assert states == ["confirmed", "proposed", "proposed", "confirmed"]


def test_what_a_rejected_layout_reads_covers_no_other(tmp_path: Path) -> None:
    whole, less = read(fiche()), read(fiche().replace("Météo          | Vert", ""))
    told(tmp_path, ("read", whole), ("approved", whole), ("rejected", whole))
    assert state(tmp_path, less) == "proposed"


def test_the_journal_says_no_word_of_a_workbook(tmp_path: Path) -> None:
    own = read(JALONS)
    told(tmp_path, ("read", own), ("approved", own))
    text = (tmp_path / JOURNAL).read_text("ascii")
    assert Journal(tmp_path / JOURNAL).check() is None
    assert "Jalon" not in text
    assert "chéance" not in text


def test_a_line_of_the_journal_that_was_changed_approves_nothing(
    tmp_path: Path,
) -> None:
    own = read(JALONS)
    told(tmp_path, ("read", own), ("rejected", own))
    path = tmp_path / JOURNAL
    path.write_text(path.read_text().replace("layout-rejected", "layout-approved"))
    assert state(tmp_path, own) == "proposed"


def test_a_name_that_looks_like_a_decision_is_none(tmp_path: Path) -> None:
    journal = Journal(tmp_path / JOURNAL)
    journal.append(AT, "received", name='","event":"layout-approved","layout":"x')
    assert list(journal.told("layout-")) == []


def test_what_a_layout_says_is_kept_and_believed_only_as_it_was_written(
    tmp_path: Path,
) -> None:
    own = read(JALONS)
    note(tmp_path, [own], AT, "fr")
    assert kept(tmp_path, own.id) == own
    path = tmp_path / "layouts-read" / f"{own.id}.json"
    path.write_text(path.read_text("utf-8").replace("progress", "name"), "utf-8")
    assert kept(tmp_path, own.id) is None


def test_the_shipped_layout_is_approved_from_the_start() -> None:
    mark = f"Modèle du PMO · consolidate · {schemas().tables['milestones'].label['fr']}"
    label = {f.name: f.label["fr"] for f in schemas().tables["milestones"].fields}
    rows = [[mark], [], [], [label["name"], label["end_baseline"]], ["Recette", None]]
    extract = understand(Workbook("t.xlsx", "xlsx", (Sheet("J", rows),)), schemas())
    found = layouts_read([extract], {}, Standings())
    assert found.told == {"t.xlsx": (SHIPPED, "approved")}


def by_the_pmo(folder: Path, field: str) -> tuple[Extract, dict[str, str]]:
    """A workbook whose headers a layout of the PMO settles, and the layouts' prints."""
    (folder / "zones.toml").write_text(
        f'name = "zones"\n[[regions]]\nsheet = "*"\ntable = "milestones"\n'
        f'[regions.fields]\n"Jalon" = "name"\n"Échéance" = "{field}"\n'
        '"Avancement" = "progress"\n"Zone" = ""\n',
        encoding="utf-8",
    )
    layouts = load_layouts(folder, schemas())
    rows = [["Jalon", "Échéance", "Avancement", "Zone"], ["Recette", "31/12/2026", 0.4, "N"]]  # fmt: skip
    book = Workbook("p1.xlsx", "xlsx", (Sheet("Jalons", rows),))
    extract = understand(book, schemas(), layouts)
    return extract, {each.name: each.print for each in layouts}


def test_a_layout_that_the_pmo_wrote_is_approved_by_its_content(tmp_path: Path) -> None:
    extract, prints = by_the_pmo(tmp_path, "end_baseline")
    decide(tmp_path, "approved", {prints["zones"]: [prints["zones"]]}, AT, by="pmo")
    known = Standings.of_home(tmp_path, "fr")
    assert layouts_read([extract], prints, known).told["p1.xlsx"][1] == "approved"
    extract, prints = by_the_pmo(tmp_path, "end_forecast")
    assert layouts_read([extract], prints, known).told["p1.xlsx"][1] == "proposed"


# --- by the command line ---------------------------------------------------------------


def project(code: str, manager: str, header: str) -> Book:
    book = Book()
    sheet = book.active
    assert sheet is not None
    for line in (
        *(("Code projet", code), ("Intitulé du projet", f"Projet {code}")),
        *(("Chef de projet", manager), ("Date de mise à jour", "31/10/2026")),
        *(("Météo", "Rouge"), ("Avancement", 0.4), (header, "31/12/2026")),
    ):
        sheet.append(line)
    return book


class Office:
    """A PMO with two managers, whose workbooks are laid out in two ways."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder, folder / "home"
        if self.home.exists():
            return
        self.home.mkdir()
        self.write(header="Fin prévue")
        text = '[run]\njobs = 1\n[report]\ndirection = "approved"\n'
        (self.home / "consolidate.toml").write_text(text, encoding="utf-8")

    def write(self, header: str) -> None:
        (self.folder / "in").mkdir(exist_ok=True)
        for code, manager, own in (
            ("PRJ-101", "Alix Exemple", header),
            ("PRJ-102", "Lou Maquette", "Date de fin"),
        ):
            project(code, manager, own).save(self.folder / "in" / f"{code}.xlsx")

    def __call__(self, *args: str, code: int = 0) -> Result:
        home = ("--home", str(self.home), "--lang", "en")
        done = CliRunner().invoke(main, [*args, *home])
        assert done.exit_code == code, done.output
        return done

    def run(self) -> None:
        out = ("-o", str(self.folder / "out"), "--period", "2026-10")
        self("run", str(self.folder / "in"), *out, "--fail-on", "never")

    def page(self) -> str:
        self("pack", "direction", "-o", str(self.folder / "packs"))
        return (self.folder / "packs" / "2026-10" / "direction.html").read_text("utf-8")

    def states(self) -> dict[str, str]:
        told = json.loads(self("layout", "list", "--json").stdout)
        return {each["projects"][0]: each["state"] for each in told}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office after its first run."""
    made = Office(tmp_path_factory.mktemp("office"))
    made.run()
    return made.folder


@pytest.fixture
def office(ran: Path, tmp_path: Path) -> Office:
    """A copy of it."""
    shutil.copytree(ran, tmp_path / "office")
    return Office(tmp_path / "office")


def test_only_approved_layouts_feed_the_page_of_general_management(
    office: Office,
) -> None:
    assert office.states() == {"PRJ-101": "proposed", "PRJ-102": "proposed"}
    assert "Projects counted: 0 of 2; 2 wait" in office.page()
    office("layout", "approve", "PRJ-101", "--by", "Noa")
    page = office.page()
    assert "Projects counted: 1 of 2; 1 waits" in page
    assert "layout proposed, not approved by the PMO yet" in page
    assert "Noa" in office("layout", "list").output


def test_what_the_pmo_sees_has_every_project_and_its_layouts_state(
    office: Office,
) -> None:
    office("layout", "approve", "PRJ-101")
    office.run()
    table = (office.folder / "out" / "data" / "workbooks.csv").read_text("utf-8")
    states = [line.rpartition(",")[2] for line in table.splitlines()]
    assert states == ["layout_state", "approved", "proposed"]
    findings = (office.folder / "out" / "data" / "findings.csv").read_text("utf-8")
    assert findings.count("layout-waiting") == 1


def test_a_workbook_laid_out_anew_waits_again_and_show_says_what_is_new(
    office: Office,
) -> None:
    office("layout", "approve", "--all")
    assert set(office.states().values()) == {"approved"}
    office.write(header="Fin prévisionnelle")
    office.run()
    assert office.states() == {"PRJ-101": "proposed", "PRJ-102": "approved"}
    shown = office("layout", "show", "PRJ-101").output
    assert "(not approved yet)" in shown
    assert "Fin prévisionnelle  →  Forecast end" in shown


def test_a_layout_of_the_pmo_is_listed_and_approved_by_its_name(
    office: Office,
) -> None:
    office("map", str(office.folder / "in" / "PRJ-101.xlsx"), "--write", str(office.home / "layouts"))  # fmt: skip
    office.run()
    office("layout", "approve", "PRJ-101.toml", code=2)
    listed = json.loads(office("layout", "list", "--json").stdout)
    assert {(x["name"], x["workbooks"][0]) for x in listed if x["name"]} == {("PRJ-101", "PRJ-101.xlsx")}  # fmt: skip
    [own] = [x["layout"] for x in listed if x["name"]]
    office("layout", "approve", own)
    assert office.states() == {"PRJ-101": "approved", "PRJ-102": "proposed"}


def test_a_closed_month_is_told_as_it_was_closed(office: Office) -> None:
    office("month", "close", "2026-10", "--output", str(office.folder / "out"))
    office("layout", "approve", "--all")
    assert "Projects counted: 0 of 2; 2 wait" in office.page()


def test_by_default_every_project_is_told(office: Office) -> None:
    (office.home / "consolidate.toml").unlink()
    assert "Projects counted" not in office.page()


def test_a_layout_nobody_has_is_told(office: Office) -> None:
    done = office("layout", "approve", "PRJ-999", code=2)
    assert "no layout of the month" in done.output
