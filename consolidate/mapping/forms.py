"""From labels and their values to the record of a project."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from consolidate.mapping.builder import Builder, Entry
from consolidate.mapping.profile import profile, suits
from consolidate.mapping.scope import Scope
from consolidate.mapping.values import shown
from consolidate.model.address import a1
from consolidate.model.block import Block, Pair
from consolidate.model.finding import Severity
from consolidate.model.layout import Fit, find_fits
from consolidate.model.lexicon import hints
from consolidate.model.text import fold
from consolidate.model.workbook import Column, Region, Value

SHARED = frozenset(
    {
        "report_date",
        "project_manager",
        "department",
        "establishment",
        "domain",
        "programme",
        "sponsor",
        "amount_year",
    }
)
"""Fields that a heading above a list of projects gives to each of them."""

_FLOOR = 0.62
_OFTEN = 2
_OF_A_PAPER = re.compile(
    r"\b(?:documents?|fichier|file|template|modele|report|rapport|sheet|feuille)\b"
)
_IDENTITY = frozenset({"name", "project_code", "short_name"})
_SPEAKS = re.compile(r"\bproje(?:t|ts|ct)\b")


@dataclass(frozen=True, slots=True)
class FormValue:
    """One label of a form, understood."""

    pair: Pair
    field: str
    score: float
    raw: Value
    candidates: tuple[tuple[str, float], ...]
    method: str = "label"


def read_form(scope: Scope, block: Block) -> list[FormValue]:
    """Return the labels of a form with the project field each names, surest first kept."""
    spec = scope.schemas.tables["projects"]
    said = _said(_settled(scope, block))
    found: list[FormValue] = []
    for pair in block.pairs:
        look = scope.sheet.look(*pair.value)
        raw, method = _raw(scope, pair)
        seen = profile([(raw, look)], scope.schemas.known_words)
        scored = sorted(
            (
                (s * suits(spec.by_name[m.field], seen), m.field)
                for m, s in scope.lexicon.match(_short(pair.label)).items()
                if m.table == "projects"
                and not (m.field in _IDENTITY and _OF_A_PAPER.search(fold(pair.label)))
            ),
            key=lambda pair: (-pair[0], pair[1]),
        )
        best = scored[0] if scored else (0.0, "")
        name = best[1] if best[0] >= _FLOOR else ""
        if name and spec.by_name[name].type == "person" and _is_common_word(raw):
            name = ""
        ranked = tuple((n, round(s, 2)) for s, n in scored[:4])
        if fold(pair.label) in said:
            name = said[fold(pair.label)]
            best = (1.0, name)
            ranked = ()
        found.append(FormValue(pair, name, min(1.0, best[0]), raw, ranked, method))
    return _each_once(found)


def _is_common_word(raw: Value) -> bool:
    """Whether a text is a word such as "développeur" where a person would stand.

    Roles side by side read like a label and its value; a name has a capital.
    """
    return (
        isinstance(raw, str)
        and raw.islower()
        and "@" not in raw
        and " " not in raw.strip()
    )


def _note_unit(scope: Scope, name: str) -> str:
    field = scope.schemas.tables["projects"].by_name.get(name)
    return scope.legends.unit if field and field.type == "money" else ""


def _short(label: str) -> str:
    return label if len(label) <= 160 else label.partition("(")[0]


def _settled(scope: Scope, block: Block) -> Fit | None:
    """Return the layout that settles a form; none when several claim it."""
    fits = _fits(scope, block)
    if len({fit.layout for fit in fits}) != 1 or fits[0].region.table != "projects":
        return None
    return fits[0]


def _fits(scope: Scope, block: Block) -> Sequence[Fit]:
    labels = [pair.label for pair in block.pairs]
    return find_fits(scope.layouts, scope.sheet.name, labels)


def _tell_rivals(builder: Builder, scope: Scope, block: Block) -> None:
    """Tell of a form that several layouts claim: none of them is followed."""
    names = sorted({fit.layout for fit in _fits(scope, block)})
    if len(names) > 1:
        builder.tell(
            "layout-conflict",
            Severity.ERROR,
            scope.sheet.name,
            block.box.a1,
            params={"layouts": ", ".join(names)},
        )


def _said(fit: Fit | None) -> dict[str, str]:
    """Return what a layout says of the labels of a form."""
    fields = fit.region.fields if fit else {}
    return {fold(header): name for header, name in fields.items()}


def _raw(scope: Scope, pair: Pair) -> tuple[Value, str]:
    """Return what a label's value is, and how it is told: a text, a colour, a symbol."""
    value = scope.sheet.value(*pair.value)
    if pair.cell == pair.value and isinstance(value, str):
        return value.partition(":")[2].strip(), "label"
    seen, how = shown(value, scope.sheet.look(*pair.value), coloured=value is None)
    return seen, how or "label"


