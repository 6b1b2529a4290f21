"""The PMO's grid of priorities, read from ``schemas/priorities.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from consolidate.model.error import ConfigError
from consolidate.model.schema import Schemas, nearest

FILE = "priorities.toml"
MOST_SCENARIOS = 3
_SECTIONS = ("rank", "criterion", "ready", "scenario")
_CRITERION = ("label", "reason", "projects", "requests", "weight", "scale", "codes")
_SCENARIO = ("label", "weights", "build_days", "budget", "build_share", "budget_share")
KINDS = ("projects", "requests")
MEASURES = frozenset({"obligation", "days_to_date", "risk", "days_left", "money_left", "readiness"})  # fmt: skip
"""What a criterion may be read from beside the fields of a table."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """What an item is judged by.

    Attributes:
        name: Its name in the file.
        label, reason: For people, by language.
        sources: Field or measure it is read from, by table; empty where it does not apply.
        weight: Its share of the score, against those of the others.
        scale: Where marks begin and where they are full; more is better when it rises.
        codes: Mark of each code; empty when there is a scale.
    """

    name: str
    label: Mapping[str, str]
    reason: Mapping[str, str]
    sources: Mapping[str, str]
    weight: float
    scale: tuple[float, float] = (0.0, 1.0)
    codes: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One way to see it: weights and means of its own; None for those of the first."""

    name: str
    label: Mapping[str, str]
    weights: Mapping[str, float] = field(default_factory=dict)
    build_days: float | None = None
    budget: float | None = None
    build_share: float = 1.0
    budget_share: float = 1.0


@dataclass(frozen=True, slots=True)
class Grid:
    """All that ``priorities.toml`` says.

    Attributes:
        criteria: In the order of the file.
        scenarios: One to three; the first is the one that is arbitrated.
        completeness: Share of the weights that must be known for a score.
        states: States of the projects and requests that compete, by table.
        ready: Fields that say whether work can begin, by table.
        mandatory_types: Types of project and request that are mandatory.
        months: Whose build days are shared out.
        build_days, budget: The means; None when they are not given.
        budget_scope: ``total`` or ``year``.
    """

    criteria: tuple[Criterion, ...]
    scenarios: tuple[Scenario, ...]
    completeness: float
    states: Mapping[str, tuple[str, ...]]
    ready: Mapping[str, tuple[str, ...]]
    mandatory_types: tuple[str, ...]
    months: int
    build_days: float | None
    budget: float | None
    budget_scope: str

    def weights(self, scenario: Scenario) -> dict[str, float]:
        """Return the weight of each criterion in a scenario."""
        return {c.name: scenario.weights.get(c.name, c.weight) for c in self.criteria}


def load_grid(folders: Sequence[Path], schemas: Schemas) -> Grid:
    """Read the grid, the user's folder first, the shipped one last.

    Raises:
        ConfigError: A file is not TOML, or has a key that is unknown or of a wrong type.
    """
    *own, base = folders
    path = base / FILE
    raw = _read(path)
    for folder in reversed(own):
        if (folder / FILE).is_file():
            path = folder / FILE
            raw = _merged(raw, _read(path), path)
    made = _grid(raw, path)
    _check_sources(made, schemas, path)
    return made


def _check_sources(grid: Grid, schemas: Schemas, path: Path) -> None:
    for kind in KINDS:
        fields = schemas.tables[kind].by_name
        asked = {f"criterion.{c.name}.{kind}": c.sources[kind] for c in grid.criteria}
        asked |= {f"ready.{kind}.{name}": name for name in grid.ready[kind]}
        for where, name in asked.items():
            measured = name in MEASURES and not where.startswith("ready")
            if name and name not in fields and not measured:
                hint = nearest(name, [*fields, *MEASURES])
                raise ConfigError(f"{path}: {where}: {name!r} is no field{hint}")


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise ConfigError(f"{path}: {err}") from err
    except OSError as err:
        raise ConfigError(f"{path}: {err.strerror}") from err


