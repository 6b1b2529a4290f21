"""The truth beside the sample workbooks, and how a run is compared with it."""

from __future__ import annotations

import csv
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).resolve().parent.parent / "sample_workbooks"
MONTHS = ("2026-09", "2026-10")
_OF_THE_RECORD = {"table", "workbook", "sheet", "row", "project"}
FROM_ELSEWHERE = {
    "project_code",
    "project_name",
    "kind",
    "amount_scope",
    "amount_year",
    "tax_basis",
}
"""Fields that a record may take from a title, a header or its project."""


@dataclass(frozen=True, slots=True)
class Place:
    """A cell; the sheet ``*`` is the only one of a .csv, whatever its name."""

    workbook: str
    sheet: str
    cell: str

    def __str__(self) -> str:
        return f"{self.workbook}!{self.sheet}!{self.cell}"


@dataclass(frozen=True, slots=True)
class TrueValue:
    """One value of a record of the truth, and the cells that show it."""

    field: str
    value: Any
    places: tuple[Place, ...]
    raw: Any
    derived: bool


@dataclass(frozen=True, slots=True)
class TrueRecord:
    """One record of the truth."""

    table: str
    workbook: str
    sheet: str
    row: int
    project: str
    values: tuple[TrueValue, ...]

    def __str__(self) -> str:
        place = self.values[0].places[0] if self.values[0].places else self.row
        return f"{self.table} at {place}"


@dataclass(frozen=True, slots=True)
class Truth:
    """What a careful reader finds in the workbooks of a month."""

    states: Mapping[str, str]
    records: tuple[TrueRecord, ...]
    findings: tuple[Mapping[str, Any], ...]


def read_truth(month: str) -> Truth:
    """Return the truth of a month."""
    raw = tomllib.loads((SAMPLES / month / "truth.toml").read_text(encoding="utf-8"))
    return Truth(
        {w["workbook"]: w["state"] for w in raw["workbooks"]},
        tuple(_record(r) for r in raw["records"]),
        tuple(raw["findings"]),
    )


def _record(raw: Mapping[str, Any]) -> TrueRecord:
    workbook, sheet = raw["workbook"], raw["sheet"]
    values = tuple(
        _value(name, fact, workbook, sheet)
        for name, fact in raw.items()
        if name not in _OF_THE_RECORD
    )
    project = raw.get("project", "")
    return TrueRecord(raw["table"], workbook, sheet, raw.get("row", 0), project, values)


def _value(name: str, fact: Any, workbook: str, sheet: str) -> TrueValue:
    if isinstance(fact, list):
        fact = dict(zip(("value", "cell", "raw"), fact, strict=False))
    cells = [c for c in (fact["cell"], *fact.get("also", ())) if c]
    places = tuple(_place(cell, workbook, sheet) for cell in cells)
    derived = fact.get("derived", False)
    return TrueValue(name, fact["value"], places, fact.get("raw"), derived)


def _place(cell: str, workbook: str, sheet: str) -> Place:
    parts = cell.split("!")
    return Place(*([workbook, sheet, cell], [workbook, *parts], parts)[len(parts) - 1])


