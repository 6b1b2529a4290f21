"""What sections of several packs are put together from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from consolidate.analyse.money import UNTOLD
from consolidate.model.pack import Column, Figure, Kind, Section, Table, Tone
from consolidate.packs.data import PackData, sources
from consolidate.report import format as figures

NONE = "–"
"""What stands where there is nothing to tell, which is not the same as unknown."""

MOST = 400
"""Rows a list shows at most; it says how many more there are."""


def slug(name: str) -> str:
    """Return a name as part of an id: what is no letter or digit is a hyphen."""
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in name.lower())


def field(
    data: PackData, table: str, name: str, kind: Kind = "text", *, total: bool = False
) -> Column:
    """Return the column of a canonical field, headed as it is everywhere."""
    return Column(name, data.label(table, name), kind, total=total)


def column(
    data: PackData,
    name: str,
    kind: Kind = "text",
    *,
    total: bool = False,
    tone: str = "",
    **told: object,
) -> Column:
    """Return a column of our own, headed by the label ``part-col-<name>``.

    Args:
        data: Language.
        name: Column of the frame; its ``_`` are ``-`` in the label's key.
        kind: How its values are shown.
        total: Whether its sum is told.
        tone: Column that holds the tone of each value.
        told: What the label's placeholders hold.
    """
    label = data.tr(f"part-col-{name.replace('_', '-')}", **told)
    return Column(name, label, kind, total=total, tone=tone)


def table(
    data: PackData,
    name: str,
    frame: pd.DataFrame,
    columns: Sequence[Column],
    *,
    note: str = "",
    group: str = "",
    **told: object,
) -> Table:
    """Return a table: titled ``pack-<name>``, empty it says ``pack-<name>-empty``.

    Dates come as days; of a longer list the first rows are shown and the note says how
    many there are.
    """
    if len(frame) > MOST:
        more = data.tr("part-first-of", shown=count(data, MOST), all=count(data, len(frame)))  # fmt: skip
        note = f"{note} {more}".strip()
    return Table(
        name,
        data.tr(f"part-{name}", **told),
        tuple(columns),
        shown(frame.head(MOST), columns),
        note=note,
        empty=data.tr(f"part-{name}-empty", **told),
        group=group,
    )


def shown(frame: pd.DataFrame, columns: Iterable[Column]) -> pd.DataFrame:
    """Return the columns named, and those of their tones, days as dates."""
    listed = list(columns)
    names = [*(c.name for c in listed), *(c.tone for c in listed if c.tone)]
    found = frame.reindex(columns=list(dict.fromkeys(names)))
    days = [c.name for c in listed if c.kind == "date"]
    for name in days:
        if found[name].dtype.kind == "M":
            day = found[name].dt.date.astype("object")
            found = found.assign(**{name: day.where(found[name].notna(), None)})
    return found.reset_index(drop=True)


def figure(
    data: PackData,
    name: str,
    value: float | str | None,
    kind: Kind = "count",
    *,
    tone: Tone = "",
    cells: Iterable[str] = (),
    **told: object,
) -> Figure:
    """Return a figure: ``part-fig-<name>``, its note ``-note`` and its ``-how``."""
    key = f"part-fig-{name}"
    return Figure(
        data.tr(key, **told),
        value,
        kind,
        note=data.tr(f"{key}-note", **told),
        how=data.tr(f"{key}-how", **told),
        cells=tuple(cells)[:8],
        tone=tone,
    )


def section(
    data: PackData, name: str, blocks: Sequence[Any], lead: str = "", *, one_page: bool = False
) -> Section:  # fmt: skip
    """Return a section titled by ``part-section-<name>``."""
    title = data.tr(f"part-section-{name}")
    return Section(name, title, tuple(blocks), lead, one_page=one_page)


def count(data: PackData, number: float) -> str:
    """Return a whole number as people read it."""
    return figures.number(number, data.lang, 0)


def number(data: PackData, value: float) -> str:
    """Return a number as people read it, with the decimals it has, at most two."""
    return figures.number(value, data.lang)


def percent(data: PackData, share: float) -> str:
    """Return a share as people read it."""
    return figures.percent(share, data.lang)


def with_names(data: PackData, frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows with ``project``, the name of their project."""
    projects = data.table("projects")
    named = projects.drop_duplicates("project_code").set_index("project_code")["name"]
    return frame.assign(project=frame["project_code"].map(named).astype("object"))


def with_source(frame: pd.DataFrame) -> pd.DataFrame:
    """Return canonical rows with ``source``, where each was read."""
    return frame.assign(source=sources(frame))


def basis_label(data: PackData, basis: str) -> str:
    """Return what amounts of a basis are: « année 2026 · TTC »."""
    if basis == UNTOLD:
        return data.tr("part-basis-untold")
    kind, *rest = basis.split()
    year = rest.pop(0) if kind == "year" else ""
    tax = data.word("tax_basis", rest[0]) if rest else data.tr("part-tax-untold")
    return f"{data.tr(f'part-basis-{kind}', year=year)} · {tax}"


def place(data: PackData, names: pd.Series) -> pd.Series:
    """Return establishments, the unknown one as such."""
    untold = data.tr("part-no-establishment")
    return names.fillna("").replace("", untold).astype("object")


def tones(levels: pd.Series) -> pd.Series:
    """Return the tone of ``red``, ``amber`` or no level."""
    return levels.map({"red": "poor", "amber": "fair"}).fillna("").astype("object")


def yes(data: PackData, flags: pd.Series) -> pd.Series:
    """Return « oui » where a flag is set, a dash elsewhere: a mark, no answer."""
    return flags.eq(True).map({True: data.tr("part-yes"), False: NONE}).astype("object")


def otherwise(texts: pd.Series, word: str = NONE) -> pd.Series:
    """Return texts, a dash where there is nothing to tell."""
    known = texts.astype("object").where(texts.notna(), word)
    return known.replace("", word)


def short(text: str) -> str:
    """Return the head of a long label: « Cahier des charges / CCTP / DCE » ..."""
    return text.split(" / ", maxsplit=1)[0].split(" (", maxsplit=1)[0].strip()
