"""The workbooks received: what became of each, and how much of it was understood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from consolidate.report import format as shown
from consolidate.report.html_context import Context
from consolidate.report.html_words import records
from consolidate.report.page_name import page_name

STATES = (
    "rejected",
    "partial",
    "consolidated",
    "superseded",
    "duplicate",
    "ignored",
)
UNDERSTOOD = "understood"
"""Folder of the "what I understood" pages."""

_UNDECIDED = frozenset({"", "proposed"})
_TONES = {"rejected": "poor", "partial": "fair", "consolidated": "good"}


@dataclass(frozen=True, slots=True)
class Workbook:
    """One workbook received.

    ``share`` is that of its cells that found a place; ``page`` the address of its "what
    I understood" page, empty when it has none; ``layout`` says where its layout stands.
    """

    name: str
    state: str
    tone: str
    reason: str
    projects: tuple[str, ...]
    read: str
    share: float | None
    told: str
    page: str
    layout: str


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
    layouts = not _UNDECIDED.issuperset(str(r["layout_state"] or "") for r in rows)
    read = sum(int(r["cells_read"] or 0) for r in rows)
    left = sum(int(r["cells_left"] or 0) for r in rows)
    return Workbooks(
        listed=tuple(_workbook(context, r, layouts) for r in rows),
        counts={s: counts[s] for s in STATES},
        received=len(rows),
        cells_read=read,
        share=1 - left / read if read else None,
    )


def _workbook(context: Context, row: Mapping[str, object], layouts: bool) -> Workbook:
    """Return a workbook; with its layout's state where any was decided about."""
    read, left = (int(str(row[c] or 0)) for c in ("cells_read", "cells_left"))
    name, state = str(row["workbook"]), str(row["state"])
    reason = str(row["reason"] or "")
    share = 1 - min(left / read, 1.0) if read else None
    return Workbook(
        name=name,
        state=context.words.known(f"html-state-{state}", state),
        tone=_TONES.get(state, "none"),
        reason=context.words.known(f"reason-{reason}", reason),
        projects=tuple(c for c in str(row["project_codes"] or "").split(";") if c),
        read=shown.number(read, context.lang, 0),
        share=share,
        told=shown.percent(share, context.lang) if share is not None else "",
        page=understood_page(name) if name in context.understood else "",
        layout=context.words.known(f"layout-is-short-{row['layout_state']}", "")
        if layouts
        else "",
    )


def understood_page(workbook: str) -> str:
    """Return the path of a workbook's "what I understood" page in the results."""
    return f"{UNDERSTOOD}/{page_name(workbook)}"
