"""Parse each distinct value of a kind once, in the context of its column."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any, TypeAlias, cast

import numpy as np

from consolidate.model.schema import Field, Schemas
from consolidate.model.workbook import Value
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

_Key: TypeAlias = tuple[type, Value, str, str]
"""Type, value, number format and look of a value."""

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


@dataclass(slots=True)
class _Memory:
    """Readings of one context, each distinct value parsed once.

    Attributes:
        parse: Reads a value of the context.
        context: Of the values' columns.
        missing: Words for "no value"; None where the parser looks for them itself.
        known: Position in ``found`` by type, value, format and look. The type is part
            of the key, for 1 and True are equal.
        found: The readings.
    """

    parse: Parse
    context: Hashable
    missing: Mapping[str, str] | None
    known: dict[_Key, int] = field(default_factory=dict)
    found: list[Parsed] = field(default_factory=list)

    def codes(self, keys: Iterable[_Key]) -> list[int]:
        """Return the position in ``found`` of each value's reading."""
        known = self.known
        return [known[key] if key in known else self._read(key) for key in keys]

    def _read(self, key: _Key) -> int:
        _, value, number_format, how = key
        blank = value is None
        if self.missing is not None and isinstance(value, str):
            blank = is_missing(value, self.missing)
        parsed = (
            NOTHING if blank else self.parse(value, number_format, how, self.context)
        )
        self.found.append(parsed)
        code = self.known[key] = len(self.found) - 1
        return code


def _read_lanes(
    batch: Batch,
    readings: Readings,
    kind: str,
    lanes: tuple[Sequence[Lane], Sequence[Hashable]],
    parse: Parse,
) -> None:
    """Read the values of lanes, those of one context together."""
    coded = kind in ("code", "boolean")
    by_context: dict[Hashable, list[int]] = {}
    for lane, context in zip(*lanes, strict=True):
        by_context.setdefault(context, []).extend(lane.at)
    for context, at in by_context.items():
        memory = _Memory(parse, context, None if coded else batch.schemas.missing)
        _read_alike(batch, readings, at, memory, coded=coded)


def _read_alike(
    batch: Batch, readings: Readings, at: list[int], memory: _Memory, *, coded: bool
) -> None:
    """Read the values of one context."""
    values = [batch.raw[i] for i in at]
    formats = [batch.format[i] for i in at]
    looks: Iterable[str] = repeat("")
    if coded:
        looks = [m if (m := batch.method[i]) in _LOOKS else "" for i in at]
    codes = memory.codes(zip(map(type, values), values, formats, looks, strict=False))
    found = memory.found
    known = np.empty(len(found), dtype=object)
    known[:] = [parsed.value for parsed in found]
    readings.values[at] = known[codes]
    told = {k for k, parsed in enumerate(found) if parsed.rule or parsed.tax}
    for i, k in zip(at, codes, strict=True) if told else ():
        if k in told:
            parsed = found[k]
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
