"""What the words of a header say against a field, though it is near one of its names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from consolidate.model.text import fold

_PLANNED = re.compile(
    r"\b(?:prevu|prevision|planned|plan\b|planifi|initial|cible|target|baseline|estim|schedul|expected|contract)"
)
_ACTUAL = re.compile(
    r"\b(?:reel|realise|effecti|effectu|actual|real\b|consomme|completed|done)"
)
_REVISED = re.compile(
    r"\b(?:revis|reestim|replani|forecast|actualise|reprevu|revu|new\b|nouvel|atterri|latest)"
)
_BY_WHOM = re.compile(r"(?:by|par)(?: qui| whom)?$")
_OF_PEOPLE = frozenset({"person", "text", "list"})
_HOW_MANY = re.compile(r"\b(?:quantites?|qte|quantity|qty|nombre|nb|number of)\b")
_COST = re.compile(r"\b(?:couts?|costs?)\b")
_WEEK = re.compile(r"\b(?:s|sem|semaines?|weeks?|wk)$")
_SURNAME = frozenset({"nom", "noms", "name", "last name", "surname", "nom de famille"})
_FIRST_NAME = frozenset({"prenom", "prenoms", "first name", "forename", "given name"})
_IN_WORDS = frozenset({"text", "long_text", "person", "list", "code", "date"})
_FIELD_MOOD = {
    "actual": re.compile(
        r"_actual$|^closed_on$|^spent$|^effort_spent$|^delivered_on$|^completed_on$|^actual$"
    ),
    "planned": re.compile(r"_planned$|_baseline$|^due_date$|^budget_initial$|^target"),
    "revised": re.compile(r"_forecast$|_revised$|^revised_|^forecast_"),
}
_RESIDUAL = re.compile(r"residu|net\b|controlled|apres|after|cible|target|maitris")


@lru_cache(maxsize=16384)
def asks_for_else(plain: str, kind: str) -> bool:
    """Whether a header near a field asks for a person or a number, and the field is none."""
    if _BY_WHOM.search(plain):
        return kind not in _OF_PEOPLE
    return kind in _IN_WORDS and bool(_HOW_MANY.search(plain))


@lru_cache(maxsize=4096)
def says_cost(plain: str) -> bool:
    """Whether a header speaks of cost: of time, only when its values are durations."""
    return bool(_COST.search(plain))


@lru_cache(maxsize=4096)
def counts_weeks(plain: str) -> bool:
    """Whether a header says that the numbers below it are of weeks."""
    return bool(_WEEK.search(plain))


def names_of_people(labels: Sequence[str]) -> list[int]:
    """Return which columns hold people's names in two: Nom, where another is Prénom."""
    said = [fold(label.rpartition(" / ")[2]) for label in labels]
    if _FIRST_NAME.isdisjoint(said):
        return []
    return [i for i, words in enumerate(said) if words in _SURNAME | _FIRST_NAME]


@lru_cache(maxsize=16384)
def mood(plain: str, name: str) -> float:
    """Return how well planned, actual and revised words fit a field."""
    factor = 1.0
    if _RESIDUAL.search(plain) and name in {"probability", "impact", "criticality"}:
        factor = 0.8
    if name.startswith("residual_") and not _RESIDUAL.search(plain):
        factor = 0.82
    moods = {
        "planned": bool(_PLANNED.search(plain)),
        "actual": bool(_ACTUAL.search(plain)),
        "revised": bool(_REVISED.search(plain)),
    }
    own = next((m for m, pattern in _FIELD_MOOD.items() if pattern.search(name)), "")
    if not own or not any(moods.values()):
        return factor
    if moods[own] and not (own == "actual" and moods["planned"]):
        return factor * 1.06
    return factor * (0.62 if own == "actual" or moods["actual"] else 0.85)
