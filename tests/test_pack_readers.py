"""What each reader may see: every file of every pack is opened, hidden parts included."""

from __future__ import annotations

import dataclasses
import zipfile
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pytest
from build_html_portfolio import frame, schemas

from consolidate.analyse.rules import load_rules
from consolidate.model.pack import Pack
from consolidate.model.portfolio import (
    ALERT_COLUMNS,
    FINDING_COLUMNS,
    LINEAGE_COLUMNS,
    WORKBOOK_COLUMNS,
    Portfolio,
)
from consolidate.packs import PackData
from consolidate.packs.readers import Narrower
from consolidate.packs.registry import maker
from consolidate.report.html_page import Shell
from consolidate.report.pack_book import write_pack_book
from consolidate.report.pack_page import pack_shell, render_pack
from consolidate.resources import shipped

DAY = date(2026, 10, 31)
# Own projects and another's; the third is confidential.
OWNERS = {
    "A": {
        "project_manager": "Alba Kanari",
        "sponsor": "Sacha Mecene",
        "establishment": "Site Nord",
        "establishments": "Site Nord",
        "department": "Informatique",
    },
    "B": {
        "project_manager": "Bruno Serinet",
        "sponsor": "Bela Mecene",
        "establishment": "Site Sud",
        "establishments": "Site Sud",
        "department": "Biomedical",
    },
    "C": {
        "project_manager": "Carla Pinson",
        "sponsor": "Cesar Mecene",
        "establishment": "Site Nord",
        "establishments": "Site Nord;Site Sud",
        "department": "Informatique",
    },
}
_letters = count()


def canary(table: str, field: str, owner: str) -> str:
    """A text that says of whom and where it is, unlike any other."""
    return f"kk{table}-{field}-{owner}kk"


