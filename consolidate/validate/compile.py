"""pandera schemas, built from ``schemas/*.toml``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandera.pandas as pa

from consolidate.model.schema import Field, Schemas, TableSpec, Vocabulary

FLOATS = frozenset({"number", "money", "effort", "duration", "hours", "share"})
"""Field types kept as float64."""

INTEGERS = frozenset({"integer", "rating", "criticality"})
"""Field types kept as Int64."""


def dtype_of(field: Field) -> str:
    """Return the dtype of a field's column; object where None stands for unknown."""
    if field.type in FLOATS:
        return "float64"
    return "Int64" if field.type in INTEGERS else "object"


def build_schema(
    spec: TableSpec, vocabularies: Mapping[str, Vocabulary], columns: Iterable[str]
) -> pa.DataFrameSchema:
    """Return the pandera schema of some columns of a table.

    Checks bear the rule of the finding that a failure becomes: ``too-low``,
    ``too-high``, ``unknown-code``; an empty required field fails ``not_nullable``.
    Nothing is coerced: coercing hides the failures of every other check.

    Args:
        spec: The canonical table.
        vocabularies: All of them, by name.
        columns: Fields to check; the others are not looked at.
    """
    wanted = set(columns)
    return pa.DataFrameSchema(
        {
            field.name: _column(field, vocabularies)
            for field in spec.fields
            if field.name in wanted
        },
        name=spec.name,
    )


def is_checked(field: Field, schemas: Schemas) -> bool:
    """Whether the schema says more of a field than its type."""
    return field.required or bool(_checks(field, schemas.vocabularies))


def _column(field: Field, vocabularies: Mapping[str, Vocabulary]) -> pa.Column:
    return pa.Column(
        dtype_of(field), _checks(field, vocabularies), nullable=not field.required
    )


def _checks(field: Field, vocabularies: Mapping[str, Vocabulary]) -> list[pa.Check]:
    checks = []
    if field.min is not None:
        checks.append(pa.Check.ge(field.min, error="too-low"))
    if field.max is not None:
        checks.append(pa.Check.le(field.max, error="too-high"))
    if field.type == "code" and field.values and not field.open:
        codes = vocabularies[field.values].codes
        checks.append(pa.Check.isin(list(codes), error="unknown-code"))
    return checks
