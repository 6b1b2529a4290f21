"""What every view of the HTML report starts from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeAlias

from consolidate.model.portfolio import Portfolio
from consolidate.report import format as shown
from consolidate.report.html_figure import Figure, thousands
from consolidate.report.html_proof import Proofs
from consolidate.report.html_words import Record, Words, records
from consolidate.report.page_name import page_name

RAG_TONES = {
    "green": "good",
    "amber": "fair",
    "red": "poor",
    "blue": "done",
    "grey": "none",
}


FIRST = 3
"""Records whose cells the proof of a sum or count shows."""


Cell: TypeAlias = tuple[Record, str]
"""A record and one of its fields."""


@dataclass(frozen=True)
class Context:
    """A portfolio, the words to tell it and the proofs of its figures.

    Attributes:
        portfolio: The month's.
        words: The reader's language.
        proofs: Where its figures were read.
        understood: Workbooks that have a "what I understood" page.
    """

    portfolio: Portfolio
    words: Words
    proofs: Proofs
    understood: frozenset[str] = frozenset()

    @property
    def lang(self) -> str:
        """The reader's language."""
        return self.words.lang

    @property
    def as_of(self) -> date:
        """The day everything is compared with."""
        return self.portfolio.as_of

    @cached_property
    def everything(self) -> list[dict[str, Any]]:
        """All records of ``projects``, MCO containers too, by code."""
        rows = records(self.portfolio.tables["projects"])
        return sorted(rows, key=lambda r: (str(r["project_code"]), str(r["record_id"])))

    @cached_property
    def projects(self) -> list[dict[str, Any]]:
        """The projects that are counted: no MCO container."""
        return [p for p in self.everything if p.get("kind") != "mco"]

    @cached_property
    def containers(self) -> list[dict[str, Any]]:
        """The MCO containers, never counted as projects."""
        return [p for p in self.everything if p.get("kind") == "mco"]

    @cached_property
    def by_code(self) -> Mapping[str, Record]:
        """Projects and containers by code."""
        return {str(p["project_code"]): p for p in reversed(self.everything)}

    @cached_property
    def pages(self) -> Mapping[str, str]:
        """File name of each project's and container's page by code, in their order."""
        codes = dict.fromkeys(str(p["project_code"] or "") for p in self.everything)
        return {code: page_name(code) for code in codes}

    def name_of(self, code: str | None) -> str:
        """Return the name of a project, nothing when it is not known."""
        return str(self.by_code.get(code or "", {}).get("name") or "")

    def load(self, table: str, rows: Iterable[Record], fields: Sequence[str]) -> None:
        """Make the proofs of what is about to be shown ready."""
        self.proofs.sources.load(table, [r["record_id"] for r in rows], fields)

    def proof(self, table: str, row: Record, field: str) -> int | None:
        """Return the proof of a field of a record."""
        return self.proofs.of(table, row["record_id"], field)

    def counted(
        self, formula: str, table: str, cells: Sequence[Cell], count: int | None = None
    ) -> int | None:
        """Return the proof of a figure made of several records.

        Args:
            formula: How it is made, in words.
            table: Of the records.
            cells: Each record and the field of it that is looked at; the proofs of the
                first ``FIRST`` are ready.
            count: Records it is made of, when not all are in ``cells``.

        Returns:
            A proof that tells the formula, and the cells of the first records; that
            there is none, without a record; None when no cell of these is known.
        """
        if not cells:
            none = self.words.tr("formula-none", formula=formula)
            return self.proofs.derived(none, ())
        proofs = [self.proof(table, row, field) for row, field in cells[:FIRST]]
        known = [proof for proof in proofs if proof is not None]
        if not known:
            return None
        among = len(cells) if count is None else count
        if among > FIRST:
            whole = shown.number(among, self.lang, 0)
            words = {"formula": formula, "first": FIRST, "all": whole}
            formula = self.words.tr("formula-first", **words)
        return self.proofs.derived(formula, known)

    def having(
        self, table: str, rows: Sequence[Record], field: str, word: str, name: str
    ) -> int | None:
        """Return the proof of how many records have one value.

        Args:
            table: Of the records.
            rows: Those that have it; made ready here.
            field: Whose value it is.
            word: The value in words; empty when nothing was communicated.
            name: A field that says which record it is, shown where there is no value.
        """
        first = rows[:FIRST]
        self.load(table, first, (field, name))
        label = self.words.field(table, field)
        told = word or self.words.tr("missing")
        formula = self.words.tr("counts-value", field=label, value=told)
        cells = [(r, field if r.get(field) is not None else name) for r in first]
        return self.counted(formula, table, cells, len(rows))

    def text(self, table: str, row: Record, field: str) -> Figure:
        """Return a text; a code in words."""
        value = row.get(field)
        if value is None:
            return Figure()
        spec = self.words.schemas.tables[table].by_name[field]
        words = self.words.code(spec.values, str(value)) if spec.values else str(value)
        return Figure(words, None, self.proof(table, row, field))

    def day(self, table: str, row: Record, field: str) -> Figure:
        """Return a date."""
        value = row.get(field)
        if value is None:
            return Figure()
        told = shown.day(value, self.lang)
        return Figure(told, value.toordinal(), self.proof(table, row, field))

    def money(self, table: str, row: Record, field: str) -> Figure:
        """Return an amount in thousands of euros."""
        value = row.get(field)
        if value is None:
            return Figure()
        told = thousands(value, self.lang)
        return Figure(told, round(value, 2), self.proof(table, row, field))

    def share(
        self, table: str, row: Record, field: str, *, fine: bool = False
    ) -> Figure:
        """Return a share in per cent; with two decimals when fine."""
        value = row.get(field)
        if value is None:
            return Figure()
        told = shown.percent(value, self.lang, 2 if fine else 0)
        return Figure(told, round(value, 6), self.proof(table, row, field))

    def count(self, table: str, row: Record, field: str) -> Figure:
        """Return a plain number."""
        value = row.get(field)
        if value is None:
            return Figure()
        digits = 0 if float(value).is_integer() else 1
        told = shown.number(float(value), self.lang, digits)
        return Figure(told, float(value), self.proof(table, row, field))

    def rag(self, table: str, row: Record, field: str) -> Figure:
        """Return a status: its letter as text, its word as note, its tone."""
        code = row.get(field)
        if code is None:
            return Figure()
        if code not in RAG_TONES:
            return Figure(
                str(code), 8, self.proof(table, row, field), "none", str(code)
            )
        order = ("red", "amber", "green", "blue", "grey").index(code)
        return Figure(
            self.words.tr(f"rag-letter-{code}"),
            order,
            self.proof(table, row, field),
            RAG_TONES[code],
            self.words.tr(f"rag-{code}"),
        )
