"""Shares as fractions: progress, rates, percentages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from consolidate.model.workbook import Value
from consolidate.normalise.formats import shown
from consolidate.normalise.missing import is_empty
from consolidate.normalise.numbers import Mark, NumberFault, Quantity, parse_quantity
from consolidate.normalise.parsed import NOTHING, Parsed
from consolidate.normalise.plain import plain

_RATIO = re.compile(r"(\d{1,4}) ?(?:/|sur|of) ?(\d{1,4})")
_MOST_FRACTION = 1.5
_PERCENT = ("%", "pct", "pourcent", "percent", "pc")


@dataclass(frozen=True, slots=True)
class ShareContext:
    """How the bare numbers of a column are scaled.

    Attributes:
        mark: Decimal mark.
        scale: ``fraction`` (0.5 is half), ``points`` (50 is half), ``mixed`` (both
            are met: a number up to 1 could be either), ``ones`` (only 0 and 1), or
            ``stated`` with ``top``, as 3 on 5.
        top: What stands for the whole on a stated scale.
    """

    mark: Mark = ""
    scale: str = "fraction"
    top: int = 0


def share_scale(numbers: Iterable[float], unit: str, top: int) -> tuple[str, int]:
    """Return how a column's bare numbers are scaled, and the top of a stated scale.

    Args:
        numbers: Those without a percent sign of their own.
        unit: ``Column.unit``.
        top: ``Column.scale``.

    Returns:
        Scale is decided for the column, never for a cell: any number above 1.5 means
        points; otherwise any fraction means fractions.
    """
    sizes = {abs(n) for n in numbers}
    if not sizes:
        return "fraction", 0
    largest = max(sizes)
    if top > 2 and unit != "percent" and largest <= top:
        return "stated", top
    if largest > _MOST_FRACTION:
        small = any(0 < n < 1 for n in sizes)
        decimals = any(n > _MOST_FRACTION and n != int(n) for n in sizes)
        return ("mixed" if small and not decimals else "points"), 0
    return ("fraction" if any(n not in (0, 1) for n in sizes) else "ones"), 0


def bare_number(raw: Value, number_format: str, mark: Mark) -> float | None:
    """Return a number that has no percent sign of its own; None for anything else."""
    if isinstance(raw, bool) or is_empty(raw):
        return None
    if isinstance(raw, int | float):
        look = shown(number_format)
        return None if look.percent or look.percent_word else float(raw)
    if not isinstance(raw, str) or not any("0" <= c <= "9" for c in raw):
        return None
    found = parse_quantity(raw, mark)
    return found.number if isinstance(found, Quantity) and not found.unit else None


def parse_share(raw: Value, number_format: str, context: ShareContext) -> Parsed:
    """Read a share.

    Args:
        raw: "50 %", 0.5 shown as a percentage, a bare number in the column's scale,
            or "3/5".
        number_format: Of the cell.
        context: Of the column.

    Returns:
        A fraction; 150 % is 1.5 and is left to validation.
    """
    if is_empty(raw):
        return NOTHING
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        return Parsed(rule="number-unread")
    if not isinstance(raw, str):
        look = shown(number_format)
        if look.percent or look.percent_word:
            return Parsed(round(float(raw) * (0.01 if look.percent_word else 1), 9))
        return _scaled(float(raw), context)
    return _of_text(raw, context)


def _of_text(raw: str, context: ShareContext) -> Parsed:
    ratio = _RATIO.fullmatch(plain(raw))
    if ratio and 0 <= int(ratio[1]) <= int(ratio[2]) and int(ratio[2]):
        return Parsed(round(int(ratio[1]) / int(ratio[2]), 9))
    found = parse_quantity(raw, context.mark)
    if isinstance(found, NumberFault):
        return Parsed(rule=found.rule)
    if found.unit in _PERCENT:
        parsed = Parsed(round(found.number / 100, 9))
    elif found.unit:
        return Parsed(rule="number-unread")
    else:
        parsed = _scaled(found.number, context)
    if found.approximate and not parsed.rule:
        return parsed._replace(rule="value-approximate")
    return parsed


def _scaled(number: float, context: ShareContext) -> Parsed:
    if context.scale == "stated":
        return Parsed(round(number / context.top, 9))
    if context.scale == "mixed" and 0 < abs(number) <= 1:
        return Parsed(rule="share-scale-mixed")
    if context.scale in ("points", "mixed"):
        return Parsed(round(number / 100, 9))
    return Parsed(float(number))
