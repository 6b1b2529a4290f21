from __future__ import annotations

import dataclasses
import json
from datetime import date
from pathlib import Path

import click
import pytest
from cli_fake import FakePipeline, finding, install, portfolio, workbook
from click.testing import CliRunner

from consolidate.cli import main, options
from consolidate.model.error import OutputError


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakePipeline:
    for name in ("STORE", "LANG", "CONFIG"):
        monkeypatch.delenv(f"CONSOLIDATE_{name}", raising=False)
    monkeypatch.setenv("CONSOLIDATE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(options, "today", lambda: date(2026, 12, 3))
    (tmp_path / "inbox").mkdir()
    return install(monkeypatch)


def run(tmp_path: Path, *words: str, **env: str) -> click.testing.Result:
    line = ["run", str(tmp_path / "inbox"), "--output", str(tmp_path / "out"), *words]
    return CliRunner().invoke(main, line, env=env)


def test_the_period_is_the_last_complete_month_and_its_last_day(
    fake: FakePipeline, tmp_path: Path
) -> None:
    result = run(tmp_path)
    assert result.exit_code == 0, result.output
    asked = fake.asked[0]
    assert (asked.period, asked.as_of) == ("2026-11", date(2026, 11, 30))
    assert asked.store == f"sqlite:///{(tmp_path / 'home' / 'portfolio.db').as_posix()}"
    assert (tmp_path / "home").is_dir()
    assert asked.lang == "fr"


@pytest.mark.parametrize(
    ("period", "expected"),
    [("2026-12", date(2026, 12, 3)), ("2024-02", date(2024, 2, 29)), ("9999-12", date(2026, 12, 3))],
)  # fmt: skip
def test_as_of_is_the_earlier_of_the_month_s_end_and_today(
    fake: FakePipeline, tmp_path: Path, period: str, expected: date
) -> None:
    run(tmp_path, "--period", period)
    assert fake.asked[0].as_of == expected


def test_a_january_run_reports_december() -> None:
    assert options.last_complete_month(date(2026, 1, 5)) == "2025-12"


def test_options_come_before_the_environment_and_the_file(
    fake: FakePipeline, tmp_path: Path
) -> None:
    file = tmp_path / "c.toml"
    file.write_text('[run]\nlang = "en"\nstore = "sqlite:///file.db"\njobs = 3\n')
    run(tmp_path, "--config", str(file))
    run(tmp_path, "--config", str(file), CONSOLIDATE_STORE="sqlite:///env.db")
    run(tmp_path, "--store", "sqlite:///o.db", CONSOLIDATE_STORE="sqlite:///env.db")
    assert [a.store[10:] for a in fake.asked] == ["file.db", "env.db", "o.db"]
    assert [a.lang for a in fake.asked] == ["en", "en", "fr"]
    assert fake.asked[0].jobs == 3


def test_no_store_runs_without_history_whatever_the_environment_says(
    fake: FakePipeline, tmp_path: Path
) -> None:
    result = run(tmp_path, "--no-store", CONSOLIDATE_STORE="sqlite:///env.db")
    assert result.exit_code == 0, result.output
    assert fake.asked[0].store is None
    assert "--no-store" in result.stdout


def test_store_and_no_store_exclude_each_other(
    fake: FakePipeline, tmp_path: Path
) -> None:
    assert run(tmp_path, "--no-store", "--store", "sqlite://").exit_code == 2
    assert fake.asked == []


@pytest.mark.parametrize(
    ("severity", "fail_on", "status"),
    [
        ("error", "error", 1), ("warning", "error", 0), ("warning", "warning", 1),
        ("info", "warning", 0), ("info", "info", 1), ("error", "never", 0),
    ],
)  # fmt: skip
def test_findings_at_or_above_fail_on_exit_1(
    fake: FakePipeline, tmp_path: Path, severity: str, fail_on: str, status: int
) -> None:
    fake.portfolio = portfolio([finding(severity, "date-unread")])
    assert run(tmp_path, "--fail-on", fail_on).exit_code == status


def test_a_rejected_workbook_exits_1_whatever_fail_on(
    fake: FakePipeline, tmp_path: Path
) -> None:
    fake.portfolio = portfolio(workbooks=[workbook("a.xlsx", "rejected", reason="?")])
    assert run(tmp_path, "--fail-on", "never").exit_code == 1


def test_the_summary_is_read_in_ten_seconds(fake: FakePipeline, tmp_path: Path) -> None:
    findings = [
        *[finding("warning", "number-approximate")] * 5,
        *[finding("error", "date-unread", cell=f"C{i}") for i in range(4, 6)],
        finding("error", "row-no-name", message="Sans nom."),
        finding("error", "workbook-unreadable", workbook="secret.xlsx", sheet=""),
        finding("info", "column-unused"),
    ]
    books = [
        workbook("p1.xlsx"),
        workbook("p2.xlsx", "partial"),
        workbook("secret.xlsx", "rejected", reason="protégé"),
    ]
    fake.portfolio = portfolio(findings, books)
    result = run(tmp_path)
    assert result.exit_code == 1
    out = tmp_path / "out"
    assert result.stdout.splitlines() == [
        "Portefeuille de 2026-10, au 2026-10-31",
        "  Classeurs        3 (1 consolidé, 1 en partie, 1 rejeté)",
        "  Projets          1",
        "  Enregistrements  1\u202f235",
        "  Constats         4 erreurs, 5 avertissements, 1 information",
        "À regarder en premier",
        "  1. 1 classeur rejeté",
        "     secret.xlsx (protégé)",
        "  2. 2 × Date non reconnue (date-unread)",
        "     Ce n’est pas une date reconnue.",
        "     p1.xlsx ! Jalons ! C4",
        "  3. 1 × row-no-name",
        "     Sans nom.",
        "     p1.xlsx ! Jalons ! C4",
        "Résultats",
        f"  {out}/index.html      le rapport, dans un navigateur",
        f"  {out}/portfolio.xlsx  le classeur consolidé",
        f"  {out}/data/           les données, pour Power BI et les scripts",
    ]


def test_findings_are_lines_of_stderr_to_be_searched(
    fake: FakePipeline, tmp_path: Path
) -> None:
    fake.portfolio = portfolio([finding("error", "date-unread"), finding("info", "x")])
    assert run(tmp_path).stderr == "p1.xlsx!Jalons!C4: error date-unread\n"
    assert "info x" in run(tmp_path, "-v", "-o", str(tmp_path / "o2")).stderr
    assert run(tmp_path, "-q", "-o", str(tmp_path / "o3")).stderr == ""


def test_json_is_all_there_is_on_stdout(fake: FakePipeline, tmp_path: Path) -> None:
    fake.portfolio = portfolio([finding("error", "date-unread")])
    told = json.loads(run(tmp_path, "--json", "--store", "x://u:secret@h/d").stdout)
    assert told["exit_status"] == 1
    assert told["workbooks"] == {"total": 1, "consolidated": 1}
    assert told["records"] == {"total": 1235, "projects": 1, "milestones": 1234}
    assert told["findings"] == {"error": 1, "warning": 0, "info": 0}
    assert told["look_first"][0]["rule"] == "date-unread"
    assert told["store"] == "x://u:***@h/d"
    assert told["outputs"] == ["index.html", "portfolio.xlsx", "data", "run.json"]


def test_a_dry_run_publishes_and_stores_nothing(
    fake: FakePipeline, tmp_path: Path
) -> None:
    result = run(tmp_path, "--dry-run")
    assert result.exit_code == 0, result.output
    assert fake.asked[0].store is None
    assert not (tmp_path / "out").exists()
    assert not fake.asked[0].output.exists()
    assert not (tmp_path / "home").exists()
    assert "rien n’a été publié" in result.stdout


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (OutputError("out: held open by another program"), 2, "out: held open"),
        (RuntimeError("boom\nagain"), 2, "unforeseen RuntimeError: boom again"),
        (MemoryError(), 2, "unforeseen MemoryError"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (RecursionError(), 2, "unforeseen RecursionError"),
    ],
)
def test_a_failure_is_one_line_and_its_status(
    fake: FakePipeline,
    tmp_path: Path,
    error: BaseException,
    status: int,
    told: str,
) -> None:
    fake.raises = error
    result = run(tmp_path)
    assert result.exit_code == status
    assert result.stdout == ""
    assert told in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert "Traceback" not in result.output


def test_debug_shows_the_traceback(fake: FakePipeline, tmp_path: Path) -> None:
    fake.raises = RuntimeError("boom")
    result = run(tmp_path, "--debug")
    assert result.exit_code == 2
    assert "Traceback" in result.stderr


def test_a_heartbeat_that_fails_changes_nothing(
    fake: FakePipeline, tmp_path: Path
) -> None:
    file = tmp_path / "c.toml"
    file.write_text('[run]\nheartbeat_url = "http://127.0.0.1:9/"\n')
    result = run(tmp_path, "--config", str(file))
    assert result.exit_code == 0
    assert "heartbeat" in result.stderr


def test_the_fake_has_the_options_and_the_result_of_the_true_pipeline() -> None:
    true = pytest.importorskip("consolidate.pipeline")
    for name in ("RunOptions", "RunResult"):
        ours = [f.name for f in dataclasses.fields(getattr(FakePipeline, name))]
        assert [f.name for f in dataclasses.fields(getattr(true, name))] == ours
