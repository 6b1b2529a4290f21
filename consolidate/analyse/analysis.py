"""Judge every rule that is on, and say what the month's alerts are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from consolidate.analyse.alerts.registry import (
    Case,
    Rule,
    in_scope,
    registered,
)
from consolidate.analyse.computed import statuses
from consolidate.analyse.history import Fields, History, kept
from consolidate.analyse.messages import Show, worded
from consolidate.analyse.priorities import priorities
from consolidate.analyse.rules import LEVELS, Rules
from consolidate.analyse.series import acknowledged, lasting
from consolidate.analyse.sources import traced
from consolidate.model.portfolio import ALERT_COLUMNS, STATUS_COLUMNS

UNJUDGED_COLUMNS = ["project_code", "rule", "code", "missing", "records"]
_STATUS_FIELDS: Fields = {
    "projects": (
        *("committed", "spent", "effort_planned", "effort_spent", "effort_remaining"),
    ),
    "risks": ("criticality", "state", "closed_on"),
    "deliverables": ("deliverable_type", "state"),
}
"""Fields that the computed status looks at."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the month's figures say.

    Attributes:
        alerts: Columns ``ALERT_COLUMNS``, the gravest first; acknowledged ones too.
        computed: Columns ``STATUS_COLUMNS``: the status of each project.
        priorities: Columns ``PRIORITY_COLUMNS``, the most urgent first.
        unjudged: Columns ``UNJUDGED_COLUMNS``: which rules could not judge which
            project, for want of which fields (``;`` between them), for how many records.
    """

    alerts: pd.DataFrame
    computed: pd.DataFrame
    priorities: pd.DataFrame
    unjudged: pd.DataFrame


def wanted(rules: Rules) -> Fields:
    """Return the fields that the rules which are on look at, by table."""
    known = registered()
    found: dict[str, dict[str, None]] = {}
    for fields in (_STATUS_FIELDS, *(known[name].fields() for name in rules.enabled)):
        for table, names in fields.items():
            found.setdefault(table, {}).update(dict.fromkeys(names))
    return {table: kept(table, {table: tuple(names)}) for table, names in found.items()}


def analyse(history: History, rules: Rules, lang: str, show: Show) -> Analysis:
    """Return the alerts of the month, and what follows from them.

    Args:
        history: All months; it keeps at least what ``wanted`` says.
        rules: Thresholds and switches.
        lang: Language of the messages, ``fr`` or ``en``.
        show: Writes a figure as people read it.
    """
    status = statuses(history, rules)
    cases = [_case(registered()[n], history, rules, status) for n in rules.enabled]
    found = [(case, *_judged(case)) for case in cases]
    alerts = [_alerts(case, told, lang, show) for case, told, _ in found]
    filled = [a for a in alerts if len(a)]
    every = pd.concat(filled, ignore_index=True) if filled else _none()
    every = acknowledged(_ordered(_once(every, rules)), rules.mutes, history)
    now = status[status["month"] == history.now]
    return Analysis(
        alerts=every[ALERT_COLUMNS],
        computed=now[STATUS_COLUMNS].reset_index(drop=True),
        priorities=priorities(every, history, rules),
        unjudged=_unjudged(found),
    )


def _none() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="object") for name in ALERT_COLUMNS})


def _case(made: Rule, history: History, rules: Rules, status: pd.DataFrame) -> Case:
    rows = in_scope(made, history)
    return Case(made, rules.settings[made.id], rules, history, rows, status)


def _judged(case: Case) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what a rule says of all months, and what it was not given to judge."""
    made, rows = case.rule, case.rows
    missing = _missing(made, rows)
    whole = missing == ""
    if whole.all():
        return _with_unknown(made.judge(case), case)
    given = Case(made, case.setting, case.rules, case.history, rows[whole], case.status)
    gone = case.skip(rows[~whole], "").assign(missing=missing[~whole])
    parts = [part for part in (made.judge(given), gone) if len(part)]
    return _with_unknown(pd.concat(parts, ignore_index=True) if parts else gone, case)


def _with_unknown(told: pd.DataFrame, case: Case) -> tuple[pd.DataFrame, pd.DataFrame]:
    return told, told[(told["missing"] != "") & (told["month"] == case.history.now)]


def _missing(made: Rule, rows: pd.DataFrame) -> pd.Series:
    """Return the needed fields that each row lacks, ``;`` between them."""
    needs = dict.fromkeys(made.needs)
    if made.scope == "active":
        needs["project_state"] = None
    told = pd.Series("", index=rows.index, dtype="object")
    for name in needs:
        gone = rows[name].isna()
        if gone.any():
            told = told.where(~gone, told + f";{name.removeprefix('project_')}")
    return told.str.lstrip(";")


def _alerts(case: Case, told: pd.DataFrame, lang: str, show: Show) -> pd.DataFrame:
    """Return the alerts of one rule in the month, but for what follows from others."""
    if not ((told["month"] == case.history.now) & (told["level"] > 0)).any():
        return pd.DataFrame()
    now = lasting(told, case.history, case.rules)
    setting = case.setting
    return now.assign(
        period=case.history.period,
        rule=setting.id,
        code=setting.code,
        group=setting.group,
        unit=setting.unit,
        message=worded(now, setting, lang, show),
        inputs=traced(now, case),
    )


def _once(alerts: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Return the alerts, of those that say the same the gravest, else the first."""
    same = alerts["rule"].map({name: s.same for name, s in rules.settings.items()})
    alone = same.fillna("") == ""
    key = same + "\x1f" + alerts["project_code"].astype("str")
    grave = alerts["severity"].map(LEVELS.index).astype("float64")
    ranked = key[~alone].iloc[np.argsort(-grave[~alone], kind="stable")]
    kept = ranked.drop_duplicates().index
    return alerts[alone | alerts.index.isin(kept)]


def _ordered(alerts: pd.DataFrame) -> pd.DataFrame:
    names = ["project_code", "code", "object", "record_id"]
    keys = alerts[names].astype("object").fillna("")
    keys.insert(0, "grave", -alerts["severity"].map(LEVELS.index).astype("float64"))
    order = keys.sort_values(["grave", *names]).index
    return alerts.loc[order].reset_index(drop=True)


def _unjudged(found: list[tuple[Case, pd.DataFrame, pd.DataFrame]]) -> pd.DataFrame:
    parts = [
        gone[["project_code", "missing"]].assign(
            rule=case.rule.id, code=case.setting.code
        )
        for case, _, gone in found
        if len(gone)
    ]
    if not parts:
        return pd.DataFrame(columns=UNJUDGED_COLUMNS, dtype="object")
    every = pd.concat(parts, ignore_index=True)
    keys = ["project_code", "rule", "code", "missing"]
    counted = every.groupby(keys, sort=False, dropna=False).size()
    return counted.reset_index(name="records")[UNJUDGED_COLUMNS]
