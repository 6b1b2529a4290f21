"""Where counted rows stand, in few words: the proof of a count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from consolidate.report.html_words import Record

_MOST = 4


def places(rows: Iterable[Record]) -> str:
    """Return ``book.xlsx ! Sheet 4–9, 12`` for rows, one such part per sheet."""
    sheets: dict[tuple[str, str], set[int]] = {}
    for row in rows:
        where = (str(row["workbook"] or ""), str(row["sheet"] or ""))
        sheets.setdefault(where, set()).add(int(row["row"] or 0))
    told = [
        f"{book} ! {sheet} {_spans(sorted(n))}" for (book, sheet), n in sheets.items()
    ]
    more = len(told) - _MOST
    return " ; ".join([*told[:_MOST], *(["…"] if more > 0 else [])])


def _spans(numbers: Sequence[int]) -> str:
    spans: list[list[int]] = []
    for n in numbers:
        if spans and n == spans[-1][1] + 1:
            spans[-1][1] = n
        else:
            spans.append([n, n])
    told = [str(a) if a == b else f"{a}–{b}" for a, b in spans[:_MOST]]
    return ", ".join([*told, *(["…"] if len(spans) > _MOST else [])])
