"""Make the copy that may leave the PMO: it names nobody but sponsors and project managers."""

from __future__ import annotations

from consolidate.share.copy import shared
from consolidate.share.names import people

__all__ = ["people", "shared"]
