"""Examine an installation: what works, what does not, and what to do about it."""

from __future__ import annotations

import hashlib
import importlib
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal, TypeAlias

from consolidate.config import Config
from consolidate.intake.journal import Journal
from consolidate.intake.scan import JOURNAL
from consolidate.model.delivery import Delivery, Failure
from consolidate.model.error import ConsolidateError
from consolidate.model.layout import load_layouts
from consolidate.model.mounts import is_share
from consolidate.model.schema import load_schemas
from consolidate.resources import search_path
from consolidate.wording import tr

Verdict: TypeAlias = Literal["good", "fair", "poor"]

LEAST_FREE = 2 << 30
"""Bytes a state home should have left: a month of archive and two copies of a store."""
_LEAST_PYTHON = (3, 11)
_NEEDED = (
    *("pandas", "openpyxl", "pandera", "click", "jinja2", "matplotlib", "xlsxwriter"),
    *("sqlalchemy", "python-calamine", "xlrd"),
)
_EXAMPLE = "Code projet;Intitulé;Avancement\nPRJ-1;Essai;50 %\n".encode()


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was examined.

    Attributes:
        name: Of it, a code; ``doctor-<name>`` words it.
        verdict: ``good``; ``fair``: works, but; ``poor``: will not work.
        told: What was found.
        remedy: What to do; empty when nothing is.
    """

    name: str
    verdict: Verdict
    told: str
    remedy: str = ""


def examine(
    home: Path, store: str, config: Config, lang: str, jobs: int = 1
) -> Iterator[Check]:
    """Yield what an installation is like; nothing of it is changed.

    Args:
        home: The state home.
        store: SQLAlchemy URL of the months.
        config: The configuration in force.
        lang: Of what is told.
        jobs: Workbooks read at the same time.
    """
    yield _python(lang)
    yield _packages(lang)
    yield _account(lang)
    yield _home(home, lang)
    if home.is_dir():
        yield _private(home, lang)
        yield _room(home, lang)
    yield _knowledge(config, lang)
    yield _register(config, lang)
    yield _store(store, lang)
    yield _journal(home, lang)
    yield _worker(lang, jobs)


def _good(name: str, lang: str, **told: object) -> Check:
    return Check(name, "good", tr(f"doctor-{name}-good", lang, **told))


def _not(name: str, verdict: Verdict, lang: str, case: str, **told: object) -> Check:
    key = f"doctor-{name}-{case}"
    return Check(name, verdict, tr(key, lang, **told), tr(f"{key}-do", lang, **told))


def _python(lang: str) -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < _LEAST_PYTHON:
        return _not("python", "poor", lang, "old", version=found)
    return _good("python", lang, version=found, system=sys.platform)


def _packages(lang: str) -> Check:
    missing = [name for name in _NEEDED if not _is_there(name)]
    if missing:
        return _not("packages", "poor", lang, "missing", names=", ".join(missing))
    return _good("packages", lang, count=len(_NEEDED))


def _is_there(name: str) -> bool:
    try:
        metadata.version(name)
        importlib.import_module(name.replace("-", "_"))
    except (ImportError, metadata.PackageNotFoundError, OSError):
        return False
    return True


def _account(lang: str) -> Check:
    """Tell whether what reads strangers' files has all rights on this machine."""
    if os.name == "posix" and os.geteuid() == 0:
        return _not("account", "fair", lang, "root")
    return _good("account", lang)


def _home(home: Path, lang: str) -> Check:
    if not home.exists():
        return Check("home", "fair", tr("doctor-home-none", lang, home=home))
    try:
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as err:
        return _not("home", "poor", lang, "closed", home=home, why=err.strerror)
    return _good("home", lang, home=home)


def _private(home: Path, lang: str) -> Check:
    """Tell whether others than its owner may enter; Windows says so elsewhere."""
    mode = stat.S_IMODE(home.stat().st_mode)
    if os.name == "posix" and mode & 0o077:
        verdict: Verdict = "poor" if mode & 0o002 else "fair"
        return _not("private", verdict, lang, "open", home=home, mode=f"{mode:03o}")
    return _good("private", lang)


def _room(home: Path, lang: str) -> Check:
    free = shutil.disk_usage(home).free
    told = {"free": f"{free / 2**30:.1f}", "least": LEAST_FREE >> 30}
    if free < LEAST_FREE:
        return _not("room", "fair", lang, "little", **told)
    return _good("room", lang, **told)


def _knowledge(config: Config, lang: str) -> Check:
    """Tell whether the schemas and layouts in force can be read."""
    try:
        schemas = load_schemas(search_path("schemas", config.paths.schemas))
        layouts = load_layouts(config.paths.layouts, schemas)
    except ConsolidateError as err:
        return _not("knowledge", "poor", lang, "wrong", why=err)
    return _good("knowledge", lang, tables=len(schemas.tables), layouts=len(layouts))


def _register(config: Config, lang: str) -> Check:
    path = config.registers.file
    if path is None:
        return Check("register", "good", tr("doctor-register-none", lang))
    if not path.is_file():
        return _not("register", "poor", lang, "gone", path=path)
    return _good("register", lang, path=path)


def _store(url: str, lang: str) -> Check:
    from consolidate import store  # noqa: PLC0415 (heavy)

    try:
        path = store.sqlite_path(store.parse_url(url, lang))
        if path is not None and is_share(path.absolute()):
            return _not("store", "poor", lang, "share", path=path)
        if path is not None and path.is_file() and not store.is_sound(path):
            return _not("store", "poor", lang, "damaged", path=path)
        months = store.months(url, lang)
    except ConsolidateError as err:
        return _not("store", "poor", lang, "wrong", why=err)
    return _good("store", lang, months=len(months))


def _journal(home: Path, lang: str) -> Check:
    journal = Journal(home / JOURNAL, lang)
    if not journal.path.is_file():
        return Check("journal", "good", tr("doctor-journal-none", lang))
    try:
        broken = journal.check()
    except (ConsolidateError, OSError) as err:
        return _not("journal", "poor", lang, "wrong", why=err)
    if broken is not None:
        return _not("journal", "poor", lang, "broken", path=journal.path, line=broken)
    return _good("journal", lang, count=sum(1 for _ in journal.entries()))


def _worker(lang: str, jobs: int) -> Check:
    """Read a small table as workbooks are read: in a process of its own."""
    from consolidate.worker import Reader  # noqa: PLC0415 (heavy)

    with tempfile.TemporaryDirectory(prefix="consolidate-") as folder:
        path = Path(folder) / "example.csv"
        path.write_bytes(_EXAMPLE)
        sha256 = hashlib.sha256(_EXAMPLE).hexdigest()
        delivery = Delivery(path.name, path, sha256, len(_EXAMPLE))
        try:
            with Reader(jobs=jobs) as reader:
                (read,) = reader.read_all([delivery])
        except (OSError, ConsolidateError, RuntimeError) as err:
            return _not("worker", "poor", lang, "wrong", why=type(err).__name__)
    if isinstance(read[1], Failure):
        return _not("worker", "poor", lang, "wrong", why=read[1].reason)
    return _good("worker", lang, jobs=jobs, how=_confinement(lang))


def _confinement(lang: str) -> str:
    here = {"linux": "linux", "win32": "windows"}.get(sys.platform, "other")
    return tr(f"doctor-confined-{here}", lang)
