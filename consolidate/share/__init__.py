"""Make the copy that may leave the PMO: it names nobody but sponsors and project managers."""

from __future__ import annotations

from consolidate.share.copy import shared

__all__ = ["shared"]
