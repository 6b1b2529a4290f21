"""Lists of the first page: the largest budgets, what is late, what is to be decided."""

from __future__ import annotations

from xlsxwriter.utility import xl_col_to_name

from consolidate.report.book_facts import MONEY, Facts, Sum
from consolidate.report.sheet_column import serial
from consolidate.report.sheet_formula import quoted
from consolidate.report.sheet_page import DATA, LEFT, RIGHT, Page
from consolidate.report.sheet_style import LINE, MUTED

MOST = 8
"""Rows of a list."""

_LENGTH = 110
_LINE = {"bottom": 1, "bottom_color": LINE}
_LATE_RIGHT = LEFT + 5
_MONEY_RIGHT = LEFT + 5
_ASK_LEFT = LEFT + 7
_KNOWN = '">-1E+300"'  # counts numbers, and no empty text of a formula


def scope_label(page: Page, found: Sum) -> str:
    """Return what amounts are of, as the projects' sheet says it."""
    if found.scope == "unknown":
        return page.words.tr("basis-none")
    if found.scope == "year":
        return page.words.tr("basis-year", year=found.year)
    return page.words.code("amount_scope", found.scope)


def money(page: Page, facts: Facts, top: int, rows: int, data: int) -> None:
    """Write the amounts by scope, each with how many projects give it.

    Args:
        page: Where.
        facts: What.
        top: 0-based row of the heading.
        rows: How many there are, the heading counted.
        data: Row beside the page where the largest budgets begin.
    """
    words = page.words
    page.section(top, LEFT, _MONEY_RIGHT, words.tr("money"))
    page.text(top + 1, LEFT, words.tr("basis"), page.muted)
    for k, key in enumerate(MONEY):
        page.text(top + 1, LEFT + 2 + k, words.tr(key), page.head)
    row = top + 2
    for found in [s for s in facts.sums if s.scope != "unknown"][:3]:
        _sums(page, row, found, facts.everything)
        row += 2
    unknown = next((s for s in facts.sums if s.scope == "unknown"), None)
    if unknown is not None:
        _unknown(page, row, unknown)
        row += 2
    if not facts.sums:
        page.text(row, LEFT, words.tr("money-none"), page.muted)
        return
    _largest(page, facts, row, top + rows - row, data)


def _sums(page: Page, row: int, found: Sum, everything: int) -> None:
    label = scope_label(page, found)
    bold = page.style.look(bold=True)
    small = page.style.look(align="right", font_size=8, font_color=MUTED)
    page.text(row, LEFT, label, bold)
    page.text(row + 1, LEFT, page.words.tr("denominator"), page.small)
    test = f"{{projects.basis}},{quoted(label)},{{projects.visible}},1"
    amount = page.style.number("kilo", align="right", bold=True)
    for k, (name, value, known) in enumerate(
        zip(MONEY, found.sums, found.known, strict=True)
    ):
        given = f"COUNTIFS({test},{{projects.{name}}},{_KNOWN})"
        told = f'IF({given}=0,"–",SUMIFS({{projects.{name}}},{test}))'
        page.figure(row, LEFT + 2 + k, told, "–" if value is None else value, amount)
        among = f'{given}&" / "&SUM({{projects.visible}})'
        page.figure(row + 1, LEFT + 2 + k, among, f"{known} / {everything}", small)


def _unknown(page: Page, row: int, found: Sum) -> None:
    """Say how many amounts are of a scope that is not told; they are not added."""
    label = scope_label(page, found)
    page.text(row, LEFT, label, page.style.look(bold=True))
    page.text(row + 1, LEFT, page.words.tr("not-summed"), page.small)
    look = page.counted("projects", align="right", font_color=MUTED)
    test = f"{{projects.basis}},{quoted(label)},{{projects.visible}},1"
    for k, (name, known) in enumerate(zip(MONEY, found.known, strict=True)):
        told = f"COUNTIFS({test},{{projects.{name}}},{_KNOWN})"
        page.figure(row, LEFT + 2 + k, told, known, look)


def largest_title(page: Page, facts: Facts) -> str:
    """Return what the largest budgets are called: of which scope they are."""
    found = facts.sums[0]
    key = "largest-unknown" if found.scope == "unknown" else "largest"
    return page.words.tr(key, scope=scope_label(page, found))


def largest_data(page: Page, facts: Facts, top: int) -> None:
    """Write the largest budgets beside the page: name and amounts, a row each."""
    amount = page.style.number("kilo", align="right")
    for k, large in enumerate(facts.largest):
        rank = "{projects.budget_rank}"
        at = f"MATCH(LARGE({rank},{k + 1}),{rank},0)"
        told = f'IFERROR(INDEX({{projects.name}},{at})&"","")'
        page.figure(top + k, DATA, told, large.name, page.muted)
        for n, (name, value) in enumerate(zip(MONEY, large.amounts, strict=True)):
            cell = f"INDEX({{projects.{name}}},{at})"
            told = f'IFERROR(IF({cell}="","–",{cell}),"")'
            given = "–" if value is None else value
            page.figure(top + k, DATA + 1 + n, told, given, amount)


def _largest(page: Page, facts: Facts, row: int, room: int, data: int) -> None:
    """Write the largest budgets below the sums, as far as there is room."""
    if room < 2 or not facts.largest:
        return
    title = largest_title(page, facts)
    line = {"bottom": 1, "bottom_color": LINE}
    look = page.style.look(bold=True, font_color=MUTED, **line)
    page.text(row, LEFT, title, look)
    for col in range(LEFT + 1, _MONEY_RIGHT + 1):
        page.sheet.write_blank(row, col, None, look)
    amount = page.style.number("kilo", align="right", **line)
    name = page.style.look(shrink=True, **line)
    for k, large in enumerate(facts.largest[: room - 1]):
        cells = (large.name, *("–" if v is None else v for v in large.amounts))
        for n, value in enumerate(cells):
            told = f"{xl_col_to_name(DATA + n)}{data + k + 1}"
            if not n:
                page.wide(row + 1 + k, LEFT, LEFT + 1, name)
            look = amount if n else name
            page.figure(row + 1 + k, LEFT + n + (n > 0), told, value, look)


