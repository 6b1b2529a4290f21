"""How long an alert lasts, when it goes up a level, what mutes it, what is told once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alert_cases import ACTION, GRADED, LATE, MONEY, marks, now, of, run
from build_alerts import alerts, analysed, month, only, project, rules

from consolidate.analyse.rules import Rules, load_rules
from consolidate.model.error import ConfigError
from consolidate.resources import shipped

OVERRUN = "budget-forecast-overrun"
OVER = {**MONEY, "forecast_cost": 108_000.0}
FINE = {**MONEY, "forecast_cost": 100_000.0}


def with_file(folder: Path, text: str, *on: str) -> Rules:
    (folder / "rules.toml").write_text(text, encoding="utf-8")
    found = load_rules((folder, shipped("schemas")))
    return found.switched(*on) if on else found


def lasting(*projects: dict[str, Any] | None, rule: str = OVERRUN) -> tuple[Any, ...]:
    (found,) = alerts(rule, *run(*projects))
    return found["since"], found["occurrences"], found["severity"], found["escalated"]


def test_an_alert_seen_first_begins_now() -> None:
    assert lasting(OVER) == ("2026-10", 1, "major", False)


def test_an_alert_counts_the_months_it_lasts() -> None:
    assert lasting(OVER, OVER) == ("2026-09", 2, "major", False)


def test_an_alert_goes_up_one_level_from_its_third_month_on() -> None:
    assert lasting(OVER, OVER, OVER) == ("2026-08", 3, "critical", True)
    assert lasting(*[OVER] * 7) == ("2026-04", 7, "critical", True)


def test_the_gravest_does_not_go_up() -> None:
    grave = {**MONEY, "forecast_cost": 150_000.0}
    assert lasting(grave, grave, grave) == ("2026-08", 3, "critical", False)


def test_a_month_without_the_alert_breaks_its_series() -> None:
    assert lasting(OVER, FINE, OVER) == ("2026-10", 1, "major", False)


def test_a_month_without_a_return_neither_breaks_nor_counts() -> None:
    assert lasting(OVER, None, OVER) == ("2026-08", 2, "major", False)


def test_a_month_that_cannot_be_judged_neither_breaks_nor_counts() -> None:
    assert lasting(OVER, {**MONEY}, OVER) == ("2026-08", 2, "major", False)


def test_a_month_nobody_stored_neither_breaks_nor_counts() -> None:
    (found,) = alerts(OVERRUN, month("2026-06", projects=project(**OVER)), *of(**OVER))
    assert (found["since"], found["occurrences"]) == ("2026-06", 2)


def test_an_alert_follows_its_own_record() -> None:
    late = [
        {**LATE, "record_id": "m1"},
        {**LATE, "record_id": "m2", "name": "Training"},
    ]
    months = (
        month("2026-09", milestones=[{**late[0], "end_forecast": "2026-09-01"}]),
        *now(milestones=late),
    )
    found = {
        a["record_id"]: a["occurrences"] for a in alerts("milestone-late", *months)
    }
    assert found == {"m1": 2, "m2": 1}


def test_a_project_gone_for_two_months_is_graver_than_for_one() -> None:
    assert lasting({}, None, rule="report-missing") == ("2026-10", 1, "major", False)
    assert lasting({}, None, None, rule="report-missing") == (
        "2026-09",
        2,
        "critical",
        False,
    )


def test_rules_that_say_the_same_are_told_once_the_gravest() -> None:
    slow = of(
        **MONEY,
        **GRADED,
        start_actual="2026-01-01",
        end_forecast="2026-12-31",
        spent=58_000.0,
        progress=0.4,
    )
    same = ("spend-ahead-of-progress", "progress-behind-time", "extrapolated-end-late")
    each = {name: alerts(name, *slow)[0]["severity"] for name in same}
    assert each == {
        "spend-ahead-of-progress": "minor",
        "progress-behind-time": "major",
        "extrapolated-end-late": "major",
    }
    assert analysed(slow, only(*same)).alerts["rule"].tolist() == [
        "progress-behind-time"
    ]


def test_rules_of_two_projects_are_each_told() -> None:
    behind = {**GRADED, "progress": 0.4}
    found = alerts(
        "progress-behind-time",
        *now(projects=[project(**behind), project(project_code="P2", **behind)]),
    )
    assert [a["project_code"] for a in found] == ["P1", "P2"]


MUTE = """
[[mute]]
rule = "budget-forecast-overrun"
project = "P1"
until = 2026-10-31
reason = "Amendment on its way."
"""


def test_a_muted_alert_is_kept_with_its_reason_until_its_day(tmp_path: Path) -> None:
    muted = with_file(tmp_path, MUTE, OVERRUN)
    (found,) = alerts(OVERRUN, *of(**OVER), chosen=muted)
    assert (found["acknowledged_until"], found["acknowledged_because"]) == (
        date(2026, 10, 31),
        "Amendment on its way.",
    )
    assert analysed(of(**OVER), muted).priorities.empty


def test_a_mute_ends(tmp_path: Path) -> None:
    muted = with_file(tmp_path, MUTE.replace("2026-10-31", "2026-10-30"), OVERRUN)
    (found,) = alerts(OVERRUN, *of(**OVER), chosen=muted)
    assert found["acknowledged_until"] is None


def test_a_mute_is_of_its_project_and_object_alone(tmp_path: Path) -> None:
    text = '[[mute]]\nproject = "P1"\nobject = "Training"\nuntil = 2026-12-31\nreason = "Known."\n'
    late = [LATE, {**LATE, "name": "Training"}]
    found = alerts(
        "milestone-late",
        *now(milestones=late),
        chosen=with_file(tmp_path, text, "milestone-late"),
    )
    assert {a["object"]: a["acknowledged_until"] for a in found} == {
        "Go-live": None,
        "Training": date(2026, 12, 31),
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[rule.forecast-delay]\nlimits = { red_day = 90 }", "rule.forecast-delay.limits.red_day is unknown; did you mean 'red_days'?"),
        ("[rule.forecast-dely]\non = false", "rule.forecast-dely is unknown; did you mean 'forecast-delay'?"),
        ("[rule.forecast-delay]\non = 1", "rule.forecast-delay.on must be of type bool"),
        ("[rule.forecast-delay]\nlimits = { red_days = '90' }", "rule.forecast-delay.limits.red_days must be of type int"),
        ("[rule.forecast-delay]\nseverity = { red = 'grave' }", "severity.red must be one of info, minor, major, critical"),
        ("[alerts]\nmonth = 3", "alerts.month is unknown; did you mean 'months'?"),
        ('[project."P1"]\ntolerance = 3', "project.P1.tolerance is unknown"),
        ('[project."P1".forecast-delay]\nred_day = 3', "project.P1.forecast-delay.red_day is unknown"),
        ('[project."P1".forecast-delay]\nred_days = true', "must be a number"),
        ("[[mute]]\nproject = 'P1'\nreason = 'x'", "mute.until must be a date"),
        ("[[mute]]\nproject = 'P1'\nuntil = 2026-12-31", "mute.reason must say why"),
        ("[[mute]]\nuntil = 2026-12-31\nreason = 'x'", "mute needs a rule or a project"),
        ("[[mute]]\nrule = 'x'\nuntil = 2026-12-31\nreason = 'x'", "mute.rule 'x' is unknown"),
        ("[[mute]]\nrules = 'x'", "mute.rules is unknown; did you mean 'rule'?"),
        ("[rule", "rules.toml: "),
    ],
)  # fmt: skip
def test_a_wrong_file_says_what_is_wrong_in_it(
    tmp_path: Path, text: str, told: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        with_file(tmp_path, text)
    assert told in str(caught.value)
    assert str(tmp_path / "rules.toml") in str(caught.value)


def test_a_users_file_changes_only_what_it_names(tmp_path: Path) -> None:
    changed = with_file(tmp_path, "[rule.forecast-delay]\nlimits = { red_days = 90 }")
    assert changed.settings["forecast-delay"].limits == {
        **rules().settings["forecast-delay"].limits,
        "red_days": 90,
    }
    assert changed.settings["milestone-late"] == rules().settings["milestone-late"]


def test_a_rule_is_switched_off_and_on(tmp_path: Path) -> None:
    changed = with_file(
        tmp_path, "[rule.forecast-delay]\non = false\n[rule.report-stale]\non = true\n"
    )
    assert set(changed.enabled) ^ set(rules().enabled) == {
        "forecast-delay",
        "report-stale",
    }


def test_the_start_is_small() -> None:
    codes = {s.code for s in rules().settings.values() if s.on}
    assert codes == {
        "A01",
        "A02",
        "B01",
        "B02",
        "D01",
        "D02",
        "D05",
        "D06",
        "S01",
        "S05",
        "R01",
        "R06",
        "W02",
        "M01",
    }


def test_severities_can_be_changed(tmp_path: Path) -> None:
    changed = with_file(
        tmp_path, f'[rule.{OVERRUN}]\nseverity = {{ amber = "minor" }}', OVERRUN
    )
    assert [a["severity"] for a in alerts(OVERRUN, *of(**OVER), chosen=changed)] == [
        "minor"
    ]


def test_a_projects_tolerance_takes_the_place_of_the_limits(tmp_path: Path) -> None:
    tolerant = with_file(tmp_path, '[project."P1"]\ntolerance_cost_pct = 30\n', OVERRUN)

    def severity(overrun: float) -> list[str]:
        found = alerts(
            OVERRUN,
            *of(**MONEY, forecast_cost=100_000.0 * (1 + overrun)),
            chosen=tolerant,
        )
        return [a["severity"] for a in found]

    assert [severity(o) for o in (0.15, 0.20, 0.30, 0.31)] == [
        [],
        ["major"],
        ["major"],
        ["critical"],
    ]


def test_a_tolerance_in_the_workbook_counts() -> None:
    over = of(**MONEY, forecast_cost=112_000.0, tolerance_cost_pct=30.0)
    assert alerts(OVERRUN, *over) == []


def test_a_tolerance_in_days_takes_the_place_of_the_limit(tmp_path: Path) -> None:
    late = of(**GRADED, end_forecast="2027-03-15")
    tolerant = with_file(
        tmp_path, '[project."P1"]\ntolerance_days = 90\n', "forecast-delay"
    )
    assert [a["severity"] for a in alerts("forecast-delay", *late)] == ["major"]
    assert [
        a["severity"] for a in alerts("forecast-delay", *late, chosen=tolerant)
    ] == ["minor"]


def test_a_limit_can_be_set_for_one_project(tmp_path: Path) -> None:
    two = now(projects=[project(**OVER), project(project_code="P2", **OVER)])
    own = with_file(tmp_path, f'[project."P2".{OVERRUN}]\namber = 0.09\n', OVERRUN)
    assert [a["project_code"] for a in alerts(OVERRUN, *two, chosen=own)] == ["P1"]


def test_amounts_of_unknown_scope_are_compared_when_the_pmo_says_so(
    tmp_path: Path,
) -> None:
    unknown = of(**{**OVER, "amount_scope": "unknown"})
    assert alerts(OVERRUN, *unknown) == []
    told = with_file(tmp_path, "[alerts]\ncompare_unknown = true\n", OVERRUN)
    assert len(alerts(OVERRUN, *unknown, chosen=told)) == 1


def test_what_could_not_be_judged_is_told_by_project_and_rule() -> None:
    found = analysed(of(forecast_cost=1.0), only(OVERRUN)).unjudged
    assert found.to_dict("records") == [
        {
            "project_code": "P1",
            "rule": OVERRUN,
            "code": "B01",
            "missing": "reference_budget;amount_scope",
            "records": 1,
        }
    ]


def test_an_empty_month_has_no_alert() -> None:
    found = analysed((month("2026-10", projects=[]),), rules())
    assert [
        len(f) for f in (found.alerts, found.computed, found.priorities, found.unjudged)
    ] == [0, 0, 0, 0]


def test_slips_are_counted_over_a_missing_return() -> None:
    first, second, last = marks(
        {"end_forecast": "2026-12-01"},
        {"end_forecast": "2026-12-08"},
        {"end_forecast": "2026-12-15"},
    )
    gap = month("2026-11", projects=[])
    (found,) = alerts(
        "milestone-slipping",
        first,
        second,
        gap,
        month("2026-12", milestones={"name": "Go-live", "end_forecast": "2026-12-29"}),
    )
    assert found["value"] == 2
    assert last.period == "2026-10"


def test_inputs_name_the_cells_an_alert_comes_from() -> None:
    (found,) = alerts(
        "actions-overdue",
        *now(actions=[ACTION, {**ACTION, "title": "Other", "due_date": "2026-12-01"}]),
    )
    assert found["inputs"] == "actions:actions-0:state;actions:actions-0:due_date"
