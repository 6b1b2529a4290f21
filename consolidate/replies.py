"""Reply to project managers: for each workbook with findings, a workbook and a text.

The workbook is made in a confined worker: a copy of the manager's own, annotated, once it
is proved that reading it gives what reading the original gave; else a list.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from pathlib import Path
from typing import TypeAlias, cast

from consolidate.exchange.letter import letter
from consolidate.exchange.names import stems
from consolidate.exchange.order import Built, Order
from consolidate.exchange.remark import manners, remarks
from consolidate.findings import findings_frame
from consolidate.model.delivery import Delivery, Failure
from consolidate.model.error import UnreadableWorkbookError
from consolidate.model.files import read_file
from consolidate.model.finding import Finding
from consolidate.model.portfolio import Portfolio
from consolidate.model.schema import Schemas
from consolidate.model.workbook import Sheet, Workbook
from consolidate.report.format import month
from consolidate.wording import advice

FOLDER = "replies"
INDEX = "index.json"
"""Which reply is of which workbook, and for whom."""
_STANDING = {"consolidated": "in", "partial": "in", "ignored": "unknown"}
"""How a workbook stands by its state: in the portfolio, not known for a dashboard; out."""

_MOST_NAMES = 3
Confined: TypeAlias = Callable[
    [Callable[[Order], Built], Sequence[Order]], Iterable[Built | Failure]
]
"""Runs a function on each item in a confined process; ``Reader.map`` is one."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a run knows that replies need.

    Attributes:
        portfolio: The month's.
        findings: All of them, not worded.
        deliveries: All that was received.
        languages: ``fr`` or ``en`` by workbook, where its words tell.
        schemas: Say what fields are called and take.
    """

    portfolio: Portfolio
    findings: Sequence[Finding]
    deliveries: Sequence[Delivery]
    languages: Mapping[str, str]
    schemas: Schemas


@dataclass(frozen=True, slots=True)
class _Reply:
    """One reply to make, and the project managers it is for."""

    order: Order
    to: tuple[str, ...]


def write_replies(told: Told, stage: Path, scratch: Path, confined: Confined) -> None:
    """Write ``replies/`` into the results being built: two files a workbook.

    Args:
        told: What the run found.
        stage: Folder of the results.
        scratch: Private folder for temporary files; the deliveries' bytes still are
            where they were read.
        confined: Where workbooks are annotated.
    """
    replies = list(_replies(told, scratch))
    folder = stage / FOLDER
    folder.mkdir(mode=0o700)
    names = stems([reply.order.name for reply in replies])
    attached = [r.order for r in replies if r.order.standing != "out"]
    built = _built(attached, confined)
    index = []
    for reply, name in zip(replies, names, strict=True):
        made = next(built) if reply.order.standing != "out" else None
        attachment = f"{name}{made.suffix}" if isinstance(made, Built) else ""
        if isinstance(made, Built):
            (folder / attachment).write_bytes(made.data)
        text = letter(reply.order, reply.to, attached=_attached(made))
        (folder / f"{name}.txt").write_text(text, encoding="utf-8", newline="\n")
        about = {"workbook": reply.order.name, "sha256": reply.order.sha256}
        files = {"text": f"{name}.txt", "attachment": attachment}
        index.append({**about, "to": reply.to, **files})
    listed = json.dumps(index, ensure_ascii=False, indent=1)
    (folder / INDEX).write_text(f"{listed}\n", encoding="utf-8", newline="\n")


def build(order: Order) -> Built:
    """Return the reply to one workbook; runs in a worker.

    Raises:
        UnreadableWorkbookError: The workbook is no longer what it was.
    """
    # openpyxl is loaded where workbooks are annotated, and nowhere else.
    from consolidate.exchange.annotate import UnfitError, annotated, listed  # noqa: PLC0415
    from consolidate.exchange.package import sealed  # noqa: PLC0415
    from consolidate.read import read_workbook  # noqa: PLC0415

    if order.path is not None:
        data = read_file(order.path, size=order.size, sha256=order.sha256)
        try:
            copy = annotated(data, order)
            if same(read_workbook("", data), read_workbook("", copy)):
                return Built(sealed(copy), _suffix(copy), is_copy=True)
        except (UnfitError, UnreadableWorkbookError):
            pass
    return Built(sealed(listed(order)), ".xlsx", is_copy=False)


def same(before: Workbook, after: Workbook) -> bool:
    """Return whether two workbooks say the same, results of formulas aside."""
    return len(before.sheets) == len(after.sheets) and all(
        _content(a, a.formulas) == _content(b, a.formulas)
        for a, b in zip(before.sheets, after.sheets, strict=True)
    )


def _content(sheet: Sheet, formulas: frozenset[tuple[int, int]]) -> tuple[object, ...]:
    """Return all that a sheet says but the results of its formulas."""
    values = {
        (r, c): value
        for r, row in enumerate(sheet.rows)
        for c, value in enumerate(row)
        if value not in {None, ""} and (r, c) not in formulas
    }
    looks = {at: look for at, look in sheet.looks.items() if not look.by_rule}
    fonts = {
        at: (look.ink, look.font, look.bold, look.format, look.fill)
        for at, look in looks.items()
        if at in values
    }
    errors = {at: text for at, text in sheet.errors.items() if at not in formulas}
    return (
        *(sheet.name, sheet.visible, values, fonts, errors, sheet.formulas),
        *(frozenset(sheet.merges), sheet.comments, sheet.hidden_rows),
        *(sheet.hidden_cols, sheet.choices, sheet.struck),
    )


def _suffix(copy: bytes) -> str:
    return ".xlsm" if b"xl/vbaProject.bin" in copy else ".xlsx"


def _replies(told: Told, scratch: Path) -> Iterator[_Reply]:
    """Yield the replies to make, in the order of the workbooks' names."""
    by_book: dict[str, list[Finding]] = {}
    for finding in told.findings:
        by_book.setdefault(finding.ref.workbook, []).append(finding)
    states = dict(
        zip(
            told.portfolio.workbooks["workbook"],
            told.portfolio.workbooks["state"],
            strict=True,
        )
    )
    managers = _managers(told.portfolio)
    for delivery in told.deliveries:
        found = by_book.get(delivery.name, [])
        standing = _STANDING.get(str(states.get(delivery.name)), "out")
        if any(f.rule == "template-unchanged" for f in found):
            standing = "out"
        order = _order(told, delivery, found, standing, scratch)
        if order.remarks and _is_answered(delivery, found):
            yield _Reply(order, managers.get(delivery.name, ()))


