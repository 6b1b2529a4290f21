"""An old .xls of the catering project, that its manager forgets to send in October."""

from __future__ import annotations

from datetime import date

from builder.book import Book
from builder.part import TITLE, Col
from builder.value import ACTION, Month, coloured, means, share


def catering(m: Month) -> Book:  # noqa: ARG001 - there is no October return
    """A form and an action list on one sheet; .xls by LibreOffice."""
    book = Book("Restauration.xls")
    sheet = book.sheet("Feuil1")
    sheet.note("A1", "Suivi du projet restauration", TITLE)
    project = sheet.form(
        "projects",
        "A3",
        [
            [
                ("Code projet", "project_code", "PRJ-109"),
                ("Responsable", "project_manager", "Charlie Specimen"),
            ],
            [
                ("Projet", "name", "Commande des repas au lit"),
                ("État", "state", means("En cours", "active")),
            ],
            [
                ("Météo", "status", coloured("Vert", "green", "green")),
                ("% avancement", "progress", share(0.4)),
            ],
            [
                ("Début", "start_planned", date(2026, 3, 2)),
                ("Fin prévue", "end_baseline", date(2027, 1, 15)),
            ],
            [("Mis à jour le", "report_date", date(2026, 9, 30))],
        ],
        step=3,
    )
    sheet.note("A10", "Plan d'actions", TITLE)
    sheet.table(
        "actions",
        "A11",
        [
            Col("Action", "title", width=40),
            Col("Responsable", "owner", width=18),
            Col("Date création", "raised_on", "date"),
            Col("Échéance", "due_date", "date"),
            Col("Statut", "state", words=ACTION),
        ],
        [
            [
                "Choisir les tablettes",
                "Charlie Specimen",
                date(2026, 5, 4),
                date(2026, 6, 30),
                "Fait",
            ],
            [
                "Relever les besoins des diététiciens",
                "Noa Gabarit",
                date(2026, 6, 8),
                date(2026, 9, 25),
                "En cours",
            ],
            [
                "Écrire le mode dégradé",
                "Noa Gabarit",
                date(2026, 9, 7),
                date(2026, 11, 20),
                "À faire",
            ],
        ],
        project=project,
    )
    return book
