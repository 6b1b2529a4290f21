"""What a worker is asked for, and what it gives: one reply to one workbook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from consolidate.exchange.remark import Remark


@dataclass(frozen=True, slots=True)
class Order:
    """One reply to make.

    Attributes:
        name: The workbook's, as listed; a label.
        path: Where its bytes are; None when only a list is wanted.
        size, sha256: Of its bytes.
        standing: ``in`` the portfolio, ``unknown`` when nothing of a project was seen in
            it, ``out`` when it was left out.
        remarks: What is told, in its order.
        lang: ``fr`` or ``en``.
        month: Month reported on, in words.
        stamp: Moment the reply says it was saved: of the run's cut-off, not the clock's.
        scratch: Private folder for temporary files.
    """

    name: str
    path: Path | None
    size: int
    sha256: str
    standing: str
    remarks: tuple[Remark, ...]
    lang: str
    month: str
    stamp: datetime
    scratch: Path


@dataclass(frozen=True, slots=True)
class Built:
    """One reply made.

    Attributes:
        data: The bytes of a workbook.
        suffix: ``.xlsx`` or ``.xlsm``.
        is_copy: Whether it is the manager's workbook annotated, or a list.
    """

    data: bytes
    suffix: str
    is_copy: bool
