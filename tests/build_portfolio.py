"""Build invented portfolios with every canonical table, small ones and large ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from consolidate.model.portfolio import (
    FINDING_COLUMNS,
    LINEAGE_COLUMNS,
    WORKBOOK_COLUMNS,
    Portfolio,
)
from consolidate.model.schema import Field, Schemas, TableSpec, load_schemas
from consolidate.resources import shipped

AS_OF = date(2026, 10, 31)
PERIOD = "2026-10"
INJECTIONS = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1+9)",
    "http://exemple.invalid/x",
    "mailto:a@exemple.invalid",
    "{=1+1}",
    '=HYPERLINK("http://exemple.invalid";"x")',
    "<c><f>1+1</f></c>",
)
_NAMES = (
    "Dossier patient informatisé",
    "Imagerie médicale partagée",
    "Réseau Wi-Fi des unités de soins",
    "Circuit du médicament",
    "Automates du laboratoire",
    "Messagerie sécurisée de santé",
    "Authentification forte",
    "Télésurveillance cardiaque",
)
_PEOPLE = ("Alix Exemple", "Camille Fictif", "Dominique Inventé", "Sacha Modèle")
_SITES = ("CH de Valbrume", "CHU de Montclair", "CH de Rivesel")
_LONG = (
    "Point d'attention : la disponibilité des équipes de soins en décembre.",
    "Recette reportée d'une semaine ; l'éditeur livre le correctif le 15.\n"
    "Le comité de pilotage arbitre le périmètre du lot 2.",
    "Formation des référents terminée dans trois services sur quatre, dernière session "
    "prévue avant la bascule ; le plan de retour arrière est relu par l'exploitation.",
)
_NUMERIC = {"number", "money", "effort", "duration", "hours", "share", "rating", "criticality"}  # fmt: skip


def schemas() -> Schemas:
    return load_schemas((shipped("schemas"),))


def make_portfolio(
    projects: int = 4, lang: str = "fr", rows: Mapping[str, int] | None = None
) -> Portfolio:
    """An invented portfolio.

    Args:
        projects: How many projects; 0 gives an empty portfolio.
        lang: Language of its findings.
        rows: Rows a project in each table; 3 where not named, 1 for projects.
    """
    known = schemas()
    each = dict.fromkeys(known.tables, 3) | dict(rows or {}) | {"projects": 1}
    tables = {
        name: _table(spec, known, projects, projects * each[name])
        for name, spec in known.tables.items()
    }
    findings = _findings(projects)
    counts = {name: len(frame) for name, frame in tables.items()}
    return Portfolio(
        period=PERIOD,
        as_of=AS_OF,
        lang=lang,
        tables=tables,
        workbooks=_workbooks(projects),
        lineage=_lineage(tables),
        findings=findings,
        run={
            "generator": "consolidate",
            "version": "0.0.0",
            "options": {"period": PERIOD, "as_of": AS_OF.isoformat(), "lang": lang},
            "inputs": [{"workbook": f"{_code(n)}.xlsx", "sha256": f"{n:064x}"} for n in range(projects)],
            "configuration": "0" * 64,
            "counts": {"records": counts},
        },
    )  # fmt: skip


def _code(n: int) -> str:
    return f"PRJ-{n + 1:03}"


def _table(spec: TableSpec, known: Schemas, projects: int, count: int) -> pd.DataFrame:
    owner = np.arange(count) % max(projects, 1)
    codes = (
        _objects([_code(n) for n in range(max(projects, 1))])[owner]
        if count
        else _objects([])
    )
    columns: dict[str, Any] = {
        "record_id": _objects([f"{spec.name[:4]}-{n:06x}" for n in range(count)]),
        "period": _objects([PERIOD] * count),
        "project_code": codes,
    }  # fmt: skip
    for k, field in enumerate(spec.fields):
        if field.name != "project_code":
            columns[field.name] = _values(field, known, count, owner, k)
    books = _objects([f"{_code(n)}.xlsx" for n in range(max(projects, 1))])
    columns["workbook"] = books[owner] if count else _objects([])
    columns["sheet"] = _objects([spec.name.capitalize()] * count)
    columns["row"] = pd.array(np.arange(count) // max(projects, 1) + 5, dtype="Int64")
    return pd.DataFrame(columns)


def _values(field: Field, known: Schemas, count: int, owner: Any, k: int) -> Any:
    n = np.arange(count)
    step = n * 11 + n // 5 + k * 3
    gone = (step % 13 == 5) & (not field.required)
    if field.type in _NUMERIC:
        made = np.clip(_numbers(field, step, owner), field.min, field.max)
        return pd.Series(np.where(gone, np.nan, made), dtype="float64")
    if field.type == "integer":
        made = np.full(count, 2026) if "year" in field.name else step % 40
        return pd.array(np.where(gone, np.nan, made.astype("float64")), dtype="Int64")
    choices = _choices(field, known)
    values = _objects(choices)[step % len(choices)]
    values[gone] = None
    return pd.Series(values, dtype="object")


def _numbers(field: Field, step: Any, owner: Any) -> Any:
    if field.type == "share":
        return (step * 13 % 101) / 100.0
    if field.type == "money":
        base = 40_000.0 + owner * 17_321.5 % 900_000
        factor = {"budget_initial": 1.0, "budget_revised": 1.1, "forecast_cost": 1.08}
        return np.round(base * factor.get(field.name, 0.2 + 0.05), 2) + step % 7 * 100
    if field.type == "rating":
        return step % 5 + 1.0
    if field.type == "criticality":
        return step % 25 + 1.0
    return step % 50 / 4.0


def _choices(field: Field, known: Schemas) -> list[Any]:
    if field.values and field.type == "code":
        return list(known.vocabularies[field.values].codes)
    if field.type == "date":
        near = 30 if field.name == "end_forecast" else 0
        return [AS_OF + timedelta(days=17 * i - 200 + near) for i in range(31)]
    if field.type == "month":
        return [f"2026-{m:02}" for m in range(5, 11)]
    if field.type == "boolean":
        return [True, False, None]
    if field.type == "person":
        return list(_PEOPLE)
    if field.type == "list":
        return [";".join(_SITES[:2]), _SITES[2]]
    if field.type == "long_text":
        return list(_LONG)
    if field.name == "establishment":
        return list(_SITES)
    if field.required or field.name.endswith("name"):
        return list(_NAMES)
    return [f"{field.label['fr']} {i}" for i in range(1, 6)]


def _objects(values: list[Any]) -> Any:
    made = np.empty(len(values), dtype="object")
    made[:] = values
    return made


def _lineage(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    columns: dict[str, list[Any]] = {name: [] for name in LINEAGE_COLUMNS}
    for table, frame in tables.items():
        places = [frame[c].tolist() for c in ("record_id", "workbook", "sheet", "row")]
        for k, field in enumerate(frame.columns[2:-3]):
            known = frame[field].notna().tolist()
            values = frame[field].astype("object").tolist()
            for n, (record, book, sheet, row) in enumerate(zip(*places, strict=True)):
                if not known[n]:
                    continue
                told = {
                    "table": table,
                    "record_id": record,
                    "field": field,
                    "workbook": book,
                    "sheet": sheet,
                    "cell": f"{chr(65 + k % 26)}{row}",
                    "raw": _written(values[n]),
                    "number_format": "dd/mm/yyyy" if field.startswith("end_") else None,
                    "method": "column",
                    "confidence": 0.9 if k % 8 == 3 else 1.0,
                    "used": True,
                    "derived_from": None,
                }
                for name, column in columns.items():
                    column.append(told[name])
    made = pd.DataFrame({n: pd.Series(c, dtype="object") for n, c in columns.items()})
    return made.astype({"confidence": "float64", "used": "bool"})


def _written(value: Any) -> str:
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _findings(projects: int) -> pd.DataFrame:
    rows = []
    for severity in ("error", "warning", "info"):
        for n in range(projects):
            if (n + len(severity)) % 3 == 0:
                continue
            rows.append(
                {
                    "severity": severity,
                    "rule": {"error": "date-unread", "warning": "number-about", "info": "date-imprecise"}[severity],
                    "workbook": f"{_code(n)}.xlsx",
                    "sheet": "Jalons",
                    "cell": f"D{7 + n}",
                    "project_code": _code(n),
                    "table": "milestones",
                    "field": "end_forecast",
                    "raw": ("bientôt", "env. 12 k€", "fin mars")[n % 3],
                    "message": "Ce n'est pas une date reconnue ; le jalon est gardé sans échéance.",
                    "suggestion": "Écrire une date (31/03/2026), un mois ou un trimestre.",
                }
            )  # fmt: skip
    return pd.DataFrame(rows, columns=FINDING_COLUMNS, dtype="object")


def _workbooks(projects: int) -> pd.DataFrame:
    rows: list[dict[str, Any]] = [
        {
            "workbook": f"{_code(n)}.xlsx",
            "sha256": f"{n:064x}",
            "bytes": 40_000 + n,
            "received_at": "2026-11-02T08:00:00Z",
            "state": "partial" if n % 4 == 2 else "consolidated",
            "project_codes": _code(n),
            "reason": None,
            "cells_read": 400 + n,
            "cells_mapped": 380 - n % 5 * 20,
            "cells_left": n % 5 * 20,
        }
        for n in range(projects)
    ]
    if rows:
        refused = {
            "workbook": "Budget protégé.xlsx",
            "state": "rejected",
            "project_codes": None,
        }
        refused |= {
            "reason": "protégé par un mot de passe",
            "cells_read": 0,
            "cells_mapped": 0,
            "cells_left": 0,
        }
        rows.append({**rows[0], "sha256": "f" * 64, **refused})
    frame = pd.DataFrame(rows, columns=WORKBOOK_COLUMNS, dtype="object")
    return frame.astype(
        dict.fromkeys(("bytes", "cells_read", "cells_mapped", "cells_left"), "int64")
    )
