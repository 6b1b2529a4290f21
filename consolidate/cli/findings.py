"""Findings as a person reads them: place, excerpt, explanation, remedy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from consolidate.cli.summary import place
from consolidate.cli.text import excerpt, one_line
from consolidate.config import Config
from consolidate.model.schema import Schemas, load_schemas
from consolidate.resources import search_path
from consolidate.wording import tr


def configured_schemas(config: Config) -> Schemas:
    """Return the shipped schemas with the PMO's own words added."""
    return load_schemas(search_path("schemas", config.paths.schemas))


def field_label(schemas: Schemas, table: object, field: object, lang: str) -> str:
    """Return how people call a field; its own name when the schemas do not know it."""
    spec = schemas.tables.get(str(table))
    known = spec.by_name.get(str(field)) if spec else None
    label: str = known.label.get(lang, known.name) if known else str(field)
    return label


def table_label(schemas: Schemas, table: str, lang: str) -> str:
    """Return how people call a table."""
    spec = schemas.tables.get(table)
    label: str = spec.label.get(lang, table) if spec else table
    return label


def quoted(text: object, lang: str, width: int = 60) -> str:
    """Return an excerpt between the quotation marks of a language."""
    return tr("cli-quoted", lang, text=excerpt(text, width))


def finding_lines(finding: Mapping[Any, Any], schemas: Schemas, lang: str) -> list[str]:
    """Return one finding: its place, what was written, what it means, what to do."""
    head = f"{place(finding)}   {finding['severity']}  {finding['rule']}"
    lines = [head]
    written = _written(finding, schemas, lang)
    if written:
        lines.append(f"    {written}")
    lines.append(f"    {one_line(finding['message'])}")
    if _text(finding["suggestion"]):
        lines.append(
            "    " + tr("cli-to-do", lang, remedy=one_line(finding["suggestion"]))
        )
    return lines


def _written(finding: Mapping[Any, Any], schemas: Schemas, lang: str) -> str:
    raw, field = _text(finding["raw"]), _text(finding["field"])
    if not raw:
        return ""
    shown = quoted(raw, lang)
    label = field_label(schemas, finding["table"], field, lang)
    return f"{label} = {shown}" if field else shown


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def as_records(
    findings: Iterable[Mapping[Any, Any]], columns: Sequence[str]
) -> list[dict[str, str]]:
    """Return findings for scripts: text in every column, empty where unknown."""
    return [{c: _text(f[c]) for c in columns} for f in findings]
