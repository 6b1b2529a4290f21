"""A figure as the HTML report shows it, sorts it and proves it."""

from __future__ import annotations

from dataclasses import dataclass

from consolidate.report import format as shown


@dataclass(frozen=True, slots=True)
class Figure:
    """One value shown.

    Attributes:
        text: As it is shown; empty when nothing was communicated.
        sort: The number that sorting compares; None sorts by the text.
        proof: Number of its proof, None without one.
        tone: ``good``, ``fair``, ``poor``, ``done``, ``none`` or nothing.
        note: A short word beside it.
    """

    text: str = ""
    sort: float | str | None = None
    proof: int | None = None
    tone: str = ""
    note: str = ""


def thousands(euros: float, lang: str) -> str:
    """Return an amount in thousands; one decimal below ten thousand euros."""
    kilo = abs(euros) / 1000
    digits = 1 if 0 < kilo < 10 and round(kilo, 1) != round(kilo) else 0
    return shown.kilo_euros(euros, lang, digits)


def thousands_pattern(lang: str) -> str:
    """Return how thousands of euros are written around ``{n}``."""
    return shown.kilo_euros(1000, lang, 0).replace("1", "{n}")
