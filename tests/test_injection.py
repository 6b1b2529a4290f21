"""Attack texts in every field, name and title: every output shows them as text."""

from __future__ import annotations

import csv
import dataclasses
import json
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from zipfile import ZipFile

import pytest
from build_html_portfolio import build_portfolio, changed_text, schemas

from consolidate.clock import Clock
from consolidate.config import Config
from consolidate.model.portfolio import Portfolio
from consolidate.pipeline import RunOptions, _write
from consolidate.report.html import make_context, render_index
from consolidate.report.html_proof import Sources
from consolidate.store.pack import pack, unpack

ATTACKS = {
    "script": "<script>alert(1)</script>",
    "attribute": '" onmouseover="alert(1)" x=\'',
    "template": "{{ 7*7 }}{% raw %}${7*7}",
    "formula": "=cmd|' /C calc'!A0",
    "plus": "+1+1",
    "at": "@SUM(1+1)",
    "tabs": "a\tb\r\nc",
    "direction": "gauche\u202edroite\u200b",
    "control": "a\x00b\x07c\x1b[31m",
    "excel": "_x0041_",
    "emoji": "👩‍⚕️ 🏥",
    "json": '</script><!--"]}\\u2028\u2028',
    "entity": "&#60;b&#62;&amp;",
    "link": "javascript:alert(1)",
    "cdata": "]]><b>",
    "path": "../../etc/passwd",
}


def attacked(attack: str) -> Portfolio:
    """A portfolio each text of which ends with an attack; codes stay codes."""
    plain = build_portfolio(2)
    made = changed_text(plain, lambda text: f"{text}{attack}")
    # What became of a workbook, and which rule a finding is of, no cell can say.
    books = made.workbooks.assign(state=plain.workbooks["state"])
    own = {name: plain.findings[name] for name in ("rule", "table", "field")}
    return dataclasses.replace(
        made, workbooks=books, findings=made.findings.assign(**own)
    )


@cache
def outputs(attack: str, place: str) -> Path:
    folder = Path(place)
    folder.mkdir()
    made = attacked(ATTACKS[attack])
    options = RunOptions(
        (folder,), folder, made.period, made.as_of, "fr", None, Config()
    )
    _write(options, made, schemas(), {}, folder, Clock())
    return folder


@pytest.fixture(params=ATTACKS)
def attack(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def out(attack: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return outputs(attack, str(tmp_path_factory.getbasetemp() / f"attack-{attack}"))


class _Tags(HTMLParser):
    """The elements of a page, with the names of their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.update((tag, name) for name, _ in attrs or [("", "")])


def tags(page: str) -> set[tuple[str, str]]:
    parser = _Tags()
    parser.feed(page)
    return parser.found


@cache
def harmless() -> frozenset[tuple[str, str]]:
    """Elements and attributes of pages whose texts end with plain letters instead."""
    return frozenset(tags(render_index(attacked(" zz"), schemas())))


def test_pages_get_no_element_and_no_attribute(out: Path) -> None:
    assert tags((out / "index.html").read_text("utf-8")) <= harmless()


def test_every_page_keeps_its_policy_and_its_data(out: Path) -> None:
    for path in (out / "index.html", *(out / "projects").glob("*.html")):
        page = path.read_text("utf-8")
        assert page.count("Content-Security-Policy") == 1
        found = re.search(r'id="data">(.*?)</script>', page, re.S)
        assert found is not None
        assert set(json.loads(found[1])) >= {"t", "p", "lang"}


def test_pages_of_projects_have_names_and_no_paths(out: Path) -> None:
    names = [p.name for p in (out / "projects").rglob("*")]
    assert len(names) == 2
    assert all(re.fullmatch(r"[\w-]+\.html", name) for name in names)


def test_the_workbook_has_no_formula_and_no_link_of_theirs(out: Path) -> None:
    with ZipFile(out / "portfolio.xlsx") as book:
        for name in book.namelist():
            text = book.read(name).decode("utf-8", "replace")
            if name.startswith("xl/worksheets/"):
                assert not re.search(r"<f>[^<]*(cmd|alert)", text)
            if name.endswith(".rels"):
                assert "javascript" not in text
                assert 'TargetMode="External"' not in text


def test_the_data_read_back_are_what_they_were(attack: str, out: Path) -> None:
    made = attacked(ATTACKS[attack])
    with (out / "data" / "projects.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    assert [r["name"] for r in rows] == made.tables["projects"]["name"].tolist()


def test_the_store_gives_back_what_it_was_given(attack: str) -> None:
    lineage = attacked(ATTACKS[attack]).lineage
    assert unpack(pack(lineage))["raw"].tolist() == lineage["raw"].tolist()


@pytest.mark.parametrize(
    ("root", "workbook", "up", "address"),
    [
        ("", "a.xlsx", "", ""),
        (
            "/srv/pmo",
            "Équipe 2/a b#1.xlsx",
            "../",
            "file:///srv/pmo/Équipe%202/a%20b%231.xlsx",
        ),
        (
            "https://ged.invalid/pmo",
            "é.xlsx",
            "",
            "https://ged.invalid/pmo/%C3%A9.xlsx",
        ),
        ("recus", "a.xlsx", "../", "../recus/a.xlsx"),
        ("C:\\pmo", "a.zip!/b.xlsx", "", "file:///C:/pmo/a.zip"),
        ("/srv", "../../etc/passwd", "", ""),
    ],
)
def test_a_source_leads_to_its_workbook_and_nowhere_else(
    root: str, workbook: str, up: str, address: str
) -> None:
    lineage = build_portfolio(1).lineage.iloc[:0]
    assert Sources(lineage, root).address(workbook, up) == address


def test_proofs_carry_the_address_of_their_workbook_when_there_is_a_root() -> None:
    made = build_portfolio(2)
    context = make_context(made, schemas(), source_root="https://ged.invalid/pmo")
    context.load("projects", context.projects, ("progress",))
    proofs = [context.proof("projects", p, "progress") for p in context.projects]
    assert any(p is not None for p in proofs)
    places = context.proofs.payload()["w"]
    assert isinstance(places, list)
    assert all(p[6].startswith("https://ged.invalid/pmo/") for p in places)


def test_what_is_attacked_is_every_text() -> None:
    made = attacked("<x>")
    plain = build_portfolio(2)
    for name, frame in plain.tables.items():
        texts = [
            f.name
            for f in schemas().tables[name].fields
            if f.type in {"text", "long_text"}
        ]
        for field in texts:
            given = frame[field].dropna()
            assert (
                made.tables[name].loc[given.index, field].str.contains("<x>").all()
            ), field
    assert dataclasses.replace(made).workbooks["workbook"].str.contains("<x>").all()
