"""Columns that were recognised and of which no value could be understood."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from consolidate.model.address import a1
from consolidate.model.facts import Facts
from consolidate.model.finding import CellRef, Finding, Severity
from consolidate.model.workbook import Extract

_MADE = frozenset({"derived", "section", "header", "merged"})
_LETTERS = re.compile(r"\d+")


def unread_columns(
    extracts: Iterable[Extract], facts: Mapping[str, Facts]
) -> tuple[Finding, ...]:
    """Tell of each column whose every value was left out, at its header.

    Args:
        extracts: What was understood of each workbook.
        facts: By table, normalised: a value not understood is None.

    Returns:
        One INFO a column: its cells have their own findings, or say that they hold no
        value (``-``, ``n/a``).
    """
    silent = _silent(facts)
    if not silent:
        return ()
    findings: list[Finding] = []
    for extract in extracts:
        for region in extract.regions:
            for column in region.columns:
                key = (extract.workbook, region.sheet, _LETTERS.sub("", column.ref))
                count = silent.get((*key, column.field), 0) if column.field else 0
                if count and region.shape == "table":
                    ref = CellRef(extract.workbook, region.sheet, column.ref)
                    params = {"count": str(count)}
                    findings.append(
                        Finding(
                            "column-not-understood",
                            Severity.INFO,
                            ref,
                            region.table,
                            column.field,
                            column.header,
                            params=params,
                        )
                    )
    return tuple(findings)


def _silent(facts: Mapping[str, Facts]) -> dict[tuple[str, str, str, str], int]:
    """Return how many values each column has that gives none, by place and field."""
    frames = [f.frame for f in facts.values() if len(f.frame)]
    if not frames:
        return {}
    keys = ["workbook", "sheet", "col", "field"]
    whole = pd.concat(
        [f[[*keys, "value", "method"]] for f in frames], ignore_index=True
    )
    read = whole.loc[~whole["method"].isin(list(_MADE))]
    counts = (
        read.assign(understood=read["value"].notna())
        .groupby(keys, sort=False)["understood"]
        .agg(["size", "sum"])
    )
    none = counts.loc[counts["sum"] == 0, "size"].reset_index()
    none = none.loc[none["col"] > 0]
    return {
        (str(book), str(sheet), _LETTERS.sub("", a1(0, int(col) - 1)), str(name)): int(
            n
        )
        for book, sheet, col, name, n in zip(
            *(none[c].tolist() for c in (*keys, "size")), strict=True
        )
    }
