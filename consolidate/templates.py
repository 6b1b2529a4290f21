"""Plan the workbook of each project manager: which tables and fields, what is known of them.

The values are those that the store kept of the month before; the workbook is written by
``report.template_book`` and read back by ``mapping.standard``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, cast

import pandas as pd

from consolidate.model.schema import Field, Schemas, TableSpec
from consolidate.model.template import (
    TURNED,
    Template,
    TemplateColumn,
    TemplateSheet,
    mark_of,
)
from consolidate.model.workbook import Value
from consolidate.packs import PackData
from consolidate.report.sheet_text import sheet_name
from consolidate.resources import shipped
from consolidate.unify.codes import provisional_code
from consolidate.wording import tr

_OF_A_PROJECT = ("project_code", "project_name")
_FREE = frozenset({"requests", "convergence", "interfaces"})
"""Tables whose records may be of no project: each says whose it is."""

_FACTORS = {"criticality": ("probability", "impact")}
"""What is worked out when it is not written, and from what."""

_FOR_THE_MANAGER = "report_date"
"""Says that a month is up to date: never filled in for anybody."""

_YEAR_AND_MONTH = 7


@dataclass(frozen=True, slots=True)
class TablePlan:
    """What ``schemas/template.toml`` says of one table.

    Attributes:
        always: Whether every manager gets it.
        title, lead: By language.
        fields: Asked of everyone, in order.
        sections: Of a turned table: title by language, and the fields below it.
    """

    always: bool
    title: Mapping[str, str]
    lead: Mapping[str, str]
    fields: tuple[str, ...]
    sections: tuple[tuple[Mapping[str, str], tuple[str, ...]], ...] = ()


@lru_cache(maxsize=1)
def table_plans() -> Mapping[str, TablePlan]:
    """Return the plan of each table, in the order of the sheets."""
    raw = tomllib.loads((shipped("schemas") / "template.toml").read_text("utf-8"))
    return {name: _plan(spec) for name, spec in raw.items()}


def _plan(spec: Mapping[str, Any]) -> TablePlan:
    sections = tuple(
        (part["label"], tuple(part["fields"])) for part in spec.get("sections", ())
    )
    return TablePlan(
        spec.get("always", False),
        spec["title"],
        spec["lead"],
        tuple(spec["fields"]),
        sections,
    )


def template_of(data: PackData, manager: str, period: str) -> Template:
    """Return the workbook of one manager.

    Args:
        data: The last month known, narrowed to the manager.
        manager: The name to write.
        period: Month to report on, ``YYYY-MM``.
    """
    projects = data.table("projects")
    sheets: list[TemplateSheet] = []
    for name, plan in table_plans().items():
        frame = data.table(name)
        if plan.always or len(frame):
            taken = [s.title for s in sheets]
            sheets += _sheets(_Planned(data, data.schemas.tables[name], plan, projects), taken)  # fmt: skip
    source = data.portfolio.period if len(projects) else ""
    return Template(manager, period, source, data.lang, tuple(sheets))


@dataclass(frozen=True, slots=True)
class _Planned:
    """One table to plan, and whose projects it is about."""

    data: PackData
    spec: TableSpec
    plan: TablePlan
    projects: pd.DataFrame

    @property
    def lang(self) -> str:
        return self.data.lang


def _sheets(planned: _Planned, taken: Sequence[str]) -> Iterator[TemplateSheet]:
    """Yield the sheet of a table; one a project when its records cannot name theirs."""
    spec, frame = planned.spec, planned.data.table(planned.spec.name)
    title = planned.plan.title[planned.lang]
    if "project_code" in spec.by_name or len(planned.projects) < 2:
        yield _sheet(planned, frame, sheet_name(title, taken))
        return
    used = list(taken)
    for code, own in frame.groupby("project_code", sort=False):
        subject = _name_of(planned.projects, str(code))
        tab = f"{title} {subject}" if subject == code else title
        used.append(sheet_name(tab, used))
        yield _sheet(planned, own, used[-1], subject)


def _name_of(projects: pd.DataFrame, code: str) -> str:
    """Return the code of a project; its name when the code was made up."""
    names = projects.loc[projects["project_code"] == code, "name"].dropna()
    name = str(names.iloc[0]) if len(names) else code
    return name if code == provisional_code(name) else code


def _sheet(
    planned: _Planned, frame: pd.DataFrame, title: str, subject: str = ""
) -> TemplateSheet:
    spec, lang = planned.spec, planned.lang
    frame = _as_written(planned, _as_read(frame))
    used = [n for n in spec.field_names if n in frame and frame[n].notna().any()]
    names = _ordered(planned, used)
    columns = tuple(_column(planned, spec.by_name[name]) for name in names)
    values = [
        _values(planned.data.schemas, spec.by_name[n], frame.get(n), len(frame), lang)
        for n in names
    ]
    rows = tuple(zip(*values, strict=True)) if len(frame) else ()
    mark = mark_of(spec.label[lang], lang, subject)
    return TemplateSheet(spec.name, mark, title, planned.plan.lead[lang], columns, rows)


def _as_read(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the records as their manager ordered them."""
    places = ["workbook", "sheet", "row"]
    return frame.sort_values(places, kind="stable", ignore_index=True)


