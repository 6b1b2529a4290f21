"""Words that stand for "no value"."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache

from consolidate.model.text import fold
from consolidate.model.workbook import Value

LONGEST = 24
"""A longer text is never a word for "no value"."""
_NOTHING = "nothing"
_DASHES = frozenset("-–—_.… \u00a0\u202f")


def is_empty(raw: Value) -> bool:
    """Whether a cell holds nothing: no value, blanks, or not a number."""
    if raw is None:
        return True
    if isinstance(raw, str):
        return not raw.strip()
    return isinstance(raw, float) and not math.isfinite(raw)


@lru_cache(maxsize=65536)
def is_dash(text: str) -> bool:
    """Whether a text is only dashes and dots, as people fill a cell they leave empty."""
    return bool(text) and all(c in _DASHES for c in text)


def missing_reason(text: str, missing: Mapping[str, str]) -> str:
    """Return why a text stands for no value; empty when it is a value.

    Args:
        text: As written.
        missing: ``Schemas.missing``: reason by folded word.
    """
    if len(text) > LONGEST:
        return ""
    folded = fold(text)
    if folded:
        return missing.get(folded, "")
    return missing.get(text.strip(), "") or ("unknown" if is_dash(text.strip()) else "")


def is_missing(text: str, missing: Mapping[str, str], *, prose: bool = False) -> bool:
    """Whether a text stands for no value.

    Args:
        text: As written.
        missing: ``Schemas.missing``.
        prose: In a text field "RAS" or "Aucun" is an answer, and is kept.
    """
    reason = missing_reason(text, missing)
    return bool(reason) and not (prose and reason == _NOTHING)
