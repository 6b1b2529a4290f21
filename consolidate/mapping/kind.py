"""What a log holds when no column says: actions, decisions, issues ..."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from consolidate.mapping.builder import Entry
from consolidate.mapping.scope import Scope, Table
from consolidate.model.schema import Vocabulary
from consolidate.model.text import fold

_SHORTEST = 5
_VAGUE = frozenset({"point", "validation", "releve", "a clarifier", "pour info"})


def kind_said(scope: Scope, table: Table) -> Entry | None:
    """Return the one kind that a log's name column, title or sheet name says.

    The first of them that says any decides; one that says two says none.
    """
    spec = scope.schemas.tables[table.name]
    known = scope.schemas.vocabularies[spec.by_name["kind"].values]
    for text, method, row, col, column in _places(scope, table, spec.names):
        codes = _kinds_in(text, known)
        if codes:
            if len(codes) > 1:
                return None
            (word,) = codes.values()
            where = (table.sheet.name, row, col, column)
            return Entry("kind", word, "", *where, method, 0.85)
    return None


def _places(
    scope: Scope, table: Table, names: tuple[str, ...]
) -> Iterator[tuple[str, str, int, int, int]]:
    """Give the texts that may say the kind, with how and where."""
    for i, (lane, column) in enumerate(
        zip(table.block.lanes, table.columns, strict=True)
    ):
        if column.field == names[0] and lane.cell:
            yield lane.label, "header", *lane.cell, i
    if table.block.title and table.block.title_cell:
        yield (
            table.block.title.partition(" | ")[0],
            "title",
            *table.block.title_cell,
            -1,
        )
    yield scope.sheet.name, "sheet_name", -1, -1, -1


def _kinds_in(text: str, known: Vocabulary) -> dict[str, str]:
    """Return the kinds a text names, each with its word; the longest words first."""
    rest = f" {fold(text)} "
    found: dict[str, str] = {}
    for word, code in _words(tuple((c, known.words[c]) for c in known.codes)):
        pattern = rf" {word}s? "
        if re.search(pattern, rest):
            found.setdefault(code, word)
            rest = re.sub(pattern, "  ", rest)
    return found


@lru_cache(maxsize=4)
def _words(
    known: tuple[tuple[str, tuple[str, ...]], ...],
) -> tuple[tuple[str, str], ...]:
    pairs: Mapping[str, str] = {
        fold(word): code for code, words in known for word in words
    }
    telling = [
        (w, c) for w, c in pairs.items() if len(w) >= _SHORTEST and w not in _VAGUE
    ]
    return tuple(sorted(telling, key=lambda pair: (-len(pair[0]), pair[0])))
