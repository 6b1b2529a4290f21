"""Old workbooks go to the months they are of."""

from __future__ import annotations

import io
import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from click.testing import CliRunner

from consolidate.backfill import Dated, date_workbook
from consolidate.cli import main
from consolidate.intake import Mailroom


@pytest.mark.parametrize(
    ("name", "reported", "month", "evidence", "other"),
    [
        ("a.xlsx", date(2026, 5, 29), "2026-05", "content", ""),
        ("2026-05/a.xlsx", date(2026, 5, 29), "2026-05", "content", ""),
        ("2026-04/a.xlsx", date(2026, 5, 29), "2026-05", "content", "2026-04"),
        ("Suivi avril 2026.xlsx", date(2026, 5, 4), "2026-04", "content", ""),
        ("Suivi avril 2026.xlsx", None, "2026-04", "name", ""),
        ("2026-03/Suivi.xlsx", None, "2026-03", "name", ""),
        ("2025/12.zip!/Suivi janv-26.xlsx", None, "2026-01", "name", ""),
        ("Suivi.xlsx", None, "2026-07", "date", ""),
    ],
)
def test_content_then_name_then_date_tell_the_month(
    name: str, reported: date | None, month: str, evidence: str, other: str
) -> None:
    found = date_workbook(name, reported, "2026-07-03T08:00:00Z")
    assert (found.month, found.evidence, found.other) == (month, evidence, other)


def test_a_report_of_early_january_may_be_of_december() -> None:
    found = date_workbook("déc 2025.xlsx", date(2026, 1, 5), "")
    assert found == Dated("déc 2025.xlsx", "2025-12", "content", "2026-01-05")


@pytest.fixture
def past(tmp_path: Path) -> Path:
    """Workbooks of two months, one of which does not say which."""
    folder = tmp_path / "past"
    folder.mkdir()
    for name, progress in (("Projets mars 2026.xlsx", 0.5), ("Projets.xlsx", 0.6)):
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer) as book:
            sheet = book.add_worksheet("Projets")
            sheet.write_row(0, 0, ["Code projet", "Projet", "Avancement"])
            sheet.write_row(1, 0, ["PRJ-1", "Dossier patient", progress])
        (folder / name).write_bytes(buffer.getvalue())
    os.utime(folder / "Projets.xlsx", (1_777_000_000, 1_777_000_000))  # 2026-04-24
    return folder


def call(past: Path, *words: str) -> Any:
    home = ["--home", str(past.parent / "home"), "--lang", "en"]
    return CliRunner().invoke(main, ["backfill", str(past), *words, *home])


def test_a_dry_run_lists_and_writes_nothing(past: Path) -> None:
    told = call(past).output
    assert "2026-03  1 workbook  to be consolidated" in told
    assert "file date 2026-04-24, for want of better" in told
    assert not (past.parent / "home").exists()


def test_months_are_consolidated_once(past: Path) -> None:
    done = json.loads(call(past, "--apply", "--json").stdout)
    assert done["stored"] == ["2026-03", "2026-04"]
    again = json.loads(call(past, "--apply", "--json").stdout)
    assert again["stored"] == []
    assert "in the store already" in call(past).output
    kept = Mailroom(past.parent / "home").ledger()
    assert [item.state for item in kept] == ["consolidated"] * 2


def test_each_month_may_be_published_too(past: Path, tmp_path: Path) -> None:
    call(past, "--apply", "--output", str(tmp_path / "months"))
    names = sorted(p.name for p in (tmp_path / "months").iterdir() if p.name[0] != ".")
    assert names == ["2026-03", "2026-04"]
    assert (tmp_path / "months" / "2026-03" / "portfolio.xlsx").exists()
