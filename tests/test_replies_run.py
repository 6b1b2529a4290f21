"""``consolidate run --replies``: what project managers get, from the inbox to the files."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from build_reply import milestones, order, parts, remark, saved, with_macros
from click.testing import CliRunner, Result

from consolidate.cli import main
from consolidate.exchange.letter import letter
from consolidate.exchange.names import stems
from consolidate.model.reply import SIGNATURES

ROOT = Path(__file__).resolve().parent.parent
NIR = "255081416802538"  # a right key, nobody's number


def french(note: str = "bientôt") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Jalons"
    for line in (("Jalon", "Échéance", "Responsable", "Commentaire"), ("Recette", note, "Sacha Témoin", "à suivre"), ("Bascule", "31/12/2026", "Sacha Témoin", "en attente")):  # fmt: skip
        sheet.append(line)
    return saved(book)


def english() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Milestones"
    for line in (("Milestone", "Due date", "Owner", "Comment"), ("Acceptance of the new system", "soon", "Andrea Draft", "waiting for the supplier"), ("Go live", "31 December 2026", "Andrea Draft", "on track")):  # fmt: skip
        sheet.append(line)
    return saved(book)


def zipped(members: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def inbox(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, data in files.items():
        path = folder / "inbox" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder / "inbox"


def run(folder: Path, *words: str, out: str = "out") -> Result:
    line = ["run", str(folder / "inbox"), "--output", str(folder / out), "--period", "2026-10", "--no-store", *words]  # fmt: skip
    return CliRunner().invoke(main, line)


def replies(folder: Path, out: str = "out") -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in (folder / out / "replies").iterdir()}


def states(folder: Path) -> dict[str, str]:
    with (folder / "out/data/workbooks.csv").open(encoding="utf-8", newline="") as file:
        return {row["workbook"]: row["state"] for row in csv.DictReader(file)}


def text_of(data: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return "\n".join(str(c.value) for s in book for r in s.iter_rows() for c in r if c.value)  # fmt: skip


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("replies")
    inbox(
        folder,
        {
            "A/suivi.xlsx": french(),
            "B/suivi.xlsx": french("dès que possible"),
            "status.xlsx": english(),
            "macros.xlsm": with_macros(french("plus tard")),
            "envoi.zip": zipped({"sous/zippe.xlsx": french("un jour")}),
            "liste.csv": "Jalon;Échéance;Responsable\nRecette;bientôt;Sacha Témoin\nBascule;31/12/2026;Sacha Témoin\n".encode(),
            "patient.xlsx": french(f"NIR {NIR}"),
            "vide.xlsx": b"",
            "casse.xlsx": french()[:900],
        },
    )  # fmt: skip
    result = run(folder, "--replies")
    assert result.exit_code == 1, result.output
    return folder


def test_each_workbook_gets_a_workbook_and_a_text(answered: Path) -> None:
    names = set(replies(answered))
    assert {"status.xlsx", "status.txt", "macros.xlsm", "macros.txt", "zippe.xlsx", "zippe.txt", "liste.xlsx", "liste.txt"} <= names  # fmt: skip


def test_workbooks_of_one_name_do_not_collide(answered: Path) -> None:
    made = replies(answered)
    assert "bientôt" in text_of(made["A - suivi.xlsx"])
    assert "dès que possible" in text_of(made["B - suivi.xlsx"])


def test_the_cell_of_a_finding_is_marked_in_the_copy(answered: Path) -> None:
    with (answered / "out/data/findings.csv").open(encoding="utf-8", newline="") as file:  # fmt: skip
        found = [f for f in csv.DictReader(file) if f["workbook"] == "A/suivi.xlsx"]
    [cell] = [f["cell"] for f in found if f["severity"] == "error"]
    book = openpyxl.load_workbook(io.BytesIO(replies(answered)["A - suivi.xlsx"]))
    assert cell == "B2"
    assert book["Jalons"][cell].comment.author == "consolidate"


def test_each_is_answered_in_its_own_language(answered: Path) -> None:
    made = replies(answered)
    assert SIGNATURES["en"] in text_of(made["status.xlsx"])
    assert "Subject: status.xlsx (October\u00a02026)" in made["status.txt"].decode()
    assert SIGNATURES["fr"] in text_of(made["A - suivi.xlsx"])
    assert (
        "Objet\u00a0: suivi.xlsx (octobre\u00a02026)" in made["A - suivi.txt"].decode()
    )


def test_a_rejected_workbook_gets_the_reason(answered: Path) -> None:
    made = replies(answered)
    assert "Le fichier est vide" in made["vide.txt"].decode()
    assert "endommagé" in made["casse.txt"].decode()
    assert not {"vide.xlsx", "casse.xlsx"} & set(made)


def test_a_patient_s_number_goes_out_in_no_reply(answered: Path) -> None:
    made = replies(answered)
    assert SIGNATURES["fr"] in text_of(made["patient.xlsx"])
    assert openpyxl.load_workbook(io.BytesIO(made["patient.xlsx"])).sheetnames == ["À corriger"]  # fmt: skip
    for name, data in made.items():
        held = parts(data).values() if name.endswith(("xlsx", "xlsm")) else [data]
        assert not [part for part in held if NIR.encode() in part], name


def test_files_are_private(answered: Path) -> None:
    folder = answered / "out/replies"
    modes = {p.stat().st_mode & 0o777 for p in folder.iterdir()}
    assert sys.platform == "win32" or (folder.stat().st_mode & 0o777, modes) == (0o700, {0o600})  # fmt: skip


def test_without_the_option_there_are_no_replies(tmp_path: Path) -> None:
    inbox(tmp_path, {"p1.xlsx": french()})
    run(tmp_path)
    assert not (tmp_path / "out/replies").exists()


def test_a_copy_sent_back_unchanged_is_our_own_output(tmp_path: Path) -> None:
    inbox(tmp_path, {"p1.xlsx": french(), "liste.csv": b"Jalon;Date\nRecette;x\nBascule;y\n"})  # fmt: skip
    run(tmp_path, "--replies")
    made = replies(tmp_path)
    inbox(tmp_path, {"retour/p1.xlsx": made["p1.xlsx"], "retour/liste.xlsx": made["liste.xlsx"]})  # fmt: skip
    result = run(tmp_path, "--replies")
    found = states(tmp_path)
    assert result.exit_code in {0, 1}, result.output
    assert (found["retour/p1.xlsx"], found["retour/liste.xlsx"]) == ("ignored", "ignored")  # fmt: skip
    assert found["p1.xlsx"] == "consolidated"
    assert replies(tmp_path) == made


def test_an_inbox_of_our_replies_alone_publishes_nothing(tmp_path: Path) -> None:
    inbox(tmp_path, {"p1.xlsx": french()})
    run(tmp_path, "--replies")
    (tmp_path / "inbox/p1.xlsx").write_bytes(replies(tmp_path)["p1.xlsx"])
    result = run(tmp_path, out="again")
    assert result.exit_code == 2
    assert not (tmp_path / "again").exists()


def test_a_corrected_copy_gives_the_portfolio_of_the_workbook_corrected(tmp_path: Path) -> None:  # fmt: skip
    inbox(tmp_path, {"p1.xlsx": french()})
    run(tmp_path, "--replies")
    book = openpyxl.load_workbook(io.BytesIO(replies(tmp_path)["p1.xlsx"]))
    book["Jalons"]["B2"] = "30/11/2026"
    (tmp_path / "inbox/p1.xlsx").write_bytes(saved(book))
    run(tmp_path, out="back")
    (tmp_path / "inbox/p1.xlsx").write_bytes(french("30/11/2026"))
    run(tmp_path, out="same")
    back, wanted = ((tmp_path / o / "data/milestones.csv").read_bytes() for o in ("back", "same"))  # fmt: skip
    assert back == wanted
    assert b"2026-11-30" in back


def test_replies_are_the_same_bytes_whatever_the_process(tmp_path: Path) -> None:
    inbox(tmp_path, {"a.xlsx": french(), "b.xlsm": with_macros(french("x")), "c.csv": b"Jalon;Date\nR;x\nB;y\n"})  # fmt: skip
    for seed in ("1", "2"):
        env = {**os.environ, "PYTHONHASHSEED": seed, "CONSOLIDATE_HOME": str(tmp_path)}
        subprocess.run(
            [sys.executable, "-m", "consolidate", "run", str(tmp_path / "inbox"), "--output", str(tmp_path / seed), "--period", "2026-10", "--no-store", "--replies", "-q"],
            env=env, cwd=ROOT, check=False, capture_output=True,
        )  # fmt: skip
    assert replies(tmp_path, "1") == replies(tmp_path, "2")
    assert len(replies(tmp_path, "1")) == 2 * 3 + 1  # and their list


def test_the_sample_workbooks_are_all_answered(tmp_path: Path) -> None:
    line = ["run", str(ROOT / "sample_workbooks/2026-10"), "--output", str(tmp_path / "out"), "--period", "2026-10", "--no-store", "--replies"]  # fmt: skip
    assert CliRunner().invoke(main, line).exit_code == 1
    made = replies(tmp_path)
    with (tmp_path / "out/data/findings.csv").open(encoding="utf-8", newline="") as f:
        told = {row["workbook"] for row in csv.DictReader(f)}
    asked = {n for n in told if states(tmp_path).get(n, "ignored") != "ignored"}
    assert len([n for n in made if n.endswith(".txt")]) == len(asked)
    assert "Dear" not in made["PRJ-118 Telehealth status report.txt"].decode()
    assert "Hello," in made["PRJ-118 Telehealth status report.txt"].decode()
    assert len(openpyxl.load_workbook(io.BytesIO(made["Equipe MCO clinique.xlsx"])).sheetnames) == 1  # fmt: skip
    assert len(openpyxl.load_workbook(io.BytesIO(made["TdB WiFi Tilleuls.xlsx"])).sheetnames) == 2  # fmt: skip


@pytest.mark.parametrize(
    ("workbooks", "expected"),
    [
        (["a/p.xlsx", "q.xlsx"], ["p", "q"]),
        (["a/p.xlsx", "b/P.xlsx"], ["a - p", "b - P"]),
        (["p.xls", "p.xlsx"], ["p.xls", "p.xlsx"]),
        (["x.zip!/a/p.xlsx", "p.xlsx"], ["x.zip - a - p", "p"]),
        (["../..", "~$p.xlsx", "-rf.xlsx", "=1+1.xlsx"], ["_", "p", "rf", "1+1"]),
        (["CON.xlsx", 'a<b>:"c.xlsx'], ["_CON", "a b c"]),
        (["é" * 300 + ".xlsx"], ["é" * 60]),
    ],
)
def test_names_are_labels_that_any_system_takes(
    workbooks: list[str], expected: list[str]
) -> None:
    assert stems(workbooks) == expected


def test_a_letter_says_what_is_most_useful_and_stays_text(tmp_path: Path) -> None:
    told = [remark(message="un\x1b[31m\u202etexte\nÀ : autre"), *(remark(f"C{i}", rule="x", message="autre") for i in range(4))]  # fmt: skip
    text = letter(order(french(), tmp_path, told), ["Sacha\nBcc: x"], attached="copy")
    assert "Jalons ! C0 et 3 autres" in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert text.splitlines()[0] == "À\u00a0: Sacha Bcc: x"


def test_a_workbook_without_a_correction_is_thanked(tmp_path: Path) -> None:
    asked = order(saved(milestones()), tmp_path, [remark(severity="info")], lang="en")
    assert "there is nothing to correct" in letter(asked, attached="copy")
