"""Processor time by stage of a run."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Clock:
    """Seconds of processor time by stage."""

    stages: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add to a stage the processor time of what runs inside."""
        start = time.process_time()
        try:
            yield
        finally:
            spent = time.process_time() - start
            self.stages[name] = self.stages.get(name, 0.0) + spent
