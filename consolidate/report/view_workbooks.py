"""The workbooks received: what became of each, and how much of it was understood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from consolidate.report import format as shown
from consolidate.report.html_context import Context
from consolidate.report.html_words import records

STATES = (
    "rejected",
    "partial",
    "consolidated",
    "superseded",
    "duplicate",
    "ignored",
)
_TONES = {"rejected": "poor", "partial": "fair", "consolidated": "good"}


@dataclass(frozen=True, slots=True)
class Workbook:
    """One workbook received; ``share`` is what was understood of its cells."""

    name: str
    state: str
    tone: str
    reason: str
    projects: tuple[str, ...]
    read: str
    share: float | None
    told: str


@dataclass(frozen=True, slots=True)
class Workbooks:
    """All workbooks, those to look at first."""

    listed: tuple[Workbook, ...]
    counts: Mapping[str, int]
    received: int
    cells_read: int
    share: float | None


def workbooks(context: Context) -> Workbooks:
    """Return the workbooks of the run."""
    rows = records(context.portfolio.workbooks)
    rank = {s: n for n, s in enumerate(STATES)}
    rows.sort(key=lambda r: (rank.get(str(r["state"]), 9), str(r["workbook"])))
    counts = Counter(str(r["state"]) for r in rows)
    read = sum(int(r["cells_read"] or 0) for r in rows)
    mapped = sum(int(r["cells_mapped"] or 0) for r in rows)
    return Workbooks(
        listed=tuple(_workbook(context, r) for r in rows),
        counts={s: counts[s] for s in STATES},
        received=len(rows),
        cells_read=read,
        share=mapped / read if read else None,
    )


def _workbook(context: Context, row: Mapping[str, object]) -> Workbook:
    read, mapped = (int(str(row[c] or 0)) for c in ("cells_read", "cells_mapped"))
    state = str(row["state"])
    reason = str(row["reason"] or "")
    share = min(mapped / read, 1.0) if read else None
    return Workbook(
        name=str(row["workbook"]),
        state=context.words.known(f"html-state-{state}", state),
        tone=_TONES.get(state, "none"),
        reason=context.words.known(f"reason-{reason}", reason),
        projects=tuple(c for c in str(row["project_codes"] or "").split(";") if c),
        read=shown.number(read, context.lang, 0),
        share=share,
        told=shown.percent(share, context.lang) if share is not None else "",
    )
