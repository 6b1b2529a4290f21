"""Meetings of one project, and of the whole portfolio."""

from __future__ import annotations

from build_sheet import understood


def test_a_body_of_the_whole_portfolio_makes_no_project_of_its_own() -> None:
    text = """
    Code projet | Instance                        | Date de la réunion | État
    PRJ-1       | COPIL                           | 2026-10-05         | Tenu
                | Revue mensuelle des engagements | 2026-10-06         | Tenu
    """
    found = understood(text, title="Instances", name="Suivi GHT 2026-10.xlsx")
    assert [r.table for r in found.records] == ["meetings", "meetings"]
    assert [r.project for r in found.records] == [-1, -1]


def test_the_meetings_of_a_project_s_own_workbook_stay_its_own() -> None:
    text = """
    Instance | Date de la réunion | État
    COPIL    | 2026-10-05         | Tenu
    """
    found = understood(text, title="Instances", name="PRJ-1 Pharmacie.xlsx")
    (meeting,) = [r for r in found.records if r.table == "meetings"]
    assert meeting.project >= 0
