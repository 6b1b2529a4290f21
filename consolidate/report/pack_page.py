"""Write a pack as a page that holds all it needs, to read, print or send."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from consolidate.model.pack import Block, Chart, Column, Figures, Pack, Section, Table
from consolidate.model.portfolio import Portfolio
from consolidate.model.schema import Schemas
from consolidate.report.html_context import Context
from consolidate.report.html_page import Shell, make_shell
from consolidate.report.html_proof import Proofs, Sources
from consolidate.report.html_words import Words, visible
from consolidate.report.pack_chart import svg
from consolidate.report.pack_text import (
    is_figure,
    plain,
    texts,
    told,
    tone_of,
    tones,
)
from consolidate.wording import tr

_ID = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: its text, its tone and whether it is filled in."""

    text: str
    css: str
    tone: str
    fill: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """One header of a table."""

    label: str
    css: str


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure that counts, as it is shown."""

    label: str
    value: str
    tone: str
    note: str
    before: str
    how: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """One block as the template shows it; ``form`` says which part is filled."""

    form: str
    id: str = ""
    title: str = ""
    note: str = ""
    empty: str = ""
    heads: tuple[Head, ...] = ()
    rows: Markup | None = None
    total: tuple[Cell, ...] = ()
    tiles: tuple[Tile, ...] = ()
    picture: Markup | None = None
    paragraphs: tuple[str, ...] = ()
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One section as the template shows it."""

    id: str
    title: str
    lead: str
    one_page: bool
    blocks: tuple[Shown, ...]


def pack_shell(templates: Path | None = None) -> Shell:
    """Return what the pages of all packs have in common; made once for many."""
    return make_shell("pack.html.j2", (), ("pack.css",), templates=templates)


def render_pack(pack: Pack, schemas: Schemas, version: str, shell: Shell) -> str:
    """Return a pack as HTML; the same bytes for the same pack.

    Args:
        pack: What its reader is given.
        schemas: Words of the page's frame.
        version: Of the product.
        shell: Of ``pack_shell``.
    """
    frame = Portfolio.empty(pack.period, pack.as_of, pack.lang, version)
    words = Words(pack.lang, schemas)
    context = Context(frame, words, Proofs(Sources(frame.lineage), words))
    parts = tuple(_part(s, pack.lang) for s in pack.sections if s.blocks)
    return shell.render(context, {"pack": pack, "parts": parts})


def _part(section: Section, lang: str) -> Part:
    if not _ID.fullmatch(section.id):
        raise ValueError(f"{section.id!r} is no id")
    return Part(
        section.id,
        section.title,
        section.lead,
        section.one_page,
        tuple(_block(block, lang) for block in section.blocks),
    )


def _block(block: Block, lang: str) -> Shown:
    if isinstance(block, Table):
        return _table(block, lang)
    if isinstance(block, Figures):
        return Shown("tiles", tiles=tuple(_tiles(block, lang)))
    if isinstance(block, Chart):
        return _chart(block, lang)
    return Shown("text", paragraphs=block.paragraphs, tone=block.tone)


def _tiles(block: Figures, lang: str) -> Iterator[Tile]:
    for f in block.figures:
        before = told(f.before, f.kind, lang)
        tone = f.tone or tone_of(f.value, f.kind)
        value = told(f.value, f.kind, lang)
        yield Tile(f.label, value, tone, f.note, before, f.how, f.cells)


def _table(table: Table, lang: str) -> Shown:
    columns = [_cells(table, column, lang) for column in table.columns]
    blank = tuple(Cell("", _css(c), "", fill=True) for c in table.columns)
    rows = [*zip(*columns, strict=True), *[blank] * table.blank]
    return Shown(
        "table",
        table.id,
        table.title,
        table.note,
        table.empty,
        tuple(Head(c.label, _css(c)) for c in table.columns),
        _body(rows, lang) if rows else None,
        _totals(table, lang) if len(table.frame) else (),
    )


def _body(rows: Sequence[tuple[Cell, ...]], lang: str) -> Markup:
    """Return the rows of a table; faster than a template by what calling it costs."""
    missing = Markup('<abbr class="missing" title="{}">{}</abbr>').format(
        tr("html-missing", lang), tr("html-missing-short", lang)
    )
    lines = [
        f"<tr>{_head(first, missing)}{''.join(_cell(c, missing) for c in others)}</tr>"
        for first, *others in rows
    ]
    return Markup("\n".join(lines))  # noqa: S704 - every text in it is escaped


def _head(cell: Cell, missing: Markup) -> str:
    if cell.fill:
        return _cell(cell, missing)
    told = _value(cell) if cell.text else missing
    return f'<th scope="row"{_class(cell.css)}>{told}</th>'


def _cell(cell: Cell, missing: Markup) -> str:
    told = _value(cell) if cell.text else "" if cell.fill else missing
    return f"<td{_class(cell.css)}>{told}</td>"


def _class(css: str) -> str:
    return f' class="{css}"' if css else ""


def _value(cell: Cell) -> str:
    text = str(escape(visible(cell.text)))
    if not cell.tone:
        return text
    look = cell.tone if cell.css == "n" else f"rag {cell.tone}"
    return f'<span class="{escape(look)}">{text}</span>'


def _cells(table: Table, column: Column, lang: str) -> list[Cell]:
    css = _css(column)
    if column.name not in table.frame:
        return [Cell("", css, "", column.fill)] * len(table.frame)
    read = texts(table, column, lang)
    looks = tones(table, column)
    return [
        Cell(t, css, look, column.fill) for t, look in zip(read, looks, strict=True)
    ]


def _totals(table: Table, lang: str) -> tuple[Cell, ...]:
    if not any(c.total for c in table.columns):
        return ()
    return tuple(
        Cell(_sum(table, c, lang) if c.total else "", _css(c), "")
        for c in table.columns
    )


def _sum(table: Table, column: Column, lang: str) -> str:
    known = [v for v in plain(table, column) if v is not None]
    return told(sum(known), column.kind, lang) if known else ""


def _css(column: Column) -> str:
    if column.fill:
        return "fill"
    if is_figure(column.kind):
        return "n"
    return {"rag": "s", "code": "c", "source": "src"}.get(column.kind, "")


def _chart(chart: Chart, lang: str) -> Shown:
    drawn = svg(chart, lang)
    if chart.form in ("matrix", "strip"):  # a table already
        return Shown("chart", chart.id, chart.title, chart.text, picture=drawn)
    columns = _chart_columns(chart)
    frame = Table(chart.id, chart.title, columns, chart.frame)
    told_ = _table(frame, lang)
    return Shown(
        "chart",
        chart.id,
        chart.title,
        chart.text,
        heads=told_.heads,
        rows=told_.rows,
        picture=drawn,
    )


def _chart_columns(chart: Chart) -> tuple[Column, ...]:
    if not chart.series:
        names: Sequence[Any] = [c for c in chart.frame.columns if c != "tone"]
        return tuple(Column(str(n), _label(chart, str(n))) for n in names)
    return (
        Column(chart.x, chart.x_label),
        *(Column(s.name, s.label, chart.kind) for s in chart.series),
    )


def _label(chart: Chart, name: str) -> str:
    return {chart.x: chart.x_label, "column": chart.y_label}.get(name, "")
