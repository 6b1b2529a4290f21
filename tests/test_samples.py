"""The run recovers every cell of the sample workbooks, and says what is doubtful."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
from samples_truth import MONTHS, SAMPLES, Comparison, Published, read_truth, shown_by
from xlsx_check import problems

from consolidate.model.schema import TABLES, load_schemas
from consolidate.resources import shipped

SHOWN_AT_MOST = 60
AS_OF = {"2026-09": "2026-09-30", "2026-10": "2026-10-31"}
needs_pipeline = pytest.mark.skipif(
    importlib.util.find_spec("consolidate.pipeline") is None,
    reason="the pipeline is not there",
)


def told(problems: list[str]) -> str:
    """Return the problems, one a line, the first of them when there are many."""
    lines = [f"{len(problems)} difference(s)", *problems[:SHOWN_AT_MOST]]
    return "\n  ".join(lines)


@pytest.fixture(scope="module", params=MONTHS)
def comparison(request, tmp_path_factory) -> Comparison:
    month = request.param
    home = tmp_path_factory.mktemp(month)
    command = [sys.executable, "-m", "consolidate", "run", str(SAMPLES / month)]
    options = ["--period", month, "--as-of", AS_OF[month], "--no-store"]
    places = ["--output", str(home / "out"), "--home", str(home / "home")]
    done = subprocess.run(
        [*command, *options, *places], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return Comparison(read_truth(month), Published(home / "out" / "data"), TABLES)


@needs_pipeline
def test_every_workbook_is_in_its_state(comparison: Comparison) -> None:
    problems = comparison.states()
    assert not problems, told(problems)


@needs_pipeline
def test_excel_would_open_the_consolidated_workbook(comparison: Comparison) -> None:
    book = comparison.published.folder.parent / "portfolio.xlsx"
    assert problems(book) == []


@needs_pipeline
def test_every_cell_of_the_truth_is_recovered_from_its_place(
    comparison: Comparison,
) -> None:
    problems = comparison.values()
    assert not problems, told(problems)


@needs_pipeline
def test_every_record_belongs_to_its_project(comparison: Comparison) -> None:
    problems = comparison.projects()
    assert not problems, told(problems)


@needs_pipeline
def test_nothing_is_read_that_is_no_record(comparison: Comparison) -> None:
    problems = comparison.extra_records()
    assert not problems, told(problems)


@needs_pipeline
def test_no_cell_gives_a_value_that_it_does_not_mean(comparison: Comparison) -> None:
    problems = comparison.extra_values()
    assert not problems, told(problems)


@needs_pipeline
def test_doubts_are_told_and_nothing_else_above_info(comparison: Comparison) -> None:
    problems = comparison.findings()
    assert not problems, told(problems)


@pytest.mark.parametrize("month", MONTHS)
def test_each_cell_of_the_truth_shows_what_the_truth_says(month: str) -> None:
    truth = read_truth(month)
    shown = {
        name: shown_by(SAMPLES / month / name)
        for name, state in truth.states.items()
        if state == "consolidated"
    }
    problems = []
    for record in truth.records:
        for value in record.values:
            true = value.value if value.raw is None else value.raw
            for at, place in enumerate(value.places):
                there = shown[place.workbook].get((place.sheet, place.cell))
                # Another cell of the same value may be written otherwise.
                if there != true and not (at and there is not None):
                    problems.append(
                        f"{place} shows {there!r}, not {true!r} ({value.field})"
                    )
                if record.row and value.field in {"name", "title", "code"}:
                    assert place.cell.endswith(str(record.row)), record
    assert not problems, told(problems)


@pytest.mark.parametrize("month", MONTHS)
def test_the_truth_speaks_the_language_of_the_schemas(month: str) -> None:
    schemas = load_schemas((shipped("schemas"),))
    for record in read_truth(month).records:
        fields = schemas.tables[record.table].by_name
        for value in record.values:
            field = fields[value.field]
            if field.type == "code" and not field.open:
                codes = schemas.vocabularies[field.values].codes
                assert str(value.value) in codes, f"{record}: {value.field}"


@pytest.mark.parametrize("month", MONTHS)
def test_the_truth_accounts_for_every_file(month: str) -> None:
    files = {
        path.relative_to(SAMPLES / month).as_posix()
        for path in (SAMPLES / month).rglob("*")
        if path.is_file()
    }
    assert files - {"truth.toml"} == set(read_truth(month).states)


def test_there_are_enough_workbooks_of_every_kind() -> None:
    workbooks = [
        path
        for month in MONTHS
        for path in (SAMPLES / month).rglob("*")
        if path.is_file() and path.suffix != ".toml"
    ]
    assert len(workbooks) >= 24
    assert {p.suffix for p in workbooks} == {".xlsx", ".xlsm", ".xls", ".ods", ".csv"}


def test_the_builder_writes_the_same_bytes_again() -> None:
    builder = Path(SAMPLES, "build.py")
    done = subprocess.run(
        [sys.executable, str(builder), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
