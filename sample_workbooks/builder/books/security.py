"""A cybersecurity programme in a .xlsm: compliance, actions, meetings."""

from __future__ import annotations

from datetime import date

from builder.book import Book
from builder.part import TITLE, Col
from builder.value import ACTION, Month, euros, means, no_value, share, unread, weather


def security(m: Month) -> Book:
    """Compliance by framework, actions with drop-downs, committee meetings."""
    book = Book("Suivi cybersecurite.xlsm")
    sheet = book.sheet("Fiche")
    sheet.note("A1", "Programme cybersécurité du groupement", TITLE)
    project = sheet.form(
        "projects",
        "A3",
        [
            [("Code projet", "project_code", "PRJ-125")],
            [("Intitulé", "name", "Cybersécurité des accès")],
            [("Chef de projet", "project_manager", "Claude Prototype")],
            [("Établissement porteur", "establishment", "Hôpital de Valombre")],
            [("Type de projet", "project_type", means("Sécurité", "security"))],
            [("Météo", "status", m(weather("green"), weather("amber")))],
            [("Avancement", "progress", share(m(0.7, 0.72)))],
            [("Date de début", "start_planned", date(2026, 1, 5))],
            [("Date de fin", "end_baseline", date(2026, 12, 18))],
            [("Budget initial", "budget_initial", euros(310_000))],
            [
                (
                    "Budget révisé",
                    "budget_revised",
                    m(no_value("à définir"), euros(338_000)),
                )
            ],
            [("Engagé", "committed", euros(m(268_900, 301_450)))],
            [
                (
                    "Mis à jour le",
                    "report_date",
                    m(date(2026, 9, 21), date(2026, 10, 26)),
                )
            ],
        ],
    )
    states = {
        "Conforme": "compliant",
        "Partiellement conforme": "partially_compliant",
        "Non conforme": "non_compliant",
        "Non commencé": "not_started",
    }
    sheet = book.sheet("Conformité")
    sheet.table(
        "compliance",
        "A2",
        [
            Col("Exigence", "requirement", width=44),
            Col("Statut", "state", words=states, width=22),
            Col("Responsable", "owner", width=18),
            Col("Échéance", "due_date", "date"),
            Col("Preuve", "evidence", width=30),
        ],
        [
            [
                "Double authentification des accès distants",
                "Conforme",
                "Claude Prototype",
                date(2026, 6, 30),
                "Rapport de déploiement",
            ],
            [
                "Sauvegardes hors ligne testées",
                m("Partiellement conforme", "Conforme"),
                "Claude Prototype",
                date(2026, 10, 30),
                m(None, "Procès-verbal du 15 octobre"),
            ],
            [
                "Revue annuelle des habilitations",
                "Non commencé",
                "Noa Gabarit",
                date(2026, 11, 30),
                None,
            ],
            [
                "Chiffrement des postes portables",
                m("Non conforme", "Partiellement conforme"),
                "Noa Gabarit",
                date(2026, 12, 11),
                None,
            ],
        ],
        project=project,
    )
    sheet = book.sheet("Actions")
    sheet.table(
        "actions",
        "A1",
        [
            Col("N° action", "code", width=10),
            Col("Action", "title", width=40),
            Col("Responsable", "owner", width=18),
            Col("Échéance", "due_date", "date"),
            Col("État", "state", words=ACTION),
            Col("Réalisé le", "closed_on", "date"),
        ],
        [
            [
                "A-01",
                "Déployer l'application d'authentification",
                "Claude Prototype",
                date(2026, 5, 29),
                "Fait",
                date(2026, 6, 12),
            ],
            [
                "A-02",
                "Tester la restauration d'un serveur",
                "Noa Gabarit",
                date(2026, 10, 16),
                m("En cours", "Fait"),
                m(None, date(2026, 10, 15)),
            ],
            [
                "A-03",
                "Recenser les comptes à privilèges",
                "Noa Gabarit",
                date(2026, 11, 13),
                "À faire",
                None,
            ],
            [
                "A-04",
                "Former les équipes d'astreinte",
                "Claude Prototype",
                unread(
                    "15/12",
                    "Date sans année (15/12) : ajouter l'année.",
                    rule="date-without-year",
                ),
                "À faire",
                None,
            ],
        ],
        project=project,
    )
    sheet.choices.append(("E2:E5", list(ACTION)))
    return book
