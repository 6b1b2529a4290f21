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
_LOOKS = frozenset({"fill", "ink", "icon", "symbol"})


@dataclass(slots=True)
class Readings:
    """What every value of a batch was understood to say.

    Attributes:
        values: By position.
        remarks: Position and reading of the values that call for a remark.
        notes: Remarks about whole columns.
        tax: Position of the amounts whose cell states its tax basis.
        ratings: Lanes of ratings and their contexts; criticality needs them.
        criticality: Lanes of criticality, still to be read.
    """

    values: Objects
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
    readings = Readings(np.full(len(batch.raw), None, dtype=object))
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
    if kind in ("code", "boolean"):
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
    """Read the values of lanes; a value met before in the same context is not parsed again."""
    raw, formats, methods, values = (
        batch.raw,
        batch.format,
        batch.method,
        readings.values,
    )
    coded = kind in ("code", "boolean")
    missing = batch.schemas.missing
    memories: dict[Hashable, dict[Hashable, Parsed]] = {}
    for lane, context in zip(*lanes, strict=True):
        memory = memories.setdefault(context, {})
        for i in lane.at:
            value = raw[i]
            if value is None:
                continue
            how = methods[i] if coded and methods[i] in _LOOKS else ""
            key = (
                (value, how)
                if isinstance(value, str)
                else (type(value), value, formats[i])
            )
            parsed = memory.get(key)
            if parsed is None:
                blank = (
                    not coded and isinstance(value, str) and is_missing(value, missing)
                )
                parsed = NOTHING if blank else parse(value, formats[i], how, context)
                memory[key] = parsed
            if parsed is NOTHING:
                continue
            values[i] = parsed.value
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
    raw, formats, owner, values = (
        batch.raw,
        batch.format,
        batch.extract,
        readings.values,
    )
    memory: dict[str, object] = {}
    for i in at.tolist():
        value = raw[i]
        if isinstance(value, str):
            if value in memory:
                values[i] = memory[value]
                continue
            found: object = value.strip()
            if not as_is:
                found = parse(value, "", "", missing).value
            elif len(value) <= LONGEST and is_missing(value, missing, prose=True):
                found = None
            values[i] = memory[value] = found or None
        elif value is not None:
            values[i] = parse(value, formats[i], languages[owner[i]], missing).value
