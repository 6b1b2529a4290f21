"""Make the workbooks of project managers for a month, from what the store kept before."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from consolidate import store
from consolidate.config import Config
from consolidate.exchange.names import stems
from consolidate.model.error import OutputError, StoreError
from consolidate.model.text import fold
from consolidate.packs.readers import Narrower
from consolidate.packs_run import PackOptions, load_data
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
    """

    managers: Sequence[str]
    period: str
    output: Path
    store: str
    config: Config
    lang: str


@dataclass(frozen=True, slots=True)
class Made:
    """One workbook made.

    Attributes:
        manager: Whose it is.
        file: Where it is.
        period, source: Month it is for, and month its values come from.
        projects: How many it holds.
        records: How many records are filled in, projects aside.
        why: Reason why it is not in the manager's own workbook, worded; empty otherwise.
    """

    manager: str
    file: Path
    period: str
    source: str
    projects: int
    records: int
    why: str = ""


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
    names = stems([f"{manager} - {period}" for manager in chosen])
    for manager, name in zip(chosen, names, strict=True):
        progress(manager)
        data = known.own_return(manager)
        template = template_of(data, manager, period)
        path = folder / f"{name}.xlsx"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = folder / f".{name}.new"
            write_template(draft, template)
            draft.chmod(0o600)
            draft.replace(path)
        except OSError as err:
            text = tr("pack-unwritable", options.lang, path=folder, why=err.strerror)
            raise OutputError(text) from err
        count = sum(len(s.rows) for s in template.sheets[1:])
        projects = len(data.table("projects"))
        yield Made(manager, path, period, template.source, projects, count)


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
