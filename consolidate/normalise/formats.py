"""What a number format adds to the value it shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from consolidate.normalise.plain import plain
from consolidate.normalise.units import load_units

_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.')
_COLOUR = re.compile(r"\[(?!\$|[hms]+\])[^\]]*\]", re.I)
_CURRENCY = re.compile(r"\[\$([^\-\]]*)(?:-[^\]]*)?\]")
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.I)
_SCALED = re.compile(r"[0#?](,+)(?![0#?,])")


@dataclass(frozen=True, slots=True)
class Shown:
    """How a number format shows a value.

    Attributes:
        percent: Shown times 100 with a percent sign.
        percent_word: A percent sign is only printed after the number.
        thousands: How many times a thousand the number is shrunk for display.
        unit: Unit printed with the number, as written; empty when none.
        elapsed: A duration (``[h]:mm``), stored in days.
        grain: For a date: ``month``, ``year`` or ``day``.
        order: For a date: ``dmy`` or ``mdy`` when the format itself says so.
        zeros: Digits of a code padded with zeros (``00000``), 0 for none.
    """

    percent: bool = False
    percent_word: bool = False
    thousands: int = 0
    unit: str = ""
    elapsed: bool = False
    grain: str = "day"
    order: str = ""
    zeros: int = 0


GENERAL = Shown()


@lru_cache(maxsize=4096)
def shown(number_format: str) -> Shown:
    """Return what a number format says; a plain one for General and text."""
    if not number_format or number_format in ("General", "@", "Standard"):
        return GENERAL
    first = number_format.split(";", maxsplit=1)[0]
    unit = "".join(a or b for a, b in _LITERAL.findall(first))
    bare = _COLOUR.sub("", _LITERAL.sub("", first))
    money = "".join(_CURRENCY.findall(bare))
    bare = _CURRENCY.sub("", bare)
    if not money:
        money = "".join(c for c in bare if c in "€$£")
    scaled = _SCALED.search(bare)
    word = re.sub(r"[\s.]", "", plain(unit + money))
    low = bare.lower()
    return Shown(
        percent="%" in bare,
        percent_word="%" in unit and "%" not in bare,
        thousands=len(scaled[1]) if scaled else 0,
        unit=word if word in _known_units() else "",
        elapsed=bool(_ELAPSED.search(bare)),
        grain=_grain(low),
        order=_order(low),
        zeros=len(bare) if re.fullmatch(r"0{2,}", bare) else 0,
    )


@lru_cache(maxsize=1)
def _known_units() -> frozenset[str]:
    units = load_units()
    return frozenset((*units.money, *units.currency, *units.time))


def _grain(low: str) -> str:
    has_year = "y" in low or "a" in low.replace("am/pm", "")
    if "h" in low or "s" in low.replace("standard", "") or "d" in low or "j" in low:
        return "day"
    if "m" in low:
        return "month"
    return "year" if has_year and re.search(r"y{2,4}|a{2,4}", low) else "day"


def _order(low: str) -> str:
    """Return the order of day and month; the built-in short date follows the reader."""
    if re.match(r"m{1,2}-d{1,2}-y{2}$", low):
        return ""
    letters = "".join(c for c in low if c in "dmyj").replace("j", "d")
    if re.fullmatch(r"d{1,2}m{1,2}y+", letters):
        return "dmy"
    return "mdy" if re.fullmatch(r"m{1,2}d{1,2}y+", letters) else ""
