"""Write figures as people read them in French and in English.

The only place that formats: reports, charts and workbooks all call it.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias

NARROW = "\u202f"
"""Between the thousands of a French number."""

HARD = "\u00a0"
"""Between a number and its unit."""

MINUS = "\u2212"

CellKind: TypeAlias = Literal[
    "integer",
    "count",
    "number",
    "money",
    "kilo",
    "days",
    "share",
    "fine_share",
    "gap",
    "signed_money",
    "signed_share",
    "date",
    "month",
    "text",
]

_MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "en": "January February March April May June July August September October November December",
}
_SHORT_MONTHS = {
    "fr": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
}
_CELLS: dict[str, dict[CellKind, str]] = {
    "fr": {
        "integer": "0",
        "count": "#,##0",
        "number": "#,##0.0#",
        "money": "#,##0\\ \\€",
        "kilo": "#,##0,\\ \\k\\€",
        "days": "#,##0.0#",
        "share": "0\\ %",
        "fine_share": "0.00\\ %",
        "gap": "+#,##0;\\-#,##0;0",
        "signed_money": "+#,##0\\ \\€;\\-#,##0\\ \\€;0\\ \\€",
        "signed_share": "+0\\ %;\\-0\\ %;0\\ %",
        "date": "dd/mm/yyyy",
        "month": "[$-40C]mmm\\ yyyy",
        "text": "General",
    },
    "en": {
        "integer": "0",
        "count": "#,##0",
        "number": "#,##0.0#",
        "money": "\\€#,##0",
        "kilo": "\\€#,##0,\\k",
        "days": "#,##0.0#",
        "share": "0%",
        "fine_share": "0.00%",
        "gap": "+#,##0;\\-#,##0;0",
        "signed_money": "+\\€#,##0;\\-\\€#,##0;\\€0",
        "signed_share": "+0%;\\-0%;0%",
        "date": "[$-809]d\\ mmm\\ yyyy",
        "month": "[$-809]mmm\\ yyyy",
        "text": "General",
    },
}


def number(value: float, lang: str, digits: int | None = None) -> str:
    """Return a number: ``1 234,5`` or ``1,234.5``.

    Args:
        value: A finite number.
        lang: ``fr`` or ``en``.
        digits: Decimals written; None writes those it has, at most two.
    """
    text = f"{value:,.{2 if digits is None else digits}f}"
    if digits is None:
        text = text.rstrip("0").rstrip(".")
    if not text.strip("-0.,"):
        text = text.lstrip("-")
    text = text.replace("-", MINUS)
    if lang == "en":
        return text
    return text.replace(",", NARROW).replace(".", ",")


def percent(share: float, lang: str, digits: int = 0) -> str:
    """Return a share 0..1 as a percentage: ``12 %`` or ``12%``."""
    text = number(share * 100, lang, digits)
    return f"{text}{HARD}%" if lang == "fr" else f"{text}%"


def euros(value: float, lang: str, digits: int | None = None) -> str:
    """Return an amount: ``1 234,5 €`` or ``€1,234.5``."""
    return _with_euro(number(value, lang, digits), lang, "€")


def kilo_euros(value: float, lang: str, digits: int | None = None) -> str:
    """Return an amount given in euros as thousands: ``1 234,5 k€`` or ``€1,234.5k``.

    Args:
        value: Euros, not thousands.
        lang: ``fr`` or ``en``.
        digits: Decimals written; None writes one where there is one.
    """
    shown = round(value / 1000, 1) if digits is None else value / 1000
    return _with_euro(number(shown, lang, digits), lang, "k€")


def day(value: date, lang: str) -> str:
    """Return a date: ``31/12/2026`` or ``31 Dec 2026``."""
    if lang == "fr":
        return f"{value.day:02}/{value.month:02}/{value.year:04}"
    return f"{value.day}{HARD}{month_name(value.month, 'en')}{HARD}{value.year}"


def month(period: str, lang: str, *, short: bool = False) -> str:
    """Return a month ``YYYY-MM``: ``octobre 2026``, ``oct. 26`` when short.

    Text that is not a month is returned as it is.
    """
    year, _, order = period.partition("-")
    if not (order.isascii() and order.isdigit() and 1 <= int(order) <= 12):
        return period
    name = month_name(int(order), lang, short=short)
    return f"{name}{HARD}{year[2:] if short else year}"


def month_name(order: int, lang: str, *, short: bool | None = None) -> str:
    """Return the name of a month, 1 to 12; short by default in English only."""
    brief = lang == "en" if short is None else short
    return (_SHORT_MONTHS if brief else _MONTHS)[lang].split()[order - 1]


def days(value: int, lang: str) -> str:
    """Return a signed difference in days: ``+12 j`` or ``+12 d``."""
    sign = "+" if value > 0 else ""
    return f"{sign}{number(value, lang)}{HARD}{'j' if lang == 'fr' else 'd'}"


def cell_format(kind: CellKind, lang: str) -> str:
    """Return the number format a workbook's cell takes to show a value of that kind."""
    return _CELLS[lang][kind]


def _with_euro(text: str, lang: str, unit: str) -> str:
    if lang == "fr":
        return f"{text}{HARD}{unit}"
    sign = MINUS if text.startswith(MINUS) else ""
    return f"{sign}€{text.removeprefix(MINUS)}{unit.removesuffix('€')}"
