"""Close a month, reopen it, publish it again as it was."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from consolidate import store
from consolidate.analyse.difference import differences
from consolidate.model.delivery import Delivery
from consolidate.model.error import StoreError
from consolidate.model.output import RUN_FILE
from consolidate.model.portfolio import Portfolio
from consolidate.wording import tr

_LISTED = 500
"""Changes that a corrected version lists one by one; all are counted."""


def close(
    url: str, period: str, out: Path, by: str, reason: str, lang: str
) -> store.Month:
    """Close a month as OUT shows it; say what it corrects when it was closed before.

    Raises:
        StoreError: There is no such month, it is closed, or OUT is of another run.
    """
    found = store.month(url, period, lang)
    if found is None or found.state == "closed":
        nothing = store.Closing(period, by)
        return store.close_month(url, nothing, out, lang)  # which says why not
    after = store.load_snapshot(url, found.snapshot.id, lang)
    _check_is(out, after.run, period, lang)
    told = None
    if found.version:
        before = store.load_snapshot(url, found.closed_snapshot, lang)
        changes = differences(before.tables, after.tables)
        told = {
            "since": found.version,
            "changes": len(changes),
            "by_table": changes["table"].value_counts(sort=False).to_dict(),
            "first": changes.head(_LISTED).to_dict("records"),
        }
    return store.close_month(url, store.Closing(period, by, reason, told), out, lang)


def _check_is(out: Path, run: object, period: str, lang: str) -> None:
    try:
        published = json.loads((out / RUN_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        published = None
    if published != run:
        raise StoreError(tr("store-month-not-out", lang, out=out, period=period))


def restore(
    url: str,
    found: store.Month,
    into: Path | None,
    deliveries: Sequence[Delivery],
    lang: str,
) -> tuple[Portfolio, tuple[str, ...]]:
    """Write a closed month as it was published, and note what came too late for it.

    Args:
        url: Of the store.
        found: A closed month.
        into: An empty folder; nothing is written when None.
        deliveries: What is in the inboxes now.
        lang: Language of errors.

    Returns:
        Its portfolio, and the names of workbooks it was not made of, which wait for a
        decision: reopen the month, or leave them out.

    Raises:
        StoreError: The store cannot be read or written.
    """
    portfolio = store.load_snapshot(url, found.closed_snapshot, lang)
    if into is not None:
        store.restore_month(url, found, into, lang)
    late = _late(portfolio.run, deliveries)
    if late:
        store.note_late(url, found.period, late, lang)
    return portfolio, tuple(name for name, _, _ in late)


def _late(
    run: Mapping[str, object], deliveries: Sequence[Delivery]
) -> tuple[tuple[str, str, str], ...]:
    """Return name, hash and arrival of the workbooks a month was not made of."""
    inputs = run.get("inputs")
    known = {i["sha256"] for i in inputs} if isinstance(inputs, list) else set()
    return tuple(
        (d.name, d.sha256, d.received_at)
        for d in deliveries
        if d.kind == "workbook" and not d.state and d.sha256 not in known
    )
