"""Decide which table a block is, and which field each of its columns."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from consolidate.mapping.mood import (
    asks_for_else,
    counts_weeks,
    mood,
    names_of_people,
    says_cost,
)
from consolidate.mapping.prices import price_fields
from consolidate.mapping.profile import Profile, suits
from consolidate.mapping.shape import find_series, is_diary, is_drawn, is_of_nobody
from consolidate.model.block import Block
from consolidate.model.lexicon import Lexicon
from consolidate.model.schema import TableSpec
from consolidate.model.text import fold

PERIODS = {
    "workload": frozenset({"month", "day", "week"}),
    "budget_lines": frozenset({"year"}),
}
"""Kinds of periods whose amounts, across the columns, are values of a table."""

_FLOOR = 0.5
_SURE = 0.93
_BORNE_OUT = 1.02
_EMPTY = 0.9
_ELSE = 0.5
_TIE = 0.05
_FEW = 0.5
_MOSTLY = 0.8
_REFERENCE = 5
_AS_CODE = 0.95
_WORDS = frozenset({"text", "long_text"})
_NAMED = 0.75
_OF_A_PROJECT = frozenset({"project_code", "project_name"})
_NESTED = frozenset({"milestones", "deliverables"})


@dataclass(frozen=True, slots=True)
class Choice:
    """A field given to a column.

    Attributes:
        field: The field, empty when none.
        score: Its certainty, 0 to 1.
        method: ``column``, ``position`` or ``values``.
        candidates: The fields thought of, best first.
    """

    field: str = ""
    score: float = 0.0
    method: str = "column"
    candidates: tuple[tuple[str, float], ...] = ()


_NO_CHOICE = Choice()


@dataclass(frozen=True, slots=True)
class Reading:
    """A block read as one table.

    Attributes:
        spec: The table.
        score: How well it fits; only good for comparing tables of one block.
        choices: One per lane.
        evidence: The parts of the score.
    """

    spec: TableSpec
    score: float
    choices: tuple[Choice, ...]
    evidence: Mapping[str, float]

    @property
    def table(self) -> str:
        """Name of the table."""
        return self.spec.name


def read_as(
    block: Block,
    profiles: Sequence[Profile],
    spec: TableSpec,
    lexicon: Lexicon,
) -> Reading | None:
    """Read a block as one table, each field given once, the surest first.

    Of equally sure columns the leftmost is served first: what stands further right is
    more often a calculation about it than the thing itself. Of equally sure fields of a
    column the one that fewest columns want is given first: the others find theirs.

    Returns:
        None when no column is one of the table's fields.
    """
    scores = [
        _lane_scores(lane.label, seen, spec, lexicon) if lane.period is None else {}
        for lane, seen in zip(block.lanes, profiles, strict=True)
    ]
    for i in names_of_people([lane.label for lane in block.lanes]):
        scores[i] = {
            name: score
            for name, score in scores[i].items()
            if spec.by_name[name].type == "person"
        }
    series = find_series(block, profiles)
    wanted = Counter(
        name for fields in scores for name, s in fields.items() if s >= _SURE
    )
    ranked = sorted(
        (
            (_bucket(s), -i, -wanted[name], s, name)
            for i, fields in enumerate(scores)
            if i not in series
            for name, s in fields.items()
        ),
        reverse=True,
    )
    given: dict[int, tuple[str, float]] = {}
    used: set[str] = set()
    for _, minus, _, score, name in ranked:
        lane = -minus
        if score < _FLOOR or lane in given or name in used:
            continue
        given[lane] = (name, score)
        used.add(name)
    if not given and not is_drawn(block, profiles, spec.name):
        return None
    given = _without_ties(given, scores, spec)
    choices: list[Choice] = [
        _choice(given.get(i), fields) for i, fields in enumerate(scores)
    ]
    _title_first(spec, choices)
    _finer_name(block, profiles, spec, choices, scores)
    labels = [lane.label for lane in block.lanes]
    for i, name in price_fields(labels, [c.field for c in choices]).items():
        score = 0.85 if name else 0.0
        choices[i] = Choice(name, score, "column", choices[i].candidates)
    _name_by_position(block, profiles, spec, choices, lexicon)
    return _weigh(block, profiles, spec, choices)


def _without_ties(
    given: Mapping[int, tuple[str, float]],
    scores: Sequence[Mapping[str, float]],
    spec: TableSpec,
) -> dict[int, tuple[str, float]]:
    """Take back a field when the same column could as well be days and euros (RAF).

    The other columns decide when all of them are of one kind; else nothing does.
    """
    kept = dict(given)
    for lane, (name, score) in given.items():
        kind = _kind_of(spec, name)
        rival = next(
            (
                other
                for other, s in scores[lane].items()
                if s >= score - _TIE
                and {kind, _kind_of(spec, other)} == {"money", "effort"}
            ),
            "",
        )
        if not rival:
            continue
        around = {_kind_of(spec, n) for i, (n, _) in given.items() if i != lane}
        if "effort" in around and "money" not in around:
            kept[lane] = (name if kind == "effort" else rival, score)
        elif "money" in around and "effort" not in around:
            kept[lane] = (name if kind == "money" else rival, score)
        else:
            del kept[lane]
    return kept


def _kind_of(spec: TableSpec, name: str) -> str:
    return spec.by_name[name].type


def _bucket(score: float) -> float:
    """Return a score with small differences between sure ones taken away."""
    if score >= _BORNE_OUT:
        return _BORNE_OUT
    return _SURE if score >= _SURE else score


def _lane_scores(
    label: str, seen: Profile, spec: TableSpec, lexicon: Lexicon
) -> dict[str, float]:
    found: dict[str, float] = {}
    meanings = lexicon.match_by_table(label).get(spec.name) if label else None
    if not meanings:
        return found
    plain = fold(label)
    for name, score in meanings.items():
        field = spec.by_name[name]
        if name in _OF_A_PROJECT and score < _NAMED and spec.name != "projects":
            continue  # a passing mention of a project must not make one
        total = score * suits(field, seen) * mood(plain, field.name)
        if score < 1 and asks_for_else(plain, field.type):
            total *= _ELSE
        if name.startswith("effort_") and seen.duration < _FEW and says_cost(plain):
            continue
        if field.type == "month" and seen.number >= _FEW and counts_weeks(plain):
            continue
        if not seen.filled:
            total *= _EMPTY
        if total > 0.3:
            found[field.name] = min(total, 1.2)
    if "code" in spec.by_name and _are_references(seen):
        words = [s for n, s in meanings.items() if spec.by_name[n].type in _WORDS]
        found.setdefault("code", _AS_CODE * max(words, default=0.0))
    return found


def _are_references(seen: Profile) -> bool:
    """Whether the values are references (R1, R2 ...), whatever thing the header names."""
    return min(seen.code, seen.distinct) > _MOSTLY and 1 < seen.long <= _REFERENCE


def _choice(given: tuple[str, float] | None, fields: Mapping[str, float]) -> Choice:
    if not fields:
        return _NO_CHOICE
    ranked = tuple(sorted(fields.items(), key=lambda kv: (-kv[1], kv[0]))[:4])
    if given is None:
        return Choice(candidates=ranked)
    return Choice(given[0], min(1.0, given[1]), "column", ranked)


def _title_first(spec: TableSpec, choices: list[Choice]) -> None:
    """A table's one column of words is its records' title, not their description."""
    fields = {c.field: i for i, c in enumerate(choices) if c.field}
    at = fields.get("description")
    if at is None or spec.names != ("title", "description") or "title" in fields:
        return
    choices[at] = dataclasses.replace(choices[at], field="title")


def _finer_name(
    block: Block,
    profiles: Sequence[Profile],
    spec: TableSpec,
    choices: list[Choice],
    scores: Sequence[Mapping[str, float]],
) -> None:
    """Of two name columns (Tâche, Sous-tâche) take the finer; the other is the phase."""
    if spec.name not in _NESTED or any(c.field == "phase" for c in choices):
        return
    lanes = [i for i, found in enumerate(scores) if found.get("name", 0.0) >= 0.75]
    free = [i for i in lanes if choices[i].field in {"", "name"}]
    if len(free) != 2:
        return
    coarse, fine = sorted(
        free, key=lambda i: (_is_sub(block.lanes[i].label), profiles[i].filled)
    )
    ranked = choices[fine].candidates
    choices[fine] = Choice("name", min(1.0, scores[fine]["name"]), "column", ranked)
    choices[coarse] = Choice("phase", 0.8, "column", choices[coarse].candidates)


def _is_sub(label: str) -> bool:
    return fold(label).startswith(("sous", "sub", "detail"))


def _name_by_position(
    block: Block,
    profiles: Sequence[Profile],
    spec: TableSpec,
    choices: list[Choice],
    lexicon: Lexicon,
) -> None:
    """Give the name of a record to the first distinct text column, when no header did."""
    names = spec.names
    if not names or any(c.field in spec.names for c in choices):
        return
    drawn = is_drawn(block, profiles, spec.name)
    if not drawn and not any(c.field for c in choices):
        return
    people = names_of_people([lane.label for lane in block.lanes])
    for i, (lane, seen) in enumerate(zip(block.lanes, profiles, strict=True)):
        if choices[i].field or lane.period is not None or choices[i].candidates:
            continue
        if i in people:
            continue
        if max(lexicon.match(lane.label).values(), default=0.0) >= 0.75:
            continue
        if drawn and seen.code >= 0.5:
            continue
        if (
            seen.text >= 0.6
            and seen.distinct >= 0.6
            and seen.filled >= 2
            and seen.code < 0.5
            and not (drawn and seen.person >= 0.6)
        ):
            choices[i] = Choice(names[0], 0.6, "position", ())
        return


def _weigh(
    block: Block, profiles: Sequence[Profile], spec: TableSpec, choices: list[Choice]
) -> Reading:
    fields = [c for c in choices if c.field]
    telling = spec.telling
    match = sum(c.score for c in fields)
    tell = 0.5 * sum(c.score for c in fields if c.field in telling)
    naming = spec.names[:1] if spec.name == "projects" else spec.names
    named = any(c.field in naming and c.method == "column" for c in choices)
    labelled = sum(
        1
        for lane, seen in zip(block.lanes, profiles, strict=True)
        if lane.label and lane.period is None and seen.filled
    )
    missed = min(max(0, labelled - len(fields)), len(fields) + 1) * 0.2
    nouns = _nouns_in(block, spec)
    named_by = [c.field for c in choices]
    nobody = is_of_nobody(spec.name, profiles, named_by)
    across = _amounts_across(block, profiles, spec) or (
        is_drawn(block, profiles, spec.name)
        and any(c.field in spec.names for c in choices)
    )
    evidence = {
        "fields": match,
        "across": 1.5 if across else 0.0,
        "telling": tell,
        "named": 1.0 if named else (-1.5 if spec.name == "projects" else 0.0),
        "nouns": nouns,
        "diary": 0.5 if is_diary(profiles, named_by) else 0.0,
        "nobody": -1.0 if nobody and not across else 0.0,
        "missed": -missed,
    }
    total = sum(evidence.values())
    evidence["share"] = len(fields) / max(labelled, 1)
    return Reading(spec, total, tuple(choices), evidence)


def _amounts_across(block: Block, profiles: Sequence[Profile], spec: TableSpec) -> bool:
    """Whether columns headed by periods hold numbers that the table keeps by period."""
    kinds = PERIODS.get(spec.name, frozenset())
    seen = [
        profile
        for lane, profile in zip(block.lanes, profiles, strict=True)
        if lane.period and lane.period.kind in kinds and profile.filled
    ]
    numbers = sum(1 for profile in seen if profile.number + profile.duration > 0.5)
    return len(seen) >= 2 and numbers * 2 > len(seen)


def _nouns_in(block: Block, spec: TableSpec) -> float:
    """Return the weight of headers that name the table's records (Risk ID, Tâche ...)."""
    said = _said(tuple(lane.label for lane in block.lanes if lane.period is None))
    hits = sum(1 for noun in spec.folded_nouns if noun in said)
    return min(1.4, 0.7 * hits)


@lru_cache(maxsize=512)
def _said(labels: tuple[str, ...]) -> frozenset[str]:
    """Return the words, and the runs of two and three words, that headers say."""
    found: set[str] = set()
    for label in labels:
        words = fold(label).split()
        for size in (1, 2, 3):
            found.update(
                " ".join(words[i : i + size]) for i in range(len(words) - size + 1)
            )
    return frozenset(found)
