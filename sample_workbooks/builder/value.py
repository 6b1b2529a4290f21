"""What a cell shows, and what a careful reader understands from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Month:
    """The month a book is written for.

    Attributes:
        name: ``2026-09`` or ``2026-10``.
    """

    name: str

    def __call__(self, september: Any, october: Any) -> Any:
        """Return what the book says in this month."""
        return october if self.name == "2026-10" else september


FILLS = {
    "green": "00B050",
    "amber": "FFC000",
    "red": "FF0000",
    "blue": "5B9BD5",
    "grey": "BFBFBF",
}
MILESTONE = {
    "Atteint": "completed",
    "En cours": "active",
    "À venir": "planned",
    "En retard": "late",
}
ACTION = {
    "À faire": "open",
    "En cours": "in_progress",
    "Fait": "closed",
    "En retard": "late",
    "Bloqué": "blocked",
}
RISK = {
    "Ouvert": "open",
    "En traitement": "mitigating",
    "Clos": "closed",
    "Avéré": "occurred",
}
LETTERS = {"V": "green", "O": "amber", "R": "red"}
SMILEYS = {"green": "J", "amber": "K", "red": "L"}
WEATHER = {"green": "Soleil", "amber": "Nuageux", "red": "Orage"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell that does not simply show its value.

    Attributes:
        shown: What is typed in the cell; None for a cell that has only a look.
        value: What it means, in the units of the data; None when it gives no value.
        look: Format properties of xlsxwriter added to those of its column.
        expect: What a finding has to say there; empty when nothing has to be said.
        severity: Of that finding.
        rule: Id of that finding.
    """

    shown: Any
    value: Any = None
    look: Mapping[str, object] = field(default_factory=dict)
    expect: str = ""
    severity: str = ""
    rule: str = ""


def means(shown: Any, value: Any) -> Shown:
    """Return a cell whose text is written otherwise than its value."""
    return Shown(shown, value)


def about(shown: Any, value: date, *, fmt: str = "") -> Shown:
    """Return a date that names a month, a quarter or a week, not a day."""
    look = {"num_format": fmt} if fmt else {}
    expect = (
        "Date imprécise : retenue au dernier jour possible (au premier pour un début)."
    )
    return Shown(shown, value, look, expect, "info", "date-imprecise")


def roughly(shown: str, value: float) -> Shown:
    """Return a number marked as approximate: kept, and told."""
    return Shown(
        shown, value, {}, "Nombre approximatif, gardé.", "warning", "value-approximate"
    )


def unread(
    shown: Any, expect: str, *, severity: str = "error", rule: str = ""
) -> Shown:
    """Return a cell that nobody can understand with certainty: empty, and told."""
    return Shown(shown, None, {}, expect, severity, rule)


def no_value(word: str) -> Shown:
    """Return a word that stands for "no value": ``à définir``, ``NC``."""
    return Shown(word)


def fill(code: str) -> Shown:
    """Return an empty cell whose colour is the status."""
    return Shown(None, code, {"bg_color": f"#{FILLS[code]}"})


def smiley(code: str) -> Shown:
    """Return a letter that Wingdings shows as a smiling, straight or sad face."""
    return Shown(SMILEYS[code], code, {"font_name": "Wingdings", "font_size": 14})


def weather(code: str) -> Shown:
    """Return a weather word."""
    return Shown(WEATHER[code], code)


def keur(amount: float) -> Shown:
    """Return an amount typed in thousands of euros, the header saying so."""
    return Shown(amount / 1000, float(amount))


def share(part: float) -> Shown:
    """Return a share shown as a percentage."""
    return Shown(part, part, {"num_format": "0%"})


def euros(amount: float) -> Shown:
    """Return an amount in a currency format."""
    return Shown(amount, float(amount), {"num_format": "#,##0.00 €"})


def coloured(word: Any, value: Any, code: str) -> Shown:
    """Return a word in a cell whose colour says the same."""
    return Shown(word, value, {"bg_color": f"#{FILLS[code]}"})


def outdated(shown: Any) -> Shown:
    """Return a value that loses against a newer workbook's, where it is told."""
    return Shown(shown)


def disputed(shown: Shown, other: str) -> Shown:
    """Return a value that wins against an older workbook's, and is told."""
    expect = f"Valeur différente dans {other}, plus ancien ; celle-ci est retenue."
    return replace(shown, expect=expect, severity="warning", rule="values-conflict")


def overrun(shown: Shown) -> Shown:
    """Return an amount committed above its budget: kept, and told."""
    expect = "Engagé supérieur au budget."
    return replace(
        shown, expect=expect, severity="warning", rule="amounts-out-of-order"
    )


def formula(text: str, result: float) -> Shown:
    """Return a formula and the result that the spreadsheet stored with it."""
    return Shown((text, result), result)


def broken(text: str) -> Shown:
    """Return a formula whose stored result is ``#REF!``."""
    expect = "Cellule en erreur (#REF!) : laissée vide."
    return Shown((text, "#REF!"), None, {}, expect, "error", "cell-error")
