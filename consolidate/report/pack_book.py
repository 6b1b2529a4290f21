"""Write a pack as a workbook: a first sheet that says what it is, a sheet a section."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from xlsxwriter.worksheet import Worksheet

from consolidate.model.pack import Pack, Section, Text
from consolidate.report.book import new_book
from consolidate.report.pack_sheet import SectionSheet
from consolidate.report.pack_text import (
    RAG_TONES,
)
from consolidate.report.pack_width import height, print_setup
from consolidate.report.sheet_style import HEAD, MUTED, TONES, Style
from consolidate.report.sheet_text import Cleaner, sheet_name
from consolidate.wording import tr

_LEFT = 0
_WIDEST, _NARROWEST = 46.0, 9.0
_ACROSS = 110.0
"""Width of a page in characters, over which paragraphs go."""

_INK = {name: TONES[code] for code, name in RAG_TONES.items()}
_FILLED_IN = "#FFF8E1"
_LINE_HEIGHT = 12.5
_LONGEST_LIST = 255
"""Characters that the choices of a cell may take in all, as Excel has it."""


def write_pack_book(pack: Pack, target: Path | BytesIO) -> None:
    """Write a pack as a workbook; the same bytes for the same pack.

    Args:
        pack: What its reader is given.
        target: The file, whose folder exists; or memory, when no draft may be on disk.
    """
    sections = [s for s in pack.sections if s.blocks]
    with new_book(target, pack.title, pack.as_of) as book:
        style = Style(book, pack.lang)
        names: list[str] = [tr("pack-cover", pack.lang)]
        listed: list[tuple[Section, str]] = []
        for section in sections:
            own = "" if _is_said(section) else sheet_name(section.title, names)
            names += [own] if own else []
            listed.append((section, own))
        _write_cover(cover := book.add_worksheet(names[0]), pack, listed, style)
        written = [(section, name) for section, name in listed if name]
        for number, (section, name) in enumerate(written, start=1):
            sheet = book.add_worksheet(name)
            SectionSheet(book, sheet, pack, section, style, number).write()
        cover.activate()


def _is_said(section: Section) -> bool:
    """Return whether a section is a few words, that the cover has room for."""
    return all(isinstance(b, Text) for b in section.blocks)


def _said(section: Section) -> str:
    """Return what the cover says of a section: all of one that has no sheet."""
    if not _is_said(section):
        return section.lead
    words = [p for b in section.blocks if isinstance(b, Text) for p in b.paragraphs]
    return "\n".join(dict.fromkeys(filter(None, (section.lead, *words))))


def _write_cover(
    sheet: Worksheet,
    pack: Pack,
    sections: Sequence[tuple[Section, str]],
    style: Style,
) -> None:
    """Write who the pack is for, and lead to its sections."""
    clean = Cleaner().text
    print_setup(sheet, pack)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 84)
    big = style.look(bold=True, font_size=18, font_color=HEAD)
    soft = style.look(font_color=MUTED, font_size=11, text_wrap=True, valign="top")
    sheet.write_string(0, 0, clean(pack.title), big)
    sheet.set_row(0, 28)
    sheet.write_string(1, 0, clean(pack.subtitle), style.look(font_size=12))
    sheet.write_string(2, 0, clean(pack.reader), style.look(bold=True, font_size=11))
    head = style.heading()
    sheet.write_string(4, 0, tr("pack-contents", pack.lang), head)
    sheet.write_string(4, 1, tr("pack-says", pack.lang), head)
    link, plain = style.link(wrap=True), style.look(valign="top", text_wrap=True)
    for row, (section, name) in enumerate(sections, start=5):
        quoted = name.replace("'", "''")
        title = clean(section.title)
        if name:
            sheet.write_url(row, 0, f"internal:'{quoted}'!A1", link, title)
        else:
            sheet.write_string(row, 0, title, plain)
        sheet.write_string(row, 1, clean(_said(section)), soft)
        sheet.set_row(row, height(_said(section), 92, 15))
    if pack.note:
        foot = len(sections) + 6
        sheet.merge_range(foot, 0, foot, 1, clean(pack.note), soft)
        sheet.set_row(foot, height(pack.note, 118, 14))
