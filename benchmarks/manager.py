"""A generated project manager, and the way he or she fills cells."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

WORDS: Mapping[str, Any] = tomllib.loads(
    (Path(__file__).parent / "words.toml").read_text(encoding="utf-8")
)
AS_OF = date(2026, 9, 30)
FILLS = ("#00B050", "#FFC000", "#FF0000")
SMILEYS = ("J", "K", "L")
CREATED = datetime(2026, 1, 1)  # noqa: DTZ001 - a spreadsheet's dates have no zone


class Manager:
    """One project manager: a language, favourite headers, a way to show a status."""

    def __init__(self, number: int, seed: int) -> None:
        self.random = Random(f"{seed}-{number}")
        self.number = number
        self.language = "en" if self.random.random() < 0.2 else "fr"
        self.status = self.random.choice(("fill", "fill", "wingdings", "word"))
        self.across = self.random.random() < 0.3
        self.as_table = self.random.random() < 0.3
        self.hides = self.random.random() < 0.3
        self.code = f"PRJ-{1000 + number}"

    @cached_property
    def people(self) -> list[str]:
        """The team, the manager first."""
        names = WORDS["people"]
        return [
            f"{self.random.choice(names['first'])} {self.random.choice(names['last'])}"
            for _ in range(8)
        ]

    @cached_property
    def title(self) -> str:
        """The project's name."""
        words = WORDS["projects"]
        what = self.random.choice(words["subjects"])
        return f"{self.random.choice(words['actions'])} {what} {self.number}"

    def headers(self, sheet: str) -> dict[str, str]:
        """Return one header for each field of a kind of sheet."""
        fields = WORDS[self.language][sheet]
        return {name: self.random.choice(words) for name, words in fields.items()}

    def value(self, kind: str) -> str:
        """Return one of the words of a kind of value."""
        words: list[str] = WORDS[self.language]["values"][kind]
        return self.random.choice(words)

    def day(self, first: int = -300, last: int = 400) -> date:
        """Return a day around the end of the month."""
        return AS_OF + timedelta(days=self.random.randint(first, last))


class Book:
    """A workbook under way: its formats, and how its manager writes cells."""

    def __init__(self, path: Path, manager: Manager) -> None:
        self.manager = manager
        self.book = xlsxwriter.Workbook(str(path))
        self.book.set_properties({"created": CREATED, "title": manager.title})
        add = self.book.add_format
        self.title = add({"bold": True, "font_size": 14, "font_color": "#1F3864"})
        header = {
            "bold": True,
            "bg_color": "#1F3864",
            "font_color": "#FFFFFF",
            "border": 1,
        }
        self.header = add({**header, "text_wrap": True})
        self.label = add({"bold": True, "bg_color": "#DDEBF7", "border": 1})
        self.text = add({"border": 1})
        self.day = add({"border": 1, "num_format": "dd/mm/yyyy"})
        self.month = add({"border": 1, "num_format": "mmm-yy"})
        self.money = add({"border": 1, "num_format": "#,##0.00 €"})
        self.share = add({"border": 1, "num_format": "0%"})
        self.number = add({"border": 1, "num_format": "0.0"})
        self.total = add({"bold": True, "top": 2, "num_format": "#,##0.00 €"})
        self.fills = [add({"border": 1, "bg_color": colour}) for colour in FILLS]
        self.smiley = add({"border": 1, "font_name": "Wingdings"})

    def sheet(self, kind: str) -> Worksheet:
        """Add a sheet under the manager's name for it."""
        names = WORDS[self.manager.language]["sheets"][kind]
        return self.book.add_worksheet(self.manager.random.choice(names))

    def write(
        self, sheet: Worksheet, row: int, col: int, value: Any, look: Format
    ) -> None:
        """Write one cell by its type."""
        if value is None:
            return
        if isinstance(value, date):
            sheet.write_datetime(row, col, value, look)
        elif isinstance(value, str):
            sheet.write_string(row, col, value, look)
        else:
            sheet.write_number(row, col, value, look)

    def write_status(self, sheet: Worksheet, row: int, col: int) -> None:
        """Write a status as the manager shows it."""
        level = self.manager.random.choices((0, 1, 2), (5, 3, 1))[0]
        words = WORDS[self.manager.language]["values"]["rag"]
        if self.manager.status == "fill":
            sheet.write_blank(row, col, None, self.fills[level])
        elif self.manager.status == "wingdings":
            sheet.write_string(row, col, SMILEYS[level], self.smiley)
        else:
            sheet.write_string(row, col, words[level], self.fills[level])

    def write_table(
        self,
        sheet: Worksheet,
        top: int,
        headers: Mapping[str, str],
        rows: Sequence[Mapping[str, Any]],
        looks: Mapping[str, Format],
    ) -> None:
        """Write a header and its rows."""
        for col, text in enumerate(headers.values()):
            sheet.write_string(top, col, text, self.header)
        for row, values in enumerate(rows, start=top + 1):
            for col, name in enumerate(headers):
                if name == "status":
                    self.write_status(sheet, row, col)
                else:
                    self.write(
                        sheet, row, col, values.get(name), looks.get(name, self.text)
                    )
        sheet.set_column(0, len(headers), 18)
        sheet.freeze_panes(top + 1, 0)
