"""Every rule fires where it should, is silent where it should, and never guesses."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from alert_cases import CASES, Case, Months
from build_alerts import alerts, analysed, needs, only, rules

from consolidate.analyse.alerts.registry import registered
from consolidate.analyse.columns import DERIVED
from consolidate.analyse.rules import LEVELS

BY_RULE = pytest.mark.parametrize("case", CASES, ids=lambda c: c.rule)
SILENT = [(c.rule, why, months) for c in CASES for why, months in c.silent.items()]
ABSENCES = {"project_state"}


def test_every_rule_has_a_case_a_setting_and_a_module_of_its_name() -> None:
    assert {c.rule for c in CASES} == set(registered()) == set(rules().settings)
    for name, made in registered().items():
        assert made.judge.__module__.rpartition(".")[2] == name.replace("-", "_")
        assert made.judge.__name__ == name.replace("-", "_")


@BY_RULE
def test_a_rule_fires(case: Case) -> None:
    found = alerts(case.rule, *case.fires)
    assert [a["severity"] for a in found] == [case.severity]
    assert found[0]["period"] == "2026-10"
    assert found[0]["inputs"] or case.rule == "report-missing"
    if case.value is None:
        assert math.isnan(found[0]["value"])
    else:
        assert found[0]["value"] == pytest.approx(case.value)


@pytest.mark.parametrize(
    ("rule", "why", "months"), SILENT, ids=[f"{r}: {w}" for r, w, _ in SILENT]
)
def test_a_rule_is_silent(rule: str, why: str, months: Months) -> None:
    assert alerts(rule, *months) == []


def blanked(case: Case, table: str, field: str) -> Months:
    """The months of a case without one field of the records the rule judges."""
    return tuple(
        replace(m, tables={**m.tables, table: m.tables[table].assign(**{field: None})})
        for m in case.fires
    )


NEEDED = [
    (case, name)
    for case in CASES
    for name in (
        *needs(case.rule)[1],
        *(("state",) if registered()[case.rule].scope == "active" else ()),
    )
]


@pytest.mark.parametrize(
    ("case", "field"), NEEDED, ids=[f"{c.rule}: {f}" for c, f in NEEDED]
)
def test_no_alert_comes_from_a_missing_input(case: Case, field: str) -> None:
    table, _ = needs(case.rule)
    months = case.fires
    for name in DERIVED.get(table, {}).get(field, (field,)):
        months = blanked(replace(case, fires=months), table, name)
    found = analysed(months, only(case.rule))
    assert found.alerts.empty
    if not months[-1].tables[table].empty:
        assert field in ";".join(found.unjudged["missing"])


@pytest.mark.parametrize("lang", ["fr", "en"])
@BY_RULE
def test_a_message_has_no_gap(case: Case, lang: str) -> None:
    (found,) = alerts(case.rule, *case.fires, lang=lang)
    assert "–" not in found["message"]
    assert "_" not in found["message"]
    assert found["message"].endswith((".", "?"))


@BY_RULE
def test_a_severity_is_one_of_four(case: Case) -> None:
    assert set(rules().settings[case.rule].severity.values()) <= set(LEVELS)
