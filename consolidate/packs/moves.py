"""What moved between two months, as a pack: both values, both cells, what needs a look first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from consolidate.analyse.movements import MOVES
from consolidate.model.pack import Column, Figure, Figures, Pack, Section, Table
from consolidate.packs.data import PackData
from consolidate.packs.frame import pack
from consolidate.report import format as shown
from consolidate.report import moves as told

_MOST = 400


def moves_pack(data: PackData, found: pd.DataFrame, before: str) -> Pack:
    """Return what moved since a month.

    Args:
        data: The later month.
        found: As ``compare`` returns it.
        before: The earlier month, ``YYYY-MM``.
    """
    months = {"before": before, "after": data.portfolio.period}
    rows = found.astype("object").where(found.notna(), None)
    words = {f"month_{k}": shown.month(v, data.lang) for k, v in months.items()}
    sections = [_summary(data, found, months)]
    sections += [
        _section(data, kind, own, months)
        for kind in MOVES
        for own in [rows[rows["move"] == kind]]
        if len(own)
    ]
    name = f"diff-{before}-{data.portfolio.period}"
    subject = data.tr("moves-since", **words)
    return pack(data, "diff", sections, name=name, subject=subject)


def _summary(data: PackData, found: pd.DataFrame, months: Mapping[str, str]) -> Section:
    counts = found["move"].value_counts()
    figures = tuple(
        Figure(data.tr(f"move-{kind}", **months), int(counts.get(kind, 0)))
        for kind in MOVES
        if counts.get(kind, 0)
    )
    lead = data.plural("cli-diff", len(found), **months)
    return Section("moves", data.tr("moves"), (Figures(figures),) if figures else (), lead)  # fmt: skip


def _section(
    data: PackData, kind: str, rows: pd.DataFrame, months: Mapping[str, str]
) -> Section:
    records = rows.head(_MOST).to_dict("records")
    frame = pd.DataFrame([_row(data, move) for move in records], dtype="object")
    columns = (
        Column("project_code", data.label("projects", "project_code"), "code"),
        Column("project", data.label("projects", "name")),
        Column("object", data.tr("moves-object")),
        Column("field", data.tr("moves-field")),
        Column("before", data.tr("moves-before", month=months["before"])),
        Column("after", data.tr("moves-after", month=months["after"])),
        Column("amount", data.tr("moves-amount")),
        Column("before_cell", data.tr("moves-before-cell"), "source"),
        Column("after_cell", data.tr("moves-after-cell"), "source"),
    )
    title = data.tr(f"move-{kind}", **months)
    note = ""
    if len(rows) > _MOST:
        note = data.tr("part-first-of", shown=_MOST, all=len(rows))
    table = Table(kind, title, columns, frame, note)
    return Section(kind, data.tr(f"moves-{kind}"), (table,), title)


def _row(data: PackData, move: Mapping[Any, Any]) -> dict[str, Any]:
    given: dict[str, str | None] = dict.fromkeys(("before", "after", "field", "amount"))
    if move["field"]:
        schemas, lang = data.schemas, data.lang
        given = {
            "before": told.value(move, "before", schemas, lang),
            "after": told.value(move, "after", schemas, lang),
            "field": told.field(move, schemas, lang),
            "amount": told.amount(move, lang) or None,
        }
    names = ("project_code", "project", "object", "before_cell", "after_cell")
    return {**{n: move[n] for n in names}, **given}
