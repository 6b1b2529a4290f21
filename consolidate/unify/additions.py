"""Facts that unifying adds: codes of projects, products of ratings, detail-only projects."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from consolidate.model.address import position
from consolidate.model.facts import (
    FACT_COLUMNS,
    addresses,
    changed,
    facts_frame,
    joined,
    listed,
    records_frame,
    texts,
)
from consolidate.model.text import fold
from consolidate.unify.long import Bools, Ints, Long, cell_ref, objects
from consolidate.unify.naming import Naming

_MCO = re.compile(r"(?:equipe |team |suivi |tdb )?mco\b|maintien en conditions? op")


def detail_projects(namings: Sequence[Naming]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return facts and records of projects that only other tables speak of.

    Args:
        namings: One a project; its cells are those of the detail that names it.
    """
    rows: list[dict[str, object]] = []
    for naming in namings:
        name_ref = naming.name_ref if naming.name else naming.code_ref
        cells = {"name": (naming.name or naming.code, name_ref)}
        if naming.code:
            cells["project_code"] = (naming.code, naming.code_ref)
        for field, (text, ref) in cells.items():
            row, col = position(ref.cell) if ref.cell else (-1, -1)
            rows.append(
                {
                    "record": naming.record,
                    "field": field,
                    "raw": text,
                    "value": text,
                    "workbook": ref.workbook,
                    "sheet": ref.sheet,
                    "row": row + 1,
                    "col": col + 1,
                    "number_format": "",
                    "method": "derived",
                    "confidence": 1.0,
                    "used": True,
                    "derived_from": _origin(ref.sheet, ref.cell),
                }
            )
    facts = facts_frame({c: [r[c] for r in rows] for c in FACT_COLUMNS})
    size = len(namings)
    records = records_frame(
        {
            "record": [n.record for n in namings],
            "table": ["projects"] * size,
            "workbook": [n.workbook for n in namings],
            "sheet": [n.code_ref.sheet or n.name_ref.sheet for n in namings],
            "row": [_row(n) for n in namings],
            "region": [-1] * size,
            "project": [-1] * size,
            "hidden": [False] * size,
        }
    )
    return facts, records


def code_facts(
    wanted: pd.DataFrame, own: Long, projects: Long, own_at: Ints, project_at: Ints
) -> pd.DataFrame:
    """Return ``project_code`` facts for records that have none of their own.

    Args:
        wanted: ``record``, ``project_code``, ``workbook``, ``sheet``, ``row``.
        own: Facts of the records' table.
        projects: Facts of ``projects``.
        own_at: Position in ``own`` of the cell that names the project, -1 for none.
        project_at: Position in ``projects`` of the cell that gives the code or the
            name, -1 for none; used where ``own_at`` has nothing.
    """
    of_own = own_at >= 0
    of_project = ~of_own & (project_at >= 0)
    of_none = ~of_own & ~of_project
    sources = [
        (of_own, own.frame.take(own_at[of_own])),
        (of_project, projects.frame.take(project_at[of_project])),
        (of_none, _unnamed(wanted.loc[of_none])),
    ]
    order = np.argsort(np.concatenate([np.flatnonzero(of) for of, _ in sources]))
    frame = joined([rows for _, rows in sources]).take(order)
    return changed(
        frame,
        record=wanted["record"].to_numpy(),
        field=_same("project_code", len(frame)),
        value=objects(wanted["project_code"].tolist()),
        method=_same("derived", len(frame)),
        used=np.ones(len(frame), dtype=bool),
        derived_from=_places(frame),
    )


def _unnamed(records: pd.DataFrame) -> pd.DataFrame:
    """Return facts of the places of records, that say nothing."""
    size = len(records)
    start = {name: [""] * size for name in FACT_COLUMNS}
    places = {name: records[name].to_numpy() for name in ("workbook", "sheet", "row")}
    made = {"record": [0] * size, "col": [0] * size, "confidence": [1.0] * size}
    return facts_frame({**start, **places, **made, "used": [True] * size})


def _same(text: str, size: int) -> pd.Categorical:
    return listed(np.zeros(size, dtype=np.int8), [text])


