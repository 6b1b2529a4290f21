"""The sheet on which a manager says whether figures of a workbook were read right.

Its writer and its reader know it by its first cell. Its lines have a print: an answer is
about the lines that were asked, or it is none.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

MARKS: Mapping[str, str] = {
    "fr": "Vérification de lecture · consolidate",
    "en": "Reading check · consolidate",
}
"""What the first cell says, by language."""

HEADER = 6
"""0-based row of the headers; a line a row below it."""

SAID, RIGHT = 5, 6
"""0-based columns of the answer, and of the right value."""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure.

    Attributes:
        label: What it is.
        place: Sheet and cell, or rows.
        written: What is written there.
        understood: What it was taken for.
    """

    label: str
    place: str
    written: str
    understood: str


@dataclass(frozen=True, slots=True)
class ReadingCheck:
    """What one manager is asked about one workbook.

    Attributes:
        layout: Id of the layout it was read by.
        manager: Who is asked.
        workbook: Its name, as it was received.
        projects: Codes that the workbook tells of.
        period: Month, ``YYYY-MM``.
        lang: ``fr`` or ``en``.
        lines: The figures.
    """

    layout: str
    manager: str
    workbook: str
    projects: tuple[str, ...]
    period: str
    lang: str
    lines: tuple[Line, ...]

    @property
    def print(self) -> str:
        """What tells these lines from any others."""
        return print_of(self.layout, self.lines)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said of one line: ``yes``, ``no`` or nothing, and the right value."""

    line: Line
    said: str
    right: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A sheet that came back.

    Attributes:
        layout: Id of the layout it says it is about.
        answers: One a line.
    """

    layout: str
    answers: tuple[Answer, ...]

    @property
    def print(self) -> str:
        """Of its lines, as they are now."""
        return print_of(self.layout, tuple(a.line for a in self.answers))


def print_of(layout: str, lines: tuple[Line, ...]) -> str:
    """Return what tells lines about a layout from any others, spaces apart."""
    told = [[" ".join(t.split()) for t in (x.label, x.place, x.written, x.understood)] for x in lines]  # fmt: skip
    return hashlib.sha256(json.dumps([layout, told]).encode()).hexdigest()[:16]


def is_check(first_cell: object) -> bool:
    """Whether a sheet whose first cell says this is one a manager answers on."""
    return first_cell in MARKS.values()
