"""French texts are set as French is: nothing is parted from its colon at the end of a line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

WORDING = sorted((Path(__file__).resolve().parent.parent / "schemas/wording").glob("*.toml"))  # fmt: skip
PARTED = re.compile(r" [:;!?»](?=[\s\".,)]|$|\{)|« ")


def french(told: object) -> Iterator[str]:
    if isinstance(told, dict):
        for key, value in told.items():
            yield from [value] if key == "fr" and isinstance(value, str) else french(value)  # fmt: skip


@pytest.mark.parametrize("path", WORDING, ids=lambda path: path.stem)
def test_no_ordinary_space_stands_before_a_colon_or_within_quotes(path: Path) -> None:
    told = tomllib.loads(path.read_text("utf-8"))
    assert [text for text in french(told) if PARTED.search(text)] == []
