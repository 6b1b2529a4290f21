"""One sheet of a "what I understood" page: the grid drawn, its blocks and columns listed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from consolidate.model.address import a1, box, column_letters
from consolidate.report.html_words import Words, visible
from consolidate.report.understood_value import differs

_DARK = 0.179
"""Luminance of a fill, as WCAG has it, under which white stands out better than black."""

_SURE = 0.9
_A_SIGN = 1
"""Letters of a text that is rather a sign: what it means is shown beside it."""

_HEADS = frozenset("HMX")
_LOOSE = frozenset("no")
"""Kinds of texts outside tables: they run over the empty cells beside them."""

_A_COLUMN = 14
"""Letters that a column of usual width shows."""

_PERIOD = "across"


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of the cells of a sheet beside what it shows.

    Attributes:
        number: The sheet's; its cells' anchors bear it.
        severities: Gravest finding of each cell, by address.
        values: What each cell was understood to say, and whether only its look says it.
        reasons: Why a column or a block is not used, by the place told.
    """

    number: int
    severities: Mapping[str, str]
    values: Mapping[str, tuple[str, bool]]
    reasons: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """One column or label of a block, and what it was taken for, or why not."""

    ref: str
    header: str
    field: str
    sure: str
    doubtful: bool
    others: str
    why: str


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a sheet: where it is, what it was taken for or why not, its columns."""

    number: int
    place: str
    title: str
    used: bool
    records: str
    why: str
    columns: tuple[Column, ...]
    columns_used: int


@dataclass(frozen=True, slots=True)
class SheetView:
    """One sheet as its page shows it; ``grid`` is the drawn table."""

    number: int
    name: str
    hidden: bool
    grid: Markup | None
    blocks: tuple[Block, ...]
    more_rows: int
    more_cols: int


def sheet_view(words: Words, sheet: Mapping[str, Any], told: Told) -> SheetView:
    """Return a sheet as its page shows it.

    Args:
        words: The reader's language.
        sheet: See ``model.drawing``.
        told: What findings say of its cells.
    """
    blocks = tuple(
        _block(words, number, region, told.reasons)
        for number, region in enumerate(sheet["regions"], start=1)
    )
    return SheetView(
        told.number,
        sheet["name"],
        not sheet["visible"],
        _grid(words, sheet, told) if sheet["rows"] else None,
        blocks,
        sheet["more_rows"],
        sheet["more_cols"],
    )


def _block(
    words: Words, number: int, region: Mapping[str, Any], reasons: Mapping[str, str]
) -> Block:
    table = region["table"]
    used = bool(table) and not region["reason"]
    columns = tuple(
        _column(words, table, column, reasons) for column in region["columns"]
    )
    shape = words.known(f"cli-shape-{region['shape']}", region["shape"])
    title = words.table(table) if used else words.tr("understood-left-out")
    place = _range(*region["box"])
    return Block(
        number,
        place,
        f"{title} ({shape})",
        used,
        words.plural("understood-records", region["records"]) if used else "",
        "" if used else reasons.get(place, ""),
        columns,
        sum(bool(c.field) for c in columns),
    )


def _range(top: int, left: int, bottom: int, right: int) -> str:
    first, last = a1(top, left), a1(bottom, right)
    return first if first == last else f"{first}:{last}"


def _column(
    words: Words, table: str, column: Sequence[Any], reasons: Mapping[str, str]
) -> Column:
    ref, header, field, confidence, method, candidates = column
    label = words.field(table, field) if field else ""
    if not field and method == _PERIOD:
        label = words.tr("understood-period")
    others = [words.field(table, c) for c in candidates if c != field] if table else []
    return Column(
        ref,
        header,
        label,
        f"{confidence:.0%}" if field else "",
        bool(field) and confidence < _SURE,
        ", ".join(others),
        "" if label else reasons.get(ref, ""),
    )


def _grid(words: Words, sheet: Mapping[str, Any], told: Told) -> Markup:
    """Return the sheet as an HTML table, rows and columns headed as in a spreadsheet."""
    cols = sheet["cols"]
    cells: dict[tuple[int, int], Sequence[Any]] = {
        (c[0], c[1]): c for c in sheet["cells"]
    }
    heads = _heads(words, sheet)
    edges = _edges(sheet)
    spans, covered = _spans(sheet)
    _run_over(cells, cols, edges, spans, covered)
    kinds = dict(sheet["row_kinds"])
    hidden_rows, hidden_cols = set(sheet["hidden_rows"]), set(sheet["hidden_cols"])
    parts = ["<thead><tr><td></td>"]
    for col in cols:
        mark = ' class="hid"' if col in hidden_cols else ""
        parts.append(f'<th scope="col"{mark}>{column_letters(col)}</th>')
    parts.append("</tr></thead><tbody>")
    last = -1
    for row in sheet["rows"]:
        if row > last + 1:
            gap = escape(words.plural("understood-gap", row - last - 1))
            parts.append(
                f'<tr class="gap"><td></td><td colspan="{len(cols)}">{gap}</td></tr>'
            )
        last = row
        mark = ' class="hid"' if row in hidden_rows else ""
        parts.append(
            f'<tr><th scope="row"{mark}>{row + 1}{_row_note(words, kinds.get(row))}</th>'
        )
        for col in cols:
            at = (row, col)
            if at not in covered:
                parts.append(
                    _cell(cells.get(at), at, told, heads, edges, spans.get(at))
                )
        parts.append("</tr>")
    parts.append("</tbody>")
    return Markup("".join(parts))  # noqa: S704 - every text in it is escaped


def _cell(
    cell: Sequence[Any] | None,
    at: tuple[int, int],
    told: Told,
    heads: Mapping[tuple[int, int], str],
    edges: Mapping[tuple[int, int], str],
    span: tuple[int, int] | None,
) -> str:
    edge = edges.get(at, "")
    badge = ""
    if "#" in edge:
        edge, _, number = edge.partition("#")
        badge = f"<b>{number}</b>"
    size = f' rowspan="{span[0]}" colspan="{span[1]}"' if span else ""
    address = a1(*at)
    severity = told.severities.get(address, "")
    anchor = f' id="s{told.number}-{address}"' if severity else ""
    if cell is None:
        mark = " ".join(filter(None, (edge.strip(), severity)))
        css = f' class="{mark}"' if mark else ""
        return f"<td{css}{anchor}{size}>{badge}</td>"
    _, _, text, fill, bold, kind, field = cell
    names = [kind, edge.strip(), "b" if bold else "", "d" if _is_dark(fill) else ""]
    names.append(severity)
    mark = " ".join(filter(None, names))
    shown = _escaped(text)
    head = heads.get(at, "") if kind in _HEADS else ""
    colour = f' bgcolor="#{fill}"' if fill else ""
    data = f' data-f="{field}"' if field >= 0 else ""
    said, by_look = told.values.get(address, ("", False))
    if said and field >= 0 and said != text and differs(text, said):
        data += f' data-v="{_escaped(said)}"'
        if by_look or (len(text) <= _A_SIGN and not said.startswith(text)):
            head = f"<small>=\u00a0{_escaped(said)}</small>"
    css = f' class="{mark}"' if mark else ""
    return f"<td{css}{anchor}{colour}{data}{size}>{badge}{shown}{head}</td>"


def _row_note(words: Words, kind: str | None) -> str:
    """Return what a row that is no record was taken for."""
    if kind is None:
        return ""
    return f"<small>{escape(words.tr(f'understood-row-{kind}'))}</small>"


@lru_cache(maxsize=8192)
def _escaped(text: str) -> str:
    """Return a text as the page holds it; the same few come back all the time."""
    return str(escape(visible(text)))


@lru_cache(maxsize=256)
def _is_dark(fill: str) -> bool:
    if not fill:
        return False
    shares = (int(fill[i : i + 2], 16) / 255 for i in (0, 2, 4))
    red, green, blue = (
        s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue < _DARK


def _heads(words: Words, sheet: Mapping[str, Any]) -> dict[tuple[int, int], str]:
    """Return the note below each header: the field it was taken for, or none."""
    found: dict[tuple[int, int], str] = {}
    for region in sheet["regions"]:
        for ref, _, field, confidence, method, _ in region["columns"]:
            if not ref:
                continue
            spot = box(ref)
            at = (spot.top, spot.left)
            if field:
                doubt = f" {confidence:.0%}" if confidence < _SURE else ""
                name = escape(words.field(region["table"], field))
                found[at] = f"<small>→\u00a0{name}{doubt}</small>"
            elif method == _PERIOD:
                found[at] = (
                    f"<small>→\u00a0{escape(words.tr('understood-period'))}</small>"
                )
            else:
                found.setdefault(
                    at, f"<small>✕\u00a0{escape(words.tr('understood-unused'))}</small>"
                )
    return found


def _edges(sheet: Mapping[str, Any]) -> dict[tuple[int, int], str]:
    """Return the classes that outline the blocks, the number of each at its first cell."""
    rows, cols = sheet["rows"], sheet["cols"]
    found: dict[tuple[int, int], list[str]] = {}
    numbers: dict[tuple[int, int], int] = {}
    for number, region in enumerate(sheet["regions"], start=1):
        top, left, bottom, right = region["box"]
        here = [r for r in rows if top <= r <= bottom]
        across = [c for c in cols if left <= c <= right]
        if not here or not across:
            continue
        tone = "" if region["table"] and not region["reason"] else "q"
        for row in here:
            found.setdefault((row, across[0]), []).append(f"el{tone}")
            found.setdefault((row, across[-1]), []).append(f"er{tone}")
        for col in across:
            found.setdefault((here[0], col), []).append(f"et{tone}")
            found.setdefault((here[-1], col), []).append(f"eb{tone}")
        numbers.setdefault((here[0], across[0]), number)
    joined = {at: " ".join(dict.fromkeys(names)) for at, names in found.items()}
    return joined | {at: f"{joined[at]}#{n}" for at, n in numbers.items()}


def _spans(
    sheet: Mapping[str, Any],
) -> tuple[dict[tuple[int, int], tuple[int, int]], set[tuple[int, int]]]:
    """Return the size of merged cells by their first, and the cells they cover."""
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    for top, left, height, width in sheet["merges"]:
        area = set(_area(top, left, height, width))
        if area & covered or (top, left) in spans:
            continue
        spans[top, left] = (height, width)
        covered |= area - {(top, left)}
    return spans, covered


def _run_over(
    cells: Mapping[tuple[int, int], Sequence[Any]],
    cols: Sequence[int],
    edges: Mapping[tuple[int, int], str],
    spans: dict[tuple[int, int], tuple[int, int]],
    covered: set[tuple[int, int]],
) -> None:
    """Let long texts outside tables cover the empty cells on their right, as in a sheet."""
    for (row, col), cell in cells.items():
        at = (row, col)
        if cell[5] not in _LOOSE or at in spans or at in covered:
            continue
        width = 1
        while width * _A_COLUMN < len(cell[2]) and col + width <= cols[-1]:
            beside = (row, col + width)
            if beside in cells or beside in covered or beside in edges:
                break
            covered.add(beside)
            width += 1
        if width > 1:
            spans[at] = (1, width)


def _area(top: int, left: int, height: int, width: int) -> Iterator[tuple[int, int]]:
    for row in range(top, top + height):
        for col in range(left, left + width):
            yield row, col
