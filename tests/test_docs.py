from __future__ import annotations

import importlib.util
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from consolidate.analyse.alerts.registry import registered
from consolidate.cli import COMMANDS
from consolidate.model.schema import TABLES
from consolidate.packs.registry import PACKS

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
GENERATED = {
    "data-dictionary",
    "dictionnaire",
    "findings",
    "constats",
    "alerts",
    "alertes",
    "cli",
}
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)#\s]+)(#[^)]*)?\)")
_FENCE = re.compile(r"^```.*?^```", re.M | re.S)


def load_generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("g", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_the_generated_parts_are_up_to_date() -> None:
    assert list(load_generator().stale()) == [], "make docs"


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    links = [m[1] for m in _LINK.finditer(_FENCE.sub("", text(path)))]
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (path.parent / link).exists()] == []


def test_every_picture_is_light_and_shown_in_its_language() -> None:
    shown = {link: p for p in PAGES for link in re.findall(r"images/([\w.]+)", text(p))}
    pictures = {p.name: p.stat().st_size for p in (ROOT / "docs/images").iterdir()}
    assert set(shown) == set(pictures)
    assert {name: size for name, size in pictures.items() if size > 150_000} == {}
    for name, page in shown.items():
        french = "fr" in page.relative_to(ROOT).parts or page.name.endswith(".fr.md")
        assert french == name.endswith(".fr.png"), page


def test_pages_written_by_hand_are_short() -> None:
    lengths = {p.name: len(text(p).splitlines()) for p in PAGES if p.stem not in GENERATED}  # fmt: skip
    assert {name: n for name, n in lengths.items() if n > 300} == {}


@pytest.mark.parametrize("page", ["README.md", "docs/reference/cli.md"])
def test_every_command_is_told(page: str) -> None:
    told = text(ROOT / page)
    asked = set(COMMANDS) - ({"config"} if page == "README.md" else set())
    assert [name for name in asked if f"consolidate {name}" not in told] == []


def test_every_table_is_in_both_dictionaries() -> None:
    for page in ("docs/reference/data-dictionary.md", "docs/fr/reference/dictionnaire.md"):  # fmt: skip
        told = text(ROOT / page)
        assert [t for t in TABLES if f"### `{t}`" not in told] == []


def test_every_alert_rule_is_in_both_pages() -> None:
    for page in ("docs/reference/alerts.md", "docs/fr/reference/alertes.md"):
        told = text(ROOT / page)
        assert [r for r in registered() if f"### {r}\n" not in told] == []


def test_pages_for_the_pmo_exist_in_french_too() -> None:
    howto = list((ROOT / "docs" / "howto").glob("*.md"))
    french = list((ROOT / "docs" / "fr" / "howto").glob("*.md"))
    assert len(howto) == len(french)


def test_every_pack_has_its_audience_in_both_pages_for_the_dpo() -> None:
    for page in ("docs/explanation/personal-data.md", "docs/fr/explanation/donnees-personnelles.md"):  # fmt: skip
        told = text(ROOT / page)
        assert [name for name in PACKS if f"`{name}`" not in told] == []


def test_the_readme_tells_every_exit_status() -> None:
    told = text(ROOT / "README.md")
    assert [s for s in (0, 1, 2, 130) if f"| {s} |" not in told] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_examples_of_configuration_are_toml(path: Path) -> None:
    for block in re.findall(r"^```toml\n(.*?)^```", text(path), re.M | re.S):
        tomllib.loads(block)


def test_the_lock_holds_hashes_and_no_address() -> None:
    for name in ("runtime", "build", "dev"):
        lock = text(ROOT / "requirements" / f"{name}.txt")
        assert "--hash=sha256:" in lock
        assert not re.search(r"://|--(extra-)?index|--trusted|--find-links", lock)


def tutorial_commands() -> list[str]:
    blocks = re.findall(r"^```console\n(.*?)^```", text(ROOT / "docs/tutorial.md"), re.M | re.S)  # fmt: skip
    return [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]  # fmt: skip


def test_the_tutorial_works_as_it_is_written(tmp_path: Path) -> None:
    samples = ROOT / "sample_workbooks"
    if importlib.util.find_spec("consolidate.pipeline") is None or not (samples / "2026-10").is_dir():  # fmt: skip
        pytest.skip("needs the pipeline and the sample workbooks")
    (tmp_path / "sample_workbooks").symlink_to(samples, target_is_directory=True)
    env = {**os.environ, "CONSOLIDATE_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT)}  # fmt: skip
    told = []
    for command in tutorial_commands():
        words = shlex.split(command)
        assert words[0] == "consolidate"
        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=tmp_path,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in (0, 1), f"{command}\n{done.stderr}"
        assert done.stdout.strip(), command
        told.append(done)
    assert told[0].returncode == 1, told[0].stdout
    assert "2026-10" in told[-1].stdout
    assert (tmp_path / "out" / "index.html").is_file()
