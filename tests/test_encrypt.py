"""Packs that leave the PMO encrypted open with the password, and with nothing else."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from msoffcrypto.exceptions import InvalidKeyError
from msoffcrypto.format.ooxml import OOXMLFile
from openpyxl import load_workbook
from test_pack_command import kept

from consolidate.cli import main
from consolidate.cli.secret import VARIABLE
from consolidate.config import Config
from consolidate.packs_run import PackOptions, write_packs

PASSWORD = "cheval juste pile agrafe"
OLE = b"\xd0\xcf\x11\xe0"


def run(tmp_path: Path, *args: str, password: str = "") -> tuple[int, str]:
    given = ["pack", "deadlines", "-o", str(tmp_path / "packs"), "--home", str(tmp_path / "home"), *args]  # fmt: skip
    found = CliRunner(env={VARIABLE: password or None}).invoke(main, given)
    return found.exit_code, found.output


def opened(path: Path, password: str) -> list[list[object]]:
    clear = io.BytesIO()
    with path.open("rb") as file:
        book = OOXMLFile(file)
        book.load_key(password=password, verify_password=True)
        book.decrypt(clear, verify_integrity=True)
    return cells(clear)


def cells(source: Path | io.BytesIO) -> list[list[object]]:
    book = load_workbook(source)
    return [[c.value for c in row] for sheet in book for row in sheet.iter_rows()]


def test_an_encrypted_pack_holds_what_the_clear_one_does(tmp_path: Path) -> None:
    url = kept(tmp_path)
    clear = tmp_path / "clear"
    write_packs(PackOptions(("deadlines",), "", clear, url, Config(), "fr"))
    code, told = run(tmp_path, "--encrypt", password=PASSWORD)
    assert code == 0, told
    assert PASSWORD not in told
    sealed = tmp_path / "packs" / "2026-10" / "deadlines.xlsx"
    assert opened(sealed, PASSWORD) == cells(clear / "2026-10" / "deadlines.xlsx")
    with pytest.raises(InvalidKeyError):
        opened(sealed, PASSWORD.upper())


def test_no_page_in_clear_lies_beside_it(tmp_path: Path) -> None:
    kept(tmp_path)
    run(tmp_path)
    folder = tmp_path / "packs" / "2026-10"
    assert (folder / "deadlines.html").is_file()
    run(tmp_path, "--encrypt", password=PASSWORD)
    assert [p.name for p in folder.iterdir()] == ["deadlines.xlsx"]
    if os.name == "posix":
        assert (folder / "deadlines.xlsx").stat().st_mode & 0o077 == 0


def test_the_password_comes_from_a_file_that_nobody_else_reads(tmp_path: Path) -> None:
    kept(tmp_path)
    secret = tmp_path / "secret"
    secret.write_text(f"{PASSWORD}\n", encoding="utf-8")
    secret.chmod(0o644)
    code, told = run(tmp_path, "--password-file", str(secret))
    if os.name == "posix":
        assert code == 2
        assert "chmod 600" in told
    secret.chmod(0o600)
    assert run(tmp_path, "--password-file", str(secret))[0] == 0
    sealed = tmp_path / "packs" / "2026-10" / "deadlines.xlsx"
    assert opened(sealed, PASSWORD)


def test_nothing_in_clear_reaches_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(tmp_path)
    seen: list[bytes] = []
    place = Path.replace

    def watched(draft: Path, target: Path) -> Path:
        lying = (p for p in (tmp_path / "packs").rglob("*") if p.is_file())
        seen.extend(p.read_bytes()[:4] for p in lying)
        return place(draft, target)

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("a draft on disk")

    monkeypatch.setattr(Path, "replace", watched)
    monkeypatch.setattr("tempfile.mkdtemp", refused)
    code, told = run(tmp_path, "--encrypt", password=PASSWORD)
    assert code == 0, told
    assert seen == [OLE]


@pytest.mark.parametrize("password", ["", "court"], ids=["none", "too short"])
def test_without_a_password_worth_it_nothing_is_written(
    tmp_path: Path, password: str
) -> None:
    kept(tmp_path)
    assert run(tmp_path, "--encrypt", password=password)[0] == 2
    assert not (tmp_path / "packs").exists()


def test_what_asks_for_packs_shows_no_password() -> None:
    options = PackOptions((), "", Path(), "", Config(), "fr", password=PASSWORD)
    assert PASSWORD not in repr(options)
