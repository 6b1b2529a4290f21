"""Make the workbooks of project managers for a month, from what the store kept before."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from consolidate import store
from consolidate.config import Config
from consolidate.exchange.names import stems
from consolidate.intake import spool_folder
from consolidate.model import disk
from consolidate.model.error import OutputError, StoreError
from consolidate.model.month_text import moved_on
from consolidate.model.template import Template
from consolidate.model.text import fold
from consolidate.own_workbooks import Desk, NotOwnError, Originals, Own, own_workbooks
from consolidate.packs import PackData
from consolidate.packs.readers import Narrower
from consolidate.packs_run import PackOptions, load_data
from consolidate.pipeline import RunOptions
from consolidate.reception import new_reader
from consolidate.report.template_book import write_template
from consolidate.templates import template_of
from consolidate.wording import tr

_LAST_MONTH = 12
_MOST_NAMES = 20


@dataclass(frozen=True, slots=True)
class TemplateOptions:
    """Whose workbooks are asked for.

    Attributes:
        managers: Names; all of them when empty.
        period: Month to report on, ``YYYY-MM``; the one after the last stored when empty.
        output: Folder; the workbooks of a month go into one of its own in it.
        store: SQLAlchemy URL of the months.
        config: What is configured.
        lang: ``fr`` or ``en``, of the workbooks and of what is said.
        originals: Where managers' own workbooks are, when theirs are asked for.
    """

    managers: Sequence[str]
    period: str
    output: Path
    store: str
    config: Config
    lang: str
    originals: Originals | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """One workbook made.

    Attributes:
        manager: Whose it is.
        file: Where it is.
        period, source: Month it is for, and month its values come from.
        projects: How many it holds.
        records: How many records are filled in, projects aside.
        told: What there is to say of it: why it is not the manager's own workbook, or what
            was moved on in that.
    """

    manager: str
    file: Path
    period: str
    source: str
    projects: int
    records: int
    told: str = ""


def known_managers(options: TemplateOptions) -> list[str]:
    """Return the project managers of the last month before the one asked for.

    Raises:
        StoreError: The store has no such month.
    """
    return _month(options)[1].managers()


def write_templates(
    options: TemplateOptions, progress: Callable[[str], None] = lambda _: None
) -> Iterator[Made]:
    """Write the workbooks that are asked for, and yield each.

    Raises:
        StoreError: The store has no month before, or nobody of a name.
        OutputError: They cannot be written.
    """
    period, known = _month(options)
    chosen = _chosen(options, known.managers())
    folder = options.output / period
    taken: set[str] = set()
    for manager in chosen:
        progress(manager)
        data = known.own_return(manager)
        template = template_of(data, manager, period)
        own, told = _own(options, known, data, period)
        try:
            disk.make_folder(folder)
            for name, write in _files(template, own):
                path = folder / _free(name, taken)
                draft = folder / ".draft"
                write(draft)
                draft.chmod(0o600)
                draft.replace(path)
                count = sum(len(s.rows) for s in template.sheets[1:])
                projects = len(data.table("projects"))
                yield Made(manager, path, period, template.source, projects, count, told)  # fmt: skip
        except OSError as err:
            text = tr("pack-unwritable", options.lang, path=folder, why=err.strerror)
            raise OutputError(text) from err


def _files(
    template: Template, own: Sequence[Own]
) -> Iterator[tuple[str, Callable[[Path], object]]]:
    """Yield the name of each workbook of a manager, and what writes it."""
    if not own:
        [name] = stems([f"{template.manager} - {template.period}"])
        yield f"{name}.xlsx", lambda path: write_template(path, template)
    for book in own:
        yield _named(book.workbook, template), partial(Path.write_bytes, data=book.data)


def _named(workbook: str, template: Template) -> str:
    """Return the name of a workbook handed back: its own, with its month moved on."""
    [stem] = stems([workbook])
    moved = moved_on(stem, template.source, template.period)
    if moved == stem:
        moved = f"{stem} - {template.period}"
    return moved + Path(workbook).suffix.casefold()


def _free(name: str, taken: set[str]) -> str:
    """Return a name that no other workbook of the month has, and take it."""
    stem, suffix = Path(name).stem, Path(name).suffix
    number, free = 2, name
    while free.casefold() in taken:
        free, number = f"{stem} ({number}){suffix}", number + 1
    taken.add(free.casefold())
    return free


def _own(
    options: TemplateOptions, known: Narrower, data: PackData, period: str
) -> tuple[tuple[Own, ...], str]:
    """Return a manager's own workbooks, and what there is to say of them."""
    if options.originals is None:
        return (), ""
    lang, month = options.lang, known.data.portfolio
    codes = tuple(data.table("projects")["project_code"].dropna().astype("str"))
    asked = RunOptions((), options.output, month.period, month.as_of, lang, None, options.config, jobs=1)  # fmt: skip
    try:
        with spool_folder() as scratch, new_reader(asked) as reader:
            own = own_workbooks(
                month,
                codes,
                period,
                Desk(options.originals, scratch, reader.map),
            )
    except NotOwnError as err:
        return (), tr(f"template-not-own-{err.code}", lang, workbook=err.workbook)
    moved = ", ".join(cell for book in own for cell in book.moved) or "–"
    dated = all(book.is_dated for book in own)
    return own, tr(f"template-own-{'dated' if dated else 'undated'}", lang, cells=moved)


def _month(options: TemplateOptions) -> tuple[str, Narrower]:
    """Return the month asked for, and the last one known before it."""
    lang = options.lang
    months = sorted(m.period for m in store.months(options.store, lang))
    if not months:
        raise StoreError(tr("pack-no-month", lang))
    period = options.period or _next(months[-1])
    before = [m for m in months if m < period]
    if not before:
        text = tr("template-no-month", lang, period=period, first=months[0])
        raise StoreError(text)
    asked = PackOptions(
        (), before[-1], options.output, options.store, options.config, lang
    )
    data = load_data(asked)
    named = dataclasses.replace(data, portfolio=dataclasses.replace(data.portfolio, lang=lang))  # fmt: skip
    return period, Narrower(named)


def _next(period: str) -> str:
    year, month = int(period[:4]), int(period[5:])
    return f"{year + month // _LAST_MONTH}-{month % _LAST_MONTH + 1:02d}"


def _chosen(options: TemplateOptions, known: Sequence[str]) -> list[str]:
    """Return the managers asked for, as the portfolio spells them."""
    if not options.managers:
        return list(known)
    spelt = {fold(name): name for name in known}
    for name in options.managers:
        if fold(name) not in spelt:
            few = ", ".join(known[:_MOST_NAMES]) + ("…" if len(known) > _MOST_NAMES else "")  # fmt: skip
            raise StoreError(tr("template-nobody", options.lang, name=name, known=few))
    return list(dict.fromkeys(spelt[fold(name)] for name in options.managers))
