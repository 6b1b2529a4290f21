"""Call projects, people and establishments what the PMO's registers call them.

Done before projects are settled: what bears one official code is one project from there
on. The text written stays beside the value, with the method ``register``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from consolidate.model.facts import Facts, Reading, changed, joined, texts
from consolidate.model.finding import Finding, Outcome, Severity
from consolidate.model.renames import Official, Renames
from consolidate.model.schema import Schemas
from consolidate.model.text import fold
from consolidate.unify.long import cell_ref

METHOD = "register"

Find = Callable[[str], "tuple[str, Official] | None"]
"""A value as it was read -> what it becomes, and who says so; None to leave it."""


def renamed(
    reading: Reading,
    names: Renames,
    schemas: Schemas,
    code_key: Callable[[str], str],
) -> Outcome[Reading]:
    """Return what was read with the official codes and names in it.

    Args:
        reading: Normalised, before anything is unified.
        names: Of the registers.
        schemas: Say which fields hold people.
        code_key: How the register compares codes.

    Returns:
        The reading, and an INFO for each other spelling that a workbook uses, with its
        first cell and the register's.
    """
    if not names:
        return Outcome(reading, ())
    findings: list[Finding] = []
    facts: dict[str, Facts] = {}
    for table, own in reading.facts.items():
        frame = own.frame
        for fields, find in _finds(table, names, schemas, code_key):
            frame = _applied(table, frame, fields, find, findings)
        if table == "projects":
            frame = _with_names(_with_codes(frame, names), names, code_key, findings)
        facts[table] = Facts(table, frame)
    return Outcome(dataclasses.replace(reading, facts=facts), tuple(findings))


def _finds(
    table: str, names: Renames, schemas: Schemas, code_key: Callable[[str], str]
) -> list[tuple[frozenset[str], Find]]:
    def code(text: str) -> tuple[str, Official] | None:
        found = names.codes.get(code_key(text))
        return (found.code, found) if found else None

    def called(known: Mapping[str, Official]) -> Find:
        def find(text: str) -> tuple[str, Official] | None:
            found = known.get(fold(text))
            return (found.name, found) if found and found.name else None

        return find

    def listed(text: str) -> tuple[str, Official] | None:
        parts = text.split(";")
        found = [names.places.get(fold(p)) for p in parts]
        first = next((f for f in found if f), None)
        told = [f.name if f else p for f, p in zip(found, parts, strict=True)]
        return (";".join(dict.fromkeys(told)), first) if first else None

    people = frozenset(
        f.name for f in schemas.tables[table].fields if f.type == "person"
    )
    name = "name" if table == "projects" else "project_name"
    return [
        (frozenset({"project_code"}), code),
        (frozenset({name}), called(names.names)),
        (people, called(names.people)),
        (frozenset({"establishment"}), called(names.places)),
        (frozenset({"establishments"}), listed),
    ]


def _applied(
    table: str,
    frame: pd.DataFrame,
    fields: frozenset[str],
    find: Find,
    findings: list[Finding],
) -> pd.DataFrame:
    at = np.flatnonzero(frame["field"].isin(fields) & frame["value"].notna())
    if not len(at):
        return frame
    values = frame["value"].to_numpy(dtype=object).copy()
    method = frame["method"].astype("object").to_numpy(dtype=object).copy()
    made = {text: find(str(text)) for text in dict.fromkeys(values[at].tolist())}
    told: set[tuple[str, str]] = set()
    for k in at.tolist():
        found = made[values[k]]
        if found is None or found[0] == values[k]:
            continue
        said = (str(frame["workbook"].iat[k]), str(values[k]))
        if said not in told:
            told.add(said)
            findings.append(_told(table, frame, k, *found))
        values[k], method[k] = found[0], METHOD
    return changed(frame, value=values, method=texts(method)) if told else frame


def _told(
    table: str, frame: pd.DataFrame, k: int, value: str, official: Official
) -> Finding:
    return Finding(
        "name-by-register",
        Severity.INFO,
        cell_ref(frame, k),
        table=table,
        field=str(frame["field"].iat[k]),
        raw=str(frame["raw"].iat[k]),
        params={"official": value, "other_cell": str(official.ref)},
    )


def _with_names(
    frame: pd.DataFrame,
    names: Renames,
    code_key: Callable[[str], str],
    findings: list[Finding],
) -> pd.DataFrame:
    """Return the facts of projects, those of an official code with its name."""
    coded = frame[(frame["field"] == "project_code") & frame["value"].notna()]
    of_record = {
        record: names.codes.get(code_key(str(value)))
        for record, value in zip(coded["record"], coded["value"], strict=True)
    }
    values = frame["value"].to_numpy(dtype=object).copy()
    method = frame["method"].astype("object").to_numpy(dtype=object).copy()
    is_name = (frame["field"] == "name") & frame["value"].notna()
    told = False
    for k in np.flatnonzero(is_name).tolist():
        official = of_record.get(frame["record"].iat[k])
        if official is None or official.name in ("", values[k]):
            continue
        findings.append(_told("projects", frame, k, official.name, official))
        values[k], method[k], told = official.name, METHOD, True
    return changed(frame, value=values, method=texts(method)) if told else frame


def _with_codes(frame: pd.DataFrame, names: Renames) -> pd.DataFrame:
    """Return the facts of projects, those named as the register does with its code."""
    coded = set(frame.loc[frame["field"] == "project_code", "record"])
    is_name = (frame["field"] == "name") & frame["value"].notna()
    open_ = frame[is_name & ~frame["record"].isin(coded)].drop_duplicates("record")
    codes: list[Any] = [
        found.code if (found := names.names.get(fold(str(v)))) else None
        for v in open_["value"]
    ]
    known = np.array([c is not None for c in codes], dtype=bool)
    if not known.any():
        return frame
    own = open_[known]
    size = len(own)
    added = changed(
        own,
        field=texts(np.array(["project_code"] * size, dtype=object)),
        value=np.array([c for c in codes if c is not None], dtype=object),
        method=texts(np.array([METHOD] * size, dtype=object)),
    )
    return joined([frame, added])
