"""Tell the rows of a table apart: records, sections, totals, placeholders, empty ones."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from consolidate.mapping.figures import closing_rows, prepared_rows, sums_up, written
from consolidate.mapping.headings import headings
from consolidate.model.block import Block
from consolidate.model.text import fold
from consolidate.model.workbook import Sheet, Value

_TOTAL = re.compile(
    r"(?:sous ?|grand |sub ?)?(?:total|totaux|totals?)\b.*|total general|somme|sum|moyenne|average|mean|"
    r"(?:cumul|ensemble)(?: general)?|grand total|s total"
)
_SUMMARY = re.compile(
    r"(?:capacite|charge|dispo|disponib\w*|solde|ecart|reste|surcharge|sous charge|effectifs?|"
    r"taux|jours ouvres|jours ouvrables|besoin|capacity|availab\w*|utili[sz]ation|workload|headcount|"
    r"working days|demand|gap|balance)"
    r"(?: (?:totale?|prevue?|theorique|equipe|disponible|restante?|planifiee?|ouvres|mensuelle?|nette?|"
    r"d occupation|de charge|d utilisation|d activite|a affecter|jh|jours?|etp|total|team|planned|rate|days))*"
)
"""What sums up or bounds the load of people, written where a person's name stands."""

_ENDS_IN_TOTAL = re.compile(r"\btotal\W*$", re.I)
_SECTION_CELLS = 4
_LEADS = 3
_WIDE = 3
_GROUPS = frozenset({"phase", "category", "team", "objective_type"})
_PROMPTS = "[<{xX.…_-–—"
_SHORTEST_NAME = 4
_MAY_TOTAL = re.compile(r"tota|somme|sum|moyenne|average|mean|cumul|ensemble", re.I)
_PLACEHOLDER = re.compile(
    r"\[[^\]]*\]?|<[^>]*>|\{[^}]*\}|x{3,}|\.{3,}|…+|_{3,}|"
    r"(?:saisissez|saisir|entrez|entrer|renseignez|inscrivez|enter|insert|type|cliquez|click)\b.{0,50}\b(?:ici|here|pour ajouter|to add)\b.{0,20}|"
    r"(?:ex|exemple|example|sample|e\.g\.?)\s*:.*|lorem ipsum.*",
    re.I,
)


class Row(NamedTuple):
    """One row of a table's body.

    Attributes:
        at: 0-based row (column when transposed).
        kind: ``record``, ``section``, ``total``, ``header``, ``placeholder``,
            ``empty`` (numbered or formulas only), ``nameless`` (content, no name),
            ``note``.
        section: The section it stands in, as (text, row, column).
        otherwise: What a section is when no record follows it.
        numbered: Whether a record has no name but its number.
    """

    at: int
    kind: str
    otherwise: str = "note"
    section: tuple[str, int, int] | None = None
    numbered: bool = False


def is_total(text: str) -> bool:
    """Whether a text labels a total, a subtotal or an average."""
    if len(text) >= 60 or not _MAY_TOTAL.search(text):
        return False
    return bool(_TOTAL.fullmatch(fold(text)))


def is_placeholder(text: str) -> bool:
    """Whether a text is a template's prompt rather than content."""
    plain = text.strip()
    return bool(_PLACEHOLDER.fullmatch(plain))


def sort_rows(
    sheet: Sheet, block: Block, fields: Mapping[int, str], names: Sequence[str]
) -> list[Row]:
    """Return the rows of a table's body with what each is.

    Args:
        sheet: The sheet.
        block: The table.
        fields: Field by column.
        names: Fields of which a record needs one.
    """
    lanes = [lane for lane in block.lanes if lane.period is None]
    labels = {
        lane.at: fold(lane.label.rpartition(" / ")[2]) for lane in lanes if lane.label
    }
    cols = [lane.at for lane in lanes]
    contents = {r: _content(sheet.rows[r], cols) for r in block.body}
    usual = _usual(contents, fields)
    name_cols = [c for n in names for c, f in fields.items() if f == n]
    rows: list[Row] = []
    section: tuple[str, int, int] | None = None
    help_rows = _help_rows(sheet, block, contents, fields)
    ends = closing_rows(block.body)
    kinds = {
        r: _kind(sheet, r, contents[r], fields, name_cols, labels, usual)
        for r in block.body
        if r not in help_rows
    }
    if usual < _WIDE:
        among = {r: contents[r] for r, kind in kinds.items() if kind == "record"}
        kinds |= dict.fromkeys(headings(sheet, among, name_cols), "section")
    nameless = "nameless" in kinds.values()
    prepared = prepared_rows(contents, fields) if nameless else frozenset()
    kinds |= dict.fromkeys(_numbered_among(kinds, contents, fields), "record")
    for r in block.body:
        filled = contents[r]
        if r in help_rows:
            rows.append(Row(r, "header"))
            continue
        kind = kinds[r]
        numbered = kind == "nameless" and _has_owner_and_date(sheet, r, filled, fields)
        if kind == "nameless" and _is_dated_phase(sheet, r, filled, fields):
            kind = "record"
        if kind == "section":
            col = next((c for c in name_cols if c in filled), min(filled))
            text = filled[col]
            section = (str(text).strip(), r, col)
        if numbered:
            kind = "record"
        if kind == "nameless" and written(filled, fields) in prepared:
            kind = "empty"
        if kind == "record" and r in ends:
            above = [contents[row.at] for row in rows if row.kind == "record"]
            kind = "total" if sums_up(sheet, r, filled, above) else kind
        named = kind == "section" and any(c in filled for c in name_cols)
        otherwise = "record" if named else "empty"
        rows.append(Row(r, kind, otherwise, section, numbered))
    return _demote_lonely_sections(rows)


