"""Charts: the same bytes every time, and texts of workbooks stay texts."""

from __future__ import annotations

import base64
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from consolidate.report.charts import (
    Bullet,
    Series,
    Stack,
    bullets,
    stacked_columns,
    stacked_rows,
)

SERIES = (Series("rouge", "poor"), Series("vert", "good"))
STACKS = (Stack("Coûts", (2, 5)), Stack("Délais", (0, 7)))


def svg(address: str) -> str:
    kind, _, content = address.partition(",")
    assert kind == "data:image/svg+xml;base64"
    return base64.b64decode(content).decode()


def test_a_drawing_is_the_same_every_time() -> None:
    assert stacked_rows(STACKS, SERIES) == stacked_rows(STACKS, SERIES)
    assert "date" not in svg(stacked_rows(STACKS, SERIES)).lower()


def test_counts_are_written_in_the_bars_but_zeros_are_not() -> None:
    drawing = svg(stacked_rows(STACKS, SERIES))
    texts = [t.text for t in ElementTree.fromstring(drawing).iter() if t.text]
    assert {"2", "5", "7", "Coûts", "Délais", "rouge", "vert"} <= set(texts)
    assert "0" not in texts


def test_parts_differ_without_colour() -> None:
    assert "<pattern" in svg(stacked_rows(STACKS, SERIES))


@pytest.mark.parametrize("name", ["<b>&\"'", "$x^2$", "\u4e00 🏥", "a" * 300])
def test_any_name_makes_a_sound_picture(name: str) -> None:
    for drawn in (
        stacked_columns([Stack(name, (1, 2))], SERIES, lambda share: f"{share:.0%}"),
        bullets(
            [Bullet(name, 5.0, None, 3.0, 6.0)],
            ("a", "b", "c", "d"),
            lambda v: f"{v:g} k€",
        ),
    ):
        drawing = svg(drawn)
        texts = [t.text for t in ElementTree.fromstring(drawing).iter()]
        assert name in texts


def test_it_is_readable_on_a_dark_page() -> None:
    assert "prefers-color-scheme: dark" in svg(stacked_rows(STACKS, SERIES))


def test_matplotlib_is_imported_only_to_draw() -> None:
    code = "import sys, consolidate.report.html; assert 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
