"""Thresholds as they are for each project: the rule's, its own, or what it tolerates."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.rules import Rules

COST = "tolerance_cost_pct"
DAYS = "tolerance_days"


def limit(rules: Rules, rule: str, name: str, rows: pd.DataFrame) -> pd.Series:
    """Return a threshold of a rule for each row, as it is set for its project."""
    found = pd.Series(rules.settings[rule].limits[name], index=rows.index)
    for code, limits in rules.projects.items():
        own = limits.get(rule, {})
        if name in own:
            found = found.mask(rows["project_code"] == code, own[name])
    return found


def tolerance(rules: Rules, rule: str, field: str, rows: pd.DataFrame) -> pd.Series:
    """Return what each project tolerates, unknown where nothing says.

    ``rules.toml`` comes before the workbook, and a limit of the rule itself set for the
    project before both.
    """
    found = rows[field]
    for code, limits in rules.projects.items():
        here = rows["project_code"] == code
        if field in limits.get("", {}):
            found = found.mask(here, limits[""][field])
        if rule in limits:
            found = found.mask(here)
    return found


def cost_limits(rules: Rules, rule: str, rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Return from which overrun on a project is amber and red.

    Its tolerance takes the place of the red limit, and scales the amber one.
    """
    own = tolerance(rules, rule, COST, rows) / 100
    red, amber = limit(rules, rule, "red", rows), limit(rules, rule, "amber", rows)
    return {"amber": (own * (amber / red)).fillna(amber), "red": own.fillna(red)}


def drift(rules: Rules, rows: pd.DataFrame) -> pd.DataFrame:
    """Return how late a forecast end is against the baseline: red first, then green.

    A project's tolerance takes the place of ``red_days``, scales ``green_days``, and
    leaves no other red.

    Args:
        rules: Limits of ``forecast-delay``.
        rows: Projects, with ``slip_days`` and ``duration_days``.

    Returns:
        ``rank`` (0 green, 1 amber, 2 red; unknown where it hangs on what is not known),
        ``share`` (of the planned duration), ``threshold`` (days, of the rank reached).
    """
    name = "forecast-delay"
    own = tolerance(rules, name, DAYS, rows)
    red_days = limit(rules, name, "red_days", rows)
    green_days = limit(rules, name, "green_days", rows)
    scaled = (own * (green_days / red_days)).fillna(green_days)
    most = own.fillna(red_days)
    slip = rows["slip_days"]
    share = (slip / rows["duration_days"]).round(9)
    long = slip > limit(rules, name, "red_days_with_share", rows)
    late = long & (share > limit(rules, name, "red_share", rows)) & own.isna()
    red = (slip > most) | late
    green = (slip <= scaled) | (share <= limit(rules, name, "green_share", rows))
    rank = pd.Series(1.0, index=rows.index).mask(green, 0.0).mask(red, 2.0)
    unknown = slip.isna() | (share.isna() & ~red & ~green)
    threshold = scaled.mask(late, limit(rules, name, "red_days_with_share", rows))
    return pd.DataFrame(
        {
            "rank": rank.mask(unknown),
            "share": share,
            "threshold": threshold.mask(slip > most, most),
        }
    )
