"""The canonical tables and vocabularies, read from ``schemas/*.toml``.

Standard library only: the confined worker needs it, and must stay light.
"""

from __future__ import annotations

import dataclasses
import difflib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from consolidate.model.error import ConfigError
from consolidate.model.text import fold

FieldType: TypeAlias = Literal[
    "text",
    "long_text",
    "person",
    "list",
    "code",
    "rating",
    "criticality",
    "date",
    "month",
    "number",
    "integer",
    "money",
    "effort",
    "duration",
    "hours",
    "share",
    "boolean",
]

TABLES = (
    "projects",
    "milestones",
    "budget_lines",
    "risks",
    "actions",
    "workload",
    "deliverables",
    "requests",
    "services",
    "objectives",
    "compliance",
    "meetings",
    "stakeholders",
    "communications",
    "trainings",
    "convergence",
    "closures",
    "interfaces",
)
"""Canonical tables, in the order reports show them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One canonical column.

    Attributes:
        name: snake_case; the unit is in ``type``, not in the name.
        type: What the column holds once normalised: money in EUR, effort and duration
            in days, hours in hours, shares 0..1, ratings 1..5, criticality 1..25.
        label: How reports head the column, by language.
        aliases: Headers met in dashboards, in any language.
        values: Vocabulary (``schemas/values``) of a code or a rating; empty when none.
        open: Whether a code keeps a word that its vocabulary does not know.
        required: Whether a row without it is no record.
        min, max: Inclusive bounds of a number.
        meaning: One line for the data dictionary.
    """

    name: str
    type: FieldType
    label: Mapping[str, str]
    aliases: tuple[str, ...] = ()
    values: str = ""
    open: bool = False
    required: bool = False
    min: float | None = None
    max: float | None = None
    meaning: str = ""


@dataclass(frozen=True)
class TableSpec:
    """One canonical table.

    Attributes:
        name: Its name, plural.
        label: How reports title it, by language.
        names: Fields of which a record needs at least one.
        telling: Fields that tell this table from the others.
        nouns: Words that headers and titles use for its records.
        sheet_names: What managers call a sheet that holds it.
        fields: In the order of the schema file.
    """

    name: str
    label: Mapping[str, str]
    names: tuple[str, ...]
    telling: frozenset[str]
    nouns: tuple[str, ...]
    sheet_names: tuple[str, ...]
    fields: tuple[Field, ...]

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """Fields by name."""
        return {f.name: f for f in self.fields}

    @cached_property
    def folded_nouns(self) -> frozenset[str]:
        """Its nouns, as they are compared."""
        return frozenset(fold(noun) for noun in self.nouns)

    @cached_property
    def spaced_sheet_names(self) -> tuple[str, ...]:
        """What managers call its sheets, as it is looked for in a folded text."""
        return tuple(f" {fold(name)} " for name in self.sheet_names)

    @property
    def field_names(self) -> list[str]:
        """Names of the fields, in order."""
        return [f.name for f in self.fields]


