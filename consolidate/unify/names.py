"""Names of projects: equal, near, or clearly different."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from rapidfuzz import fuzz, process

_NUMBERED = re.compile(r"\d|^[a-z]$|^(?:i{1,3}|iv|vi{0,3}|ix)$")
_LARGEST = 4000


def same_subject(one: str, other: str, threshold: float) -> bool:
    """Whether two folded names may be two ways to write one thing.

    Args:
        one: A folded name; an empty one contradicts nothing.
        other: Another.
        threshold: Lowest similarity of their words, 0 to 100.
    """
    if not one or not other or one == other:
        return True
    return bool(fuzz.token_set_ratio(one, other) >= threshold)


def near_misses(names: Sequence[str], threshold: float) -> list[tuple[int, int]]:
    """Return the positions of names that are almost the same, but not quite.

    Names that differ by a number or a single letter ("lot 1", "lot 2") are a series,
    not a slip of the pen, and are left out.

    Args:
        names: Folded names, each once.
        threshold: A pair is near above it, 0 to 100.
    """
    if not 1 < len(names) <= _LARGEST:
        return []
    scores = process.cdist(
        names, names, scorer=fuzz.ratio, score_cutoff=threshold, dtype=np.float32
    )
    first, second = np.nonzero(np.triu(scores > threshold, k=1))
    pairs = zip(first.tolist(), second.tolist(), strict=True)
    return [(i, j) for i, j in pairs if not _series(names[i], names[j])]


def _series(one: str, other: str) -> bool:
    apart = set(one.split()) ^ set(other.split())
    return any(_NUMBERED.search(word) for word in apart)
