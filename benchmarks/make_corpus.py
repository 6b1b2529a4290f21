"""Write workbooks as a hospital's project managers keep them, the same for a seed.

    python -m benchmarks.make_corpus FOLDER [-n 130] [--seed 1]

About 6 sheets and 4,500 filled cells each: styles, merged cells, statuses in colours and
in Wingdings, dates, text in date columns, formulas with their result, error cells, tables,
comments, hidden sheets, drop-down lists and conditional formats.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from xlsxwriter.format import Format

from benchmarks.manager import AS_OF, WORDS, Book, Manager


def write_workbook(path: Path, number: int, seed: int = 1) -> None:
    """Write one manager's workbook."""
    manager = Manager(number, seed)
    book = Book(path, manager)
    write_form(book)
    write_milestones(book)
    write_budget(book)
    write_risks(book)
    write_actions(book)
    (write_months if manager.across else write_timesheet)(book)
    if manager.hides:
        write_lists(book)
    book.book.close()


def write_form(book: Book) -> None:
    """Write the project's sheet: title, two pairs a row, a synthesis below."""
    manager, sheet = book.manager, book.sheet("form")
    sheet.merge_range(0, 0, 0, 4, manager.title, book.title)
    budget = manager.random.randint(50, 2000) * 1000.0
    start = manager.day(-500, -200)
    end = manager.day(60, 400)
    values: dict[str, tuple[Any, Format]] = {
        "project_code": (manager.code, book.text),
        "name": (manager.title, book.text),
        "project_manager": (manager.people[0], book.text),
        "sponsor": (manager.people[1], book.text),
        "establishment": (manager.random.choice(WORDS["sites"]["names"]), book.text),
        "phase": (manager.value("phase"), book.text),
        "state": (manager.value("project_state"), book.text),
        "status": (None, book.text),
        "progress": (manager.random.randint(1, 19) / 20, book.share),
        "start_planned": (start, book.day),
        "end_baseline": (end, book.day),
        "end_forecast": (end + timedelta(days=manager.random.randint(0, 90)), book.day),
        "budget_initial": (budget, book.money),
        "committed": (round(budget * 0.6, 2), book.money),
        "spent": (round(budget * 0.4, 2), book.money),
        "report_date": (AS_OF - timedelta(days=manager.random.randint(0, 9)), book.day),
        "highlights": (
            f"{manager.value('note')}. {manager.value('action')}.",
            book.text,
        ),
        "next_steps": (f"{manager.value('action')}.", book.text),
        "attention_points": (f"{manager.value('risk_title')}.", book.text),
    }
    for i, (name, label) in enumerate(manager.headers("form").items()):
        row, col = 2 + i // 2, 3 * (i % 2)
        sheet.write_string(row, col, label, book.label)
        if name == "status":
            book.write_status(sheet, row, col + 1)
        else:
            book.write(sheet, row, col + 1, *values[name])
    sheet.set_column(0, 4, 24)
    sheet.write_comment(2, 1, manager.value("note"), {"author": manager.people[0]})


def write_milestones(book: Book) -> None:
    """Write about 115 milestones and tasks, with a colour rule on their progress."""
    manager, sheet = book.manager, book.sheet("milestones")
    sheet.write_string(0, 0, manager.title, book.title)
    rows = []
    for i in range(manager.random.randint(100, 130)):
        end = manager.day()
        started = end - timedelta(days=manager.random.randint(5, 60))
        vague = manager.random.random() < 0.04
        late = manager.random.random() < 0.3
        done = end < AS_OF and not late
        rows.append(
            {
                "code": f"{i + 1}",
                "name": f"{manager.value('milestone')} {i + 1}",
                "phase": manager.value("phase"),
                "owner": manager.random.choice(manager.people),
                "start_planned": started,
                "end_baseline": manager.value("vague") if vague else end,
                "end_forecast": end + timedelta(days=30) if late else None,
                "end_actual": end if done else None,
                "progress": 1.0 if done else manager.random.randint(0, 9) / 10,
                "state": WORDS[manager.language]["values"]["milestone_state"][
                    0 if done else manager.random.choice((1, 2))
                ],
            }
        )
    looks = dict.fromkeys(
        ("start_planned", "end_baseline", "end_forecast", "end_actual"), book.day
    )
    looks["progress"] = book.share
    headers = manager.headers("milestones")
    book.write_table(sheet, 2, headers, rows, looks)
    column = list(headers).index("progress")
    rule = {"type": "cell", "criteria": ">=", "value": 1, "format": book.fills[0]}
    sheet.conditional_format(3, column, 2 + len(rows), column, rule)


