"""The text that goes with a reply, to be pasted into a mail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from consolidate.exchange.order import Order
from consolidate.exchange.remark import Correction, corrections, place
from consolidate.exchange.text import one_line, plain
from consolidate.wording import plural, tr

_MOST = 20
"""Remarks told in a text without a list."""


def letter(order: Order, to: Sequence[str] = (), *, attached: str = "") -> str:
    """Return the text to send with the reply to one workbook.

    Args:
        order: The reply.
        to: Project managers it is for.
        attached: ``copy`` or ``list``; empty when the text says it all.
    """
    lang = order.lang
    first = corrections(order.remarks)
    if not attached:
        first = tuple(Correction(remark, 1) for remark in order.remarks[:_MOST])
    thanks = order.standing if order.standing != "in" else "some" if first else "none"
    name = one_line(order.name.rpartition("/")[2])
    subject = tr("reply-subject", lang, workbook=name, month=order.month)
    names = ", ".join(map(one_line, to))
    return "\n\n".join(
        [
            f"{tr('reply-to', lang, names=names)}\n{subject}" if to else subject,
            tr("reply-greeting", lang),
            tr(f"reply-thanks-{thanks}", lang),
            *(_told(rank, line, lang) for rank, line in enumerate(first, 1)),
            *_enclosed(attached if first or not attached else "none", lang),
            tr("reply-bye", lang) + "\n",
        ]
    )


def _enclosed(what: str, lang: str) -> Iterator[str]:
    if what:
        yield tr(f"reply-attached-{what}", lang)


def _told(rank: int, correction: Correction, lang: str) -> str:
    remark = correction.remark
    where = place(remark, lang)
    if correction.count > 1:
        where = plural("reply-others", correction.count - 1, lang, place=where)
    advice = plain(remark.advice).replace("\n", " ")
    return (
        f"{rank}. {one_line(where)}\n"
        f"   {one_line(remark.message, 600)}\n"
        f"   {tr('reply-do', lang, advice=advice)}"
    )