@dataclass(frozen=True, slots=True)
class Published:
    """The ``data/`` of a run, as a reader of the contract sees it."""

    folder: Path

    def rows(self, table: str) -> list[dict[str, str]]:
        """Return the rows of a table as text."""
        with (self.folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


class Comparison:
    """A run's results beside the truth; each method returns what differs, in words."""

    def __init__(
        self, truth: Truth, published: Published, tables: Sequence[str]
    ) -> None:
        self.truth = truth
        self.tables = {
            t: {r["record_id"]: r for r in published.rows(t)} for t in tables
        }
        self.lineage = published.rows("lineage")
        self.published = published
        self._csv = {w for w in truth.states if w.endswith(".csv")}
        self._used: dict[tuple[str, str, Place], set[str]] = {}
        for row in self.lineage:
            if row["used"] == "true" and row["cell"]:
                key = (row["table"], row["field"], self._place_of(row))
                self._used.setdefault(key, set()).add(row["record_id"])
        self.found = {r: self._record_id(r) for r in truth.records}

    def _place_of(self, row: Mapping[str, str]) -> Place:
        sheet = "*" if row["workbook"] in self._csv and row["sheet"] else row["sheet"]
        return Place(row["workbook"], sheet, row["cell"])

    def _record_id(self, record: TrueRecord) -> str:
        """Return the record most of the cells of a true record went to."""
        ids = [
            record_id
            for value in record.values
            for place in value.places
            for record_id in sorted(
                self._used.get((record.table, value.field, place), ())
            )
        ]
        return max(set(ids), key=ids.count) if ids else ""

    def states(self) -> list[str]:
        """Return the workbooks whose state is another, or that are not accounted for."""
        got = {r["workbook"]: r["state"] for r in self.published.rows("workbooks")}
        got.pop("truth.toml", None)
        names = sorted({*got, *self.truth.states})
        return [
            f"{name}: {got.get(name, 'absent')}, should be {self.truth.states.get(name, 'absent')}"
            for name in names
            if got.get(name) != self.truth.states.get(name)
        ]

    def values(self) -> list[str]:
        """Return the true cells that are absent, elsewhere or other."""
        return [
            line for record in self.truth.records for line in self._values_of(record)
        ]

    def _values_of(self, record: TrueRecord) -> Iterator[str]:
        row = self.tables[record.table].get(self.found[record])
        if row is None:
            yield f"{record}: not read"
            return
        for value in record.values:
            got = row.get(value.field, "")
            if not same(value.field, value.value, got):
                place = value.places[0] if value.places else "derived"
                yield f"{record}: {value.field} is {got!r}, should be {value.value!r} ({place})"
            elif not value.derived and not self._traced(record, value):
                there = [
                    f"{r['workbook']}!{r['sheet']}!{r['cell']}"
                    for r in self.lineage
                    if r["record_id"] == self.found[record]
                    and (r["table"], r["field"], r["used"])
                    == (record.table, value.field, "true")
                ]
                yield f"{record}: {value.field} comes from {there}, should be {value.places[0]}"
        if record.row and row["row"] != str(record.row):
            yield f"{record}: row is {row['row']}, should be {record.row}"

    def _traced(self, record: TrueRecord, value: TrueValue) -> bool:
        if value.field == "project_code" and record.table != "projects":
            return True
        return any(
            self.found[record] in self._used.get((record.table, value.field, place), ())
            for place in value.places
        )

    def projects(self) -> list[str]:
        """Return the records that belong to another project than they should."""
        by_name = {
            r["name"]: r["project_code"] for r in self.tables["projects"].values()
        }
        problems = []
        for record, record_id in self.found.items():
            row = self.tables[record.table].get(record_id)
            if row is not None and row["project_code"] != by_name.get(
                record.project, record.project
            ):
                problems.append(
                    f"{record}: of {row['project_code']!r}, should be {record.project!r}"
                )
        return problems

    def extra_records(self) -> list[str]:
        """Return the records that no careful reader sees."""
        known = {(r.table, i) for r, i in self.found.items()}
        twice = [
            i
            for i in self.found.values()
            if i and list(self.found.values()).count(i) > 1
        ]
        extra = [
            f"{table} at {row['workbook']}!{row['sheet']} row {row['row']}: not a record"
            for table, rows in self.tables.items()
            for record_id, row in rows.items()
            if (table, record_id) not in known
        ]
        return extra + [f"{i}: two records made one" for i in sorted(set(twice))]

    def extra_values(self) -> list[str]:
        """Return the used cells that the truth does not give to that field."""
        known = {
            (record.table, value.field, place)
            for record in self.truth.records
            for value in record.values
            for place in value.places
        }
        return [
            f"{row['table']}.{row['field']} from {self._place_of(row)}: {row['raw']!r}"
            for row in self.lineage
            if row["used"] == "true"
            and row["cell"]
            and not row["derived_from"]
            and row["method"] != "derived"
            and row["field"] not in FROM_ELSEWHERE
            and (row["table"], row["field"], self._place_of(row)) not in known
        ]

    def findings(self) -> list[str]:
        """Return the findings that are absent, and those above info that nobody expects."""
        got = [
            (r["severity"], r["rule"], self._place_of(r), r)
            for r in self.published.rows("findings")
        ]
        absent: list[str] = []
        expected: dict[tuple[str, Place], set[str]] = {}
        for finding in self.truth.findings:
            place = Place(finding["workbook"], finding["sheet"], finding["cell"])
            severity, rule = finding["severity"], finding["rule"]
            there = [r for s, r, p, _ in got if p == place and s == severity]
            expected.setdefault((severity, place), set()).add(rule)
            right = rule in there if rule else bool(there)
            if not right and not finding.get("optional"):
                absent.append(f"absent: {severity} {rule} at {place}, got {there}")
        false = [
            f"unexpected: {severity} {rule} at {place}: {row['message']}"
            for severity, rule, place, row in got
            if severity != "info"
            and not {rule, ""} & expected.get((severity, place), set())
        ]
        return absent + false


def same(field: str, true: Any, text: str) -> bool:
    """Return whether the text of a published cell is a true value."""
    if isinstance(true, bool):
        return text == str(true).lower()
    if isinstance(true, (int, float)):
        try:
            return abs(float(text) - true) <= 1e-6 * max(1.0, abs(true))
        except ValueError:
            return False
    if isinstance(true, date):
        return text == true.isoformat()
    if field in {"owner", "project_manager", "sponsor", "requester", "person"}:
        return _words(text) == _words(true)
    if ";" in true:
        return [plain(t) for t in text.split(";")] == [
            plain(t) for t in true.split(";")
        ]
    return plain(text) == plain(true)


def _words(name: str) -> list[str]:
    """Return the words of a name, whatever their order, case and accents."""
    spread = unicodedata.normalize("NFKD", name.casefold())
    return sorted("".join(c for c in spread if not unicodedata.combining(c)).split())


def plain(text: str) -> str:
    """Return a text with its spaces made single and ordinary."""
    return " ".join(text.split())


def shown_by(path: Path) -> Mapping[tuple[str, str], Any]:
    """Return what each cell of a sample shows, by sheet and address, by another reader.

    A cell with a fill and no value shows ``fill RRGGBB``; the sheet of a .csv is ``*``.
    """
    readers = {
        ".csv": _shown_in_csv,
        ".ods": _shown_by_calamine,
        ".xls": _shown_by_calamine,
    }
    return dict(readers.get(path.suffix, _shown_by_openpyxl)(path))


def _shown_by_openpyxl(path: Path) -> Iterator[tuple[tuple[str, str], Any]]:
    import openpyxl

    book = openpyxl.load_workbook(path, data_only=True)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                filled = cell.fill.fill_type == "solid" and cell.value is None
                shown = (
                    f"fill {cell.fill.fgColor.rgb[2:]}" if filled else _day(cell.value)
                )
                yield (sheet.title, cell.coordinate), shown


def _shown_by_calamine(path: Path) -> Iterator[tuple[tuple[str, str], Any]]:
    import python_calamine
    from openpyxl.utils import get_column_letter

    book = python_calamine.CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for r, row in enumerate(rows, start=1):
            for c, value in enumerate(row, start=1):
                yield (name, f"{get_column_letter(c)}{r}"), _day(value)


def _shown_in_csv(path: Path) -> Iterator[tuple[tuple[str, str], Any]]:
    from openpyxl.utils import get_column_letter

    data = path.read_bytes()
    text = data.decode("utf-8" if path.name == "open_actions.csv" else "cp1252")
    delimiter = ";" if ";" in text.splitlines()[0] else ","
    for r, row in enumerate(
        csv.reader(text.splitlines(), delimiter=delimiter), start=1
    ):
        for c, value in enumerate(row, start=1):
            iso = value[4:5] == value[7:8] == "-"
            shown = date.fromisoformat(value) if iso else value
            yield ("*", f"{get_column_letter(c)}{r}"), shown


def _day(value: Any) -> Any:
    return value.date() if isinstance(value, datetime) else value
