"""Identifiers of patients in a text: found by their shape and key, or by the word before."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from consolidate.model.forgotten import current

MASK = "•••••••••••••••"
# People cut the digits anywhere, and set the key apart ("/ 91", "clé 91").
_GAP = r"[\s.\-_\u2010-\u2015]{0,2}"
_KEY_GAP = r"[\s.\-_\u2010-\u2015/(|:]{0,3}(?:cl[eé][\s:.]{0,3})?"
_MONTH = _GAP.join(("(?:0", "[1-9]|1", "[0-2]|[235-9]", r"\d|4", "[0-2])"))
NIR = re.compile(
    _GAP.join(
        (r"(?<!\d)[1-478]", r"\d", r"\d", _MONTH, rf"(?:\d{_GAP}\d|2{_GAP}[ABab])")
    )
    + (_GAP + r"\d") * 6
    + rf"{_KEY_GAP}\d{_GAP}\d(?!\d)"
)
_NIR_SIZE = 15
# The hospital's own number of a patient (IPP, NIP) or of a stay (IEP), where it says so.
_NUMBERED = re.compile(
    r"(?i)(?<![a-z])(ipp|iep|nip)([\s_.:=#\-]{0,4}(?:n(?:um[eé]ro|[°ºo])[\s.:]{0,3})?)"
    r"([a-z]?\d{6,14})(?![\d,]|\s?[k€])"
)
_DAY = re.compile(
    r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])"
    r"|(?:[0-2]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d"
)
_BORN = re.compile(
    r"(?:\b(?:[A-ZÀ-Þ][\w’'-]*\.?[ ,]+){1,4}\(?)?"
    r"(?i:\bn[ée]+(?:\(e\)|\.e|·e)?\s+le|\bddn|\bdate de naissance|\bborn(?:\s+on)?|\bdob|\bdate of birth)"
    r"[\s:(]{0,3}\d{1,4}[\s/.\-]\s?(?:\d{1,2}|[A-Za-zéûÉÛ]{3,9}\.?)[\s/.\-]\s?\d{2,4}"
)
_BORN_HINT = re.compile(r"(?i)n[ée]+\S{0,4}\s+le\b|ddn|naissance|born|dob|birth")
_NO_DIGIT = re.compile(r"\D*\Z")


def is_nir(text: str) -> bool:
    """Whether a text is a French social security number with a right key.

    Args:
        text: 15 digits (or 2A, 2B), and any separators.

    Source: key = 97 - (number mod 97), 2A counted as 19 and 2B as 18 (INSEE).
    """
    from stdnum.fr import nir  # noqa: PLC0415 (slow to load, rarely needed)

    return bool(nir.is_valid(re.sub(r"[^0-9ABab]", "", text)))


def without_identifiers(text: str) -> str:
    """Return a text with a mask for each identifier of a patient.

    Social security numbers with a right key; numbers after IPP, NIP or IEP; a date of
    birth, with the name before it.
    """
    return _without(text, lambda _: MASK)


def masked_name(text: str) -> str:
    """Return a name or subject without identifiers, apart from others that had one too.

    Those who were forgotten have their pseudonyms in it.

    Four signs of the identifier's hash follow the mask: two files that differ by it keep
    different names, and nobody finds it by them.
    """
    known = _without(text, lambda found: f"{MASK}-{_signs(found)}")
    return current().masked(known)


def _without(text: str, mask: Callable[[str], str]) -> str:
    if _NO_DIGIT.match(text):
        return text
    if len(text) >= _NIR_SIZE:
        text = NIR.sub(lambda m: mask(m[0]) if is_nir(m[0]) else m[0], text)
    text = _NUMBERED.sub(
        lambda m: m[0] if _is_other(m[3]) else f"{m[1]}{m[2]}{mask(m[3])}", text
    )
    return _BORN.sub(lambda m: mask(m[0]), text) if _BORN_HINT.search(text) else text


def _is_other(digits: str) -> bool:
    """Whether digits after such a word are a day or a round amount all the same."""
    return digits.endswith("00") or _DAY.fullmatch(digits) is not None


def _signs(found: str) -> str:
    digits = "".join(c for c in found if c.isalnum()).casefold()
    return hashlib.sha256(digits.encode()).hexdigest()[:4]
