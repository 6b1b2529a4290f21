"""A status report in English."""

from __future__ import annotations

from datetime import date

from builder.book import Book
from builder.part import TITLE, Col
from builder.value import Month, coloured, euros, means, share


def telehealth(m: Month) -> Book:
    """A status report in English: summary, milestones as a table, RAID log by type."""
    book = Book("PRJ-118 Telehealth status report.xlsx")
    sheet = book.sheet("Summary")
    sheet.note("A1", "Project status report", TITLE)
    project = sheet.form(
        "projects",
        "A3",
        [
            [("Project ID", "project_code", "PRJ-118")],
            [("Project name", "name", "Telehealth for island clinics")],
            [("Project manager", "project_manager", "Andrea Draft")],
            [("Executive sponsor", "sponsor", "Dominique Fictif")],
            [("Status date", "report_date", m(date(2026, 9, 30), date(2026, 10, 30)))],
            [
                (
                    "Overall RAG",
                    "status",
                    m(means("Green", "green"), coloured("Red", "red", "red")),
                )
            ],
            [
                (
                    "Schedule RAG",
                    "status_schedule",
                    m(means("Amber", "amber"), means("Red", "red")),
                )
            ],
            [("Cost RAG", "status_cost", means("Green", "green"))],
            [("% complete", "progress", share(m(0.3, 0.35)))],
            [("Start date", "start_planned", date(2026, 2, 2))],
            [("Baseline end", "end_baseline", date(2027, 1, 29))],
            [("Forecast end", "end_forecast", m(date(2027, 2, 26), date(2027, 5, 28)))],
            [("Approved budget", "budget_initial", euros(240_000))],
            [("Spent", "spent", euros(m(71_250, 98_400)))],
            [
                (
                    "Achievements",
                    "highlights",
                    m("Video platform selected.", "Pilot site connected."),
                )
            ],
            [
                (
                    "Next steps",
                    "next_steps",
                    m("Connect the pilot site.", "Replace the failing satellite link."),
                )
            ],
        ],
    )
    sheet = book.sheet("Milestones")
    sheet.table(
        "milestones",
        "A1",
        [
            Col("Milestone", "name", width=30),
            Col("Baseline date", "end_baseline", "iso"),
            Col("Forecast date", "end_forecast", "iso"),
            Col("Actual date", "end_actual", "iso"),
            Col(
                "Status",
                "state",
                words={
                    "Done": "completed",
                    "In progress": "active",
                    "Not started": "planned",
                    "Late": "late",
                },
            ),
            Col("Owner", "owner", width=18),
        ],
        [
            [
                "Kick-off",
                date(2026, 2, 9),
                date(2026, 2, 9),
                date(2026, 2, 9),
                "Done",
                "Andrea Draft",
            ],
            [
                "Platform contract",
                date(2026, 6, 30),
                date(2026, 7, 15),
                date(2026, 7, 17),
                "Done",
                "Andrea Draft",
            ],
            [
                "Pilot site live",
                date(2026, 10, 30),
                m(date(2026, 11, 16), date(2027, 1, 18)),
                None,
                m("In progress", "Late"),
                "Charlie Specimen",
            ],
            [
                "Rollout to six clinics",
                date(2027, 1, 15),
                m(date(2027, 2, 12), date(2027, 5, 14)),
                None,
                "Not started",
                "Charlie Specimen",
            ],
        ],
        project=project,
    )
    sheet = book.sheet("RAID log")
    sheet.table(
        "raid",
        "A1",
        [
            Col("ID", "code", width=8),
            Col(
                "Type",
                "kind",
                words={
                    "Risk": "risk",
                    "Issue": "issue",
                    "Action": "action",
                    "Decision": "decision",
                },
            ),
            Col("Description", "title", width=44),
            Col("Raised on", "raised_on", "iso"),
            Col("Owner", "owner", width=18),
            Col("Due date", "due_date", "iso"),
            Col(
                "Status",
                "state",
                words={
                    "Open": "open",
                    "In progress": "in_progress",
                    "Closed": "closed",
                },
            ),
        ],
        [
            [
                "1",
                "Risk",
                "Satellite link too slow for video",
                date(2026, 3, 2),
                "Charlie Specimen",
                date(2026, 10, 15),
                m("Open", means("Occurred", "occurred")),
            ],
            [
                "2",
                "Action",
                "Measure bandwidth on each island",
                date(2026, 3, 2),
                "Charlie Specimen",
                date(2026, 9, 11),
                "Closed",
            ],
            [
                "3",
                "Decision",
                "Pilot on one island before the rollout",
                date(2026, 4, 20),
                "Dominique Fictif",
                None,
                "Closed",
            ],
            [
                "4",
                "Issue",
                "No consulting room at the second clinic",
                date(2026, 9, 14),
                "Andrea Draft",
                date(2026, 11, 20),
                "In progress",
            ],
            [
                "5",
                "Risk",
                "Few specialists available on Fridays",
                date(2026, 9, 14),
                "Andrea Draft",
                date(2026, 12, 18),
                "Open",
            ],
        ],
        project=project,
        split={
            "risk": "risks",
            "issue": "actions",
            "action": "actions",
            "decision": "actions",
        },
    )
    return book