def _numbered_among(
    kinds: Mapping[int, str],
    contents: Mapping[int, Mapping[int, Value]],
    fields: Mapping[int, str],
) -> list[int]:
    """Return the titles that bear a number while others bear none: they are records.

    A milestone without dates (M1, Business case approved) stands among untitled phases.
    """
    code = next((c for c, name in fields.items() if name == "code"), None)
    titles = [r for r, kind in kinds.items() if kind == "section"]
    numbered = [r for r in titles if code in contents[r]]
    return numbered if len(numbered) < len(titles) else []


def _content(cells: Sequence[Value], cols: Sequence[int]) -> dict[int, Value]:
    width = len(cells)
    return {
        col: value
        for col in cols
        if col < width
        and (value := cells[col]) is not None
        and (type(value) is not str or value.strip())
    }


def _help_rows(
    sheet: Sheet,
    block: Block,
    contents: Mapping[int, Mapping[int, Value]],
    fields: Mapping[int, str],
) -> frozenset[int]:
    """Return the rows just under the header that explain it: words where values belong."""
    rest = [contents[r] for r in block.body[2:40]]
    typed = {
        c
        for c in fields
        if (values := [cells[c] for cells in rest if c in cells])
        and sum(not isinstance(v, str) for v in values) * 2 > len(values)
    }
    found = []
    for r in block.body[:2]:
        cells = contents[r]
        if len(cells) < 2 or not all(isinstance(v, str) for v in cells.values()):
            break
        words = [c for c in typed if len(str(cells.get(c, "")).strip()) > 3]
        asks = sum(1 for v in cells.values() if str(v).strip().endswith("?"))
        tells = words and len(words) >= min(2, len(typed))
        if asks < 2 and (
            not tells or any(_reads_as_value(str(cells[c])) for c in words)
        ):
            break
        found.append(r)
    del sheet
    return frozenset(found)


def _reads_as_value(text: str) -> bool:
    return bool(re.search(r"\d{1,2}[/.-]\d{1,2}|\d{3}|^\s*\d", text)) or len(text) < 12


