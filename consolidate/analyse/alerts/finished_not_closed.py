"""D12: a project that is done and was never closed."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.columns import days
from consolidate.analyse.history import streak


@rule(
    "finished-not-closed",
    "projects",
    uses=("phase", "progress", "end_actual"),
    others={"closures": ("closure_date",)},
    scope="active",
)
def finished_not_closed(case: Case) -> pd.DataFrame:
    """Tell the projects at 100 % or in operation, still active, without a review.

    Days count from the actual end; where none is given, from the first report, of those
    in a row, that shows the project finished.
    """
    rows = case.rows
    done = (rows["phase"] == "run") | (rows["progress"] >= 1)
    run = (~done).groupby(rows["key"], sort=False).cumsum()
    lasting = streak(done, rows["key"]) > 0
    first = rows["as_of"].where(lasting).groupby([rows["key"], run], sort=False).transform("min")  # fmt: skip
    age = days(rows["as_of"] - rows["end_actual"].fillna(first)).where(done)
    reviews = case.history.table("closures")
    reviewed = pd.MultiIndex.from_frame(rows[["month", "project_code"]]).isin(
        pd.MultiIndex.from_frame(reviews[["month", "project_code"]])
    )
    return case.above(age.mask(reviewed))
