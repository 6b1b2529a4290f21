"""Thresholds, words and switches of the alert rules, read from ``schemas/rules.toml``."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeAlias

from consolidate.model.error import ConfigError
from consolidate.model.schema import nearest

FILE = "rules.toml"
Level: TypeAlias = Literal["info", "minor", "major", "critical"]
LEVELS: tuple[Level, ...] = ("info", "minor", "major", "critical")
"""Severities of alerts, the lightest first."""

_OF_PROJECT = frozenset({"tolerance_cost_pct", "tolerance_days"})
_MUTE = frozenset({"rule", "project", "object", "until", "reason"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is set of one rule.

    Attributes:
        id: Its stable name.
        code: Its code in the PMO's list, such as ``B01``.
        group: What it is about: assistance, budget, schedule ...
        on: Whether it is judged.
        unit: Of its value: share, days, months, count, hours, points or none.
        title, formula, reason: For people, by language.
        severity: By step (``amber``, ``red`` ...), how grave it is; lightest first.
        limits: Its thresholds by name; a step of that name is passed there.
        lists: Codes it depends on, by name.
        same: Rules that say the same bear the same word, and are told once.
    """

    id: str
    code: str
    group: str
    on: bool
    unit: str
    title: Mapping[str, str]
    formula: Mapping[str, str]
    reason: Mapping[str, str]
    severity: Mapping[str, Level]
    limits: Mapping[str, float]
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    same: str = ""


@dataclass(frozen=True, slots=True)
class Mute:
    """An alert the PMO knows of; an empty field stands for any.

    Attributes:
        rule, project, object: Which ones.
        until: Last day it is in force.
        reason: Why.
    """

    rule: str
    project: str
    object: str
    until: date
    reason: str


@dataclass(frozen=True, slots=True)
class Rules:
    """All that ``rules.toml`` says.

    Attributes:
        settings: By rule, in the order of the file.
        alerts: Section ``[alerts]``: months of history, when an alert goes up a level.
        status: Section ``[status]``: limits of the axes no rule has.
        priority: Section ``[priority]``: weights and levels.
        lifecycle: Mandatory types of deliverable by phase, in order.
        essential: Those of a project of low complexity.
        projects: What is set for one project alone: by code, rule, then limit;
            its tolerances are under the rule ````.
        mutes: Alerts the PMO knows of.
        packs: Sections ``[packs.*]``: how far packs look ahead, their bands and words.
    """

    settings: Mapping[str, Setting]
    alerts: Mapping[str, Any]
    status: Mapping[str, float]
    priority: Mapping[str, Any]
    lifecycle: Mapping[str, tuple[str, ...]]
    essential: frozenset[str]
    projects: Mapping[str, Mapping[str, Mapping[str, float]]] = field(
        default_factory=dict
    )
    mutes: tuple[Mute, ...] = ()
    packs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def enabled(self) -> tuple[str, ...]:
        """Names of the rules that are judged."""
        return tuple(name for name, s in self.settings.items() if s.on)

    def switched(self, *on: str) -> Rules:
        """Return the same with exactly these rules on."""
        settings = {
            name: dataclasses.replace(s, on=name in on)
            for name, s in self.settings.items()
        }
        return dataclasses.replace(self, settings=settings)


def load_rules(folders: Sequence[Path]) -> Rules:
    """Read the rules, the user's folder first, the shipped one last.

    A user's file changes what it names and takes nothing away.

    Raises:
        ConfigError: A file is not TOML, or has a key that is unknown or of a wrong type.
    """
    *own, base = folders
    path = base / FILE
    merged = _read(path)
    for folder in reversed(own):
        if (folder / FILE).is_file():
            path = folder / FILE
            merged = _merged(merged, _read(path), path, "")
    return _rules(merged, path)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise ConfigError(f"{path}: {err}") from err
    except OSError as err:
        raise ConfigError(f"{path}: {err.strerror}") from err


_BY_TEAM = ("packs.run-build.targets", "packs.year-end.daily_rates")
_FREE = ("project", "mute", *_BY_TEAM)
"""Sections to which a user's file may add keys."""


def _merged(
    base: Mapping[str, Any], more: Mapping[str, Any], path: Path, where: str
) -> dict[str, Any]:
    found = dict(base)
    for key, value in more.items():
        here = f"{where}{key}"
        if here in _FREE or here.startswith("project."):
            found[key] = value
        elif key not in base:
            raise ConfigError(f"{path}: {here} is unknown{nearest(key, base)}")
        elif isinstance(base[key], dict) and isinstance(value, dict):
            found[key] = _merged(base[key], value, path, f"{here}.")
        elif not _alike(base[key], value):
            kind = type(base[key]).__name__
            raise ConfigError(f"{path}: {here} must be of type {kind}")
        else:
            found[key] = value
    return found


