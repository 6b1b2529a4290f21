"""Every table merged: one record from its sources, with its project's code."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from consolidate.model.facts import Facts, changed, facts_frame
from consolidate.model.finding import Finding
from consolidate.unify.additions import (
    code_facts,
    criticality_facts,
    establishment_facts,
    kind_facts,
    with_rows,
)
from consolidate.unify.long import Bools, Ints, Long, Objects, ints, long, objects
from consolidate.unify.merge import merge, rank_records
from consolidate.unify.references import (
    NONE,
)
from consolidate.unify.settlement import Decided, Settlement
from consolidate.unify.unified import UNIFIED_COLUMNS


@dataclass(frozen=True, slots=True)
class Merged:
    """All tables merged.

    Attributes:
        facts: By table; ``record`` is the lead's number, ``used`` False for losers.
        records: Columns ``UNIFIED_COLUMNS``.
        findings: Conflicts, with both cells.
    """

    facts: Mapping[str, Facts]
    records: pd.DataFrame
    findings: list[Finding]


def merge_tables(
    longs: Mapping[str, Long],
    records: pd.DataFrame,
    settled: Settlement,
    decided: Decided,
) -> Merged:
    """Merge the records that share an id, and give each the code of its project.

    Args:
        longs: Facts by table.
        records: All records with ``project_key``, ``project_code``, ``record_id``,
            ``living``.
        settled: The projects.
        decided: How each record's project was decided.
    """
    records = records.assign(**_details(records, settled))
    out: dict[str, Facts] = {}
    findings: list[Finding] = []
    parts: list[pd.DataFrame] = []
    projects = longs.get("projects") or long(Facts("projects", facts_frame()))
    gives_code = _gives_code(projects)
    told = _named_twice(settled.findings)
    for table, rows in records.groupby("table", sort=True):
        source = longs.get(str(table)) or long(Facts(str(table), facts_frame()))
        made = _table(source, rows, settled, told)
        added = _codes(source, made, projects, gives_code, decided)
        parts.append(made.rows)
        findings += made.findings
        frame = made.frame
        out[str(table)] = Facts(
            str(table), with_rows(frame, [*made.added, added]).reset_index(drop=True)
        )
    whole = (
        pd.concat(parts).sort_index() if parts else records.assign(lead=0, used=True)
    )
    return Merged(out, whole[UNIFIED_COLUMNS].reset_index(drop=True), findings)


@dataclass(frozen=True, slots=True)
class _Table:
    """One table merged: its facts, its records with ``lead`` and ``used``, additions."""

    frame: pd.DataFrame
    rows: pd.DataFrame
    added: list[pd.DataFrame]
    findings: list[Finding]


def _table(
    source: Long, rows: pd.DataFrame, settled: Settlement, told: frozenset[str]
) -> _Table:
    index = pd.Index(rows["record"])
    where = index.get_indexer(pd.Index(source.record))
    counts = np.bincount(where[source.known & (where >= 0)], minlength=len(rows))
    lead = rows["record"].to_numpy(dtype=np.int64).copy()
    rank = np.zeros(len(rows), dtype=np.int64)
    living = rows["living"].to_numpy(dtype=bool) & ~_shown_elsewhere(
        source, where, counts
    )
    ranked = rank_records(
        rows.loc[living], settled.reported, counts[living].astype(np.int64)
    )
    lead[living], rank[living] = ranked.lead, ranked.rank
    # A record belongs to the facts it was read with: where is never -1.
    alive = dataclasses.replace(source, known=source.known & living[where])
    leads = lead[where] if len(where) else source.record
    codes = rows["project_code"].to_numpy(dtype=object)
    twice = [int(n) for n, code in zip(lead, codes, strict=True) if code in told]
    alive = _with_codes(alive, codes[where])
    keep, findings = merge(
        alive, leads, rank[where], twice if source.table == "projects" else ()
    )
    added = []
    if source.table == "risks":
        added.append(criticality_facts(alive, keep, leads))
    if source.table == "projects":
        added.append(establishment_facts(alive, keep, leads))
        added.append(kind_facts(alive, keep, leads))
    frame = changed(alive.frame, record=leads, used=keep)
    used = living & (lead == rows["record"].to_numpy())
    return _Table(frame, rows.assign(lead=lead, used=used), added, findings)


def _shown_elsewhere(source: Long, where: Ints, counts: Ints) -> Bools:
    """Return which records reading marked as shown elsewhere in their workbook too.

    All of their values were understood and none is used: a hidden old copy.
    """
    idle = ~source.frame["used"].to_numpy(dtype=bool) & source.frame["value"].notna()
    spare = np.bincount(where[idle & (where >= 0)], minlength=len(counts))
    hidden: Bools = (spare > 0) & (counts == 0)
    return hidden


def _with_codes(source: Long, codes: Objects) -> Long:
    """Publish the settled code in the place of the code as written."""
    if "project_code" not in source.names:
        return source
    own = source.field == source.names["project_code"]
    value = source.value.copy()
    value[own] = codes[own]
    value[own & (codes == "")] = None
    known = source.known & ~(own & (codes == ""))
    frame = changed(source.frame, value=value)
    return dataclasses.replace(source, frame=frame, value=value, known=known)


def _gives_code(projects: Long) -> dict[int, int]:
    """Return, by project record, the position of its code, else of its name."""
    at = np.concatenate([projects.best("name"), projects.best("project_code")])
    return dict(zip(projects.record[at].tolist(), at.tolist(), strict=True))


def _codes(
    source: Long,
    made: _Table,
    projects: Long,
    gives_code: Mapping[int, int],
    decided: Decided,
) -> pd.DataFrame:
    """Return the codes of the records of a table that bear none themselves."""
    bearing = made.frame["used"].to_numpy() & (
        source.field == source.names.get("project_code", -1)
    )
    has = set(made.frame["record"].to_numpy()[bearing].tolist())
    rows = made.rows
    lacking = rows["used"] & (rows["project_code"] != "") & ~rows["record"].isin(has)
    wanted = rows.loc[lacking]
    names = _positions(source, "name" if source.table == "projects" else "project_name")
    of_project = dict(
        zip(projects.record.tolist(), [0] * len(projects.record), strict=True)
    )
    own_at, project_at = [], []
    by_key = _first_of_key(made, gives_code)
    for record, link, code in zip(
        *(wanted[c].tolist() for c in ("record", "project", "project_code")),
        strict=True,
    ):
        reference = decided.references.get(record)
        named = source.table == "projects" or (
            reference is not None and decided.resolved[reference].by != "link"
        )
        own_at.append(names.get(record, NONE) if named else NONE)
        linked = link if link in of_project else NONE
        project_at.append(gives_code.get(linked, by_key.get(code, NONE)))
    return code_facts(wanted, source, projects, ints(own_at), ints(project_at))


def _positions(source: Long, field: str) -> dict[int, int]:
    at = source.best(field)
    return dict(zip(source.record[at].tolist(), at.tolist(), strict=True))


def _first_of_key(made: _Table, gives_code: Mapping[int, int]) -> dict[str, int]:
    if "projects" not in set(made.rows["table"]):
        return {}
    own = made.rows.loc[made.rows["used"]]
    pairs = zip(own["project_code"].tolist(), own["record"].tolist(), strict=True)
    return {code: gives_code[r] for code, r in pairs if r in gives_code}


def _details(records: pd.DataFrame, settled: Settlement) -> dict[str, Objects]:
    """Return whether each record's workbook details its project, and its own date."""
    child = records.loc[records["table"] != "projects", ["workbook", "project_key"]]
    detailed = set(
        zip(child["workbook"].tolist(), child["project_key"].tolist(), strict=True)
    )
    pairs = zip(
        records["workbook"].tolist(), records["project_key"].tolist(), strict=True
    )
    numbers = np.where(
        records["table"] == "projects", records["record"], records["project"]
    ).tolist()
    return {
        "detailed": objects([pair in detailed for pair in pairs]),
        "reported": objects([settled.by_record.get(n) for n in numbers]),
    }


def _named_twice(findings: Sequence[Finding]) -> frozenset[str]:
    return frozenset(
        f.project_code for f in findings if f.rule == "project-names-differ"
    )
