"""Infrastructure projects, one a column."""

from __future__ import annotations

from datetime import date

from builder.book import Book
from builder.part import TITLE, Col
from builder.value import FILLS, LETTERS, Month, about, euros, means, overrun


def infrastructure(m: Month) -> Book:
    """A transposed table: the fields down the side, letters for the statuses."""
    book = Book("Infra/Comparatif projets infrastructure.xlsx")
    sheet = book.sheet("Projets")
    sheet.note("B1", "Projets d'infrastructure", TITLE)
    green, amber, red = means("V", "green"), means("O", "amber"), means("R", "red")
    sheet.transposed(
        "projects",
        "B3",
        [
            (Col("Code projet", "project_code"), ["PRJ-141", "PRJ-142", "PRJ-143"]),
            (
                Col("Nom du projet", "name"),
                [
                    "Nouvelle salle serveurs",
                    "Téléphonie sur IP",
                    "Renouvellement des postes",
                ],
            ),
            (
                Col("Chef de projet", "project_manager"),
                ["Sacha Témoin", "Maxence Essai", "Sacha Témoin"],
            ),
            (
                Col(
                    "État",
                    "state",
                    words={"En cours": "active", "Non démarré": "planned"},
                ),
                ["En cours", "En cours", m("Non démarré", "En cours")],
            ),
            (
                Col("Statut global", "status"),
                [m(green, amber), m(amber, red), m(green, green)],
            ),
            (
                Col("% avancement", "progress", "share"),
                [m(0.35, 0.4), m(0.6, 0.6), m(0, 0.05)],
            ),
            (
                Col("Date de début", "start_planned", "date"),
                [
                    date(2026, 1, 12),
                    date(2025, 10, 6),
                    about("oct. 2026", date(2026, 10, 1)),
                ],
            ),
            (
                Col("Fin prévue", "end_baseline", "date"),
                [
                    date(2027, 4, 30),
                    date(2026, 12, 18),
                    about("T2 2027", date(2027, 6, 30)),
                ],
            ),
            (
                Col("Fin révisée", "end_forecast", "date"),
                [
                    m(None, date(2027, 5, 31)),
                    m(date(2027, 1, 29), date(2027, 4, 2)),
                    None,
                ],
            ),
            (
                Col("Budget initial (€)", "budget_initial", "money"),
                [680_000.0, 145_000.0, 390_000.0],
            ),
            (
                Col("Engagé (€)", "committed", "money"),
                [
                    m(412_300.0, 455_100.0),
                    m(139_000.0, overrun(euros(151_200))),
                    m(0.0, 42_000.0),
                ],
            ),
            (
                Col("Commentaire", "comment"),
                [
                    None,
                    m("Recette opérateur en cours", "Portabilité des numéros refusée"),
                    None,
                ],
            ),
        ],
    )
    for letter, code in LETTERS.items():
        sheet.rules.append(("C7:E7", letter, f"#{FILLS[code]}"))
    return book
