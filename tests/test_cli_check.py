from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click
import pytest
from cli_fake import FakePipeline, finding, install, portfolio, workbook
from click.testing import CliRunner

from consolidate.cli import main, options


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakePipeline:
    monkeypatch.setenv("CONSOLIDATE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(options, "today", lambda: date(2026, 12, 3))
    (tmp_path / "p1.xlsx").write_bytes(b"")
    return install(monkeypatch)


def check(tmp_path: Path, *words: str) -> click.testing.Result:
    return CliRunner().invoke(main, ["check", str(tmp_path / "p1.xlsx"), *words])


def test_each_finding_has_place_excerpt_explanation_and_remedy(
    fake: FakePipeline, tmp_path: Path
) -> None:
    fake.portfolio = portfolio([finding("error", "date-unread")])
    result = check(tmp_path)
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-4:] == [
        "p1.xlsx ! Jalons ! C4   error  date-unread",
        "    Fin initiale = «\u00a0bientôt\u00a0»",
        "    Ce n’est pas une date reconnue.",
        "    À faire\u00a0: écrire une date (31/03/2026).",
    ]


def test_what_was_understood_comes_first(fake: FakePipeline, tmp_path: Path) -> None:
    lines = check(tmp_path).stdout.splitlines()
    assert lines[0] == "p1.xlsx : compris en entier"
    assert "10 cellules lues\u00a0: 8 valeurs reprises, 1 laissées de côté" in lines[1]
    assert "P-0001" in lines[2]
    assert "1\u202f234" in lines[3]


def test_a_finding_worth_knowing_is_shown_on_demand(
    fake: FakePipeline, tmp_path: Path
) -> None:
    fake.portfolio = portfolio([finding("info", "column-unused")], lang="en")
    assert "column-unused" not in check(tmp_path, "--lang", "en").stdout
    assert "1 more note with -v." in check(tmp_path, "--lang", "en").stdout
    assert "column-unused" in check(tmp_path, "--lang", "en", "-v").stdout


def test_a_workbook_with_nothing_to_correct_exits_0(
    fake: FakePipeline, tmp_path: Path
) -> None:
    result = check(tmp_path)
    assert result.exit_code == 0
    assert "Rien à corriger." in result.stdout


def test_doubts_count_when_asked(fake: FakePipeline, tmp_path: Path) -> None:
    fake.portfolio = portfolio([finding("warning", "number-approximate")])
    assert check(tmp_path).exit_code == 0
    assert check(tmp_path, "--fail-on", "warning").exit_code == 1


def test_a_rejected_workbook_says_why(fake: FakePipeline, tmp_path: Path) -> None:
    rejected = workbook("p1.xlsx", "rejected", reason="chiffré", cells_read=None)
    fake.portfolio = portfolio(
        workbooks=[{**rejected, "cells_mapped": float("nan"), "project_codes": None}]
    )
    result = check(tmp_path)
    assert result.exit_code == 1
    assert "p1.xlsx : rejeté (chiffré)" in result.stdout


def test_json_has_every_finding_in_full(fake: FakePipeline, tmp_path: Path) -> None:
    fake.portfolio = portfolio([finding("error", "date-unread")])
    told = json.loads(check(tmp_path, "--json").stdout)
    assert told["to_correct"][0]["cell"] == "C4"
    assert told["to_correct"][0]["project_code"] == ""
    assert told["exit_status"] == 1


def test_the_period_and_the_day_are_those_of_a_run(
    fake: FakePipeline, tmp_path: Path
) -> None:
    check(tmp_path, "--period", "2026-10")
    assert fake.asked[0][2] == {"period": "2026-10", "as_of": date(2026, 10, 31), "lang": "fr"}  # fmt: skip
