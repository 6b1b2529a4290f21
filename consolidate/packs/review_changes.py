"""What changed since the last review, with both cells."""

from __future__ import annotations

import pandas as pd

from consolidate.model.pack import Figure, Figures, Section, Table, Text
from consolidate.packs.cells import cells
from consolidate.packs.data import PackData
from consolidate.packs.review_decisions import moved, rebaselines
from consolidate.packs.review_shape import NONE, columns, month_named, otherwise
from consolidate.report import moves as shown

_TOLD = ("missing", "worse", "rebaselined", "slipped", "dearer", "ended")
_LISTED = 200


def section(data: PackData) -> Section:
    """Return what changed since the last closed month, what needs a look first."""
    title = data.tr("review-changes")
    if data.closed is None:
        lead = data.tr("review-no-closed")
        return Section("changes", title, (Text((lead,), "unknown"),))
    found = changes(data)
    months = _months(data)
    table = Table(
        id="changes",
        title=data.plural("review-changes-table", len(found), **months),
        columns=columns(
            data,
            move_word="text",
            project_code="code",
            project="text",
            object="text",
            field_word="text",
            was="text",
            now="text",
            by="text",
            before_cell="source",
            after_cell="source",
        ),
        frame=found.head(_LISTED),
        note=_note(data, len(found)),
        empty=data.tr("review-changes-empty", **months),
        group="move_word",
    )
    lead = data.plural("review-changes-lead", found["project_code"].nunique(), **months)
    return Section("changes", title, (_figures(data, found), table), lead)


def changes(data: PackData) -> pd.DataFrame:
    """Return the movements since the last closed month in words, with both cells."""
    last, here = data.closed, data.portfolio
    assert last is not None
    found = moved(data)
    decided = found["project_code"].isin(rebaselines(data))
    decided &= found["move"] == "rebaselined"
    found = found[(found["move"] != "unchanged") & ~decided].reset_index(drop=True)
    own = found.astype("object").where(found.notna(), None).to_dict("records")
    lang, schemas = data.lang, data.schemas
    words = _months(data)
    told = [m for m in own if m["field"]]
    place = [k for k, m in enumerate(own) if m["field"]]
    words_of = [
        (
            shown.field(m, schemas, lang),
            shown.value(m, "before", schemas, lang),
            shown.value(m, "after", schemas, lang),
        )
        for m in told
    ]
    names = ["field_word", "was", "now"]
    worded = pd.DataFrame(words_of, index=place, columns=names).reindex(found.index)
    return found.assign(
        move_word=[data.tr(f"move-{m['move']}", **words) for m in own],
        **{name: otherwise(worded[name]) for name in names},
        object=otherwise(found["object"]),
        by=[shown.amount(m, lang) or NONE for m in own],
        before_cell=cells(last, found),
        after_cell=cells(here, found),
    )


def _months(data: PackData) -> dict[str, str]:
    assert data.closed is not None
    return {
        "before": month_named(data, data.closed.period),
        "after": month_named(data, data.portfolio.period),
    }


def _figures(data: PackData, found: pd.DataFrame) -> Figures:
    assert data.closed is not None
    counts = found.groupby("move")["project_code"].nunique()
    before, now = data.closed.tables["projects"], data.table("projects")
    both = int(now["project_code"].isin(before["project_code"]).sum())
    names = [n for n in _TOLD if counts.get(n, 0)]
    return Figures(
        tuple(
            Figure(
                label=data.tr(f"review-move-{name}"),
                value=int(counts[name]),
                note=data.plural("review-move-note", both)
                if name != "missing"
                else data.plural("review-move-expected", len(before)),
                cells=tuple(
                    c
                    for c in found.loc[found["move"] == name, "after_cell"].head(5)
                    if c
                ),
                tone="" if name == "ended" else "fair",
            )
            for name in names
        )
    )


def _note(data: PackData, count: int) -> str:
    told = data.tr("review-changes-note")
    if count <= _LISTED:
        return told
    return f"{told} {data.tr('review-first-listed', listed=_LISTED, count=count)}"
