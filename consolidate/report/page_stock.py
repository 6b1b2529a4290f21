"""What belongs to each project, gathered once for the pages of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from consolidate.report.html_context import Context
from consolidate.report.html_words import Record, records
from consolidate.report.page_alert import alerts_of, computed_of
from consolidate.report.page_listing import PICKS
from consolidate.report.page_load import sum_months
from consolidate.report.page_milestone import pick_milestones
from consolidate.report.page_rows import NONE, Picked, pick_rows


@dataclass(frozen=True, slots=True)
class Stock:
    """What belongs to each project, gathered once for all pages.

    Attributes:
        picked: By table, then by project code.
        months: Days by month, by project code.
        findings: Rows of the findings, by project code.
        sources: Sheets by workbook, by project code.
        alerts: Rows of the alerts, by project code.
        computed: The status that figures give, by project code.
    """

    picked: Mapping[str, Mapping[str, Picked]]
    months: Mapping[str, Sequence[Mapping[str, object]]]
    findings: Mapping[str, Sequence[Record]]
    sources: Mapping[str, Mapping[str, Sequence[str]]]
    alerts: Mapping[str, Sequence[Record]]
    computed: Mapping[str, str]

    def of(self, code: str) -> Mapping[str, Picked]:
        """Return the rows of one project, by table."""
        return {table: own.get(code, NONE) for table, own in self.picked.items()}


def gather(context: Context, fields: Sequence[str]) -> Stock:
    """Return what belongs to each project; the proofs of its own fields are made ready."""
    context.load("projects", context.everything, fields)
    picked = {table: pick_rows(context, pick) for table, pick in PICKS.items()}
    return Stock(
        {**picked, "milestones": pick_milestones(context)},
        sum_months(context),
        _findings(context),
        _sources(context),
        alerts_of(context),
        computed_of(context),
    )


def _findings(context: Context) -> Mapping[str, Sequence[Record]]:
    """Return findings by project; one without project is its workbook's only project's."""
    only = {
        str(r["workbook"]): str(r["project_codes"])
        for r in records(context.portfolio.workbooks, ("workbook", "project_codes"))
        if r["project_codes"] and ";" not in str(r["project_codes"])
    }
    found: dict[str, list[Record]] = {}
    for row in records(context.portfolio.findings):
        code = row["project_code"] or only.get(str(row["workbook"]))
        if code:
            found.setdefault(str(code), []).append(row)
    return found


def _sources(context: Context) -> Mapping[str, Mapping[str, Sequence[str]]]:
    columns = ["project_code", "workbook", "sheet"]
    tables = (f[columns].drop_duplicates() for f in context.portfolio.tables.values())
    every = pd.concat(tables, ignore_index=True).drop_duplicates()
    found: dict[str, dict[str, list[str]]] = {}
    for row in records(every.dropna(subset=["project_code"])):
        books = found.setdefault(str(row["project_code"]), {})
        books.setdefault(str(row["workbook"] or ""), []).append(str(row["sheet"] or ""))
    return found
