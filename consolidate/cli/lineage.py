"""The published data, as ``consolidate explain`` reads it: standard library alone."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path

from consolidate.cli.findings import field_label, quoted
from consolidate.cli.text import columns_of, excerpt, one_line
from consolidate.model.error import ConsolidateError
from consolidate.model.schema import Schemas
from consolidate.model.text import fold
from consolidate.report import format as figures
from consolidate.wording import catalogue, tr

Row = dict[str, str]


class Data:
    """The folder ``data/`` of a published output.

    Args:
        folder: The folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def rows(self, table: str) -> Iterator[Row]:
        """Yield the rows of a table.

        Raises:
            ConsolidateError: There is no such file, or it cannot be read.
        """
        path = self._folder / f"{table}.csv"
        csv.field_size_limit(2**31 - 1)
        try:
            with path.open(encoding="utf-8", newline="") as file:
                yield from csv.DictReader(file, strict=True)
        except FileNotFoundError as err:
            raise ConsolidateError(
                f"{path} is not there; consolidate run makes it"
            ) from err
        except (OSError, UnicodeDecodeError, csv.Error) as err:
            raise ConsolidateError(f"{path}: {err}") from err

    @cached_property
    def projects(self) -> list[Row]:
        """All projects."""
        return list(self.rows("projects"))

    def find_project(self, code: str) -> Row | None:
        """Return the project of a code, or of a name when one project alone has it."""
        for same in (str.strip, fold, _bare):
            found = [p for p in self.projects if same(p["project_code"]) == same(code)]
            if len(found) == 1:
                return found[0]
        named = [p for p in self.projects if fold(p.get("name", "")) == fold(code)]
        return named[0] if len(named) == 1 else None

    def nearest(self, code: str, most: int = 5) -> list[str]:
        """Return the codes, with their names, that a code may have meant."""
        labels = {
            f"{p['project_code']} ({excerpt(p.get('name', ''), 40)})": p
            for p in self.projects
        }
        wanted = fold(code)

        def likeness(label: str) -> float:
            project = labels[label]
            known = (fold(project["project_code"]), fold(project.get("name", "")))
            inside = any(wanted and wanted in k for k in known)
            return inside + max(
                difflib.SequenceMatcher(None, wanted, k).ratio() for k in known
            )

        ranked = sorted(labels, key=lambda label: (-likeness(label), label))
        return [one_line(label) for label in ranked[:most] if likeness(label) >= 0.4]

    def values(self, code: str, table: str, field: str) -> list[Row]:
        """Return where each value of a project comes from, in the order of the data.

        Args:
            code: The project's code.
            table: The table looked at.
            field: One field of it; empty for all.

        Returns:
            The lineage's columns with ``value``, and ``label``, what the record is
            called. A value that lost against another (``used`` false) has no ``value``.
        """
        records = {
            r["record_id"]: r for r in self.rows(table) if r["project_code"] == code
        }
        order = {key: rank for rank, key in enumerate(records)}
        found = [
            {
                **row,
                "value": _value(records[row["record_id"]], row),
                "label": _name(records[row["record_id"]]),
            }
            for row in self.rows("lineage")
            if row["table"] == table
            and row["record_id"] in records
            and field in ("", row["field"])
        ]
        return sorted(found, key=lambda row: order[row["record_id"]])


def _bare(code: str) -> str:
    return "".join(c for c in fold(code) if c.isalnum())


def _value(record: Row, row: Row) -> str:
    return record.get(row["field"], "") if row["used"] == "true" else ""


def _name(record: Row) -> str:
    keys = ("name", "title", "label", "person", "requirement", "code")
    return next((record[k] for k in keys if record.get(k)), record["record_id"])


def parse_field(text: str | None, schemas: Schemas, lang: str) -> tuple[str, str]:
    """Return the table and the field meant; the field is empty for all.

    Raises:
        ConsolidateError: Neither a field nor a table is called so.
    """
    if not text:
        return "projects", ""
    head, _, tail = text.partition(".")
    if tail and head in schemas.tables:
        return head, _field(tail, head, schemas, lang)
    if head in schemas.tables and not tail:
        return head, ""
    return "projects", _field(text, "projects", schemas, lang)


