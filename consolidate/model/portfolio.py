"""The portfolio of one month: what every report, store and export reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

WORKBOOK_COLUMNS = [
    "workbook",
    "sha256",
    "bytes",
    "received_at",
    "state",
    "project_codes",
    "reason",
    "cells_read",
    "cells_mapped",
    "cells_left",
    "layout",
    "layout_state",
]
LINEAGE_COLUMNS = [
    "table",
    "record_id",
    "field",
    "workbook",
    "sheet",
    "cell",
    "raw",
    "number_format",
    "method",
    "confidence",
    "used",
    "derived_from",
]
FINDING_COLUMNS = [
    "severity",
    "rule",
    "workbook",
    "sheet",
    "cell",
    "project_code",
    "table",
    "field",
    "raw",
    "message",
    "suggestion",
]
ALERT_COLUMNS = [
    *("period", "project_code", "code", "rule", "group", "severity", "escalated"),
    *("table", "record_id", "object", "value", "threshold", "unit"),
    *("since", "occurrences", "acknowledged_until", "acknowledged_because"),
    *("message", "inputs"),
]
STATUS_COLUMNS = [
    *("project_code", "declared", "overall"),
    *("cost", "schedule", "progress", "risk", "workload", "quality"),
    *("gap", "why_grey"),
]
PRIORITY_COLUMNS = ["project_code", "score", "level", "alerts", "gravest"]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """One month's portfolio.

    Attributes:
        period: Month reported on, ``YYYY-MM``.
        as_of: Day the rules compare with.
        lang: Language of the findings' words, ``fr`` or ``en``.
        tables: Every canonical table by name, one row a record, columns
            ``record_id``, ``period``, ``project_code``, the fields of its schema, then
            ``workbook``, ``sheet``, ``row``. Text, codes, months and lists are ``str``
            with None where unknown; numbers float64; integers Int64; dates
            ``datetime.date`` or None; booleans True, False or None.
        workbooks: Columns ``WORKBOOK_COLUMNS``.
        lineage: Columns ``LINEAGE_COLUMNS``; ``raw`` is text. Texts may be categories:
            the lineage has ten rows for one of any other table, of few distinct texts.
        findings: Columns ``FINDING_COLUMNS``, most severe first.
        run: Content of ``run.json``: version, options, hashes, counts.
        alerts: Columns ``ALERT_COLUMNS``, the gravest first.
        statuses: Columns ``STATUS_COLUMNS``: the status that figures give each project.
        priorities: Columns ``PRIORITY_COLUMNS``, who needs help first.
    """

    period: str
    as_of: date
    lang: str
    tables: Mapping[str, pd.DataFrame]
    workbooks: pd.DataFrame
    lineage: pd.DataFrame
    findings: pd.DataFrame
    run: Mapping[str, object]
    alerts: pd.DataFrame = field(default_factory=lambda: _empty(ALERT_COLUMNS))
    statuses: pd.DataFrame = field(default_factory=lambda: _empty(STATUS_COLUMNS))
    priorities: pd.DataFrame = field(default_factory=lambda: _empty(PRIORITY_COLUMNS))

    @classmethod
    def empty(cls, period: str, as_of: date, lang: str, version: str) -> Portfolio:
        """Return a month without any record, for what only needs to say which month."""
        frames = (WORKBOOK_COLUMNS, LINEAGE_COLUMNS, FINDING_COLUMNS)
        workbooks, lineage, findings = map(_empty, frames)
        run = {"version": version}
        return cls(period, as_of, lang, {}, workbooks, lineage, findings, run)

    @property
    def audience(self) -> str:
        """``shared`` for the copy that names few, else ``pmo``."""
        options = self.run.get("options")
        told = options.get("audience") if isinstance(options, Mapping) else None
        return "shared" if told == "shared" else "pmo"


def _empty(columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(columns=columns, dtype="object")
