"""Build small extracts for the tests of normalising."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from string import Formatter

from consolidate.model.address import Box, a1
from consolidate.model.facts import Reading
from consolidate.model.finding import Outcome
from consolidate.model.schema import Schemas, load_schemas
from consolidate.model.workbook import Cells, Column, Extract, Record, Region
from consolidate.normalise import NormaliseOptions, normalise
from consolidate.resources import shipped
from consolidate.wording import catalogue

OPTIONS = NormaliseOptions("2026-10", date(2026, 10, 31))


def schemas() -> Schemas:
    return load_schemas((shipped("schemas"),))


def extract(
    table: str,
    columns: Sequence[Column | str],
    rows: Sequence[Sequence[object]],
    *,
    workbook: str = "p1.xlsx",
    lang: str = "fr",
    formats: Mapping[str, str] | None = None,
    methods: Mapping[str, str] | None = None,
) -> Extract:
    """One sheet "F", one region, header in row 1, records below."""
    named = tuple(
        c if isinstance(c, Column) else Column(a1(0, j), c, c)
        for j, c in enumerate(columns)
    )
    region = Region(
        "F", Box(0, 0, len(rows), len(named)), table, "table", columns=named
    )
    entries: list[tuple[object, ...]] = []
    for r, row in enumerate(rows):
        for j, value in enumerate(row):
            if value is None:
                continue
            name = named[j].field
            how = (methods or {}).get(name, "column")
            look = (formats or {}).get(name, "")
            entries.append((r, name, value, look, "F", r + 1, j, j, how, 1.0, True))
    cells = Cells(*map(list, zip(*entries, strict=True))) if entries else Cells()
    records = tuple(Record(table, 0, r + 1) for r in range(len(rows)))
    return Extract(workbook, "xlsx", lang, (region,), records, cells)


def run(*extracts: Extract, options: NormaliseOptions = OPTIONS) -> Outcome[Reading]:
    """Normalise; every finding met in any test has all the facts that its words name."""
    outcome = normalise(extracts, schemas(), options)
    for finding in outcome.findings:
        words = catalogue()["findings"][finding.rule]
        texts = [
            words[part][lang] for part in ("message", "remedy") for lang in ("fr", "en")
        ]
        named = {
            name for text in texts for _, name, _, _ in Formatter().parse(text) if name
        }
        assert named <= {"raw", "field", "table", *finding.params}, finding
    return outcome


def column(outcome: Outcome[Reading], table: str, field: str) -> list[object]:
    """Values of one field, record by record; None where nothing was understood."""
    frame = outcome.value.facts[table].frame
    own = frame[(frame["field"] == field) & (frame["method"] != "derived")]
    return own["value"].tolist()


def told(outcome: Outcome[Reading]) -> list[tuple[str, str]]:
    """Rule and cell of each finding."""
    return [(f.rule, f.ref.cell) for f in outcome.findings]


def read(
    table: str, field: str | Column, values: Sequence[object], **more: object
) -> tuple[list[object], list[tuple[str, str]]]:
    """Read one column alone: its values and what is told."""
    outcome = run(extract(table, [field], [[v] for v in values], **more))  # type: ignore[arg-type]
    name = field.field if isinstance(field, Column) else field
    return column(outcome, table, name), told(outcome)
