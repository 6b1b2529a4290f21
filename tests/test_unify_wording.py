from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
_RULE = re.compile(r'"([a-z]+(?:-[a-z]+)+)"')


def worded(area: str) -> dict[str, dict[str, dict[str, str]]]:
    path = ROOT / "schemas" / "wording" / f"{area}.toml"
    return dict(tomllib.loads(path.read_text(encoding="utf-8"))["findings"])


def raised(area: str) -> set[str]:
    return {
        rule
        for path in (ROOT / "consolidate" / area).glob("*.py")
        for rule in _RULE.findall(path.read_text(encoding="utf-8"))
    }


@pytest.mark.parametrize("area", ["unify", "validate"])
def test_every_rule_worded_is_raised(area: str) -> None:
    assert set(worded(area)) <= raised(area)


@pytest.mark.parametrize("area", ["unify", "validate"])
def test_both_languages_have_the_same_placeholders(area: str) -> None:
    for rule, parts in worded(area).items():
        for words in parts.values():
            french, english = (re.findall(r"\{(\w+)\}", words[k]) for k in ("fr", "en"))
            assert sorted(french) == sorted(english), rule


@pytest.mark.parametrize("area", ["unify", "validate"])
def test_french_marks_have_their_space(area: str) -> None:
    for rule, parts in worded(area).items():
        for words in parts.values():
            assert not re.search(r" [:;?!»]|« ", words["fr"]), rule
