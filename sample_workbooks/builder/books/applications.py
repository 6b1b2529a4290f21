"""A list of projects with subtotals, and a details sheet for each."""

from __future__ import annotations

from datetime import date
from typing import Any

from builder.book import Book
from builder.part import NOTE, TITLE, Col, Section, Sum
from builder.value import MILESTONE, Month, Shown, about, formula, keur, overrun, smiley


def applications(m: Month) -> Book:
    """Smileys, k€, two header rows, sections, a total that does not add up."""
    book = Book(f"Portefeuille applicatif {m('sept', 'oct')}-26.xlsx")
    sheet = book.sheet("Liste des projets")
    sheet.note(
        "A1",
        f"Portefeuille applicatif – situation à fin {m('septembre', 'octobre')} 2026",
        TITLE,
    )
    sheet.note("A2", "J = bien, K = à surveiller, L = critique", NOTE)
    clinical = [keur(180_000), keur(m(96_500, 121_000)), keur(m(60_000, 84_200))]
    clinical2 = [keur(64_000), keur(m(20_000, 31_500)), keur(m(11_500, 20_000))]
    support = [
        keur(75_000),
        m(keur(74_200), overrun(keur(79_900))),
        keur(m(51_000, 74_200)),
    ]
    new = [keur(52_000), keur(0), keur(0)]
    rows = [
        Section("Domaine clinique"),
        [
            "PRJ-131",
            "Lettres de liaison",
            "Noa Gabarit",
            m(smiley("green"), smiley("amber")),
            m(0.5, 0.55),
            date(2026, 12, 31),
            m(date(2026, 12, 31), date(2027, 3, 31)),
            *clinical,
        ],
        [
            "PRJ-132",
            "Agenda des consultations",
            "Noa Gabarit",
            smiley("green"),
            m(0.25, 0.35),
            date(2027, 4, 30),
            date(2027, 4, 30),
            *clinical2,
        ],
        Sum(
            "Sous-total clinique",
            {
                "budget_initial": 244.0,
                "committed": m(116.5, 152.5),
                "paid": m(71.5, 104.2),
            },
        ),
        Section("Domaine support"),
        [
            "PRJ-133",
            "Gestion des gardes",
            "Andrea Brouillon",
            m(smiley("amber"), smiley("red")),
            m(0.8, 0.8),
            date(2026, 9, 30),
            m(date(2026, 11, 30), date(2027, 1, 29)),
            *support,
        ],
    ]
    if m.name == "2026-10":
        rows.append(
            [
                "PRJ-134",
                "Coffre-fort des diplômes",
                "Andrea Brouillon",
                smiley("green"),
                0,
                date(2027, 5, 28),
                date(2027, 5, 28),
                *new,
            ]
        )
    total = m(
        Sum(
            "TOTAL GÉNÉRAL",
            {
                "budget_initial": formula("=H7+H8+H11", 319.0),
                "committed": formula("=I7+I8+I11", 190.7),
                "paid": formula("=J7+J8+J11", 122.5),
            },
        ),
        Sum(
            "TOTAL GÉNÉRAL",
            {"budget_initial": 319.0},
            "Le total (319,0 k€) n'est pas la somme des lignes (371,0 k€).",
        ),
    )
    sheet.table(
        "projects",
        "A4",
        [
            Col("Code", "project_code", width=10),
            Col("Projet", "name", width=30),
            Col("CP", "project_manager", width=18),
            Col("Météo", "status", width=8),
            Col("Avancement", "progress", "share"),
            Col("Initiale", "end_baseline", "date"),
            Col("Révisée", "end_forecast", "date"),
            Col("Initial", "budget_initial", "keur"),
            Col("Engagé", "committed", "keur"),
            Col("Mandaté", "paid", "keur"),
        ],
        [*rows, total],
        groups=[
            ("", 1),
            ("", 1),
            ("", 1),
            ("", 1),
            ("", 1),
            ("Fin de projet", 2),
            ("Budget (k€)", 3),
        ],
    )
    for code, name, milestones in _details(m):
        sheet = book.sheet(f"Détail {code}")
        sheet.note("A1", name, TITLE)
        project = sheet.form(
            "projects",
            "A2",
            [
                [
                    ("Code projet", "project_code", code),
                    ("Objectif", "objective", _OBJECTIVES[code]),
                ]
            ],
        )
        sheet.table(
            "milestones",
            "A5",
            [
                Col("Jalon", "name", width=34),
                Col("Prévu", "end_baseline", "month"),
                Col("Réel", "end_actual", "date"),
                Col("État", "state", words=MILESTONE),
            ],
            milestones,
            project=project,
        )
    return book


_OBJECTIVES = {
    "PRJ-131": "Envoyer les lettres de liaison le jour de la sortie",
    "PRJ-133": "Remplacer les tableaux de gardes sur papier",
}


def _details(m: Month) -> list[tuple[str, str, list[list[Any]]]]:
    return [
        (
            "PRJ-131",
            "Lettres de liaison",
            [
                ["Modèles de lettres", _end_of(5, 31), date(2026, 6, 5), "Atteint"],
                [
                    "Signature électronique",
                    _end_of(9, 30),
                    None,
                    m("En cours", "En retard"),
                ],
            ],
        ),
        (
            "PRJ-133",
            "Gestion des gardes",
            [
                ["Reprise des plannings", _end_of(7, 31), date(2026, 8, 28), "Atteint"],
                ["Bascule des services", _end_of(11, 30), None, "À venir"],
            ],
        ),
    ]


def _end_of(month: int, last: int) -> Shown:
    """Return a date shown as its month alone: it can mean the last day of it."""
    return about(date(2026, month, 1), date(2026, month, last), fmt="mmm-yy")
