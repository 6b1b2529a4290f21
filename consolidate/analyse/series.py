"""How long an alert has lasted, how grave that makes it, and whether the PMO knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from consolidate.analyse.history import History, period_of
from consolidate.analyse.rules import LEVELS, Mute, Rules

_Marks: TypeAlias = npt.NDArray[np.int64]

_MONTHLY = frozenset({"services", "workload"})
"""Tables whose records are of one month: an object is known by its name there."""


def lasting(told: pd.DataFrame, history: History, rules: Rules) -> pd.DataFrame:
    """Return one rule's alerts of the month reported on, with how long they have lasted.

    A month in which the object's project sent nothing, or in which it could not be
    judged, neither breaks a series nor counts.

    Args:
        told: What the rule said of all months (``registry.VERDICT``).
        history: All months.
        rules: When an alert goes up a level.

    Returns:
        The rows of the month, once per object, the gravest; with ``since``
        (``YYYY-MM``), ``occurrences``, ``severity`` and ``escalated``.
    """
    now = told[(told["month"] == history.now) & (told["level"] > 0)]
    now = now.assign(of=_keys(now)).sort_values("level", ascending=False, kind="stable")
    now = now.drop_duplicates("of").sort_index()
    since, count = _run(_seen(now, told, history), history)
    up = count >= rules.alerts["escalate_after"]
    level = np.minimum(now["level"].to_numpy() + up, len(LEVELS)).astype("int64")
    return now.assign(
        since=[period_of(m) for m in since],
        occurrences=count,
        severity=np.array(LEVELS, dtype="object")[level - 1],
        escalated=level > now["level"].to_numpy(),
    ).drop(columns="of")


def _seen(now: pd.DataFrame, told: pd.DataFrame, history: History) -> _Marks:
    """Return for each alert of the month what each month said of it.

    Returns:
        One row an alert, one column a month of ``history.sent``: 1 it was there, 0 it
        was not, -1 nobody can say.
    """
    codes = pd.Index(now["project_code"].fillna(""))
    marks = np.where(history.sent.reindex(codes, fill_value=True), 0, -1)
    own = told[told["object"].isin(now["object"]) | told["record_id"].isin(now["record_id"])]  # fmt: skip
    alert = pd.Index(now["of"]).get_indexer(pd.Index(_keys(own)))
    month = history.sent.columns.get_indexer(pd.Index(own["month"]))
    here = (alert >= 0) & (month >= 0)
    fired = (own["level"] > 0).to_numpy()
    marks[alert[here & ~fired], month[here & ~fired]] = -1
    marks[alert[here & fired], month[here & fired]] = 1
    return marks


def _run(marks: _Marks, history: History) -> tuple[Any, Any]:
    """Return the first month of each unbroken series that leads to now, and its length."""
    months = history.sent.columns.to_numpy()
    since = np.full(len(marks), history.now)
    count = np.zeros(len(marks), dtype="int64")
    going = np.full(len(marks), fill_value=True)
    for month, mark in zip(months[::-1], marks.T[::-1], strict=True):
        here = going & (mark == 1)
        since, count = np.where(here, month, since), count + here
        going &= mark != 0
    return since, count


def acknowledged(
    alerts: pd.DataFrame, mutes: Sequence[Mute], history: History
) -> pd.DataFrame:
    """Return alerts with ``acknowledged_until`` and ``acknowledged_because``.

    None where the PMO said nothing of an alert that is in force at the cut-off; of
    several that concern it the one that lasts longest counts.
    """
    until = np.full(len(alerts), None, dtype="object")
    because = until.copy()
    for mute in sorted(mutes, key=lambda m: m.until):
        if mute.until < history.as_of:
            continue
        here = np.full(len(alerts), fill_value=True)
        for column, wanted in (
            ("rule", mute.rule),
            ("project_code", mute.project),
            ("object", mute.object),
        ):
            if wanted:
                here &= (alerts[column] == wanted).to_numpy(dtype="bool")
        until[here], because[here] = mute.until, mute.reason
    return alerts.assign(acknowledged_until=until, acknowledged_because=because)


def _keys(told: pd.DataFrame) -> pd.Series:
    """Return what an alert is about, the same in every month."""
    project = told["project_code"].astype("object").fillna("")
    named = told["object"].astype("object").fillna("")
    by_name = told["table"].isin(_MONTHLY) | (told["record_id"] == "")
    own = named.where(by_name, told["record_id"])
    keys: pd.Series = told["table"] + "\x1f" + project + "\x1f" + own.astype("str")
    return keys
