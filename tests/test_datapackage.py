"""The data package: what it says, byte by byte, and that Frictionless accepts it."""

from __future__ import annotations

import csv
import dataclasses
import json
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from build_portfolio import INJECTIONS, make_portfolio

from consolidate.model.schema import TABLES
from consolidate.report.csv_text import csv_bytes
from consolidate.report.datapackage import write_data


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    write_data(make_portfolio(3), folder)
    return folder / "data"


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_every_table_has_a_file_and_a_description(package: Path) -> None:
    names = {
        *TABLES,
        "workbooks",
        "lineage",
        "findings",
        "alerts",
        "statuses",
        "priorities",
    }
    assert {p.stem for p in package.glob("*.csv")} == names
    described = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    assert {r["name"] for r in described["resources"]} == names
    for resource in described["resources"]:
        head = rows(package / resource["path"])[0]
        assert [f["name"] for f in resource["schema"]["fields"]] == head
        assert resource["bytes"] == (package / resource["path"]).stat().st_size


def test_frictionless_accepts_it(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import warnings

    warnings.simplefilter("ignore")
    frictionless = pytest.importorskip("frictionless")
    monkeypatch.chdir(package)
    report = frictionless.Package("datapackage.json").validate()
    assert report.valid, report.to_summary()


def test_the_description_warns_of_formulas(package: Path) -> None:
    described = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    assert "=, +, - ou @" in described["description"]


def test_two_writings_are_the_same_bytes(package: Path, tmp_path: Path) -> None:
    write_data(make_portfolio(3), tmp_path)
    for path in package.iterdir():
        assert (tmp_path / "data" / path.name).read_bytes() == path.read_bytes()


def test_an_empty_portfolio_has_all_files(tmp_path: Path) -> None:
    write_data(make_portfolio(0), tmp_path)
    assert rows(tmp_path / "data" / "risks.csv")[0][0] == "record_id"
    assert len(rows(tmp_path / "data" / "risks.csv")) == 1


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("money", 12500.0, "12500"),
        ("money", 1234.5678, "1234.57"),
        ("money", 0.1 + 0.2, "0.3"),
        ("money", -0.001, "0"),
        ("money", 1e16, "10000000000000000"),
        ("effort", 1 / 3, "0.3333"),
        ("share", 2 / 3, "0.666667"),
        ("share", float("nan"), ""),
        ("integer", 2026, "2026"),
        ("date", date(2026, 3, 1), "2026-03-01"),
        ("boolean", True, "true"),
        ("boolean", False, "false"),
        ("boolean", None, ""),
        ("month", "2026-03", "2026-03"),
        ("text", None, ""),
        ("text", "a, b", '"a, b"'),
        ("text", 'dit "oui"', '"dit ""oui"""'),
        ("text", "a\nb", '"a\nb"'),
        ("text", "  =1+1 ", "  =1+1 "),
        ("text", "demi \ud800", "demi \ufffd"),
    ],
)
def test_a_value_is_written_so(kind: Any, value: Any, text: str) -> None:
    frame = pd.DataFrame({"a": pd.Series([value], dtype="object"), "b": ["x"]})
    assert csv_bytes(frame, {"a": kind}).decode() == f"a,b\r\n{text},x\r\n"


def test_missing_whole_numbers_are_empty() -> None:
    frame = pd.DataFrame({"n": pd.array([1, None], dtype="Int64")})
    assert csv_bytes(frame, {"n": "integer"}) == b"n\r\n1\r\n\r\n"


def test_text_is_given_exactly_as_it_was_read(tmp_path: Path) -> None:
    portfolio = make_portfolio(len(INJECTIONS))
    projects = portfolio.tables["projects"].assign(name=list(INJECTIONS))
    tables = {**portfolio.tables, "projects": projects}
    write_data(dataclasses.replace(portfolio, tables=tables), tmp_path)
    read = rows(tmp_path / "data" / "projects.csv")
    assert [r[read[0].index("name")] for r in read[1:]] == list(INJECTIONS)


def test_the_key_to_projects_is_promised_only_when_it_holds(tmp_path: Path) -> None:
    portfolio = make_portfolio(2)
    risks = portfolio.tables["risks"].assign(project_code="AILLEURS")
    tables = {**portfolio.tables, "risks": risks}
    write_data(dataclasses.replace(portfolio, tables=tables), tmp_path)
    text = (tmp_path / "data" / "datapackage.json").read_text(encoding="utf-8")
    schemas = {r["name"]: r["schema"] for r in json.loads(text)["resources"]}
    assert "foreignKeys" in schemas["actions"]
    assert "foreignKeys" not in schemas["risks"]
