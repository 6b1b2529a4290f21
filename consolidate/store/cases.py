"""Assistance cases: opened with a month, taken, acted on and closed by people.

Steps are only ever added; how a case stands follows from them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa

from consolidate.model.case import (
    CASE_COLUMNS,
    OPENING_COLUMNS,
    CaseNews,
    CaseStep,
    case_id,
)
from consolidate.model.error import StoreError
from consolidate.store.engine import reading, writing
from consolidate.store.rows import plain_values
from consolidate.store.tables import metadata
from consolidate.wording import tr


def open_cases(
    connection: sa.Connection, period: str, as_of: date, news: CaseNews
) -> None:
    """Open the cases a month calls for, in the caller's transaction.

    A live case of the same key stays the one it is, whatever run it is; one that was
    closed is opened anew only when its alert began again after that. A month before the
    last one of the store opens none: what it tells is past.

    Args:
        connection: In a transaction, with the month stored.
        period: The month.
        as_of: Its cut-off, the day its cases open.
        news: What it says.
    """
    table, snapshots = metadata().tables["cases"], metadata().tables["snapshots"]
    last = connection.execute(sa.select(sa.func.max(snapshots.c.period))).scalar()
    if last is not None and last > period:
        return
    known = _standing(connection)
    for case in known:
        if case["outcome"] is None:
            _see(connection, case, period, news)
    number = max((case["number"] for case in known), default=0)
    columns = [plain_values(news.openings[name]) for name in OPENING_COLUMNS]
    for values in zip(*columns, strict=True):
        opening = dict(zip(OPENING_COLUMNS, values, strict=True))
        same = [case for case in known if case["key"] == opening["key"]]
        if any(not _is_over(case, opening["since"]) for case in same):
            continue
        number += 1
        own = {"number": number, "opened_in": period, "opened_on": as_of}
        told = {"news": "there", "news_of": period}
        connection.execute(sa.insert(table).values({**opening, **own, **told}))


def _is_over(case: Mapping[str, Any], since: str | None) -> bool:
    """Return whether a case ended before its alert began again."""
    if case["outcome"] is None:
        return False
    return bool(since and f"{case['closed_on']:%Y-%m}" < since)


def _see(
    connection: sa.Connection, case: Mapping[str, Any], period: str, news: CaseNews
) -> None:
    """Keep whether the month still raises what opened a case."""
    table = metadata().tables["cases"]
    whose = case["project_code"]
    told = "there" if case["key"] in news.raised else "gone"
    if whose is not None and whose not in news.projects:
        told = "no_news"
    own = table.c.number == case["number"]
    query = sa.update(table).where(own).values(news=told, news_of=period)
    connection.execute(query)


def add_steps(connection: sa.Connection, steps: Sequence[CaseStep]) -> None:
    """Add steps in the caller's transaction; those known, or of no case, are left out."""
    if not steps:
        return
    table = metadata().tables["case_steps"]
    for step in steps:
        case = next((c for c in _standing(connection) if c["id"] == step.case), None)
        if case is None or case["outcome"] is not None:
            continue
        if step.step == "take" and case["owner"] == step.text:
            continue
        own = table.c.number == case["number"]
        marks = set(connection.execute(sa.select(table.c.mark).where(own)).scalars())
        if step.mark in marks:
            continue
        told = {
            "number": case["number"],
            "position": len(marks) + 1,
            "mark": step.mark,
            "on": step.on,
            "step": step.step,
            "by": step.by,
            "text": step.text,
            "outcome": step.outcome,
            "source": step.source,
            "noted_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        }
        connection.execute(sa.insert(table).values(told))


def note_steps(url: str, steps: Sequence[CaseStep], lang: str = "fr") -> None:
    """Add steps typed by people.

    Raises:
        StoreError: There is no such case, it is closed, or the store cannot be written;
            nothing was added.
    """
    with writing(url, lang) as connection:
        for step in steps:
            known = _standing(connection)
            found = next((c for c in known if c["id"] == step.case), None)
            if found is None:
                raise StoreError(tr("store-no-case", lang, case=step.case))
            if found["outcome"] is not None:
                text = tr("store-case-closed", lang, case=step.case)
                raise StoreError(text)
            add_steps(connection, [step])


def keep_steps(url: str, steps: Sequence[CaseStep], lang: str = "fr") -> None:
    """Add steps read back from a sheet; those known, or of no live case, are left out.

    Raises:
        StoreError: The store cannot be written.
    """
    if steps:
        with writing(url, lang) as connection:
            add_steps(connection, steps)


def cases(url: str, lang: str = "fr", known_at: str = "") -> pd.DataFrame:
    """Return every case as it stands, the oldest first: columns ``CASE_COLUMNS``.

    Args:
        url: Of the store.
        lang: Language of errors.
        known_at: As it stood then, UTC ``…Z``; as it stands now when empty.

    Raises:
        StoreError: The store cannot be read.
    """
    with reading(url, lang) as connection:
        found = [] if connection is None else _standing(connection, known_at)
    return pd.DataFrame(found, columns=CASE_COLUMNS, dtype="object")


def _standing(connection: sa.Connection, at: str = "") -> list[dict[str, Any]]:
    """Return every case as its steps, those noted by then, leave it."""
    table, steps = metadata().tables["cases"], metadata().tables["case_steps"]
    taken: dict[int, list[Mapping[Any, Any]]] = {}
    query = sa.select(steps).order_by(steps.c.number, steps.c.position)
    if at:
        query = query.where(steps.c.noted_at <= at)
    for row in connection.execute(query).mappings():
        taken.setdefault(row["number"], []).append(row)
    rows = connection.execute(sa.select(table).order_by(table.c.number)).mappings()
    return [_stands(row, taken.get(row["number"], [])) for row in rows]


def _stands(
    row: Mapping[Any, Any], steps: Sequence[Mapping[Any, Any]]
) -> dict[str, Any]:
    def last(kind: str, name: str) -> Any:
        return next((s[name] for s in reversed(steps) if s["step"] == kind), None)

    days = [s["on"] for s in steps if s["on"] is not None]
    return {
        **{name: row[name] for name in ("number", *OPENING_COLUMNS)},
        **{n: row[n] for n in ("opened_in", "opened_on", "news", "news_of")},
        "id": case_id(row["number"]),
        "owner": last("take", "text"),
        "last_action": last("act", "text"),
        "acted_on": last("act", "on"),
        "first_on": min(days, default=None),
        "outcome": last("close", "outcome"),
        "closed_on": last("close", "on"),
        "closed_by": last("close", "by"),
        "closed_because": last("close", "text"),
        "source": steps[-1]["source"] if steps else None,
    }
