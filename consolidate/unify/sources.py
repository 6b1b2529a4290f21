"""What each workbook and record says about projects, as plain values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

import numpy as np
import pandas as pd

from consolidate.model.finding import CellRef
from consolidate.model.text import fold
from consolidate.unify.codes import looks_like_code
from consolidate.unify.long import Long, cell_ref
from consolidate.unify.naming import Identity, Naming
from consolidate.unify.references import NONE, Reference
from consolidate.unify.versions import Issue, latest, read_marks


def read_namings(projects: Long, records: pd.DataFrame) -> list[Naming]:
    """Return how each record of ``projects`` says which project it is.

    A record that says nothing is named after its workbook, weakly.
    """
    codes, names = projects.text("project_code"), projects.text("name")
    code_refs, name_refs = projects.refs("project_code"), projects.refs("name")
    short = projects.text("short_name")
    at = projects.best("name")
    methods = dict(
        zip(
            projects.record[at].tolist(),
            projects.frame["method"].iloc[at].tolist(),
            strict=True,
        )
    )
    own = records.loc[records["table"] == "projects"]
    columns = (own[c].tolist() for c in ("record", "workbook", "sheet", "region"))
    namings = []
    for record, workbook, sheet, region in zip(*columns, strict=True):
        place = CellRef(workbook, str(sheet or ""))
        code, name = codes.get(record, ""), names.get(record, "")
        method = str(methods.get(record, "column"))
        if not code and not name:
            name, method = PurePosixPath(workbook).stem, "file_name"
        namings.append(
            Naming(
                record=record,
                workbook=workbook,
                region=int(region),
                family=read_marks(workbook).family,
                code=code,
                name=name,
                code_ref=code_refs.get(record, place),
                name_ref=name_refs.get(record, place),
                name_method=method,
                other_names=(short[record],) if record in short else (),
            )
        )
    return namings


@dataclass(frozen=True, slots=True)
class Said:
    """What one record says of its project, before any project is known.

    Attributes:
        record: Its number.
        link: Number of the project record of its form, sheet or workbook; -1 for none.
        table, workbook, code, name, category: As in ``Reference``.
        ref: The cell that names the project; the same for all that say the same.
        mention: Whether the code is only what time was spent on.
    """

    record: int
    link: int
    table: str
    workbook: str
    code: str
    name: str
    category: str
    ref: CellRef
    mention: bool = False


def read_said(children: Iterable[Long], records: pd.DataFrame) -> list[Said]:
    """Return what the records of other tables say, in a stable order.

    Records that bear neither code nor name are left out: their link says it all, unless
    they say that time was spent on something that looks like a code.
    """
    columns = ("record", "workbook", "sheet", "row", "project")
    known = records.loc[records["table"] != "projects", list(columns)]
    spot = {
        record: (workbook, str(sheet or ""), row, link)
        for record, workbook, sheet, row, link in zip(
            *(known[c].tolist() for c in columns), strict=True
        )
    }
    said: list[Said] = []
    refs: dict[tuple[str, ...], CellRef] = {}
    for long in children:
        codes, names = long.text("project_code"), long.text("project_name")
        kinds = long.text("category") if long.table == "workload" else {}
        spent = long.text("activity") if long.table == "workload" else {}
        mentions = {
            r: text
            for r, text in spent.items()
            if r not in codes and r not in names and looks_like_code(text)
        }
        cells = _cells(long)
        bearing = {*codes, *names, *mentions}
        for record in sorted(bearing, key=spot.__getitem__):
            mention = record in mentions
            code = mentions[record] if mention else codes.get(record, "")
            name = names.get(record, "")
            book, link = spot[record][0], spot[record][3]
            key = (long.table, book, code, name)
            if key not in refs:
                field = "project_code" if code else "project_name"
                at = cells["activity" if mention else field][record]
                refs[key] = cell_ref(long.frame, at)
            kind = kinds.get(record, "")
            said.append(
                Said(
                    record, link, long.table, book, code, name, kind, refs[key], mention
                )
            )
    return said


def references(said: Iterable[Said], identity: Identity) -> dict[int, Reference]:
    """Return the reference that each record makes, one for all that say the same."""
    made: dict[tuple[str, str, str, str, int, str, bool], Reference] = {}
    out: dict[int, Reference] = {}
    for one in said:
        linked = identity.of_record.get(one.link, NONE)
        key = (
            *(one.table, one.workbook, one.code, one.name),
            *(linked, one.category, one.mention),
        )
        if key not in made:
            made[key] = Reference(*key, record=one.record, ref=one.ref)
        out[one.record] = made[key]
    return out


def _cells(long: Long) -> dict[str, dict[int, int]]:
    out = {}
    for field in ("project_code", "project_name", "activity"):
        at = long.best(field)
        out[field] = dict(zip(long.record[at].tolist(), at.tolist(), strict=True))
    return out


def report_dates(
    projects: Long, identity: Identity, months: Mapping[str, str]
) -> tuple[dict[int, date], dict[tuple[str, str], date], dict[str, date]]:
    """Return report dates by project record, by workbook and project, and by workbook.

    The second has ``(workbook, "")`` for what a workbook says as a whole; a workbook
    that states only its month counts from the first of it.
    """
    at = projects.best("report_date")
    days = dict(
        zip(projects.record[at].tolist(), projects.value[at].tolist(), strict=True)
    )
    by_record = {r: d for r, d in days.items() if isinstance(d, date)}
    by_both: dict[tuple[str, str], date] = {}
    by_book: dict[str, date] = {}
    for position, project in enumerate(identity.projects):
        for naming in project.namings:
            if naming.record not in by_record:
                continue
            day = by_record[naming.record]
            key = (naming.workbook, identity.projects[position].key)
            by_both[key] = max(day, by_both.get(key, day))
            by_book[naming.workbook] = max(day, by_book.get(naming.workbook, day))
    for workbook, month in months.items():
        if (day_of := latest(by_book, workbook, month)) is not None:
            by_book[workbook] = day_of
    by_both |= {(workbook, ""): day for workbook, day in by_book.items()}
    return by_record, by_both, by_book


def read_issues(
    projects: Long,
    records: pd.DataFrame,
    identity: Identity,
    reported: Mapping[str, date],
) -> list[Issue]:
    """Return each workbook that has records, as versions are compared."""
    managers: dict[str, set[str]] = defaultdict(set)
    named = projects.text("project_manager")
    tables = {
        str(book): frozenset(own)
        for book, own in records.groupby("workbook", sort=True)["table"]
        .unique()
        .items()
    }
    strong: dict[str, set[str]] = defaultdict(set)
    cells: dict[str, CellRef] = {}
    dates = projects.refs("report_date")
    for project in identity.projects:
        for naming in project.namings:
            if naming.code or not naming.weak:
                strong[naming.workbook].add(project.key)
            if named.get(naming.record):
                managers[naming.workbook].add(fold(named[naming.record]))
            if naming.record in dates:
                cells.setdefault(naming.workbook, dates[naming.record])
    return [
        Issue(
            workbook=book,
            reported=reported.get(book),
            projects=frozenset(strong[book]),
            managers=frozenset(managers[book]),
            tables=own,
            ref=cells.get(book, CellRef(book)),
        )
        for book, own in tables.items()
    ]


def only_named(records: pd.DataFrame) -> frozenset[str]:
    """Return workbooks of which nothing was read but their name."""
    read = records.groupby("workbook", sort=True)["region"].max()
    return frozenset(str(book) for book in read.index[np.asarray(read < 0)])
