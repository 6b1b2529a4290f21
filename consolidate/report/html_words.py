"""What the HTML report says: labels, values and figures in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from consolidate.model.schema import Schemas
from consolidate.report import format as shown
from consolidate.report.csv_text import values
from consolidate.wording import catalogue, plural, tr

# Characters that a browser hides or that turn the text around them: shown by number.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200c\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)

Record = Mapping[str, Any]


def visible(value: object) -> object:
    """Return text as a page may show it: cut, every unseen character written out.

    Anything that is not text, and markup already made safe, is returned as it is.
    """
    if type(value) is str:
        return value if value.isalnum() and len(value) < 99 else seen(brief(value))
    if not isinstance(value, str) or hasattr(value, "__html__"):
        return value
    return seen(brief(value))


def seen(text: str) -> str:
    """Return text with every unseen character written as ⟨U+202E⟩."""
    if text.isascii() and text.isprintable():
        return text
    return _UNSEEN.sub(lambda m: f"⟨U+{ord(m[0]):04X}⟩", text)


def brief(text: str, most: int = 600) -> str:
    """Return text cut to a readable length, an ellipsis where it was cut."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def records(
    frame: pd.DataFrame, columns: Sequence[str] | None = None
) -> list[dict[str, Any]]:
    """Return rows as mappings of some columns, with None for whatever is missing."""
    names = list(frame.columns if columns is None else columns)
    plain = [values(frame[name]) for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*plain, strict=True)]


@dataclass(frozen=True)
class Words:
    """Labels and figures of one language.

    Attributes:
        lang: ``fr`` or ``en``.
        schemas: Labels of fields and codes.
    """

    lang: str
    schemas: Schemas

    def tr(self, key: str, **params: object) -> str:
        """Return the report's label ``html-<key>``."""
        return tr(f"html-{key}", self.lang, **params)

    def plural(self, key: str, count: int, **params: object) -> str:
        """Return the report's label ``html-<key>-one`` or ``-many``."""
        number = shown.number(count, self.lang, 0)
        return plural(f"html-{key}", count, self.lang, number=number, **params)

    def known(self, key: str, otherwise: str) -> str:
        """Return a label when the catalogue has it, else what is given."""
        label: str = catalogue()["labels"].get(key, {}).get(self.lang, otherwise)
        return label

    def field(self, table: str, name: str) -> str:
        """Return how the report calls a field: in full where the schema is brief."""
        spec = self.schemas.tables[table].by_name.get(name)
        brief = spec.label.get(self.lang, name) if spec else name
        return self.known(f"html-field-{table}-{name}", brief)

    def table(self, name: str) -> str:
        """Return how reports title a table."""
        return self.schemas.tables[name].label.get(self.lang, name)

    def code(self, vocabulary: str, code: str | None) -> str:
        """Return a code in words; an unknown code as it is, none as nothing."""
        if code is None:
            return ""
        known = self.schemas.vocabularies.get(vocabulary)
        if known is None or code not in known.labels:
            return code
        return known.labels[code].get(self.lang, code)
