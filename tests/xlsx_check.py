"""What Excel insists on before it opens a workbook without offering to repair it.

Read from the parts of the file themselves, with nothing of what wrote it.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from openpyxl.utils import (
    column_index_from_string,
    get_column_letter,
    range_boundaries,
)

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
PACK = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
ORDER = (
    *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData"),
    *("sheetProtection", "autoFilter", "mergeCells", "conditionalFormatting"),
    *("dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup"),
    *("headerFooter", "rowBreaks", "colBreaks", "ignoredErrors", "drawing"),
    *("legacyDrawing", "tableParts", "extLst"),
)
NAME = re.compile(r"[A-Za-z_\\][A-Za-z0-9_.\\]*")
LIKE_A_CELL = re.compile(r"(?i)[a-z]{1,3}\d+|r\d*c\d*")
CELL = re.compile(r"([A-Z]{1,3})(\d+)")
KINDS = {"n", "s", "str", "b", "e", "inlineStr"}

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Parts:
    """A workbook's parts, by path."""

    content: dict[str, bytes]

    def xml(self, name: str) -> Element:
        root: Element = fromstring(self.content[name])
        return root

    def relations(self, name: str) -> dict[str, Element]:
        folder, base = posixpath.split(name)
        rels = f"{folder}/_rels/{base}.rels" if folder else f"_rels/{base}.rels"
        if rels not in self.content:
            return {}
        return {r.attrib["Id"]: r for r in self.xml(rels)}

    def target(self, name: str, relation: str) -> str:
        found = self.relations(name)[relation].attrib["Target"]
        return posixpath.normpath(posixpath.join(posixpath.dirname(name), found))


