"""W05: somebody too many projects depend on."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.alerts.registry import Case, rule
from consolidate.analyse.sources import gathered


@rule(
    "key-person-shared",
    "workload",
    uses=("effort_planned", "effort_spent", "category"),
    scope="any",
)
def key_person_shared(case: Case) -> pd.DataFrame:
    """Tell the people on many active projects, or alone on several of first priority."""
    load = case.history.dated("workload")
    load = load[(load["of"] == load["month"]) & load["person"].notna()]
    busy = (load["effort_planned"].fillna(0) > 0) | (load["effort_spent"].fillna(0) > 0)
    load = load[busy & (load["project_state"] == "active") & (load["project_kind"] != "mco")]  # fmt: skip
    by = ["month", "person"]
    pairs = load.drop_duplicates([*by, "project_code"])
    crew = pairs.groupby(["month", "project_code"], sort=False)["person"].transform("size")  # fmt: skip
    alone = (crew == 1) & (pairs["project_priority"] == "1")
    found = pairs.assign(alone=alone).groupby(by, sort=False).agg(count=("project_code", "size"), alone=("alone", "sum"))  # fmt: skip
    found["sources"] = gathered(case.history, load, "workload", by)
    rows = found.reset_index().assign(project_code=None, record_id="")
    rows = rows.assign(object=rows["person"])
    count = rows["count"].astype("float64")
    many = (count > case.limit("amber", rows)) | (rows["alone"] >= case.limit("alone", rows))  # fmt: skip
    return case.tell({"amber": many}, count, rows, alone=rows["alone"], sources=rows["sources"])  # fmt: skip
