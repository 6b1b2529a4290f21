"""A pack: what one reader is given, as data; written as a workbook and as a page.

Whoever makes a pack says what is in it, in the reader's language and in the order of what
needs a decision. The two writers (a workbook, a page) alone say how it looks: they format
values by ``Kind``, colour by ``Tone``, and draw charts. A value that is not known stays
missing and is shown as missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

import pandas as pd

Kind: TypeAlias = Literal[
    "text",  # as it is
    "code",  # short text that never wraps: a project code
    "count",  # whole number
    "number",
    "money",  # euros, shown in full
    "kilo",  # euros, shown as k€
    "days",  # person-days
    "share",  # 0..1, shown in percent
    "gap",  # signed calendar days
    "signed_money",  # euros
    "signed_share",
    "date",  # datetime.date
    "month",  # YYYY-MM
    "rag",  # red | amber | green | blue | grey: a colour and its word
    "severity",  # critical | major | minor | info
    "source",  # workbook ! sheet ! cell
]
Tone: TypeAlias = Literal["", "good", "fair", "poor", "done", "unknown"]
"""What a figure means: as wished, to watch, bad, ended, not known."""

ChartForm: TypeAlias = Literal[
    "bars",  # x: labels; a horizontal bar for each series
    "columns",  # x: labels or months; columns side by side
    "stacked",  # x: labels or months; columns one on the other
    "shares",  # the same, each column 100 %
    "lines",  # x: months or labels
    "dates",  # dates-dates: x: report date, series: dates; the diagonal is drawn
    "bubbles",  # x, series[0] as y, series[1] as size; names and tones beside
    "matrix",  # x: row label, columns "column", "text", "tone"
    "gantt",  # x: label, "day", "sort" (baseline | forecast | actual), "tone"
    "strip",  # x: label, "column" (month), "tone", "text"
]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        name: Column of the frame.
        label: Its header, unique in its table.
        kind: How its values are shown.
        total: Whether its sum is told under the table; only of what may be added.
        options: What may be chosen, in a column that is filled in.
        fill: Whether the reader fills it in.
        tone: Column of the frame that holds the ``Tone`` of each value; empty for none.
    """

    name: str
    label: str
    kind: Kind = "text"
    total: bool = False
    options: tuple[str, ...] = ()
    fill: bool = False
    tone: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Rows to read; like no other but itself, as frames are not compared.

    Attributes:
        id: Unique in its pack; ``a-z0-9-``.
        title: What it says.
        columns: In order; columns of the frame that are not named are not shown.
        frame: One row a line; its order is the order shown.
        note: The denominator, what was left out, how it is worked out.
        empty: What is said when there is no row.
        blank: Rows left empty to be filled in.
        group: Column whose equal values belong together; empty for none.
    """

    id: str
    title: str
    columns: tuple[Column, ...]
    frame: pd.DataFrame
    note: str = ""
    empty: str = ""
    blank: int = 0
    group: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure that counts.

    Attributes:
        label: What it is.
        value: As its kind wants it; None is shown as missing.
        kind: How it is shown.
        note: Its denominator: « sur 97 projets au budget connu ».
        how: How it is worked out, in words.
        cells: Some of the cells it comes from, ``workbook ! sheet ! cell``.
        tone: What it means.
        before: The same figure of the month before; None when not known.
    """

    label: str
    value: float | str | date | None
    kind: Kind = "count"
    note: str = ""
    how: str = ""
    cells: tuple[str, ...] = ()
    tone: Tone = ""
    before: float | str | date | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures that are read together."""

    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a chart: a column of its frame."""

    name: str
    label: str
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of a frame; its frame is shown as a table to who cannot see it.

    Attributes:
        id: Unique in its pack; ``a-z0-9-``.
        form: How it is drawn; see ``ChartForm`` for the columns it needs.
        title: What it says, not what it is: « La part du run monte à 46 % ».
        frame: Its data.
        x: Column of the labels.
        series: Columns of the values.
        kind: Of the values: money, days, share, count, date ...
        x_label, y_label: What the axes hold, with units.
        text: The same in words.
        limit: Where a line marks a target or capacity; None for none.
        limit_label: What it is.
    """

    id: str
    form: ChartForm
    title: str
    frame: pd.DataFrame
    x: str
    series: tuple[Series, ...] = ()
    kind: Kind = "count"
    x_label: str = ""
    y_label: str = ""
    text: str = ""
    limit: float | None = None
    limit_label: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs; ``tone`` marks what must not be missed."""

    paragraphs: tuple[str, ...]
    tone: Tone = ""


Block: TypeAlias = Table | Figures | Chart | Text


@dataclass(frozen=True, slots=True)
class Section:
    """One chapter: a sheet of the workbook, a part of the page.

    Attributes:
        id: Unique in its pack; ``a-z0-9-``.
        title: Short: it names the sheet (at most 31 characters).
        blocks: In reading order.
        lead: What it says, in one sentence.
        one_page: Whether it is printed on one A4 page (landscape).
    """

    id: str
    title: str
    blocks: tuple[Block, ...]
    lead: str = ""
    one_page: bool = False


@dataclass(frozen=True, slots=True)
class Pack:
    """What one reader is given.

    Attributes:
        name: Stem of its files; ``a-z0-9-``.
        title: What it is.
        subtitle: Of what: « Octobre 2026, arrêté au 31/10/2026 ».
        reader: Who may read it; said on every page.
        period: Month reported on.
        as_of: Cut-off.
        lang: ``fr`` or ``en``.
        sections: In reading order; those without any block are left out.
        note: What every page's foot says: sources received of expected, legend.
    """

    name: str
    title: str
    subtitle: str
    reader: str
    period: str
    as_of: date
    lang: str
    sections: tuple[Section, ...]
    note: str = ""

    def tables(self) -> Iterator[tuple[Section, Table]]:
        """Return every table with its section."""
        for section in self.sections:
            for block in section.blocks:
                if isinstance(block, Table):
                    yield section, block


__all__ = [
    "Block",
    "Chart",
    "ChartForm",
    "Column",
    "Figure",
    "Figures",
    "Kind",
    "Pack",
    "Section",
    "Series",
    "Table",
    "Text",
    "Tone",
]
