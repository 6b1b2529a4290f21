"""A run raises its alerts at once, in the light of the months before."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner, Result

from consolidate import store
from consolidate.cli import main

HEADS = ["Code projet", "Projet", "État", "Avancement", "Budget total projet", "Atterrissage total", "Portée des montants"]  # fmt: skip


def workbook(*rows: list[object]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("Projets")
        for i, row in enumerate([HEADS, *rows]):
            sheet.write_row(i, 0, row)
    return buffer.getvalue()


def row(code: str, forecast: float) -> list[object]:
    return [code, f"Projet {code}", "en cours", 0.5, 100_000.0, forecast, "total"]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """September and October: an overrun of 15 %, and one project that sent nothing."""
    home = tmp_path_factory.mktemp("home")
    run(home, "2026-09", row("PRJ-1", 115_000.0), row("PRJ-2", 100_000.0))
    run(home, "2026-10", row("PRJ-1", 115_000.0))
    return home


def run(
    home: Path, period: str, *rows: list[object], extra: tuple[str, ...] = ()
) -> Result:
    inbox = home / period
    if rows:
        inbox.mkdir()
        (inbox / "projets.xlsx").write_bytes(workbook(*rows))
    words = ("--period", period, "-o", home / "out", "--home", home, "--jobs", 1)
    found = CliRunner().invoke(
        main, ["run", *map(str, (inbox, *words)), "--lang", "en", *extra]
    )
    assert found.exit_code == 0, found.output
    return found


def told(home: Path) -> list[dict[str, str]]:
    with (home / "out" / "data" / "alerts.csv").open(encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def test_an_overrun_raises_its_case_within_the_run(shared: Path) -> None:
    (found,) = [a for a in told(shared) if a["code"] == "B01"]
    assert (found["project_code"], found["severity"]) == ("PRJ-1", "critical")
    assert (found["value"], found["threshold"]) == ("0.15", "0.1")
    assert (found["since"], found["occurrences"]) == ("2026-09", "2")
    assert "€115,000 for a budget of €100,000" in found["message"]


def test_every_input_of_an_alert_leads_to_a_cell(shared: Path) -> None:
    data = shared / "out" / "data"
    with (data / "lineage.csv").open(encoding="utf-8", newline="") as f:
        cells = {(r["table"], r["record_id"], r["field"]) for r in csv.DictReader(f) if r["used"] == "true"}  # fmt: skip
    inputs = [i for a in told(shared) for i in a["inputs"].split(";") if i]
    assert inputs
    assert [i for i in inputs if tuple(i.split(":")) not in cells] == []


def test_a_project_that_sent_nothing_is_missed(shared: Path) -> None:
    missing = [a["project_code"] for a in told(shared) if a["code"] == "A02"]
    assert missing == ["PRJ-2"]


def test_the_run_counts_its_alerts(shared: Path) -> None:
    content = json.loads((shared / "out" / "run.json").read_text(encoding="utf-8"))
    assert content["counts"]["alerts"] == {
        "critical": 1,
        "major": 1,
        "minor": 0,
        "info": 0,
        "acknowledged": 0,
    }


def test_a_run_without_a_store_looks_at_its_month_alone(tmp_path: Path) -> None:
    found = run(tmp_path, "2026-10", row("PRJ-1", 115_000.0), extra=("--no-store",))
    assert [(a["code"], a["occurrences"]) for a in told(tmp_path)] == [("B01", "1")]
    assert "Alerts" in found.output
    assert "1 critical" in found.output


def test_a_mute_of_the_pmo_is_followed(tmp_path: Path) -> None:
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "rules.toml").write_text(
        '[[mute]]\nproject = "PRJ-1"\nuntil = 2026-12-31\nreason = "Known."\n',
        encoding="utf-8",
    )
    found = run(tmp_path, "2026-10", row("PRJ-1", 115_000.0))
    assert [
        (a["acknowledged_until"], a["acknowledged_because"]) for a in told(tmp_path)
    ] == [("2026-12-31", "Known.")]
    assert "1 acknowledged" in found.output


def test_the_store_keeps_what_the_month_said(shared: Path) -> None:
    kept = store.load(f"sqlite:///{shared}/portfolio.db", "2026-10")
    assert kept.alerts["code"].tolist() == [a["code"] for a in told(shared)]
    assert kept.alerts["value"].tolist()[0] == pytest.approx(0.15)
    assert kept.alerts["occurrences"].tolist() == [2, 1]
    assert kept.alerts["escalated"].tolist() == [False, False]
    assert kept.priorities["project_code"].tolist() == ["PRJ-1", "PRJ-2"]
    assert set(kept.statuses["project_code"]) == {"PRJ-1"}


def test_a_shared_copy_of_a_closed_month_has_its_alerts(tmp_path: Path) -> None:
    run(tmp_path, "2026-10", row("PRJ-1", 115_000.0))
    before = told(tmp_path)
    words = (
        "month",
        "close",
        "2026-10",
        "-o",
        tmp_path / "out",
        "--by",
        "PMO",
        "--home",
        tmp_path,
    )
    assert CliRunner().invoke(main, [*map(str, words)]).exit_code == 0
    run(tmp_path, "2026-10", extra=("--audience", "shared"))
    assert told(tmp_path) == before
