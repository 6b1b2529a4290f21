"""Requests before they are projects: where they stand, how old, what they would take."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from consolidate.analyse.columns import dated, days
from consolidate.analyse.history import History, period_of
from consolidate.analyse.load import person_months

WAITING = ("received", "studied", "waiting_info", "to_arbitrate")
"""States of a request that nobody has decided on."""

_STAGES = {
    **dict.fromkeys(("draft", *WAITING), "waiting"),
    "accepted": "accepted",
    "deferred": "deferred",
    "converted": "converted",
    **dict.fromkeys(("rejected", "withdrawn", "closed"), "closed"),
}


def pipeline(
    requests: pd.DataFrame, as_of: date, bands: Sequence[float]
) -> pd.DataFrame:
    """Return requests with where they stand and how old they are.

    Args:
        requests: Canonical requests.
        as_of: Cut-off.
        bands: Upper bounds of the age bands in days, inclusive, ascending.

    Returns:
        The same with ``stage`` (``waiting``, ``accepted`` without a project yet,
        ``deferred``, ``converted``, ``closed``; ``""`` unknown), ``age_days`` (since it
        was received; unknown without a date, or when it is after the cut-off), ``band``
        (0 for the first, ``len(bands)`` beyond the last, -1 unknown) and ``answer_days``
        (from receipt to decision).
    """
    received = pd.Series(dated(requests["received_on"]), requests.index)
    decided = pd.Series(dated(requests["decided_on"]), requests.index)
    age = days(pd.Timestamp(as_of) - received)
    age = age.where(age >= 0)
    band = pd.Series(np.searchsorted(np.array(bands, dtype="float64"), age.fillna(0)), requests.index)  # fmt: skip
    stage = requests["state"].map(_STAGES).fillna("").astype("object")
    made = stage.eq("accepted") & requests["project_code"].notna()
    answer = days(decided - received)
    return requests.assign(
        stage=stage.mask(made, "converted"),
        age_days=age,
        band=band.where(age.notna(), -1).astype("int64"),
        answer_days=answer.where(answer >= 0),
    )


def by_establishment(rows: pd.DataFrame, bands: int) -> pd.DataFrame:
    """Return the requests of each establishment: waiting by age, accepted, what they ask.

    Args:
        rows: As ``pipeline`` gives them.
        bands: How many age bands have a bound.

    Returns:
        ``establishment`` (``""`` unknown), ``waiting``, ``band_0`` .. ``band_<bands>``
        and ``band_unknown`` (of those waiting), ``accepted``, ``deferred``,
        ``effort`` and ``cost`` (of those waiting or accepted) with ``effort_known``
        and ``cost_known``, ``oldest`` (days, of those waiting); most waiting first.
    """
    own = rows.assign(establishment=rows["establishment"].fillna(""))
    waiting = own["stage"] == "waiting"
    live = waiting | own["stage"].eq("accepted")
    counts = {f"band_{n}": waiting & own["band"].eq(n) for n in range(bands + 1)}
    counts |= {
        "band_unknown": waiting & own["band"].eq(-1),
        "waiting": waiting,
        "accepted": own["stage"].eq("accepted"),
        "deferred": own["stage"].eq("deferred"),
    }
    sizes = pd.DataFrame(counts).astype("int64").groupby(own["establishment"]).sum()
    asked = own[["estimated_effort", "estimated_cost"]].where(live).astype("float64")
    groups = asked.groupby(own["establishment"])
    told = groups.sum(min_count=1).set_axis(["effort", "cost"], axis=1)
    known = groups.count().set_axis(["effort_known", "cost_known"], axis=1)
    oldest = own["age_days"].where(waiting).groupby(own["establishment"]).max()
    found = pd.concat([sizes, told, known, oldest.rename("oldest")], axis=1)
    seen = found[["waiting", "accepted", "deferred"]].sum(axis=1) > 0
    return found[seen].reset_index().sort_values(
        ["waiting", "establishment"], ascending=[False, True], ignore_index=True
    )  # fmt: skip


def build_capacity(history: History, months: int) -> pd.DataFrame:
    """Return the days that people have left in the months ahead.

    Args:
        history: Holds the workload, as it is planned.
        months: How many months after the one reported on.

    Returns:
        ``month`` (``YYYY-MM``), ``people``, ``capacity`` and ``planned`` (days, of the
        people whose capacity is known), ``free`` (their difference), ``unknown`` (people
        planned without a capacity).
    """
    load = person_months(history, "effort_planned", ahead=True)
    ahead = load["of"] - history.now
    load = load[(load["month"] == history.now) & ahead.between(1, months)]
    known = load["capacity"].notna()
    planned = load["effort"].fillna(0).where(known)
    free = load["capacity"] - planned
    rows = load.assign(planned=planned, free=free, known=known, unknown=~known)
    groups = rows.groupby("of", sort=True)
    found = groups[["capacity", "planned", "free"]].sum(min_count=1)
    found["people"] = groups["known"].sum()
    found["unknown"] = groups["unknown"].sum()
    told = [period_of(int(m)) for m in found.index]
    columns = ["month", "people", "capacity", "planned", "free", "unknown"]
    return found.assign(month=told).reset_index(drop=True)[columns]
