"""Requests that wait for a decision, and services against their commitments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from consolidate.report import format as shown
from consolidate.report.html_context import Context
from consolidate.report.html_figure import Figure
from consolidate.report.html_words import Record, records

MOST = 40
_WAITING = ("received", "studied", "waiting_info", "to_arbitrate")
_REQUEST = ("code", "title", "establishment", "received_on", "priority", "state")
_SERVICE = (
    "name",
    "application",
    "month",
    "availability_target",
    "availability_actual",
    "incidents",
    "incidents_major",
)


@dataclass(frozen=True, slots=True)
class Request:
    """One request that waits for a decision."""

    code: Figure
    title: Figure
    site: Figure
    received: Figure
    age: Figure
    priority: Figure
    state: Figure
    cost: Figure


@dataclass(frozen=True, slots=True)
class Requests:
    """The requests: how many in each state, and those that wait, the oldest first."""

    total: int
    states: tuple[tuple[str, Figure], ...]
    waiting: tuple[Request, ...]
    waiting_count: int


@dataclass(frozen=True, slots=True)
class Service:
    """One service in its latest month."""

    name: Figure
    month: Figure
    target: Figure
    actual: Figure
    verdict: Figure
    incidents: Figure
    major: Figure


@dataclass(frozen=True, slots=True)
class Services:
    """The services, those below their commitment first.

    Attributes:
        listed: In that order.
        count: Services in all.
        compared: Those that give both a target and an availability.
        below: Those of them below their target.
    """

    listed: tuple[Service, ...]
    count: int
    compared: int
    below: int


def requests(context: Context) -> Requests:
    """Return the requests of the portfolio."""
    rows = records(context.portfolio.tables["requests"])
    states: dict[str, list[Record]] = {}
    for row in rows:
        states.setdefault(str(row.get("state") or ""), []).append(row)
    waiting = [r for r in rows if r.get("state") in _WAITING]
    waiting.sort(key=_by_age)
    context.load("requests", waiting[:MOST], (*_REQUEST, "estimated_cost"))
    order = context.words.schemas.vocabularies["request_state"].codes
    known = [*order, *sorted(set(states) - set(order) - {""}), ""]
    return Requests(
        total=len(rows),
        states=tuple(
            (word, _count(context, states[s], word))
            for s in known
            if s in states
            for word in [context.words.code("request_state", s)]
        ),
        waiting=tuple(_request(context, r) for r in waiting[:MOST]),
        waiting_count=len(waiting),
    )


def _count(context: Context, rows: Sequence[Record], word: str) -> Figure:
    proof = context.having("requests", rows, "state", word, "title")
    return Figure(shown.number(len(rows), context.lang, 0), len(rows), proof)


def _by_age(row: Record) -> tuple[bool, int, str]:
    day = row.get("received_on")
    return day is None, day.toordinal() if day else 0, str(row["record_id"])


def _request(context: Context, row: Record) -> Request:
    return Request(
        code=context.text("requests", row, "code"),
        title=context.text("requests", row, "title"),
        site=context.text("requests", row, "establishment"),
        received=context.day("requests", row, "received_on"),
        age=_age(context, row),
        priority=context.text("requests", row, "priority"),
        state=context.text("requests", row, "state"),
        cost=context.money("requests", row, "estimated_cost"),
    )


def _age(context: Context, row: Record) -> Figure:
    day = row.get("received_on")
    if day is None or day > context.as_of:
        return Figure()
    days = (context.as_of - day).days
    formula = context.words.tr(
        "formula-age",
        day=shown.day(context.as_of, context.lang),
        received=context.words.field("requests", "received_on"),
    )
    proof = context.proofs.derived(
        formula, [context.proof("requests", row, "received_on")]
    )
    told = shown.days(days, context.lang).lstrip("+")
    return Figure(told, days, proof, "fair" if days > 90 else "")


def services(context: Context) -> Services:
    """Return every service in its latest month that is not after the period."""
    latest: dict[tuple[str, str], dict[str, Any]] = {}
    for row in records(context.portfolio.tables["services"]):
        month = str(row.get("month") or "")
        key = (str(row.get("name") or ""), str(row.get("application") or ""))
        if month > context.portfolio.period:
            continue
        if key not in latest or month > str(latest[key].get("month") or ""):
            latest[key] = row
    rows = sorted(latest.values(), key=lambda r: (_rank(r), str(r.get("name") or "")))
    context.load("services", rows, _SERVICE)
    compared = [r for r in rows if _gap(r) is not None]
    return Services(
        listed=tuple(_service(context, r) for r in rows),
        count=len(rows),
        compared=len(compared),
        below=sum((_gap(r) or 0) < 0 for r in compared),
    )


def _gap(row: Mapping[str, Any]) -> float | None:
    target, actual = row.get("availability_target"), row.get("availability_actual")
    if target is None or actual is None:
        return None
    return round(float(actual - target), 9)


def _rank(row: Record) -> int:
    gap = _gap(row)
    return 1 if gap is None else 0 if gap < 0 else 2


def _service(context: Context, row: Record) -> Service:
    field = "name" if row.get("name") else "application"
    month = str(row.get("month") or "")
    told = shown.month(month, context.lang, short=True) if month else ""
    return Service(
        name=context.text("services", row, field),
        month=Figure(told, month, context.proof("services", row, "month")),
        target=context.share("services", row, "availability_target", fine=True),
        actual=context.share("services", row, "availability_actual", fine=True),
        verdict=_verdict(context, row),
        incidents=context.count("services", row, "incidents"),
        major=context.count("services", row, "incidents_major"),
    )


def _verdict(context: Context, row: Record) -> Figure:
    gap = _gap(row)
    if gap is None:
        return Figure()
    key = "service-below" if gap < 0 else "service-held"
    fields = ("availability_actual", "availability_target")
    formula = context.words.tr(
        "formula-held",
        actual=context.words.field("services", fields[0]),
        target=context.words.field("services", fields[1]),
    )
    inputs = [context.proof("services", row, f) for f in fields]
    tone = "poor" if gap < 0 else "good"
    told = context.words.tr(key)
    return Figure(told, gap, context.proofs.derived(formula, inputs), tone)
