"""Layouts: what the PMO settled about workbooks of one shape, as small TOML files."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from consolidate.model.error import ConfigError
from consolidate.model.schema import Schemas, nearest
from consolidate.model.text import fold
from consolidate.model.workbook import Extract, Region

STANDARD = "consolidate:standard"
"""Name of the layout that is shipped: the workbook that ``consolidate template`` makes."""

_FITS = 0.6


@dataclass(frozen=True, slots=True)
class LayoutRegion:
    """One block of a layout.

    Attributes:
        sheet: Name of its sheet; ``*`` for any.
        table: Canonical table; empty leaves the block out.
        fields: Field by header, as shown on the sheet; an empty field leaves it out.
    """

    sheet: str
    table: str
    fields: Mapping[str, str]

    def overlap(self, labels: Sequence[str]) -> float:
        """Return the share of this block's headers that are among labels."""
        seen = {fold(label) for label in labels}
        wanted = {fold(header) for header in self.fields}
        return len(wanted & seen) / len(wanted) if wanted else 0.0


@dataclass(frozen=True, slots=True)
class Layout:
    """How one shape of workbook is laid out.

    Attributes:
        name: What the PMO calls it; its file's name.
        regions: Its blocks.
    """

    name: str
    regions: tuple[LayoutRegion, ...]

    @property
    def print(self) -> str:
        """What tells its content from any other: another as soon as it is edited."""
        told = [
            (r.sheet, r.table, sorted((fold(h), n) for h, n in r.fields.items()))
            for r in self.regions
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Fit:
    """A layout's block found on a sheet.

    Attributes:
        layout: Name of the layout.
        region: The block.
        missing: Headers of the block that the sheet no longer has.
    """

    layout: str
    region: LayoutRegion
    missing: tuple[str, ...]


def load_layouts(folder: Path | None, schemas: Schemas) -> tuple[Layout, ...]:
    """Read every layout of a folder, in the order of their names.

    Raises:
        ConfigError: A file is not TOML, or names an unknown table or field.
    """
    if folder is None or not folder.is_dir():
        return ()
    return tuple(_load(path, schemas) for path in sorted(folder.glob("*.toml")))


def _load(path: Path, schemas: Schemas) -> Layout:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise ConfigError(f"{path}: {err}") from err
    regions = []
    for number, item in enumerate(raw.get("regions", ()), 1):
        table, fields = item.get("table", ""), dict(item.get("fields", {}))
        if table and table not in schemas.tables:
            hint = nearest(table, schemas.tables)
            raise ConfigError(
                f"{path}: regions[{number}].table {table!r} is unknown{hint}"
            )
        for header, name in fields.items():
            if name and table and name not in schemas.tables[table].by_name:
                hint = nearest(name, schemas.tables[table].by_name)
                raise ConfigError(
                    f"{path}: {header!r} = {name!r} is no field of {table}{hint}"
                )
        regions.append(LayoutRegion(item.get("sheet", "*"), table, fields))
    return Layout(raw.get("name", path.stem), tuple(regions))


def find_fits(
    layouts: Sequence[Layout], sheet: str, labels: Sequence[str]
) -> list[Fit]:
    """Return the layout blocks that claim a block with these labels, best first.

    More than one of equal fit is a conflict the caller tells.
    """
    found: list[tuple[float, Fit]] = []
    seen = {fold(label) for label in labels}
    for layout in layouts:
        for region in layout.regions:
            if region.sheet != "*" and fold(region.sheet) != fold(sheet):
                continue
            share = region.overlap(labels)
            if share >= _FITS:
                missing = tuple(h for h in region.fields if fold(h) not in seen)
                found.append((share, Fit(layout.name, region, missing)))
    found.sort(key=lambda pair: (-pair[0], pair[1].layout))
    return [fit for share, fit in found if share == found[0][0]]


def to_toml(extract: Extract) -> str:
    """Return a layout of what was understood, with comments, for the PMO to edit."""
    lines = [
        f"# {extract.workbook}",
        "# FR  Ce que consolidate a compris de ce classeur. Corriger le champ en face d'un en-tête,",
        '#     ou le vider ("") pour ne pas lire la colonne, puis ranger ce fichier dans le dossier',
        "#     des maquettes (layouts) : il vaudra pour tous les classeurs de la même forme.",
        "# EN  What consolidate understood of this workbook. Correct the field beside a header, or",
        '#     empty it ("") to leave the column out, then put this file into the layouts folder:',
        "#     it then holds for every workbook of the same shape.",
        f"name = {_quoted(extract.workbook.rpartition('/')[2].rpartition('.')[0])}",
    ]
    for region in extract.regions:
        if region.columns:
            lines += ["", *_region_lines(region)]
    return "\n".join(lines) + "\n"


def _region_lines(region: Region) -> list[str]:
    lines = [
        "[[regions]]",
        f"sheet = {_quoted(region.sheet)}  # {region.box.a1}, {region.shape}",
        f"table = {_quoted(region.table)}",
        "[regions.fields]",
    ]
    seen: set[str] = set()
    for column in region.columns:
        key = fold(column.header)
        if not column.header or key in seen:
            continue
        seen.add(key)
        notes = [column.ref]
        if column.field:
            notes.append(f"{column.confidence:.0%}")
        others = [name for name, _ in column.candidates if name != column.field]
        if others:
            notes.append("? " + ", ".join(others))
        lines.append(
            f"{_quoted(column.header)} = {_quoted(column.field)}  # {' '.join(notes)}"
        )
    return lines


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    escaped = escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    return '"' + "".join(c if c >= " " else f"\\u{ord(c):04X}" for c in escaped) + '"'
