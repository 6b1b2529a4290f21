"""Hand managers their own workbooks back for the next month, where that loses nothing."""

from __future__ import annotations

import calendar
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pandas as pd

from consolidate.exchange.own_order import Move, OwnOrder
from consolidate.exchange.remark import manners
from consolidate.intake.archive import Archive
from consolidate.model.delivery import Failure
from consolidate.model.files import read_file
from consolidate.model.portfolio import Portfolio
from consolidate.replies import same

_SURE = 0.9
_USED = frozenset({"consolidated", "partial"})
_KINDS = (".xlsx", ".xlsm")
_CERTAIN = frozenset({"column", "label", "layout", "alias"})


class NotOwnError(Exception):
    """A manager's own workbook cannot be handed back; its text is a reason's code."""

    def __init__(self, code: str, workbook: str = "") -> None:
        """Keep the code and the workbook it is about."""
        super().__init__(code)
        self.code, self.workbook = code, workbook


@dataclass(frozen=True, slots=True)
class Own:
    """A workbook handed back.

    Attributes:
        workbook: Its name, as it was received.
        data: Its bytes.
        moved: Cells whose month was moved on, ``sheet!cell``.
        is_dated: Whether the report date is among them.
    """

    workbook: str
    data: bytes
    moved: tuple[str, ...]
    is_dated: bool


@dataclass(frozen=True, slots=True)
class Returned:
    """What was made in a worker: the bytes and cells moved, or why not."""

    data: bytes
    moved: tuple[str, ...]
    why: str = ""


Confined = Callable[
    [Callable[[OwnOrder], Returned], Sequence[OwnOrder]], Iterable[Returned | Failure]
]


@dataclass(frozen=True, slots=True)
class Originals:
    """Where the bytes of workbooks are looked for, by their hash.

    Attributes:
        archive: Of the state home.
        folder: Named by hand; None when none is.
    """

    archive: Archive
    folder: Path | None = None

    def path(self, sha256: str, size: int) -> Path | None:
        """Return where the bytes are; None when they are in neither place."""
        if self.archive.has(sha256):
            return self.archive.path(sha256)
        for path in sorted(self.folder.rglob("*")) if self.folder else ():
            if path.is_symlink() or not path.is_file() or path.stat().st_size != size:
                continue
            if hashlib.sha256(path.read_bytes()).hexdigest() == sha256:
                return path
        return None


@dataclass(frozen=True, slots=True)
class Desk:
    """Where workbooks are handed back.

    Attributes:
        originals: Where their bytes are.
        scratch: Private folder for temporary files.
        confined: Where they are opened.
    """

    originals: Originals
    scratch: Path
    confined: Confined


def build(order: OwnOrder) -> Returned:
    """Return a workbook handed back; runs in a worker.

    Raises:
        UnreadableWorkbookError: It is no longer what it was.
    """
    # openpyxl is loaded where workbooks are written, and nowhere else.
    from consolidate.exchange.annotate import UnfitError  # noqa: PLC0415
    from consolidate.exchange.own import handed_back  # noqa: PLC0415
    from consolidate.read import read_workbook  # noqa: PLC0415

    data = read_file(order.path, size=order.size, sha256=order.sha256)
    was = read_workbook("", data)
    if any(f.rule in manners()["masked"] for f in was.findings):
        return Returned(b"", (), "masked")  # somebody was forgotten since it was read
    try:
        as_it_was, made, moved = handed_back(data, order)
    except UnfitError as err:
        return Returned(b"", (), "standard" if str(err) == "standard" else "unfit")
    if not same(was, read_workbook("", as_it_was)):
        return Returned(b"", (), "unfit")
    return Returned(made, moved)


