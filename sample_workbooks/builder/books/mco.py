"""A team that keeps clinical applications running: its time and its services."""

from __future__ import annotations

from datetime import date
from typing import Any

from builder.book import Book
from builder.part import TITLE, Col
from builder.value import Month, Shown, means

_MONTHS = [
    ("janv.", "2026-01"),
    ("févr.", "2026-02"),
    ("mars", "2026-03"),
    ("avr.", "2026-04"),
    ("mai", "2026-05"),
    ("juin", "2026-06"),
    ("juil.", "2026-07"),
    ("août", "2026-08"),
    ("sept.", "2026-09"),
    ("oct.", "2026-10"),
    ("nov.", "2026-11"),
    ("déc.", "2026-12"),
]

_LEAVE = Shown(
    "Congés",
    "absence",
    {},
    "Motif d'absence masqué : seule l'absence est gardée.",
    "info",
)


def mco(m: Month) -> Book:
    """Months across (a year in the title), a services sheet with hours."""
    book = Book("MCO/Equipe MCO clinique.xlsx")
    sheet = book.sheet("Fiche MCO")
    sheet.note(
        "A1", "Maintien en condition opérationnelle – applications cliniques", TITLE
    )
    project = sheet.form(
        "projects",
        "A3",
        [
            [("Code projet", "project_code", "MCO-01")],
            [("Intitulé", "name", "MCO des applications cliniques")],
            [("Responsable", "project_manager", "Claude Prototype")],
            [("Run/Build", "kind", _mco("MCO"))],
            [
                (
                    "Mis à jour le",
                    "report_date",
                    m(date(2026, 9, 30), date(2026, 10, 30)),
                )
            ],
        ],
    )
    sheet = book.sheet("Plan de charge 2026")
    sheet.note("A1", "Plan de charge 2026 – temps passé en jours", TITLE)
    done = m(9, 10)
    rows: list[tuple[list[Any], list[float | None]]] = [
        (["Claude Prototype", "MCO correctif"], [4, 3.5, 5, 4, 3, 4.5, 2, 1.5, 4, 6]),
        (["Claude Prototype", "Projet"], [10, 11, 9, 10, 8, 9, 6, 3, 10, 8]),
        (["Noa Gabarit", "Support utilisateurs"], [6, 6.5, 7, 6, 5.5, 6, 4, 3, 8, 9.5]),
        (["Noa Gabarit", "MCO préventif"], [2, 2, 2, 2, 1, 2, 1, 0.5, 2, 2]),
        (["Lou Maquette", _LEAVE], [None, 5, None, 3, None, None, 10, 10, None, 4]),
    ]
    categories = {
        "MCO correctif": "mco_corrective",
        "Projet": "project",
        "Support utilisateurs": "user_support",
        "MCO préventif": "mco_preventive",
    }
    sheet.across(
        "A3",
        [
            Col("Agent", "person", width=20),
            Col("Type d'activité", "time_category", words=categories, width=22),
        ],
        [*_MONTHS],
        [(texts, [*numbers[:done], *[None] * (12 - done)]) for texts, numbers in rows],
        measure="effort_spent",
        project=project,
    )
    sheet = book.sheet("Services")
    sheet.note(
        "A1",
        m(
            "Engagements de service – septembre 2026",
            "Engagements de service – octobre 2026",
        ),
        TITLE,
    )
    sheet.table(
        "services",
        "A3",
        [
            Col("Application", "name", width=24),
            Col("Mois", "month", "month"),
            Col("Disponibilité cible", "availability_target"),
            Col("Disponibilité réelle", "availability_actual"),
            Col("Nb incidents", "incidents"),
            Col("Incidents majeurs", "incidents_major"),
            Col("GTR (h)", "restore_target_hours"),
            Col("MTTR (h)", "restore_actual_hours"),
            Col("Commentaire", "comment", width=34),
        ],
        [
            _service(
                "Dossier patient",
                m,
                0.999,
                m(0.9994, 0.9962),
                m(14, 23),
                m(0, 2),
                4.0,
                m(2.5, 5.5),
                m(None, "Panne de stockage le 12"),
            ),
            _service(
                "Prescription",
                m,
                0.999,
                m(0.9991, 0.9993),
                m(6, 5),
                0,
                4.0,
                m(1.5, 2.0),
                None,
            ),
            _service(
                "Imagerie",
                m,
                0.995,
                m(0.9978, 0.9981),
                m(9, 7),
                m(1, 0),
                8.0,
                m(6.0, 3.0),
                m("Mise à jour du visualiseur", None),
            ),
        ],
        project=project,
    )
    return book


def _mco(word: str) -> Shown:
    return means(word, "mco")


def _service(
    name: str, m: Month, target: float, actual: float, *rest: object
) -> list[object]:
    month = Shown(m(date(2026, 9, 1), date(2026, 10, 1)), m("2026-09", "2026-10"))
    return [name, month, _precise(target), _precise(actual), *rest]


def _precise(part: float) -> Shown:
    return Shown(part, part, {"num_format": "0.00%"})