@dataclass(frozen=True)
class Vocabulary:
    """The codes of a closed or open list, and the words people use for them.

    Attributes:
        name: File name under ``schemas/values``.
        labels: By code, the label by language; order is the vocabulary's.
        words: By code, the words as people write them.
        within: By code, the code of a coarser vocabulary that it is part of.
    """

    name: str
    labels: Mapping[str, Mapping[str, str]]
    words: Mapping[str, tuple[str, ...]]
    within: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @cached_property
    def lookup(self) -> Mapping[str, str]:
        """Code by folded word; a word of two codes is in neither.

        A word made of punctuation or symbols alone is kept as it is.
        """
        found: dict[str, set[str]] = {}
        for code, words in self.words.items():
            own = (code, *self.labels[code].values(), *words)
            for word in own:
                found.setdefault(fold(word) or word, set()).add(code)
        return {
            word: next(iter(codes)) for word, codes in found.items() if len(codes) == 1
        }

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes, in order."""
        return tuple(self.labels)


@dataclass(frozen=True)
class Schemas:
    """All that ``schemas/`` knows.

    Attributes:
        tables: By name, in the order of ``TABLES``.
        vocabularies: By name.
        missing: Folded words that stand for "no value" -> reason.
        families: Words that headers are put together from (``families.toml``).
    """

    tables: Mapping[str, TableSpec]
    vocabularies: Mapping[str, Vocabulary]
    missing: Mapping[str, str]
    families: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @cached_property
    def known_words(self) -> Mapping[str, tuple[str, ...]]:
        """The vocabularies that know a folded word, by word."""
        found: dict[str, list[str]] = {}
        for name, vocabulary in self.vocabularies.items():
            for word in vocabulary.lookup:
                found.setdefault(word, []).append(name)
        return {word: tuple(names) for word, names in found.items()}

    @cached_property
    def money_fields(self) -> frozenset[str]:
        """Names of the fields that hold money, in any table."""
        return frozenset(
            field.name
            for table in self.tables.values()
            for field in table.fields
            if field.type == "money"
        )


def load_schemas(folders: Sequence[Path]) -> Schemas:
    """Read the schemas, the user's folder first, the shipped one last.

    A user's file adds aliases, words, labels and bounds to the shipped ones and takes
    nothing away.

    Raises:
        ConfigError: A file is not TOML, or names an unknown table, field or type.
    """
    return _load(tuple(folders))


@lru_cache(maxsize=4)
def _load(folders: tuple[Path, ...]) -> Schemas:
    base = folders[-1]
    tables = {name: _table(base / f"{name}.toml") for name in TABLES}
    values = {p.stem: _vocabulary(p) for p in sorted((base / "values").glob("*.toml"))}
    missing = _missing(base / "missing.toml")
    for folder in reversed(folders[:-1]):
        for path in sorted(folder.glob("*.toml")):
            if path.stem == "missing":
                missing = {**missing, **_missing(path)}
            elif path.stem in tables:
                tables[path.stem] = _extended(tables[path.stem], path)
        for path in sorted((folder / "values").glob("*.toml")):
            values[path.stem] = _joined(values.get(path.stem), _vocabulary(path))
    return Schemas(tables, values, missing, _read(base / "families.toml"))


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise ConfigError(f"{path}: {err}") from err
    except OSError as err:
        raise ConfigError(f"{path}: {err.strerror}") from err


def _table(path: Path) -> TableSpec:
    raw = _read(path)
    fields = tuple(_field(path, name, spec) for name, spec in raw["fields"].items())
    return TableSpec(
        raw["table"],
        raw["label"],
        names=tuple(raw["names"]),
        telling=frozenset(raw.get("telling", ())),
        nouns=tuple(raw.get("nouns", ())),
        sheet_names=tuple(raw.get("sheet_names", ())),
        fields=fields,
    )


def _field(path: Path, name: str, spec: Mapping[str, Any]) -> Field:
    known = {f.name for f in dataclasses.fields(Field)} - {"name"}
    for key in spec:
        if key not in known:
            raise ConfigError(
                f"{path}: fields.{name}.{key} is unknown{nearest(key, known)}"
            )
    if spec.get("type") not in get_args(FieldType):
        raise ConfigError(f"{path}: fields.{name}.type {spec.get('type')!r} is unknown")
    return Field(name=name, **{**spec, "aliases": tuple(spec.get("aliases", ()))})


def _extended(table: TableSpec, path: Path) -> TableSpec:
    raw = _read(path)
    extra = raw.get("fields", {})
    for name in extra:
        if name not in table.by_name:
            hint = nearest(name, table.by_name)
            raise ConfigError(
                f"{path}: fields.{name} is not a field of {table.name}{hint}"
            )
    fields = []
    for field in table.fields:
        more = extra.get(field.name, {})
        aliases = (*field.aliases, *more.get("aliases", ()))
        label = {**field.label, **more.get("label", {})}
        bounds = {key: more[key] for key in ("min", "max") if key in more}
        fields.append(
            dataclasses.replace(field, aliases=aliases, label=label, **bounds)
        )
    return dataclasses.replace(
        table,
        label={**table.label, **raw.get("label", {})},
        nouns=(*table.nouns, *raw.get("nouns", ())),
        sheet_names=(*table.sheet_names, *raw.get("sheet_names", ())),
        fields=tuple(fields),
    )


def _vocabulary(path: Path) -> Vocabulary:
    raw = _read(path)
    labels = {code: spec.get("label", {}) for code, spec in raw.items()}
    words = {code: tuple(spec.get("words", ())) for code, spec in raw.items()}
    within = {code: spec["within"] for code, spec in raw.items() if "within" in spec}
    return Vocabulary(path.stem, labels, words, within)


def _joined(base: Vocabulary | None, more: Vocabulary) -> Vocabulary:
    if base is None:
        return more
    codes = dict.fromkeys((*base.labels, *more.labels))
    labels = {c: {**base.labels.get(c, {}), **more.labels.get(c, {})} for c in codes}
    words = {c: (*base.words.get(c, ()), *more.words.get(c, ())) for c in codes}
    return Vocabulary(base.name, labels, words, {**base.within, **more.within})


def _missing(path: Path) -> dict[str, str]:
    return {
        fold(word) or word: reason
        for reason, words in _read(path).items()
        for word in words
    }


def nearest(word: str, known: Iterable[str]) -> str:
    """Return ``; did you mean 'x'?`` with the closest known word, or nothing."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