def criticality_facts(risks: Long, keep: Bools, lead: Ints) -> pd.DataFrame:
    """Return the product of probability and impact where criticality is not given.

    Source: the contract, ``criticality`` is their product on 1..25.
    """
    likely, impact = (_used(risks, f, keep, lead) for f in ("probability", "impact"))
    given = _used(risks, "criticality", keep, lead)
    both = [
        (record, likely[record], impact[record])
        for record in sorted(likely.keys() & impact.keys() - given.keys())
        if _rated(risks.value[likely[record]]) and _rated(risks.value[impact[record]])
    ]
    first, second = [b[1] for b in both], [b[2] for b in both]
    one, other = risks.value[first].tolist(), risks.value[second].tolist()
    places = (_places(risks.frame.take(at)) for at in (first, second))
    origins = zip(*places, strict=True)
    return changed(
        risks.frame.take(first),
        record=np.array([b[0] for b in both], dtype=np.int64),
        field=_same("criticality", len(both)),
        raw=texts([f"{a:g} × {b:g}" for a, b in zip(one, other, strict=True)]),
        value=objects([int(a * b) for a, b in zip(one, other, strict=True)]),
        number_format=_same("", len(both)),
        method=_same("derived", len(both)),
        used=np.ones(len(both), dtype=bool),
        derived_from=texts([";".join(pair) for pair in origins]),
    )


def establishment_facts(projects: Long, keep: Bools, lead: Ints) -> pd.DataFrame:
    """Return the lead establishment of projects that list exactly one."""
    listed = _used(projects, "establishments", keep, lead)
    given = _used(projects, "establishment", keep, lead)
    said = {}
    for record in listed.keys() - given.keys():
        every = str(projects.value[listed[record]]).split(";")
        names = [n.strip() for n in every if n.strip()]
        if len(names) == 1:
            said[record] = (listed[record], names[0])
    return _following(projects, "establishment", said)


def kind_facts(projects: Long, keep: Bools, lead: Ints) -> pd.DataFrame:
    """Return the kind of what is named as the work of keeping systems running (MCO)."""
    named = _used(projects, "name", keep, lead)
    given = _used(projects, "kind", keep, lead)
    said = {
        record: (named[record], "mco")
        for record in named.keys() - given.keys()
        if _MCO.match(fold(str(projects.value[named[record]])))
    }
    return _following(projects, "kind", said)


def _following(
    projects: Long, field: str, said: Mapping[int, tuple[int, str]]
) -> pd.DataFrame:
    """Return facts that follow from others: by record, their position and the value."""
    rows = []
    for record, (at, value) in sorted(said.items()):
        ref = cell_ref(projects.frame, at)
        rows.append(
            projects.frame.iloc[at].to_dict()
            | {
                "record": record,
                "field": field,
                "value": value,
                "method": "derived",
                "used": True,
                "derived_from": _origin(ref.sheet, ref.cell),
            }
        )
    return facts_frame({c: [r[c] for r in rows] for c in FACT_COLUMNS})


def with_rows(frame: pd.DataFrame, added: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return a facts frame with rows added at its end."""
    more = [a for a in added if len(a)]
    return joined([frame, *more]) if more else frame


def _used(long: Long, field: str, keep: Bools, lead: Ints) -> dict[int, int]:
    if field not in long.names:
        return {}
    at = np.flatnonzero((long.field == long.names[field]) & keep)
    return dict(zip(lead[at].tolist(), at.tolist(), strict=True))


def _rated(value: object) -> bool:
    return isinstance(value, int | float) and 1 <= value <= 5


def _row(naming: Naming) -> int:
    cell = naming.code_ref.cell or naming.name_ref.cell
    return position(cell)[0] + 1 if cell else 1


def _origin(sheet: str, cell: str) -> str:
    return "!".join(part for part in (sheet, cell) if part)


def _places(frame: pd.DataFrame) -> pd.Categorical:
    """Return sheet and cell of facts, each distinct pair written once."""
    cells = addresses(frame["row"].to_numpy(), frame["col"].to_numpy())
    width = max(1, len(cells.categories))
    sheets = frame["sheet"].cat.codes.to_numpy(dtype=np.int64)
    codes, pairs = pd.factorize(sheets * width + cells.codes)
    named = [*frame["sheet"].cat.categories, ""]
    origins = [
        _origin(named[sheet], cells.categories[cell])
        for sheet, cell in (divmod(pair, width) for pair in pairs.tolist())
    ]
    return texts(origins).take(codes)
