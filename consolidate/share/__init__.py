"""Make the copy that may leave the PMO: it names nobody but sponsors and project managers."""

from __future__ import annotations

from consolidate.share.copy import shared
from consolidate.share.names import people, spellings
from consolidate.share.projects import (
    Cut,
    confidential,
    only_projects,
    withheld,
)

__all__ = [
    "Cut",
    "confidential",
    "only_projects",
    "people",
    "shared",
    "spellings",
    "withheld",
]
