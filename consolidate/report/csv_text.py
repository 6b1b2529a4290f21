"""Write frames as CSV the contract's way: RFC 4180, CRLF, UTF-8, empty for unknown.

Each distinct value is turned into bytes once, columns that repeat together are taken as
one, and rows are put together from these pieces: on a lineage of 800,000 rows a third of
the time of ``DataFrame.to_csv``, and quotes only where the standard wants them.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from consolidate.model.schema import FieldType

DIGITS: Mapping[FieldType, int] = {
    "money": 2,
    "effort": 4,
    "duration": 4,
    "hours": 4,
    "share": 6,
    "number": 6,
    "rating": 2,
    "criticality": 2,
}
"""Decimals a number keeps, by type of field."""

_ROWS = 10_000
_REPEATED = 32
"""How often a text is met, at least, for its columns to be taken as one."""
_SPECIAL = re.compile('[",\r\n]')
_SURROGATE = re.compile("[\ud800-\udfff]")

Texts = Callable[[pd.Series], list[str]]
Codes: TypeAlias = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True)
class _Piece:
    """One column, or several side by side: what is written in each row.

    Attributes:
        codes: Position in ``texts`` of each row's text.
        texts: What is written, each once.
    """

    codes: Codes
    texts: list[str]


@dataclass(frozen=True, slots=True)
class Written:
    """A file written, for its description: rows, size in bytes and SHA-256."""

    rows: int
    size: int
    sha256: str


def write_csv(
    frame: pd.DataFrame, types: Mapping[str, FieldType], path: Path
) -> Written:
    """Write a frame, its columns in their order, the same bytes for the same frame.

    Args:
        frame: Rows to write.
        types: Type of each column; text where it is not named.
        path: The file; its folder exists.

    Returns:
        What was written.
    """
    size, digest = 0, hashlib.sha256()
    with path.open("wb") as file:
        for content in _parts(frame, types):
            file.write(content)
            digest.update(content)
            size += len(content)
    return Written(len(frame), size, digest.hexdigest())


def csv_bytes(frame: pd.DataFrame, types: Mapping[str, FieldType]) -> bytes:
    """Return what ``write_csv`` writes."""
    return b"".join(_parts(frame, types))


def _parts(frame: pd.DataFrame, types: Mapping[str, FieldType]) -> Iterator[bytes]:
    names = [str(c) for c in frame.columns]
    yield (",".join(names) + "\r\n").encode()
    if frame.empty:
        return
    pieces = _merged(
        _piece(frame.iloc[:, k], types.get(name, "text"))
        for k, name in enumerate(names)
    )
    ends = [","] * (len(pieces) - 1) + ["\r\n"]
    known = [
        np.array([_encoded(text + end) for text in piece.texts], dtype=object)
        for piece, end in zip(pieces, ends, strict=True)
    ]
    for first in range(0, len(frame), _ROWS):
        rows = slice(first, first + _ROWS)
        columns = [
            texts[piece.codes[rows]] for texts, piece in zip(known, pieces, strict=True)
        ]
        yield b"".join(np.stack(columns, axis=1).ravel().tolist())


def _piece(column: pd.Series, kind: FieldType) -> _Piece:
    """Return a column as the texts of its distinct values."""
    text = texts_of(kind)
    if kind not in _TYPED and not _is_text(column):
        # 1, 1.0 and True are equal, but not as text.
        column = pd.Series(text(column), dtype="object")
    codes, distinct = coded(column)
    texts = text(pd.Series(distinct, dtype=distinct.dtype))
    # What is missing has code -1: the last text.
    return _Piece(codes, [*_quoted(texts), ""])


def coded(column: pd.Series) -> tuple[Codes, Any]:
    """Return a column as places in its distinct values, -1 where missing; and these."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.codes.to_numpy(), column.cat.categories.to_numpy()
    is_plain = isinstance(column.dtype, np.dtype)
    codes, distinct = pd.factorize(column.to_numpy() if is_plain else column.array)
    return codes.astype("int32"), distinct


def _is_text(column: pd.Series) -> bool:
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = pd.Series(column.cat.categories)
    return pd.api.types.infer_dtype(column, skipna=True) in ("string", "empty")


def _merged(pieces: Iterable[_Piece]) -> list[_Piece]:
    """Join neighbours that repeat together, such as a sheet and its workbook."""
    merged: list[_Piece] = []
    for piece in pieces:
        pair = _pair(merged[-1], piece) if merged else None
        if pair is None:
            merged.append(piece)
        else:
            merged[-1] = pair
    return merged


def _pair(one: _Piece, other: _Piece) -> _Piece | None:
    """Return two pieces as one; None when that has too many texts to be worth it."""
    width = len(other.texts)
    head = _numbered(one.codes[:_ROWS], len(one.texts), other.codes[:_ROWS], width)
    if len(np.unique(head)) * _REPEATED > len(head):
        return None
    both = _numbered(one.codes, len(one.texts), other.codes, width)
    codes, distinct = pd.factorize(both)
    if len(distinct) * _REPEATED > len(both):
        return None
    first, second = (part.tolist() for part in np.divmod(distinct, width))
    texts = [
        f"{one.texts[a]},{other.texts[b]}" for a, b in zip(first, second, strict=True)
    ]
    return _Piece(codes.astype("int32"), texts)


def _numbered(one: Codes, many: int, other: Codes, width: int) -> npt.NDArray[np.int64]:
    """Return one number a row for two codes; -1, the last text, counts from the end."""
    return one.astype(np.int64) % many * width + other.astype(np.int64) % width


def values(column: pd.Series) -> list[Any]:
    """Return a column as plain Python values, None for whatever is missing."""
    if column.dtype == "object":
        return [v if v == v else None for v in column.tolist()]  # noqa: PLR0124 - NaN
    if column.dtype.kind in "iub" and not hasattr(column.dtype, "na_value"):
        return column.tolist()
    gone = column.isna()
    if not gone.any():
        return column.tolist()
    return column.astype("object").where(~gone, None).tolist()


def texts_of(kind: FieldType) -> Texts:
    """Return what turns a column of a type into text; nothing is the empty text."""
    if kind in DIGITS:
        return _numbers(DIGITS[kind])
    known = _KNOWN.get(kind)
    if known is not None:
        return lambda column: ["" if v is None else known(v) for v in values(column)]
    return lambda column: [v if type(v) is str else _text(v) for v in column.tolist()]


_KNOWN: Mapping[FieldType, Callable[[Any], str]] = {
    "integer": lambda value: str(int(value)),
    "date": lambda value: str(value.isoformat()),
    "boolean": lambda value: "true" if value else "false",
}
_TYPED = frozenset({*DIGITS, *_KNOWN})


def _text(value: object) -> str:
    return "" if value is None or value != value else str(value)  # noqa: PLR0124 - NaN


def _numbers(digits: int) -> Texts:
    def texts(column: pd.Series) -> list[str]:
        plain = values(column)
        known = {v: _decimal(v, digits) for v in set(plain)}
        return [known[v] for v in plain]

    return texts


def _decimal(value: float | None, digits: int) -> str:
    if value is None or not math.isfinite(value):
        return ""
    text = f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if digits else text
    return "0" if text == "-0" else text


def _quoted(texts: Sequence[str]) -> list[str]:
    return [
        f'"{t.replace(_QUOTE, _QUOTE * 2)}"' if _SPECIAL.search(t) else t for t in texts
    ]


_QUOTE = '"'


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:  # half a character, which UTF-8 cannot hold
        return _SURROGATE.sub("\ufffd", text).encode()
