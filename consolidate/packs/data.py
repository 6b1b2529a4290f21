"""What packs are made of: the month, the months before it, what the PMO keeps itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias, TypeVar

import pandas as pd

from consolidate.analyse.history import Month
from consolidate.analyse.rules import Rules
from consolidate.model.portfolio import Portfolio
from consolidate.model.schema import Schemas
from consolidate.resources import shipped
from consolidate.wording import plural, tr

T = TypeVar("T")
Earlier: TypeAlias = Callable[[Mapping[str, Sequence[str]], int], tuple[Month, ...]]
"""Fields by table, how many months back -> those months, oldest first."""


def _nothing(fields: Mapping[str, Sequence[str]], months: int) -> tuple[Month, ...]:
    del fields, months
    return ()


class Share(NamedTuple):
    """The part of the readers that one process makes packs for.

    Attributes:
        first: Place of its first reader.
        step: How far the next one is: into how many parts readers are dealt.
    """

    first: int = 0
    step: int = 1

    def of(self, readers: Sequence[str]) -> Sequence[str]:
        """Return the readers of this part."""
        return readers[self.first :: self.step]


WHOLE = Share()
"""All readers."""


def remembered(earlier: Earlier) -> Earlier:
    """Return what reads earlier months once, for all that want the same of them."""

    @lru_cache(maxsize=32)
    def read(
        fields: tuple[tuple[str, tuple[str, ...]], ...], months: int
    ) -> tuple[Month, ...]:
        return earlier(dict(fields), months)

    return lambda fields, months: read(
        tuple((table, tuple(own)) for table, own in sorted(fields.items())), months
    )


@dataclass(frozen=True, slots=True)
class PackData:
    """What every section is made of.

    Attributes:
        portfolio: The month, with its alerts, statuses and priorities.
        schemas: Fields, vocabularies and their words.
        rules: Thresholds.
        closed: The last closed month before this one, as it was published; None when
            there is none.
        earlier: Reads months before this one from the store, fields by table; nothing
            without a store. Dates are datetime64 there.
        registers: What the PMO keeps itself, a frame a register.
        folders: Where schemas are looked for, the PMO's own first.
        direction: Of which projects general management is told: ``all``, or those alone
            whose layouts are ``approved`` or ``confirmed``.
        lang: ``fr`` or ``en``.
    """

    portfolio: Portfolio
    schemas: Schemas
    rules: Rules
    closed: Portfolio | None = None
    earlier: Earlier = _nothing
    registers: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    _known: dict[str, Any] = field(default_factory=dict, init=False, repr=False)

    def once(self, name: str, make: Callable[[], T]) -> T:
        """Return what several sections want, worked out by the first that asks.

        Args:
            name: Of the value, unique among all that are kept.
            make: Works it out, of these data alone.
        """
        if name not in self._known:
            self._known[name] = make()
        found: T = self._known[name]
        return found

    folders: tuple[Path, ...] = field(default_factory=lambda: (shipped("schemas"),))
    direction: str = "all"

    @property
    def lang(self) -> str:
        """The reader's language."""
        return self.portfolio.lang

    def table(self, name: str) -> pd.DataFrame:
        """Return a table of the month; empty when it has none."""
        return self.portfolio.tables[name]

    def tr(self, key: str, **params: object) -> str:
        """Return a label in the reader's language."""
        return tr(key, self.lang, **params)

    def plural(self, key: str, count: int, **params: object) -> str:
        """Return a counted label in the reader's language."""
        return plural(key, count, self.lang, **params)

    def word(self, vocabulary: str, code: object) -> str | None:
        """Return how people call a code; itself when it has no word, None when missing."""
        if not isinstance(code, str) or not code:
            return None
        label = self.schemas.vocabularies[vocabulary].labels.get(code)
        return label.get(self.lang, code) if label else code

    def words(self, vocabulary: str, codes: pd.Series) -> pd.Series:
        """Return how people call the codes of a column."""
        known = {c: self.word(vocabulary, c) for c in codes.dropna().unique()}
        return codes.map(known).astype("object")

    def label(self, table: str, name: str) -> str:
        """Return how people call a field."""
        return self.schemas.tables[table].by_name[name].label[self.lang]


def sources(frame: pd.DataFrame) -> pd.Series:
    """Return where each record of a canonical table was read: ``file ! sheet ! row``."""
    row = frame["row"].astype("Int64").astype("str").where(frame["row"].notna(), "")
    parts = [frame[c].fillna("").astype("str") for c in ("workbook", "sheet")]
    joined = parts[0] + " ! " + parts[1] + " ! " + row
    return joined.str.replace(r"( ! )+$", "", regex=True).astype("object")
