"""A pharmacy project in a .ods: deliverables by phase."""

from __future__ import annotations

from datetime import date

from builder.book import Book
from builder.part import TITLE, Col, Section
from builder.value import MILESTONE, Month, means, share


def pharmacy(m: Month) -> Book:
    """A form, deliverables under section rows, milestones; LibreOffice."""
    book = Book("PRJ-122 Pharmacie.ods")
    sheet = book.sheet("Fiche projet")
    sheet.note("A1", "Robotisation de la pharmacie", TITLE)
    project = sheet.form(
        "projects",
        "A3",
        [
            [("Code projet", "project_code", "PRJ-122")],
            [("Nom du projet", "name", "Robot de la pharmacie")],
            [("Chef de projet", "project_manager", "Lou Maquette")],
            [("Sites", "establishments", "Hôpital de Valombre")],
            [("Domaine", "domain", means("Pharmacie", "pharmacy"))],
            [("Phase", "phase", means("Consultation", "procurement"))],
            [("Météo", "status", m(means("Vert", "green"), means("Orange", "amber")))],
            [("Avancement", "progress", share(m(0.2, 0.25)))],
            [("Fin prévue", "end_baseline", date(2027, 9, 30))],
            [
                (
                    "Date de mise à jour",
                    "report_date",
                    m(date(2026, 9, 24), date(2026, 10, 22)),
                )
            ],
        ],
    )
    sheet = book.sheet("Livrables")
    states = {
        "Validé": "validated",
        "En rédaction": "in_progress",
        "En relecture": "in_review",
        "À produire": "planned",
    }
    sheet.table(
        "deliverables",
        "A2",
        [
            Col("Livrable", "name", width=36),
            Col("Auteur", "owner", width=18),
            Col("Date prévue", "due_date", "date"),
            Col("Date de validation", "validated_on", "date"),
            Col("Statut", "state", words=states, width=16),
        ],
        [
            Section("Cadrage", "phase", "framing"),
            [
                "Note de cadrage",
                "Lou Maquette",
                date(2026, 4, 30),
                date(2026, 5, 18),
                "Validé",
            ],
            [
                "Analyse de risques",
                "Noa Gabarit",
                date(2026, 6, 15),
                date(2026, 6, 22),
                "Validé",
            ],
            Section("Consultation", "phase", "procurement"),
            [
                "Cahier des charges",
                "Lou Maquette",
                date(2026, 10, 2),
                m(None, date(2026, 10, 20)),
                m("En relecture", "Validé"),
            ],
            [
                "Rapport d'analyse des offres",
                "Lou Maquette",
                date(2026, 12, 18),
                None,
                "À produire",
            ],
            Section("Recette", "phase", "acceptance"),
            ["Cahier de recette", "Noa Gabarit", date(2027, 4, 30), None, "À produire"],
        ],
        project=project,
    )
    sheet = book.sheet("Planning")
    sheet.table(
        "milestones",
        "A1",
        [
            Col("Étape", "name", width=36),
            Col("Début", "start_planned", "date"),
            Col("Date cible", "end_baseline", "date"),
            Col("% avancement", "progress", "share"),
            Col("Statut", "state", words=MILESTONE),
        ],
        [
            [
                "Rédaction du cahier des charges",
                date(2026, 6, 1),
                date(2026, 10, 2),
                m(0.8, 1.0),
                m("En cours", "Atteint"),
            ],
            [
                "Consultation des entreprises",
                date(2026, 10, 5),
                date(2026, 12, 18),
                m(0, 0.1),
                m("À venir", "En cours"),
            ],
            [
                "Installation du robot",
                date(2027, 3, 1),
                date(2027, 5, 28),
                0,
                "À venir",
            ],
        ],
        project=project,
    )
    return book
