"""Lists that other tools export, understood without being told."""

from __future__ import annotations

from build_sheet import records, understood


def test_a_plan_of_a_scheduling_tool_is_milestones() -> None:
    text = """
    ID | Task Name | Duration | Start        | Finish       | Resource Names | % Complete
    1  | Design    | 10 days  | Mon 05/01/26 | Fri 16/01/26 | Ann            | 100%
    2  | Build     | 20 days  | Mon 19/01/26 | Fri 13/02/26 | Bob            | 40%
    """
    extract = understood(text)
    found = records(extract, "milestones")
    assert [(r["name"], r["end_baseline"]) for r in found] == [
        ("Design", "Fri 16/01/26"),
        ("Build", "Fri 13/02/26"),
    ]
    doubtful = {f.raw for f in extract.findings if f.rule == "column-doubtful"}
    assert not doubtful & {"Start", "Finish"}


def test_tickets_are_actions_named_by_their_summary() -> None:
    text = """
    Issue key | Summary        | Issue Type | Status | Assignee | Created    | Due date   | Resolved
    DPI-1     | Crash on login | Bug        | To Do  | Ann      | 2026-09-01 | 2026-09-30 |
    DPI-2     | New form       | Story      | Done   | Joe      | 2026-08-01 | 2026-09-15 | 2026-09-14
    """
    found = records(understood(text), "actions")
    assert [(r["code"], r["title"]) for r in found] == [
        ("DPI-1", "Crash on login"),
        ("DPI-2", "New form"),
    ]


def test_a_decision_on_a_change_is_not_its_title() -> None:
    text = """
    Change ID | Description | Requested by | Date requested | Decision | Decision date | Status
    C1        | Add report  | Dr A         | 2026-05-01     | Approved | 2026-05-10    | Closed
    C2        | New screen  | Dr B         | 2026-06-01     | Rejected | 2026-06-10    | Closed
    """
    found = records(understood(text), "requests")
    assert [(r["title"], r["decision"]) for r in found] == [
        ("Add report", "Approved"),
        ("New screen", "Rejected"),
    ]
    assert [str(r["received_on"])[:10] for r in found] == ["2026-05-01", "2026-06-01"]
