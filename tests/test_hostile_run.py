"""One inbox of hostile files, one run: what the user sees, and what is published."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZipFile

import pytest
import xlsxwriter
from build_read import ole, sheet, xlsx
from click.testing import CliRunner, Result

from consolidate.cli import main

ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'
FAR = '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
LONG = "long " * 8000
INJECTIONS = ["=HYPERLINK(1)", "+cmd|' /C calc'!A0", "@SUM(1)", "-2+3", "<b>x</b>"]
PAGE = "<html><table><tr><td>Jalon</td><td>Échéance</td></tr><tr><td>Recette</td><td>31/12/2026</td></tr></table></html>"


def milestones(*names: str) -> bytes:
    """A workbook of milestones by an ordinary program; texts stay texts."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        page = book.add_worksheet("Jalons")
        for col, text in enumerate(("Jalon", "Échéance", "Responsable")):
            page.write_string(0, col, text)
        for row, name in enumerate(names, 1):
            page.write_string(row, 0, name)
            page.write_string(row, 1, "31/12/2026")
    return buffer.getvalue()


GOOD = milestones("Recette", "Bascule")
FILES: Mapping[str, bytes] = {
    "bon.xlsx": GOOD,
    "chiffre.xlsx": ole("EncryptionInfo", "EncryptedPackage"),
    "coupe.xlsx": GOOD[: len(GOOD) // 2],
    "vide.xlsx": b"",
    "bombe.xlsx": xlsx(sheet(" " * (64 << 20) + ONE)),
    "loin.xlsx": xlsx(sheet(ONE + FAR)),
    "page.xls": PAGE.encode(),
    "texte.xlsx": "Bonjour à tous.\nLe tableau suit.\n".encode(),
    "formules.xlsx": milestones(*INJECTIONS),
}
REASONS = {
    "chiffre.xlsx": "mot de passe",
    "coupe.xlsx": "endommagé",
    "vide.xlsx": "vide",
    "bombe.xlsx": "trop volumineux",
    "texte.xlsx": "pas un classeur",
}


def consolidate(*words: str | Path, home: Path) -> Result:
    env = {"CONSOLIDATE_HOME": str(home), "CONSOLIDATE_LANG": "fr"}
    given = ["run", *map(str, words), "--period", "2026-10"]
    return CliRunner().invoke(main, given, env=env)


def rows(out: Path, table: str) -> list[dict[str, str]]:
    with (out / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        csv.field_size_limit(10**6)
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:
    """One run over all of them."""
    folder = tmp_path_factory.mktemp("hostile")
    inbox, out = folder / "inbox", folder / "out"
    inbox.mkdir()
    for name, data in FILES.items():
        (inbox / name).write_bytes(data)
    (inbox / "long.csv").write_text(f"Jalon;Échéance\n{LONG};31/12/2026\n", "utf-8")
    return consolidate(inbox, "-o", out, home=folder / "home"), out


def test_the_run_goes_on_and_says_that_some_were_rejected(
    done: tuple[Result, Path],
) -> None:
    result, out = done
    assert result.exit_code == 1, result.output
    assert "5 rejetés" in result.stdout
    assert "Traceback" not in result.output
    assert len(rows(out, "workbooks")) == len(FILES) + 1


@pytest.mark.parametrize(("name", "word"), REASONS.items())
def test_each_rejection_is_told_in_words(
    done: tuple[Result, Path], name: str, word: str
) -> None:
    book = next(r for r in rows(done[1], "workbooks") if r["workbook"] == name)
    assert book["state"] == "rejected"
    assert word in book["reason"]
    told = [f for f in rows(done[1], "findings") if f["workbook"] == name]
    assert [f["severity"] for f in told] == ["error"]
    assert told[0]["suggestion"]


def test_the_others_are_consolidated(done: tuple[Result, Path]) -> None:
    names = {r["name"] for r in rows(done[1], "milestones")}
    assert {"Recette", "Bascule", *INJECTIONS, LONG.strip()} <= names


def test_a_cell_at_the_end_of_the_grid_is_told(done: tuple[Result, Path]) -> None:
    told = {
        f["rule"] for f in rows(done[1], "findings") if f["workbook"] == "loin.xlsx"
    }
    assert "sheet-sparse" in told


def test_no_text_becomes_a_formula_a_link_or_markup(done: tuple[Result, Path]) -> None:
    out = done[1]
    with ZipFile(out / "portfolio.xlsx") as book:
        sheets = [n for n in book.namelist() if n.startswith("xl/worksheets/sheet")]
        xml = "".join(book.read(n).decode() for n in sheets)
        texts = book.read("xl/sharedStrings.xml").decode()
        parts = "".join(book.namelist())
    assert all(bad not in xml for bad in ("HYPERLINK(1)", "cmd|"))
    assert "=HYPERLINK(1)" in texts
    assert "externalLink" not in parts
    page = (out / "index.html").read_text("utf-8")
    assert "<b>x</b>" not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


def test_a_text_too_long_for_a_cell_is_whole_in_the_data(
    done: tuple[Result, Path],
) -> None:
    out = done[1]
    assert any(r["name"] == LONG.strip() for r in rows(out, "milestones"))
    with ZipFile(out / "portfolio.xlsx") as book:
        assert LONG.strip() not in book.read("xl/sharedStrings.xml").decode()


def test_a_second_run_gives_the_same_bytes(done: tuple[Result, Path]) -> None:
    out = done[1]
    again = out.with_name("again")
    consolidate(out.parent / "inbox", "-o", again, home=out.parent / "other")
    for path in (out / "data").iterdir():
        assert path.read_bytes() == (again / "data" / path.name).read_bytes(), path.name
    book = "portfolio.xlsx"
    assert (out / book).read_bytes() == (again / book).read_bytes()


def test_an_inbox_without_a_workbook_publishes_nothing(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    out = tmp_path / "out"
    result = consolidate(tmp_path / "inbox", "-o", out, home=tmp_path / "h")
    assert (result.exit_code, out.exists()) == (2, False)
    assert "--allow-empty" in result.stderr
    again = consolidate(
        tmp_path / "inbox", "-o", out, "--allow-empty", home=tmp_path / "h"
    )
    assert (again.exit_code, out.exists()) == (0, True)


def test_results_among_the_received_files_are_not_read_again(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "bon.xlsx").write_bytes(GOOD)
    for _ in range(2):
        result = consolidate(inbox, "-o", inbox / "out", "--no-store", home=tmp_path)
        assert result.exit_code == 0, result.output
    states = {r["workbook"]: r["state"] for r in rows(inbox / "out", "workbooks")}
    assert states.pop("bon.xlsx") == "consolidated"
    assert set(states.values()) <= {"ignored"}
    assert len(rows(inbox / "out", "milestones")) == 2


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_publishes_nothing_and_leaves_nothing(
    tmp_path: Path, number: signal.Signals, request: pytest.FixtureRequest
) -> None:
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    inbox.mkdir()
    # Not in tmp_path: the name of a socket in it may hold a hundred characters at most.
    spool = Path(tempfile.mkdtemp(prefix="t-"))
    request.addfinalizer(lambda: shutil.rmtree(spool, ignore_errors=True))
    os.mkfifo(inbox / "stuck.csv")
    for i in range(40):
        (inbox / f"{i}.xlsx").write_bytes(milestones(f"Jalon {i}"))
    env = {**os.environ, "TMPDIR": str(spool), "CONSOLIDATE_HOME": str(tmp_path / "h")}
    command = [sys.executable, "-m", "consolidate", "run", str(inbox), "-o", str(out)]
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE) as process:
        while process.poll() is None and not any(
            tmp_path.glob(".out.consolidate/consolidate-*")
        ):
            pass  # until it has begun to read
        process.send_signal(number)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 130, told
    assert {p.name for p in tmp_path.iterdir()} - {"h"} == {"inbox"}
    assert list(spool.iterdir()) == []
    assert b"Traceback" not in told


def test_json_is_the_summary_for_machines(tmp_path: Path) -> None:
    (tmp_path / "bon.xlsx").write_bytes(GOOD)
    out = tmp_path / "out"
    result = consolidate(
        tmp_path / "bon.xlsx", "-o", out, "--json", "--no-store", home=tmp_path
    )
    summary = json.loads(result.stdout)
    assert summary["workbooks"] == {"total": 1, "consolidated": 1}