def _field(text: str, table: str, schemas: Schemas, lang: str) -> str:
    spec = schemas.tables[table]
    if text in spec.by_name or text in ("project_code", "record_id"):
        return text
    by_label = {fold(w): f.name for f in spec.fields for w in f.label.values()}
    by_alias = {fold(w): f.name for f in spec.fields for w in f.aliases}
    called = by_label.get(fold(text)) or by_alias.get(fold(text))
    if called:
        return called
    known = [*spec.by_name, *(t for t in schemas.tables if table == "projects")]
    near = ", ".join(
        difflib.get_close_matches(fold(text).replace(" ", "_"), known, n=4, cutoff=0.4)
    )
    raise ConsolidateError(
        tr("cli-unknown-field", lang, field=text, table=table, near=near or "–")
    )


def value_lines(
    project: Row, values: Sequence[Row], table: str, schemas: Schemas, lang: str
) -> list[str]:
    """Return the values of a project with their cells, as lines for a person."""
    lines = [
        one_line(
            f"{project['project_code']} · {project.get('name', '')} · {project['period']}"
        )
    ]
    if not values:
        return [*lines, tr("cli-no-value", lang)]
    spec = schemas.tables.get(table)
    fields = [f.name for f in spec.fields] if spec else []
    rank = {name: i for i, name in enumerate(("project_code", *fields))}
    of_record = {row["record_id"]: i for i, row in reversed([*enumerate(values)])}
    record = None
    for row in sorted(
        values,
        key=lambda r: (of_record[r["record_id"]], rank.get(r["field"], len(rank))),
    ):
        if row["record_id"] != record and table != "projects":
            lines += ["", excerpt(row["label"], 92)]
        record = row["record_id"]
        lines += _value_lines(row, schemas, lang)
    return lines


def _value_lines(row: Row, schemas: Schemas, lang: str) -> Iterator[str]:
    label = field_label(schemas, row["table"], row["field"], lang)
    if row["used"] == "true":
        shown = shown_value(row["value"], schemas, (row["table"], row["field"]), lang)
        head = f"  {label} = {excerpt(shown, 76 - columns_of(label))}"
    else:
        head = f"  {label} : " + tr("cli-not-used", lang)
    yield f"{head}   [{row['field']}]"
    yield f"      {_origin(row, lang)}"
    parts = (
        [tr("cli-written", lang, text=quoted(row["raw"], lang))] if row["raw"] else []
    )
    how = (
        catalogue()["labels"]
        .get(f"cli-method-{row['method']}", {})
        .get(lang, row["method"])
    )
    parts.append(tr("cli-understood", lang, how=how, sure=_sure(row, lang)))
    yield "      " + " · ".join(parts)


def shown_value(value: str, schemas: Schemas, field: tuple[str, str], lang: str) -> str:
    """Return a published value as people read it: 50 %, 12 500 €, 31/12/2026, Rouge.

    Args:
        value: As ``data/*.csv`` holds it.
        schemas: Tables and vocabularies.
        field: Table and field.
        lang: ``fr`` or ``en``.
    """
    table, name = field
    spec = schemas.tables[table].by_name.get(name) if table in schemas.tables else None
    if spec is None or not value:
        return value
    if spec.values in schemas.vocabularies and spec.type == "code":
        known = schemas.vocabularies[spec.values].labels.get(value, {})
        return f"{known[lang]} ({value})" if lang in known else value
    write = _FIGURES.get(spec.type)
    try:
        return write(value, lang) if write else value
    except ValueError:
        return value


def _number(text: str, lang: str) -> str:
    return figures.number(float(text), lang)


_FIGURES: Mapping[str, Callable[[str, str], str]] = {
    "share": lambda text, lang: figures.percent(float(text), lang),
    "money": lambda text, lang: figures.euros(float(text), lang),
    "date": lambda text, lang: figures.day(date.fromisoformat(text), lang),
    "month": figures.month,
    **dict.fromkeys(("number", "effort", "duration", "hours"), _number),
}


def _origin(row: Mapping[str, str], lang: str) -> str:
    places = (row["workbook"], row["sheet"], row["cell"])
    where = " ! ".join(one_line(p) for p in places if p)
    if row["derived_from"]:
        derived = tr("cli-derived", lang, source=one_line(row["derived_from"]))
        return f"{where} · {derived}" if where else derived
    return where or "–"


def _sure(row: Mapping[str, str], lang: str) -> str:
    try:
        return figures.percent(float(row["confidence"]), lang)
    except ValueError:
        return "–"
