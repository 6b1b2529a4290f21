"""An MRI replacement: a biomedical project without a code."""

from __future__ import annotations

from datetime import date

from builder.book import Book
from builder.part import NOTE, TITLE, Col
from builder.value import Month, about, fill, keur, means, roughly, unread, weather


def mri(m: Month) -> Book:
    """A biomedical project without a code: labels above, text dates, colours, k€."""
    book = Book("Biomedical/Remplacement IRM Montclair.xlsx")
    sheet = book.sheet("Synthèse")
    sheet.note("B2", "Remplacement de l'IRM – CH de Montclair-sur-Brume", TITLE)
    project = sheet.form(
        "projects",
        "B4",
        [
            [
                ("Projet", "name", "Remplacement IRM Montclair"),
                ("Ingénieur biomédical", "project_manager", "Maxence Essai"),
                ("Portefeuille", "department", means("Biomédical", "biomedical")),
            ],
            [
                ("Établissement porteur", "establishment", "CH de Montclair-sur-Brume"),
                (
                    "Mise à jour le",
                    "report_date",
                    m(date(2026, 9, 25), date(2026, 10, 30)),
                ),
                ("Météo", "status", m(weather("amber"), weather("red"))),
            ],
            [
                ("Budget prévu (k€)", "budget_initial", keur(1_420_000)),
                ("Engagé (k€)", "committed", keur(m(1_180_000, 1_265_500))),
                (
                    "Atterrissage (k€)",
                    "forecast_cost",
                    m(roughly("~ 1 450", 1_450_000.0), roughly("~ 1 510", 1_510_000.0)),
                ),
            ],
        ],
        step=1,
        above=True,
    )
    sheet.expects(
        "B5",
        "Projet sans code : un code provisoire lui est donné.",
        "warning",
        "project-code-missing",
    )
    sheet.note("B11", "Calendrier", TITLE)
    sheet.table(
        "milestones",
        "B12",
        [
            Col("Étape", "name", width=34),
            Col("Échéance", "end_baseline", width=18),
            Col("Météo", "status", width=8),
            Col("Remarques", "comment", width=40),
        ],
        [
            [
                "Dépôt du dossier d'autorisation",
                means("12/01/2026", date(2026, 1, 12)),
                fill("blue"),
                None,
            ],
            [
                "Notification du marché",
                means("30 avril 2026", date(2026, 4, 30)),
                fill("blue"),
                "Marché notifié avec un mois d'avance",
            ],
            [
                "Livraison de l'aimant",
                m(
                    about("fin octobre 2026", date(2026, 10, 31)),
                    about("mi-janvier 2027", date(2027, 1, 15)),
                ),
                m(fill("amber"), fill("red")),
                m("Grue à réserver", "Usine en arrêt, aimant décalé"),
            ],
            [
                "Travaux de la cage de Faraday",
                about("T4 2026", date(2026, 12, 31)),
                fill("amber"),
                None,
            ],
            [
                "Premier patient",
                m(
                    about("mars 2027", date(2027, 3, 31)),
                    about("juin 2027", date(2027, 6, 30)),
                ),
                m(fill("green"), fill("amber")),
                None,
            ],
            [
                "Levée des réserves",
                unread(
                    "été 2027",
                    "Date non comprise (été 2027) : écrire un jour, un mois ou un trimestre.",
                    rule="date-vague",
                ),
                fill("grey"),
                None,
            ],
        ],
        project=project,
    )
    sheet.note(
        "B20",
        "Bleu : terminé – vert : sous contrôle – orange : à surveiller – rouge : critique – gris : non évalué",
        NOTE,
    )
    return book
