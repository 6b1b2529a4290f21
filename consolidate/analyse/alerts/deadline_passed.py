"""D01: the end announced is past and the project goes on."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.columns import days


@rule("deadline-passed", "projects", needs=("end_expected", "progress"), scope="active")
def deadline_passed(case: Case) -> pd.DataFrame:
    """Tell the active projects, not finished, whose end is before the cut-off.

    A project due that day is not late.
    """
    rows = case.rows
    late = days(rows["as_of"] - rows["end_expected"]).where(rows["progress"] < 1)
    return case.above(late, end=rows["end_expected"], progress=rows["progress"])
