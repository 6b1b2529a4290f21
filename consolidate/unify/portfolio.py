"""Lineage and workbooks as published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from consolidate.model.address import a1
from consolidate.model.facts import Facts
from consolidate.model.finding import Finding, Severity
from consolidate.model.portfolio import LINEAGE_COLUMNS, WORKBOOK_COLUMNS
from consolidate.model.schema import TABLES
from consolidate.unify.long import Ints, Objects, objects
from consolidate.unify.unified import Unified

_WIDTH = 16384
_LEFT_OUT = ("region-", "row-")
_ORDERED = ("field", "workbook", "sheet", "row", "col", "used", "method")


def build_lineage(facts: Mapping[str, Facts], records: pd.DataFrame) -> pd.DataFrame:
    """Return where every value comes from, the ones that lost included.

    Args:
        facts: By table, after validation; ``record`` is the lead's number.
        records: ``Unified.records``: gives each lead its ``record_id``.

    Returns:
        Columns ``LINEAGE_COLUMNS``; only values that were understood; by table, record,
        what was read before what was derived, field, then the value used before the
        others, then place.
    """
    named = [t for t in TABLES if t in facts and facts[t].frame["value"].notna().any()]
    frames = [facts[t].frame for t in named]
    if not frames:
        return pd.DataFrame({c: pd.Series(dtype=object) for c in LINEAGE_COLUMNS})

    def whole(name: str) -> npt.NDArray[Any]:
        return np.concatenate([frame[name].to_numpy() for frame in frames])

    kept = np.flatnonzero(pd.notna(whole("value")))
    tables = np.repeat(np.arange(len(named)), [len(f) for f in frames])[kept]
    numbers = pd.Index(whole("record")[kept])
    at = pd.Index(records["record"]).get_indexer(numbers)
    order = _order(
        tables,
        records["record_id"].to_numpy(dtype=object),
        at,
        {name: whole(name)[kept] for name in _ORDERED},
    )
    kept = kept[order]
    made: dict[str, npt.NDArray[Any]] = {
        "table": objects(named)[tables[order]],
        "record_id": records["record_id"].to_numpy(dtype=object)[at[order]],
        "cell": _cells(whole("row")[kept], whole("col")[kept]),
        "raw": _raw_texts(whole("raw")[kept]),
    }
    columns = {
        name: made[name] if name in made else whole(name)[kept]
        for name in LINEAGE_COLUMNS
    }
    return pd.DataFrame(
        {n: pd.Series(c, dtype=c.dtype, copy=False) for n, c in columns.items()},
        copy=False,
    )


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


def raw_text(value: object) -> str:
    """Return what a cell holds as text: ISO dates, integral numbers without ``.0``."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return _typed_text(value)


def _typed_text(value: object) -> str:
    text = str(value)
    if isinstance(value, bool | np.bool_):
        text = text.lower()
    elif isinstance(value, float | np.floating):
        text = str(int(value)) if float(value).is_integer() else repr(float(value))
    elif isinstance(value, datetime):
        midnight = value.time() == time(0)
        text = value.date().isoformat() if midnight else value.isoformat(" ")
    elif isinstance(value, date | time):
        text = value.isoformat()
    elif isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        text = f"{minutes // 60}:{minutes % 60:02d}"
    return text


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


def _raw_texts(raw: Objects) -> Objects:
    known: dict[type, _Known] = defaultdict(_Known)
    return objects([v if type(v) is str else known[type(v)][v] for v in raw.tolist()])


class _Known(dict[object, str]):
    """Texts of the values of one type, each made once: 1 and True are not one value."""

    def __missing__(self, value: object) -> str:
        text = self[value] = raw_text(value)
        return text


def _order(
    tables: Ints, ids: Objects, record: Ints, facts: Mapping[str, npt.NDArray[Any]]
) -> Ints:
    """Return the order of lineage.

    Args:
        tables: Rank of each fact's table.
        ids: Ids of all records.
        record: Position in ``ids`` of each fact's record.
        facts: The columns ``_ORDERED``, as long as ``tables``.
    """
    rank = _ranks(ids)
    field, book = _ranks(facts["field"]), _ranks(facts["workbook"])
    sheet = _ranks(pd.Series(facts["sheet"], dtype=object).fillna("").to_numpy())
    lost, made = ~facts["used"].astype(bool), facts["method"] == "derived"
    which = ((tables * (rank.max() + 1) + rank[record]) * 2 + made) * 2048
    which += field * 2 + lost
    where = (book * (int(sheet.max()) + 1) + sheet) * (1 << 35)
    where += facts["row"] * (1 << 14) + facts["col"]
    return np.lexsort((where, which)).astype(np.int64)


def _ranks(texts: Objects) -> Ints:
    """Return the place of each text among all, in order; the same for equal ones."""
    return pd.factorize(texts, sort=True)[0].astype(np.int64)


def _cells(row: Ints, col: Ints) -> Objects:
    codes, spots = pd.factorize(row * (_WIDTH + 1) + col)
    texts = objects(
        [
            a1(spot // (_WIDTH + 1) - 1, spot % (_WIDTH + 1) - 1)
            if spot > _WIDTH and spot % (_WIDTH + 1)
            else ""
            for spot in spots.tolist()
        ]
    )
    return texts[codes]
