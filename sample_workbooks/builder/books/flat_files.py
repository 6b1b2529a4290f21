"""Exports in .csv: French for Excel (cp1252, semicolons), English (utf-8, commas)."""

from __future__ import annotations

from datetime import date

from builder.book import Book
from builder.part import Col
from builder.value import Month


def biomedical_list(m: Month) -> Book:
    """Biomedical projects exported from Excel in France."""
    book = Book("Biomedical/projets_biomed.csv", encoding="cp1252")
    states = {"En cours": "active", "Planifié": "planned", "Terminé": "completed"}
    sheet = book.sheet("projets_biomed")
    sheet.table(
        "projects",
        "A1",
        [
            Col("Code projet", "project_code"),
            Col("Intitulé du projet", "name"),
            Col("Chef de projet", "project_manager"),
            Col("Établissement porteur", "establishment"),
            Col("Statut", "state", words=states),
            Col(
                "Météo",
                "status",
                words={"Vert": "green", "Orange": "amber", "Rouge": "red"},
            ),
            Col("% avancement", "progress", "share"),
            Col("Date de fin prévue", "end_baseline"),
            Col("Budget initial (€)", "budget_initial"),
            Col("Engagé (€)", "committed"),
        ],
        [
            [
                "PRJ-151",
                "Moniteurs de réanimation",
                "Maxence Essai",
                "Hôpital de Valombre",
                "En cours",
                "Vert",
                m(0.6, 0.7),
                date(2026, 12, 11),
                312_500.5,
                m(298_000.0, 301_250.75),
            ],
            [
                "PRJ-152",
                "Échographes de maternité",
                "Maxence Essai",
                "CH des Trois-Étangs",
                "En cours",
                m("Orange", "Rouge"),
                m(0.3, 0.3),
                date(2026, 10, 30),
                96_000.0,
                m(41_800.0, 52_300.0),
            ],
            [
                "PRJ-153",
                "Lits médicalisés",
                "Lou Maquette",
                "EHPAD des Tilleuls-Bleus",
                m("En cours", "Terminé"),
                "Vert",
                m(0.9, 1.0),
                date(2026, 10, 16),
                58_240.0,
                57_990.4,
            ],
            [
                "PRJ-154",
                "Autoclave de stérilisation",
                "Lou Maquette",
                "CH de Montclair-sur-Brume",
                "Planifié",
                "Vert",
                0.0,
                date(2027, 6, 25),
                205_000.0,
                0.0,
            ],
        ],
    )
    return book


def open_actions(m: Month) -> Book:
    """Open actions of the English-speaking integrator."""
    book = Book("open_actions.csv", encoding="utf-8", delimiter=",")
    states = {
        "Open": "open",
        "In progress": "in_progress",
        "Closed": "closed",
        "Overdue": "late",
    }
    sheet = book.sheet("open_actions")
    sheet.table(
        "actions",
        "A1",
        [
            Col("Action ID", "code"),
            Col("Project code", "project_code"),
            Col("Title", "title"),
            Col("Owner", "owner"),
            Col("Created", "raised_on"),
            Col("Due date", "due_date"),
            Col("Priority", "priority", words={"High": 2, "Medium": 3, "Low": 4}),
            Col("Status", "state", words=states),
        ],
        [
            [
                "ACT-7",
                "PRJ-118",
                "Order the satellite modem",
                "Andrea Draft",
                date(2026, 8, 31),
                date(2026, 10, 2),
                "High",
                m("In progress", "Overdue"),
            ],
            [
                "ACT-8",
                "PRJ-118",
                "Translate the user guide, both halves",
                "Charlie Specimen",
                date(2026, 9, 7),
                date(2026, 11, 6),
                "Low",
                "Open",
            ],
            [
                "ACT-9",
                "PRJ-101",
                "Send the interface contract",
                "Noa Gabarit",
                date(2026, 9, 14),
                date(2026, 10, 9),
                "Medium",
                m("Open", "Closed"),
            ],
        ],
    )
    return book
