"""What a colour stands for where a status has no words."""

from __future__ import annotations

import colorsys
import re
from functools import lru_cache

from consolidate.normalise.units import load_palette

_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})")


@lru_cache(maxsize=4096)
def colour_status(colour: str) -> str | None:
    """Return the status a colour stands for.

    Args:
        colour: ``RRGGBB``.

    Returns:
        ``green``, ``amber``, ``red``, ``blue`` or ``grey``; empty for white and black,
        which are no colour; None for a colour between two statuses, or no colour code.
    """
    palette = load_palette()
    found = _HEX.fullmatch(colour.strip().lstrip("#"))
    if not found:
        return None
    code = found[1].upper()
    if code in palette.exact:
        return palette.exact[code]
    red, green, blue = (int(code[i : i + 2], 16) / 255 for i in (0, 2, 4))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    if lightness >= palette.limits["white"] or lightness <= palette.limits["black"]:
        return ""
    if saturation < palette.limits["saturation"]:
        return "grey"
    degrees = hue * 360
    for status, (start, end) in palette.hue.items():
        wraps = start > end
        if start <= degrees <= end or (wraps and (degrees >= start or degrees <= end)):
            return status
    return None
