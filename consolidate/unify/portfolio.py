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
_TEXTS = ("field", "workbook", "sheet", "number_format", "method", "derived_from")


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
    row, col, used = (whole(name)[kept] for name in ("row", "col", "used"))
    listed = {
        "table": _categories(tables, objects(named)),
        "record_id": _listed(records["record_id"].to_numpy(dtype=object)).take(at),
        "cell": _cells(row, col),
        "raw": _categories(*pd.factorize(_raw_texts(whole("raw")[kept]))),
        **{name: _listed(whole(name)[kept]) for name in _TEXTS},
    }
    order = _order(listed, row, col, used.astype(bool))
    columns = {
        name: listed[name].take(order) if name in listed else whole(name)[kept][order]
        for name in LINEAGE_COLUMNS
    }
    return pd.DataFrame(columns, copy=False)


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
    listed: Mapping[str, pd.Categorical],
    row: Ints,
    col: Ints,
    used: npt.NDArray[np.bool_],
) -> Ints:
    """Return the order of lineage, from its columns; no sheet is before any sheet."""
    code = {name: column.codes.astype(np.int64) for name, column in listed.items()}
    size = {name: len(column.categories) + 1 for name, column in listed.items()}
    derived = np.flatnonzero(listed["method"].categories == "derived")
    made = np.isin(code["method"], derived)
    which = (code["table"] * size["record_id"] + code["record_id"]) * 2 + made
    which = (which * size["field"] + code["field"]) * 2 + ~used
    where = code["workbook"] * size["sheet"] + code["sheet"] + 1
    where = (where << 35) + (row << 14) + col
    return np.lexsort((where, which)).astype(np.int64)


def _listed(texts: Objects) -> pd.Categorical:
    """Return texts as places in the sorted list of them, several times smaller."""
    return _categories(*pd.factorize(texts, sort=True))


def _categories(codes: Ints, texts: Objects) -> pd.Categorical:
    # Said to be objects: pandas would make other texts of them.
    return pd.Categorical.from_codes(codes, pd.Index(texts, dtype=object))


def _cells(row: Ints, col: Ints) -> pd.Categorical:
    codes, spots = pd.factorize(row * (_WIDTH + 1) + col)
    texts = objects(
        [
            a1(spot // (_WIDTH + 1) - 1, spot % (_WIDTH + 1) - 1)
            if spot > _WIDTH and spot % (_WIDTH + 1)
            else ""
            for spot in spots.tolist()
        ]
    )
    places = _listed(texts)
    return places.take(codes)
