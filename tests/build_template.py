"""Invented months of one project manager, with every field of every table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
from build_portfolio import make_portfolio, schemas

from consolidate.analyse.rules import load_rules
from consolidate.model.portfolio import WORKBOOK_COLUMNS
from consolidate.model.schema import Field, Schemas, TableSpec
from consolidate.packs import PackData
from consolidate.resources import shipped
from consolidate.unify.codes import provisional_code

MANAGER = "Alix Exemple"
Draw = Callable[[int], int]
"""Gives a number below another: where everything invented comes from."""

TEXTS = (
    "=1+1", "+33 numéro du standard", "-2", "@SUM(A1)", "007", "0012-A", "_x0041_ tel quel", "50 % des postes",
    "L’éditeur livre « en avance »", "Lot 2\nLot 3", "https://exemple.invalid/x", "<b>gras</b>", "éàüŒ ☀",
    "12/2026 puis la suite", '{=HYPERLINK("x")}', "Total des postes migrés",
)  # fmt: skip
LONG = (*TEXTS, "Un point à la ligne.\n" * 40 + "Fin", "x" * 3000, "\t=2*3 en tête")
PEOPLE = ("Camille Fictif", "Dominique Inventé", "Sacha Modèle")
_DAYS = date(2024, 1, 1)
_UNSAID = frozenset({"absence", "absent"})


def month_of(draw: Draw, lang: str, projects: int) -> PackData:
    """Return a month of some projects, each field of each table filled somewhere."""
    known = schemas()
    base = make_portfolio(projects=0, lang=lang)
    names = [_text(draw, TEXTS, f"Projet {n}") for n in range(projects)]
    codes = [provisional_code(name) if n == 1 else f"PRJ-{n + 1:03}" for n, name in enumerate(names)]  # fmt: skip
    tables = {
        name: _table(draw, spec, known, dict(zip(codes, names, strict=True)))
        for name, spec in known.tables.items()
    }
    told = {"workbook": "a.xlsx", "state": "consolidated", "project_codes": ";".join(codes)}  # fmt: skip
    books = pd.DataFrame([told], columns=WORKBOOK_COLUMNS)
    month = replace(base, tables=tables, workbooks=books)
    rules = load_rules([shipped("schemas")])
    return PackData(month, known, rules)


def _table(
    draw: Draw, spec: TableSpec, known: Schemas, projects: Mapping[str, str]
) -> pd.DataFrame:
    each = 1 if spec.name in {"projects", "closures"} else 1 + draw(3)
    rows = []
    for code, name in projects.items():
        for _ in range(each):
            full = not rows or draw(3) == 0
            rows.append(_record(draw, spec, known, full, len(rows)) | {"project_code": code})  # fmt: skip
            if spec.name == "projects":
                rows[-1] |= {"name": name, "project_manager": MANAGER}
    for number, row in enumerate(rows):
        row |= {"record_id": f"{spec.name}-{number}", "period": "2026-10"}
        row |= {"workbook": "a.xlsx", "sheet": spec.name, "row": number + 5}
    columns = ["record_id", "period", "project_code", *(n for n in spec.field_names if n != "project_code"), "workbook", "sheet", "row"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns, dtype="object")


def _record(
    draw: Draw, spec: TableSpec, known: Schemas, full: bool, number: int
) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for field in spec.fields:
        given = field.name == "kind" or field.name.startswith("amount_")
        needed = full or given or field.name in spec.names
        if needed or draw(2):
            row[field.name] = _value(draw, field, known, number)
    return row | _agreed(row)


def _agreed(row: Mapping[str, Any]) -> dict[str, Any]:
    """What would be contradicted by the rest of its record."""
    agreed: dict[str, Any] = {"project_name": None}
    for lead in ("", "residual_"):
        pair = [row.get(f"{lead}{name}") for name in ("probability", "impact")]
        if None not in pair:
            agreed[f"{lead}criticality"] = pair[0] * pair[1]
    if row.get("establishments", ";").count(";") == 0:
        agreed["establishment"] = row["establishments"]
    return agreed


def _value(draw: Draw, field: Field, known: Schemas, number: int) -> Any:
    """Return a value of a field; what names a record is never the same twice."""
    made: Mapping[str, Callable[[], Any]] = {
        "text": lambda: _text(draw, TEXTS, f"{field.label['fr']} {number}"),
        "long_text": lambda: _text(draw, LONG, f"{field.label['fr']} {number}"),
        "person": lambda: PEOPLE[draw(len(PEOPLE))],
        "list": lambda: ";".join(PEOPLE[: 1 + draw(3)]),
        "code": lambda: _code(draw, field, known, number),
        "boolean": lambda: draw(2) == 0,
        "rating": lambda: 1 + draw(5),
        "criticality": lambda: 1 + draw(25),
        "date": lambda: _DAYS + timedelta(days=number + 40 * draw(30)),
        "month": lambda: f"2026-{1 + (draw(4) * 3 + number) % 12:02d}",
        "integer": lambda: 2026 if "year" in field.name else draw(50),
        "share": lambda: draw(1001) / 1000,
        "money": lambda: round(draw(10_000_000) / 100, 2),
    }
    plain: Callable[[], Any] = lambda: draw(4000) / 8  # noqa: E731
    value = made.get(field.type, plain)()
    top = field.max if field.max is not None and field.type == "number" else None
    return min(value, top) if top is not None else value


def _text(draw: Draw, texts: tuple[str, ...], unique: str) -> str:
    """Return a text with one of its own in it, and something that a cell could take wrong."""
    text = texts[draw(len(texts))]
    return f"{text} ({unique})".strip()


def _code(draw: Draw, field: Field, known: Schemas, number: int) -> str:
    codes = [c for c in known.vocabularies[field.values].codes if c not in _UNSAID]
    return codes[(draw(len(codes)) + number) % len(codes)]