def _usual(
    contents: Mapping[int, Mapping[int, Value]], fields: Mapping[int, str]
) -> float:
    """Return how many mapped cells a row with content usually has."""
    mapped = fields.keys()
    counts = sorted(
        [n for cells in contents.values() if (n := len(mapped & cells.keys())) > 1]
    )
    return counts[len(counts) // 2] if counts else 1


def _kind(  # noqa: PLR0911, PLR0913, PLR0917 (one answer per rule, in order)
    sheet: Sheet,
    row: int,
    filled: Mapping[int, Value],
    fields: Mapping[int, str],
    name_cols: Sequence[int],
    labels: Mapping[int, str],
    usual: float,
) -> str:
    if _is_plain_record(filled, name_cols, labels):
        return "record"
    texts = {c: v for c, v in filled.items() if isinstance(v, str)}
    if len(texts) * 2 >= len(filled):
        same = sum(1 for c, v in texts.items() if labels.get(c) == fold(v))
        if same and same * 2 >= len(filled):
            return "header"
    first = min(filled)
    lead = texts.get(first, "")
    named = next(
        (c for c in name_cols if c in filled and not _is_dash(filled[c])), None
    )
    if _says_total(texts, fields, name_cols):
        return "total"
    if "person" in fields.values() and _SUMMARY.fullmatch(fold(lead)):
        return "note"
    if named is None:
        if any(_ENDS_IN_TOTAL.search(t) for t in [*texts.values()][:_LEADS]):
            return "total"
        return _without_name(sheet, row, filled, fields)
    if isinstance(filled[named], str) and is_placeholder(str(filled[named])):
        return "placeholder"
    if len(filled) <= _SECTION_CELLS and _is_section(
        sheet, row, filled, fields, named, lead, usual
    ):
        return "section"
    return "record"


def _says_total(
    texts: Mapping[int, str], fields: Mapping[int, str], name_cols: Sequence[int]
) -> bool:
    """Whether a row's first text is of a total.

    Further on, or where something else than names stands, only Total itself is: a
    priority may read Moyenne.
    """
    return any(
        is_total(text)
        and ("tota" in text.lower() or (not i and (c in name_cols or c not in fields)))
        for i, (c, text) in enumerate([*texts.items()][:_LEADS])
    )


def _is_plain_record(
    filled: Mapping[int, Value], name_cols: Sequence[int], labels: Mapping[int, str]
) -> bool:
    """Whether a row is a record at first sight: a name, and several cells beside it."""
    if len(filled) <= _SECTION_CELLS:
        return False
    for first in name_cols:
        if first in filled:
            break
    else:
        return False
    name = filled[first]
    if type(name) is not str or len(name) < _SHORTEST_NAME:
        return False
    if abs(len(name) - len(labels.get(first, ""))) <= 2:
        return False
    texts = [value for value in filled.values() if type(value) is str]
    return len(texts) < len(filled) and not any(map(_is_odd, texts[:_LEADS]))


@lru_cache(maxsize=16384)
def _is_odd(text: str) -> bool:
    """Whether a text may be of a total, a limit, a prompt or a dash: look closer then."""
    if _MAY_TOTAL.search(text) or text[0] in _PROMPTS or _is_dash(text):
        return True
    return bool(_SUMMARY.fullmatch(fold(text)))


def _is_dash(value: Value) -> bool:
    return isinstance(value, str) and not value.strip(" -–—_.…")


def _without_name(
    sheet: Sheet, row: int, filled: Mapping[int, Value], fields: Mapping[int, str]
) -> str:
    """Tell a row without a name: empty, a section, or content that must be told."""
    telling = [
        c
        for c, v in filled.items()
        if c in fields
        and not _is_dash(v)
        and (row, c) not in sheet.formulas
        and fields[c] not in {"code", "project_code", "project_name"}
        and v not in (0, 0.0, False)
        and not isinstance(v, bool)
    ]
    groups = [c for c in telling if fields[c] in _GROUPS]
    if groups and _is_alone(filled, groups[0]):
        return "section"
    if telling:
        return "nameless"
    return "section" if _is_alone(filled, min(fields, default=-1)) else "empty"


def _is_alone(filled: Mapping[int, Value], column: int) -> bool:
    """Whether a text stands alone in its row, in one column: it titles what is below."""
    text = filled.get(column)
    return len(filled) == 1 and isinstance(text, str) and len(text.strip()) > 3


def _is_dated_phase(
    sheet: Sheet, row: int, filled: Mapping[int, Value], fields: Mapping[int, str]
) -> bool:
    """Whether a row without a task gives its phase dates of its own: it is named by it."""
    said = {fields[c]: v for c, v in filled.items() if c in fields}
    dated = any(
        isinstance(v, date) and c in fields and (row, c) not in sheet.formulas
        for c, v in filled.items()
    )
    return dated and isinstance(said.get("phase"), str)


def _has_owner_and_date(
    sheet: Sheet, row: int, filled: Mapping[int, Value], fields: Mapping[int, str]
) -> bool:
    """Whether someone entrusted a numbered row to a person for a day: it is a record."""
    written = {fields[c]: v for c, v in filled.items() if c in fields}
    typed = {fields[c] for c in filled if c in fields and (row, c) in sheet.formulas}
    owner = written.get("owner")
    return (
        "code" in written
        and isinstance(owner, str)
        and not _is_dash(owner)
        and any(isinstance(v, date) and f not in typed for f, v in written.items())
    )


def _is_section(  # noqa: PLR0913, PLR0917 (the parts of one record)
    sheet: Sheet,
    row: int,
    filled: Mapping[int, Value],
    fields: Mapping[int, str],
    named: int,
    lead: str,
    usual: float,
) -> bool:
    """Whether a row titles the rows below it: alone in its row, and set apart."""
    others = [
        c for c, v in filled.items() if c != named and c in fields and not _is_dash(v)
    ]
    look = sheet.look(row, named)
    apart = look.bold or bool(look.fill)
    light = {"code", "owner"} if apart and usual >= 4 else {"code"}
    if usual < _WIDE or any(fields[c] not in light for c in others):
        return False
    wide = any(
        m.top == row and m.left <= named and m.right > m.left for m in sheet.merges
    )
    if wide or usual >= 4:
        return True
    return apart or lead.isupper()


def _demote_lonely_sections(rows: list[Row]) -> list[Row]:
    """Turn titles into notes when no record follows, or into records when most rows are such."""
    sections = sum(1 for r in rows if r.kind == "section")
    records = sum(1 for r in rows if r.kind == "record")
    if sections > records:
        return [
            Row(r.at, r.otherwise if r.kind == "section" else r.kind, r.otherwise)
            for r in rows
        ]
    last = max(
        (i for i, r in enumerate(rows) if r.kind in {"record", "nameless"}), default=-1
    )
    return [
        Row(r.at, "note", r.otherwise) if r.kind == "section" and i > last else r
        for i, r in enumerate(rows)
    ]