def write_budget(book: Book) -> None:
    """Write about 90 lines under merged group headers, sums and a broken formula."""
    manager, sheet = book.manager, book.sheet("budget_lines")
    sheet.write_string(0, 0, manager.title, book.title)
    headers = manager.headers("budget_lines")
    count = manager.random.randint(78, 98)
    rows: list[dict[str, Any]] = []
    for i in range(count):
        budget = manager.random.randint(1, 400) * 250.0
        committed = round(budget * manager.random.random(), 2)
        rows.append(
            {
                "label": f"{manager.value('cost')} {i + 1}",
                "category": manager.value("cost"),
                "nature": manager.value("nature"),
                "year": manager.random.choice((2025, 2026, 2027)),
                "supplier": f"Fournisseur {manager.random.randint(1, 30)}",
                "budget_initial": budget,
                "budget_revised": budget,
                "committed": committed,
                "invoiced": round(committed * 0.8, 2),
                "paid": round(committed * 0.5, 2),
            }
        )
    money = ("budget_initial", "budget_revised", "committed", "invoiced", "paid")
    looks = dict.fromkeys(money, book.money)
    book.write_table(sheet, 3, headers, rows, looks)
    sheet.merge_range(2, 5, 2, 6, "Budget", book.header)
    last = 4 + count
    if manager.random.random() < 0.3:
        broken = manager.random.randrange(count)
        rows[broken]["paid"] = 0.0
        sheet.write_formula(4 + broken, 9, "=#REF!*0.5", book.money, "#REF!")
    sheet.write_string(last, 0, manager.value("total"), book.total)
    for name in money:
        col = list(headers).index(name)
        letter = chr(65 + col)
        total = sum(float(row[name]) for row in rows)
        sheet.write_formula(
            last, col, f"=SUM({letter}5:{letter}{last})", book.total, total
        )
    sheet.autofilter(3, 0, last - 1, len(headers) - 1)


def write_risks(book: Book) -> None:
    """Write about 40 risks, their criticality a coloured formula."""
    manager, sheet = book.manager, book.sheet("risks")
    headers = manager.headers("risks")
    rows: list[dict[str, Any]] = [
        {
            "code": f"R{i + 1}",
            "title": f"{manager.value('risk_title')} {i + 1}",
            "category": manager.value("risk"),
            "probability": manager.random.randint(1, 5),
            "impact": 5 if i == 0 else manager.random.randint(1, 5),
            "mitigation": manager.value("action"),
            "owner": manager.random.choice(manager.people),
            "due_date": manager.day(10, 300),
            "state": manager.value("risk_state"),
        }
        for i in range(manager.random.randint(34, 48))
    ]
    book.write_table(sheet, 0, headers, rows, {"due_date": book.day})
    col = list(headers).index("criticality")
    for i, row in enumerate(rows, start=1):
        score = row["probability"] * row["impact"]
        level = 2 if score >= 15 else 1 if score >= 8 else 0
        sheet.write_formula(i, col, f"=D{i + 1}*E{i + 1}", book.fills[level], score)
    states = WORDS[manager.language]["values"]["risk_state"]
    sheet.data_validation(
        1, col + 4, len(rows), col + 4, {"validate": "list", "source": states}
    )


