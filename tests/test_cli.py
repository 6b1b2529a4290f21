from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from consolidate.cli import COMMANDS, main
from consolidate.cli.progress import progress_bar
from consolidate.cli.text import columns_of, excerpt, one_line, table

HEAVY = ("pandas", "numpy", "pandera", "matplotlib", "sqlalchemy", "openpyxl", "jinja2", "xlsxwriter", "python_calamine")  # fmt: skip


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("STORE", "LANG", "CONFIG"):
        monkeypatch.delenv(f"CONSOLIDATE_{name}", raising=False)
    monkeypatch.setenv("CONSOLIDATE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def call(*words: str) -> click.testing.Result:
    return CliRunner().invoke(main, list(words))


def test_the_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from consolidate.cli import main\n"
        "try: main(['--help'])\n"
        f"finally: print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "[]"
    assert "Commands:" in done.stdout


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command by its words, those of a group too."""
    for name in COMMANDS:
        found = main.get_command(click.Context(main), name)
        assert found is not None
        if isinstance(found, click.Group):
            yield from ((f"{name} {sub}", c) for sub, c in found.commands.items())
        else:
            yield name, found


@pytest.mark.parametrize("words", [words for words, _ in commands()])
def test_every_command_has_help_with_an_example_and_the_summary_of_the_list(
    words: str,
) -> None:
    result = call(*words.split(), "--help")
    assert result.exit_code == 0
    assert f"Example: consolidate {words}" in result.stdout
    assert "--lang" in result.stdout
    assert "--debug" in result.stdout
    assert "\\b" not in result.stdout


@pytest.mark.parametrize("command", [c for _, c in commands()], ids=str)
def test_every_option_has_help(command: click.Command) -> None:
    options = [p for p in command.params if isinstance(p, click.Option)]
    assert [o.name for o in options if not o.help and not o.hidden] == []


@pytest.mark.parametrize(
    "words",
    [("rn",), ("run",), ("run", "nowhere"), ("run", ".", "--period", "2026-13"),
     ("run", ".", "--as-of", "31/10/2026"), ("run", ".", "--lang", "de"), ("map", "nowhere.xlsx")],
)  # fmt: skip
def test_bad_words_exit_2_without_a_traceback(words: tuple[str, ...]) -> None:
    result = call(*words)
    assert result.exit_code == 2
    assert "Error:" in result.stderr
    assert "Traceback" not in result.output


def test_the_version_is_told() -> None:
    assert "2026." in call("--version").stdout


def test_python_m_consolidate_works() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "consolidate", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("consolidate, version")


def test_config_tells_each_value_and_its_source(home: Path) -> None:
    home.mkdir()
    (home / "consolidate.toml").write_text("[limits]\nseconds = 5\n")
    result = CliRunner().invoke(
        main, ["config", "--lang", "en", "--json"], env={"CONSOLIDATE_STORE": "postgresql://u:secret@h/d"}
    )  # fmt: skip
    told = json.loads(result.stdout)
    assert told["home"] == {"value": str(home), "from": "CONSOLIDATE_HOME"}
    assert told["run.lang"] == {"value": "en", "from": "--lang"}
    assert told["limits.seconds"]["from"].endswith("consolidate.toml")
    assert told["limits.file_mb"]["from"] == "default"
    assert told["run.store"] == {
        "value": "postgresql://u:***@h/d",
        "from": "CONSOLIDATE_STORE",
    }


def test_a_wrong_configuration_exits_2_naming_file_and_key(home: Path) -> None:
    home.mkdir()
    (home / "consolidate.toml").write_text("[limits]\nsecond = 5\n")
    result = call("config")
    assert result.exit_code == 2
    assert "consolidate.toml: limits.second is unknown" in result.stderr
    assert "'seconds'" in result.stderr


def test_history_of_a_new_home_is_empty_and_makes_nothing(home: Path) -> None:
    result = call("history", "--lang", "en")
    assert result.exit_code == 0, result.output
    assert "No month is kept" in result.stdout
    assert not home.exists()


def test_text_of_a_cell_cannot_drive_the_terminal() -> None:
    assert one_line("a\x1b[31mb\u202e\nc\td") == "a�[31mb� c d"


def test_an_excerpt_is_cut_with_an_ellipsis() -> None:
    assert excerpt("abcdef", 4) == "abc…"
    assert excerpt("abcd", 4) == "abcd"


def test_tables_are_aligned_by_what_a_terminal_shows() -> None:
    assert columns_of("漢é") == 3
    assert table([("漢", "x"), ("abc", "y")]) == ["漢   x", "abc  y"]
    assert table([("a", "bb"), ("ccc", "")]) == ["a    bb", "ccc"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_a_bar_and_a_log_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    with progress_bar(quiet=False, lang="fr") as progress:
        assert progress is not None
        progress(1, 3, "a\x1b[2J.xlsx")
        progress(3, 3, "b.xlsx")
    shown = sys.stderr.getvalue()
    assert "Lecture" in shown
    assert "3/3" in shown
    assert "\x1b[2J" not in shown
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with progress_bar(quiet=False, lang="fr") as progress:
        assert progress is None
