"""The first sheet: one landscape page a director reads in a minute.

What it counts follows the tables: their edits, and the filters set on projects,
milestones and risks. What charts are drawn from stands beside the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from consolidate.model.portfolio import Portfolio
from consolidate.report import format as shown
from consolidate.report.book_facts import AXES, MONEY, Facts, book_facts
from consolidate.report.format import CellKind, cell_format
from consolidate.report.sheet_chart import Charts
from consolidate.report.sheet_column import serial
from consolidate.report.sheet_derived import AS_OF
from consolidate.report.sheet_formula import criterion, exclusion, quoted
from consolidate.report.sheet_lists import (
    MOST,
    decisions,
    largest_data,
    largest_title,
    late,
    money,
)
from consolidate.report.sheet_page import DATA, LEFT, RIGHT, Page
from consolidate.report.sheet_style import HEAD, MUTED, PALE, TONES, Style
from consolidate.report.sheet_table import TableSheet
from consolidate.report.sheet_words import BookWords

_TILES, _BAND, _MONEY, _LISTS = 3, 8, 19, 31
_MONEY_ROWS = 11
_FOOT = _LISTS + MOST + 3
_DATA_ROWS = {"statuses": 8, "milestones": 16, "largest": 20, "months": 42}


def write_summary(
    book: Workbook,
    sheet: Worksheet,
    portfolio: Portfolio,
    sheets: Sequence[TableSheet],
    style: Style,
    words: BookWords,
) -> None:
    """Write the first page."""
    facts = book_facts(portfolio, words.tr("assistance"))
    headers = {s.table: {c.name: c.header for c in s.columns} for s in sheets}
    ranks = {
        c.name: c.cells for s in sheets if s.table == "projects" for c in s.columns
    }
    page = Page(sheet, style, words, headers, ranks)
    _begin(book, page, portfolio)
    for k, tile in enumerate(_tiles(page, facts)):
        _write_tile(page, LEFT + 2 * k, tile)
    charts = Charts(book, sheet, words)
    _states(page, facts, charts)
    _statuses(page, facts, charts)
    _milestones(page, facts, charts)
    largest_data(page, facts, _DATA_ROWS["largest"] + 1)
    money(page, facts, _MONEY, _MONEY_ROWS, _DATA_ROWS["largest"] + 1)
    _largest(page, facts, charts)
    _months(page, facts, charts)
    late(page, facts, _LISTS)
    decisions(page, facts, _LISTS)
    _foot(page, portfolio)


def _begin(book: Workbook, page: Page, portfolio: Portfolio) -> None:
    """Set the page up, and write its title, its day and whether a filter is on."""
    sheet, words = page.sheet, page.words
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.35, right=0.35, top=0.35, bottom=0.35)
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()
    sheet.print_area(0, 0, _FOOT + 1, RIGHT)
    sheet.set_tab_color(HEAD)
    sheet.set_column(0, 0, 1.5)
    sheet.set_column(LEFT, RIGHT, 14)
    sheet.set_column(RIGHT + 1, DATA - 1, 4)
    sheet.set_column(DATA, DATA + 12, 14)
    heights = {0: 28, 2: 6, 7: 8, _MONEY - 1: 8, _LISTS - 1: 8, _FOOT - 1: 6}
    for row in range(_FOOT + 2):
        sheet.set_row(row, heights.get(row, 15))
    title = words.tr("title", month=shown.month(portfolio.period, words.lang))
    big = page.style.look(bold=True, font_size=20, font_color=HEAD)
    page.text(0, LEFT, title, big)
    aside = page.style.look(align="right", font_size=8, font_color=MUTED)
    page.text(0, RIGHT, words.tr(f"copy-{portfolio.audience}"), aside)
    day = serial(portfolio.as_of)
    assert isinstance(day, int)
    # The language of a format comes first in it.
    locale, _, told = cell_format("date", words.lang).rpartition("]")
    code = f'{locale}{"]" if locale else ""}"{words.tr("as-of")} "{told}'
    look = page.style.look(num_format=code, align="left", font_color=MUTED)
    page.wide(1, LEFT, LEFT + 1, look)
    sheet.write_number(1, LEFT, day, look)
    name = sheet.get_name().replace("'", "''")
    book.define_name(AS_OF, f"='{name}'!{xl_rowcol_to_cell(1, LEFT, True, True)}")
    records = sum(len(frame) for frame in portfolio.tables.values())
    counts = words.plural("books", len(portfolio.workbooks))
    page.text(1, LEFT + 2, f"{counts} · {words.plural('records', records)}", page.muted)
    seen, rows = "SUM({projects.visible})", "ROWS({projects.visible})"
    before, between, after = words.tr("filtered", seen="\0", rows="\0").split("\0")
    parts = f"{quoted(before)}&{seen}&{quoted(between)}&{rows}&{quoted(after)}"
    alert = page.style.look(bold=True, font_color=TONES["red"][1], align="right")
    page.figure(1, RIGHT, f'IF({seen}<{rows},{parts},"")', "", alert)


@dataclass(frozen=True, slots=True)
class _Tile:
    """A figure at the top: what it is, what of, and whether more of it is bad.

    Attributes:
        label: What is counted.
        count, among: Templates and results of the figure, and of what it is part of.
        key: Words of ``among``, by count.
        bad: Whether a figure above zero is marked.
        kind: How the figure is shown.
        more, more_format: A second note.
    """

    label: str
    count: tuple[str, float]
    among: tuple[str, float]
    key: str
    bad: bool = True
    kind: CellKind = "count"
    more: tuple[str, float] | None = None


def _tiles(page: Page, facts: Facts) -> list[_Tile]:
    words = page.words

    def running(*tests: str) -> str:
        return f"COUNTIFS({','.join(('{projects.running},1', *tests))})"

    dates = [n for n in ("end_baseline", "end_forecast") if page.has("projects", n)]
    dated = running('{projects.end_baseline},">0"')
    if len(dates) == 2:
        dated += "+" + running('{projects.end_baseline},"="', '{projects.end_forecast},">0"')  # fmt: skip
    elif dates:
        dated = running(f'{{projects.{dates[0]}}},">0"')
    grey = exclusion(words.rag("grey"))
    rated = running('{projects.status},"<>"', f"{{projects.status}},{grey}")
    red = running(f"{{projects.status}},{criterion(words.rag('red'))}")
    is_late = running('{projects.late},">0"')
    worst = max((p.days for p in facts.late), default=0)
    _, overdue, soon, later, _ = facts.milestones

    def due(*keys: str) -> str:
        parts = (
            f"COUNTIFS({{milestones.counted}},1,{{milestones.due}},"
            f"{criterion(words.tr(key))})"
            for key in keys
        )
        return "+".join(parts)

    critical = 'COUNTIFS({risks.counted},1,{risks.criticality},">=15")'
    rated_risks = 'COUNTIFS({risks.counted},1,{risks.criticality},">0")'
    run = sum(days[0] for _, days in facts.months)
    both = run + sum(days[1] for _, days in facts.months)
    runs, builds = (_month_sum(facts, k) for k in (0, 1))
    return [
        _Tile(
            "running",
            (running(), len(facts.running)),
            ("SUM({projects.counted})", len(facts.projects)),
            "among-projects",
            bad=False,
        ),
        _Tile("red", (red, facts.red), (rated, facts.rated), "among-rated"),
        _Tile(
            "late",
            (is_late, len(facts.late)),
            (dated, facts.dated),
            "among-dated",
            more=("IFERROR(INT(MAX({projects.late_rank})),0)", worst),
        ),
        _Tile(
            "milestones",
            (due("overdue"), overdue),
            (due("overdue", "next90", "later"), overdue + soon + later),
            "among-open-milestones",
        ),
        _Tile("risks", (critical, facts.risks[0]), (rated_risks, facts.risks[1]), "among-open"),
        _Tile(
            "run",
            (f"{runs}/({runs}+{builds})", run / both if both else 0),
            (f"{runs}+{builds}", both),
            "among-days",
            bad=False,
            kind="share",
        ),
    ]  # fmt: skip


def _month_sum(facts: Facts, k: int) -> str:
    if not facts.months:
        return "0"
    top, col = _DATA_ROWS["months"] + 2, xl_col_to_name(DATA + 1 + k)
    return f"SUM(${col}${top + 1}:${col}${top + len(facts.months)})"


def _write_tile(page: Page, left: int, tile: _Tile) -> None:
    """Write a figure over two columns; of nothing there is nothing to say: a dash."""
    sheet, look = page.sheet, page.style.look
    edge: dict[str, object] = {"bg_color": PALE, "align": "center"}
    edge |= {"left": 5, "right": 5, "left_color": "#FFFFFF", "right_color": "#FFFFFF"}
    label = look(**edge, bold=True, valign="vcenter", font_color=HEAD)
    value = page.style.number(tile.kind, **edge, font_size=20, bold=True, font_color=HEAD)  # fmt: skip
    note = page.counted(tile.key, **edge, font_size=8, font_color=MUTED)
    (count, counted), (among, whole) = tile.count, tile.among
    sheet.set_row(_TILES, 18)
    sheet.set_row(_TILES + 1, 28)
    for n, cell in enumerate((label, value, note, note)):
        page.wide(_TILES + n, left, left + 1, cell)
    page.text(_TILES, left, page.words.tr(f"tile-{tile.label}"), label)
    told = f'IF({among}=0,"–",{count})'
    page.figure(_TILES + 1, left, told, counted if whole else "–", value)
    page.figure(_TILES + 2, left, among, whole, note)
    if tile.more is not None:
        template, worst = tile.more
        unit = page.words.tr("worst-late", days="\0").split("\0")
        code = f'"{unit[0]}"#,##0"{unit[1]}";;'
        look_ = look(**edge, font_size=8, font_color=MUTED, num_format=code)
        page.figure(_TILES + 3, left, template, worst, look_)
    if tile.bad:
        at = xl_rowcol_to_cell(_TILES + 1, left, row_abs=True, col_abs=True)
        options = {
            "type": "formula",
            "criteria": f"=AND(ISNUMBER({at}),{at}>0)",
            "format": page.style.ink("red"),
        }
        sheet.conditional_format(_TILES, left, _TILES + 3, left + 1, options)


def _states(page: Page, facts: Facts, charts: Charts) -> None:
    vocabulary = page.words.schemas.vocabularies["project_state"]
    counts: dict[str, int] = {}
    for project in facts.projects:
        code = project["state"] or ""
        counts[code] = counts.get(code, 0) + 1
    codes = [c for c in (*vocabulary.codes, "") if counts.get(c)]
    page.section(_BAND, LEFT, LEFT + 3, page.words.tr("by-state"))
    page.text(0, DATA, page.words.tr("chart-data"), page.muted)
    for k, code in enumerate(codes):
        label = page.words.code("project_state", code) if code else ""
        page.text(1 + k, DATA + 10, label or page.words.tr("missing"), page.muted)
        test = criterion(label) if label else '"="'
        told = f"COUNTIFS({{projects.counted}},1,{{projects.state}},{test})"
        page.figure(1 + k, DATA + 11, told, counts[code], page.count)
    charts.states(_BAND + 1, LEFT, 1, len(codes))


def _statuses(page: Page, facts: Facts, charts: Charts) -> None:
    """Count colours by axis; an axis nobody rates is named, not drawn all grey."""
    words, top = page.words, 0
    left = LEFT + 4
    page.section(_BAND, left, left + 3, words.tr("by-status"))
    axes = [a for a in AXES if any(p[a] for p in facts.running)]
    for k, axis in enumerate(axes):
        page.text(top + 1, DATA + 1 + k, words.tr(f"axis-{axis}"), page.head)
    for n, code in enumerate((*TONES, "")):
        label = words.rag(code) if code else words.tr("missing")
        page.text(top + 2 + n, DATA, label, page.muted)
        test = criterion(label) if code else '"="'
        for k, axis in enumerate(axes):
            count = sum((p[axis] or "") == code for p in facts.running)
            told = f"COUNTIFS({{projects.running}},1,{{projects.{axis}}},{test})"
            page.figure(top + 2 + n, DATA + 1 + k, told, count, page.count)
    without = [words.tr(f"axis-{a}") for a in AXES if a not in axes]
    is_told = bool(facts.running and without)
    if is_told:
        told = words.tr("axes-missing", axes=", ".join(without))
        page.text(_BAND + 1, left, told, page.small)
    charts.statuses(_BAND + 1 + is_told, left, top + 1, len(axes))


def _milestones(page: Page, facts: Facts, charts: Charts) -> None:
    words, top, left = page.words, _DATA_ROWS["milestones"] - 6, LEFT + 8
    page.section(_BAND, left, RIGHT, words.tr("milestone-states"))
    keys = ("done", "overdue", "next90", "later", "undated")
    for k, (key, count) in enumerate(zip(keys, facts.milestones, strict=True)):
        label = words.tr(key)
        page.text(top + k, DATA, label, page.muted)
        test = f"{{milestones.counted}},1,{{milestones.due}},{criterion(label)}"
        page.figure(top + k, DATA + 1, f"COUNTIFS({test})", count, page.count)
    if sum(facts.milestones):
        charts.milestones(_BAND + 1, left, top)
    else:
        page.text(_BAND + 1, left, words.tr("milestones-none"), page.muted)


def _largest(page: Page, facts: Facts, charts: Charts) -> None:
    left, top = LEFT + 6, _DATA_ROWS["largest"]
    if not facts.largest:
        page.section(_MONEY, left, left + 2, page.words.tr("largest-budgets"))
        page.text(_MONEY + 1, left, page.words.tr("money-none"), page.muted)
        return
    title = largest_title(page, facts)
    page.section(_MONEY, left, left + 2, title)
    for k, key in enumerate(MONEY):
        page.text(top, DATA + 1 + k, page.words.tr(key), page.head)
    shown_ = [
        k for k in range(len(MONEY)) if any(x.amounts[k] is not None for x in facts.largest)
    ]  # fmt: skip
    charts.largest(_MONEY + 1, left, top, len(facts.largest), shown_)


def _months(page: Page, facts: Facts, charts: Charts) -> None:
    """Write the days of each month beside the page, where their chart finds them."""
    words, top, left = page.words, _DATA_ROWS["months"], LEFT + 9
    page.section(_MONEY, left, RIGHT, words.tr("months"))
    if not facts.months:
        page.text(_MONEY + 1, left, words.tr("months-none"), page.muted)
        return
    kinds = ("run", "build", "other")
    labels = [words.code("run_build", kind) for kind in kinds]
    for k, label in enumerate(labels):
        page.text(top + 1, DATA + 1 + k, label, page.head)
    days = page.style.number("count", align="right")
    month = page.style.number("month", align="left", font_color=MUTED)
    for n, (period, spent) in enumerate(facts.months):
        row = top + 2 + n
        page.sheet.write_number(row, DATA, _first_day(period), month)
        at = f"${xl_col_to_name(DATA)}{row + 1}"
        for k, (label, value) in enumerate(zip(labels, spent, strict=True)):
            test = f"{{workload.month}},{at},{{workload.category}},{criterion(label)}"
            told = f"SUMIFS({{workload.effort_spent}},{test})"
            page.figure(row, DATA + 1 + k, told, value, days)
    drawn = [k for k in range(3) if any(spent[k] for _, spent in facts.months)]
    charts.months(_MONEY + 1, left, top + 1, len(facts.months), drawn)


def _first_day(period: str) -> int:
    """Return the first day of a month ``YYYY-MM`` as Excel counts it."""
    day = serial(date.fromisoformat(f"{period}-01"))
    assert isinstance(day, int)
    return day


def _foot(page: Page, portfolio: Portfolio) -> None:
    """Say how far the page can be trusted, and what its figures follow."""
    words = page.words
    counts = portfolio.findings["severity"].value_counts().to_dict()
    told = [
        _pair(words, f"severity-{s}", int(counts.get(s, 0)))
        for s in ("error", "warning", "info")
    ]
    states = portfolio.workbooks["state"].value_counts().to_dict()
    books = [_pair(words, f"state-{s}", int(n)) for s, n in states.items()]
    quality = f"{words.tr('quality')} – {' · '.join(told)}"
    received = f"{words.sheet('workbooks')} – {' · '.join(books)}"
    page.text(_FOOT, LEFT, f"{quality}    {received}", page.small)
    page.text(_FOOT + 1, LEFT, words.tr("follows"), page.small)


def _pair(words: BookWords, key: str, count: int) -> str:
    number = shown.number(count, words.lang)
    return words.tr("pair", label=words.tr(key), number=number)
