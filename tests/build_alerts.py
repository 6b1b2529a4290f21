"""Build the months that alert rules look at, from literal records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import pandas as pd

from consolidate.alerts import shown_with
from consolidate.analyse.alerts.registry import registered
from consolidate.analyse.analysis import Analysis, analyse, wanted
from consolidate.analyse.history import History, Month
from consolidate.analyse.rules import Rules, load_rules
from consolidate.model.schema import Schemas, load_schemas
from consolidate.resources import search_path

Record = dict[str, Any]
PROJECT = {"project_code": "P1", "name": "Patient file", "state": "active"}


@cache
def schemas() -> Schemas:
    return load_schemas(search_path("schemas", None))


@cache
def rules() -> Rules:
    return load_rules(search_path("schemas", None))


def only(*names: str) -> Rules:
    """The shipped rules with these alone switched on."""
    return rules().switched(*names)


def frame(records: Sequence[Record], table: str) -> pd.DataFrame:
    rows = []
    for n, record in enumerate(records):
        own = {"project_code": "P1", **record}
        own.setdefault(
            "record_id", own["project_code"] if table == "projects" else f"{table}-{n}"
        )
        rows.append(own)
    made = pd.DataFrame(rows, dtype="object")
    return made.reindex(columns=[*dict.fromkeys(("record_id", "project_code", *made))])


def month(period: str, **tables: Sequence[Record] | Record) -> Month:
    """A month closed on its last day.

    A table is a list of records or one alone; dates are ISO texts. Without ``projects``
    there is one, active.
    """
    given: Mapping[str, Any] = {"projects": PROJECT, **tables}
    listed = {t: [r] if isinstance(r, dict) else r for t, r in given.items()}
    last = pd.Period(period, "M").end_time.date()
    every = {t: frame(listed.get(t, []), t) for t in schemas().tables}
    return Month(period, last, every)


def project(**fields: Any) -> Record:
    return {**PROJECT, **fields}


def analysed(months: Sequence[Month], chosen: Rules, lang: str = "en") -> Analysis:
    history = History(tuple(months), schemas(), wanted(chosen), compare_unknown=chosen.alerts["compare_unknown"])  # fmt: skip
    return analyse(history, chosen, lang, shown_with(schemas()))


def alerts(
    rule: str, *months: Month, chosen: Rules | None = None, lang: str = "en"
) -> list[Record]:
    """The alerts of one rule in the last of the months."""
    found = analysed(months, chosen or only(rule), lang).alerts
    return found[found["rule"] == rule].to_dict("records")


def needs(rule: str) -> tuple[str, tuple[str, ...]]:
    """The table a rule judges, and the fields it needs, derived ones as they are named."""
    made = registered()[rule]
    return made.table, made.needs
