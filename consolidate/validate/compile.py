"""pandera schemas, built from ``schemas/*.toml``.

Imported only when a table has something to tell: pandera takes a quarter of a second.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from consolidate.model.schema import Field, TableSpec, Vocabulary
from consolidate.validate.kinds import dtype_of


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


def failures(
    frame: pd.DataFrame,
    spec: TableSpec,
    vocabularies: Mapping[str, Vocabulary],
    columns: Sequence[str],
) -> pd.DataFrame:
    """Return ``record``, ``field``, ``check`` of each value that breaks the schema.

    One lazy call a table.

    Args:
        frame: The table, index ``record``.
        spec: Its schema.
        vocabularies: All of them, by name.
        columns: Fields to check.

    Raises:
        TypeError: Not a cell but a column is wrong: the table was built wrongly.
    """
    schema = build_schema(spec, vocabularies, columns)
    try:
        schema.validate(frame[list(columns)], lazy=True)
    except SchemaErrors as err:
        cases = err.failure_cases
        broken = cases.loc[cases["index"].isna()]
        if len(broken):
            raise TypeError(f"{spec.name}: {broken['failure_case'].iloc[0]}") from err
        renamed = cases.rename(columns={"index": "record", "column": "field"})
        listed: pd.DataFrame = renamed[["record", "field", "check"]]
        listed = listed.drop_duplicates(["record", "field"])
        return listed.astype({"record": "int64"})
    except pa.errors.SchemaError as err:
        raise TypeError(f"{spec.name}: {err}") from err
    return pd.DataFrame({"record": [], "field": [], "check": []})


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