def _merged(
    base: Mapping[str, Any], more: Mapping[str, Any], path: Path
) -> dict[str, Any]:
    """Return the grid with what a user changes; scenarios of their own replace these."""
    _check_keys(more, _SECTIONS, path, "")
    for section in ("rank", "ready"):
        _check_keys(more.get(section, {}), base[section], path, f"{section}.")
    criteria = dict(base["criterion"])
    for name, told in more.get("criterion", {}).items():
        criteria[name] = {**criteria.get(name, {}), **told}
        if "codes" in told:
            criteria[name].pop("scale", None)
        elif "scale" in told:
            criteria[name].pop("codes", None)
    return {
        "rank": {**base["rank"], **more.get("rank", {})},
        "ready": {**base["ready"], **more.get("ready", {})},
        "criterion": criteria,
        "scenario": more.get("scenario", base["scenario"]),
    }


def _grid(raw: Mapping[str, Any], path: Path) -> Grid:
    rank = raw["rank"]
    criteria = tuple(_criterion(n, t, path) for n, t in raw["criterion"].items())
    names = [c.name for c in criteria]
    scenarios = tuple(_scenario(n, t, names, path) for n, t in raw["scenario"].items())
    if not 1 <= len(scenarios) <= MOST_SCENARIOS:
        raise ConfigError(f"{path}: there must be 1 to {MOST_SCENARIOS} scenarios")
    if rank["budget_scope"] not in {"total", "year"}:
        raise ConfigError(f"{path}: rank.budget_scope must be total or year")
    if not sum(c.weight for c in criteria):
        raise ConfigError(f"{path}: at least one criterion must weigh something")
    return Grid(
        criteria=criteria,
        scenarios=scenarios,
        completeness=_number(rank["completeness"], "rank.completeness", path),
        states={kind: tuple(rank[kind]) for kind in KINDS},
        ready={kind: tuple(raw["ready"][kind]) for kind in KINDS},
        mandatory_types=tuple(rank["mandatory_types"]),
        months=int(_number(rank["months"], "rank.months", path)),
        build_days=_number(rank["build_days"], "rank.build_days", path) or None,
        budget=_number(rank["budget"], "rank.budget", path) or None,
        budget_scope=rank["budget_scope"],
    )


def _criterion(name: str, told: Mapping[str, Any], path: Path) -> Criterion:
    where = f"criterion.{name}."
    _check_keys(told, _CRITERION, path, where)
    for key in ("label", "reason", "projects", "requests", "weight"):
        if key not in told:
            raise ConfigError(f"{path}: {where}{key} is missing")
    if ("scale" in told) == ("codes" in told):
        raise ConfigError(f"{path}: {where[:-1]} needs a scale or codes, one of them")
    scale = tuple(_number(v, f"{where}scale", path) for v in told.get("scale", (0, 1)))
    if len(scale) != 2 or scale[0] == scale[1]:
        raise ConfigError(f"{path}: {where}scale must be two numbers that differ")
    codes = {
        str(code): _number(mark, f"{where}codes.{code}", path)
        for code, mark in told.get("codes", {}).items()
    }
    if any(not 0 <= mark <= 1 for mark in codes.values()):
        raise ConfigError(f"{path}: {where}codes must be between 0 and 1")
    weight = _number(told["weight"], f"{where}weight", path)
    sources = {kind: str(told[kind]) for kind in KINDS}
    return Criterion(
        name, told["label"], told["reason"], sources, weight, (scale[0], scale[1]), codes
    )  # fmt: skip


def _scenario(
    name: str, told: Mapping[str, Any], criteria: Sequence[str], path: Path
) -> Scenario:
    where = f"scenario.{name}."
    _check_keys(told, _SCENARIO, path, where)
    weights = told.get("weights", {})
    _check_keys(weights, criteria, path, f"{where}weights.")
    numbers = {
        key: _number(told[key], f"{where}{key}", path)
        for key in _SCENARIO[2:]
        if key in told
    }
    return Scenario(
        name,
        told.get("label", {"fr": name, "en": name}),
        {c: _number(w, f"{where}weights.{c}", path) for c, w in weights.items()},
        **numbers,
    )


def _check_keys(
    given: Mapping[str, Any], known: Any, path: Path, where: str
) -> None:  # fmt: skip
    for key in given:
        if key not in known:
            raise ConfigError(f"{path}: {where}{key} is unknown{nearest(key, known)}")


def _number(value: object, where: str, path: Path) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ConfigError(f"{path}: {where} must be a number, 0 or more")
    return float(value)


__all__ = ["Criterion", "Grid", "Scenario", "load_grid"]
