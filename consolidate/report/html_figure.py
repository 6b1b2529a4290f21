"""A figure as the HTML report shows it, sorts it and proves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup, escape

from consolidate.report import format as shown
from consolidate.report.html_words import Words, visible


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


def figure_writer(words: Words) -> Callable[[Figure], Markup]:
    """Return what the macro ``figure`` writes, without what calling a macro costs.

    The pages of 130 projects hold some 30,000 figures.
    """
    missing = Markup('<abbr class="missing" title="{}">{}</abbr>').format(
        words.tr("missing"), words.tr("missing-short")
    )

    def write(figure: Figure) -> Markup:
        if not figure.text:
            return missing
        text: str = escape(visible(figure.text))
        tone = f' class="{figure.tone}"' if figure.tone else ""
        if figure.proof is not None:
            text = f'<button{tone} data-p="{figure.proof}">{text}</button>'
        elif tone:
            text = f"<span{tone}>{text}</span>"
        note = f"<small>{escape(visible(figure.note))}</small>" if figure.note else ""
        return Markup(f"{text}{note}")  # noqa: S704 - escaped above

    return write


def thousands(euros: float, lang: str) -> str:
    """Return an amount in thousands; one decimal below ten thousand euros."""
    kilo = abs(euros) / 1000
    digits = 1 if 0 < kilo < 10 and round(kilo, 1) != round(kilo) else 0
    return shown.kilo_euros(euros, lang, digits)


def thousands_pattern(lang: str) -> str:
    """Return how thousands of euros are written around ``{n}``."""
    return shown.kilo_euros(1000, lang, 0).replace("1", "{n}")
