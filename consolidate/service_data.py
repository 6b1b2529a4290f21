"""Exports of service-desk and supervision tools: read when packs are made, never guessed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from consolidate.analyse.service_times import parse_times
from consolidate.model.delivery import Failure, rejection
from consolidate.model.error import ConfigError
from consolidate.model.service_data import ServiceFile
from consolidate.model.text import fold
from consolidate.register.service_files import read_service_file, service_spec
from consolidate.worker import Reader

SUFFIXES = frozenset(
    {".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}
)
OUTAGE_COLUMNS = ["workbook", "row", "service", "start", "end", "planned"]
TICKET_COLUMNS = ["workbook", "row", "ticket", "service", "opened", "resolved", "major"]
IMPORT_COLUMNS = ["workbook", "sha256", "kind", "rows", "read", "reason", "count"]

Left = list[tuple[str, int]]


def service_frames(
    folder: Path | None, new_reader: Callable[[], Reader]
) -> Mapping[str, pd.DataFrame]:
    """Return what the exports of a folder say; empty frames without a folder.

    Returns:
        ``service_outages`` (``OUTAGE_COLUMNS``; an outage still open has no ``end``),
        ``service_tickets`` (``TICKET_COLUMNS``, incidents alone), ``service_names`` (``tool``,
        ``service``) and ``service_imports`` (``IMPORT_COLUMNS``: a row a file and reason why
        lines were left out or taken with a doubt).

    Raises:
        ConfigError: The folder cannot be listed, or a file cannot be opened.
    """
    frames: dict[str, list[pd.DataFrame]] = {
        "outages": [],
        "incidents": [],
        "names": [],
    }
    imports: list[tuple[str, str, str, int, int, str, int]] = []
    for path, found in _read(folder, new_reader):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if isinstance(found, Failure):
            reason = rejection(path.name, found).rule
            imports.append((path.name, digest, "", 0, 0, reason, 0))
            continue
        if not found.kind:
            imports.append((path.name, digest, "", 0, 0, "import-unknown", 0))
            continue
        rows, left = _FRAMES[found.kind](found)
        frames[found.kind].append(rows)
        told = (path.name, digest, found.kind, len(found.rows), len(rows))
        imports += [(*told, reason, count) for reason, count in left if count] or [(*told, "", 0)]  # fmt: skip
    return {
        "service_outages": _joined(frames["outages"], OUTAGE_COLUMNS),
        "service_tickets": _tickets_once(_joined(frames["incidents"], TICKET_COLUMNS)),
        "service_names": _joined(frames["names"], ["tool", "service"]),
        "service_imports": pd.DataFrame(imports, columns=IMPORT_COLUMNS),
    }


def _read(
    folder: Path | None, new_reader: Callable[[], Reader]
) -> Sequence[tuple[Path, ServiceFile | Failure]]:
    if folder is None:
        return ()
    try:
        files = sorted(p for p in folder.iterdir() if p.is_file() and p.suffix.lower() in SUFFIXES)  # fmt: skip
    except OSError as err:
        raise ConfigError(f"{folder}: {err.strerror}") from err
    files = [p for p in files if not p.name.startswith(("~$", "."))]
    if not files:
        return ()
    with new_reader() as reader:
        return tuple(zip(files, reader.map(read_service_file, files), strict=True))


_TYPES = {"start": "datetime64[s]", "end": "datetime64[s]", "opened": "datetime64[s]", "resolved": "datetime64[s]", "planned": "bool"}  # fmt: skip


def _joined(parts: Sequence[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    empty = pd.DataFrame(columns=list(columns))
    whole = pd.concat(parts, ignore_index=True) if parts else empty
    return whole.astype({c: t for c, t in _TYPES.items() if c in columns})


def _tickets_once(rows: pd.DataFrame) -> pd.DataFrame:
    """Return each ticket once, as the last file by name tells it: exports overlap."""
    return rows.drop_duplicates(["ticket", "service"], keep="last", ignore_index=True)


def _texts(file: ServiceFile, name: str) -> pd.Series:
    listed = file.columns.get(name, ("",) * len(file.rows))
    return pd.Series(listed, dtype="object")


def _flags(texts: pd.Series, yes: str, no: str) -> pd.Series:
    """Return True, False or None by the words of two lists."""
    words = service_spec().words
    known = {
        t: True if fold(t) in words[yes] else False if fold(t) in words[no] else None
        for t in texts.unique()
    }
    return texts.map(known).astype("object")


def _outages(file: ServiceFile) -> tuple[pd.DataFrame, Left]:
    start, end = parse_times([_texts(file, "start"), _texts(file, "end")], french=file.french)  # fmt: skip
    written = _texts(file, "end").ne("")
    planned = _flags(_texts(file, "planned"), "planned", "unplanned")
    states = _texts(file, "severity").map(fold)
    service = _texts(file, "service")
    bad_time = start.isna() | (end.isna() & written)
    backward = ~bad_time & (end <= start)
    runs = states.isin(service_spec().words["running"]) & ~bad_time & ~backward
    unnamed = service.eq("") & ~bad_time & ~backward & ~runs
    kept = ~(bad_time | backward | runs | unnamed)
    rows = pd.DataFrame(
        {
            "workbook": file.workbook,
            "row": file.rows,
            "service": service,
            "start": start,
            "end": end,
            "planned": planned.eq(True),
        }
    )
    left = [
        ("time-unread", int(bad_time.sum())),
        ("end-before-start", int(backward.sum())),
        ("still-running", int(runs.sum())),
        ("no-service", int(unnamed.sum())),
        ("planned-untold", int((kept & planned.isna()).sum())),
        ("still-open", int((kept & end.isna()).sum())),
    ]
    return rows[kept].reset_index(drop=True), left


def _tickets(file: ServiceFile) -> tuple[pd.DataFrame, Left]:
    names = ("opened", "resolved", "closed")
    opened, resolved, closed = parse_times([_texts(file, n) for n in names], french=file.french)  # fmt: skip
    done = resolved.fillna(closed)
    service, ticket = _texts(file, "service"), _texts(file, "ticket")
    kind = _flags(_texts(file, "category"), "incident", "request")
    major = _flags(_texts(file, "priority"), "major", "minor")
    bad_time = opened.isna()
    backward = ~bad_time & (done < opened)
    request = kind.eq(False) & ~bad_time & ~backward
    unnamed = (service.eq("") | ticket.eq("")) & ~bad_time & ~backward & ~request
    kept = ~(bad_time | backward | request | unnamed)
    rows = pd.DataFrame(
        {
            "workbook": file.workbook,
            "row": file.rows,
            "ticket": ticket,
            "service": service,
            "opened": opened,
            "resolved": done,
            "major": major,
        }
    )
    left = [
        ("time-unread", int(bad_time.sum())),
        ("end-before-start", int(backward.sum())),
        ("request", int(request.sum())),
        ("no-service", int(unnamed.sum())),
        ("kind-untold", int((kept & kind.isna()).sum())),
        ("priority-unread", int((kept & major.isna()).sum())),
    ]
    return rows[kept].reset_index(drop=True), left


def _names(file: ServiceFile) -> tuple[pd.DataFrame, Left]:
    rows = pd.DataFrame({"tool": _texts(file, "tool"), "service": _texts(file, "service")})  # fmt: skip
    whole = rows["tool"].ne("") & rows["service"].ne("")
    return rows[whole].reset_index(drop=True), [("no-service", int((~whole).sum()))]


_FRAMES: Mapping[str, Callable[[ServiceFile], tuple[pd.DataFrame, Left]]] = {
    "outages": _outages,
    "incidents": _tickets,
    "names": _names,
}
