"""Risks: where they stand, the ten worst, and those nobody looks after."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.headline import CRITICAL, ENDED
from consolidate.model.pack import Chart, Section, Table
from consolidate.packs.data import PackData, sources
from consolidate.packs.review_shape import columns, excerpt, names

_TOP = 10
_SERIOUS = 10


def section(data: PackData) -> Section:
    """Return the risks: 5 × 5, the ten worst, those without an owner or a mitigation."""
    rows = open_risks(data)
    rated = rows[rows["criticality"].notna()]
    critical = rated[rated["criticality"] >= CRITICAL]
    alone = rated[(rated["criticality"] >= _SERIOUS) & (rated["owner"].isna() | rated["mitigation"].isna())]  # fmt: skip
    lacking = _lacking(data, alone)
    shown = {
        "criticality": "count",
        "project_code": "code",
        "project": "text",
        "object": "text",
        "owner": "text",
        "mitigation": "text",
        "due_date": "date",
    }
    top = Table(
        id="risks-top",
        title=data.plural("review-risks-top", min(_TOP, len(rated))),
        columns=columns(data, **shown, cell="source"),  # type: ignore[arg-type]
        frame=rated.head(_TOP),
        note=data.plural("review-risks-note", len(rated), open=len(rows)),
        empty=data.tr("review-risks-empty"),
    )
    missing = Table(
        id="risks-alone",
        title=data.plural("review-risks-alone", len(alone)),
        columns=columns(
            data,
            criticality="count",
            project_code="code",
            project="text",
            object="text",
            lacks="text",
            cell="source",
        ),
        frame=alone.assign(lacks=lacking),
        note=data.tr("review-risks-alone-note", serious=_SERIOUS),
        empty=data.tr("review-risks-alone-empty", serious=_SERIOUS),
    )
    lead = data.plural("review-risks-lead", len(critical), open=len(rows))
    return Section(
        "risks", data.tr("review-risks"), (*_matrix(data, rows), top, missing), lead
    )


def open_risks(data: PackData) -> pd.DataFrame:
    """Return the risks that are not closed, of projects that are not over; worst first."""
    rows = data.table("risks")
    projects = data.table("projects")
    over = projects.loc[projects["state"].isin(ENDED), "project_code"]
    own = rows[~rows["state"].isin(("closed",)) & rows["closed_on"].isna()]
    own = own[~own["project_code"].isin(over)]
    title = own["title"].fillna(own["description"]).fillna(own["code"])
    own = own.assign(
        project=own["project_code"].map(names(data)),
        object=excerpt(title),
        mitigation=excerpt(own["mitigation"]),
        cell=sources(own),
        criticality=own["criticality"].astype("float64"),
    )
    keys = ["criticality", "project_code", "object"]
    return own.sort_values(keys, ascending=[False, True, True], ignore_index=True)


def _lacking(data: PackData, rows: pd.DataFrame) -> pd.Series:
    owner, mitigation = data.label("risks", "owner"), data.label("risks", "mitigation")
    texts = rows["owner"].isna().map({True: f"{owner} · ", False: ""})
    more = rows["mitigation"].isna().map({True: mitigation, False: ""})
    return (texts + more).str.strip(" ·").astype("object")


def _matrix(data: PackData, rows: pd.DataFrame) -> tuple[Chart, ...]:
    """Return how many open risks stand in each cell of probability and impact."""
    both = rows[rows["probability"].notna() & rows["impact"].notna()]
    if both.empty:
        return ()
    levels = both[["probability", "impact"]].astype("float64").round().astype("int64")
    counts = levels.value_counts()
    frame = pd.DataFrame(
        [
            {
                "probability": str(p),
                "column": str(i),
                "text": str(counts.get((p, i), 0) or ""),
                "tone": _tone(p * i),
            }
            for p in range(5, 0, -1)
            for i in range(1, 6)
        ]
    )
    chart = Chart(
        id="risks-matrix",
        form="matrix",
        title=data.plural("review-risks-matrix", len(both)),
        frame=frame,
        x="probability",
        x_label=data.label("risks", "impact"),
        y_label=data.label("risks", "probability"),
        text=data.plural("review-risks-matrix-text", len(rows) - len(both)),
    )
    return (chart,)


def _tone(criticality: int) -> str:
    if criticality >= CRITICAL:
        return "poor"
    return "fair" if criticality >= _SERIOUS else "good"
