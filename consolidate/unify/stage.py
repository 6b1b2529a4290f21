"""The stage: what many workbooks say becomes one portfolio."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from consolidate.model.facts import Facts, Reading, facts_frame
from consolidate.model.finding import CellRef, Finding, Outcome, Severity
from consolidate.unify.long import Long, long, objects
from consolidate.unify.record_ids import assign
from consolidate.unify.settlement import Decided, settle_projects
from consolidate.unify.sources import (
    only_named,
)
from consolidate.unify.tables import merge_tables
from consolidate.unify.unified import Unified, UnifyOptions

_TIES_TOLD = 20
_WITHOUT_PROJECT = frozenset({"requests", "convergence", "meetings"})


def unify(
    reading: Reading, sources: pd.DataFrame, options: UnifyOptions | None = None
) -> Outcome[Unified]:
    """Settle identities, replace old versions, merge sources; give every record its id.

    The order of rows, workbooks and tables changes nothing but the order of rows.

    Args:
        reading: What was read, normalised.
        sources: One row a workbook: ``workbook``, ``state`` (empty when it was read),
            ``report_month`` (``YYYY-MM`` or empty).
        options: How to decide.

    Returns:
        The portfolio in long form, and findings: identities in doubt, conflicts with
        both cells, versions replaced, records tied.
    """
    alike = (options or UnifyOptions()).alike
    reading, ignored = _read_only(reading, sources)
    months = _months(sources)
    settled = settle_projects(reading, months, alike)
    longs = {name: long(facts) for name, facts in settled.reading.facts.items()}
    records, decided = settled.placed()
    records, tied = _identified(longs, records)
    merged = merge_tables(longs, records, settled, decided)
    findings = [
        *settled.findings,
        *tied,
        *merged.findings,
        *_unplaced(records, decided),
    ]
    unified = Unified(merged.facts, merged.records, settled.gone, ignored)
    return Outcome(unified, tuple(sorted(findings, key=_by_place)))


def _read_only(
    reading: Reading, sources: pd.DataFrame
) -> tuple[Reading, frozenset[str]]:
    """Leave out workbooks decided otherwise, and those that gave only their name."""
    records = reading.records
    decided = set(sources.loc[sources["state"].fillna("") != "", "workbook"])
    ignored = only_named(records) - decided
    gone = records["workbook"].isin(list(decided | ignored))
    if not gone.any():
        return reading, ignored
    facts = {
        table: Facts(
            table, f.frame.loc[~f.frame["workbook"].isin(list(decided | ignored))]
        )
        for table, f in reading.facts.items()
    }
    return Reading(facts, records.loc[~gone]), ignored


def _months(sources: pd.DataFrame) -> dict[str, str]:
    months = sources["report_month"].fillna("").astype(str)
    pairs = zip(sources["workbook"].tolist(), months.tolist(), strict=True)
    return {str(book): month for book, month in pairs if month}


def _identified(
    longs: Mapping[str, Long], records: pd.DataFrame
) -> tuple[pd.DataFrame, list[Finding]]:
    """Give every record its id; an old version's apart, not to count among the living."""
    ids = objects([""] * len(records))
    findings: list[Finding] = []
    for (table, living), rows in records.groupby(["table", "living"], sort=True):
        source = longs.get(str(table)) or long(Facts(str(table), facts_frame()))
        keys = rows["project_key"].to_numpy(dtype=object)
        given = assign(source, rows, keys)
        ids[rows.index.to_numpy()] = given.record_id
        if bool(living) is True and given.tied.any():
            named = rows.assign(group=given.group, name=given.name)
            findings += _ties(str(table), named.loc[given.tied])
    return records.assign(record_id=ids), findings


def _ties(table: str, rows: pd.DataFrame) -> list[Finding]:
    """Return an INFO for each two records that only the order of their values tells apart.

    The first few of a sheet: a sheet with more of them is built so.
    """
    found = []
    ordered = rows.sort_values(["workbook", "sheet", "row"], kind="stable")
    keys = ["workbook", "sheet", "region", "group"]
    ordered = ordered.loc[ordered["name"] != ""]
    firsts = ordered.drop_duplicates(keys)
    firsts = firsts.loc[firsts.groupby(["workbook", "sheet"]).cumcount() < _TIES_TOLD]
    others = ordered.loc[ordered.duplicated(keys)].drop_duplicates(keys)
    both = firsts.merge(others[[*keys, "row"]], on=keys, suffixes=("", "_other"))
    columns = ("workbook", "sheet", "row", "row_other", "name", "project_code")
    for workbook, sheet, row, other, name, code in zip(
        *(both[c].tolist() for c in columns), strict=True
    ):
        cell, beside = f"A{max(row, 1)}", f"A{max(other, 1)}"
        found.append(
            Finding(
                "identity-ambiguous",
                Severity.INFO,
                CellRef(workbook, sheet, cell),
                table=table,
                raw=name,
                project_code=code,
                params={
                    "this": f"« {name} »",
                    "other": f"« {name} »",
                    "other_cell": str(CellRef(workbook, sheet, beside)),
                },
            )
        )
    return found


def _unplaced(records: pd.DataFrame, decided: Decided) -> list[Finding]:
    """Tell of records whose project is in doubt, or that have none."""
    alive = set(records.loc[records["living"], "record"].tolist())
    used = {r for record, r in decided.references.items() if record in alive}
    found = [d.finding for r, d in decided.resolved.items() if d.finding and r in used]
    of_none = [r for r, said in decided.references.items() if said.of_no_project]
    lost = records.loc[
        records["living"]
        & (records["project_code"] == "")
        & ~records["table"].isin(list(_WITHOUT_PROJECT))
        & ~records["record"].isin(of_none)
    ]
    for (table, workbook, sheet), rows in lost.groupby(
        ["table", "workbook", "sheet"], sort=True
    ):
        first = int(rows["row"].min())
        found.append(
            Finding(
                "project-unknown",
                Severity.ERROR,
                CellRef(str(workbook), str(sheet), f"A{max(first, 1)}"),
                table=str(table),
                field="project_code",
                params={"count": str(len(rows))},
            )
        )
    return found


def _by_place(finding: Finding) -> tuple[str, str, str, str, str, str, str]:
    ref = finding.ref
    return (
        ref.workbook,
        ref.sheet,
        f"{ref.cell:>12}",
        finding.rule,
        finding.table,
        finding.field,
        repr(sorted(finding.params.items())),
    )
