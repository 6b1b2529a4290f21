"""Which sheets the workbook has, in the order a PMO reads them, and their columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from consolidate.model.portfolio import Portfolio
from consolidate.model.schema import TableSpec
from consolidate.report import format as shown
from consolidate.report.csv_text import values
from consolidate.report.sheet_alert import alert_columns
from consolidate.report.sheet_column import SheetColumn, table_columns, with_headers
from consolidate.report.sheet_derived import derived
from consolidate.report.sheet_formula import row_formula, shared_formula
from consolidate.report.sheet_lineage import LineageSheet, lineage_sheet
from consolidate.report.sheet_load import shown_load
from consolidate.report.sheet_plan import planned
from consolidate.report.sheet_style import HEAD, MUTED, SERIES
from consolidate.report.sheet_table import TOP, TableSheet
from consolidate.report.sheet_text import Cleaner, sheet_name
from consolidate.report.sheet_trace import finding_columns, workbook_columns
from consolidate.report.sheet_words import BookWords


def book_sheets(
    portfolio: Portfolio, words: BookWords, cleaner: Cleaner, source_root: str | None
) -> Iterator[TableSheet]:
    """Yield the sheets that have rows, in the order they are read."""
    sheets = _Sheets(portfolio, words, cleaner, source_root)
    tables = list(sheets.tables())
    lineage = lineage_sheet(portfolio, words, cleaner, _in_view(tables), source_root)
    yield from sheets.alerts()
    for table in tables:
        yield _with_notes(table, lineage.notes.get(table.table, {}), portfolio)
    yield from sheets.trace(lineage)


def _in_view(tables: Sequence[TableSheet]) -> dict[str, set[str]]:
    """Return the fields whose cells may bear a comment; of summed rows, none."""
    return {
        t.table: {c.name for c in t.columns if not c.fold or c.name in _BUDGETS}
        for t in tables
        if not t.is_summed
    }


def _with_notes(
    table: TableSheet, notes: Mapping[str, Mapping[int, str]], portfolio: Portfolio
) -> TableSheet:
    """Return a sheet with comments; the reference budget has those of what it is."""
    if not notes:
        return table
    known = dict(notes)
    if table.table == "projects":
        revised = portfolio.tables["projects"]["budget_revised"].notna().tolist()
        own = [known.get(n, {}) for n in _BUDGETS]
        picked = {
            k: own[0 if is_revised else 1].get(k)
            for k, is_revised in enumerate(revised)
        }
        known["budget"] = {k: text for k, text in picked.items() if text}
    columns = [replace(c, notes=known.get(c.name, {})) for c in table.columns]
    return replace(table, columns=columns)


_BUDGETS = ("budget_revised", "budget_initial")


class _Sheets:
    """Makes the sheets; each knows what those before it are called and hold."""

    def __init__(
        self,
        portfolio: Portfolio,
        words: BookWords,
        cleaner: Cleaner,
        source_root: str | None,
    ) -> None:
        self._portfolio = portfolio
        self._words = words
        self._cleaner = cleaner
        self._root = source_root
        self._taken = [words.tr("summary"), words.tr("legend")]
        self._projects: Sequence[SheetColumn] = ()
        self._headers: dict[str, dict[str, str]] = {}

    def tables(self) -> Iterator[TableSheet]:
        """Yield the canonical tables."""
        for table, spec in self._words.schemas.tables.items():
            if not self._portfolio.tables[table].empty:
                yield self._table(spec)

    def alerts(self) -> Iterator[TableSheet]:
        """Yield the alerts, when there are any."""
        if len(self._portfolio.alerts):
            columns = alert_columns(self._portfolio, self._words, self._cleaner)
            note = self._words.plural("alerts", len(self._portfolio.alerts))
            sheet = self._sheet("alerts", columns, note, 2, "project_code")
            yield replace(sheet, tone=HEAD)

    def trace(self, lineage: LineageSheet) -> Iterator[TableSheet]:
        """Yield findings, workbooks and lineage."""
        portfolio, words, cleaner = self._portfolio, self._words, self._cleaner
        if len(portfolio.findings):
            note = words.plural("findings", len(portfolio.findings))
            columns = finding_columns(portfolio, words, cleaner, self._root)
            yield self._sheet("findings", columns, note, 3, "project_manager")
        if len(portfolio.workbooks):
            note = words.plural("workbooks", len(portfolio.workbooks))
            columns = workbook_columns(portfolio, words, cleaner)
            yield self._sheet("workbooks", columns, note, 1)
        if lineage.count:
            yield self._sheet("lineage", lineage.columns, lineage.note(words), 2)

    def _table(self, spec: TableSpec) -> TableSheet:
        words, table = self._words, spec.name
        frame = self._portfolio.tables[table]
        note = words.plural("rows", len(frame))
        is_summed = False
        if table == "workload":
            frame, is_summed = shown_load(frame)
            note = f"{note} {words.tr('load-summed')}" if is_summed else note
        names = _project_names(self._portfolio)
        read = table_columns(spec, frame, names, words, self._cleaner, self._root)
        day = self._portfolio.as_of
        worked = derived(table, read, words, day, self._projects)
        columns = planned(spec, with_headers([*read, *worked]))
        told = {"folded": "fold", "worked": "formula", "aside": "aside"}
        hints = [
            words.tr(key)
            for key, kind in told.items()
            if any(getattr(c, kind) for c in columns)
        ]
        self._headers[table] = {c.name: c.header for c in columns}
        if table == "projects":
            self._projects = columns
        is_grouped = columns[0].name == "project_code" and table != "projects"
        group = "project_code" if is_grouped else ""
        columns = self._with_formulas(table, columns)
        sheet = self._sheet(table, columns, note, _frozen(table, columns), group)
        return replace(sheet, tone=SERIES[1], is_summed=is_summed, hints=hints)

    def _with_formulas(
        self, table: str, columns: Sequence[SheetColumn]
    ) -> list[SheetColumn]:
        places = {c.name: k for k, c in enumerate(columns)}
        return [
            replace(
                c,
                formula=row_formula(c.formula, table, self._headers),
                shared=shared_formula(c.formula, places, TOP + 2),
            )
            for c in columns
        ]

    def _sheet(
        self,
        table: str,
        columns: Sequence[SheetColumn],
        note: str,
        frozen: int,
        group: str = "",
    ) -> TableSheet:
        label = self._words.sheet(table)
        name = sheet_name(label, self._taken)
        self._taken.append(name)
        title = f"{label} – {shown.month(self._portfolio.period, self._words.lang)}"
        copy = self._words.tr(f"copy-{self._portfolio.audience}")
        return TableSheet(
            table, name, title, note, columns, frozen, group, MUTED, copy=copy
        )


def _frozen(table: str, columns: Sequence[SheetColumn]) -> int:
    """Return how many columns stay in view: what names a record, up to a third of a page."""
    if table in ("requests", "services", "projects"):
        return 2
    keys = [c.name for c in columns[:4]]
    named = [k for k, n in enumerate(keys) if n in ("name", "label", "title", "person")]
    most = named[0] + 1 if named else 2
    while most > 1 and sum(c.width for c in columns[:most]) > 75:
        most -= 1
    return most


def _project_names(portfolio: Portfolio) -> dict[str, str]:
    projects = portfolio.tables["projects"]
    pairs = zip(values(projects["project_code"]), values(projects["name"]), strict=True)
    return {code: name for code, name in pairs if code and name}
