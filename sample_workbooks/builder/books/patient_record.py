"""The shared patient record: one project in one workbook."""

from __future__ import annotations

from datetime import date

from builder.book import Book
from builder.part import TITLE, Col, Sum
from builder.value import MILESTONE, RISK, Month, euros, fill, formula, means, share


def patient_record(m: Month) -> Book:
    """A project sheet, milestones, risks and budget; a hidden sheet with an old copy."""
    book = Book("PRJ-101_Dossier patient.xlsx")
    sheet = book.sheet("Fiche projet")
    sheet.note("A1", "FICHE PROJET", TITLE)
    project = sheet.form(
        "projects",
        "A3",
        [
            [
                ("Code projet", "project_code", "PRJ-101"),
                ("Chef de projet", "project_manager", "Alix Exemple"),
            ],
            [
                ("Intitulé du projet", "name", "Dossier patient commun"),
                ("Sponsor", "sponsor", "Dominique Fictif"),
            ],
            [
                (
                    "Établissements",
                    "establishments",
                    means(
                        "Hôpital de Valombre, CH des Trois-Étangs",
                        "Hôpital de Valombre;CH des Trois-Étangs",
                    ),
                ),
                ("Domaine fonctionnel", "domain", means("DPI", "dpi")),
            ],
            [
                ("Priorité", "priority", means("P1", 1)),
                ("Phase", "phase", means("Paramétrage", "build")),
            ],
            [
                ("État", "state", means("En cours", "active")),
                ("Météo globale", "status", m(fill("green"), fill("amber"))),
            ],
            [
                ("% avancement", "progress", m(share(0.45), share(0.5))),
                ("Tendance", "trend", m(means("→", "stable"), means("↘", "worsening"))),
            ],
            [
                ("Date de début", "start_planned", date(2025, 9, 1)),
                ("Fin prévue initiale", "end_baseline", date(2027, 3, 31)),
            ],
            [
                (
                    "Fin prévisionnelle",
                    "end_forecast",
                    m(date(2027, 3, 31), date(2027, 6, 30)),
                ),
                (
                    "Date de mise à jour",
                    "report_date",
                    m(date(2026, 9, 28), date(2026, 10, 27)),
                ),
            ],
            [
                ("Budget initial", "budget_initial", euros(1_850_000)),
                ("Engagé", "committed", m(euros(912_400), euros(1_034_250.5))),
            ],
            [
                (
                    "Faits marquants",
                    "highlights",
                    m(
                        "Paramétrage des unités de soins terminé à Valombre.",
                        "Reprise des données testée ; deux anomalies bloquantes.",
                    ),
                )
            ],
            [
                (
                    "Prochaines étapes",
                    "next_steps",
                    m(
                        "Recette du plan de soins.",
                        "Nouvelle recette après correction.",
                    ),
                )
            ],
            [
                (
                    "Points d'attention",
                    "attention_points",
                    m("RAS", "Disponibilité des référents soignants en novembre."),
                )
            ],
        ],
        step=3,
    )

    jalons = [
        Col("Jalon", "name", width=34),
        Col("Date prévue", "end_baseline", "date"),
        Col("Date révisée", "end_forecast", "date"),
        Col("Date réelle", "end_actual", "date"),
        Col("Statut", "state", words=MILESTONE),
        Col("Responsable", "owner", width=18),
        Col("Commentaire", "comment", width=30),
    ]
    sheet = book.sheet("Jalons")
    sheet.note("A1", "Jalons du projet", TITLE)
    sheet.table(
        "milestones",
        "A3",
        jalons,
        [
            [
                "Lancement",
                date(2025, 9, 15),
                None,
                date(2025, 9, 15),
                "Atteint",
                "Alix Exemple",
                None,
            ],
            [
                "Choix de l'éditeur",
                date(2025, 12, 19),
                None,
                date(2026, 1, 16),
                "Atteint",
                "Alix Exemple",
                "Un mois de négociation",
            ],
            [
                "Paramétrage des unités de soins",
                date(2026, 9, 30),
                None,
                m(None, date(2026, 10, 9)),
                m("En cours", "Atteint"),
                "Noa Gabarit",
                None,
            ],
            [
                "Recette du plan de soins",
                date(2026, 11, 30),
                m(None, date(2027, 1, 29)),
                None,
                m("À venir", "En retard"),
                "Noa Gabarit",
                m(None, "Anomalies de reprise"),
            ],
            [
                "Démarrage Valombre",
                date(2027, 2, 1),
                m(None, date(2027, 4, 5)),
                None,
                "À venir",
                "Alix Exemple",
                None,
            ],
            [
                "Démarrage Trois-Étangs",
                date(2027, 3, 15),
                m(None, date(2027, 6, 14)),
                None,
                "À venir",
                "Lou Maquette",
                None,
            ],
        ],
        project=project,
    )

    sheet.comments["B7"] = "Date à confirmer par la direction des soins."

    sheet = book.sheet("Risques")
    sheet.table(
        "risks",
        "A1",
        [
            Col("N°", "code", width=6),
            Col("Risque", "title", width=40),
            Col("Probabilité (1-5)", "probability"),
            Col("Impact (1-5)", "impact"),
            Col("Criticité", "criticality", derived=True),
            Col("Plan d'action", "mitigation", width=40),
            Col("Pilote", "owner", width=18),
            Col("État", "state", words=RISK),
        ],
        [
            [
                "R1",
                "Retard de la reprise des données",
                m(3, 4),
                4,
                m(formula("=C2*D2", 12), formula("=C2*D2", 16)),
                "Deux répétitions avant la bascule",
                "Noa Gabarit",
                "En traitement",
            ],
            [
                "R2",
                "Adhésion insuffisante des équipes de nuit",
                2,
                4,
                formula("=C3*D3", 8),
                "Ateliers en fin de service",
                "Lou Maquette",
                "Ouvert",
            ],
            [
                "R3",
                "Indisponibilité de la salle de formation",
                2,
                2,
                formula("=C4*D4", 4),
                "Salle de repli réservée",
                "Lou Maquette",
                m("Ouvert", "Clos"),
            ],
            [
                "R4",
                "Interfaces de laboratoire non certifiées",
                2,
                5,
                formula("=C5*D5", 10),
                None,
                "Alix Exemple",
                "Ouvert",
            ],
        ],
        project=project,
    )

    sheet = book.sheet("Budget")
    sheet.note("A1", "Suivi budgétaire du projet – montants en euros TTC", TITLE)
    lines = [
        [
            "Licences",
            "Investissement",
            820_000.0,
            820_000.0,
            640_000.0,
            640_000.0,
            512_000.0,
        ],
        [
            "Prestations d'intégration",
            "Investissement",
            610_000.0,
            m(610_000.0, 702_000.0),
            m(231_400.0, 323_250.5),
            180_000.0,
            150_000.0,
        ],
        [
            "Formation",
            "Exploitation",
            240_000.0,
            240_000.0,
            m(41_000.0, 71_000.0),
            22_500.0,
            22_500.0,
        ],
        ["Maintenance annuelle", "Exploitation", 180_000.0, 180_000.0, 0.0, 0.0, 0.0],
    ]
    totals = [sum(line[c] for line in lines) for c in range(2, 7)]
    names = ["budget_initial", "budget_revised", "committed", "invoiced", "paid"]
    sums = {
        name: formula(f"=SUM({letter}5:{letter}8)", total)
        for name, letter, total in zip(names, "CDEFG", totals, strict=True)
    }
    sheet.table(
        "budget_lines",
        "A3",
        [
            Col("Poste", "label", width=30),
            Col(
                "Section",
                "nature",
                words={"Investissement": "investment", "Exploitation": "operating"},
                width=16,
            ),
            Col("Initial", "budget_initial", "money"),
            Col("Révisé", "budget_revised", "money"),
            Col("Engagé", "committed", "money"),
            Col("Liquidé", "invoiced", "money"),
            Col("Mandaté", "paid", "money"),
        ],
        [*lines, Sum("TOTAL", sums)],
        groups=[("", 1), ("", 1), ("Budget", 2), ("Exécution", 3)],
        project=project,
        shared={"tax_basis": "incl_vat"},
    )

    sheet = book.sheet("Jalons (v1)", hidden=True)
    sheet.table(
        "milestones",
        "A1",
        jalons[:2],
        [["Lancement", date(2025, 9, 15)], ["Choix de l'éditeur", date(2025, 12, 19)]],
        project=project,
    )
    sheet.expects(
        "A1:B3",
        "Feuille masquée, copie des jalons : non comptée deux fois.",
        "info",
        "sheet-hidden-copy",
    )
    return book
