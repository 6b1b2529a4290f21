"""What a parser returns, and how much each remark it makes matters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from consolidate.model.finding import Severity


class Parsed(NamedTuple):
    """What one cell was understood to say.

    Attributes:
        value: Normalised value; None when it says nothing or was not understood.
        rule: The remark to make about it; empty when there is none. A value of None
            without a rule is a word for "no value".
        params: Further facts for the remark's message.
        tax: ``excl_vat`` or ``incl_vat`` when the cell itself says so.
    """

    value: object = None
    rule: str = ""
    params: tuple[tuple[str, str], ...] = ()
    tax: str = ""


NOTHING = Parsed()
"""An empty cell, or a word that stands for one."""

SEVERITY: Mapping[str, Severity] = {
    "amount-scope-mixed": Severity.WARNING,
    "colour-unknown": Severity.ERROR,
    "criticality-reckoned": Severity.INFO,
    "criticality-word": Severity.ERROR,
    "currency-not-euro": Severity.WARNING,
    "date-ambiguous": Severity.ERROR,
    "date-far": Severity.WARNING,
    "date-from-serial": Severity.WARNING,
    "date-imprecise": Severity.INFO,
    "date-impossible": Severity.ERROR,
    "date-range": Severity.ERROR,
    "date-unread": Severity.ERROR,
    "date-vague": Severity.ERROR,
    "date-without-year": Severity.ERROR,
    "date-zero": Severity.INFO,
    "effort-fte-without-period": Severity.ERROR,
    "effort-unit-assumed": Severity.INFO,
    "effort-unit-doubtful": Severity.WARNING,
    "effort-unit-from-neighbour": Severity.INFO,
    "money-unit-conflict": Severity.ERROR,
    "month-unread": Severity.ERROR,
    "number-ambiguous": Severity.ERROR,
    "number-bound": Severity.ERROR,
    "number-not-whole": Severity.ERROR,
    "number-range": Severity.ERROR,
    "number-unread": Severity.ERROR,
    "number-with-words": Severity.WARNING,
    "rating-from-range": Severity.WARNING,
    "scale-assumed": Severity.WARNING,
    "scale-exceeded": Severity.ERROR,
    "scale-unknown": Severity.ERROR,
    "share-scale-assumed": Severity.WARNING,
    "share-scale-mixed": Severity.ERROR,
    "status-blue": Severity.ERROR,
    "status-number": Severity.ERROR,
    "tax-basis-mixed": Severity.WARNING,
    "tax-basis-partial": Severity.WARNING,
    "value-ambiguous": Severity.ERROR,
    "value-approximate": Severity.WARNING,
    "value-mixed": Severity.WARNING,
    "value-partly-read": Severity.WARNING,
    "value-unknown": Severity.ERROR,
}
"""Every remark normalising can make. ERROR: the value was left out."""

ABOUT_RECORD = frozenset({"amount-scope-mixed", "tax-basis-mixed", "tax-basis-partial"})
"""Remarks that leave the value they stand at as sure as it was."""