def own_workbooks(
    month: Portfolio, codes: Sequence[str], period: str, desk: Desk
) -> tuple[Own, ...]:
    """Return the workbooks of a manager, moved on to another month.

    Args:
        month: As it was read, with its lineage.
        codes: Of the manager's projects.
        period: Month to report on.
        desk: Where it is done.

    Raises:
        NotOwnError: One of them cannot be handed back, or another's tells of a project.
    """
    books = _books(month, codes)
    orders = [_order(month, row, period, desk) for row in books]
    made: list[Own] = []
    for row, order, back in zip(
        books, orders, desk.confined(build, orders), strict=True
    ):
        name = str(row["workbook"])
        if isinstance(back, Failure):
            raise NotOwnError("unfit", name)
        if back.why:
            raise NotOwnError(back.why, name)
        dates = {f"{move.sheet}!{move.cell}" for move in order.moves}
        dated = bool(dates) and dates <= set(back.moved)
        made.append(Own(name, back.data, back.moved, dated))
    return tuple(made)


def _books(month: Portfolio, codes: Sequence[str]) -> list[dict[str, object]]:
    """Return the workbooks that tell of these projects and of no other.

    A log or a committee's list that tells of them too is no workbook of their manager; it
    must not be where one of them stands, for then that project would be missing.
    """
    every = month.workbooks[month.workbooks["state"].isin(_USED)]
    told = every["project_codes"].fillna("").astype("str").map(_parts)
    own = every[[bool(t) and t <= set(codes) for t in told]]
    projects = month.tables["projects"]
    stand = projects.loc[projects["project_code"].isin(codes), "workbook"].dropna()
    elsewhere = stand[~stand.isin(own["workbook"])]
    if len(elsewhere):
        raise NotOwnError("shared", str(elsewhere.iloc[0]))
    if own.empty:
        raise NotOwnError("none")
    masked = month.findings["rule"].isin(manners()["masked"])
    hidden = set(month.findings.loc[masked, "workbook"])
    for name in map(str, own["workbook"]):
        if name in hidden:
            raise NotOwnError("masked", name)
        if not name.casefold().endswith(_KINDS):
            raise NotOwnError("kind", name)
    rows = own[["workbook", "bytes", "sha256"]].itertuples(index=False, name=None)
    return [
        dict(zip(("workbook", "bytes", "sha256"), row, strict=True)) for row in rows
    ]


def _parts(text: str) -> set[str]:
    return set(text.split(";")) - {""}


def _order(
    month: Portfolio, row: Mapping[str, object], period: str, desk: Desk
) -> OwnOrder:
    name, size = str(row["workbook"]), int(str(row["bytes"]))
    path = desk.originals.path(str(row["sha256"]), size)
    if path is None:
        raise NotOwnError("lost", name)
    read = month.lineage[month.lineage["workbook"] == name]
    places = frozenset(zip(read["sheet"].astype("str"), read["cell"].astype("str"), strict=True))  # fmt: skip
    return OwnOrder(
        path,
        size,
        str(row["sha256"]),
        tuple(_moves(read, month.period, period)),
        places,
        month.period,
        period,
        datetime.fromisoformat(f"{period}-01"),
        desk.scratch,
    )


def _moves(read: pd.DataFrame, before: str, after: str) -> Iterator[Move]:
    """Yield the report dates that say themselves, and the day they become."""
    sure = (read["field"] == "report_date") & (read["table"] == "projects")
    sure &= read["used"].astype("bool") & (read["confidence"] >= _SURE)
    found = read[sure & read["method"].isin(_CERTAIN)]
    for sheet, cell, raw in found[["sheet", "cell", "raw"]].itertuples(index=False):
        day = _day(raw)
        if day is not None and f"{day:%Y-%m}" == before:
            yield Move(str(sheet), str(cell), day, same_day(day, after))


def _day(raw: object) -> date | None:
    try:
        return date.fromisoformat(str(raw)[:10])
    except ValueError:
        return None


def same_day(day: date, period: str) -> date:
    """Return a day in another month: the last for the last, else the same or the last."""
    year, month = int(period[:4]), int(period[5:])
    last = calendar.monthrange(year, month)[1]
    ends = (day + timedelta(days=1)).day == 1
    return date(year, month, last if ends else min(day.day, last))
