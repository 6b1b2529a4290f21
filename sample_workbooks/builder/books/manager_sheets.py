"""One manager's three projects, a sheet each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from builder.book import Book
from builder.part import NOTE, TITLE, Col
from builder.value import (
    MILESTONE,
    Month,
    Shown,
    coloured,
    disputed,
    euros,
    means,
    share,
)

_COLUMNS = [
    Col("Étape clé", "name", width=34),
    Col("Date initiale", "end_baseline", "date"),
    Col("Date réestimée", "end_forecast", "date"),
    Col("Avancement", "progress", "share"),
    Col("Statut", "state", words=MILESTONE),
]
_STATES = {"En cours": "active", "Suspendu": "on_hold"}
_RAG = {"Vert": "green", "Orange": "amber", "Rouge": "red"}


def manager_sheets(m: Month) -> Book:
    """The same little form and milestones on each sheet."""
    book = Book(f"Projets C. Modèle - {m('septembre', 'octobre')} 2026.xlsx")
    updated = m(date(2026, 9, 30), date(2026, 10, 30))
    _sheet(
        book,
        "Laboratoire",
        [
            "PRJ-111",
            "Automate du laboratoire",
            "En cours",
            m("Vert", "Vert"),
            0.55,
            420_000.0,
            m(355_000.0, 361_800.0),
            date(2027, 2, 26),
            updated,
        ],
        [
            ["Dossier d'équipement", date(2026, 2, 27), None, 1.0, "Atteint"],
            [
                "Installation de l'automate",
                date(2026, 10, 23),
                m(None, date(2026, 10, 30)),
                m(0.4, 1.0),
                m("En cours", "Atteint"),
            ],
            ["Accréditation", date(2027, 2, 26), None, 0, "À venir"],
        ],
    )
    _sheet(
        book,
        "Bloc",
        [
            "PRJ-112",
            "Planification du bloc opératoire",
            "En cours",
            m("Orange", "Rouge"),
            disputed(share(m(0.3, 0.35)), "le classeur du comité de pilotage"),
            265_000.0,
            m(190_500.0, 214_750.0),
            date(2026, 12, 31),
            updated,
        ],
        [
            [
                "Règles de planification",
                date(2026, 6, 30),
                date(2026, 9, 15),
                1.0,
                "Atteint",
            ],
            [
                "Paramétrage des vacations",
                date(2026, 9, 30),
                m(date(2026, 10, 30), date(2026, 12, 11)),
                m(0.5, 0.6),
                m("En cours", "En retard"),
            ],
            ["Démarrage", date(2026, 12, 7), m(None, date(2027, 2, 15)), 0, "À venir"],
        ],
    )
    _sheet(
        book,
        "Portail",
        [
            "PRJ-113",
            "Portail des patients",
            m("En cours", "Suspendu"),
            m("Orange", "Orange"),
            0.15,
            98_000.0,
            12_000.0,
            date(2027, 6, 30),
            updated,
        ],
        [
            ["Étude d'usage", date(2026, 9, 11), None, 1.0, "Atteint"],
            [
                "Choix de la solution",
                date(2026, 12, 4),
                m(None, date(2027, 3, 5)),
                0,
                "À venir",
            ],
        ],
    )
    return book


def _sheet(
    book: Book, name: str, values: Sequence[Any], milestones: list[list[Any]]
) -> None:
    code, title, state, rag, progress, budget, committed, end, updated = values
    sheet = book.sheet(name)
    sheet.note("A1", f"Point mensuel – {title}", TITLE)
    project = sheet.form(
        "projects",
        "A3",
        [
            [
                ("Code projet", "project_code", code),
                ("Chef de projet", "project_manager", "Camille Modèle"),
            ],
            [
                ("Intitulé du projet", "name", title),
                ("Statut", "state", means(state, _STATES[state])),
            ],
            [
                ("Météo du projet", "status", coloured(rag, _RAG[rag], _RAG[rag])),
                (
                    "Avancement",
                    "progress",
                    progress if isinstance(progress, Shown) else share(progress),
                ),
            ],
            [
                ("Budget initial", "budget_initial", euros(budget)),
                ("Engagé", "committed", euros(committed)),
            ],
            [
                ("Date de fin prévue", "end_baseline", end),
                ("Date MAJ", "report_date", updated),
            ],
        ],
        step=3,
    )
    sheet.table("milestones", "A10", _COLUMNS, milestones, project=project)
    sheet.note(
        f"A{12 + len(milestones)}",
        "Les dates réestimées sont validées en comité de projet.",
        NOTE,
    )
