from __future__ import annotations

import dataclasses
import pickle
from pathlib import Path

import pytest

from consolidate.config import SECTIONS, Config, load_config
from consolidate.model.error import ConfigError


def load(tmp_path: Path, text: str, home: Path | None = None) -> Config:
    path = tmp_path / "consolidate.toml"
    path.write_text(text, encoding="utf-8")
    return load_config(path, home)


def test_without_a_file_the_defaults_are_in_force() -> None:
    assert load_config() == Config()
    assert load_config(None, Path("/nowhere")) == Config()


def test_what_the_file_says_is_in_force_with_its_origin(tmp_path: Path) -> None:
    config = load(tmp_path, '[run]\nlang = "en"\n[units]\nhours_per_day = 8\n')
    assert config.run.lang == "en"
    assert config.units.hours_per_day == 8.0
    assert isinstance(config.units.hours_per_day, float)
    assert set(config.origins) == {"run.lang", "units.hours_per_day"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[rnu]\n", "[rnu] is unknown; the nearest is 'run'"),
        ("run = 1\n", "[run] must be a section"),
        ("[run]\nlnag = 'fr'\n", "run.lnag is unknown; the nearest is 'lang'"),
        ("[run]\nlang = 'de'\n", "run.lang must be one of fr, en, not 'de'"),
        ("[run]\nlang = 1\n", "run.lang must be a text, not 1"),
        ("[run]\nfail_on = 'errors'\n", "did you mean 'error'?"),
        ("[run]\nheartbeat_url = 'file:///etc'\n", "run.heartbeat_url must begin with"),
        ("[run]\nstore = 'postgresql://u:p@h/d'\n", "CONSOLIDATE_STORE"),
        ("[run]\njobs = -1\n", "run.jobs must be at least 0"),
        ("[limits]\nseconds = '20'\n", "limits.seconds must be a number, not '20'"),
        ("[limits]\nseconds = true\n", "limits.seconds must be a number, not True"),
        ("[limits]\nseconds = 1.5\n", "limits.seconds must be a whole number"),
        ("[limits]\nseconds = 0\n", "limits.seconds must be at least 1"),
        ("[units]\nhours_per_day = nan\n", "units.hours_per_day must be at least 1"),
        ("[paths]\nschemas = 'nowhere'\n", "paths.schemas: there is no folder"),
        ("[paths]\nschemas = 3\n", "paths.schemas must be a folder's path"),
        ("[run\n", "consolidate.toml: Expected"),
    ],
)
def test_a_mistake_names_file_key_and_the_way_out(
    tmp_path: Path, text: str, told: str
) -> None:
    with pytest.raises(ConfigError) as error:
        load(tmp_path, text)
    assert told in str(error.value)
    assert str(tmp_path / "consolidate.toml") in str(error.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"c\.toml: No such file"):
        load_config(tmp_path / "c.toml")


def test_folders_are_those_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    assert load(tmp_path, '[paths]\nschemas = "mine"\n').paths.schemas == tmp_path / "mine"  # fmt: skip


def test_the_home_gives_its_file_layouts_and_schemas(tmp_path: Path) -> None:
    (tmp_path / "layouts").mkdir()
    (tmp_path / "consolidate.toml").write_text("[limits]\nseconds = 9\n")
    config = load_config(None, tmp_path)
    assert config.limits.seconds == 9
    assert config.paths.layouts == tmp_path / "layouts"
    assert config.paths.schemas is None
    assert config.origins["paths.layouts"] == "home"


def test_the_file_names_folders_before_the_home(tmp_path: Path) -> None:
    for folder in ("home/layouts", "mine"):
        (tmp_path / folder).mkdir(parents=True)
    config = load(tmp_path, '[paths]\nlayouts = "mine"\n', tmp_path / "home")
    assert config.paths.layouts == tmp_path / "mine"


def test_a_configuration_travels_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(Config())) == Config()


def test_settings_list_every_key() -> None:
    keys = {f"{s}.{f.name}" for s, kind in SECTIONS.items() for f in dataclasses.fields(kind)}  # fmt: skip
    assert set(Config().settings()) == keys


@pytest.mark.parametrize("kind", SECTIONS.values())
def test_every_key_is_documented(kind: type) -> None:
    for field in dataclasses.fields(kind):
        assert f"        {field.name}: " in (kind.__doc__ or "")
