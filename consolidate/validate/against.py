"""Tables against their schemas: what breaks one is no longer used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from consolidate.model.facts import Facts
from consolidate.model.finding import Outcome, Severity
from consolidate.model.schema import Schemas, TableSpec
from consolidate.validate.cells import Breach, findings_at
from consolidate.validate.kinds import INTEGERS, may_break
from consolidate.validate.wide import Wide

_NULL = "not_nullable"


@dataclass(frozen=True, slots=True)
class Checked:
    """Tables that keep to their schemas, and the facts they are made of.

    Attributes:
        tables: Every canonical table, wide, in contract order of columns.
        facts: By table; ``used`` False for what broke its schema.
    """

    tables: Mapping[str, pd.DataFrame]
    facts: Mapping[str, Facts]


def check_tables(
    wide: Mapping[str, Wide], facts: Mapping[str, Facts], schemas: Schemas
) -> Outcome[Checked]:
    """Stop using what breaks the schema; nothing is deleted.

    A bad value of an optional field goes and its record stays; a record without its
    name goes, but a project with a code of its own, which its details need.

    Args:
        wide: Every table, by name.
        facts: Their facts.
        schemas: The canonical tables and vocabularies.

    Returns:
        The tables, and an ERROR on each cell left out.
    """
    tables: dict[str, pd.DataFrame] = {}
    kept: dict[str, Facts] = dict(facts)
    found = []
    for name, table in wide.items():
        breaches = _breaches(table, schemas.tables[name], schemas)
        frame, gone = _without(table.frame, breaches)
        tables[name] = frame.loc[~frame.index.isin(gone)]
        if breaches:
            found += findings_at(breaches, facts, {name: table.frame})
            kept[name] = _lowered(facts[name], breaches, gone)
    return Outcome(Checked(tables, kept), tuple(found))


def failure_cases(
    frame: pd.DataFrame, spec: TableSpec, schemas: Schemas
) -> pd.DataFrame:
    """Return ``record``, ``field``, ``check`` of each value that breaks the schema.

    Columns that cannot break it are not judged: that costs as much as for the others.
    """
    doubtful = [
        f.name
        for f in spec.fields
        if f.name in frame and may_break(f, frame[f.name], schemas.vocabularies)
    ]
    if frame.empty or not doubtful:
        return pd.DataFrame({"record": [], "field": [], "check": []})
    from consolidate.validate.compile import failures  # noqa: PLC0415 (heavy)

    return failures(frame, spec, schemas.vocabularies, doubtful)


def _breaches(table: Wide, spec: TableSpec, schemas: Schemas) -> list[Breach]:
    out = []
    for record, field in table.misfits:
        whole = spec.by_name[field].type in INTEGERS
        rule = "not-whole" if whole else "wrong-type"
        out.append(Breach(rule, Severity.ERROR, spec.name, record, field))
    cases = failure_cases(table.frame, spec, schemas)
    for record, field, check in zip(
        *(cases[c].tolist() for c in ("record", "field", "check")), strict=True
    ):
        if check == _NULL:
            out.append(_nameless(table, spec.name, int(record), field))
        else:
            params = _bounds(spec, field)
            out.append(
                Breach(
                    check, Severity.ERROR, spec.name, int(record), field, params=params
                )
            )
    return out


def _nameless(table: Wide, name: str, record: int, field: str) -> Breach:
    """A project keeps its place without a name; any other record goes."""
    code = table.frame.loc[record, "project_code"]
    stays = name == "projects" and isinstance(code, str)
    severity = Severity.WARNING if stays else Severity.ERROR
    rule = "project-name-missing" if stays else "missing-name"
    return Breach(rule, severity, name, record, field)


def _bounds(spec: TableSpec, field: str) -> dict[str, str]:
    own = spec.by_name[field]
    bounds = {"min": own.min, "max": own.max}
    scale = 100 if own.type == "share" else 1
    unit = " %" if own.type == "share" else ""
    return {
        key: f"{bound * scale:g}{unit}" if bound is not None else ""
        for key, bound in bounds.items()
    }


def _without(
    frame: pd.DataFrame, breaches: list[Breach]
) -> tuple[pd.DataFrame, list[int]]:
    """Return the table with failed values blank, and the records that go."""
    gone = [b.record for b in breaches if b.rule == "missing-name"]
    blank: dict[str, list[int]] = {}
    for breach in breaches:
        if breach.severity is Severity.ERROR and breach.rule != "missing-name":
            blank.setdefault(breach.field, []).append(breach.record)
    columns = {}
    for field, failed in blank.items():
        column = frame[field].copy()
        column.loc[failed] = None if column.dtype == object else pd.NA
        columns[field] = column
    return frame.assign(**columns), gone


def _lowered(facts: Facts, breaches: list[Breach], gone: list[int]) -> Facts:
    failed = pd.MultiIndex.from_tuples(
        [(b.record, b.field) for b in breaches if b.severity is Severity.ERROR]
        or [(-1, "")]
    )
    frame = facts.frame
    near = np.flatnonzero(frame["record"].isin(failed.get_level_values(0)).to_numpy())
    pairs = pd.MultiIndex.from_frame(frame.iloc[near][["record", "field"]])
    used = frame["used"].to_numpy(dtype=bool).copy()
    used[near[pairs.isin(failed)]] = False
    used &= ~frame["record"].isin(gone).to_numpy()
    return Facts(facts.table, frame.assign(used=used))
