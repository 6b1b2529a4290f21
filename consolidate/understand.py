"""Understand one workbook: find its blocks, map them, say whose they are."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator

from consolidate.detect import detect
from consolidate.mapping.builder import Builder, Entry
from consolidate.mapping.checks import (
    drop_examples,
    drop_hidden_copies,
    gather_notes,
)
from consolidate.mapping.context import (
    is_generic,
    language_of,
    month_of,
    name_of_file,
    project_code_in,
    speaks_of_mco,
)
from consolidate.mapping.forms import (
    SHARED,
    FormValue,
    add_form,
    is_project_form,
    read_form,
)
from consolidate.mapping.legend import Legends, find_legends
from consolidate.mapping.scope import Scope, turned
from consolidate.mapping.standard import read_standard
from consolidate.mapping.tables import read_table
from consolidate.model.block import Block
from consolidate.model.finding import Severity
from consolidate.model.layout import Layout
from consolidate.model.lexicon import Lexicon, build_lexicon
from consolidate.model.schema import Schemas
from consolidate.model.text import fold
from consolidate.model.workbook import Extract, Record, Region, Workbook

_SHORTEST = 2
_TELLING = 4
_FREE = frozenset({"requests", "convergence", "interfaces"})
"""Tables whose records may be of no project: a register is not named for one."""

_OF_ALL = frozenset({"meetings"})
"""Tables in which a row without a project, among rows that name theirs, is of them all."""

_NAMED = frozenset({"project_code", "name", "short_name"})
_IDENTITY = frozenset({"name", "project_code", "project_name", "kind", "project_type"})
_lexicons: dict[int, Lexicon] = {}


def understand(
    workbook: Workbook, schemas: Schemas, layouts: tuple[Layout, ...] = ()
) -> Extract:
    """Return what a workbook says: its records, where each value stands, what is in doubt."""
    lexicon = _lexicon(schemas)
    builder = Builder(workbook.name)
    language = language_of(itertools.islice(_texts(workbook), 200))
    for sheet in workbook.sheets:
        scope = Scope(
            sheet, schemas, lexicon, Legends(), workbook.name, layouts, language != "en"
        )
        _read_sheet(builder, scope)
    drop_hidden_copies(builder)
    drop_examples(builder)
    _settle_projects(builder, workbook, schemas)
    read = sum(
        len(row) - row.count(None) - row.count("")
        for s in workbook.sheets
        for row in s.rows
    )
    cells, mapped = builder.cells()
    return Extract(
        workbook.name,
        workbook.kind,
        language=language,
        regions=tuple(builder.regions),
        records=tuple(builder.records),
        cells=cells,
        findings=(*workbook.findings, *builder.findings),
        cells_read=read,
        cells_mapped=mapped,
        report_month=_report_month(workbook),
        left_out=builder.left_out,
    )


def prepare(schemas: Schemas) -> None:
    """Build what every workbook needs of the schemas, once, before workers are forked."""
    _lexicon(schemas)
    _ = schemas.known_words, schemas.money_fields


def _lexicon(schemas: Schemas) -> Lexicon:
    key = id(schemas)
    if key not in _lexicons:
        _lexicons.clear()
        _lexicons[key] = build_lexicon(schemas)
    return _lexicons[key]


def _texts(workbook: Workbook) -> Iterator[str]:
    for sheet in workbook.sheets:
        for row in sheet.rows:
            for value in row:
                if isinstance(value, str):
                    yield value


def _report_month(workbook: Workbook) -> str:
    names = [s.name for s in workbook.sheets if s.visible][:1]
    return month_of([workbook.name.rpartition("/")[2], *names])


def _read_sheet(builder: Builder, scope: Scope) -> None:
    sheet = scope.sheet
    if read_standard(builder, scope):
        return
    blocks = detect(sheet, scope.lexicon)
    scope = dataclasses.replace(
        scope, legends=find_legends(sheet, blocks, scope.lexicon)
    )
    if not sheet.visible and any(v is not None for r in sheet.rows for v in r):
        builder.tell("sheet-hidden", Severity.INFO, sheet.name)
    first, told = len(builder.records), len(builder.findings)
    forms: list[tuple[Block, list[FormValue]]] = []
    for block in blocks:
        if block.shape == "form":
            forms.append((block, read_form(scope, block)))
        elif block.shape == "loose":
            builder.leave_out(sheet, block, "notes")
        elif block.shape == "transposed":
            flipped, other = turned(sheet, block)
            builder.turned_at = block.box.top
            read_table(builder, dataclasses.replace(scope, sheet=flipped), other)
            builder.turned_at = None
        else:
            read_table(builder, scope, block)
    listed = [
        i
        for i in range(first, len(builder.records))
        if builder.records[i].table == "projects"
    ]
    for block, values in forms:
        _place_form(builder, scope, block, values, listed)
    if len(builder.records) == first:
        gather_notes(builder, sheet, told)


def _place_form(
    builder: Builder,
    scope: Scope,
    block: Block,
    values: list[FormValue],
    listed: list[int],
) -> None:
    """Give a form to its project: its own, or each of the list it heads."""
    fields = {v.field for v in values if v.field}
    if not fields:
        builder.leave_out(scope.sheet, block, "notes")
        return
    if len(listed) > 1 or (listed and not fields & {"name", "project_code"}):
        _share_form(builder, scope, block, values, listed)
        return
    if not is_project_form(values) and not fields & {
        "report_date",
        "project_manager",
        "name",
    }:
        builder.leave_out(scope.sheet, block, "notes")
        return
    record = builder.add_record("projects", len(builder.regions), block.box.top)
    add_form(builder, scope, block, values, record)


def _share_form(
    builder: Builder,
    scope: Scope,
    block: Block,
    values: list[FormValue],
    listed: list[int],
) -> None:
    """Give what a heading says (manager, date ...) to each project of the list below."""
    sheet = scope.sheet
    owned = zip(builder.owners, builder.entries, strict=True)
    has = {(record, entry.field) for record, entry in owned}
    for value in values:
        if value.field not in SHARED:
            builder.tell_at(
                "label-unused",
                Severity.INFO,
                sheet.name,
                value.pair.cell,
                raw=value.pair.label,
            )
            continue
        for record in listed:
            if (record, value.field) not in has:
                builder.add_named(
                    record,
                    value.field,
                    value.raw,
                    method="label",
                    confidence=min(0.9, value.score),
                    sheet=sheet.name,
                    at=value.pair.value,
                )
    hidden = not sheet.visible
    builder.regions.append(
        Region(sheet.name, block.box, "projects", "form", score=0.6, hidden=hidden)
    )


def _settle_projects(builder: Builder, workbook: Workbook, schemas: Schemas) -> None:
    """Tell each record which project of the workbook it belongs to."""
    if not builder.records:
        return
    by_sheet: dict[str, list[int]] = {}
    for i, record in enumerate(builder.records):
        if record.table == "projects":
            by_sheet.setdefault(_sheet_of(builder, record), []).append(i)
    said = _said_of_projects(builder)
    _name_projects(builder, workbook, schemas, by_sheet, said)
    _mark_mco(builder, by_sheet, said)
    own = {
        record
        for record, entry in said
        if entry.field in {"project_code", "project_name"}
    }
    naming = {builder.records[i].region for i in own}
    found: dict[str, int] = {}
    names = _Names(builder)
    sheets = [region.sheet for region in builder.regions]
    for i, record in enumerate(builder.records):
        if record.table == "projects" or i in own:
            continue
        sheet = sheets[record.region] if record.region >= 0 else ""
        if record.table in _FREE and not by_sheet.get(sheet):
            continue
        if record.table in _OF_ALL and record.region in naming:
            continue
        if sheet not in found:
            found[sheet] = _project_of_sheet(names, workbook, schemas, sheet, by_sheet)
        builder.records[i] = Record(
            record.table, record.region, record.row, found[sheet]
        )


def _said_of_projects(builder: Builder) -> list[tuple[int, Entry]]:
    """Return the values that name projects or say of what kind they are."""
    pairs = zip(builder.owners, builder.entries, strict=True)
    return [(record, entry) for record, entry in pairs if entry[0] in _IDENTITY]


def _sheet_of(builder: Builder, record: Record) -> str:
    return builder.regions[record.region].sheet if record.region >= 0 else ""


def _name_projects(
    builder: Builder,
    workbook: Workbook,
    schemas: Schemas,
    by_sheet: dict[str, list[int]],
    said: list[tuple[int, Entry]],
) -> None:
    """Name the projects whose form does not: by sheet name, else by file name."""
    named = {r for r, entry in said if entry.field in {"name", "project_code"}}
    for sheet, group in by_sheet.items():
        for record in group:
            if record not in named:
                _add_name(builder, workbook, schemas, sheet, record)


def _add_name(
    builder: Builder, workbook: Workbook, schemas: Schemas, sheet: str, record: int
) -> None:
    if sheet and not is_generic(sheet, schemas):
        name, method, where = sheet, "sheet_name", sheet
    else:
        name, method, where = name_of_file(workbook.name), "file_name", ""
    builder.add_named(record, "name", name, method=method, confidence=0.7, sheet=where)
    code = project_code_in(name)
    if code:
        builder.add_named(
            record, "project_code", code, method=method, confidence=0.8, sheet=where
        )


def _mark_mco(
    builder: Builder, by_sheet: dict[str, list[int]], said: list[tuple[int, Entry]]
) -> None:
    """Say that a project is the container of a run team (MCO) when its names do."""
    projects = {record for group in by_sheet.values() for record in group}
    known = {record for record, entry in said if entry.field == "kind"}
    telling = {
        record: entry
        for record, entry in said
        if record in projects - known
        and entry.field in {"name", "project_type"}
        and speaks_of_mco(entry.raw)
    }
    for record, entry in telling.items():
        builder.add_named(
            record,
            "kind",
            "MCO",
            method="derived" if entry.row >= 0 else entry.method,
            confidence=0.9,
            sheet=entry.sheet,
            at=(entry.row, entry.col),
        )


class _Names:
    """The codes and names that the projects of a workbook go by, each read once."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self._seen = 0
        self._known: list[tuple[int, str]] = []

    def like(self, sheet: str, every: list[int]) -> int | None:
        """Return the listed project whose code or name is the sheet's name."""
        subject = self.builder.subjects.get(sheet, "")
        wanted = fold(subject or sheet)
        if len(wanted) < _SHORTEST:
            return None
        self._read_on()
        projects = set(every)
        hits = {
            record
            for record, name in self._known
            if record in projects
            and (
                name == wanted
                or (not subject and len(name) > _TELLING and name in wanted)
            )
        }
        return hits.pop() if len(hits) == 1 else None

    def _read_on(self) -> None:
        """Gather the names added since the last time: projects are made meanwhile."""
        builder, first = self.builder, self._seen
        self._seen = len(builder.entries)
        for record, entry in zip(
            builder.owners[first:], builder.entries[first:], strict=True
        ):
            if (
                entry[0] in _NAMED
                and builder.records[record].table == "projects"
                and isinstance(entry[1], str)
            ):
                self._known.append((record, fold(entry[1])))


def _project_of_sheet(
    names: _Names,
    workbook: Workbook,
    schemas: Schemas,
    sheet: str,
    by_sheet: dict[str, list[int]],
) -> int:
    """Return the project a sheet speaks of; make one of names when none is found."""
    here = by_sheet.get(sheet, [])
    every = [i for group in by_sheet.values() for i in group]
    if len(here) == 1:
        return here[0]
    if len(every) == 1:
        return every[0]
    listed = names.like(sheet, every)
    if listed is not None:
        return listed
    name = "" if is_generic(sheet, schemas) else sheet
    made = by_sheet.get(f"\0{name}")
    if made:
        return made[0]
    record = names.builder.add_record("projects", -1, -1)
    _add_name(names.builder, workbook, schemas, name, record)
    by_sheet[f"\0{name}"] = [record]
    return record
