"""The figures of a workbook that its manager is asked to confirm, the most useful first."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

import pandas as pd

from consolidate.model.portfolio import Portfolio
from consolidate.model.reading_check import Line
from consolidate.model.schema import Field, Schemas
from consolidate.report import format as shown
from consolidate.resources import shipped
from consolidate.wording import plural, tr

_LONGEST = 120
_OF_NAMES = frozenset({"sheet_name", "file_name"})
"""Methods of values that stand in no cell."""

_COLOURS = frozenset({"fill", "ink", "icon"})
"""Methods of values that no text tells."""


@lru_cache(maxsize=1)
def _asked() -> Mapping[str, Any]:
    return tomllib.loads((shipped("schemas") / "key_figures.toml").read_text("utf-8"))


@dataclass
class _Figures:
    """The lines of one workbook, as far as they are chosen."""

    month: Portfolio
    schemas: Schemas
    workbook: str
    lang: str
    lines: list[Line] = field(default_factory=list)
    _seen: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        read = self.month.lineage
        own = read["used"].astype("bool") & read["workbook"].eq(self.workbook)
        cells = own & read["cell"].fillna("").ne("") & ~read["method"].isin(_OF_NAMES)
        plain = read[cells].astype({"table": "object", "field": "object"})
        self._read = plain.drop_duplicates(["table", "record_id", "field"])

    @property
    def is_full(self) -> bool:
        return len(self.lines) >= int(_asked()["most"])

    def projects(self, most: int) -> None:
        """Add figures of projects, of the one that tells most of itself first."""
        wanted = list(_asked()["projects"])
        read = self._read[self._read["table"].eq("projects")]
        told = read[read["field"].isin(wanted)]
        order = told["record_id"].astype("str").value_counts(sort=True).index
        for record in order:
            own = told[told["record_id"].eq(record)].set_index("field")
            for name in wanted:
                if len(self.lines) >= most:
                    return
                if name in own.index:
                    self._add("projects", str(record), name, own.loc[name])

    def counts(self) -> None:
        """Add how many rows of each table were read, and where."""
        for name in _asked()["rows"]:
            frame = self.month.tables[name]
            rows = frame[frame["workbook"].eq(self.workbook)]
            if self.is_full or rows.empty:
                continue
            sheets = ", ".join(rows["sheet"].dropna().astype("str").unique()[:3])
            place = tr("check-rows", self.lang, sheet=sheets, first=int(rows["row"].min()), last=int(rows["row"].max()))  # fmt: skip
            label = tr("check-count", self.lang, table=self.schemas.tables[name].label[self.lang])  # fmt: skip
            read = plural("check-read", len(rows), self.lang)
            self.lines.append(Line(label, place, "", read))

    def others(self) -> None:
        """Add figures of single rows."""
        for name in _asked()["others"]:
            table, _, own = name.partition(".")
            read = self._read
            rows = read[read["table"].eq(table) & read["field"].eq(own)]
            for _, row in rows.head(int(_asked()["most"])).iterrows():
                if self.is_full:
                    return
                self._add(table, str(row["record_id"]), own, row)

    def _add(self, table: str, record: str, name: str, read: pd.Series) -> None:
        frame = self.month.tables[table]
        spec = self.schemas.tables[table]
        found = frame[frame["record_id"].eq(record)]
        place = f"{read['sheet']} ! {read['cell']}"
        if found.empty or (place, name) in self._seen:
            return
        value = found.iloc[0][name]
        if value is None or pd.isna(value):
            return
        self._seen.add((place, name))
        label = spec.by_name[name].label[self.lang]
        named = self._called(table, found.iloc[0])
        self.lines.append(
            Line(
                _clipped(f"{label} – {named}" if named else label),
                place,
                _clipped(self._written(read)),
                _clipped(_shown(value, spec.by_name[name], self.schemas, self.lang)),
            )
        )

    def _written(self, read: pd.Series) -> str:
        """Return what its cell shows: a colour, a day as people write it, its text."""
        if read["method"] in _COLOURS:
            return tr("check-colour", self.lang)
        text = str(read["raw"] or "")
        try:
            return shown.day(date.fromisoformat(text), self.lang)
        except ValueError:
            return text

    def _called(self, table: str, record: pd.Series) -> str:
        """Return which record a figure is of; nothing where there is but one project."""
        projects = self.month.tables["projects"]
        if table == "projects" and projects["workbook"].eq(self.workbook).sum() < 2:
            return ""
        names = (record[name] for name in self.schemas.tables[table].names)
        return next((str(n) for n in names if n is not None and not pd.isna(n)), "")


def key_figures(
    month: Portfolio, schemas: Schemas, workbook: str, lang: str
) -> tuple[Line, ...]:
    """Return the figures to confirm of one workbook, ten at most.

    Args:
        month: With its lineage.
        schemas: What fields are called.
        workbook: Its name.
        lang: Of the lines.
    """
    made = _Figures(month, schemas, workbook, lang)
    made.projects(int(_asked()["fewest_projects"]))
    made.counts()
    made.projects(int(_asked()["most"]))
    made.others()
    return tuple(made.lines[: int(_asked()["most"])])


def _shown(value: Any, field: Field, schemas: Schemas, lang: str) -> str:
    """Return a value as it was understood."""
    if field.type == "code":
        label = schemas.vocabularies[field.values].labels.get(str(value), {})
        return label.get(lang, str(value))
    if field.type == "date":
        return shown.day(pd.Timestamp(value).date(), lang)
    if field.type == "month":
        return shown.month(str(value), lang)
    if field.type == "money":
        digits = 0 if float(value).is_integer() else 2
        return shown.euros(float(value), lang, digits)
    if field.type == "share":
        return shown.percent(float(value), lang)
    return shown.number(float(value), lang) if isinstance(value, int | float) else str(value)  # fmt: skip


def _clipped(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
