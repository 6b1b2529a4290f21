"""Make the packs of a month: read it from the store, write a workbook and a page each."""

from __future__ import annotations

import dataclasses
import io
import multiprocessing
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeAlias

import pandas as pd

from consolidate import store
from consolidate.analyse.found import Rows, named_in
from consolidate.analyse.history import Month
from consolidate.analyse.prioritise import Means
from consolidate.analyse.rules import load_rules
from consolidate.config import Config
from consolidate.decisions import read_decisions
from consolidate.layouts import Standings
from consolidate.model import disk
from consolidate.model.error import OutputError, StoreError
from consolidate.model.pack import Pack
from consolidate.model.portfolio import Portfolio
from consolidate.model.schema import Schemas, load_schemas
from consolidate.packs import PackData
from consolidate.packs.data import Earlier, Share, remembered
from consolidate.packs.dossier import Kept, dossier
from consolidate.packs.priority_ranking import Ranking, ranking
from consolidate.packs.registry import OF_MANY, made
from consolidate.packs.review_cover import missing
from consolidate.pipeline import RunOptions
from consolidate.reception import new_reader
from consolidate.registers import register_frames
from consolidate.report.encryption import encrypted
from consolidate.report.pack_book import write_pack_book
from consolidate.report.pack_page import pack_shell, render_pack
from consolidate.resources import search_path
from consolidate.service_data import service_frames
from consolidate.share import Cut, only_projects
from consolidate.wording import tr

_PARTS = 4
"""Parts of a pack of many readers, a process: their lengths even out."""


@dataclass(frozen=True, slots=True)
class PackOptions:
    """Which packs are asked for.

    Attributes:
        names: Of the packs, as ``registry.PACKS`` has them.
        period: Month, ``YYYY-MM``; the last one of the store when empty.
        output: Folder; the packs of a month go into one of its own in it.
        store: SQLAlchemy URL of the months.
        config: What is configured.
        lang: ``fr`` or ``en``.
        jobs: Processes that make them.
        home: State home, whose journal tells the states of layouts; without one they are
            as the month was stored.
        password: To encrypt the workbooks with; without one they are in clear, and
            pages beside them.
    """

    names: Sequence[str]
    period: str
    output: Path
    store: str
    config: Config
    lang: str
    jobs: int = 1
    home: Path | None = None
    password: str = dataclasses.field(default="", repr=False)


Told: TypeAlias = Callable[[int, int, str], None]
"""Called with how many tasks are done, of how many, and what the last was."""


class _Task(NamedTuple):
    """Packs that one process makes."""

    name: str
    share: Share


def write_packs(options: PackOptions, progress: Told | None = None) -> tuple[Path, ...]:
    """Write the packs that are asked for, those of many readers side by side.

    Returns:
        The files, pack after pack.

    Raises:
        StoreError: The store has no such month.
        OutputError: They cannot be written.
    """
    data = load_data(options)
    tasks = list(_tasks(options.names, options.jobs))
    every: list[Sequence[Path]] = []
    for done, files in enumerate(_worked(tasks, options, data), start=1):
        every.append(files)
        if progress is not None:
            progress(done, len(tasks), tasks[done - 1].name)
    return tuple(path for files in every for path in files)


def write_all(
    options: PackOptions, data: PackData, packs: Iterable[Pack]
) -> tuple[Path, ...]:
    """Write packs of a month into a folder of its own; see ``write_packs``."""
    folder = options.output / data.portfolio.period
    files: list[Path] = []
    try:
        disk.make_folder(folder)
        shell = pack_shell(options.config.paths.templates)
        version = str(data.portfolio.run.get("version", ""))
        for pack in packs:
            if options.password:
                files.append(_sealed(pack, folder, options.password))
                continue
            page = render_pack(pack, data.schemas, version, shell)
            files += _written(pack, page, folder)
    except OSError as err:
        text = tr("pack-unwritable", options.lang, path=folder, why=err.strerror)
        raise OutputError(text) from err
    return tuple(files)


def _tasks(names: Sequence[str], jobs: int) -> Iterator[_Task]:
    """Yield what can be made apart: packs of many readers in several parts."""
    parts = jobs * _PARTS if jobs > 1 else 1
    for name in names:
        step = parts if name in OF_MANY else 1
        for first in range(step):
            yield _Task(name, Share(first, step))


def _worked(
    tasks: Sequence[_Task], options: PackOptions, data: PackData
) -> Iterator[Sequence[Path]]:
    """Yield the files of each task, in the order of the tasks."""
    if options.jobs == 1 or OF_MANY.isdisjoint(options.names):
        for task in tasks:
            yield write_all(options, data, made(task.name, data, task.share))
        return
    # A forked process has the month already; another reads it again.
    forks = sys.platform == "linux"
    with ProcessPoolExecutor(
        options.jobs,
        multiprocessing.get_context("fork" if forks else "spawn"),
        _begin,
        (options, data if forks else None),
    ) as pool:
        try:
            yield from pool.map(_work, tasks)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


_own: list[tuple[PackOptions, PackData]] = []
"""What this process makes packs of, when it is one of several."""


def _begin(options: PackOptions, data: PackData | None) -> None:
    # An interruption is the first process's to tell.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _own.append((options, data or load_data(options)))


def _work(task: _Task) -> Sequence[Path]:
    options, data = _own[-1]
    return write_all(options, data, made(task.name, data, task.share))


def _written(pack: Pack, page: str, folder: Path) -> Iterator[Path]:
    """Write both forms of a pack, each whole or not at all."""
    book, html = folder / f"{pack.name}.xlsx", folder / f"{pack.name}.html"
    draft = folder / f".{pack.name}.new"
    write_pack_book(pack, draft)
    yield _placed(draft, book)
    draft.write_text(page, encoding="utf-8", newline="\n")
    yield _placed(draft, html)


