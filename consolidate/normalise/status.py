"""Codes of a vocabulary: statuses, states, trends, kinds, priorities, phases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from consolidate.model.text import fold
from consolidate.model.workbook import Value
from consolidate.normalise.colours import colour_status
from consolidate.normalise.formats import shown
from consolidate.normalise.missing import is_dash, is_empty, missing_reason
from consolidate.normalise.parsed import NOTHING, Parsed
from consolidate.normalise.text import as_shown
from consolidate.normalise.units import load_palette, load_units
from consolidate.normalise.words import (
    Words,
    codes_of,
    head_of,
    known_words,
    label_and_code,
    parts_of,
)

RAG = "rag"
TREND = "trend"
_WORST = ("red", "amber", "grey", "green", "blue")
_BLUE_WORDS = frozenset({"bleu", "bleue", "b", "blue", "🔵", "🟦"})
_DONE = {
    *("termine", "terminee", "termines", "fini", "finie", "acheve", "clos", "close"),
    *("cloture", "fait", "livre", "realise"),
    *("complete", "completed", "done", "finished"),
}
_NOT_RATED = {
    *(
        "non demarre",
        "non commence",
        "pas demarre",
        "a venir",
        "planifie",
        "non evalue",
    ),
    *("not started", "planned"),
}
_TURNED = {"improving": "worsening", "worsening": "improving", "stable": "stable"}
_UNCERTAIN = {"compliance_status": {"nc", "n c"}, "convergence_state": {"nc", "n c"}}
_NC = "non conforme, non communiqué, non concerné"
_TRUE = ("true", "vrai", "oui", "x")
_FALSE = ("false", "faux", "non")


@dataclass(frozen=True, slots=True)
class CodeContext:
    """What a column says of its codes.

    Attributes:
        words: Its vocabulary.
        open: Whether a word the vocabulary does not know is kept as written.
        legend: What the sheet's legend says: folded code and text.
        letters: Single letters met in the column, folded.
        symbols: Whether the column uses signs such as ``+`` and ``=``.
        turned: Whether rising is bad in this column (risk, cost, workload).
        language: Of the workbook.
    """

    words: Words
    open: bool = False
    legend: tuple[tuple[str, str], ...] = ()
    letters: frozenset[str] = frozenset()
    symbols: bool = False
    turned: bool = False
    language: str = ""


def parse_code(
    raw: Value,
    number_format: str,
    method: str,
    context: CodeContext,
    missing: Mapping[str, str],
) -> Parsed:
    """Read a code.

    Args:
        raw: A word, a letter, a sign, a number; ``RRGGBB`` or ``green`` for a look.
        number_format: Of the cell.
        method: How it was read: ``fill``, ``ink`` and ``icon`` are colours,
            ``symbol`` is a letter in a symbol font.
        context: Of the column.
        missing: ``Schemas.missing``.

    Returns:
        A code of the vocabulary; the text as written for a word that an open
        vocabulary does not know.
    """
    if is_empty(raw):
        return NOTHING
    if method in ("fill", "ink", "icon"):
        return _of_colour(str(raw), context)
    if method == "symbol" and isinstance(raw, str):
        return _of_symbol(raw.strip(), context)
    if isinstance(raw, str):
        return _of_text(raw.strip(), context, missing)
    return _of_typed(raw, number_format, context)


def _of_colour(raw: str, context: CodeContext) -> Parsed:
    status = raw if raw in _WORST else colour_status(raw)
    if status == "":
        return NOTHING
    legend = dict(context.legend)
    for key in (
        raw.lower(),
        *load_palette().words.get(status or "", ()),
        status or raw,
    ):
        if key in legend and (told := _of_legend(legend[key], context)):
            return told
    if status is None:
        return Parsed(rule="colour-unknown")
    if status == "blue" and context.words.name == RAG:
        return Parsed(rule="status-blue")
    return _by_meaning(status, context) or Parsed(rule="colour-unknown")


def _by_meaning(meaning: str, context: CodeContext) -> Parsed | None:
    """Return the code of a colour or a sign: its own name, or a word for it."""
    for word in (meaning, *load_palette().words.get(meaning, ())):
        codes = codes_of(word, context.words)
        if len(codes) == 1:
            return Parsed(_turned(next(iter(codes)), context))
    return None


def _turned(code: str, context: CodeContext) -> str:
    return _TURNED.get(code, code) if context.turned else code


def _of_symbol(letter: str, context: CodeContext) -> Parsed:
    meaning = load_palette().symbol.get(letter, "")
    found = _by_meaning(meaning, context) if meaning else None
    return found or _unknown(letter, context)


def _of_typed(raw: Value, number_format: str, context: CodeContext) -> Parsed:
    if isinstance(raw, bool):
        for word in _TRUE if raw else _FALSE:
            if codes := codes_of(word, context.words):
                return Parsed(next(iter(codes)))
        return _unknown("VRAI" if raw else "FAUX", context)
    text = as_shown(raw, number_format, context.language)
    if (
        isinstance(raw, date | datetime | time | timedelta)
        or shown(number_format).percent
    ):
        return Parsed(text) if context.open else _unknown(text, context)
    return _of_number(text, context)


def _of_number(text: str, context: CodeContext) -> Parsed:
    told = dict(context.legend).get(fold(text))
    if told and (found := _of_legend(told, context)):
        return found
    codes = codes_of(text, context.words)
    if len(codes) == 1 and context.words.name != RAG:
        return Parsed(next(iter(codes)))
    if context.words.name == RAG:
        return Parsed(rule="status-number")
    return Parsed(text) if context.open else _unknown(text, context)


def _of_legend(text: str, context: CodeContext) -> Parsed | None:
    folded = fold(text)
    if context.words.name == RAG:
        if folded in _DONE:
            return Parsed("blue")
        if folded in _NOT_RATED:
            return Parsed("grey")
    codes = codes_of(text, context.words) or codes_of(head_of(text), context.words)
    if not codes:
        codes = frozenset(
            c for part in parts_of(text) for c in codes_of(part, context.words)
        )
    return Parsed(_turned(next(iter(codes)), context)) if len(codes) == 1 else None


def _of_text(text: str, context: CodeContext, missing: Mapping[str, str]) -> Parsed:
    told = dict(context.legend).get(fold(text) or text)
    found = _of_legend(told, context) if told else None
    if found:
        return found
    if is_dash(text) and not context.symbols:
        return NOTHING
    if fold(text) in _UNCERTAIN.get(context.words.name, ()):
        return Parsed(rule="value-ambiguous", params=(("known", _NC),))
    found = _exact(text, context)
    if not found and text.replace(".", "", 1).isdecimal():
        found = _of_number(text, context)
    if not found and missing_reason(text, missing):
        return NOTHING
    found = found or _in_pieces(text, context)
    return found or (Parsed(text) if context.open else _unknown(text, context))


def _exact(text: str, context: CodeContext) -> Parsed | None:
    codes = codes_of(text, context.words)
    if not codes or text.isdecimal():
        return None
    code = next(iter(codes))
    folded = fold(text) or text
    if len(codes) > 1 or _is_doubtful_letter(folded, context):
        return Parsed(
            rule="value-ambiguous", params=(("known", ", ".join(sorted(codes))),)
        )
    if context.words.name == RAG and folded in _BLUE_WORDS:
        return Parsed(rule="status-blue")
    if context.turned and folded in load_units().rising | load_units().falling:
        code = _TURNED.get(code, code)
    return Parsed(code)


def _is_doubtful_letter(folded: str, context: CodeContext) -> bool:
    """Whether a letter stands among letters that this vocabulary does not know.

    O beside N alone is "oui" and not "orange", beside V and R it is orange; R among
    T and C is nobody's red.
    """
    if len(folded) != 1 or not folded.isalpha():
        return False
    known = [letter for letter in context.letters if codes_of(letter, context.words)]
    return len(known) < 2 and len(known) < len(context.letters)


def _in_pieces(text: str, context: CodeContext) -> Parsed | None:
    """Read "2 - Moyen", "Vert / à surveiller" or "En cours (80 %)"."""
    label, code = label_and_code(text)
    for piece in (label, code):
        if piece and not piece.isdecimal() and (found := _exact(piece, context)):
            return found
    if code.isdecimal() and not context.open:
        return _of_number(code, context)
    if context.open:
        return None
    if mixed := _mixed(text, context):
        return mixed
    head = head_of(text)
    if (
        head
        and len(fold(head)) > 1
        and (found := _exact(head, context))
        and found.value
    ):
        return found._replace(rule="value-partly-read")
    return None


def _mixed(text: str, context: CodeContext) -> Parsed | None:
    """Return the worst of several statuses, or the one code all parts name."""
    parts = parts_of(text)
    sets = [codes_of(part, context.words) for part in parts]
    if len(parts) < 2 or not all(len(codes) == 1 for codes in sets):
        return None
    codes = {next(iter(codes)) for codes in sets}
    if len(codes) == 1:
        return Parsed(codes.pop())
    if context.words.name != RAG:
        return None
    return Parsed(min(codes, key=_WORST.index), "value-mixed")


def _unknown(text: str, context: CodeContext) -> Parsed:
    return Parsed(rule="value-unknown", params=known_words(text, context.words))
