"""What arrived: files of folders, members of zip files, attachments of saved mails."""

from __future__ import annotations

from consolidate.intake.arrivals import Arrivals, Patience
from consolidate.intake.ledger import STATES, Item, Ledger
from consolidate.intake.mailroom import Mailroom
from consolidate.intake.reasons import reason_text
from consolidate.intake.receive import (
    open_listed,
    receive,
    spool_folder,
    without_duplicates,
)
from consolidate.intake.scan import scan

__all__ = [
    "STATES",
    "Arrivals",
    "Item",
    "Ledger",
    "Mailroom",
    "Patience",
    "open_listed",
    "reason_text",
    "receive",
    "scan",
    "spool_folder",
    "without_duplicates",
]