def _sealed(pack: Pack, folder: Path, password: str) -> Path:
    """Write the encrypted workbook of a pack; its page, made before in clear, goes.

    Made in memory: nothing in clear reaches the disk, whatever ends this program.
    """
    clear = io.BytesIO()
    write_pack_book(pack, clear)
    draft = folder / f".{pack.name}.new"
    draft.write_bytes(encrypted(clear.getvalue(), password))
    book = _placed(draft, folder / f"{pack.name}.xlsx")
    (folder / f"{pack.name}.html").unlink(missing_ok=True)
    return book


def _placed(draft: Path, path: Path) -> Path:
    draft.chmod(0o600)
    return draft.replace(path)


def write_dossier(options: PackOptions, code: str) -> tuple[Path, ...]:
    """Write the dossier of a project over all months of the store.

    Raises:
        StoreError: The store has no month, or none that knows the project.
        OutputError: It cannot be written.
    """
    data = load_data(options)
    url, lang = options.store, options.lang
    cut = Cut()
    kept = []
    for month in sorted(store.months(url, lang), key=lambda m: m.period):
        whole = _as_read(url, month, lang)
        own = only_projects(whole, {code}, (), cut)
        if len(own.tables["projects"]):
            about = (month.state, month.version, month.at, month.by, month.reason)
            kept.append(Kept(month.period, *about, own))
    if not kept:
        raise StoreError(tr("dossier-unknown", lang, code=code))
    return write_all(options, data, [dossier(data, code, kept)])


def load_data(options: PackOptions) -> PackData:
    """Return what the packs of a month are made of; a closed month as it was closed.

    Raises:
        StoreError: The store has no such month.
    """
    url, lang = options.store, options.lang
    months = {m.period: m for m in store.months(url, lang)}
    if not months:
        raise StoreError(tr("pack-no-month", lang))
    period = options.period or max(months)
    if period not in months:
        known = ", ".join(sorted(months)[-12:])
        raise StoreError(tr("pack-not-there", lang, period=period, known=known))
    folders = search_path("schemas", options.config.paths.schemas)
    schemas, rules = load_schemas(folders), load_rules(folders)
    closed = max((p for p, m in months.items() if p < period and m.version), default="")
    month = _as_read(url, months[period], lang)
    if months[period].state != "closed":
        month = _standing(month, options)
    return PackData(
        month,
        load_schemas(folders),
        rules,
        _as_closed(url, months[closed], lang) if closed else None,
        _reader(url, period, lang),
        _registers(options, months[period], schemas),
        tuple(folders),
        options.config.report.direction,
    )


def _standing(month: Portfolio, options: PackOptions) -> Portfolio:
    """Return a month with its layouts as they stand now, decided since it was read."""
    if options.home is None:
        return month
    known = Standings.of_home(options.home, options.lang)
    layout = month.workbooks["layout"].astype("object").fillna("")
    state = layout.map({name: known.of(name).state for name in layout.unique()})
    books = month.workbooks.assign(layout_state=state)
    return dataclasses.replace(month, workbooks=books)


def _registers(
    options: PackOptions, found: store.Month, schemas: Schemas
) -> Mapping[str, pd.DataFrame]:
    """Return what the PMO keeps: decisions of reviews, and assistance cases by then.

    Those of a closed month are as they stood when it was closed.
    """
    month = found.snapshot
    asked = RunOptions(
        (), options.output, month.period, month.as_of, options.lang, None, options.config, jobs=1
    )  # fmt: skip
    back = read_decisions(asked, schemas)
    store.keep_steps(options.store, back.steps, options.lang)
    at = found.at if found.state == "closed" else ""
    cases = store.cases(options.store, options.lang, at)
    then = cases[cases["opened_in"] <= month.period]
    wanted = "year-end" in options.names
    folder = options.config.imports.folder if wanted else None
    return {
        **register_frames(options.config),
        **service_frames(folder, lambda: new_reader(asked)),
        "decisions": back.decisions,
        "cases": then,
    }


def missing_returns(options: PackOptions) -> tuple[pd.DataFrame, str]:
    """Return the projects of which nothing came in a month, and that month.

    Raises:
        StoreError: The store has no such month.
    """
    data = load_data(options)
    return missing(data), data.portfolio.period


def last_month_named(options: PackOptions) -> Mapping[str, Rows]:
    """Return the projects, people and establishments of a month, as registers' rows.

    Raises:
        StoreError: The store has no month.
    """
    return named_in(load_data(options).table("projects"))


def ranking_of(
    data: PackData, build_days: float | None, budget: float | None
) -> Ranking:
    """Return projects and requests in order; means given go before those configured."""
    return ranking(data, Means(build_days, budget))


def _as_read(url: str, month: store.Month, lang: str) -> Portfolio:
    if month.state == "closed":
        return _as_closed(url, month, lang)
    found = store.load_snapshot(url, month.snapshot.id, lang)
    return dataclasses.replace(found, lang=lang)


def _as_closed(url: str, month: store.Month, lang: str) -> Portfolio:
    found = store.load_snapshot(url, month.closed_snapshot, lang)
    return dataclasses.replace(found, lang=lang)


def _reader(url: str, period: str, lang: str) -> Earlier:
    """Return what reads earlier months; sections that want the same read it once."""

    def read(fields: Mapping[str, Sequence[str]], months: int) -> tuple[Month, ...]:
        found = store.load_tables(url, fields, before=period, months=months, lang=lang)
        return tuple(Month(*each) for each in found)

    return remembered(read)


__all__ = [
    "PackOptions",
    "last_month_named",
    "load_data",
    "missing_returns",
    "ranking_of",
    "write_all",
    "write_dossier",
    "write_packs",
]
