"""Amounts of money, in euros."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from consolidate.model.workbook import Value
from consolidate.normalise.formats import Shown, shown
from consolidate.normalise.missing import is_empty
from consolidate.normalise.numbers import Mark, NumberFault, Quantity, parse_quantity
from consolidate.normalise.parsed import NOTHING, Parsed
from consolidate.normalise.units import load_units

_UNIT_WORD = {"eur": "€", "keur": "k€", "meur": "m€"}


@dataclass(frozen=True, slots=True)
class MoneyContext:
    """What a column says of its amounts.

    Attributes:
        unit: ``Column.unit``.
        mark: Decimal mark.
    """

    unit: str = ""
    mark: Mark = ""


def parse_money(raw: Value, number_format: str, context: MoneyContext) -> Parsed:
    """Read an amount of money.

    Args:
        raw: A typed number or a text such as "150 k€", "1,2 M€ HT" or "$ 500".
        number_format: Of the cell: a format may print "k€", or only show thousands
            of an amount that is stored whole.
        context: Of the column.

    Returns:
        Euros; another currency is kept as written and told. ``tax`` when the cell says.
    """
    if is_empty(raw):
        return NOTHING
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        return Parsed(rule="number-unread")
    if not isinstance(raw, str):
        return _of_typed(float(raw), number_format, context.unit)
    found = parse_quantity(raw, context.mark)
    if isinstance(found, NumberFault):
        return Parsed(rule=found.rule)
    return _of_text(found, context)


def _of_typed(number: float, number_format: str, unit: str) -> Parsed:
    rule, factor, currency = _scale(number_format, unit, zero=not number)
    return Parsed(rule=rule) if rule else _with_currency(number * factor, currency)


@lru_cache(maxsize=4096)
def _scale(number_format: str, unit: str, *, zero: bool) -> tuple[str, float, str]:
    """Return the fault of typed numbers, else their factor to euros and currency."""
    units, look = load_units(), shown(number_format)
    if (
        look.percent
        or look.percent_word
        or look.unit in units.time
        or unit == "percent"
    ):
        return "number-unread", 1.0, ""
    if not zero and unit in {"keur", "meur"} and units.money.get(look.unit) == 1:
        return "money-unit-conflict", 1.0, ""
    return ("", *_of_format(look, unit))


def _of_format(look: Shown, unit: str) -> tuple[float, str]:
    """Return the factor to euros of a typed number, and its currency if another.

    What a person reads is the number shrunk for display times the unit beside it:
    150000 shown as "150 k€" is 150 k€ and not 150 000 k€.
    """
    units = load_units()
    word = look.unit or _UNIT_WORD.get(unit, "")
    if word in units.currency:
        code, factor = units.currency[word]
        return (1.0 if look.thousands else factor), code
    factor = units.money.get(word, 1.0)
    if look.thousands:
        factor = max(factor / 1000.0**look.thousands, 1.0) if factor > 1 else 1.0
    return factor, "" if look.unit else _currency(unit)


def _currency(unit: str) -> str:
    return unit if unit in {"usd", "gbp", "chf"} else ""


def _of_text(found: Quantity, context: MoneyContext) -> Parsed:
    units = load_units()
    word = found.unit or _UNIT_WORD.get(context.unit, "")
    parts = (found.number, found.tax, found.approximate)
    if word in units.currency:
        code, factor = units.currency[word]
        return _with_currency(parts[0] * factor, code, found.tax)
    if not word:
        own = _with_currency(found.number, _currency(context.unit), found.tax)
        return (
            own
            if own.rule or not found.approximate
            else own._replace(rule="value-approximate")
        )
    if word not in units.money:
        return Parsed(rule="number-unread")
    rule = "value-approximate" if found.approximate else ""
    return Parsed(round(found.number * units.money[word], 6), rule, tax=found.tax)


def _with_currency(amount: float, code: str, tax: str = "") -> Parsed:
    amount = round(amount, 6)
    if code:
        return Parsed(amount, "currency-not-euro", (("currency", code.upper()),), tax)
    return Parsed(amount, tax=tax)
