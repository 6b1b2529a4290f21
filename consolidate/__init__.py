"""Any project manager's workbook in, one trusted portfolio out."""

__version__ = "2026.1"
