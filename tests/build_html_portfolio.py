"""Build invented portfolios for the tests of the HTML report."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd

from consolidate.model.portfolio import (
    FINDING_COLUMNS,
    LINEAGE_COLUMNS,
    WORKBOOK_COLUMNS,
    Portfolio,
)
from consolidate.model.schema import Schemas, TableSpec, load_schemas
from consolidate.resources import shipped

PERIOD = "2026-10"
AS_OF = date(2026, 10, 31)
HOSTILE = (
    "<script>alert(1)</script>",
    '" onmouseover="alert(1)" x="',
    "</script><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "--><style>*{display:none}</style>",
    "a\u202egnp.exe\u2066\x07",
    "&lt;b&gt; &#39;",
    '=HYPERLINK("http://example.invalid";"x")',
)
_NUMBERS = ("money", "number", "effort", "duration", "hours", "share", "rating")
_MANAGERS = ("Claire Modèle", "Jean Exemple", "Inès Fictive", "Paul Témoin", None)
_SITES = (
    "CH de Montclair",
    "CH des Tilleuls",
    "Hôpital Bellerive",
    "EHPAD Les Érables",
)
_NAMES = (
    "Dossier patient unique du territoire",
    "Remplacement de l’IRM de Montclair",
    "Pharmacie à usage intérieur : circuit du médicament",
    "Wi-Fi des unités de soins",
    "Messagerie sécurisée de santé",
    "Archivage des images médicales",
    "Authentification forte des soignants",
    "Dématérialisation des factures",
    "Télésurveillance de l’insuffisance cardiaque",
    "Reprise d’activité du bloc opératoire",
    "Restauration : commande des repas au lit du patient",
    "Gestion des lits en temps réel",
)  # fmt: skip


def schemas() -> Schemas:
    return load_schemas((shipped("schemas"),))


def columns(spec: TableSpec) -> list[str]:
    own = [n for n in spec.field_names if n != "project_code"]
    return ["record_id", "period", "project_code", *own, "workbook", "sheet", "row"]


def frame(spec: TableSpec, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """A canonical table, typed as the pipeline types it."""
    rows = list(rows)
    made: dict[str, pd.Series[Any]] = {}
    for name in columns(spec):
        values = [row.get(name) for row in rows]
        field = spec.by_name.get(name)
        if field and field.type in (*_NUMBERS, "criticality"):
            made[name] = pd.Series(values, dtype="float64")
        elif name == "row" or (field and field.type == "integer"):
            made[name] = pd.Series(values, dtype="Int64")
        else:
            made[name] = pd.Series(values, dtype="object")
    return pd.DataFrame(made)


def project(n: int, **fields: Any) -> dict[str, Any]:
    """One invented project; ``n`` decides everything that is not given."""
    late = (n * 37) % 150 - 40
    baseline = AS_OF + timedelta(days=(n * 53) % 500 - 120)
    budget = 40_000.0 + (n * 7919) % 900_000
    rag = ("green", "amber", "red", "green", "blue", None, "grey")
    known = n % 6 != 5
    row = {
        "name": _NAMES[n % len(_NAMES)] + ("" if n < 12 else f" – lot {n // 12 + 1}"),
        "project_manager": _MANAGERS[n % 5],
        "sponsor": "Direction des soins",
        "establishment": _SITES[n % 4],
        "department": ("it", "biomedical", "works")[n % 3],
        "domain": "Imagerie" if n % 4 == 1 else None,
        "programme": "Convergence" if n % 3 == 0 else None,
        "kind": "project",
        "state": ("active", "active", "active", "planned", "on_hold", "active")[n % 6]
        if n % 11
        else "completed",
        "phase": ("framing", "build", "acceptance", "rollout", None)[n % 5],
        "priority": ("1", "2", "3", None)[n % 4],
        "status": rag[n % 7],
        "status_quality": rag[(n + 3) % 7],
        "status_cost": rag[(n * 2) % 7],
        "status_schedule": rag[(n * 3 + 1) % 7],
        "status_risk": rag[(n * 5 + 2) % 7],
        "trend": ("stable", "improving", "worsening", None)[n % 4],
        "progress": ((n * 13) % 101) / 100 if known else None,
        "start_planned": baseline - timedelta(days=400),
        "end_baseline": baseline if n % 9 != 4 else None,
        "end_forecast": baseline + timedelta(days=max(late, 0)) if known else None,
        "budget_initial": budget,
        "budget_revised": budget * 1.1 if n % 3 == 0 else None,
        "committed": budget * ((n * 11) % 90) / 100 if known else None,
        "spent": budget * ((n * 11) % 70) / 100 if known else None,
        "forecast_cost": budget * (0.9 + (n % 7) / 20) if n % 4 else None,
        "amount_scope": ("total", "total", "year", "unknown")[n % 4],
        "amount_year": 2026 if n % 4 == 2 else None,
        "assistance_requested": True if n % 17 == 3 else None,
        "decisions": "Arbitrer le périmètre du lot 2" if n % 13 == 2 else None,
        "attention_points": "Disponibilité des équipes de soins"
        if n % 4 == 0
        else None,
        "report_date": AS_OF - timedelta(days=n % 25),
    }
    return {**row, **fields}


def _project_rows(count: int) -> list[dict[str, Any]]:
    rows = []
    for n in range(count):
        code = f"PRJ-{101 + n}"
        book = f"Équipe {n % 6 + 1}/{code}_suivi.xlsx"
        at = {"workbook": book, "sheet": "Fiche projet", "row": 4}
        rows.append({**project(n), **at, "record_id": f"p{n:04}", "project_code": code})
    if rows:
        mco = {"kind": "mco", "name": "MCO applications cliniques", "state": "active"}
        rows[-1] = {**rows[-1], **mco, "status": "green"}
    return rows


def _milestones(projects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    steps = ("Cadrage validé", "Recette fonctionnelle", "Mise en service", "Bilan")
    rows = []
    for n, owner in enumerate(projects):
        for k, name in enumerate(steps):
            due = AS_OF + timedelta(days=(n * 29 + k * 71) % 420 - 180)
            done = due < AS_OF and (n + k) % 4 != 0
            rows.append(
                {
                    "name": name,
                    "phase": ("framing", "acceptance", "rollout", "closure")[k],
                    "end_baseline": due - timedelta(days=(n * k) % 30),
                    "end_forecast": due,
                    "end_actual": due if done else None,
                    "state": "completed" if done else "planned",
                    "is_critical": k == 2,
                    **_at(owner, "Jalons", 6 + k),
                }
            )
    return rows


def _at(owner: Mapping[str, Any], sheet: str, row: int) -> dict[str, Any]:
    return {
        "project_code": owner["project_code"],
        "workbook": owner["workbook"],
        "sheet": sheet,
        "row": row,
    }


def _budget_lines(projects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = []
    for n, owner in enumerate(projects):
        for k, nature in enumerate(("investment", "operating")):
            rows.append(
                {
                    "label": ("Logiciels et licences", "Maintenance annuelle")[k],
                    "nature": nature,
                    "year": 2026,
                    "budget_initial": 10_000.0 * (n % 9 + 1),
                    "committed": 6_000.0 * (n % 9) if n % 5 else None,
                    "spent": 3_000.0 * (n % 9) if n % 3 else None,
                    "amount_scope": "year" if n % 4 else "unknown",
                    "tax_basis": ("incl_vat", "excl_vat", None)[n % 3],
                    **_at(owner, "Budget", 5 + k),
                }
            )
    return rows


def _risks(projects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = []
    for n, owner in enumerate(projects):
        for k in range(n % 4):
            p, i = (n + k) % 5 + 1, (n * 2 + k * 3) % 5 + 1
            rated = (n + k) % 9 != 8
            rows.append(
                {
                    "code": f"R{k + 1}",
                    "title": ("Retard de l’éditeur", "Départ d’un référent", "Budget")[
                        k
                    ],
                    "probability": float(p) if rated else None,
                    "impact": float(i) if rated else None,
                    "criticality": float(p * i) if rated else None,
                    "mitigation": "Comité de suivi tous les 15 jours"
                    if n % 2
                    else None,
                    "state": "closed" if n % 10 == 9 else "open",
                    **_at(owner, "Risques", 3 + k),
                }
            )
    return rows


def _workload(projects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    months = ("2026-07", "2026-08", "2026-09", "2026-10")
    teams = ("Applications", "Infrastructure", "Biomédical", None)
    return [
        {
            "person": "Agent Exemple",
            "team": teams[n % 4],
            "month": month,
            "category": ("run", "build", "other", "absence", "run")[(n + k) % 5],
            "effort_spent": 2.0 + (n + k) % 7,
            "effort_planned": 3.0 + n % 5,
            **_at(owner, "Temps", 4 + k),
        }
        for n, owner in enumerate(projects)
        for k, month in enumerate(months)
    ]


def _requests(count: int) -> list[dict[str, Any]]:
    states = ("received", "studied", "to_arbitrate", "accepted", "rejected", "closed")
    return [
        {
            "code": f"DEM-{n + 1:03}",
            "title": f"Nouvelle imprimante du service {n + 1}",
            "establishment": _SITES[n % 4],
            "received_on": AS_OF - timedelta(days=11 * n),
            "state": states[n % 6],
            "priority": ("1", "2", None)[n % 3],
            "estimated_cost": 5_000.0 * (n + 1) if n % 2 else None,
            "workbook": "Registre des demandes.xlsx",
            "sheet": "Demandes",
            "row": 3 + n,
        }
        for n in range(count)
    ]


def _services(count: int) -> list[dict[str, Any]]:
    return [
        {
            "name": f"Service numérique {n + 1}",
            "application": ("Dossier patient", "Laboratoire", "Imagerie")[n % 3],
            "month": month,
            "availability_target": 0.995,
            "availability_actual": 0.999 - 0.004 * (n % 3) if n % 4 else None,
            "incidents": 3 + n,
            "incidents_major": n % 2,
            "workbook": "MCO/Équipe MCO.xlsx",
            "sheet": "Services",
            "row": 3 + n,
        }
        for n in range(count)
        for month in ("2026-09", "2026-10")
    ]


def _lineage(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    rows = []
    for table, rows_of in tables.items():
        for record in rows_of.to_dict("records"):
            for k, (name, value) in enumerate(record.items()):
                if name in ("record_id", "period", "workbook", "sheet", "row"):
                    continue
                if value is None or value != value or value is pd.NA:
                    continue
                rows.append(
                    {
                        "table": table,
                        "record_id": record["record_id"],
                        "field": name,
                        "workbook": record["workbook"],
                        "sheet": record["sheet"],
                        "cell": f"{chr(65 + k % 26)}{record['row']}",
                        "raw": f"{value:%d/%m/%y}"
                        if isinstance(value, date)
                        else str(value),
                        "number_format": "dd/mm/yyyy"
                        if isinstance(value, date)
                        else "",
                        "method": "label" if table == "projects" else "column",
                        "confidence": 0.9 if k % 7 == 0 else 1.0,
                        "used": True,
                        "derived_from": "",
                    }
                )
    return pd.DataFrame(rows, columns=LINEAGE_COLUMNS)


def _findings(projects: list[dict[str, Any]], lang: str) -> pd.DataFrame:
    words = {
        "fr": ("Ce n’est pas une date reconnue ; la valeur est laissée vide.", "Écrire une date : 31/12/2026."),
        "en": ("This is not a known date; the value is left empty.", "Type a date: 2026-12-31."),
    }[lang]  # fmt: skip
    rows = []
    for n, owner in enumerate(projects):
        for k in range(n % 7):
            severity = ("error", "warning", "info")[k % 3]
            rows.append(
                {
                    "severity": severity,
                    "rule": ("date-unread", "number-about", "date-imprecise")[k % 3],
                    "workbook": owner["workbook"],
                    "sheet": "Jalons",
                    "cell": f"D{7 + k}",
                    "project_code": owner["project_code"],
                    "table": "milestones",
                    "field": "end_forecast",
                    "raw": ("bientôt", "env. 12 k€", "fin mars")[k % 3],
                    "message": words[0],
                    "suggestion": words[1],
                }
            )
    rank = {"error": 0, "warning": 1, "info": 2}
    rows.sort(key=lambda r: rank[str(r["severity"])])
    return pd.DataFrame(rows, columns=FINDING_COLUMNS)


def _workbooks(projects: list[dict[str, Any]]) -> pd.DataFrame:
    rows = [
        {
            "workbook": p["workbook"],
            "sha256": f"{n:064x}",
            "bytes": 40_000 + n,
            "received_at": "2026-11-02T08:00:00Z",
            "state": "partial" if n % 5 == 2 else "consolidated",
            "project_codes": p["project_code"],
            "reason": None,
            "cells_read": 400 + n,
            "cells_mapped": 380 - (n % 5) * 20,
            "cells_left": (n % 5) * 20,
        }
        for n, p in enumerate(projects)
    ]
    if rows:
        odd = {"bytes": 9, "received_at": None, "project_codes": None}
        none = {"cells_read": 0, "cells_mapped": 0, "cells_left": 0}
        refused = {"workbook": "Imagerie - budget protégé.xlsx", "state": "rejected"}
        rows.append(
            {**odd, **none, **refused, "sha256": "f" * 64, "reason": "encrypted"}
        )
        copy = {"workbook": "Renvois/copie.xlsx", "state": "duplicate", "reason": None}
        rows.append({**odd, **none, **copy, "sha256": "0" * 64})
    return pd.DataFrame(rows, columns=WORKBOOK_COLUMNS)


def build_portfolio(count: int = 12, lang: str = "fr") -> Portfolio:
    """An invented portfolio of so many projects; 0 gives an empty one."""
    known = schemas()
    projects = _project_rows(count)
    rows: dict[str, list[dict[str, Any]]] = {
        "projects": projects,
        "milestones": _milestones(projects),
        "budget_lines": _budget_lines(projects),
        "risks": _risks(projects),
        "workload": _workload(projects),
        "requests": _requests(min(count, 30)),
        "services": _services(min(count, 9)),
    }
    tables = {}
    for name, spec in known.tables.items():
        for n, row in enumerate(rows.get(name, [])):
            row.setdefault("record_id", f"{name[:2]}{n:05}")
            row["period"] = PERIOD
        tables[name] = frame(spec, rows.get(name, []))
    return Portfolio(
        period=PERIOD,
        as_of=AS_OF,
        lang=lang,
        tables=tables,
        workbooks=_workbooks(projects),
        findings=_findings(projects, lang),
        lineage=_lineage(tables),
        run={"version": "0.0.0"},
    )


def changed_text(portfolio: Portfolio, change: Callable[[str], str]) -> Portfolio:
    """The same portfolio, every text of every frame changed, codes and keys too."""

    def mend(rows: pd.DataFrame) -> pd.DataFrame:
        done = rows.copy()
        for name in done.columns:
            if name in ("record_id", "severity", "period"):
                continue
            if not (done[name].dtype == object or str(done[name].dtype) == "str"):
                continue
            done[name] = pd.Series(
                [change(v) if isinstance(v, str) else v for v in done[name]],
                index=done.index,
                dtype="object",
            )
        return done

    return dataclasses.replace(
        portfolio,
        tables={name: mend(rows) for name, rows in portfolio.tables.items()},
        workbooks=mend(portfolio.workbooks),
        findings=mend(portfolio.findings),
        lineage=portfolio.lineage.assign(
            **{
                name: mend(portfolio.lineage)[name]
                for name in ("workbook", "sheet", "raw", "number_format", "cell")
            }
        ),
    )