@cache
def person(table: str, field: str, owner: str) -> str:
    """A name that nobody else bears."""
    number = next(_letters)
    name = "".join(chr(97 + (number // 26**k) % 26) for k in range(3))
    return f"Zig{name} Vol{name}{owner.lower()}"


def row(table: str, owner: str) -> dict[str, Any]:
    spec = schemas().tables[table]
    found: dict[str, Any] = {"record_id": f"{table}-{owner}"}
    for field in spec.fields:
        if field.type == "person":
            found[field.name] = person(table, field.name, owner)
        elif field.type in ("text", "long_text"):
            found[field.name] = canary(table, field.name, owner)
        elif field.type == "date":
            found[field.name] = date(2026, 11, 20)
        elif field.type == "money":
            found[field.name] = 1000.0
        elif field.type == "month":
            found[field.name] = "2026-10"
    told = dict(OWNERS[owner]) if table == "projects" else {}
    if table == "workload":
        told = {"effort_spent": 3.0, "category": "run", "team": f"Equipe {owner}"}
    if "establishment" in spec.by_name:
        told["establishment"] = OWNERS[owner]["establishment"]
    code = {"project_code": f"PRJ-{owner}", "state": None}
    place = {
        "workbook": f"classeur {owner}.xlsx",
        "sheet": f"Feuille {owner}",
        "row": 3,
    }
    return {**found, **code, **told, **place}


def month() -> Portfolio:
    tables = {
        name: frame(spec, [row(name, owner) for owner in OWNERS])
        for name, spec in schemas().tables.items()
    }
    findings = [
        {
            **dict.fromkeys(FINDING_COLUMNS),
            "severity": "error",
            "rule": "date-unread",
            "workbook": f"classeur {owner}.xlsx",
            "project_code": f"PRJ-{owner}",
            "table": "projects",
            "raw": canary("findings", "raw", owner),
            "message": canary("findings", "message", owner),
        }
        for owner in OWNERS
    ]
    books = [
        {
            **dict.fromkeys(WORKBOOK_COLUMNS),
            "workbook": f"classeur {owner}.xlsx",
            "state": "consolidated",
            "project_codes": f"PRJ-{owner}",
            "cells_read": 9,
            "cells_mapped": 9,
            "cells_left": 0,
        }
        for owner in OWNERS
    ]
    alerts = [
        {
            **dict.fromkeys(ALERT_COLUMNS),
            "project_code": f"PRJ-{owner}",
            "severity": "major",
            "rule": "forecast-delay",
            "group": "schedule",
            "table": "projects",
            "record_id": f"projects-{owner}",
            "message": canary("alerts", "message", owner),
            "since": "2026-10",
            "inputs": f"projects:projects-{owner}:end_forecast",
        }
        for owner in OWNERS
    ]
    return Portfolio(
        "2026-10",
        DAY,
        "fr",
        tables,
        pd.DataFrame(books, columns=WORKBOOK_COLUMNS, dtype="object"),
        pd.DataFrame(columns=LINEAGE_COLUMNS, dtype="object"),
        pd.DataFrame(findings, columns=FINDING_COLUMNS, dtype="object"),
        {"version": "1", "options": {"inboxes": ["/secret/kkinboxkk"]}},
        pd.DataFrame(alerts, columns=ALERT_COLUMNS, dtype="object"),
    )


@cache
def data() -> PackData:
    register = pd.DataFrame({"code": ["PRJ-C"], "confidential": [True]})
    now = month()
    earlier = dataclasses.replace(now, period="2026-09")
    return PackData(
        now,
        schemas(),
        load_rules((shipped("schemas"),)),
        closed=earlier,
        registers={"projects": register},
    )


def parts_of(pack: Pack, folder: Path, shell: Shell) -> Iterator[str]:
    """Every text of every part of both files, names of files and parts included."""
    yield pack.name
    page = render_pack(pack, schemas(), "1", shell)
    yield page
    path = folder / "p.xlsx"
    write_pack_book(pack, path)
    with zipfile.ZipFile(path) as book:
        for name in book.namelist():
            yield name
            yield book.read(name).decode("utf-8", "replace")


@cache
def made(kind: str) -> tuple[tuple[str, str], ...]:
    """The subtitle of each pack of a kind, and all that its files hold."""
    shell = pack_shell()
    with TemporaryDirectory() as folder:
        return tuple(
            (pack.subtitle, "\n".join(parts_of(pack, Path(folder), shell)))
            for pack in maker(kind)(data())
        )


def told(kind: str, subject: str = "") -> str:
    """What the packs of a kind about somebody say, in every part of every file."""
    found = [text for subtitle, text in made(kind) if subject in subtitle]
    assert found
    return "\n".join(found)


EMPTIED = ("project_manager", "sponsor")


def names_of(owner: str, kept: tuple[str, ...]) -> list[str]:
    """Names of the people of a project who are in none of the kept fields."""
    tables = schemas().tables
    others = [
        person(t, f.name, owner)
        for t, spec in tables.items()
        for f in spec.fields
        if f.type == "person" and not (t == "projects" and f.name in EMPTIED)
    ]
    managers = [OWNERS[owner][f] for f in EMPTIED if f not in kept]
    return [*others, *managers]


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        ("manager", "Alba Kanari"),
        ("establishment", "Site Nord"),
        ("department", "Informatique"),
        ("project", "PRJ-A"),
    ],
)
def test_nothing_of_another_readers_projects_is_in_any_part(
    kind: str, subject: str
) -> None:
    every = told(kind, subject)
    assert "PRJ-A" in every
    for mark in (
        "-Bkk",
        "PRJ-B",
        "classeur B",
        "Feuille B",
        "Bruno Serinet",
        "Equipe B",
    ):
        assert mark not in every


@pytest.mark.parametrize(
    "kind", ["direction", "establishment", "department", "project"]
)
def test_a_confidential_project_is_in_the_pmos_own_copy_alone(kind: str) -> None:
    every = told(kind)
    assert "-Ckk" not in every
    assert "PRJ-C" not in every


@pytest.mark.parametrize(
    ("kind", "subject", "kept"),
    [
        ("direction", "", ("sponsor",)),
        ("establishment", "Site Nord", EMPTIED),
        ("department", "Informatique", EMPTIED),
        ("project", "PRJ-A", EMPTIED),
    ],
)
def test_only_the_people_a_reader_may_know_are_named(
    kind: str, subject: str, kept: tuple[str, ...]
) -> None:
    every = told(kind, subject)
    assert [n for n in names_of("A", kept) if n in every] == []


def test_a_manager_reads_nobodys_load_by_name() -> None:
    every = told("manager", "Alba Kanari")
    assert person("workload", "person", "A") not in every


@pytest.mark.parametrize(
    ("kind", "subject"), [("direction", ""), ("establishment", "Site Nord")]
)
def test_what_managers_tell_the_pmo_alone_stays_there(kind: str, subject: str) -> None:
    every = told(kind, subject)
    internal = [
        canary(t, f, "A")
        for t, spec in schemas().tables.items()
        for f in ("comment", "attention_points")
        if f in spec.by_name
    ]
    assert [c for c in internal if c in every] == []


@pytest.mark.parametrize("kind", ["direction", "manager", "establishment", "project"])
def test_where_the_pmo_keeps_its_files_is_told_to_nobody(
    kind: str,
) -> None:
    assert "kkinboxkk" not in told(kind)


def test_a_file_has_no_hidden_sheet_and_no_property_but_the_products(
    tmp_path: Path,
) -> None:
    from openpyxl import load_workbook

    for kind in ("direction", "manager"):
        pack = next(iter(maker(kind)(data())))
        write_pack_book(pack, tmp_path / "p.xlsx")
        book = load_workbook(tmp_path / "p.xlsx")
        assert {s.sheet_state for s in book.worksheets} == {"visible"}
        assert not book.defined_names
        properties = book.properties
        assert (properties.creator, properties.lastModifiedBy) == ("consolidate",) * 2
        assert not properties.description


def test_a_name_in_a_free_text_is_masked_for_the_direction() -> None:
    own = data().portfolio.tables["projects"]
    hidden = person("risks", "owner", "A")
    spoken = own.assign(decisions=f"Vu avec {hidden} en octobre")
    tables = {**data().portfolio.tables, "projects": spoken}
    portfolio = dataclasses.replace(data().portfolio, tables=tables)
    narrowed = Narrower(dataclasses.replace(data(), portfolio=portfolio)).direction()
    texts = narrowed.table("projects")["decisions"].dropna()
    assert not texts.str.contains(hidden).any()


def test_a_project_of_every_establishment_is_in_each_ones_pack() -> None:
    own = data().portfolio.tables["projects"]
    shared_out = own.assign(
        establishment=own["establishment"].where(own["project_code"] != "PRJ-B", "Tous")
    )
    tables = {**data().portfolio.tables, "projects": shared_out}
    portfolio = dataclasses.replace(data().portfolio, tables=tables)
    narrowed = Narrower(dataclasses.replace(data(), portfolio=portfolio))
    here = narrowed.establishment("Site Nord").table("projects")
    assert set(here["project_code"]) == {"PRJ-A", "PRJ-B"}


def test_an_earlier_month_is_narrowed_too() -> None:
    from consolidate.analyse.history import Month

    tables = {"projects": data().portfolio.tables["projects"]}
    past = Month("2026-09", date(2026, 9, 30), tables)
    known = dataclasses.replace(data(), earlier=lambda _fields, _months: (past,))
    (seen,) = Narrower(known).manager("Alba Kanari").earlier({}, 3)
    assert list(seen.tables["projects"]["project_code"]) == ["PRJ-A"]