def write_actions(book: Book) -> None:
    """Write about 110 actions, in an Excel table for some."""
    manager, sheet = book.manager, book.sheet("actions")
    headers = manager.headers("actions")
    states = WORDS[manager.language]["values"]["action_state"]
    rows = []
    for i in range(manager.random.randint(98, 118)):
        raised = manager.day(-200, -5)
        closed = raised + timedelta(days=manager.random.randint(1, 5))
        done = manager.random.random() < 0.5
        rows.append(
            {
                "code": f"A{i + 1}",
                "title": f"{manager.value('action')} {i + 1}",
                "owner": manager.random.choice(manager.people),
                "raised_on": raised,
                "due_date": raised + timedelta(days=manager.random.randint(10, 90)),
                "closed_on": closed if done else None,
                "priority": manager.value("priority"),
                "state": states[2] if done else manager.random.choice(states[:2]),
                "comment": manager.value("note")
                if manager.random.random() < 0.4
                else None,
            }
        )
    looks = dict.fromkeys(("raised_on", "due_date", "closed_on"), book.day)
    book.write_table(sheet, 0, headers, rows, looks)
    if manager.as_table:
        columns = [{"header": text} for text in headers.values()]
        box = (0, 0, len(rows), len(headers) - 1)
        sheet.add_table(*box, {"columns": columns, "name": "TblActions"})


def write_timesheet(book: Book) -> None:
    """Write one row a person, activity and month."""
    manager, sheet = book.manager, book.sheet("workload")
    sheet.write_string(0, 0, manager.title, book.title)
    rows = []
    for month in range(1, 10):
        for person in manager.people:
            for _ in range(2):
                planned = manager.random.randint(1, 12) / 2 + 1
                spent = manager.random.randint(1, 12) / 2
                rows.append(
                    {
                        "person": person,
                        "team": manager.value("team"),
                        "activity": manager.value("milestone"),
                        "time_category": manager.value("time"),
                        "month": date(2026, month, 1),
                        "effort_planned": planned,
                        "effort_spent": spent,
                        "effort_remaining": max(planned - spent, 0.0),
                        "capacity": 20,
                        "comment": manager.value("note")
                        if manager.random.random() < 0.1
                        else None,
                    }
                )
    looks = dict.fromkeys(
        ("effort_planned", "effort_spent", "effort_remaining"), book.number
    )
    looks["month"] = book.month
    book.write_table(sheet, 2, manager.headers("workload"), rows, looks)


def write_months(book: Book) -> None:
    """Write the months across, one row a person and activity."""
    manager, sheet = book.manager, book.sheet("workload")
    sheet.write_string(0, 0, manager.title, book.title)
    headers = manager.headers("workload")
    left = {
        name: headers[name] for name in ("person", "team", "activity", "time_category")
    }
    rows = [
        {
            "person": person,
            "team": manager.value("team"),
            "activity": f"{manager.value('milestone')} {i}",
            "time_category": manager.value("time"),
        }
        for person in manager.people
        for i in range(1, 9)
    ]
    book.write_table(sheet, 3, left, rows, {})
    sheet.merge_range(2, 4, 2, 15, headers["effort_spent"], book.header)
    for month in range(12):
        sheet.write_datetime(3, 4 + month, date(2026, month + 1, 1), book.month)
        for row in range(len(rows)):
            if manager.random.random() < 0.8:
                sheet.write_number(
                    4 + row, 4 + month, manager.random.randint(1, 10) / 2, book.number
                )
    sheet.set_column(4, 15, 8)


def write_lists(book: Book) -> None:
    """Write a hidden sheet of drop-down lists."""
    sheet = book.sheet("lists")
    sheet.hide()
    values = WORDS[book.manager.language]["values"]
    for col, kind in enumerate(("phase", "milestone_state", "action_state", "rag")):
        for row, word in enumerate(values[kind]):
            sheet.write_string(row, col, word)


def make_corpus(
    folder: Path, count: int, seed: int = 1, told: Callable[[int], None] | None = None
) -> list[Path]:
    """Write the workbooks that are not there yet; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(count):
        path = folder / f"TdB_PRJ-{1000 + number}_2026-09.xlsx"
        if not path.exists():
            write_workbook(path, number, seed)
        paths.append(path)
        if told:
            told(number + 1)
    return paths


def main() -> None:
    """Write a corpus where asked."""
    parser = argparse.ArgumentParser(description="Write generated workbooks.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("-n", "--count", type=int, default=130)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    paths = make_corpus(options.folder, options.count, options.seed)
    size = sum(path.stat().st_size for path in paths)
    print(f"{len(paths)} workbooks, {size / 1e6:.1f} MB, in {options.folder}")


if __name__ == "__main__":
    main()
