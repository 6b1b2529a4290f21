"""Legends, scales and notes: what the codes and amounts of a sheet mean, written beside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from consolidate.model.block import Block
from consolidate.model.lexicon import Lexicon
from consolidate.model.text import fold
from consolidate.model.workbook import Sheet, Value

_NOTE = re.compile(
    r"(?:montants?|chiffres|budgets?|sommes|valeurs|amounts?|figures|all)\b.{0,40}?\b(?:en|in)\b\s*"
    r"(k\s?€|ke|keuros?|milliers? d.euros?|m€|millions? d.euros?|€|euros?|eur|k eur|keur)|"
    r"^\(?(?:en|in)\s+(k\s?€|ke|keuros?|milliers? d.euros?|m€|millions? d.euros?|keur)\)?$",
    re.I,
)
_PAIR = re.compile(r"^\s*([\w☀-🟿]{1,3})\s*[=:–-]\s*(\S.{1,40})$")
_COLOUR = re.compile(
    r"\b(vert|orange|jaune|rouge|bleu|gris|noir|green|amber|yellow|red|blue|grey|gray)e?s?"
    r"\s*[:=]\s*([^:=,;–—|/]{2,40}?)\s*(?=[,;–—|/]|$)",
    re.I,
)
_SCALE = re.compile(r"\b(?:de|from)?\s*1\s*(?:à|a|to|-|–)\s*([3-9]|10)\b")


_SMALL = 12


@dataclass(frozen=True, slots=True)
class Legend:
    """What a legend says of one header's codes.

    Attributes:
        codes: Folded code to the words that explain it.
        scale: Top of the rating scale, 0 when not stated.
    """

    codes: Mapping[str, str] = field(default_factory=dict)
    scale: int = 0


@dataclass(frozen=True, slots=True)
class Legends:
    """The legends of a sheet.

    Attributes:
        by_header: By folded header; the empty header is a legend for the whole sheet.
        unit: Money unit a note states for the whole sheet (``keur``), or empty.
    """

    by_header: Mapping[str, Legend] = field(default_factory=dict)
    unit: str = ""

    def for_header(self, header: str) -> Legend:
        """Return the legend of a header, an empty one when there is none."""
        found = self.by_header.get(fold(header.rpartition(" / ")[2]))
        return found or self.by_header.get("") or Legend()


def find_legends(sheet: Sheet, blocks: Sequence[Block], lexicon: Lexicon) -> Legends:  # noqa: C901 (one test per kind of note)
    """Return what the notes and small lists around the tables of a sheet explain.

    Args:
        sheet: The sheet.
        blocks: Its blocks.
        lexicon: Tells which headers are ratings.
    """
    del lexicon
    headers = {
        fold(lane.label.rpartition(" / ")[2]): lane.label
        for block in blocks
        if block.shape in {"table", "transposed"}
        for lane in block.lanes
        if lane.label
    }
    found: dict[str, Legend] = {}
    unit = ""
    for block in blocks:
        if block.shape != "loose" and len(block.body) > _SMALL:
            continue
        for row, col, text in _texts(sheet, block):
            if block.shape == "loose" and not unit and (note := _NOTE.search(text)):
                unit = _unit(note[1] or note[2])
            if fold(text) in headers:
                legend = _list_under(sheet, row, col)
                if legend and not _is_own_header(blocks, row, col):
                    found.setdefault(fold(text), legend)
        if block.shape == "loose":
            texts = [text for _, _, text in _texts(sheet, block)]
            for name, legend in _inline(texts).items():
                target = next((h for h in headers if name and name in h), "")
                if target:
                    found.setdefault(target, legend)
            if colours := _colours(texts):
                found.setdefault("", colours)
    return Legends(found, unit)


def _texts(sheet: Sheet, block: Block) -> Iterable[tuple[int, int, str]]:
    box = block.box
    for row in range(box.top, min(box.bottom, box.top + 40) + 1):
        for col in range(box.left, min(box.right, box.left + 30) + 1):
            value = sheet.value(row, col)
            if isinstance(value, str) and 1 < len(value.strip()) <= 160:
                yield row, col, value.strip()


def _is_own_header(blocks: Sequence[Block], row: int, col: int) -> bool:
    """Whether a cell heads the largest table of the sheet rather than a legend."""
    tables = [b for b in blocks if b.shape == "table" and len(b.body) > 0]
    main = max(tables, key=lambda b: len(b.lanes), default=None)
    return (
        main is not None
        and row in main.header
        and main.box.left <= col <= main.box.right
    )


def _list_under(sheet: Sheet, row: int, col: int) -> Legend | None:
    """Read words and their codes under a title, the codes at their right or left."""
    for side in (1, -1):
        codes: dict[str, str] = {}
        for r in range(row + 1, row + 11):
            word, code = sheet.value(r, col), sheet.value(r, col + side)
            if not isinstance(word, str) or not _is_code(code):
                break
            codes[_code_text(code)] = word.strip()
        if len(codes) >= 2:
            numbers = [int(c) for c in codes if c.isdigit()]
            scale = (
                max(numbers) if len(numbers) == len(codes) and max(numbers) <= 10 else 0
            )
            return Legend(codes, scale)
    return None


def _is_code(value: Value) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, float | int):
        return value == int(value) and 0 <= value <= 10
    return isinstance(value, str) and 0 < len(value.strip()) <= 3


def _code_text(value: Value) -> str:
    if isinstance(value, float | int):
        return str(int(value))
    return fold(str(value)) or str(value).strip()


def _inline(texts: Iterable[str]) -> dict[str, Legend]:
    """Read legends written in lines, as ``Statut : V = vert, O = orange``."""
    found: dict[str, Legend] = {}
    for text in texts:
        head, _, tail = text.partition(":")
        parts = re.split(r"[,;/|]\s*", tail or text)
        pairs = [m for part in parts if (m := _PAIR.match(part))]
        if len(pairs) >= 2:
            codes = {fold(m[1]) or m[1]: m[2].strip() for m in pairs}
            found[fold(head) if tail else ""] = Legend(codes)
        elif tail and (scale := _SCALE.search(tail.lower())):
            found[fold(head)] = Legend({}, int(scale[1]))
    return found


def _colours(texts: Iterable[str]) -> Legend | None:
    """Read what colours mean, as ``Bleu : terminé – vert : dans les temps``."""
    for text in texts:
        pairs = _COLOUR.findall(text)
        if len(pairs) >= 2:
            return Legend({fold(name): meaning.strip() for name, meaning in pairs})
    return None


def _unit(text: str) -> str:
    plain = fold(text).replace(" ", "")
    if plain.startswith(("k", "millier")):
        return "keur"
    return "meur" if plain.startswith("m") else "eur"