def late(page: Page, facts: Facts, top: int) -> None:
    """Write the latest projects, the worst first, and how many more there are."""
    words, left = page.words, LEFT
    page.section(top, left, _LATE_RIGHT, words.tr("late"))
    days_format = f'+#,##0" {words.tr("day-unit")}"'
    none = "" if facts.late else words.tr("late-none")
    for k in range(MOST):
        row, project = top + 1 + k, facts.late[k] if k < len(facts.late) else None
        empty = none if k == 0 else ""
        line = _LINE if project or empty else {}
        label = page.style.look(shrink=True, **line)
        when = page.style.number("date", align="right", **line)
        days = page.style.look(num_format=days_format, align="right", bold=True, **line)
        page.wide(row, left + 1, left + 3, label)
        if not page.has("projects", "late_rank"):
            page.text(row, left + 1, empty, label)
            continue
        at = _position(page, row, "LARGE", "late_rank", k)
        end = serial(project.end) if project else ""
        code, name = (project.code, project.name) if project else ("", empty)
        page.figure(row, left, _at(at, "project_code"), code, label)
        page.figure(row, left + 1, _at(at, "name", empty), name, label)
        page.figure(row, left + 4, f'IF({at}="","",{_end(page, at)})', end, when)
        told = f'IF({at}="","",INDEX({{projects.late}},{at}))'
        page.figure(row, left + 5, told, project.days if project else "", days)
    _more(page, (top + 1 + MOST, left), "late_rank", len(facts.late))


def _more(page: Page, place: tuple[int, int], column: str, count: int) -> None:
    """Say how many more a list would have."""
    left_over = f"COUNT({{projects.{column}}})-{MOST}"
    texts = [
        page.words.tr(f"more-{n}", number="\0").split("\0") for n in ("one", "many")
    ]
    one, many = (
        f"{quoted(before)}&{left_over}&{quoted(after)}" for before, after in texts
    )
    told = f'IF({left_over}<1,"",IF({left_over}=1,{one},{many}))'
    value = page.words.plural("more", count - MOST) if count > MOST else ""
    page.figure(*place, told, value, page.small)


def _end(page: Page, at: str) -> str:
    """Return a formula for the last announced end of a project."""
    names = [n for n in ("end_forecast", "end_baseline") if page.has("projects", n)]
    told = f"INDEX({{projects.{names[-1]}}},{at})" if names else '""'
    if len(names) == 2:
        first = f"INDEX({{projects.{names[0]}}},{at})"
        told = f"IF(ISNUMBER({first}),{first},{told})"
    return told


def decisions(page: Page, facts: Facts, top: int) -> None:
    """Write what projects ask for, the highest priority first."""
    words, left = page.words, _ASK_LEFT
    page.section(top, left, RIGHT, words.tr("decide"))
    none = "" if facts.asks else words.tr("decide-none")
    for k in range(MOST):
        row, ask = top + 1 + k, facts.asks[k] if k < len(facts.asks) else None
        empty = none if k == 0 else ""
        label = page.style.look(**(_LINE if ask or empty else {}))
        page.wide(row, left + 1, RIGHT, label)
        if not page.has("projects", "ask_rank"):
            page.text(row, left + 1, empty, label)
            continue
        at = _position(page, row, "SMALL", "ask_rank", k, 1)
        code, text = ask or ("", empty)
        page.figure(row, left, _at(at, "project_code"), code, label)
        told = f'IF({at}="",{quoted(empty)},{_asked(page, at)})'
        page.figure(row, left + 1, told, _brief(text), label)
    _more(page, (top + 1 + MOST, left), "ask_rank", len(facts.asks))


def _asked(page: Page, at: str) -> str:
    """Return a formula for what a project asks, on one line; help when it does not say."""
    assisted = quoted(page.words.tr("assistance"))
    if not page.has("projects", "decisions"):
        return assisted
    cell = f"INDEX({{projects.decisions}},{at})"
    flat = f'LEFT(SUBSTITUTE({cell},CHAR(10)," "),{_LENGTH})'
    return f'IF({cell}="",{assisted},{flat})'


def _brief(text: str) -> str:
    return text.replace("\n", " ")[:_LENGTH]


def _position(
    page: Page, row: int, ranked: str, column: str, k: int, aside: int = 0
) -> str:
    """Write beside the page which row of the projects comes k-th; return its cell."""
    if not page.has("projects", column):
        return '""'
    rank = f"{{projects.{column}}}"
    told = f'IFERROR(MATCH({ranked}({rank},{k + 1}),{rank},0),"")'
    col = DATA + aside
    page.figure(row, col, told, _found(page, column, ranked, k), page.muted)
    return f"${xl_col_to_name(col)}${row + 1}"


def _found(page: Page, column: str, ranked: str, k: int) -> int | str:
    """Return which row of the projects comes k-th, from 1; empty when none does."""
    cells = page.ranks.get(column, ())
    known = [(c, n) for n, c in enumerate(cells, start=1) if isinstance(c, int | float)]
    known.sort(reverse=ranked == "LARGE")
    return known[k][1] if k < len(known) else ""


def _at(at: str, column: str, empty: str = "") -> str:
    return f'IF({at}="",{quoted(empty)},INDEX({{projects.{column}}},{at})&"")'
