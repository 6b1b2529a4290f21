"""Let the PMO's corrections go before what the workbooks say."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from consolidate.model.correction import Correction
from consolidate.model.facts import Facts, changed, facts_frame, joined
from consolidate.model.finding import CellRef, Finding, Outcome, Severity
from consolidate.model.text import fold
from consolidate.unify.codes import code_key
from consolidate.unify.long import cell_ref
from consolidate.unify.merge import same_value
from consolidate.unify.unified import Unified

_NAMING = ("code", "name", "title", "label", "requirement", "indicator")
"""Fields a record goes by, in any table."""


def correct(
    unified: Unified,
    corrections: Sequence[Correction],
    values: Mapping[str, Facts],
    unread: frozenset[CellRef] = frozenset(),
) -> Outcome[Unified]:
    """Return the portfolio with the corrections in it, and a finding for each.

    A corrected value is used with the method ``correction``; those it replaces stay in
    the facts, no longer used. A word for "no value" empties the field.

    Args:
        unified: The portfolio in long form.
        corrections: Of the month.
        values: Their values, normalised: one fact each, ``record`` is its number.
        unread: Places of values that were not understood; told already.
    """
    findings: list[Finding] = []
    facts = dict(unified.facts)
    by_number = _by_number(values)
    for one in corrections:
        if one.ref in unread:
            continue
        leads = _targets(unified, one)
        if len(leads) != 1:
            findings.append(_unmatched(one, len(leads)))
            continue
        table = facts.get(one.table, Facts(one.table, facts_frame()))
        given = by_number.get((one.table, one.number))
        made, finding = _corrected(table.frame, leads[0], one, given)
        facts[one.table] = Facts(one.table, made)
        findings.append(finding)
    return Outcome(dataclasses.replace(unified, facts=facts), tuple(findings))


def _by_number(values: Mapping[str, Facts]) -> Mapping[tuple[str, int], pd.DataFrame]:
    return {
        (table, int(str(number))): rows
        for table, facts in values.items()
        for number, rows in facts.frame[
            (facts.frame["method"] == "correction") & facts.frame["used"]
        ].groupby("record", sort=True)
    }


def _targets(unified: Unified, one: Correction) -> list[int]:
    """Return the records of the portfolio that a correction names."""
    records = unified.records
    own = records[records["used"] & (records["table"] == one.table)]
    codes = own["project_code"].map(code_key)
    own = own[codes == code_key(one.project)]
    if one.table == "projects":
        return [int(n) for n in own["lead"]]
    by_id = own.loc[own["record_id"] == one.record, "lead"]
    if len(by_id) or one.table not in unified.facts:
        return [int(n) for n in by_id]
    frame = unified.facts[one.table].frame
    named = frame[
        frame["field"].isin(_NAMING) & frame["record"].isin(own["lead"]) & frame["used"]
    ]
    wanted = fold(one.record)
    same = named["value"].map(lambda value: fold(str(value)) == wanted)
    return sorted({int(n) for n in named.loc[same, "record"]})


def _corrected(
    frame: pd.DataFrame, lead: int, one: Correction, given: pd.DataFrame | None
) -> tuple[pd.DataFrame, Finding]:
    at = np.flatnonzero(
        (frame["record"] == lead) & (frame["field"] == one.field) & frame["used"]
    )
    used = frame["used"].to_numpy(dtype=bool).copy()
    used[at] = False
    parts = [changed(frame, used=used)]
    if given is not None:
        parts.append(changed(given, record=np.full(len(given), lead)))
    before = frame.iloc[at[:1]]
    return joined(parts), _told(one, before, given)


def _told(one: Correction, before: pd.DataFrame, given: pd.DataFrame | None) -> Finding:
    was = before["value"].iat[0] if len(before) else None
    now = given["value"].iat[0] if given is not None else None
    params = {
        "other": str(before["raw"].iat[0]) if len(before) else "",
        "other_cell": str(cell_ref(before, 0)) if len(before) else "",
        "reason": one.reason,
        "author": one.author,
        "until": one.until,
    }
    return Finding(
        "correction-needless" if same_value(was, now) else "value-corrected",
        Severity.INFO,
        one.ref,
        table=one.table,
        field=one.field,
        raw=one.raw,
        project_code=one.project,
        params=params,
    )


def _unmatched(one: Correction, count: int) -> Finding:
    return Finding(
        "correction-unmatched",
        Severity.ERROR,
        one.ref,
        table=one.table,
        field=one.field,
        raw=one.raw,
        params={"project": one.project, "record": one.record, "count": str(count)},
    )
