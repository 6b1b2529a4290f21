"""Parse each distinct value of a kind once, in the context of its column."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np

from consolidate.model.schema import Field, Schemas
from consolidate.normalise import contexts as decide
from consolidate.normalise.batch import (
    Batch,
    Ints,
    Lane,
    Objects,
    alike,
    lanes_of,
    positions_by_field,
)
from consolidate.normalise.booleans import parse_boolean
from consolidate.normalise.contexts import Contexts, Note
from consolidate.normalise.effort import parse_effort
from consolidate.normalise.missing import LONGEST, is_missing
from consolidate.normalise.money import parse_money
from consolidate.normalise.numbers import parse_number, parse_year
from consolidate.normalise.options import NormaliseOptions
from consolidate.normalise.parsed import NOTHING, Parsed
from consolidate.normalise.ratings import RatingContext, parse_rating
from consolidate.normalise.share import parse_share
from consolidate.normalise.status import parse_code
from consolidate.normalise.text import parse_list, parse_names, parse_person, parse_text
from consolidate.normalise.when import parse_day, parse_month
from consolidate.normalise.words import Words, compile_words

Parse = Callable[[Any, str, str, Any], Parsed]
"""(raw, number format, method, context) to what was understood."""

_TEXT_PARSERS = {"person": parse_person, "list": parse_list, "names": parse_names}
_TEXTS = frozenset({"text", "long_text", *_TEXT_PARSERS})
_YEARS = frozenset({"year", "amount_year"})
_DECIDE: Mapping[str, Callable[[Batch, Sequence[Lane]], Contexts]] = {
    "date": decide.date_contexts,
    "month": decide.date_contexts,
    "money": decide.money_contexts,
    "effort": decide.effort_contexts,
    "duration": decide.effort_contexts,
    "hours": decide.effort_contexts,
    "share": decide.share_contexts,
}
_CODED = frozenset({"code", "boolean"})
_LOOKS = frozenset({"fill", "ink", "icon", "symbol"})


@dataclass(slots=True)
class Readings:
    """What every value of a batch was understood to say.

    Attributes:
        values: By position.
        lost: Positions of the values that another of their record replaces.
        remarks: Position and reading of the values that call for a remark.
        notes: Remarks about whole columns.
        tax: Position of the amounts whose cell states its tax basis.
        ratings: Lanes of ratings and their contexts; criticality needs them.
        criticality: Lanes of criticality, still to be read.
    """

    values: Objects
    lost: list[int] = field(default_factory=list)
    remarks: list[tuple[int, Parsed]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    tax: dict[int, str] = field(default_factory=dict)
    money: list[Lane] = field(default_factory=list)
    ratings: list[tuple[Lane, RatingContext]] = field(default_factory=list)
    criticality: list[Lane] = field(default_factory=list)


def kind_of(spec: Field) -> str:
    """Return how a field is read: its type, but for years and efforts kept as numbers."""
    if spec.name in _YEARS and spec.type == "integer":
        return "year"
    if spec.type == "number" and spec.name.startswith("effort_"):
        return "effort"
    if spec.type == "list" and spec.name != "establishments":
        return "names"
    return spec.type


def read_all(batch: Batch, options: NormaliseOptions) -> Readings:
    """Read every value of a batch, but for criticality."""
    readings = Readings(np.full(len(batch.record), None, dtype=object))
    words = {n: compile_words(v) for n, v in batch.schemas.vocabularies.items()}
    by_kind: dict[str, list[Lane]] = {}
    for spec, table, at in positions_by_field(batch):
        kind = kind_of(spec)
        if kind in _TEXTS:
            _read_texts(batch, readings, kind, at)
        else:
            by_kind.setdefault(kind, []).extend(lanes_of(batch, spec, table, at))
    readings.criticality = by_kind.pop("criticality", [])
    readings.money = by_kind.get("money", [])
    parsers = _parsers(batch.schemas, options)
    for kind, lanes in by_kind.items():
        found = _contexts(batch, kind, lanes, words)
        readings.notes += found.notes
        if kind == "rating":
            pairs = zip(lanes, found.of, strict=True)
            readings.ratings = [(lane, cast("RatingContext", c)) for lane, c in pairs]
        _read_lanes(batch, readings, kind, (lanes, found.of), parsers[kind])
    return readings


def _contexts(
    batch: Batch, kind: str, lanes: Sequence[Lane], words: Mapping[str, Words]
) -> Contexts:
    if kind == "rating":
        return decide.rating_contexts(batch, lanes, words)
    if kind in _CODED:
        return decide.code_contexts(batch, lanes, words)
    return _DECIDE.get(kind, decide.number_contexts)(batch, lanes)


def _parsers(schemas: Schemas, options: NormaliseOptions) -> Mapping[str, Parse]:
    missing = schemas.missing
    effort: Parse = lambda raw, fmt, _, c: parse_effort(raw, fmt, c, options)  # noqa: E731
    return {
        "date": lambda raw, fmt, _, c: parse_day(raw, fmt, c),
        "month": lambda raw, fmt, _, c: parse_month(raw, fmt, c),
        "money": lambda raw, fmt, _, c: parse_money(raw, fmt, c),
        "effort": effort,
        "duration": effort,
        "hours": effort,
        "share": lambda raw, fmt, _, c: parse_share(raw, fmt, c),
        "rating": lambda raw, fmt, _, c: parse_rating(raw, fmt, c),
        "number": lambda raw, fmt, _, c: parse_number(raw, fmt, c, whole=False),
        "integer": lambda raw, fmt, _, c: parse_number(raw, fmt, c, whole=True),
        "year": lambda raw, fmt, _, __: parse_year(raw, fmt),
        "code": lambda raw, fmt, how, c: parse_code(raw, fmt, how, c, missing),
        "boolean": lambda raw, fmt, how, c: parse_boolean(raw, fmt, how, c, missing),
    }


def _read_lanes(
    batch: Batch,
    readings: Readings,
    kind: str,
    lanes: tuple[Sequence[Lane], Sequence[Hashable]],
    parse: Parse,
) -> None:
    """Read the values of lanes, those of one context together."""
    by_context: dict[Hashable, list[Ints]] = {}
    for lane, context in zip(*lanes, strict=True):
        by_context.setdefault(context, []).append(lane.at)
    for context, parts in by_context.items():
        at = np.concatenate(parts)
        if kind in _CODED:
            groups, first = alike(at, *_written(batch), batch.method.codes)
            found = [_read_coded(batch, i, parse, context) for i in first]
        else:
            groups, first = alike(at, *_written(batch))
            found = [_read_plain(batch, i, parse, context) for i in first]
        _keep(readings, at, groups, found)


def _written(batch: Batch) -> tuple[Ints, Ints]:
    return batch.raw.codes, batch.format.codes


def _read_coded(batch: Batch, at: int, parse: Parse, context: Hashable) -> Parsed:
    """Read a value by its look too; its parser looks for words for "no value" itself."""
    raw, method = batch.raw[at], batch.method[at]
    if raw is None:
        return NOTHING
    return parse(raw, batch.format[at], method if method in _LOOKS else "", context)


def _read_plain(batch: Batch, at: int, parse: Parse, context: Hashable) -> Parsed:
    raw = batch.raw[at]
    if raw is None or (isinstance(raw, str) and is_missing(raw, batch.schemas.missing)):
        return NOTHING
    return parse(raw, batch.format[at], "", context)


def _keep(readings: Readings, at: Ints, groups: Ints, found: list[Parsed]) -> None:
    """Keep what the values of each group say."""
    readings.values[at] = _objects([parsed.value for parsed in found])[groups]
    told = np.array([bool(parsed.rule or parsed.tax) for parsed in found], dtype=bool)
    here = np.flatnonzero(told[groups])
    for i, group in zip(at[here].tolist(), groups[here].tolist(), strict=True):
        parsed = found[group]
        if parsed.rule:
            readings.remarks.append((i, parsed))
        if parsed.tax:
            readings.tax[i] = parsed.tax


def _read_texts(batch: Batch, readings: Readings, kind: str, at: Ints) -> None:
    """Read texts, which no column can change; a long one is no word for "no value"."""
    parse = _TEXT_PARSERS.get(kind, parse_text)
    as_is = kind in ("text", "long_text")
    missing = batch.schemas.missing
    languages = [extract.language for extract in batch.extracts]
    spoken = np.unique(languages, return_inverse=True)[1][batch.extract]

    def read(at: int) -> object:
        raw = batch.raw[at]
        if isinstance(raw, str) and as_is:
            prose = len(raw) <= LONGEST and is_missing(raw, missing, prose=True)
            return None if prose else raw.strip() or None
        if isinstance(raw, str):
            return parse(raw, "", "", missing).value or None
        if raw is None:
            return None
        language = languages[batch.extract[at]]
        return parse(raw, batch.format[at], language, missing).value

    groups, first = alike(at, *_written(batch), spoken)
    readings.values[at] = _objects([read(i) for i in first])[groups]


def _objects(values: Sequence[object]) -> Objects:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
