"""Encrypt workbooks so that Excel and LibreOffice ask for the password."""

from __future__ import annotations

import io

SHORTEST = 12
"""Characters of a password, as ANSSI advises for what is sent."""


def encrypted(workbook: bytes, password: str) -> bytes:
    """Return a workbook encrypted with a password (AES-256, ECMA-376 agile).

    Not the same bytes twice: its salts are drawn anew.

    Args:
        workbook: An .xlsx.
        password: As it is to be typed.
    """
    from msoffcrypto.format.ooxml import OOXMLFile  # noqa: PLC0415 (slow to load)

    target = io.BytesIO()
    OOXMLFile(io.BytesIO(workbook)).encrypt(password, target)
    return target.getvalue()
