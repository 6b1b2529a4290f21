"""The copy that may leave the PMO names nobody but sponsors and project managers."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import pytest
from build_portfolio import make_portfolio, schemas
from click.testing import CliRunner

from consolidate.audience import for_audience
from consolidate.cli import main
from consolidate.clock import Clock
from consolidate.config import Config, ReportConfig
from consolidate.model.portfolio import Portfolio
from consolidate.pipeline import RunOptions, _write  # the order outputs are written in
from consolidate.register import Registers
from consolidate.share import shared
from consolidate.share.names import find_names, person_fields

MANAGER, SPONSOR = "Alix Exemplaire", "Dominique Inventé"
CANARY = "Zélie Canarival"
TEXT = (
    "Vu avec Zélie Canarival, z. canarival et CANARIVAL Zelie ; Canarival relance"
    " l’éditeur. Pilote : Z. Canarival."
)


def with_canaries() -> Portfolio:
    """A portfolio that names one person in every field of people, text and place."""
    made = make_portfolio(2)
    fields = person_fields(schemas())
    tables = {}
    for name, frame in made.tables.items():
        texts = [f.name for f in schemas().tables[name].fields if f.type == "long_text"]
        people = dict.fromkeys((f for f in fields[name] if f in frame), CANARY)
        tables[name] = frame.assign(**people, **dict.fromkeys(texts, TEXT)).assign(
            workbook="Suivi Canarival.xlsx", sheet="Zélie Canarival"
        )
    heads = {"project_manager": MANAGER, "sponsor": SPONSOR}
    tables["projects"] = tables["projects"].assign(**heads)
    place = {"workbook": "Suivi Canarival.xlsx", "sheet": "Zélie Canarival"}
    said = {"message": TEXT, "suggestion": TEXT, "raw": CANARY}
    inputs = [{"workbook": "Suivi Canarival.xlsx", "sha256": "0" * 64}]
    return dataclasses.replace(
        made,
        tables=tables,
        workbooks=made.workbooks.assign(workbook="Suivi Canarival.xlsx"),
        lineage=made.lineage.assign(**place, raw=TEXT),
        findings=made.findings.assign(**place, **said),
        run={**made.run, "inputs": inputs},
    )


@cache
def copy() -> Portfolio:
    return shared(with_canaries(), schemas())


@pytest.fixture(scope="module", params=["pmo", "shared"])
def out(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:  # fmt: skip
    """All outputs of one audience."""
    folder = tmp_path_factory.mktemp(request.param)
    made = with_canaries()
    options = RunOptions(
        (folder,),
        folder,
        made.period,
        made.as_of,
        "fr",
        None,
        Config(),
        audience=request.param,
    )
    told = for_audience(options.audience, made, schemas(), Registers())
    _write(options, told, schemas(), {}, folder, Clock())
    return request.param, folder


def parts(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file of an output as text, the parts of packages one by one, names too."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        yield path.name, path.name
        if is_zipfile(path):
            with ZipFile(path) as package:
                for info in package.infolist():
                    told = info.filename + info.comment.decode()
                    yield (
                        info.filename,
                        told + package.read(info).decode("utf-8", "replace"),
                    )
        else:
            yield path.name, path.read_bytes().decode("utf-8", "replace")


def test_no_file_of_a_shared_output_names_anybody_else(out: tuple[str, Path]) -> None:
    audience, folder = out
    named = [
        name
        for name, text in parts(folder)
        if re.search("canarival|z[ée]lie", text, re.I)
    ]
    if audience == "shared":
        assert named == []
    else:
        assert {"index.html", "lineage.csv", "run.json"} <= set(named)


def test_sponsors_and_managers_are_named_all_the_same(out: tuple[str, Path]) -> None:
    whole = dict(parts(out[1]))
    assert MANAGER in whole["projects.csv"]
    assert SPONSOR in whole["projects.csv"]
    assert MANAGER in whole["index.html"]


def test_it_says_that_it_is_the_shared_copy_and_what_was_removed(out: tuple[str, Path]) -> None:  # fmt: skip
    audience, folder = out
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert ("Copie partagée" in page) is (audience == "shared")
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert ("removed" in run) is (audience == "shared")
    if audience == "shared":
        assert run["removed"]["people"] == 1


def test_workload_is_summed_without_people() -> None:
    rows = [
        ("PRJ-1", "A", "2026-10", 3.0),
        ("PRJ-1", "B", "2026-10", 2.0),
        ("PRJ-1", "A", "2026-09", 1.0),
    ]
    made = make_portfolio(1)
    load = (
        made.tables["workload"]
        .iloc[[0, 0, 0]]
        .assign(
            project_code=[r[0] for r in rows],
            person=[r[1] for r in rows],
            month=[r[2] for r in rows],
            effort_spent=[r[3] for r in rows],
            record_id=["w1", "w2", "w3"],
            category="build",
            team="Pôle",
        )
    )
    tables = {**made.tables, "workload": load}
    found = shared(dataclasses.replace(made, tables=tables), schemas()).tables[
        "workload"
    ]
    assert found["effort_spent"].tolist() == [5.0, 1.0]
    assert found["person"].isna().all()


def test_every_value_of_the_copy_still_has_its_source() -> None:
    lineage = copy().lineage
    known = set(
        zip(lineage["table"], lineage["record_id"], lineage["field"], strict=True)
    )
    for name, frame in copy().tables.items():
        for field in ("project_code", "name", "effort_spent", "month"):
            if field in frame:
                own = frame.loc[frame[field].notna(), "record_id"]
                assert {(name, r, field) for r in own} <= known


@pytest.mark.parametrize(
    ("owner", "text", "expected"),
    [
        ("Jeanne Dutemps", "Jeanne Dutemps absente", "[personne] absente"),
        ("J. Dutemps", "voir J Dutemps", "voir [personne]"),
        ("Mme Jeanne Dutemps", "Dutemps relance", "[personne] relance"),
        ("Jeanne Dutemps / Paul Lefictif", "paul lefictif", "[personne]"),
        (
            "Hélène Nuage",
            "Le nuage de données ; Helene Nuage",
            "Le nuage de données ; [personne]",
        ),
        ("DSI", "La DSI décide", "La DSI décide"),
        ("éditeur", "L’éditeur livre", "L’éditeur livre"),
        ("Jeanne Dutemps", "Dutempsville", "Dutempsville"),
        ("Jeanne Dutemps", "Suivi_Dutemps2.xlsx", "Suivi_[personne]2.xlsx"),
        ("Jeanne Dutemps", "dutemps_jeanne.xlsx", "[personne].xlsx"),
        ("Jeanne Dutemps", "à j.dutemps@chu.invalid", "à [personne]"),
        ("Hélène Nuage", "vu He\u0301le\u0300ne Nuage", "vu [personne]"),
        ("jeanne dutemps", "vu Jeanne Dutemps", "vu [personne]"),
        ("chef de projet", "Le chef de projet, le chef", "Le chef de projet, le chef"),
        ("Jeanne de La Tourelle", "J. de la Tourelle", "[personne]"),
        ("Jeanne Cœurval", "Jeanne Coeurval", "[personne]"),
        ("m@chu.invalid", "Plan m", "Plan m"),
    ],
)
def test_a_name_is_known_however_it_is_written_and_words_stay_words(
    owner: str, text: str, expected: str
) -> None:
    made = make_portfolio(1)
    risks = made.tables["risks"].iloc[:1].assign(owner=owner, description=text)
    tables = {name: frame.iloc[:0] for name, frame in made.tables.items()}
    tables |= {"risks": risks, "projects": made.tables["projects"]}
    found = shared(dataclasses.replace(made, tables=tables), schemas()).tables["risks"]
    assert found["description"].tolist() == [expected]
    assert found["owner"].tolist() == [None]


def test_a_manager_is_not_hidden_for_owning_a_risk() -> None:
    made = make_portfolio(1)
    manager = made.tables["projects"]["project_manager"].iloc[0]
    tables = {**made.tables, "risks": made.tables["risks"].assign(owner=manager)}
    assert manager not in find_names(tables, schemas()).hidden


@pytest.mark.parametrize(
    "owner", ["EXEMPLAIRE Alix", "A. Exemplaire", "alix exemplaire"]
)
def test_a_manager_is_named_however_another_table_writes_it(owner: str) -> None:
    made = make_portfolio(1)
    projects = made.tables["projects"].assign(project_manager=MANAGER)
    risks = made.tables["risks"].assign(owner=owner)
    tables = {**made.tables, "projects": projects, "risks": risks}
    found = shared(dataclasses.replace(made, tables=tables), schemas()).tables
    assert set(found["projects"]["project_manager"]) == {MANAGER}
    assert found["risks"]["owner"].isna().all()


def test_a_shared_copy_has_no_link_to_workbooks(tmp_path: Path) -> None:
    made = with_canaries()
    config = Config(report=ReportConfig(source_root="https://ged.invalid/canarival"))
    options = RunOptions(
        (tmp_path,), tmp_path, made.period, made.as_of, "fr", None, config, audience="shared"
    )  # fmt: skip
    told = for_audience(options.audience, made, schemas(), Registers())
    _write(options, told, schemas(), {}, tmp_path, Clock())
    assert [name for name, text in parts(tmp_path) if "ged.invalid" in text] == []


def test_every_field_of_people_is_known() -> None:
    typed = {
        (name, field.name)
        for name, table in schemas().tables.items()
        for field in table.fields
        if field.type == "person"
    }
    emptied = {
        (name, f) for name, fields in person_fields(schemas()).items() for f in fields
    }
    assert typed - emptied == {("projects", "project_manager"), ("projects", "sponsor")}


def test_numbers_of_the_copy_are_numbers() -> None:
    for name, frame in with_canaries().tables.items():
        numbers = list(frame.select_dtypes("number").columns)
        assert list(copy().tables[name].select_dtypes("number").columns) == numbers


@pytest.mark.parametrize("is_configured", [False, True])
def test_replies_are_not_for_a_shared_copy(tmp_path: Path, is_configured: bool) -> None:
    config = tmp_path / "consolidate.toml"
    config.write_text("[report]\naudience = 'shared'\n", encoding="utf-8")
    chosen = ["--config", str(config)] if is_configured else ["--audience", "shared"]
    made = CliRunner().invoke(main, ["run", str(tmp_path), "--replies", *chosen])
    assert made.exit_code == 2
    assert "shared" in made.output
