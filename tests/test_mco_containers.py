"""MCO containers laid beside the structure they should share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from consolidate.analyse.containers import (
    compared,
    load_structure,
    phase_of,
    team_containers,
)
from consolidate.model.error import ConfigError
from consolidate.resources import shipped

STRUCTURE = load_structure((shipped("schemas"),))
ALL = ("mco_corrective", "mco_preventive", "mco_evolutive", "mcs_security", "user_support", "request_fulfilment")  # fmt: skip


def lines(code: str, days: dict[str, float], **more: Any) -> list[dict[str, Any]]:
    own = {"project_code": code, "project_kind": "mco", "team": code, "category": "run", "activity": None}  # fmt: skip
    return [
        own | {"time_category": c, "spent": d, "record_id": f"{code}-{c}"} | more
        for c, d in days.items()
    ]


def evenly(code: str) -> list[dict[str, Any]]:
    return lines(code, dict.fromkeys(ALL, 10.0))


def told(rows: list[dict[str, Any]]) -> pd.DataFrame:
    found = compared(pd.DataFrame(rows), STRUCTURE)
    return found[found["differs"] != ""].set_index(["project_code", "phase"])


def test_a_container_with_every_required_phase_differs_in_nothing() -> None:
    assert told(evenly("M1")).empty


def test_a_phase_without_a_line_is_missing() -> None:
    found = told(lines("M1", dict.fromkeys(ALL[1:], 10.0)))
    assert found["differs"].to_dict() == {("M1", "corrective"): "missing"}


def test_project_time_in_a_container_is_extra_with_its_line() -> None:
    found = told([*evenly("M1"), *lines("M1", {"project": 5.0}, category="build")])
    assert found["differs"].to_dict() == {("M1", "extra"): "extra"}
    assert found.loc[("M1", "extra"), "what"] == ["project"]
    assert found.loc[("M1", "extra"), "record_id"] == "M1-project"


def test_absence_belongs_to_no_phase() -> None:
    assert told(
        [*evenly("M1"), *lines("M1", {"absence": 5.0}, category="absence")]
    ).empty


def test_a_share_far_from_the_other_containers_is_told() -> None:
    heavy = lines("M4", dict.fromkeys(ALL[1:], 4.0) | {"mco_corrective": 20.0})
    found = told([*evenly("M1"), *evenly("M2"), *evenly("M3"), *heavy])
    # 20 of 40 days, where the others spend one day in six: 33 points more.
    assert found["differs"].to_dict() == {("M4", "corrective"): "more"}
    assert found.loc[("M4", "corrective"), "usual"] == pytest.approx(1 / 6)


def test_with_too_few_others_no_share_is_compared() -> None:
    heavy = lines("M4", dict.fromkeys(ALL[1:], 4.0) | {"mco_corrective": 20.0})
    assert told([*evenly("M1"), *evenly("M2"), *heavy]).empty


@pytest.mark.parametrize(
    ("activity", "phase"),
    [
        ("Astreintes de nuit", "support"),
        ("Patch mensuel", "security"),
        ("Support des patchs", "extra"),
        ("Divers", "extra"),
    ],
)
def test_words_name_a_phase_only_when_they_name_one(activity: str, phase: str) -> None:
    row = {"time_category": None, "activity": activity, "category": "run"}
    assert phase_of(pd.DataFrame([row]), STRUCTURE).tolist() == [phase]


def test_a_team_has_one_container_and_all_its_run_in_it() -> None:
    loose = {"project_kind": "project", "team": "M1"}
    rows = [*evenly("M1"), *lines("P9", {"mco_corrective": 7.0}, **loose)]
    rows += lines("P8", {"mco_corrective": 3.0}, project_kind="project", team="T2")
    found = team_containers(pd.DataFrame(rows)).set_index("team")
    assert found.loc["M1", ["run", "inside", "containers"]].tolist() == [67, 60, 1]
    assert found.loc["T2", ["run", "inside", "containers"]].tolist() == [3, 0, 0]


def test_a_structure_of_ones_own_replaces_the_shipped_one(tmp_path: Path) -> None:
    own = 'spread = 0.1\nleast = 2\n[phases.all]\nlabel = { fr = "Tout", en = "All" }\nactivities = ["mco_corrective"]\nwords = []\nrequired = true\n'
    (tmp_path / "mco_structure.toml").write_text(own, encoding="utf-8")
    found = load_structure((tmp_path, shipped("schemas")))
    assert [p.name for p in found.phases] == ["all"]


def test_a_structure_that_lacks_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mco_structure.toml").write_text("spread = 0.1\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="mco_structure"):
        load_structure((tmp_path,))
