"""The parts of an xlsx package: which sheet is which part, and what goes with it."""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING

from defusedxml.ElementTree import fromstring

from consolidate.model.error import UnreadableWorkbookError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b([^>]*)>")
_GIVEN = re.compile(rb"(\w+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([\w\-]+)")
_UTF8 = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Part:
    """One worksheet of the package.

    Attributes:
        name: Shown on its tab.
        state: ``visible``, ``hidden`` or ``veryHidden``.
        path: Part of the package; empty when it is missing.
        related: Parts it refers to, by the last word of their type (``comments``).
    """

    name: str
    state: str
    path: str
    related: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Package:
    """An opened xlsx package.

    Attributes:
        archive: The zip file.
        parts: Worksheets in the order of their tabs; chart sheets left out.
        names: Defined names and what they stand for.
        date_1904: Whether day 0 is in 1904.
        styles, theme, strings: Paths of these parts, empty when there is none.
        macros, links: Whether it holds macros, or refers to other workbooks.
    """

    archive: zipfile.ZipFile
    parts: tuple[Part, ...]
    names: Mapping[str, str]
    date_1904: bool
    styles: str
    theme: str
    strings: str
    macros: bool
    links: bool

    def read(self, path: str) -> bytes:
        """Return a part's bytes as UTF-8, empty when it is not there.

        Raises:
            UnreadableWorkbookError: It cannot be unpacked.
        """
        return read_part(self.archive, path)

    def size(self, path: str) -> int:
        """Return how many bytes a part has, 0 when it is not there."""
        stored = _stored(self.archive, path)
        return stored.file_size if stored else 0


def _stored(archive: zipfile.ZipFile, path: str) -> zipfile.ZipInfo | None:
    """Return where a part is; case and slashes do not count."""
    names = archive.NameToInfo
    if path in names or not path:
        return names.get(path)
    folded = path.casefold()
    like = (n for n in names if n.replace("\\", "/").casefold() == folded)
    return names.get(next(like, ""))


def read_part(archive: zipfile.ZipFile, path: str) -> bytes:
    """Return a part's bytes, XML as UTF-8; empty when it is not there.

    Raises:
        UnreadableWorkbookError: It cannot be unpacked.
    """
    stored = _stored(archive, path)
    if stored is None:
        return b""
    try:
        return as_utf8(archive.read(stored))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as err:
        raise UnreadableWorkbookError("damaged", type(err).__name__) from err


def as_utf8(data: bytes) -> bytes:
    """Return XML in UTF-8, whatever its declaration says."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", "replace").encode()
    if data[:4] in {b"<\0?\0", b"\0<\0?"}:
        order = "utf-16-le" if data[0] else "utf-16-be"
        return data.decode(order, "replace").encode()
    said = _ENCODING.search(data, 0, 120)
    if said and said[1].lower() not in {b"utf-8", b"utf8"}:
        try:
            return data.decode(said[1].decode("ascii"), "replace").encode()
        except (LookupError, ValueError):
            return data.decode("cp1252", "replace").encode()
    return data.removeprefix(_UTF8)


def parse(data: bytes) -> Element | None:
    """Return the root of an XML part, None when it is empty or broken."""
    if not data:
        return None
    cut = data.find(b"?>", 0, 200)
    try:
        root: Element = fromstring(
            data[cut + 2 :] if cut > 0 else data, forbid_dtd=True
        )
    except (SyntaxError, ValueError):
        return None
    return root


def local(tag: str) -> str:
    """Return an element's name without its namespace."""
    return tag.rpartition("}")[2]


def open_package(archive: zipfile.ZipFile) -> Package:
    """Read which sheets a package has and where.

    Raises:
        UnreadableWorkbookError: It has no workbook part that can be read.
    """
    main = _target(archive, "", "officeDocument") or "xl/workbook.xml"
    names = archive.namelist()
    root = parse(read_part(archive, main))
    if root is None:
        raise UnreadableWorkbookError("damaged", "no workbook part")
    rels = relations(archive, main)
    by_kind = dict(rels.values())
    return Package(
        archive,
        tuple(_parts(archive, root, rels)),
        _defined(root),
        any(
            e.get("date1904") in {"1", "true"}
            for e in root.iter()
            if local(e.tag) == "workbookPr"
        ),
        by_kind.get("styles", ""),
        by_kind.get("theme", ""),
        by_kind.get("sharedStrings", "xl/sharedStrings.xml"),
        "xlMacrosheet" in by_kind or any(n.endswith("vbaProject.bin") for n in names),
        any(n.startswith("xl/externalLinks/") for n in names),
    )


def _target(archive: zipfile.ZipFile, of: str, kind: str) -> str:
    return next((t for k, t in relations(archive, of).values() if k == kind), "")


def relations(archive: zipfile.ZipFile, of: str) -> dict[str, tuple[str, str]]:
    """Return the relations of a part: id -> (last word of the type, target path)."""
    folder, _, name = of.rpartition("/")
    path = (
        posixpath.join(folder, "_rels", f"{name}.rels")
        if folder
        else f"_rels/{name}.rels"
    )
    try:
        data = read_part(archive, path)
    except UnreadableWorkbookError:
        return {}
    found: dict[str, tuple[str, str]] = {}
    for item in _RELATION.findall(data):
        known = {
            k.decode(): unescape((v or w).decode()) for k, v, w in _GIVEN.findall(item)
        }
        if known.get("TargetMode") == "External":
            continue
        target = known.get("Target", "")
        whole = (
            target.lstrip("/")
            if target.startswith("/")
            else posixpath.join(folder, target)
        )
        kind = known.get("Type", "").rpartition("/")[2]
        found[known.get("Id", "")] = (kind, posixpath.normpath(whole))
    return found


def _parts(
    archive: zipfile.ZipFile, root: Element, rels: Mapping[str, tuple[str, str]]
) -> list[Part]:
    parts = []
    for sheet in (e for e in root.iter() if local(e.tag) == "sheet"):
        key = next(
            (v for k, v in sheet.attrib.items() if local(k) == "id" and k != "id"), ""
        )
        kind, path = rels.get(key, ("worksheet", ""))
        if kind != "worksheet":
            continue
        related = dict(relations(archive, path).values()) if path else {}
        parts.append(
            Part(sheet.get("name", ""), sheet.get("state", "visible"), path, related)
        )
    return parts


def _defined(root: Element) -> dict[str, str]:
    return {
        e.get("name", ""): e.text or ""
        for e in root.iter()
        if local(e.tag) == "definedName"
    }
