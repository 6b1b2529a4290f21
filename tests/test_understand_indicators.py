from __future__ import annotations

from build_sheet import records, understood

_BY_SERVICE = """
Application | Indicateur    | Cible  | janv-26 | févr-26
DPI         | Disponibilité | 99,5 % | 99,9 %  | 99,1 %
            | Nb incidents  |        | 3       | 5
            | Humeur        |        | bonne   | moyenne
Labo        | Disponibilité | 99 %   | 98 %    | 99 %
"""


def test_indicators_down_and_months_across_are_a_record_a_service_and_month() -> None:
    found = records(understood(_BY_SERVICE), "services")
    shown = [
        (r["name"], r["month"], r["availability_actual"], r.get("incidents"))
        for r in found
    ]
    assert shown == [
        ("DPI", "janv-26", "99,9 %", 3.0),
        ("DPI", "févr-26", "99,1 %", 5.0),
        ("Labo", "janv-26", "98 %", None),
        ("Labo", "févr-26", "99 %", None),
    ]


def test_what_was_committed_stands_beside_what_was_measured() -> None:
    found = records(understood(_BY_SERVICE), "services")
    targets = [r["availability_target"] for r in found]
    assert targets == ["99,5 %", "99,5 %", "99 %", "99 %"]


def test_a_row_that_is_no_known_measure_is_told() -> None:
    told = [f for f in understood(_BY_SERVICE).findings if f.rule.startswith("indic")]
    assert [(f.ref.cell, f.raw) for f in told] == [("B4", "Humeur")]


def test_a_sheet_of_one_service_says_under_which_name_it_is_kept() -> None:
    text = """
    Indicateur            | 01/2026 | 02/2026
    Taux de disponibilité | 0.999   | 0.997
    Nombre d'incidents    | 12      | 9
    """
    extract = understood(text, title="DPI")
    assert {r["name"] for r in records(extract, "services")} == {"DPI"}
    assert "service-name-assumed" in {f.rule for f in extract.findings}


def test_a_budget_by_month_is_no_dashboard_of_a_service() -> None:
    text = """
    Poste       | Budget | 01/2026 | 02/2026
    Licences    | 1000   | 100     | 200
    Prestations | 5000   | 500     | 0
    """
    assert records(understood(text, title="Budget"), "services") == []
