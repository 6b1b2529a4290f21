"""Read exports of service-desk and supervision tools, in a confined worker."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from consolidate.model.service_data import ServiceFile, as_text
from consolidate.model.text import fold
from consolidate.model.workbook import Sheet
from consolidate.resources import shipped

FILE = "service_data.toml"
KINDS = ("incidents", "outages", "names")
_HEADER_WITHIN = 20


@dataclass(frozen=True, slots=True)
class ServiceSpec:
    """What is known of exports.

    Attributes:
        headers: By kind, the column that a folded header is.
        required: By kind, the columns without which a file is not of it.
        words: Folded words of values, by list.
        labels: By kind, what people call it, by language.
    """

    headers: Mapping[str, Mapping[str, str]]
    required: Mapping[str, tuple[str, ...]]
    words: Mapping[str, frozenset[str]]
    labels: Mapping[str, Mapping[str, str]]


@lru_cache(maxsize=1)
def service_spec() -> ServiceSpec:
    """Return what is known of exports, from ``schemas/service_data.toml``."""
    raw = tomllib.loads((shipped("schemas") / FILE).read_text(encoding="utf-8"))
    return ServiceSpec(
        {k: _headers(raw[k]["columns"]) for k in KINDS},
        {k: tuple(raw[k]["required"]) for k in KINDS},
        {name: frozenset(map(fold, words)) for name, words in raw["words"].items()},
        {k: raw[k]["label"] for k in KINDS},
    )


def _headers(columns: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {fold(h): name for name, listed in columns.items() for h in (name, *listed)}


def read_service_file(path: Path) -> ServiceFile:
    """Return what an export holds of the first sheet that is one.

    Raises:
        UnreadableWorkbookError: It is no workbook, or one that cannot be read.
    """
    from consolidate.read import read_workbook  # noqa: PLC0415 (in the worker alone)

    book = read_workbook(path.name, path.read_bytes())
    for sheet in book.sheets:
        found = _read(path.name, sheet)
        if found is not None:
            return found
    return ServiceFile(path.name, "", False, (), {})


def _read(name: str, sheet: Sheet) -> ServiceFile | None:
    spec = service_spec()
    for top, cells in enumerate(sheet.rows[:_HEADER_WITHIN]):
        headers = [fold(v) if isinstance(v, str) else "" for v in cells]
        kind, columns = _kind(headers, spec)
        if kind:
            return _records(name, sheet, top, kind, columns)
    return None


def _kind(headers: Sequence[str], spec: ServiceSpec) -> tuple[str, dict[str, int]]:
    """Return the kind a header row is of and where its columns are; empty for none."""
    best: tuple[str, dict[str, int]] = ("", {})
    for kind in KINDS:
        known = spec.headers[kind]
        found: dict[str, int] = {}
        for col, header in enumerate(headers):
            column = known.get(header)
            if column:
                found.setdefault(column, col)
        if set(spec.required[kind]) <= set(found) and len(found) > len(best[1]):
            best = (kind, found)
    return best


def _records(
    name: str, sheet: Sheet, top: int, kind: str, columns: Mapping[str, int]
) -> ServiceFile:
    rows = [
        row
        for row in range(top + 1, len(sheet.rows))
        if any(as_text(sheet.value(row, col)) for col in columns.values())
    ]
    values: dict[str, Any] = {
        column: tuple(as_text(sheet.value(row, col)) for row in rows)
        for column, col in columns.items()
    }
    spoken = " ".join(fold(str(v)) for v in sheet.rows[top] if isinstance(v, str))
    french = any(f" {w} " in f" {spoken} " for w in _FRENCH_WORDS)
    return ServiceFile(name, kind, french, tuple(r + 1 for r in rows), values)


_FRENCH_WORDS = ("date d ouverture", "ouvert", "date de", "debut", "fin", "priorite", "statut", "hote", "duree", "outil", "cree", "resolu", "clos")  # fmt: skip
