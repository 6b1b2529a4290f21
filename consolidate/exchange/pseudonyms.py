"""Files without names: texts, pages, tables and workbooks, all else as it was."""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable
from html import escape, unescape
from pathlib import PurePosixPath
from typing import Any

Masked = Callable[[str], str]

_PAGES = frozenset({".html", ".htm", ".xml", ".svg", ".rels", ".vml"})
_TEXTS = frozenset({".toml", ".txt", ".md", ".csv", ".log", ".torn", ".jsonl", ".sha256", ""})  # fmt: skip
_PACKAGES = frozenset({".xlsx", ".xlsm", ".xltx", ".ods", ".zip"})
KNOWN = _PAGES | _TEXTS | _PACKAGES | {".json"}
"""Kinds of files that can be looked into."""

_CHUNK = re.compile(r'[^<>"]+')
_STRING = re.compile(r"<(si|is)>.*?</\1>", re.S)
_TEXT = re.compile(r"(<t(?: [^>]*)?>)([^<]*)(</t>)")


class OpaqueError(Exception):
    """A file cannot be looked into."""


def file_masked(name: str, data: bytes, masked: Masked) -> bytes | None:
    """Return a file without names; None when it has none.

    Args:
        name: Says its kind.
        data: Its bytes.
        masked: Gives a text without names.

    Raises:
        OpaqueError: It is of another kind, or damaged.
    """
    kind = PurePosixPath(name).suffix.lower()
    if kind in _PACKAGES:
        return _package(data, masked)
    if kind not in KNOWN:
        raise OpaqueError(name)
    text, encoding = _decoded(data)
    if kind == ".json":
        made = _json(text, masked)
    else:
        made = _page(text, masked) if kind in _PAGES else masked(text)
    return None if made == text else made.encode(encoding)


def _decoded(data: bytes) -> tuple[str, str]:
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return data.decode("latin-1"), "latin-1"


def _json(text: str, masked: Masked) -> str:
    try:
        told = json.loads(text)
    except ValueError:
        return masked(text)
    made = deep(told, masked)
    if made == told:
        return text
    indent = re.search(r"\n( +)", text)
    plain = json.dumps(made, ensure_ascii=False, indent=len(indent[1]) if indent else None)  # fmt: skip
    return plain + ("\n" if text.endswith("\n") else "")


def deep(value: Any, masked: Masked) -> Any:
    """Return what JSON holds without names, in keys too."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, list):
        return [deep(v, masked) for v in value]
    if isinstance(value, dict):
        return {masked(k): deep(v, masked) for k, v in value.items()}
    return value


def _page(text: str, masked: Masked) -> str:
    """Return a page without names: in its texts, and in the values of its attributes."""

    def chunk(found: re.Match[str]) -> str:
        plain = unescape(found[0])
        made = masked(plain)
        if made == plain:
            return found[0]
        return made if plain == found[0] else escape(made)

    return _CHUNK.sub(chunk, _STRING.sub(lambda m: _joined(m[0], masked), text))


def _joined(block: str, masked: Masked) -> str:
    """Return a text of a workbook that is cut where its look changes, in one piece."""
    pieces = _TEXT.findall(block)
    plain = unescape("".join(text for _, text, _ in pieces))
    made = masked(plain)
    if made == plain:
        return block
    rest = iter([escape(made, quote=False)])
    return _TEXT.sub(lambda m: f"{m[1]}{next(rest, '')}{m[3]}", block)


def _package(data: bytes, masked: Masked) -> bytes | None:
    made = io.BytesIO()
    changed = False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:  # fmt: skip
            for info in old.infolist():
                part = old.read(info)
                inside = PurePosixPath(info.filename).suffix.lower()
                found = file_masked(info.filename, part, masked) if inside in KNOWN else None  # fmt: skip
                changed |= found is not None
                new.writestr(info, part if found is None else found)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, NotImplementedError):  # fmt: skip
        raise OpaqueError("damaged") from None
    return made.getvalue() if changed else None
