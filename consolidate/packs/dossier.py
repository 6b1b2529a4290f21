"""The dossier of a project: every budget, date, decision and correction, month after month.

For an audit: each value with what was written, in which cell of which file, and the hash
that names the file's bytes in the archive.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from consolidate.analyse.history import NAMES
from consolidate.model.pack import Block, Column, Pack, Section, Table, Text
from consolidate.model.portfolio import Portfolio
from consolidate.model.schema import Field
from consolidate.packs.data import PackData
from consolidate.packs.frame import file_name, pack
from consolidate.report import format as shown

TABLES = ("projects", "milestones", "budget_lines", "actions")
_TYPES = ("money", "date")
_TEXTS = ("decisions",)
_DECISIONS = ("decision", "change_request", "re_baseline")
_KEYS = ["table", "record_id", "field"]
_SHORT = 16
"""Digits of a hash that are shown: enough to find the file in the archive."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One month of one project, as the store has it.

    Attributes:
        period: ``YYYY-MM``.
        state: ``provisional``, ``closed`` or ``reopened``.
        version: Of the month when it was closed; 0 before.
        at, by, reason: When and by whom it was closed or reopened, and why.
        portfolio: What the month holds of the project, lineage included.
    """

    period: str
    state: str
    version: int
    at: str
    by: str
    reason: str
    portfolio: Portfolio


def dossier(data: PackData, code: str, months: Sequence[Kept]) -> Pack:
    """Return the dossier of a project.

    Args:
        data: The last month.
        code: Of the project.
        months: Oldest first, each cut down to the project.
    """
    frames = [values(data, kept) for kept in months]
    told = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    sections = (
        _life(data, months),
        _section(data, "changes", changes(told)),
        _section(data, "decisions", _decisions(data, code, months)),
        _section(data, "corrections", told[told["method"] == "correction"]),
        _section(data, "values", told),
        _files(data, months),
    )
    name = file_name("dossier", code)
    return pack(data, "dossier", sections, name=name, subject=code)


def values(data: PackData, kept: Kept) -> pd.DataFrame:
    """Return every amount, date and decision of a month with its cell and its file.

    Returns:
        ``month``, ``object``, ``field_word``, ``value``, ``raw``, ``method``,
        ``confidence``, ``used`` (in words), ``file``, ``cell``, and the keys ``table``,
        ``record_id`` and ``field``. What lost against another source is told too.
    """
    here = kept.portfolio
    lineage = here.lineage.astype("object")
    wanted = pd.DataFrame(_fields(data), columns=["table", "field", "field_word"])
    own = lineage.merge(wanted, on=["table", "field"])
    held = own[_KEYS].merge(_held(data, here, wanted), how="left", on=_KEYS)
    hashes = here.workbooks.drop_duplicates("workbook").set_index("workbook")["sha256"]
    used = own["used"].astype("bool")
    place = own["sheet"].fillna("") + " ! " + own["cell"].fillna("")
    return own.assign(
        month=kept.period,
        object=held["object"],
        value=held["value"].where(used, None),
        used=used.map({True: data.tr("dossier-used"), False: data.tr("dossier-lost")}),
        file=own["workbook"].map(hashes).str.slice(0, _SHORT),
        cell=place.str.strip(" !"),
    )


def _fields(data: PackData) -> Iterator[tuple[str, str, str]]:
    for table in TABLES:
        for field in data.schemas.tables[table].fields:
            if field.type in _TYPES or field.name in _TEXTS:
                yield table, field.name, field.label.get(data.lang, field.name)


def _held(data: PackData, here: Portfolio, wanted: pd.DataFrame) -> pd.DataFrame:
    """Return what each field of each record holds, as people write it."""
    parts = []
    for table, fields in wanted.groupby("table")["field"]:
        frame = here.tables[str(table)].drop_duplicates("record_id")
        names = [f for f in fields if f in frame]
        spec = data.schemas.tables[str(table)].by_name
        told = {n: frame[n].map(lambda v, f=spec[n]: _shown(v, f, data.lang)) for n in names}  # fmt: skip
        wide = pd.DataFrame({"record_id": frame["record_id"], **told}, dtype="object")
        long = wide.melt("record_id", var_name="field", value_name="value")
        named = frame.set_index("record_id").reindex(columns=NAMES[str(table)])
        first = named.astype("object").bfill(axis=1).iloc[:, 0]
        parts.append(long.assign(table=table, object=long["record_id"].map(first)))
    return pd.concat(parts, ignore_index=True)


def _shown(value: Any, field: Field, lang: str) -> str | None:
    if value is None or value != value:  # noqa: PLR0124 - NaN
        return None
    if isinstance(value, date):
        return shown.day(value, lang)
    return shown.euros(float(value), lang) if field.type == "money" else str(value)


def changes(told: pd.DataFrame) -> pd.DataFrame:
    """Return the values that are not those of the last month that told them.

    Args:
        told: See ``values``, of all months.

    Returns:
        The rows that changed, with ``before`` and ``before_cell``.
    """
    own = told[told["value"].notna()].drop_duplicates(["month", *_KEYS])
    own = own.sort_values(["month", *_KEYS], kind="stable")
    groups = own.groupby(_KEYS, sort=False)
    own = own.assign(
        before=groups["value"].shift(),
        before_cell=(own["workbook"] + " ! " + own["cell"])
        .groupby([own[k] for k in _KEYS], sort=False)
        .shift(),
    )
    changed: pd.DataFrame = own[own["before"].notna() & own["before"].ne(own["value"])]
    return changed


def _decisions(data: PackData, code: str, months: Sequence[Kept]) -> pd.DataFrame:
    """Return the decisions that workbooks and reviews tell, each once, as last told."""
    rows = []
    for kept in months:
        table = kept.portfolio.tables["actions"]
        own = table[table["kind"].isin(_DECISIONS)]
        rows.append(
            pd.DataFrame(
                {
                    "month": kept.period,
                    "key": own["record_id"],
                    "object": own["title"].fillna(own["description"]),
                    "owner": own["owner"],
                    "due": own["due_date"],
                    "state": data.words("action_state", own["state"]),
                    "cell": own["workbook"] + " ! " + own["sheet"].fillna("") + " ! " + own["row"].astype("str"),
                }
            ).astype("object")
        )  # fmt: skip
    register = data.registers.get("decisions")
    if register is not None and len(register):
        own = register[register["project_code"] == code]
        rows.append(
            pd.DataFrame(
                {
                    "month": own["told_in"],
                    "key": own["id"],
                    "object": own["decision"].fillna(own["subject"]),
                    "owner": own["owner"],
                    "due": own["due"],
                    "state": data.words("action_state", own["state"]),
                    "cell": own["cell"],
                }
            ).astype("object")
        )
    filled = [r for r in rows if len(r)]
    if not filled:
        return pd.DataFrame(columns=["month", "key", "object", "owner", "due", "state", "cell"])  # fmt: skip
    every = pd.concat(filled, ignore_index=True).sort_values("month", kind="stable")
    return every.drop_duplicates("key", keep="last")


_COLUMNS = {
    "changes": (
        *("month", "object", "field_word", "before", "value"),
        *("before_cell", "workbook", "file", "cell"),
    ),
    "decisions": ("month", "object", "owner", "due", "state", "cell"),
    "corrections": ("month", "object", "field_word", "value", "raw", "workbook", "cell"),
    "values": (
        *("month", "object", "field_word", "value", "raw", "used"),
        *("workbook", "file", "cell"),
    ),
    "files": ("month", "workbook", "sha256", "received_at", "state"),
}  # fmt: skip


def _section(data: PackData, name: str, frame: pd.DataFrame) -> Section:
    table = _table(data, name, frame)
    lead = data.plural(f"dossier-{name}-lead", len(frame))
    return Section(name, data.tr(f"dossier-{name}"), (table,), lead)


def _table(data: PackData, name: str, frame: pd.DataFrame) -> Table:
    kinds = {"month": "month", "due": "date", "cell": "source", "before_cell": "source"}
    columns = tuple(
        Column(n, data.tr(f"dossier-col-{n.replace('_', '-')}"), kinds.get(n, "text"))  # type: ignore[arg-type]
        for n in _COLUMNS[name]
    )
    empty = data.tr(f"dossier-{name}-empty")
    return Table(name, data.tr(f"dossier-{name}-table"), columns, frame, empty=empty)


def _life(data: PackData, months: Sequence[Kept]) -> Section:
    """Return the months of the dossier, and what became of each."""
    lines = tuple(
        data.tr(
            f"dossier-month-{kept.state}",
            month=shown.month(kept.period, data.lang),
            version=kept.version,
            at=kept.at,
            by=kept.by,
            reason=kept.reason or "–",
        )
        for kept in months
    )
    blocks: tuple[Block, ...] = (Text(lines),)
    lead = data.plural("dossier-months-lead", len(months))
    return Section("months", data.tr("dossier-months"), blocks, lead)


def _files(data: PackData, months: Sequence[Kept]) -> Section:
    """Return the workbooks of each month, with their whole hashes."""
    parts = [kept.portfolio.workbooks.assign(month=kept.period) for kept in months]
    every = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    return _section(data, "files", every)
