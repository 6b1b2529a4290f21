"""The sheet shown to the steering committee, about projects of other workbooks."""

from __future__ import annotations

from datetime import date

from builder.book import Book
from builder.part import TITLE, Col
from builder.value import Month, Shown, outdated


def committee(m: Month) -> Book:
    """Codes written otherwise, decisions awaited; one older value that loses."""
    book = Book(m("COPIL/COPIL 2026-09-10.xlsx", "COPIL/COPIL 2026-10-08.xlsx"))
    sheet = book.sheet("Revue des projets")
    sheet.note(
        "A1",
        m(
            "Comité de pilotage du 10 septembre 2026",
            "Comité de pilotage du 8 octobre 2026",
        ),
        TITLE,
    )
    reported = m(date(2026, 9, 10), date(2026, 10, 8))
    situation = Shown(reported)  # the projects' own workbooks are newer
    older = outdated(m(0.25, 0.3))
    sheet.table(
        "projects",
        "A3",
        [
            Col(
                "N° projet",
                "project_code",
                words={"PRJ 112": "PRJ-112", "prj-107": "PRJ-107"},
                width=12,
            ),
            Col("Projet", "name", width=32),
            Col("Avancement", "progress", "share"),
            Col("Décisions attendues", "decisions", width=44),
            Col(
                "Assistance PMO",
                "assistance_requested",
                words={"Oui": True, "Non": False},
                width=12,
            ),
            Col("Situation au", "", "date"),
        ],
        [
            [
                "PRJ 112",
                "Planification du bloc opératoire",
                older,
                "Arbitrer les vacations du vendredi",
                "Oui",
                situation,
            ],
            [
                "prj-107",
                "Couverture WiFi des EHPAD",
                m(0.6, 0.65),
                m(None, "Valider le report à février"),
                m("Non", "Oui"),
                situation,
            ],
        ],
    )
    sheet = book.sheet("Relevé de décisions")
    sheet.table(
        "actions",
        "A1",
        [
            Col("N°", "code", width=8),
            Col("Code projet", "project_code", width=12),
            Col("Décision", "title", width=44),
            Col("Date de décision", "meeting_date", "date"),
            Col("Décideur", "owner", width=18),
        ],
        [
            [
                "D1",
                "PRJ-112",
                "Ouvrir une salle le vendredi après-midi",
                reported,
                "Dominique Fictif",
            ],
            [
                "D2",
                "PRJ-107",
                m("Commander les bornes du lot 2", "Reporter le lot 2 à février"),
                reported,
                "Dominique Fictif",
            ],
        ],
    )
    return book
