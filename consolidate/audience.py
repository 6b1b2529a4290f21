"""Who may read what is published: the PMO all of it, others the copy made for them."""

from __future__ import annotations

from consolidate.model.portfolio import Portfolio
from consolidate.model.schema import Schemas
from consolidate.register import Registers
from consolidate.share import confidential, shared, withheld


def for_audience(
    audience: str, portfolio: Portfolio, schemas: Schemas, kept: Registers
) -> Portfolio:
    """Return what may be published: all of it, or the copy that leaves the PMO."""
    if audience != "shared":
        return portfolio
    from consolidate.register.frames import frames  # noqa: PLC0415 (heavy)

    hidden = confidential(frames(kept.entries)["projects"])
    return shared(withheld(portfolio, hidden), schemas)
