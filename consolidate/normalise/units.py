"""The words for units, from ``schemas/units.toml`` and ``schemas/colours.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from consolidate.model.text import fold
from consolidate.resources import shipped


@dataclass(frozen=True)
class Units:
    """What people write after a number.

    Attributes:
        money: Factor to euros by word.
        currency: Code of another currency and its multiple, by word.
        time: Unit of an effort or a duration by word.
        word_scales: Rating by folded word, for each short word scale.
        rising, falling: Words of a trend that turn over for a risk or a cost.
    """

    money: Mapping[str, float]
    currency: Mapping[str, tuple[str, float]]
    time: Mapping[str, str]
    word_scales: tuple[Mapping[str, int], ...]
    rising: frozenset[str]
    falling: frozenset[str]


@dataclass(frozen=True)
class Palette:
    """What colours and symbol-font letters mean.

    Attributes:
        exact: Status by colour.
        hue: From and to, in degrees, by status.
        limits: Saturation and lightness below or above which a colour is none.
        symbol: Meaning by letter.
        words: Words a vocabulary may know a meaning by.
    """

    exact: Mapping[str, str]
    hue: Mapping[str, tuple[float, float]]
    limits: Mapping[str, float]
    symbol: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def load_units() -> Units:
    """Return the shipped units."""
    raw = _read("units.toml")
    currency = {
        w: (code, 1.0) for code, words in raw["currency"].items() for w in words
    }
    for multiple, factor in raw["currency_multiple"].items():
        for word, (code, _) in list(currency.items()):
            if len(word) == 1:
                currency[multiple + word] = currency[word + multiple] = (
                    code,
                    float(factor),
                )
    ratings = tuple(
        {
            fold(word): half_up(1 + rank * 4 / (len(scale) - 1))
            for rank, word in enumerate(scale)
        }
        for scale in raw["ratings"]["scales"]
    )
    return Units(
        money={w: float(f) for w, f in raw["money"].items()},
        currency=currency,
        time={w: unit for unit, words in raw["time"].items() for w in words},
        word_scales=ratings,
        rising=frozenset(fold(w) or w for w in raw["trend"]["rising"]),
        falling=frozenset(fold(w) or w for w in raw["trend"]["falling"]),
    )


@lru_cache(maxsize=1)
def load_palette() -> Palette:
    """Return the shipped colours."""
    raw = _read("colours.toml")
    return Palette(
        exact={c: status for status, colours in raw["exact"].items() for c in colours},
        hue={status: (float(a), float(b)) for status, (a, b) in raw["hue"].items()},
        limits=raw["limits"],
        symbol=raw["symbol"],
        words={meaning: tuple(words) for meaning, words in raw["words"].items()},
    )


def half_up(number: float) -> int:
    """Round to the nearest whole number, halves up; a hair's breadth is a half."""
    return int(number + 0.5 + 1e-9)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((shipped("schemas") / name).read_text(encoding="utf-8"))
