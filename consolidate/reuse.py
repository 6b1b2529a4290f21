"""What the understanding of a workbook depends on besides its bytes: the code and the words."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from consolidate import __version__
from consolidate.config import Config
from consolidate.model.forgotten import current
from consolidate.resources import search_path
from consolidate.worker.cache import Cache

FOLDER = "cache"


def cache_of(home: Path, config: Config) -> Cache:
    """Return the extracts kept in a state home, for how workbooks are understood now."""
    told = f"{__version__} {sys.version_info[:2]} {_code()} {words_digest(config)} {current().digest}"
    return Cache(home / FOLDER, hashlib.sha256(told.encode()).hexdigest())


def words_digest(config: Config) -> str:
    """Return the hash of all the words that decide how workbooks are understood."""
    folders = [*search_path("schemas", config.paths.schemas)]
    if config.paths.layouts:
        folders.append(config.paths.layouts)
    found = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*.toml")):
            found.update(path.relative_to(folder).as_posix().encode())
            found.update(path.read_bytes())
    return found.hexdigest()


def _code() -> str:
    """Return what changes with any file of this program: a version may be worked on."""
    package = Path(__file__).resolve().parent
    found = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        state = path.stat()
        told = f"{path.relative_to(package)} {state.st_size} {state.st_mtime_ns}"
        found.update(told.encode())
    return found.hexdigest()
