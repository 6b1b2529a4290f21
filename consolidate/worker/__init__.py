"""Read workbooks in confined processes: whatever a file does, it costs that file alone."""

from __future__ import annotations

from consolidate.worker.cache import Cache
from consolidate.worker.confine import Limits
from consolidate.worker.pool import Progress
from consolidate.worker.reader import Reader
from consolidate.worker.reading import Settings, read_delivery

__all__ = ["Cache", "Limits", "Progress", "Reader", "Settings", "read_delivery"]
