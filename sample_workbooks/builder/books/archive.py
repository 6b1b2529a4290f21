"""A project born in October, in the department's template, half filled."""

from __future__ import annotations

from datetime import date

from builder.book import Book
from builder.part import TITLE, Col
from builder.value import ACTION, MILESTONE, Month, means, no_value


def archive(m: Month) -> Book:  # noqa: ARG001 - October only
    """Numbered rows without content, an action list still empty, words for no value."""
    book = Book("PRJ-171_Archivage des images.xlsx")
    sheet = book.sheet("Fiche projet")
    sheet.note("B1", "Fiche projet", TITLE)
    project = sheet.form(
        "projects",
        "B3",
        [
            [("Code projet", "project_code", "PRJ-171")],
            [("Intitulé du projet", "name", "Archivage commun des images")],
            [("Chef de projet", "project_manager", "Noa Gabarit")],
            [("Sponsor", "sponsor", no_value("à définir"))],
            [("Phase", "phase", means("Cadrage", "framing"))],
            [("État", "state", means("En cours", "active"))],
            [("Météo", "status", means("☀", "green"))],
            [("Date de début", "start_planned", date(2026, 10, 5))],
            [("Date de fin", "end_baseline", no_value("TBD"))],
            [("Budget initial", "budget_initial", no_value("à chiffrer"))],
            [("Mis à jour le", "report_date", date(2026, 10, 30))],
        ],
    )
    sheet = book.sheet("Jalons")
    filled = [
        [1, "Note de cadrage", date(2026, 11, 20), "En cours", "Noa Gabarit"],
        [2, "Comité de lancement", date(2026, 12, 8), "À venir", "Noa Gabarit"],
        [3, "Choix de l'hébergeur", date(2027, 3, 31), "À venir", None],
    ]
    columns = [
        Col("N°", "code", width=6),
        Col("Jalon", "name", width=34),
        Col("Échéance", "end_baseline", "date"),
        Col("Statut", "state", words=MILESTONE),
        Col("Responsable", "owner", width=18),
    ]
    sheet.table("milestones", "A1", columns, filled, project=project)
    for number in range(4, 13):
        sheet.put(f"A{number + 1}", number)
    sheet.choices.append(("D2:D13", list(MILESTONE)))
    sheet = book.sheet("Actions")
    sheet.table(
        "actions",
        "A1",
        [
            Col("N°", "code", width=6),
            Col("Action", "title", width=40),
            Col("Responsable", "owner", width=18),
            Col("Échéance", "due_date", "date"),
            Col("Statut", "state", words=ACTION),
        ],
        [],
        project=project,
    )
    for number in range(1, 9):
        sheet.put(f"A{number + 1}", number)
    return book