def _as_written(planned: _Planned, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the records without what is worked out, or is for the manager to say."""
    spec, projects = planned.spec, planned.projects
    if spec.name == TURNED:
        code = frame["project_code"].astype("object").where(~_made_up(frame), None)
        return frame.assign(project_code=code, **{_FOR_THE_MANAGER: None})
    told = frame.drop(columns=list(_told(spec, frame)))
    if "project_code" not in spec.by_name:
        return told
    if len(projects) == 1 and spec.name not in _FREE:
        return told.drop(columns=[n for n in _OF_A_PROJECT if n in told])
    names = projects[_made_up(projects)].set_index("project_code")["name"].to_dict()
    name = told["project_code"].map(names).astype("object")
    code = told["project_code"].astype("object").where(name.isna(), None)
    return told.assign(project_code=code, project_name=name)


def _told(spec: TableSpec, frame: pd.DataFrame) -> Iterator[str]:
    """Yield the products that their factors, all there, will give again."""
    for product, factors in _FACTORS.items():
        if product in spec.by_name and product in frame:
            both = frame[list(factors)].notna().all(axis=1)
            if (both | frame[product].isna()).all():
                yield product


def _ordered(planned: _Planned, used: Sequence[str]) -> list[str]:
    """Return the fields of a sheet: those of everyone, and those the manager used."""
    spec, plan = planned.spec, planned.plan
    wanted = {*plan.fields, *used}
    if plan.sections:
        listed = [name for _, names in plan.sections for name in names]
        return [name for name in listed if name in wanted]
    own = [n for n in _naming(planned) if n in spec.by_name]
    rest = [n for n in spec.field_names if n in wanted and n not in _OF_A_PROJECT]
    first = [n for n in plan.fields if n in spec.by_name]
    last = ["comment"] if "comment" in rest else []
    middle = [n for n in rest if n not in first and n not in last]
    return [*own, *(n for n in first if n not in last), *middle, *last]


def _naming(planned: _Planned) -> Iterator[str]:
    """Yield the columns that say whose a record is: the code, the name without a code."""
    spec, projects = planned.spec, planned.projects
    if len(projects) == 1 and spec.name not in _FREE:
        return
    made_up = _made_up(projects)
    if not made_up.all() or projects.empty:
        yield "project_code"
    if made_up.any():
        yield "project_name"


def _made_up(projects: pd.DataFrame) -> pd.Series:
    """Return whether the code of each project was made up for want of one."""
    own = projects["name"].map(
        lambda n: provisional_code(n) if isinstance(n, str) else ""
    )
    return projects["project_code"] == own


def _column(planned: _Planned, field: Field) -> TemplateColumn:
    lang, spec = planned.lang, planned.spec
    kind = "open" if field.type == "code" and field.open else field.type
    return TemplateColumn(
        field.name,
        field.label[lang],
        field.type,
        vocabulary=field.values if field.type in {"code", "boolean"} else "",
        words=_words(planned, field),
        is_open=field.open,
        hint=tr(f"template-hint-{kind}", lang),
        is_key=field.name == spec.names[0],
        is_fixed=spec.name == TURNED and field.name in {"name", "project_code"},
        is_asked=spec.name == TURNED and field.name == _FOR_THE_MANAGER,
        section=_section(planned.plan, field.name, lang),
    )


def _words(planned: _Planned, field: Field) -> tuple[str, ...]:
    """Return what can be chosen; the projects' codes and names where one is asked."""
    if planned.spec.name != TURNED and field.name in _OF_A_PROJECT:
        made_up = _made_up(planned.projects)
        known = planned.projects["name"][made_up]
        if field.name == "project_code":
            known = planned.projects["project_code"][~made_up]
        return tuple(dict.fromkeys(map(str, known.dropna())))
    if field.type == "boolean":
        labels = planned.data.schemas.vocabularies["yes_no"].labels
        return labels["yes"][planned.lang], labels["no"][planned.lang]
    if field.type == "rating":
        return tuple("12345")
    if field.type != "code":
        return ()
    vocabulary = planned.data.schemas.vocabularies[field.values]
    return tuple(
        label.get(planned.lang, code) for code, label in vocabulary.labels.items()
    )


def _section(plan: TablePlan, name: str, lang: str) -> str:
    return next((label[lang] for label, names in plan.sections if name in names), "")


def _values(
    schemas: Schemas, field: Field, column: pd.Series | None, count: int, lang: str
) -> list[Value]:
    """Return the values of a field as cells hold them."""
    if column is None:
        return [None] * count
    written = _writer(schemas, field, lang)
    return [None if pd.isna(v) else written(v) for v in column]


def _writer(schemas: Schemas, field: Field, lang: str) -> Callable[[Any], Value]:
    """Return what gives the cell of one value of a field."""
    if field.type == "boolean":
        said = schemas.vocabularies["yes_no"].labels
        return lambda v: said["yes" if v else "no"][lang]
    if field.type == "code":
        labels = schemas.vocabularies[field.values].labels
        return lambda v: labels.get(v, {}).get(lang, v)
    return _WRITERS.get(field.type, _number)


def _first_day(month: str) -> date:
    return date.fromisoformat(f"{month[:_YEAR_AND_MONTH]}-01")


def _number(value: object) -> float | int:
    number = float(cast("float", value))
    return int(number) if number.is_integer() else number


_WRITERS: Mapping[str, Callable[[Any], Value]] = {
    "month": lambda v: _first_day(str(v)),
    "date": lambda v: pd.Timestamp(v).date(),
    "list": lambda v: "; ".join(str(v).split(";")),
    **dict.fromkeys(("text", "long_text", "person"), str),
}
