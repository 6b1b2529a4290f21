"""Over eighteen months every alert fires where it was planted, and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pandas as pd
from build_alerts import analysed, rules
from history_plants import EDGES, PLANTS, drops, progressing, since, together
from history_world import MONTHS, SILENT_MONTH, Plant, Told, period, world

from consolidate.analyse.alerts.registry import registered
from consolidate.analyse.history import Month

PROJECTS = 90
LOOK_BACK = 12


@cache
def proof() -> tuple[list[Month], Told]:
    return world(PROJECTS, [*PLANTS, *EDGES])


def judged(months: Sequence[Month], n: int) -> pd.DataFrame:
    """The alerts of a month, all rules on, in the light of those before it."""
    every = rules().switched(*registered())
    return analysed(months[max(0, n + 1 - LOOK_BACK) : n + 1], every).alerts


def told(alerts: pd.DataFrame) -> set[tuple[str, str, str]]:
    project = alerts["project_code"].fillna("")
    named = project.where(project.str.startswith("P-"), alerts["object"].fillna(""))
    return set(zip(alerts["period"], alerts["rule"], named, strict=True))


def test_every_rule_has_a_situation_planted_for_it() -> None:
    assert {rule for plant in PLANTS for rule in plant.fires} == set(registered())


def test_each_alert_fires_exactly_where_it_was_planted_and_nowhere_else() -> None:
    months, expected = proof()
    seen = range(SILENT_MONTH, MONTHS)
    found = set().union(*(told(judged(months, n)) for n in seen))
    wanted = {alert for alert in expected if alert[0] >= period(seen[0])}
    assert sorted(found - wanted) == [], "told although nothing was planted"
    assert sorted(wanted - found) == [], "planted and not told"


def test_an_alert_that_lasts_says_since_when_and_goes_up_a_level() -> None:
    months, _ = proof()
    found = judged(months, MONTHS - 1).set_index("rule")
    closing = found.loc["finished-not-closed"]
    assert (closing["since"], closing["occurrences"]) == (period(14), 4)
    assert (closing["severity"], closing["escalated"]) == ("major", True)


def test_a_month_without_returns_breaks_no_series() -> None:
    """Nearly full since June, nothing sent in July: still the third report in a row."""
    plant = Plant({}, progressing(lambda n: 0.92 + 0.005 * (n - 13), since(13)))
    gone = Plant({}, together(*(drops(t, (14,)) for t in ("projects", "milestones"))))
    both = Plant({}, together(plant.edit, gone.edit))
    months, _ = world(10, [both], range(10, MONTHS))
    found = told(judged(months, 6))
    assert (period(16), "ninety-percent-syndrome", "P-006") in found
    assert not {a for a in told(judged(months, 5)) if a[1] == "ninety-percent-syndrome"}
