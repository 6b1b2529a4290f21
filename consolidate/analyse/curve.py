"""The S-curve of the portfolio: planned, earned and actual value on a constant perimeter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from consolidate.analyse.columns import dated
from consolidate.analyse.history import Month

FIELDS: Mapping[str, Sequence[str]] = {
    "projects": (
        *("kind", "state", "budget_initial", "budget_revised", "spent", "progress"),
        *("planned_progress", "forecast_cost", "amount_scope", "start_planned"),
        *("end_baseline",),
    )
}
COLUMNS = ["period", "planned", "earned", "spent", "landing"]


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve and what it stands for.

    Attributes:
        frame: ``COLUMNS``: a month a row, euros; ``landing`` NaN where not all give it.
        projects: Projects that tell budget, progress and spending in every month.
        running: Projects of the last month.
    """

    frame: pd.DataFrame
    projects: int
    running: int


def curve(months: Sequence[Month]) -> Curve:
    """Return the curve of the projects that can be told in every month.

    PV = BAC × planned progress (as given, else linear from start to baseline end), EV =
    BAC × progress, AC = spent (model: earned value, AFITEP). Only amounts of a project
    in all: those of a year do not add up over the years. A project that misses a month
    is left out of all, so that no fall of the curve is a missing return.
    """
    frames = [_month(m) for m in months]
    if not frames:
        return Curve(pd.DataFrame(columns=COLUMNS), 0, 0)
    common = set(frames[0]["project_code"])
    for frame in frames[1:]:
        common &= set(frame["project_code"])
    last = months[-1].tables["projects"]
    running = int(last["kind"].ne("mco").sum())
    rows = []
    for month, frame in zip(months, frames, strict=True):
        own = frame[frame["project_code"].isin(common)]
        whole = own["landing"].notna().all()
        rows.append(
            {
                "period": month.period,
                "planned": own["planned"].sum(),
                "earned": own["earned"].sum(),
                "spent": own["spent"].sum(),
                "landing": own["landing"].sum() if whole else float("nan"),
            }
        )
    made = pd.DataFrame(rows, columns=COLUMNS)
    return Curve(made if common else made.iloc[:0], len(common), running)


def _month(month: Month) -> pd.DataFrame:
    rows = month.tables["projects"]
    rows = rows[rows["kind"].ne("mco") & rows["amount_scope"].eq("total")]
    rows = rows.drop_duplicates("project_code")
    number = {
        n: pd.to_numeric(rows[n]).astype("float64")
        for n in FIELDS["projects"]
        if n not in ("kind", "state", "amount_scope", "start_planned", "end_baseline")
    }
    budget = number["budget_revised"].fillna(number["budget_initial"])
    start = pd.Series(dated(rows["start_planned"]), rows.index)
    end = pd.Series(dated(rows["end_baseline"]), rows.index)
    span = (end - start).dt.days
    gone = (pd.Timestamp(month.as_of) - start).dt.days
    linear = (gone / span.where(span > 0)).clip(0, 1)
    due = number["planned_progress"].fillna(linear)
    made = pd.DataFrame(
        {
            "project_code": rows["project_code"],
            "planned": budget * due,
            "earned": budget * number["progress"],
            "spent": number["spent"],
            "landing": number["forecast_cost"],
        }
    )
    return made.dropna(subset=["project_code", "planned", "earned", "spent"])
