"""Which encoding a text is in: marks and UTF-8 decide, then which letters it gives."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEGACY = ("cp1252", "cp858", "mac_roman")
_MUCH = 10
_SAMPLE = 1 << 20
_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
_HIGH = re.compile(r"[^\x00-\x7f]")
_SMALL = re.compile("[éèêëàâäçùûüîïôöœß]")
_CAPITAL = re.compile(
    "(?<![a-zß-ÿ])[ÉÈÊËÀÂÄÇÙÛÜÎÏÔÖŒ](?=[A-Za-zß-ÿÀ-Þ])|(?<=[A-Z])[ÉÈÀÇ]\\b|\\bÀ\\b"
)
_SIGN = re.compile("[°€«»–—…’‘“”•²³½µ§£×\xa0]")


def encoding_of(data: bytes) -> tuple[str, bool]:
    """Return the codec of a text, and whether it is sure.

    A text that is neither UTF-8 nor UTF-16 is of Windows, of DOS or of an old Mac. Almost
    any bytes can be read as any of the three: the one that gives French letters where
    letters are, and few odd signs, is taken. Windows is so usual that it counts as sure
    as soon as its letters are right.
    """
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return codec, True
    sample = data[:_SAMPLE]
    if codec := _wide(sample):
        return codec, True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8", True
    scores = {codec: _score(sample.decode(codec, "replace")) for codec in _LEGACY}
    best = max(_LEGACY, key=lambda codec: scores[codec])
    broken = sample.decode("utf-8", "replace").count("\ufffd")
    whole = len(_SEQUENCE.findall(sample))
    if whole > broken * (1 if scores[best] <= 0 else _MUCH):
        return "utf-8", True  # some bytes of it are lost, and told where they stand
    return best, best == _LEGACY[0] and scores[best] > 0


def decoded(data: bytes) -> str:
    """Return text in whatever encoding it is; what cannot be read becomes U+FFFD."""
    return data.decode(encoding_of(data)[0], "replace").lstrip("\ufeff")


def _wide(sample: bytes) -> str:
    """Return the kind of UTF-16 a text without a mark is in, empty when it is not."""
    half = len(sample) // 2
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if half and odd * 2 > half and even * 10 < half:
        return "utf-16-le"
    if half and even * 2 > half and odd * 10 < half:
        return "utf-16-be"
    return ""


def _score(text: str) -> int:
    """Return how much a text looks like French: letters count twice, odd signs against."""
    letters = len(_SMALL.findall(text)) + len(_CAPITAL.findall(text))
    signs = len(_SIGN.findall(text))
    odd = len(_HIGH.findall(text)) - letters - signs
    return 2 * letters + signs - 2 * odd