def _alike(one: object, other: object) -> bool:
    numbers = (int, float)
    if isinstance(one, bool) or isinstance(other, bool):
        return type(one) is type(other)
    if isinstance(one, numbers):
        return isinstance(other, numbers)
    return type(one) is type(other)


def _rules(raw: Mapping[str, Any], path: Path) -> Rules:
    settings = {name: _setting(name, spec, path) for name, spec in raw["rule"].items()}
    lifecycle = {phase: tuple(t) for phase, t in raw["lifecycle"]["mandatory"].items()}
    return Rules(
        settings=settings,
        alerts=raw["alerts"],
        status=raw["status"],
        priority=raw["priority"],
        lifecycle=lifecycle,
        essential=frozenset(raw["lifecycle"]["essential"]),
        projects={
            code: _of_project(code, spec, settings, path)
            for code, spec in raw.get("project", {}).items()
        },
        mutes=tuple(_mute(m, settings, path) for m in raw.get("mute", [])),
        packs=_packs(raw["packs"], path),
    )


def _packs(raw: Mapping[str, Any], path: Path) -> Mapping[str, Mapping[str, Any]]:
    """Return the sections of packs; what is told by team must be numbers."""
    for where in _BY_TEAM:
        _, section, key = where.split(".")
        if not isinstance(raw[section][key], dict):
            raise ConfigError(f"{path}: {where} must be a section, a line a team")
        for team, value in raw[section][key].items():
            _number(value, f"{where}.{team}", path)
    return raw


def _setting(name: str, spec: Mapping[str, Any], path: Path) -> Setting:
    severity = spec["severity"]
    for step, level in severity.items():
        if level not in LEVELS:
            raise ConfigError(f"{path}: rule.{name}.severity.{step} must be one of {', '.join(LEVELS)}")  # fmt: skip
    ordered = dict(sorted(severity.items(), key=lambda s: LEVELS.index(s[1])))
    return Setting(
        id=name,
        code=spec["code"],
        group=spec["group"],
        on=spec["on"],
        unit=spec.get("unit", ""),
        title=spec["title"],
        formula=spec["formula"],
        reason=spec["reason"],
        severity=ordered,
        limits={key: float(value) for key, value in spec.get("limits", {}).items()},
        lists={key: tuple(value) for key, value in spec.get("lists", {}).items()},
        same=spec.get("same", ""),
    )


def _of_project(
    code: str, spec: Mapping[str, Any], settings: Mapping[str, Setting], path: Path
) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for key, value in spec.items():
        where = f"project.{code}.{key}"
        if key in _OF_PROJECT:
            found.setdefault("", {})[key] = _number(value, where, path)
        elif key not in settings:
            known = [*_OF_PROJECT, *settings]
            raise ConfigError(f"{path}: {where} is unknown{nearest(key, known)}")
        else:
            for name, limit in value.items():
                if name not in settings[key].limits:
                    hint = nearest(name, settings[key].limits)
                    raise ConfigError(f"{path}: {where}.{name} is unknown{hint}")
                number = _number(limit, f"{where}.{name}", path)
                found.setdefault(key, {})[name] = number
    return found


def _number(value: object, where: str, path: Path) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ConfigError(f"{path}: {where} must be a number")
    return float(value)


def _mute(spec: Mapping[str, Any], settings: Mapping[str, Setting], path: Path) -> Mute:
    for key in spec:
        if key not in _MUTE:
            raise ConfigError(f"{path}: mute.{key} is unknown{nearest(key, _MUTE)}")
    rule, until = spec.get("rule", ""), spec.get("until")
    if rule and rule not in settings:
        raise ConfigError(f"{path}: mute.rule {rule!r} is unknown{nearest(rule, settings)}")  # fmt: skip
    if not (rule or spec.get("project")):
        raise ConfigError(f"{path}: mute needs a rule or a project")
    if type(until) is not date:
        raise ConfigError(f"{path}: mute.until must be a date, such as 2026-12-31")
    if not str(spec.get("reason", "")).strip():
        raise ConfigError(f"{path}: mute.reason must say why")
    return Mute(rule, spec.get("project", ""), spec.get("object", ""), until, spec["reason"])  # fmt: skip
