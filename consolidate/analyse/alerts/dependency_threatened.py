"""P07: what comes before ends after what comes next should begin."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.columns import days
from consolidate.model.text import fold


@rule(
    "dependency-threatened",
    "milestones",
    needs=("predecessor", "start_planned"),
    uses=("code", "end_forecast", "end_actual", "state"),
)
def dependency_threatened(case: Case) -> pd.DataFrame:
    """Tell the tasks whose predecessor, in the same project, is to end after their start.

    A predecessor is found by its code or its whole name; one that is neither, or whose
    end is not forecast, leaves the task undecided.
    """
    rows = case.rows[case.rows["project_code"].notna() & case.rows["end_actual"].isna()]
    every = case.history.table("milestones")
    every = every[every["project_code"].isin(rows["project_code"])]
    by_name = every.assign(called=_folded(every["object"]))
    by_code = every[every["code"].notna()]
    by_code = by_code.assign(called=_folded(by_code["code"]))
    known = pd.concat([by_code, by_name])
    known = known[known["called"] != ""]
    keys = ["month", "project_code", "called"]
    known = known.drop_duplicates([*keys, "record_id"])
    known = known[~known.duplicated(keys, keep=False)].set_index(keys)
    wanted = pd.MultiIndex.from_frame(rows.assign(called=_folded(rows["predecessor"]))[keys])  # fmt: skip
    found = known[["end_forecast", "end_actual", "object", "record_id"]].reindex(wanted)
    found = found.set_axis(rows.index)
    end = found["end_forecast"].where(found["end_actual"].isna())
    late = days(end - rows["start_planned"])
    open_ = ~rows["state"].isin(["completed", "cancelled", "on_hold"])
    sources = "milestones:" + found["record_id"].astype("str")
    facts = {"before": found["object"], "end": end, "start": rows["start_planned"]}
    told = case.above(late.where(open_), rows, **facts, sources=sources)
    unknown = rows[open_ & end.isna() & found["end_actual"].isna()]
    return pd.concat([told, case.skip(unknown, "end_forecast")], ignore_index=True)


def _folded(texts: pd.Series) -> pd.Series:
    known = {text: fold(text) for text in texts.dropna().unique()}
    return texts.map(known).fillna("")
