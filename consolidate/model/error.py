"""The errors a user may see: one line, and the exit status 2."""

from __future__ import annotations


class ConsolidateError(Exception):
    """The run cannot go on; the text is one line for the person at the keyboard."""


class ConfigError(ConsolidateError):
    """A configuration, schema or layout file is wrong; names file and key."""


class OutputError(ConsolidateError):
    """The output folder cannot be written or replaced; names the path."""


class StoreError(ConsolidateError):
    """The store cannot be opened or is locked; names it and the way out."""


class UnreadableWorkbookError(Exception):
    """One workbook cannot be read; it becomes a rejected workbook, not a failed run.

    Attributes:
        reason: One of ``encrypted``, ``damaged``, ``empty``, ``not-a-workbook``,
            ``too-large``, ``too-slow``, ``vanished``, ``changed``.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        """Keep the reason as a code; the detail never holds cell content."""
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail
