"""Build canonical tables of one month from the few fields that a test is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import pandas as pd

from consolidate.analyse.rules import Rules, load_rules
from consolidate.model.portfolio import (
    FINDING_COLUMNS,
    LINEAGE_COLUMNS,
    WORKBOOK_COLUMNS,
    Portfolio,
)
from consolidate.model.schema import Schemas, load_schemas
from consolidate.packs.data import PackData
from consolidate.resources import search_path

AS_OF = date(2026, 10, 31)
_NUMERIC = {
    *("number", "integer", "money", "effort", "duration", "hours", "share"),
    *("rating", "criticality"),
}

Record = Mapping[str, Any]


@cache
def schemas() -> Schemas:
    return load_schemas(search_path("schemas", None))


@cache
def rules() -> Rules:
    return load_rules(search_path("schemas", None))


def table(name: str, *records: Record) -> pd.DataFrame:
    """A canonical table; what a record does not tell is unknown; of project P1 by default."""
    spec = schemas().tables[name]
    rows = [
        {"record_id": f"{name}-{n}", "project_code": "P1", "workbook": "a.xlsx", "sheet": "S", "row": n + 2, **r}
        for n, r in enumerate(records)
    ]  # fmt: skip
    own = [f.name for f in spec.fields if f.name != "project_code"]
    columns = ["record_id", "period", "project_code", *own, "workbook", "sheet", "row"]
    made = pd.DataFrame(rows, columns=columns, dtype="object")
    made["period"] = "2026-10"
    made["row"] = pd.array(made["row"].tolist(), dtype="Int64")
    numbers = {f.name: "float64" for f in spec.fields if f.type in _NUMERIC}
    return made.where(made.notna(), None).astype(numbers)


def tables(**given: Sequence[Record] | Record) -> dict[str, pd.DataFrame]:
    """Every canonical table; those that are not given are empty."""
    listed = {n: [r] if isinstance(r, Mapping) else r for n, r in given.items()}
    return {name: table(name, *listed.get(name, ())) for name in schemas().tables}


def pack_data(lang: str = "fr", **given: Sequence[Record] | Record) -> PackData:
    """What packs are made of, in a month that holds these records alone."""

    def none(columns: Sequence[str]) -> pd.DataFrame:
        return pd.DataFrame(columns=list(columns), dtype="object")

    portfolio = Portfolio(
        "2026-10", AS_OF, lang, tables(**given), none(WORKBOOK_COLUMNS),
        none(LINEAGE_COLUMNS), none(FINDING_COLUMNS), {"options": {}},
    )  # fmt: skip
    return PackData(portfolio, schemas(), rules())
