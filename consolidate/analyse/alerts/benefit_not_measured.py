"""R12: benefits that nobody measured after the end."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, project_date, rule
from consolidate.analyse.columns import days


@rule(
    "benefit-not-measured",
    "objectives",
    uses=("actual", "state"),
    others={"projects": ("end_actual",)},
    scope="any",
)
def benefit_not_measured(case: Case) -> pd.DataFrame:
    """Tell the objectives without a measure months after their project's end.

    Finished projects are meant; cancelled ones are not.
    """
    rows = case.rows
    end, sources = project_date(case, "end_actual")
    open_ = rows["actual"].isna() & ~rows["state"].isin(["achieved", "missed", "abandoned"])  # fmt: skip
    open_ &= rows["project_state"] != "cancelled"
    age = days(rows["as_of"] - end).where(open_)
    return case.above(age, end=end, sources=sources)
