"""What all packs have in common: title, month, cut-off, reader, returns received."""

from __future__ import annotations

import re
from collections.abc import Sequence

from consolidate.model.pack import Pack, Section
from consolidate.packs.data import PackData
from consolidate.report import format as shown
from consolidate.report.page_name import page_name

_HASHED = re.compile(r"-([0-9a-f]{6})[0-9a-f]{10}$")
"""What makes a page's name unlike any other; a folder of packs needs less of it."""


def pack(
    data: PackData,
    kind: str,
    sections: Sequence[Section],
    *,
    name: str = "",
    subject: str = "",
) -> Pack:
    """Return a pack with its title and reader, as ``pack-<kind>-...`` words them.

    Args:
        data: What its sections were made of.
        kind: Of the pack, as it is asked for.
        sections: In reading order.
        name: Stem of its files; that of its kind when empty.
        subject: Whom or what it is about, beside the month.
    """
    told = data.portfolio
    words = {
        "month": shown.month(told.period, data.lang),
        "day": shown.day(told.as_of, data.lang),
    }
    subtitle = data.tr("pack-subtitle", **words)
    received = told.workbooks["state"].isin(["consolidated", "partial"]).sum()
    return Pack(
        name or kind,
        data.tr(f"pack-{kind}-title"),
        f"{subject} · {subtitle}" if subject else subtitle,
        data.tr(f"pack-{kind}-reader"),
        told.period,
        told.as_of,
        data.lang,
        tuple(sections),
        data.plural("pack-received", int(received)),
    )


def file_name(kind: str, subject: str) -> str:
    """Return the stem of the files of a pack about someone or something."""
    stem = page_name(subject).removesuffix(".html")
    short = _HASHED.sub(r"-\1", stem)
    return f"{kind}-{short}"
