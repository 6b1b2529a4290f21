"""How a folder that consolidate made is told from any other."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

RUN_FILE = "run.json"
SUMS_FILE = "SHA256SUMS"
"""Hashes of all other files of OUT, as ``sha256sum --check`` reads them."""

GENERATOR = "consolidate"
PARTS = frozenset(
    {
        *("portfolio.xlsx", "index.html", "projects", "understood", "data"),
        *("replies", RUN_FILE, SUMS_FILE),
    }
)
"""What OUT holds, by name; anything else in it is somebody's own."""

_MOST = 4 << 20


def marked(run: Mapping[str, object]) -> dict[str, object]:
    """Return the content of ``run.json`` with the mark that says who made the folder."""
    return {"generator": GENERATOR, **run}


def is_output(folder: Path) -> bool:
    """Return whether a folder was made by consolidate: its run.json bears the mark."""
    try:
        path = folder / RUN_FILE
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _MOST:
            return False
        run = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(run, dict) and run.get("generator") == GENERATOR


def side_name(output: str) -> str:
    """Return the name of the folder beside OUT where its next content is built."""
    return f".{output}.{GENERATOR}"


def is_side_name(name: str) -> bool:
    """Return whether a name is that of such a folder."""
    return name.startswith(".") and name.endswith(f".{GENERATOR}")
