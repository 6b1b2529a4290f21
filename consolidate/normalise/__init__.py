"""From what was read to what it means: dates, numbers, codes, one frame a table."""

from __future__ import annotations

from consolidate.normalise.assemble import normalise
from consolidate.normalise.options import NormaliseOptions

__all__ = ["NormaliseOptions", "normalise"]
