"""Interface lists are recognised, and an untested one is told before the go-live."""

from __future__ import annotations

import pandas as pd
import pytest
from build_alerts import alerts, month, project
from build_sheet import records, understood

from consolidate.analyse.interfaces import proved

GO_LIVE = {"go_live_date": "2026-11-10"}


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Interfaces",
            """
            Flux       | Émetteur | Récepteur | Protocole | Statut  | Date de test
            Identités  | GAM      | DPI       | HL7       | Testée  | 2026-09-01
            Résultats  | SGL      | DPI       | HPRIM     | En test |
            """,
        ),
        (
            "Sheet1",
            """
            Interface | Source | Destination | Standard | Status      | Test date
            Patients  | HIS    | LIS         | HL7 v2.5 | Tested      | 2026-09-01
            Results   | LIS    | EHR         | FHIR     | In progress |
            """,
        ),
        (
            "Matrice des flux",
            """
            N° flux | Application source | Application cible | Norme | État    | Testé le
            F1      | GAM                | DPI               | HL7   | Testée  | 2026-09-01
            F2      | RIS                | PACS              | DICOM | En test |
            """,
        ),
    ],
)
def test_an_interface_list_says_who_sends_what_to_whom(title: str, text: str) -> None:
    first, second = records(understood(text, title=title), "interfaces")
    assert {"source_system", "target_system", "standard", "state"} <= set(second)
    assert "tested_on" in first


def test_a_convergence_list_with_a_target_is_no_interface_list() -> None:
    text = """
    Domaine   | Établissement | Solution actuelle | Solution cible | Statut
    Pharmacie | CH A          | X                 | Y              | Planifié
    Imagerie  | CH B          | X                 | Z              | En cours
    """
    found = understood(text, title="Convergence")
    assert {r.table for r in found.records} == {"convergence"}


@pytest.mark.parametrize(
    ("state", "tested", "live", "expected"),
    [
        ("tested", None, None, 1),
        ("in_test", None, None, 0),
        (None, "2026-10-31", None, 1),
        (None, None, "2026-01-01", 1),
        (None, "2026-11-01", None, None),  # a test to come proves nothing
        ("failed", "2026-10-01", None, 0),
        ("in_test", "2026-10-01", None, 0),  # the state goes first
        ("Terminé", None, None, None),
        (None, None, None, None),
    ],
)
def test_what_proves_an_interface(
    state: str | None, tested: str | None, live: str | None, expected: int | None
) -> None:
    def day(text: str | None) -> pd.Series:
        return pd.Series(pd.to_datetime([text]))

    found = proved(pd.Series([state]), day(tested), day(live), day("2026-10-31")).item()
    assert pd.isna(found) if expected is None else found == expected


def test_the_nearer_the_go_live_the_graver() -> None:
    interface = {"name": "Identities", "state": "in_test"}
    for day, severity in (
        ("2026-12-30", "major"),
        ("2026-11-15", "critical"),
        ("2026-10-01", "critical"),
    ):
        (found,) = alerts("interface-not-tested", month("2026-10", projects=project(go_live_date=day), interfaces=interface))  # fmt: skip
        assert found["severity"] == severity


def test_a_go_live_milestone_counts_where_the_project_has_no_date() -> None:
    stone = {"name": "Go-live", "milestone_type": "go_live", "end_baseline": "2026-11-10"}  # fmt: skip
    (found,) = alerts(
        "interface-not-tested",
        month("2026-10", interfaces={"name": "Identities", "state": "in_test"}, milestones=stone),
    )  # fmt: skip
    assert found["value"] == 10
    assert "milestones:milestones-0:end_baseline" in found["inputs"]
    assert "interfaces:interfaces-0:state" in found["inputs"]
