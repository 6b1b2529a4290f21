"""What arrived: files of folders, members of zip files, attachments of saved mails."""

from __future__ import annotations

from consolidate.intake.reasons import reason_text
from consolidate.intake.receive import receive, spool_folder, without_duplicates
from consolidate.intake.scan import scan

__all__ = ["reason_text", "receive", "scan", "spool_folder", "without_duplicates"]
