"""The first sheet: one landscape page a director reads in a minute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from consolidate.model.portfolio import Portfolio
from consolidate.report import format as shown
from consolidate.report.book_facts import AXES, Facts, book_facts
from consolidate.report.sheet_chart import Charts
from consolidate.report.sheet_column import serial
from consolidate.report.sheet_formula import count_formula, sum_formula
from consolidate.report.sheet_style import HEAD, LINE, MUTED, PALE, TONES, Style
from consolidate.report.sheet_table import TableSheet
from consolidate.report.sheet_text import Cleaner
from consolidate.report.sheet_words import BookWords

RIGHT = 14
"""0-based last column of the page; column A is its margin."""

_TILES, _TABLES, _CHARTS, _MONEY, _LISTS = 3, 7, 19, 31, 44
_MOST = 8
_ENDED = ("completed", "cancelled", "archived")


def write_summary(
    book: Workbook,
    sheet: Worksheet,
    portfolio: Portfolio,
    sheets: Sequence[TableSheet],
    style: Style,
    words: BookWords,
) -> None:
    """Write the first page; its counts follow the sheets when these are edited."""
    facts = book_facts(portfolio, words.tr("assistance"))
    by_table = {spec.table: spec for spec in sheets}
    page = _Page(sheet, style, words, by_table.get("projects"))
    page.begin(portfolio)
    page.tiles(_tiles(facts, words))
    states = page.states(facts)
    page.statuses(facts)
    page.milestones(facts)
    page.severities(portfolio)
    page.money(facts)
    page.months(facts)
    page.late(facts)
    page.decisions(facts)
    charts = Charts(book, sheet, words)
    charts.states(_CHARTS, _TABLES + 1, states)
    charts.statuses(_CHARTS, _TABLES + 1, len(TONES) + 1, bool(facts.running))
    charts.milestones(_CHARTS, _TABLES + 1, bool(sum(facts.milestones)))
    if facts.sums:
        charts.money(_MONEY, _MONEY + 1, _scope(facts, words))
    charts.months(_MONEY, len(facts.months))


def _scope(facts: Facts, words: BookWords) -> str:
    first = facts.sums[0]
    return words.tr(f"basis-{first.scope}", year=first.year)


def _tiles(facts: Facts, words: BookWords) -> list[tuple[str, str, str, str]]:
    """Return label, value, note and tone of the figures at the top."""
    lang = words.lang

    def count(key: str, value: int, among: str, whole: int, tone: str = "") -> Any:
        note = words.tr(f"among-{among}", number=shown.number(whole, lang))
        # Of nothing there is nothing to say: not a reassuring zero.
        told = shown.number(value, lang) if whole else "–"
        return words.tr(f"tile-{key}"), told, note, tone if value else ""

    _, overdue, soon, later, _ = facts.milestones
    tiles = [
        count("running", len(facts.running), "projects", len(facts.projects)),
        count("late", len(facts.late), "dated", facts.dated, "red"),
        count("red", facts.red, "rated", facts.rated, "red"),
        count("milestones", overdue, "dated", overdue + soon + later, "red"),
        count("risks", *_pair(facts.risks, "open"), "red"),
    ]
    first = facts.sums[0] if facts.sums else None
    budget = first.sums[0] if first else None
    label = words.tr("tile-budget")
    if first is not None and budget is not None:
        note = f"{_scope(facts, words)} · {first.known[0]}/{facts.everything}"
        tiles.append((label, shown.kilo_euros(budget, lang, 0), note, ""))
    else:
        tiles.append((label, "–", words.tr("missing"), ""))
    run = sum(days[0] for _, days in facts.months)
    both = run + sum(days[1] for _, days in facts.months)
    told = shown.percent(run / both, lang) if both else "–"
    note = words.tr("among-days", number=shown.number(both, lang, 0))
    tiles.append(
        (words.tr("tile-run"), told, note if both else words.tr("missing"), "")
    )
    return tiles


def _pair(risks: tuple[int, int], among: str) -> tuple[int, str, int]:
    return risks[0], among, risks[1]


class _Page:
    """Writes the parts of the page, each at its place."""

    def __init__(
        self,
        sheet: Worksheet,
        style: Style,
        words: BookWords,
        projects: TableSheet | None,
    ) -> None:
        self.sheet = sheet
        self.style = style
        self.words = words
        self.projects = projects
        self.clean = Cleaner().text
        self.label = style.look(bottom=1, bottom_color=LINE)
        self.value = style.number("count", bottom=1, bottom_color=LINE, align="right")
        self.muted = style.look(font_color=MUTED)

    def begin(self, portfolio: Portfolio) -> None:
        sheet, words, lang = self.sheet, self.words, self.words.lang
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.3, right=0.3, top=0.3, bottom=0.4)
        sheet.fit_to_pages(1, 1)
        sheet.print_area(0, 0, _LISTS + _MOST + 2, RIGHT)
        sheet.set_column(0, 0, 1.5)
        sheet.center_horizontally()
        sheet.set_column(1, RIGHT, 15)
        sheet.set_column(6, 6, 16)
        sheet.set_column(13, 13, 20)
        title = words.tr("title", month=shown.month(portfolio.period, lang))
        look = self.style.look(bold=True, font_size=20, font_color=HEAD)
        sheet.set_row(0, 28)
        sheet.write_string(0, 1, title, look)
        records = sum(len(frame) for frame in portfolio.tables.values())
        subtitle = words.tr(
            "subtitle",
            day=shown.day(portfolio.as_of, lang),
            workbooks=words.plural("books", len(portfolio.workbooks)),
            records=words.plural("records", records),
        )
        sheet.write_string(1, 1, subtitle, self.muted)

    def tiles(self, tiles: Sequence[tuple[str, str, str, str]]) -> None:
        sheet, look = self.sheet, self.style.look
        sheet.set_row(_TILES, 26)
        sheet.set_row(_TILES + 1, 30)
        sheet.set_row(_TILES + 2, 24)
        for k, (label, value, note, tone) in enumerate(tiles):
            left, right = 1 + 2 * k, 2 + 2 * k
            fill, ink = TONES[tone] if tone else (PALE, HEAD)
            edge = {"bg_color": fill, "align": "center", "text_wrap": True}
            edge |= {"left": 2, "right": 2, "left_color": "#FFFFFF"}
            edge |= {"right_color": "#FFFFFF"}
            rows = (
                (label, look(**edge, bold=True, valign="vcenter", font_color=ink)),
                (value, look(**edge, font_size=18, bold=True, font_color=ink)),
                (note, look(**edge, font_size=8, valign="top", font_color=MUTED)),
            )
            for n, (text, cell) in enumerate(rows):
                sheet.merge_range(_TILES + n, left, _TILES + n, right, text, cell)

    def states(self, facts: Facts) -> int:
        """Write projects by state; return how many rows there are."""
        vocabulary = self.words.schemas.vocabularies["project_state"]
        counts = _counts(p["state"] for p in facts.projects)
        codes = [c for c in (*vocabulary.codes, "") if counts.get(c)]
        self._section(_TABLES, 1, 4, self.words.tr("by-state"))
        for k, code in enumerate(codes):
            row = _TABLES + 1 + k
            label = self.words.code("project_state", code) if code else None
            text = label or self.words.tr("missing")
            self.sheet.merge_range(row, 1, row, 3, text, self.label)
            tests = {"state": label, **self._not_mco()}
            self._count(row, 4, tests, counts[code])
        return len(codes)

    def statuses(self, facts: Facts) -> None:
        words, top = self.words, _TABLES + 1
        self._section(_TABLES, 6, 11, words.tr("by-status"))
        head = self.style.look(bold=True, align="right", font_color=MUTED)
        for k, axis in enumerate(AXES):
            self.sheet.write_string(top, 7 + k, words.tr(f"axis-{axis}"), head)
        for n, code in enumerate((*TONES, "")):
            row = top + 1 + n
            if code:
                fill, ink = TONES[code]
                look = self.style.look(bg_color=fill, font_color=ink, bold=True)
                self.sheet.write_string(row, 6, words.rag(code), look)
            else:
                look = self.style.look(font_color=MUTED, text_wrap=False, font_size=8)
                self.sheet.write_string(row, 6, words.tr("missing"), look)
            for k, axis in enumerate(AXES):
                count = sum((p[axis] or "") == code for p in facts.running)
                tests = {axis: words.rag(code) if code else None}
                tests |= {**self._not_ended(), **self._not_mco()}
                self._count(row, 7 + k, tests, count)

    def milestones(self, facts: Facts) -> None:
        self._section(_TABLES, 13, 14, self.words.tr("milestone-states"))
        keys = ("done", "overdue", "next90", "later", "undated")
        for k, (key, count) in enumerate(zip(keys, facts.milestones, strict=True)):
            row = _TABLES + 1 + k
            self.sheet.write_string(row, 13, self.words.tr(key), self.label)
            self.sheet.write_number(row, 14, count, self.value)

    def severities(self, portfolio: Portfolio) -> None:
        top = _TABLES + 7
        counts = portfolio.findings["severity"].value_counts().to_dict()
        self._section(top, 13, 14, self.words.tr("quality"))
        for k, severity in enumerate(("error", "warning", "info")):
            label = self.words.tr(f"severity-{severity}")
            self.sheet.write_string(top + 1 + k, 13, label, self.label)
            count = int(counts.get(severity, 0))
            self.sheet.write_number(top + 1 + k, 14, count, self.value)

    def money(self, facts: Facts) -> None:
        words, top = self.words, _MONEY
        self._section(top, 1, 6, words.tr("money"))
        head = self.style.look(bold=True, align="right", font_color=MUTED)
        keys = ("budget", "committed", "spent", "landing")
        for k, key in enumerate(keys):
            self.sheet.write_string(top + 1, 3 + k, words.tr(key), head)
        self.sheet.write_string(top + 1, 1, words.tr("basis"), self.muted)
        amount = self.style.number("kilo", align="right", bold=True)
        small = self.style.look(align="right", font_size=8, font_color=MUTED)
        row = top + 2
        for found in facts.sums[:4]:
            label = words.tr(f"basis-{found.scope}", year=found.year)
            self.sheet.merge_range(row, 1, row, 2, label, self.style.look(bold=True))
            for k, (value, known) in enumerate(
                zip(found.sums, found.known, strict=True)
            ):
                if value is not None:
                    formula = sum_formula(self.projects, keys[k], found, words)
                    self._formula(row, 3 + k, formula, value, amount)
                among = f"{known}/{facts.everything}"
                self.sheet.write_string(row + 1, 3 + k, among, small)
            note = words.tr("denominator")
            self.sheet.write_string(row + 1, 1, note, self.style.look(font_size=8, font_color=MUTED))  # fmt: skip
            row += 2
        if facts.unknown:
            number = shown.number(facts.unknown, words.lang)
            text = words.tr("basis-unknown", number=number)
            self.sheet.write_string(row, 1, text, self.muted)

    def months(self, facts: Facts) -> None:
        """Write the months beside the page, where their chart finds them."""
        words, left = self.words, RIGHT + 2
        if not facts.months:
            return
        self._section(_MONEY, left, left + 3, words.tr("months"))
        kinds = ("run", "build", "other")
        for k, kind in enumerate(kinds):
            label = words.code("run_build", kind)
            self.sheet.write_string(_MONEY + 1, left + 1 + k, label, self.muted)
        days = self.style.number("count", align="right")
        for n, (month, spent) in enumerate(facts.months):
            row = _MONEY + 2 + n
            text = shown.month(month, words.lang, short=True)
            self.sheet.write_string(row, left, text, self.label)
            for k, value in enumerate(spent):
                self.sheet.write_number(row, left + 1 + k, value, days)

    def late(self, facts: Facts) -> None:
        words, sheet, top = self.words, self.sheet, _LISTS
        self._section(top, 1, 7, words.tr("late"))
        if not facts.late:
            sheet.write_string(top + 1, 1, words.tr("late-none"), self.muted)
        when = self.style.number("date", align="right", bottom=1, bottom_color=LINE)
        days = self.style.number(
            "count",
            align="right",
            bold=True,
            bottom=1,
            bottom_color=LINE,
        )
        for k, project in enumerate(facts.late[:_MOST]):
            row = top + 1 + k
            sheet.write_string(row, 1, self.clean(project.code), self.label)
            sheet.merge_range(row, 2, row, 5, self.clean(project.name), self.label)
            end = serial(project.end)
            if isinstance(end, int):
                sheet.write_number(row, 6, end, when)
            told = shown.days(project.days, words.lang)
            sheet.write_string(row, 7, told, days)
        more = len(facts.late) - _MOST
        if more > 0:
            row = top + 1 + _MOST
            sheet.write_string(row, 1, words.plural("late-more", more), self.muted)

    def decisions(self, facts: Facts) -> None:
        words, sheet, top = self.words, self.sheet, _LISTS
        self._section(top, 9, RIGHT, words.tr("decide"))
        if not facts.asks:
            sheet.write_string(top + 1, 9, words.tr("decide-none"), self.muted)
        for k, (code, text) in enumerate(facts.asks[:_MOST]):
            row = top + 1 + k
            sheet.write_string(row, 9, self.clean(code), self.label)
            told = self.clean(" ".join(text.split())[:120])
            sheet.merge_range(row, 10, row, RIGHT, told, self.label)

    def _section(self, row: int, left: int, right: int, label: str) -> None:
        look = self.style.look(
            bold=True, font_size=10, font_color=HEAD, bottom=2, bottom_color=HEAD
        )
        self.sheet.write_string(row, left, label, look)
        for k in range(left + 1, right + 1):
            self.sheet.write_blank(row, k, None, look)

    def _count(
        self, row: int, col: int, tests: Mapping[str, str | None], value: int
    ) -> None:
        self._formula(row, col, count_formula(self.projects, tests), value, self.value)

    def _formula(
        self, row: int, col: int, formula: str | None, value: float, look: Format
    ) -> None:
        if formula is None:
            self.sheet.write_number(row, col, value, look)
        else:
            self.sheet.write_formula(row, col, formula, look, value)

    def _not_mco(self) -> dict[str, str]:
        return {"kind": f"<>{self.words.code('project_kind', 'mco')}"}

    def _not_ended(self) -> dict[str, str]:
        # Several tests of one column: told apart by blanks behind its name.
        labels = [self.words.code("project_state", code) for code in _ENDED]
        return {f"state{' ' * k}": f"<>{label}" for k, label in enumerate(labels)}


def _counts(codes: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for code in codes:
        found[code or ""] = found.get(code or "", 0) + 1
    return found