def _each_once(values: Sequence[FormValue]) -> list[FormValue]:
    """Give each field to its surest label; the others the next field they may mean.

    A label written time and again (Owner, under each task) is of no project.
    """
    times = Counter(fold(value.pair.label) for value in values)
    values = [
        dataclasses.replace(v, field="") if times[fold(v.pair.label)] > _OFTEN else v
        for v in values
    ]
    wanted = sorted(
        (-score, rank, i, name)
        for i, value in enumerate(values)
        if value.field
        for rank, (name, score) in enumerate(
            [(value.field, value.score), *value.candidates]
        )
        if score >= _FLOOR
    )
    given: dict[int, tuple[str, float]] = {}
    taken: set[str] = set()
    for minus, _, i, name in wanted:
        if i not in given and name not in taken:
            given[i] = (name, -minus)
            taken.add(name)
    return [
        dataclasses.replace(v, field=given[i][0], score=min(1.0, given[i][1]))
        if i in given
        else dataclasses.replace(v, field="")
        for i, v in enumerate(values)
    ]


def is_project_form(values: Sequence[FormValue]) -> bool:
    """Whether a form says enough to be of a project."""
    fields = {v.field for v in values if v.field}
    sure = sum(1 for v in values if v.field and v.score >= 0.9)
    if any(v.field and _SPEAKS.search(fold(v.pair.label)) for v in values):
        return True
    return bool(fields & {"name", "project_code"} and len(fields) >= 2) or sure >= 2


def add_form(
    builder: Builder,
    scope: Scope,
    block: Block,
    values: Sequence[FormValue],
    record: int,
) -> None:
    """Add a form's values to a project record, and its region and findings."""
    _tell_rivals(builder, scope, block)
    fit = _settled(scope, block)
    settled = _said(fit)
    columns: list[Column] = []
    for i, value in enumerate(values):
        said = hints(value.pair.label)
        columns.append(
            Column(
                ref=a1(*value.pair.cell),
                header=value.pair.label,
                field=value.field,
                confidence=round(value.score, 2),
                method="layout" if fold(value.pair.label) in settled else "label",
                candidates=value.candidates,
                unit=said.unit or _note_unit(scope, value.field),
                tax=said.tax,
                year=said.year,
                scale=said.scale,
                codes=scope.legends.for_header(value.pair.label).codes,
            )
        )
        if value.field:
            look = scope.sheet.look(*value.pair.value)
            written = "" if isinstance(value.raw, str) else look.format
            where = (scope.sheet.name, *value.pair.value)
            sure = round(min(1.0, value.score), 2)
            how = value.method
            entry = Entry(value.field, value.raw, written, *where, i, how, sure)
            builder.add(record, [entry])
        else:
            builder.tell(
                "label-unused",
                Severity.INFO,
                scope.sheet.name,
                a1(*value.pair.cell),
                raw=value.pair.label,
                params={"candidates": ", ".join(n for n, _ in value.candidates[:3])},
            )
    builder.regions.append(
        Region(
            scope.sheet.name,
            block.box,
            "projects",
            "form",
            score=min(1.0, 0.5 + 0.1 * sum(1 for v in values if v.field)),
            columns=tuple(columns),
            records=1,
            hidden=not scope.sheet.visible,
            layout=fit.layout if fit else "",
        )
    )
