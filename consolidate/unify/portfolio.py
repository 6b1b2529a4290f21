"""Lineage and workbooks as published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from consolidate.model.facts import FACT_TEXTS, Facts, addresses, listed, stacked, texts
from consolidate.model.finding import Finding, Severity
from consolidate.model.portfolio import LINEAGE_COLUMNS, WORKBOOK_COLUMNS
from consolidate.model.schema import TABLES
from consolidate.unify.long import Ints
from consolidate.unify.unified import Unified

_LEFT_OUT = ("region-", "row-")


def build_lineage(facts: Mapping[str, Facts], records: pd.DataFrame) -> pd.DataFrame:
    """Return where every value comes from, the ones that lost included.

    Args:
        facts: By table, after validation; ``record`` is the lead's number.
        records: ``Unified.records``: gives each lead its ``record_id``.

    Returns:
        Columns ``LINEAGE_COLUMNS``, texts as categories; only values that were
        understood; by table, record, what was read before what was derived, field, then
        the value used before the others, then place.
    """
    known = {
        t: np.flatnonzero(facts[t].frame["value"].notna()) for t in TABLES if t in facts
    }
    kept = {t: at for t, at in known.items() if len(at)}
    if not kept:
        return pd.DataFrame({c: pd.Series(dtype=object) for c in LINEAGE_COLUMNS})

    def whole(name: str) -> Any:
        return stacked([facts[t].frame[name].take(at) for t, at in kept.items()])

    tables = np.repeat(np.arange(len(kept)), [len(at) for at in kept.values()])
    at = pd.Index(records["record"]).get_indexer(pd.Index(whole("record")))
    row, col, used = whole("row"), whole("col"), whole("used")
    columns = {
        "table": listed(tables, [*kept]),
        "record_id": _sorted(
            texts(records["record_id"].to_numpy(dtype=object)).take(at)
        ),
        "cell": _sorted(addresses(row, col)),
        "confidence": whole("confidence"),
        "used": used,
        **{name: _sorted(whole(name)) for name in FACT_TEXTS},
    }
    order = _order(columns, row, col, used)
    ordered = {name: columns.pop(name).take(order) for name in LINEAGE_COLUMNS}
    return pd.DataFrame(ordered, copy=False)


def build_workbooks(
    sources: pd.DataFrame,
    unified: Unified,
    findings: Iterable[Finding],
    left_out: Iterable[str] = (),
) -> pd.DataFrame:
    """Return one row a workbook received, with its state settled.

    Args:
        sources: ``workbook``, ``state`` (empty when it was read), and as many of the
            other ``WORKBOOK_COLUMNS`` as are known.
        unified: The portfolio.
        findings: All of the run; an ERROR on a region or a row makes a workbook partial.
        left_out: Workbooks of which a region or a row with data was left out.

    Returns:
        Columns ``WORKBOOK_COLUMNS``, ordered by name.
    """
    partial = set(left_out) | {
        f.ref.workbook
        for f in findings
        if f.severity is Severity.ERROR
        and f.rule.startswith((*_LEFT_OUT, "missing-name"))
    }
    records = unified.records
    known = set(records["workbook"])
    codes = _codes_by_workbook(records)
    frame = sources.sort_values("workbook", kind="stable").reset_index(drop=True)
    books = [str(b) for b in frame["workbook"]]
    given = [s if isinstance(s, str) else "" for s in frame["state"]]
    told = frame["reason"].tolist() if "reason" in frame else [""] * len(frame)
    settled = [
        _settled(book, state, reason, unified.superseded, known, partial)
        for book, state, reason in zip(books, given, told, strict=True)
    ]
    states, reasons = [s for s, _ in settled], [r for _, r in settled]
    listed = [codes.get(b, "") for b in books]
    filled = frame.assign(state=states, reason=reasons, project_codes=listed)
    return filled.reindex(columns=WORKBOOK_COLUMNS)


def _settled(
    workbook: str,
    state: str,
    reason: object,
    replaced: Mapping[str, str],
    known: set[str],
    partial: set[str],
) -> tuple[str, str]:
    """Return state and reason of a workbook; one decided before stays as it is."""
    why = reason if isinstance(reason, str) else ""
    if state:
        return state, why
    if workbook in replaced:
        return "superseded", replaced[workbook]
    if workbook in partial:
        return "partial", why
    return ("consolidated" if workbook in known else "ignored"), why


def _codes_by_workbook(records: pd.DataFrame) -> dict[str, str]:
    own = records.loc[records["project_code"] != "", ["workbook", "project_code"]]
    own = own.drop_duplicates().sort_values(["workbook", "project_code"])
    grouped = own.groupby("workbook", sort=True)["project_code"].agg(";".join)
    return {str(book): str(codes) for book, codes in grouped.items()}


def _order(
    columns: Mapping[str, Any], row: Ints, col: Ints, used: npt.NDArray[np.bool_]
) -> Ints:
    """Return the order of lineage, from its columns; no sheet is before any sheet."""

    def code(name: str) -> tuple[Ints, int]:
        return columns[name].codes.astype(np.int64), len(columns[name].categories) + 1

    (table, _), (record, records) = code("table"), code("record_id")
    (field, fields), (workbook, _) = code("field"), code("workbook")
    sheet, sheets = code("sheet")
    made = np.asarray(columns["method"] == "derived")
    which = (table * records + record) * 2 + made
    which = (which * fields + field) * 2 + ~used
    where = workbook * sheets + sheet + 1
    where = (where << 35) + (row.astype(np.int64) << 14) + col
    return np.lexsort((where, which)).astype(np.int64)


def _sorted(column: pd.Categorical) -> pd.Categorical:
    """Return texts as places in the sorted list of those that occur."""
    known = column.categories.to_numpy(dtype=object)
    count = np.bincount(column.codes[column.codes >= 0], minlength=len(known))
    present = np.flatnonzero(count)
    order = present[np.argsort(known[present])]
    place = np.full(len(known) + 1, -1, dtype=np.int32)  # the last is for no text
    place[order] = np.arange(len(order))
    return listed(place[column.codes], known[order])
