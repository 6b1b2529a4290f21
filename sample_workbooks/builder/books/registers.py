"""Registers kept for the whole department: requests, and a RAID log in French."""

from __future__ import annotations

from datetime import date

from builder.book import Book
from builder.part import NOTE, TITLE, Col
from builder.value import Month, about, broken, keur, means, no_value, unread


def requests(m: Month) -> Book:
    """The request register, with missing words and a broken formula."""
    book = Book("Registre des demandes.xlsx")
    sheet = book.sheet("Demandes")
    sheet.note("A1", "Registre des demandes – comité d'arbitrage", TITLE)
    sheet.note(
        "A2", "Une demande sans coût estimé n'est pas présentée au comité.", NOTE
    )
    states = {
        "Reçue": "received",
        "En étude": "studied",
        "À arbitrer": "to_arbitrate",
        "Acceptée": "accepted",
        "Refusée": "rejected",
        "Transformée en projet": "converted",
    }
    rows = [
        [
            "D-2026-31",
            "Coffre-fort des diplômes",
            "Dominique Fictif",
            "Hôpital de Valombre",
            date(2026, 5, 11),
            "Haute",
            keur(52_000),
            40,
            m("À arbitrer", "Transformée en projet"),
            m(None, date(2026, 10, 6)),
            None,
        ],
        [
            "D-2026-32",
            "Borne d'accueil des urgences",
            "Charlie Specimen",
            "CH des Trois-Étangs",
            date(2026, 6, 2),
            "Moyenne",
            keur(38_500),
            25.5,
            m("En étude", "Acceptée"),
            m(None, date(2026, 10, 6)),
            None,
        ],
        [
            "D-2026-33",
            "Écran d'affichage du self",
            "Lou Maquette",
            "Hôpital de Valombre",
            date(2026, 8, 24),
            "Basse",
            no_value("à chiffrer"),
            no_value("NC"),
            m("Reçue", "Refusée"),
            m(None, date(2026, 10, 6)),
            m(None, "Hors du périmètre informatique"),
        ],
        [
            "D-2026-34",
            "Dictée vocale en consultation",
            "Noa Gabarit",
            "CH de Montclair-sur-Brume",
            date(2026, 9, 15),
            "Haute",
            broken("=Chiffrage!#REF!"),
            60,
            "En étude",
            None,
            None,
        ],
    ]
    if m.name == "2026-10":
        rows.append(
            [
                "D-2026-35",
                "Suivi des instruments prêtés",
                "Sacha Témoin",
                "Hôpital de Valombre",
                date(2026, 10, 12),
                "Moyenne",
                keur(17_000),
                12,
                "Reçue",
                None,
                None,
            ]
        )
    sheet.table(
        "requests",
        "A4",
        [
            Col("N° demande", "code", width=12),
            Col("Intitulé de la demande", "title", width=32),
            Col("Demandeur", "requester", width=18),
            Col("Établissement demandeur", "establishment", width=26),
            Col("Date de la demande", "received_on", "date"),
            Col("Priorité", "priority", words={"Haute": 2, "Moyenne": 3, "Basse": 4}),
            Col("Coût estimé (k€)", "estimated_cost", "keur"),
            Col("Charge estimée (JH)", "estimated_effort", "days"),
            Col("Statut", "state", words=states, width=20),
            Col("Date de décision", "decided_on", "date"),
            Col("Commentaire", "comment", width=30),
        ],
        rows,
    )
    return book


def convergence_log(m: Month) -> Book:
    """A log of risks, problems, actions and decisions told apart by a column."""
    book = Book("Journal RAID convergence.xlsx")
    sheet = book.sheet("RAID")
    sheet.note("A1", "Programme de convergence – journal", TITLE)
    kinds = {
        "Risque": "risk",
        "Problème": "issue",
        "Action": "action",
        "Décision": "decision",
    }
    sheet.table(
        "raid",
        "A3",
        [
            Col("N°", "code", width=6),
            Col("Code projet", "project_code", width=12),
            Col("Type", "kind", words=kinds),
            Col("Libellé", "title", width=44),
            Col("Responsable", "owner", width=18),
            Col("Échéance", "due_date", "date", width=16),
            Col("Statut", "state", width=16),
            Col("Indice", "", width=8),
        ],
        [
            [
                "1",
                "PRJ-131",
                "Risque",
                "Certificats des signataires en retard",
                "Noa Gabarit",
                date(2026, 10, 30),
                m(means("Ouvert", "open"), means("Avéré", "occurred")),
                3,
            ],
            [
                "2",
                "PRJ-131",
                "Action",
                "Commander les certificats",
                "Noa Gabarit",
                date(2026, 9, 25),
                m(means("En cours", "in_progress"), means("Fait", "closed")),
                2,
            ],
            [
                "3",
                "PRJ-132",
                "Problème",
                "Deux agendas pour un même médecin",
                "Andrea Brouillon",
                about("fin novembre 2026", date(2026, 11, 30)),
                means("En cours", "in_progress"),
                1,
            ],
            [
                "4",
                "PRJ-133",
                "Décision",
                "Garder le papier jusqu'à la bascule",
                "Dominique Fictif",
                None,
                means("Clos", "closed"),
                1,
            ],
            [
                "5",
                "PRJ-133",
                "Action",
                "Recenser les services restants",
                "Andrea Brouillon",
                unread(
                    "dès que possible",
                    "Date non comprise (dès que possible).",
                    rule="date-unread",
                ),
                m(means("À faire", "open"), means("En retard", "late")),
                2,
            ],
        ],
        split={
            "risk": "risks",
            "issue": "actions",
            "action": "actions",
            "decision": "actions",
        },
    )
    sheet.expects(
        "H3",
        "Colonne non utilisée : « Indice » ne dit pas de quoi.",
        "info",
        "column-unused",
    )
    return book


def workload_left(m: Month) -> Book:
    """A short list with a header that could mean euros or days: left out."""
    book = Book(m("Suivi equipe projets.xlsx", "Suivi equipe projets v2.xlsx"))
    sheet = book.sheet("Feuil1")
    sheet.table(
        "projects",
        "A1",
        [
            Col("Code projet", "project_code"),
            Col("Projet", "name", width=30),
            Col("Responsable", "project_manager", width=18),
            Col(
                "Phase",
                "phase",
                words={
                    "Conception": "design",
                    "Réalisation": "build",
                    "Recette": "acceptance",
                },
            ),
            Col("RAF", ""),
            Col(
                "Météo",
                "status",
                words={"Soleil": "green", "Nuageux": "amber", "Orage": "red"},
            ),
            Col("Faits marquants", "highlights", width=40),
        ],
        [
            [
                "PRJ-161",
                "Entrepôt de données de pilotage",
                "Andrea Brouillon",
                m("Conception", "Réalisation"),
                m(32, 28),
                m("Soleil", "Nuageux"),
                m("Modèle validé", "Premiers flux chargés"),
            ],
            [
                "PRJ-162",
                "Signalement des événements",
                "Andrea Brouillon",
                "Recette",
                m(9, 6),
                m("Nuageux", "Orage"),
                m("Deux anomalies ouvertes", "Recette suspendue"),
            ],
        ],
    )
    sheet.expects(
        "E1",
        "RAF : jours ou euros ? Rien ne le dit, la colonne est laissée de côté.",
        "info",
        "column-ambiguous",
    )
    return book
