"""What the review decided: sheets filled in during the meeting, read back from a folder."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from consolidate.model.case import OUTCOMES, CaseStep, Outcome
from consolidate.model.delivery import Failure, rejection
from consolidate.model.error import ConfigError
from consolidate.model.finding import Finding, Severity
from consolidate.model.portfolio import Portfolio
from consolidate.model.register import Entry
from consolidate.model.schema import Schemas
from consolidate.model.text import fold
from consolidate.normalise import NormaliseOptions, normalise
from consolidate.reception import new_reader
from consolidate.register.review_sheets import as_actions, read_review
from consolidate.wording import catalogue
from consolidate.worker import Reader

if TYPE_CHECKING:
    from consolidate.run_options import RunOptions

DECISION_COLUMNS = [
    *("id", "review", "told_in", "kind", "project_code", "subject", "decision"),
    *("owner", "due", "state", "comment", "cell"),
]
_KINDS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
_MONTH = re.compile(r"20\d\d-(?:0[1-9]|1[0-2])")


def _none() -> pd.DataFrame:
    return pd.DataFrame(columns=DECISION_COLUMNS, dtype="object")


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What was read in the folder of decisions.

    Attributes:
        decisions: Columns ``DECISION_COLUMNS``, one row a decision and workbook, in the
            order of the workbooks' names: the last row of an ``id`` is the latest word.
            ``review`` is the month it was taken in, ``told_in`` that of the workbook;
            ``due`` a date; ``kind`` and ``state`` codes of actions.
        steps: What the sheets say was done about assistance cases.
        findings: What could not be understood.
        files: Hash of each workbook, by name.
    """

    decisions: pd.DataFrame = field(default_factory=_none)
    steps: tuple[CaseStep, ...] = ()
    findings: tuple[Finding, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)


def normalising(options: RunOptions) -> NormaliseOptions:
    """Return how a run reads values: its month and the PMO's units."""
    units = options.config.units
    return NormaliseOptions(
        options.period,
        options.as_of,
        hours_per_day=units.hours_per_day,
        days_per_month=units.days_per_month,
        working_days_per_year=units.working_days_per_year,
    )


def read_decisions(options: RunOptions, schemas: Schemas) -> ReadBack:
    """Return what the filled workbooks of reviews decide.

    Raises:
        ConfigError: Their folder cannot be read.
    """
    folder = options.config.registers.decisions
    return read_back(folder, lambda: new_reader(options), schemas, normalising(options))


def read_back(
    folder: Path | None,
    new_reader: Callable[[], Reader],
    schemas: Schemas,
    options: NormaliseOptions,
) -> ReadBack:
    """Return what the workbooks of a folder decide; nothing when there is no folder.

    Args:
        folder: Where filled workbooks are dropped.
        new_reader: Of confined workers, where they are read.
        schemas: Words of kinds and states.
        options: The month; its cut-off is the day of a closing that gives none.

    Raises:
        ConfigError: The folder cannot be read.
    """
    paths = workbooks(folder)
    if not paths:
        return ReadBack()
    entries: list[Entry] = []
    findings: list[Finding] = []
    with new_reader() as reader:
        for path, found in zip(paths, reader.map(read_review, paths), strict=True):
            if isinstance(found, Failure):
                findings.append(rejection(path.name, found))
                continue
            entries += found[0]
            findings += found[1]
    values, told = _values(entries, schemas, options)
    decided = [
        _decision(entry, row)
        for entry, row in zip(entries, values, strict=True)
        if entry.register == "decisions"
    ]
    steps: list[CaseStep] = []
    for entry, row in zip(entries, values, strict=True):
        if entry.register == "cases":
            made, unknown = _steps(entry, row, options.as_of)
            steps += made
            findings += unknown
    return ReadBack(
        pd.DataFrame(decided, columns=DECISION_COLUMNS, dtype="object"),
        tuple(steps),
        (*findings, *told),
        {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in paths},
    )


