"""Movements between two months, in words and figures of a language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from consolidate.model.schema import Schemas
from consolidate.report import format as shown

Movement = Mapping[Any, Any]


def field(move: Movement, schemas: Schemas, lang: str) -> str:
    """Return how people call the field that moved."""
    spec = schemas.tables[move["table"]].by_name[move["field"]]
    return spec.label.get(lang, spec.name)


def value(move: Movement, end: str, schemas: Schemas, lang: str) -> str:
    """Return what a field held ``before`` or ``after``."""
    held = move[end]
    if held is None:
        return "–"
    spec = schemas.tables[move["table"]].by_name[move["field"]]
    if isinstance(held, date):
        return shown.day(held, lang)
    if spec.type == "money":
        return shown.euros(float(held), lang)
    known = schemas.vocabularies.get(spec.values) if spec.values else None
    labels = known.labels.get(str(held), {}) if known else {}
    return str(labels.get(lang, held))


def amount(move: Movement, lang: str) -> str:
    """Return by how much, signed; nothing for levels of a status."""
    if move["amount"] is None or move["unit"] == "levels":
        return ""
    sign = "−" if move["move"] in {"advanced", "cheaper"} else "+"
    if move["move"] in {"rebaselined", "recosted"}:
        sign = "+" if move["after"] > move["before"] else "−"
    if move["unit"] == "days":
        return sign + shown.days(int(move["amount"]), lang).lstrip("+")
    return sign + shown.euros(float(move["amount"]), lang)
