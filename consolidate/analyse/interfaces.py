"""Interfaces: which are proved to work, and which go-live waits for them."""

from __future__ import annotations

import numpy as np
import pandas as pd

TESTED = ("tested", "live")
OPEN = ("to_specify", "specified", "in_development", "in_test", "failed", "blocked")
"""States of an interface that is not proved to work yet."""


def proved(
    state: pd.Series, tested_on: pd.Series, live_on: pd.Series, as_of: pd.Series
) -> pd.Series:
    """Return 1 for interfaces tested or in service at the cut-off, 0 for those not, else NaN.

    A state that says the interface is not ready goes before any date: a date of test may
    be that of a test that failed. One that is dropped needs no proof: 1.

    Args:
        state: Codes; a word that is none says nothing.
        tested_on: Dates (datetime64); those after the cut-off say nothing.
        live_on: As ``tested_on``.
        as_of: Cut-off of each row.
    """
    dated = tested_on.le(as_of) | live_on.le(as_of)
    open_ = state.isin(OPEN)
    done = ~open_ & (state.isin((*TESTED, "not_applicable")) | dated)
    return pd.Series(np.select([done, open_], [1.0, 0.0], np.nan), index=state.index)
