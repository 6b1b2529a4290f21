"""Read the sheet on which a manager said whether figures were read right."""

from __future__ import annotations

from pathlib import Path

from consolidate.model.error import UnreadableWorkbookError
from consolidate.model.reading_check import (
    HEADER,
    RIGHT,
    SAID,
    Answer,
    Answered,
    Line,
    is_check,
)
from consolidate.model.text import fold
from consolidate.model.workbook import Sheet

_YES = frozenset({"oui", "yes", "o", "y", "ok", "vrai", "true"})
_NO = frozenset({"non", "no", "n", "faux", "false"})
_MOST = 100
_LAYOUT = (4, 0)


def read_check(path: Path) -> Answered:
    """Return the answers of a sheet, in a confined worker.

    Raises:
        UnreadableWorkbookError: It is no workbook, or none that asks (``no-check``).
    """
    from consolidate.read import read_workbook  # noqa: PLC0415 (in the worker alone)

    book = read_workbook(path.name, path.read_bytes())
    for sheet in book.sheets:
        if is_check(sheet.value(0, 0)):
            return Answered(_text(sheet, *_LAYOUT).rpartition(" ")[2], _answers(sheet))
    raise UnreadableWorkbookError("no-check")


def _answers(sheet: Sheet) -> tuple[Answer, ...]:
    found = []
    for row in range(HEADER + 1, min(len(sheet.rows), HEADER + 1 + _MOST)):
        if not _text(sheet, row, 0):
            break
        line = Line(*(_text(sheet, row, col) for col in range(1, 5)))
        said, right = fold(_text(sheet, row, SAID)), _text(sheet, row, RIGHT)
        answer = "yes" if said in _YES else "no" if said in _NO or right else ""
        found.append(Answer(line, "no" if right else answer, right))
    return tuple(found)


def _text(sheet: Sheet, row: int, col: int) -> str:
    value = sheet.value(row, col)
    return "" if value is None else str(value).strip()
