"""A figure as the HTML report shows it, sorts it and proves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

_NARROW, _HARD = "\u202f", "\u00a0"
_MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "en": "January February March April May June July August September October November December",
}
_SHORT = {
    "fr": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One value shown.

    Attributes:
        text: As it is shown; empty when nothing was communicated.
        sort: What sorting compares: a number, or text.
        proof: Number of its proof, None without one.
        tone: ``good``, ``fair``, ``poor``, ``done``, ``none`` or nothing.
        note: A short word beside it.
    """

    text: str = ""
    sort: float | str | None = None
    proof: int | None = None
    tone: str = ""
    note: str = ""


def number(value: float, lang: str, digits: int = 0) -> str:
    """Return a number: ``1 234,5`` or ``1,234.5``."""
    text = f"{value:,.{digits}f}"
    if text.strip("-0.,") == "":
        text = text.lstrip("-")
    text = text.replace("-", "\u2212")
    if lang == "en":
        return text
    return text.replace(",", _NARROW).replace(".", ",")


def thousands(value: float, lang: str) -> str:
    """Return money in thousands of euros: ``1 235 k€`` or ``€1,235k``."""
    kilo = value / 1000
    digits = 1 if 0 < abs(kilo) < 10 and round(kilo, 1) != round(kilo) else 0
    return kilo_text(number(kilo, lang, digits), lang)


def kilo_text(text: str, lang: str) -> str:
    """Return thousands of euros already written as a number, with their unit."""
    if lang == "fr":
        return f"{text}{_HARD}k€"
    sign = "\u2212" if text.startswith("\u2212") else ""
    return f"{sign}€{text.lstrip(chr(0x2212))}k"


def percent(share: float, lang: str) -> str:
    """Return a share as a percentage: ``12 %`` or ``12%``."""
    text = number(share * 100, lang)
    return f"{text}{_HARD}%" if lang == "fr" else f"{text}%"


def fine_percent(share: float, lang: str) -> str:
    """Return a share with two decimals, for availability: ``99,95 %``."""
    text = number(share * 100, lang, 2)
    return f"{text}{_HARD}%" if lang == "fr" else f"{text}%"


def day(value: date, lang: str) -> str:
    """Return a date: ``31/12/2026`` or ``31 Dec 2026``."""
    if lang == "fr":
        return f"{value.day:02}/{value.month:02}/{value.year:04}"
    month = _SHORT["en"].split()[value.month - 1]
    return f"{value.day}{_HARD}{month}{_HARD}{value.year}"


def month(text: str, lang: str, *, short: bool = False) -> str:
    """Return a month ``YYYY-MM``: ``octobre 2026`` or ``oct. 26`` when short."""
    year, _, order = text.partition("-")
    if not (order.isascii() and order.isdigit() and 1 <= int(order) <= 12):
        return text
    names = (_SHORT if short else _MONTHS)[lang].split()
    return f"{names[int(order) - 1]}{_HARD}{year[2:] if short else year}"


def signed_days(days: int, lang: str) -> str:
    """Return a difference in days: ``+12 j`` or ``+12 d``."""
    sign = "+" if days > 0 else ""
    return f"{sign}{number(days, lang)}{_HARD}{'j' if lang == 'fr' else 'd'}"
