"""Findings as published: worded, ordered, one row each."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from consolidate.model.finding import Finding
from consolidate.model.portfolio import FINDING_COLUMNS
from consolidate.model.schema import Schemas
from consolidate.wording import Labels, message, remedy


def findings_frame(
    findings: Iterable[Finding],
    lang: str,
    schemas: Schemas,
    suggest: Callable[[Finding, str, Labels], str] = remedy,
) -> pd.DataFrame:
    """Return findings in a language, the most severe first, then by place.

    Args:
        findings: In any order.
        lang: ``fr`` or ``en``.
        schemas: Say what fields are called.
        suggest: Words what to do.

    Returns:
        Columns ``FINDING_COLUMNS``, text with None where empty; one that says the same
        at the same place comes once.
    """
    labels = field_labels(schemas, lang)
    ordered = sorted(findings, key=_order)
    rows = dict.fromkeys(
        (
            f.severity.name.lower(),
            f.rule,
            f.ref.workbook,
            f.ref.sheet,
            f.ref.cell,
            f.project_code,
            f.table,
            f.field,
            f.raw,
            message(f, lang, labels),
            suggest(f, lang, labels),
        )
        for f in ordered
    )
    frame = pd.DataFrame(list(rows), columns=FINDING_COLUMNS, dtype=object)
    return frame.where(frame != "", None)


def field_labels(schemas: Schemas, lang: str) -> dict[tuple[str, str], str]:
    """Return what people call each field, by (table, field)."""
    return {
        (table.name, field.name): field.label.get(lang, field.name)
        for table in schemas.tables.values()
        for field in table.fields
    }


def _order(finding: Finding) -> tuple[object, ...]:
    ref = finding.ref
    place = (ref.workbook, ref.sheet, len(ref.cell), ref.cell)
    return (-finding.severity, *place, finding.rule, finding.field, finding.raw)
