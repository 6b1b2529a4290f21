"""Why a file was not read, in words."""

from __future__ import annotations

from consolidate.wording import catalogue


def reason_text(reason: str, lang: str) -> str:
    """Return what a reason code means; the code itself when it has no words."""
    words = catalogue()["labels"].get(f"reason-{reason}", {})
    return str(words.get(lang, reason))
