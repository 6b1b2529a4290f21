"""WiFi in nursing homes: one dense sheet."""

from __future__ import annotations

from datetime import date

from builder.book import Book
from builder.part import TITLE, Col
from builder.value import ACTION, Month, fill, share, unread


def wifi(m: Month) -> Book:
    """A dense dashboard on one sheet: form, two tables side by side, one below."""
    book = Book("TdB WiFi Tilleuls.xlsx")
    sheet = book.sheet("Tableau de bord")
    sheet.note("A1", "Tableau de bord – Couverture WiFi", TITLE)
    project = sheet.form(
        "projects",
        "A3",
        [
            [
                ("N° projet", "project_code", "PRJ-107"),
                ("Nom du projet", "name", "Couverture WiFi des EHPAD"),
                ("CP", "project_manager", "Sacha Témoin"),
                ("Site", "establishments", "EHPAD des Tilleuls-Bleus"),
            ],
            [
                ("Qualité", "status_quality", fill("green")),
                ("Coûts", "status_cost", m(fill("green"), fill("amber"))),
                ("Délais", "status_schedule", m(fill("amber"), fill("red"))),
                ("Risques", "status_risk", fill("amber")),
            ],
            [
                ("Avancement", "progress", share(m(0.6, 0.65))),
                ("Fin prévue", "end_baseline", date(2026, 11, 27)),
                (
                    "Fin estimée",
                    "end_forecast",
                    m(date(2026, 12, 18), date(2027, 2, 26)),
                ),
                ("MAJ le", "report_date", m(date(2026, 9, 29), date(2026, 10, 29))),
            ],
            [
                ("Charge prévue (JH)", "effort_planned", 85),
                ("Consommé JH", "effort_spent", m(48.5, 61)),
                ("RAF JH", "effort_remaining", m(36.5, 41)),
            ],
        ],
    )
    sheet.note("A9", "JALONS", TITLE)
    sheet.table(
        "milestones",
        "A10",
        [
            Col("Jalon", "name", width=22),
            Col("Prévu le", "end_baseline", "date"),
            Col("Réalisé le", "end_actual", "date"),
        ],
        [
            ["Étude de couverture", date(2026, 3, 31), date(2026, 4, 10)],
            ["Câblage bâtiment A", date(2026, 7, 17), date(2026, 8, 28)],
            ["Câblage bâtiment B", date(2026, 10, 16), None],
            ["Pose des bornes", date(2026, 11, 13), None],
        ],
        project=project,
    )
    sheet.note("E9", "RISQUES", TITLE)
    sheet.table(
        "risks",
        "E10",
        [
            Col("Risque", "title", width=30),
            Col("Proba.", "probability", words={"Faible": 2, "Moyenne": 3, "Forte": 4}),
            Col("Gravité", "impact", words={"Mineure": 2, "Modérée": 3, "Majeure": 4}),
            Col("Parade", "mitigation", width=24),
        ],
        [
            [
                "Amiante dans les faux plafonds",
                "Moyenne",
                "Majeure",
                "Diagnostic avant percement",
            ],
            [
                "Chantier gênant pour les résidents",
                "Forte",
                "Mineure",
                "Plages horaires convenues",
            ],
            ["Rupture de stock des bornes", m("Faible", "Forte"), "Modérée", None],
        ],
        project=project,
    )
    sheet.note("A17", "ACTIONS EN COURS", TITLE)
    sheet.table(
        "actions",
        "A18",
        [
            Col("Action", "title", width=30),
            Col("Qui", "owner"),
            Col("Pour le", "due_date", "date"),
            Col("Statut", "state", words=ACTION),
        ],
        [
            [
                "Relancer le fournisseur de bornes",
                "Sacha Témoin",
                date(2026, 10, 9),
                m("En cours", "En retard"),
            ],
            [
                "Valider le plan d'implantation",
                "Lou Maquette",
                date(2026, 9, 18),
                "Fait",
            ],
            [
                "Prévenir les familles",
                "Charlie Specimen",
                date(2026, 11, 2),
                m(
                    "À faire",
                    unread(
                        "Ça avance",
                        "Statut inconnu (Ça avance) : choisir à faire, en cours, fait, bloqué ou annulé.",
                        rule="value-unknown",
                    ),
                ),
            ],
        ],
        project=project,
    )
    return book
