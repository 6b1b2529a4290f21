"""The layouts of a month: who uses each, where it stands, and decisions about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from consolidate import store
from consolidate.config import Config
from consolidate.layouts import Standing, Standings, decide, kept
from consolidate.model.error import ConsolidateError, StoreError
from consolidate.model.portfolio import Portfolio
from consolidate.model.proposal import SHIPPED, Proposal
from consolidate.model.text import fold
from consolidate.reception import layout_prints
from consolidate.share import people
from consolidate.wording import tr

_USED = ("consolidated", "partial")
_SHORT, _SHORTEST = 8, 4


class LayoutError(ConsolidateError):
    """There is no such layout, or it cannot be decided about; says what to do."""


@dataclass(frozen=True, slots=True)
class LayoutOptions:
    """Which layouts are asked for.

    Attributes:
        home: State home.
        period: Month, ``YYYY-MM``; the last one of the store when empty.
        store: SQLAlchemy URL of the months.
        config: What is configured.
        lang: ``fr`` or ``en``.
    """

    home: Path
    period: str
    store: str
    config: Config
    lang: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One layout, and who uses it.

    Attributes:
        id: Its hash.
        name: What the PMO calls it, when the PMO wrote it; empty when reading proposed it.
        standing: Where it stands.
        workbooks, managers, projects: Of the month, that it reads.
        cells_read, cells_left: Cells of those workbooks, and those that found no place.
    """

    id: str
    name: str
    standing: Standing
    workbooks: tuple[str, ...] = ()
    managers: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    cells_read: int = 0
    cells_left: int = 0

    @property
    def short(self) -> str:
        """What people call it."""
        return self.name or self.id[:_SHORT]

    @property
    def share(self) -> float | None:
        """Share of the cells that found a place; None when none was read."""
        return 1 - self.cells_left / self.cells_read if self.cells_read else None


def last_month(options: LayoutOptions) -> Portfolio:
    """Return the month asked for, as it is stored.

    Raises:
        StoreError: The store has no such month.
    """
    months = {m.period: m for m in store.months(options.store, options.lang)}
    if not months:
        raise StoreError(tr("pack-no-month", options.lang))
    period = options.period or max(months)
    if period not in months:
        known = ", ".join(sorted(months)[-12:])
        text = tr("pack-not-there", options.lang, period=period, known=known)
        raise StoreError(text)
    number = months[period].snapshot.id
    return store.load_snapshot(options.store, number, options.lang)


def listed(options: LayoutOptions, month: Portfolio) -> list[Listed]:
    """Return the layouts of a month, those nobody looked at first, and the PMO's own."""
    known = Standings.of_home(options.home, options.lang)
    books = month.workbooks
    used = books[
        books["state"].isin(_USED) & books["layout"].astype("object").fillna("").ne("")
    ]
    found = [
        _listed(str(name), known, group, month)
        for name, group in used.groupby("layout", sort=True)
    ]
    found += _written(options, known, found, month)
    order = ("proposed", "rejected", "approved", "confirmed")
    return sorted(
        found, key=lambda x: (order.index(x.standing.state), -len(x.workbooks), x.id)
    )


def _listed(
    layout: str, known: Standings, books: pd.DataFrame, month: Portfolio, name: str = ""
) -> Listed:
    projects = month.tables["projects"]
    names = books["workbook"].astype("str").tolist()
    told = projects.loc[projects["workbook"].isin(names), "project_manager"].dropna()
    managers = dict.fromkeys(one for text in told.astype("str") for one in people(text))
    codes = books["project_codes"].fillna("").astype("str").str.split(";").explode()
    return Listed(
        layout,
        name,
        known.of(layout),
        tuple(names),
        tuple(managers),
        tuple(code for code in codes.unique() if code),
        int(books["cells_read"].fillna(0).sum()),
        int(books["cells_left"].fillna(0).sum()),
    )


def _written(
    options: LayoutOptions,
    known: Standings,
    read: Sequence[Listed],
    month: Portfolio,
) -> Iterator[Listed]:
    """Yield the layouts that the PMO wrote, with the workbooks that they settle."""
    prints = layout_prints(options.config)
    settled = {each.id: _settling(options.home, each.id) for each in read}
    for name, print_ in prints.items():
        own = [each.id for each in read if print_ in settled[each.id]]
        books = month.workbooks[
            month.workbooks["layout"].isin(own) & month.workbooks["state"].isin(_USED)
        ]
        yield _listed(print_, known, books, month, name)


def _settling(home: Path, layout: str) -> frozenset[str]:
    """Return the prints of the PMO's layouts that settled parts of a reading."""
    found = kept(home, layout)
    return (
        frozenset(b.layout for b in found.blocks if b.layout) if found else frozenset()
    )


def chosen(
    every: Sequence[Listed], names: Iterable[str], lang: str
) -> tuple[Listed, ...]:
    """Return the layouts named: by id, by name, by a workbook; all that read a project.

    Raises:
        LayoutError: A name is of none, or an id's beginning is of several.
    """
    found: dict[str, Listed] = {}
    for name in names:
        by_id = [each for each in every if _begins(each, name)]
        hits = by_id or [each for each in every if _is_called(each, name)]
        if not hits or len(by_id) > 1:
            key = "layout-many" if hits else "layout-unknown"
            known = ", ".join(each.short for each in (hits or every)[:12])
            raise LayoutError(tr(key, lang, name=name, known=known))
        found |= {each.id: each for each in hits}
    return tuple(found.values())


def _begins(each: Listed, name: str) -> bool:
    return len(name) >= _SHORTEST and each.id.startswith(name)


def _is_called(each: Listed, name: str) -> bool:
    wanted = fold(name)
    tails = [book.rpartition("/")[2] for book in each.workbooks]
    called = (each.name, *each.workbooks, *tails, *each.projects)
    return bool(wanted) and wanted in map(fold, filter(None, called))


def decided(
    options: LayoutOptions, event: str, layouts: Iterable[Listed], at: str, by: str
) -> list[Listed]:
    """Journal what the PMO decided of layouts; return those that it changes.

    Args:
        options: Where.
        event: ``approved`` or ``rejected``.
        layouts: About which; the shipped one is as it is.
        at: When.
        by: Who.

    Raises:
        LayoutError: What one of them reads is not known here.
        OSError: The state home cannot be written.
    """
    known = Standings.of_home(options.home, options.lang)
    changed = [
        each
        for each in layouts
        if each.id != SHIPPED
        and (each.standing.state != event or each.standing.how == "covered")
    ]
    keys = {each.id: keys_of(options, known, each) for each in changed}
    if keys:
        decide(options.home, event, keys, at, by=by)
    return changed


def keys_of(options: LayoutOptions, known: Standings, each: Listed) -> frozenset[str]:
    """Return what is to be approved of a layout.

    Raises:
        LayoutError: It is not known here.
    """
    own = frozenset({each.id}) if each.name else known.keys.get(each.id)
    if own is None:
        raise LayoutError(tr("layout-forgotten", options.lang, name=each.short))
    return own


def said(options: LayoutOptions, each: Listed) -> tuple[Proposal, frozenset[str]]:
    """Return what a layout says, and what of it is approved already.

    Raises:
        LayoutError: It is not known here.
    """
    found = kept(options.home, each.id)
    if found is None:
        raise LayoutError(tr("layout-forgotten", options.lang, name=each.short))
    known = Standings.of_home(options.home, options.lang)
    return found, known.covered("approved")