def _is_answered(delivery: Delivery, findings: Sequence[Finding]) -> bool:
    """Whether somebody sent this for a dashboard, and we did not."""
    ours = any(f.rule == "file-own-output" for f in findings)
    return delivery.state != "ignored" and not ours


def _order(
    told: Told,
    delivery: Delivery,
    findings: Sequence[Finding],
    standing: str,
    scratch: Path,
) -> Order:
    """Return the reply to one workbook; without its path when no copy may go out."""
    masked = any(f.rule in manners()["masked"] for f in findings)
    lang = told.languages.get(delivery.name) or told.portfolio.lang
    if standing == "out":
        also = manners()["of_superseded"]
        findings = [f for f in findings if not f.ref.sheet or f.rule in also]
    frame = findings_frame(findings, lang, told.schemas, advice)
    rows = cast("list[dict[str, str | None]]", frame.to_dict("records"))
    return Order(
        delivery.name,
        None if masked else delivery.path,
        delivery.size,
        delivery.sha256,
        standing,
        remarks(rows, told.schemas, lang),
        lang,
        month(told.portfolio.period, lang),
        datetime.combine(told.portfolio.as_of, time()),
        scratch,
    )


def _managers(portfolio: Portfolio) -> Mapping[str, tuple[str, ...]]:
    """Return the project managers that each workbook names, the first few."""
    projects = portfolio.tables["projects"]
    if projects.empty:
        return {}
    named = projects.dropna(subset=["project_manager"])
    groups = named.groupby("workbook", sort=False)["project_manager"]
    return {
        str(book): tuple(map(str, names.unique()[:_MOST_NAMES]))
        for book, names in groups
    }


def _built(orders: Sequence[Order], confined: Confined) -> Iterator[Built | Failure]:
    """Yield each reply; where a workbook was too much for a worker, a list."""
    for order, made in zip(orders, confined(build, orders), strict=True):
        if isinstance(made, Failure) and order.path is not None:
            yield from confined(build, [replace(order, path=None)])
        else:
            yield made


def _attached(made: Built | Failure | None) -> str:
    if not isinstance(made, Built):
        return ""
    return "copy" if made.is_copy else "list"
