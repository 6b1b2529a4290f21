"""The rules of the house that an import or a name can break."""

from __future__ import annotations

import ast
import string
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from consolidate.wording import catalogue

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "consolidate"
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if "_share" not in p.parts)
STAGES = {"intake", "read", "detect", "mapping", "normalise", "unify", "validate", "analyse", "store", "report", "register", "share"}  # fmt: skip
WORKER = {"read", "detect", "mapping", "worker", "understand", "draw"}
RIM = {"config", "config_values", "resources", "wording"}
DOORS = {
    "python_calamine": {"read"},
    "sqlalchemy": {"store"},
    "jinja2": {"report"},
    "matplotlib": {"report"},
    "xlsxwriter": {"report"},
    "msoffcrypto": {"report"},
    "pandera": {"validate"},
    "click": {"cli"},
    "openpyxl": {"exchange"},
    "xlrd": {"read"},
    "watchdog": {"notices"},
    "imap_tools": {"mailbox"},
    "oxmsg": {"intake"},
    "keyring": {"cli"},
}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def part(path: Path) -> str:
    """The package of a module, or its own name when it stands alone."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported(node: ast.AST) -> Iterator[str]:
    for child in ast.walk(node):
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom) and child.module:
            yield from (f"{child.module}.{alias.name}" for alias in child.names)


def ours(path: Path) -> set[str]:
    """The parts of the package that a module imports."""
    names = (n.split(".") for n in imported(tree(path)))
    return {n[1] for n in names if n[0] == "consolidate" and len(n) > 1} - {
        "__version__"
    }


def known(paths: list[Path]) -> list[str]:
    return [str(p.relative_to(ROOT)) for p in paths]


@pytest.mark.parametrize("path", MODULES, ids=known(MODULES))
def test_a_module_imports_only_what_its_place_allows(path: Path) -> None:
    here = part(path)
    allowed = {
        "model": {"model"},
        "worker": STAGES | {"model", "understand", "draw", "worker", "collector"} | RIM,
        "understand": {"read", "detect", "mapping", "model"} | RIM,
        "exchange": {"exchange", "model"} | RIM,
        "register": {"register", "read", "model"} | RIM,
        "config": {"config_values", "model"},
        "config_values": {"model"},
        "resources": set(),
        "wording": {"model", "resources"},
        "cli": {
            "cli",
            "pipeline",
            "model",
            "store",
            "detect",
            "report",
            "collector",
            "interrupts",
            "intake",
            "desk",
            "watching",
            "notices",
            "run_options",
            "months",
            "compare",
            "backfill",
            "backup",
            "doctor",
            "verify",
            "purge",
            "forgetting",
            "answers",
            "outbox",
            "posting",
            "mailbox",
            "trouble",
            "registers",
            "roster",
            "worker",
            "register",
            "packs",
            "packs_run",
            "templates_run",
            "layouts_run",
            "layouts_confirm",
            "own_workbooks",
            *RIM,
        },
        "packs": {"packs", "analyse", "report", "register", "share", "model", *RIM},
    }.get(here, {here, "model", *RIM} if here in STAGES else None)
    if allowed is not None:
        assert ours(path) <= allowed


@pytest.mark.parametrize("library", DOORS)
def test_each_library_has_one_door(library: str) -> None:
    users = {part(p) for p in MODULES if library in {n.split(".")[0] for n in imported(tree(p))}}  # fmt: skip
    assert users <= DOORS[library]


def test_nothing_of_one_platform_is_imported_at_module_level() -> None:
    unix = {"fcntl", "resource", "pwd", "grp", "termios", "msvcrt", "winreg"}
    found = [
        (path.name, name)
        for path in MODULES
        for node in tree(path).body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in imported(node)
        if name.split(".")[0] in unix
    ]
    assert found == []


def test_what_runs_in_the_worker_imports_nothing_heavy() -> None:
    names = [
        ".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for p in MODULES
        if part(p) in WORKER
    ]
    heavy = ("pandas", "numpy", "pandera", "openpyxl", "sqlalchemy", "matplotlib", "jinja2", "xlsxwriter", "click")  # fmt: skip
    code = (
        f"import sys, importlib\nfor name in {names!r}: importlib.import_module(name)\n"
        f"print([m for m in {heavy!r} if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout.strip() == "[]"


def test_openpyxl_opens_no_workbook_in_the_process_that_publishes() -> None:
    code = "import sys, consolidate.pipeline, consolidate.replies\nprint('openpyxl' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)  # fmt: skip
    assert done.stdout.strip() == "False"


def lengths(paths: Iterable[Path]) -> dict[str, int]:
    return {p.name: len(p.read_text("utf-8").splitlines()) for p in paths}


def test_no_module_is_longer_than_400_lines() -> None:
    found = lengths([*MODULES, *(ROOT / "docs").glob("*.py")])
    assert {name: n for name, n in found.items() if n > 400} == {}


def test_no_list_of_tests_is_longer_than_600_lines() -> None:
    found = lengths((ROOT / "tests").glob("*.py"))
    assert {name: n for name, n in found.items() if n > 600} == {}


def constants() -> tuple[set[str], tuple[str, ...]]:
    """All string constants of the code, and the beginnings of its f-strings."""
    whole, beginnings = set(), set()
    for path in MODULES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            elif isinstance(node, ast.JoinedStr) and node.values:
                first = node.values[0]
                if isinstance(first, ast.Constant) and str(first.value).endswith("-"):
                    beginnings.add(str(first.value))
    return whole, tuple(beginnings)


def called(*names: str) -> Iterator[str]:
    """The constant first argument of every call of a function."""
    calls = (n for p in MODULES for n in ast.walk(tree(p)) if isinstance(n, ast.Call))
    for call in calls:
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        first = call.args[0] if name in names and call.args else None
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield first.value


def test_every_finding_has_words() -> None:
    assert set(called("Finding")) - set(catalogue()["findings"]) == set()


def test_every_worded_finding_is_raised_somewhere() -> None:
    whole, beginnings = constants()
    rules = catalogue()["findings"]
    assert [r for r in rules if r not in whole and not r.startswith(beginnings)] == []


def test_every_label_asked_for_exists() -> None:
    labels = catalogue()["labels"]
    missing = set(called("tr")) - set(labels)
    missing |= {f"{key}-one" for key in called("plural")} - set(labels)
    missing |= {f"{key}-many" for key in called("plural")} - set(labels)
    assert missing == set()


def test_every_label_of_the_command_line_is_used() -> None:
    whole, beginnings = constants()
    path = ROOT / "schemas" / "wording" / "cli.toml"
    labels = tomllib.loads(path.read_text("utf-8"))["labels"]
    stems = {key.removesuffix("-one").removesuffix("-many") for key in labels}
    assert [s for s in stems if s not in whole and not s.startswith(beginnings)] == []


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize(
    "path", sorted((ROOT / "schemas" / "wording").glob("*.toml")), ids=lambda p: p.stem
)
def test_both_languages_say_the_same_things(path: Path) -> None:
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    texts = dict(raw.get("labels", {}))
    for rule, words in raw.get("findings", {}).items():
        assert set(words) >= {"message", "remedy"}, rule
        texts |= {f"{rule}.{p}": words[p] for p in words}
    for key, text in texts.items():
        assert set(text) == {"fr", "en"}, key
        assert placeholders(text["fr"]) == placeholders(text["en"]), key


def test_no_entry_is_worded_twice() -> None:
    seen: list[str] = []
    for path in (ROOT / "schemas" / "wording").glob("*.toml"):
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        seen += [*raw.get("findings", {}), *raw.get("labels", {})]
    assert sorted(k for k in set(seen) if seen.count(k) > 1) == []
