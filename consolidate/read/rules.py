"""Conditional formats simple enough to be sure of: comparisons, words, three icons."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate.model.address import Box, box
from consolidate.model.workbook import PLAIN, Look, Position, Value
from consolidate.read.ooxml import local, parse
from consolidate.read.styles import Styles

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_START, _END = b"<conditionalFormatting", b"</conditionalFormatting>"
_MOST_CELLS = 20_000
_LIGHTS = ("red", "amber", "green")
_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "lessThan": lambda a, b: a < b,
    "lessThanOrEqual": lambda a, b: a <= b,
    "equal": lambda a, b: a == b,
    "notEqual": lambda a, b: a != b,
    "greaterThanOrEqual": lambda a, b: a >= b,
    "greaterThan": lambda a, b: a > b,
}


@dataclass(frozen=True, slots=True)
class _Rule:
    areas: tuple[Box, ...]
    priority: int
    shows: Callable[[Value, Sequence[float]], Look | None]


def coloured_by_rules(
    xml: bytes,
    styles: Styles,
    rows: Sequence[Sequence[Value]],
    looks: Mapping[Position, Look],
) -> Mapping[Position, Look]:
    """Return looks with what simple conditional formats add to them.

    Formulas, colour scales, data bars and icon sets without fixed thresholds add nothing:
    a colour we are not sure of is no colour.
    """
    start = xml.find(_START)
    if start < 0:
        return looks
    end = xml.rfind(_END) + len(_END)
    root = parse(b"<all>" + xml[start:end] + b"</all>")
    if root is None:
        return looks
    rules = sorted(_rules(root, styles), key=lambda rule: rule.priority)
    added: dict[Position, Look] = {}
    for rule in rules:
        for at, value, others in _cells(rule.areas, rows):
            shown = rule.shows(value, others) if at not in added else None
            if shown is not None:
                base = looks.get(at, PLAIN)
                added[at] = dataclasses.replace(
                    base,
                    fill=shown.fill or base.fill,
                    ink=shown.ink or base.ink,
                    icon=shown.icon,
                    by_rule=True,
                )
    return {**looks, **added}


def _cells(
    areas: Sequence[Box], rows: Sequence[Sequence[Value]]
) -> list[tuple[Position, Value, Sequence[float]]]:
    found: list[tuple[Position, Value]] = []
    for area in areas:
        for r in range(area.top, min(area.bottom + 1, len(rows))):
            row = rows[r]
            found.extend(
                ((r, c), row[c])
                for c in range(area.left, min(area.right + 1, len(row)))
                if row[c] is not None
            )
        if len(found) > _MOST_CELLS:
            return []
    numbers = [float(v) for _, v in found if isinstance(v, float | int)]
    return [(at, value, numbers) for at, value in found]


def _rules(root: Element, styles: Styles) -> list[_Rule]:
    found = []
    for group in root:
        areas = tuple(_boxes(group.get("sqref", "")))
        for item in group:
            shows = _reading(item, styles) if local(item.tag) == "cfRule" else None
            if areas and shows:
                priority = item.get("priority", "0")
                found.append(
                    _Rule(areas, int(priority) if priority.isdigit() else 0, shows)
                )
    return found


def _boxes(text: str) -> list[Box]:
    try:
        return [box(word) for word in text.split()]
    except ValueError:
        return []


def _reading(
    item: Element, styles: Styles
) -> Callable[[Value, Sequence[float]], Look | None] | None:
    kind = item.get("type", "")
    if kind == "iconSet":
        return _icons(item)
    number = item.get("dxfId", "")
    if not number.isdigit() or int(number) >= len(styles.rules):
        return None
    fill, ink = styles.rules[int(number)]
    look = Look(fill=fill, ink=ink)
    test = _cell_test(item) if kind == "cellIs" else _text_test(item, kind)
    if test is None or not (fill or ink):
        return None
    return lambda value, _: look if test(value) else None


def _cell_test(item: Element) -> Callable[[Value], bool] | None:
    terms = [(e.text or "").strip() for e in item if local(e.tag) == "formula"]
    operator = item.get("operator", "")
    if (
        len(terms) == 1
        and terms[0].startswith('"')
        and operator in {"equal", "notEqual"}
    ):
        wanted, same = terms[0].strip('"').casefold(), operator == "equal"
        return lambda v: isinstance(v, str) and (v.strip().casefold() == wanted) == same
    try:
        numbers = [float(t) for t in terms]
    except ValueError:
        return None
    if operator in {"between", "notBetween"} and len(numbers) == 2:
        low, high = sorted(numbers)
        inside = operator == "between"
        return lambda v: _is_number(v) and (low <= float(v) <= high) == inside  # type: ignore[arg-type]
    compare = _COMPARE.get(operator)
    if compare is None or len(numbers) != 1:
        return None
    return lambda v: _is_number(v) and compare(float(v), numbers[0])  # type: ignore[arg-type]


def _text_test(item: Element, kind: str) -> Callable[[Value], bool] | None:
    wanted = item.get("text", "").casefold()
    tests: Mapping[str, Callable[[str], bool]] = {
        "containsText": lambda text: wanted in text,
        "notContainsText": lambda text: wanted not in text,
        "beginsWith": lambda text: text.startswith(wanted),
        "endsWith": lambda text: text.endswith(wanted),
    }
    test = tests.get(kind)
    if test is None or not wanted:
        return None
    return lambda v: isinstance(v, str) and test(v.strip().casefold())


def _icons(item: Element) -> Callable[[Value, Sequence[float]], Look | None] | None:
    icons = next((e for e in item if local(e.tag) == "iconSet"), None)
    if icons is None or not icons.get("iconSet", "3TrafficLights1").startswith(
        ("3TrafficLights", "3Signs", "3Symbols", "3Flags")
    ):
        return None
    limits = [
        (e.get("type", ""), e.get("val", ""), e.get("gte", "1"))
        for e in icons
        if local(e.tag) == "cfvo"
    ]
    if len(limits) != 3 or any(kind not in {"num", "percent"} for kind, _, _ in limits):
        return None
    lights = _LIGHTS[::-1] if icons.get("reverse") in {"1", "true"} else _LIGHTS

    def shows(value: Value, others: Sequence[float]) -> Look | None:
        if not _is_number(value) or not others:
            return None
        level = 0
        for step, (kind, text, gte) in enumerate(limits[1:], 1):
            try:
                limit = float(text)
            except ValueError:
                return None
            if kind == "percent":
                limit = min(others) + (max(others) - min(others)) * limit / 100
            number = float(value)  # type: ignore[arg-type]
            if number > limit or (number == limit and gte != "0"):
                level = step
        return Look(icon=lights[level])

    return shows


def _is_number(value: Value) -> bool:
    return isinstance(value, float | int) and not isinstance(value, bool)
