"""Keep texts such as ``_x0041_`` through openpyxl, which forgets how they are escaped.

A file writes that text ``_x005F_x0041_``, for ``_x0041_`` alone is the letter A. openpyxl
takes every ``x005F_`` out when it reads, and puts none back. So another sign stands in
their place while a workbook is in its hands.
"""

from __future__ import annotations

import io
import re
import zipfile

_ESCAPE = b"x005F_"
_SIGN = "\ue05f\uf8fe\ue05f".encode()
_HOLDS_TEXT = re.compile(r"xl/(?:sharedStrings|worksheets/sheet\d+)\.xml")


def guarded(data: bytes) -> bytes:
    """Return an xlsx whose escapes openpyxl leaves alone; itself when it has none.

    Raises:
        ValueError: It holds the sign already.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {info: archive.read(info) for info in archive.infolist()}
    told = [i for i, part in parts.items() if _HOLDS_TEXT.fullmatch(i.filename) and _ESCAPE in part]  # fmt: skip
    if not told:
        return data
    if any(_SIGN in part for part in parts.values()):
        raise ValueError("sign")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for info, part in parts.items():
            text = part.replace(_ESCAPE, _SIGN) if info in told else part
            made.writestr(info.filename, text)
    return buffer.getvalue()


def unguarded(part: bytes) -> bytes:
    """Return a part of an xlsx with its escapes back."""
    return part.replace(_SIGN, _ESCAPE)