def problems(path: Path) -> list[str]:
    """Return what Excel would not accept in a workbook; nothing when it is sound."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        told = [f"{n}: twice" for n, k in Counter(names).items() if k > 1]
        parts = Parts({n: archive.read(n) for n in names})
    told += [f"package: {t}" for t in _package(parts)]
    if not told:
        told += _book(parts)
    return told


def _package(parts: Parts) -> Iterator[str]:
    for name in parts.content:
        if name.endswith((".xml", ".rels", ".vml")):
            parts.xml(name)  # raises unless it is well-formed
    types = parts.xml("[Content_Types].xml")
    known = {e.attrib.get("Extension") for e in types}
    over = {e.attrib["PartName"].lstrip("/") for e in types if "PartName" in e.attrib}
    yield from (f"{n} declared, not there" for n in over - set(parts.content))
    for name in parts.content:
        if name not in over and name.rpartition(".")[2] not in known:
            yield f"{name} has no content type"
    for name in [n for n in parts.content if n.endswith(".rels")]:
        folder = posixpath.dirname(posixpath.dirname(name))
        for relation in parts.xml(name):
            target = relation.attrib["Target"]
            if relation.attrib.get("TargetMode") == "External":
                if re.search(r"[\s<>\"{}|^`\x00-\x1f]", target) or len(target) > 2080:
                    yield f"{name}: address {target!r}"
                continue
            whole = posixpath.normpath(posixpath.join(folder, target))
            if whole.lstrip("/") not in parts.content:
                yield f"{name}: {target} is missing"


def _book(parts: Parts) -> list[str]:
    name = "xl/workbook.xml"
    book = parts.xml(name)
    sheets = [
        (s.attrib["name"], parts.target(name, s.attrib[f"{REL}id"]))
        for s in book.iter(f"{MAIN}sheet")
    ]
    titles = [title for title, _ in sheets]
    told = [f"workbook: {t}" for t in _titles(titles)]
    told += [f"workbook: {t}" for t in _names(book, titles)]
    styles = _Styles(parts.xml("xl/styles.xml"))
    told += [f"styles: {t}" for t in styles.problems()]
    texts = _texts(parts)
    told += [f"texts: longer than a cell holds: {t[:20]!r}" for t in texts if _units(t) > 32_767]  # fmt: skip
    seen: list[tuple[str, str]] = []
    for title, path in sheets:
        told += [f"{title}: {t}" for t in _Sheet(parts, path, texts, styles).problems(seen)]  # fmt: skip
    for kind, values in (("id", [i for i, _ in seen]), ("name", [n for _, n in seen])):
        told += [f"tables: {kind} {v} twice" for v, k in Counter(values).items() if k > 1]  # fmt: skip
    for path in [n for n in parts.content if n.startswith("xl/charts/chart")]:
        for formula in parts.xml(path).iter(f"{CHART}f"):
            sheet = (formula.text or "").rpartition("!")[0]
            if sheet.strip("'").replace("''", "'") not in titles:
                told.append(f"{path}: {formula.text}")
    return told


def _titles(titles: list[str]) -> Iterator[str]:
    for title in titles:
        is_odd = re.search(r"[\[\]:*?/\\\x00-\x1f]", title) or title.strip("'") != title
        if not 1 <= _units(title) <= 31 or is_odd or title.casefold() == "history":
            yield f"sheet named {title!r}"
    if len({t.casefold() for t in titles}) != len(titles):
        yield "two sheets of one name"


def _names(book: Element, titles: list[str]) -> Iterator[str]:
    for name in book.iter(f"{MAIN}definedName"):
        label, told = name.attrib["name"], name.text or ""
        is_built_in = label.startswith("_xlnm.")
        if not is_built_in and (not NAME.fullmatch(label) or LIKE_A_CELL.fullmatch(label)):  # fmt: skip
            yield f"name {label!r}"
        for sheet in re.findall(r"('(?:[^']|'')+'|[^',!]+)!", told):
            if sheet.strip("'").replace("''", "'") not in titles:
                yield f"name {label!r} leads to {told!r}"


class _Styles:
    def __init__(self, root: Element) -> None:
        self.root = root
        self.formats = len(root.findall(f"{MAIN}cellXfs/{MAIN}xf"))
        self.marks = len(root.findall(f"{MAIN}dxfs/{MAIN}dxf"))

    def problems(self) -> Iterator[str]:
        numbers = self.root.findall(f"{MAIN}numFmts/{MAIN}numFmt")
        own = {int(n.attrib["numFmtId"]) for n in numbers}
        if self.formats > 64_000:
            yield "too many formats"
        for number in numbers:
            if (
                not number.attrib["formatCode"]
                or _units(number.attrib["formatCode"]) > 255
            ):
                yield f"number format {number.attrib['formatCode']!r}"
        counts = {
            kind: len(self.root.findall(f"{MAIN}{kind}s/{MAIN}{kind}"))
            for kind in ("font", "fill", "border")
        }
        for xf in self.root.findall(f"{MAIN}cellXfs/{MAIN}xf"):
            yield from (
                f"{k} {xf.attrib[f'{k}Id']}"
                for k, most in counts.items()
                if int(xf.attrib.get(f"{k}Id", 0)) >= most
            )
            number = int(xf.attrib.get("numFmtId", 0))
            if number >= 164 and number not in own:
                yield f"number format {number} is not there"


class _Sheet:
    def __init__(
        self, parts: Parts, path: str, texts: list[str], styles: _Styles
    ) -> None:
        self.parts = parts
        self.path = path
        self.root = parts.xml(path)
        self.texts = texts
        self.styles = styles
        self.cells: dict[str, str] = {}

    def problems(self, tables: list[tuple[str, str]]) -> Iterator[str]:
        order = [ORDER.index(e.tag.removeprefix(MAIN)) for e in self.root]
        if order != sorted(order):
            yield "parts of the sheet out of order"
        yield from self._rows()
        yield from self._columns()
        merged = [_box(m.attrib["ref"]) for m in self.root.iter(f"{MAIN}mergeCell")]
        yield from (f"merged {a} and {b}" for a, b in _overlaps(merged))
        boxes = []
        for part in self.root.iter(f"{MAIN}tablePart"):
            name = self.parts.target(self.path, part.attrib[f"{REL}id"])
            table = self.parts.xml(name)
            tables.append((table.attrib["id"], table.attrib["displayName"].casefold()))
            boxes.append(_box(table.attrib["ref"]))
            yield from self._table(table)
        yield from (f"tables {a} and {b}" for a, b in _overlaps([*boxes, *merged]))
        yield from self._marks()
        yield from self._links()

    def _rows(self) -> Iterator[str]:
        last, shared = 0, set()
        for row in self.root.iter(f"{MAIN}row"):
            number = int(row.attrib["r"])
            if not last < number <= 1_048_576:
                yield f"row {number} after {last}"
            last, right = number, 0
            for cell in row:
                place = CELL.fullmatch(cell.attrib["r"])
                column = column_index_from_string(place[1]) if place else 0
                if not place or int(place[2]) != number or not right < column <= 16_384:
                    yield f"cell {cell.attrib['r']} in row {number}"
                right = column
                yield from self._cell(cell, shared)

    def _cell(self, cell: Element, shared: set[str]) -> Iterator[str]:
        place, kind = cell.attrib["r"], cell.attrib.get("t", "n")
        if int(cell.attrib.get("s", 0)) >= self.styles.formats or kind not in KINDS:
            yield f"{place}: format or kind"
        value, formula = cell.find(f"{MAIN}v"), cell.find(f"{MAIN}f")
        told = (value.text or "") if value is not None else ""
        if kind == "s":
            if int(told) >= len(self.texts):
                yield f"{place}: text {told}"
                return
            told = self.texts[int(told)]
        elif kind == "inlineStr":
            told = "".join(t.text or "" for t in cell.iter(f"{MAIN}t"))
        elif kind == "n" and told:
            float(told)
        if _units(told) > 32_767:
            yield f"{place}: text too long"
        self.cells[place] = told
        if formula is not None:
            yield from _formula(place, formula, shared)

    def _columns(self) -> Iterator[str]:
        spans = [
            (int(c.attrib["min"]), int(c.attrib["max"]))
            for c in self.root.iter(f"{MAIN}col")
        ]
        for (_, before), (after, _) in pairwise(spans):
            if after <= before:
                yield f"columns {before} and {after}"

    def _table(self, table: Element) -> Iterator[str]:
        name, ref = table.attrib["displayName"], table.attrib["ref"]
        if not NAME.fullmatch(name) or LIKE_A_CELL.fullmatch(name):
            yield f"table named {name!r}"
        left, top, right, bottom = _box(ref)
        heads = [c.attrib["name"] for c in table.iter(f"{MAIN}tableColumn")]
        if len(heads) != right - left + 1 or bottom <= top:
            yield f"{name}: {len(heads)} columns in {ref}"
        if len({h.casefold() for h in heads}) != len(heads):
            yield f"{name}: two headers alike"
        shown = [
            self.cells.get(f"{_letters(left + k)}{top}") for k in range(len(heads))
        ]
        if shown != heads:
            yield f"{name}: headers {shown} for {heads}"
        filters = table.find(f"{MAIN}autoFilter")
        if filters is not None and filters.attrib["ref"] != ref:
            yield f"{name}: filters of {filters.attrib['ref']}"
        ids = [c.attrib["id"] for c in table.iter(f"{MAIN}tableColumn")]
        if len(set(ids)) != len(ids):
            yield f"{name}: columns of one id"
        for formula in table.iter(f"{MAIN}calculatedColumnFormula"):
            yield from _formula(name, formula, set())

    def _marks(self) -> Iterator[str]:
        for block in self.root.iter(f"{MAIN}conditionalFormatting"):
            for ref in block.attrib["sqref"].split():
                _box(ref)
            for rule in block:
                if int(rule.attrib.get("dxfId", 0)) >= max(self.styles.marks, 1):
                    yield f"mark {rule.attrib['dxfId']} is not there"
                for formula in rule.iter(f"{MAIN}formula"):
                    told = formula.text or ""
                    if not told or "[" in re.sub('"[^"]*"', "", told):
                        yield f"mark by {told!r}"

    def _links(self) -> Iterator[str]:
        links = list(self.root.iter(f"{MAIN}hyperlink"))
        if len(links) > 65_530:
            yield f"{len(links)} links"
        known = self.parts.relations(self.path)
        ids = [e.attrib[f"{REL}id"] for e in self.root.iter() if f"{REL}id" in e.attrib]
        yield from (f"relation {i} is not there" for i in ids if i not in known)
        for kind in ("drawing", "legacyDrawing"):
            if len(self.root.findall(f"{MAIN}{kind}")) > 1:
                yield f"more than one {kind}"
        footers = [e.text or "" for e in self.root.iter() if e.tag.endswith("Footer")]
        yield from (f"footer {t!r}" for t in footers if _units(t) > 255)


def _formula(place: str, formula: Element, shared: set[str]) -> Iterator[str]:
    told = formula.text or ""
    number = formula.attrib.get("si")
    if number is not None and told:
        left, top, _, _ = _box(formula.attrib["ref"])
        if f"{_letters(left)}{top}" != place:
            yield f"{place}: shares {formula.attrib['ref']}"
        shared.add(number)
    elif number is not None and number not in shared:
        yield f"{place}: shares what no cell has"
    elif number is None and not told:
        yield f"{place}: no formula"
    bare = re.sub('"[^"]*"', "", told)
    if (
        _units(told) > 8_192
        or told.startswith("=")
        or bare.count("(") != bare.count(")")
    ):
        yield f"{place}: formula {told[:60]!r}"
    if re.search(r"[|]|https?:|\[\d+\]", bare):
        yield f"{place}: formula leads outside {told[:60]!r}"


def _texts(parts: Parts) -> list[str]:
    name = "xl/sharedStrings.xml"
    if name not in parts.content:
        return []
    root = parts.xml(name)
    texts = ["".join(t.text or "" for t in item.iter(f"{MAIN}t")) for item in root]
    assert int(root.attrib["uniqueCount"]) == len(texts)
    return texts


def _box(ref: str) -> Box:
    left, top, right, bottom = range_boundaries(ref)
    assert None not in (left, top, right, bottom), ref
    return left, top, right, bottom  # type: ignore[return-value]


def _overlaps(boxes: list[Box]) -> Iterator[tuple[Box, Box]]:
    for k, a in enumerate(boxes):
        for b in boxes[k + 1 :]:
            if a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]:
                yield a, b


def _letters(column: int) -> str:
    return str(get_column_letter(column))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