def with_files(portfolio: Portfolio, found: ReadBack) -> Portfolio:
    """Return a portfolio whose run says which workbooks of reviews it read."""
    if not found.files:
        return portfolio
    run = {**portfolio.run, "decisions": dict(found.files)}
    return dataclasses.replace(portfolio, run=run)


def workbooks(folder: Path | None) -> list[Path]:
    """Return the workbooks of the folder of decisions, by name.

    Raises:
        ConfigError: The folder cannot be read.
    """
    if folder is None:
        return []
    try:
        found = sorted(folder.iterdir())
    except OSError as err:
        raise ConfigError(f"{folder}: {err.strerror}") from err
    return [
        path
        for path in found
        if path.is_file()
        and path.suffix.lower() in _KINDS
        and not path.name.startswith(("~$", ".", "._"))
    ]


def _values(
    entries: Sequence[Entry], schemas: Schemas, options: NormaliseOptions
) -> tuple[list[dict[str, Any]], tuple[Finding, ...]]:
    """Return the words, days and names of each row, read as those of actions are."""
    if not entries:
        return [], ()
    books = list(dict.fromkeys(entry.workbook for entry in entries))
    own = [as_actions(b, [e for e in entries if e.workbook == b]) for b in books]
    reading, told = normalise(own, schemas, options)
    rows: list[dict[str, Any]] = [{} for _ in entries]
    if "actions" in reading.facts:
        frame = reading.facts["actions"].frame
        kept = frame[frame["used"]]
        for record, name, value in zip(
            kept["record"].tolist(),
            kept["field"].tolist(),
            kept["value"].tolist(),
            strict=True,
        ):
            rows[record][name] = value
    return rows, told


def _decision(entry: Entry, row: Mapping[str, Any]) -> dict[str, Any]:
    told_in = _month(entry.workbook)
    review = _month(entry.text("review")) or told_in
    marked = f"{entry.text('project')}\x1f{entry.text('subject')}\x1f{entry.text('decision')}"
    mark = hashlib.sha256(marked.encode("utf-8", "replace")).hexdigest()[:5].upper()
    return {
        "id": entry.text("id") or f"{review or '?'}-{mark}",
        "review": review,
        "told_in": told_in or review,
        "kind": row.get("kind"),
        "project_code": entry.text("project") or None,
        "subject": entry.text("subject") or None,
        "decision": entry.text("decision"),
        "owner": row.get("owner"),
        "due": row.get("due_date"),
        "state": row.get("state"),
        "comment": entry.text("comment") or None,
        "cell": place(entry, "decision"),
    }


def _month(text: str) -> str:
    found = _MONTH.search(text)
    return found[0] if found else ""


def place(entry: Entry, column: str) -> str:
    """Return where a row of a sheet stands: ``workbook ! sheet ! cell``."""
    ref = entry.ref(column)
    return " ! ".join(part for part in (ref.workbook, ref.sheet, ref.cell) if part)


def _steps(
    entry: Entry, row: Mapping[str, Any], as_of: date
) -> tuple[list[CaseStep], list[Finding]]:
    case, by = entry.text("id"), entry.workbook
    on = row.get("raised_on")
    found: list[CaseStep] = []
    if row.get("owner"):
        cell = place(entry, "owner")
        found.append(CaseStep(case, "take", on, by, str(row["owner"]), source=cell))
    if action := entry.text("action"):
        cell = place(entry, "action")
        found.append(CaseStep(case, "act", on, by, action, source=cell))
    told = entry.text("outcome")
    if not told:
        return found, []
    outcome = _outcome(told)
    if outcome is None:
        ref = entry.ref("outcome")
        return found, [Finding("case-outcome-unknown", Severity.ERROR, ref, raw=told)]
    day = row.get("closed_on") or on or as_of
    why = entry.text("action") or told
    cell = place(entry, "outcome")
    found.append(CaseStep(case, "close", day, by, why, outcome, cell))
    return found, []


def _outcome(text: str) -> Outcome | None:
    labels = catalogue()["labels"]
    for code in OUTCOMES:
        words = labels[f"cases-outcome-{code}"].values()
        if fold(text) in {fold(code), *map(fold, words)}:
            return code
    return None
