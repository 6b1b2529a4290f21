"""A pack that names nobody: names of people masked wherever a text has them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pandas as pd

from consolidate.model.pack import Block, Chart, Figures, Pack, Table, Text
from consolidate.packs.data import PackData
from consolidate.share.names import find_names


def nameless(data: PackData, pack: Pack) -> Pack:
    """Return a pack without the names that fields of people hold.

    They stand in names of workbooks too, and so in what tells where a figure was read.
    """
    names = find_names(data.portfolio.tables, data.schemas, frozenset())
    mark = data.tr("part-person-masked")
    known: dict[str, str] = {}

    def masked(text: str) -> str:
        if text not in known:
            known[text] = names.masked(text, mark)
        return known[text]

    sections = tuple(
        dataclasses.replace(
            s, lead=masked(s.lead), blocks=tuple(_block(b, masked) for b in s.blocks)
        )
        for s in pack.sections
    )
    return dataclasses.replace(pack, sections=sections)


def _block(block: Block, masked: Callable[[str], str]) -> Block:
    if isinstance(block, Table):
        return dataclasses.replace(block, frame=_frame(block.frame, masked), note=masked(block.note))  # fmt: skip
    if isinstance(block, Chart):
        series = tuple(dataclasses.replace(s, label=masked(s.label)) for s in block.series)  # fmt: skip
        return dataclasses.replace(block, frame=_frame(block.frame, masked), title=masked(block.title), series=series)  # fmt: skip
    if isinstance(block, Figures):
        told = (
            dataclasses.replace(f, cells=tuple(map(masked, f.cells)))
            for f in block.figures
        )
        return Figures(tuple(told))
    return Text(tuple(map(masked, block.paragraphs)), block.tone)


def _frame(frame: pd.DataFrame, masked: Callable[[str], str]) -> pd.DataFrame:
    texts = [c for c in frame.columns if frame[c].dtype.kind not in "fiubM"]
    return frame.assign(
        **{
            str(c): frame[c].map(lambda v: masked(v) if isinstance(v, str) else v)
            for c in texts
        }
    )
