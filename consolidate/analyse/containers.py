"""Containers of MCO, one project a team, against the structure all of them should share."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from consolidate.model.error import ConfigError
from consolidate.model.text import fold

FILE = "mco_structure.toml"
EXTRA = "extra"


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of the reference structure.

    Attributes:
        name: Its code.
        label: For people, by language.
        activities: Codes of time categories it holds.
        words: Folded words that name it where there is no category.
        required: Whether a container without it is told.
    """

    name: str
    label: Mapping[str, str]
    activities: tuple[str, ...]
    words: tuple[str, ...]
    required: bool


@dataclass(frozen=True, slots=True)
class Structure:
    """The reference structure of MCO containers.

    Attributes:
        phases: In order.
        spread: Points by which a phase's share may differ from the others' median.
        least: How many containers that median takes.
    """

    phases: tuple[Phase, ...]
    spread: float
    least: int


def load_structure(folders: Sequence[Path]) -> Structure:
    """Read the reference structure: the first folder that has one.

    Raises:
        ConfigError: It is not TOML, or lacks something.
    """
    path = next(f / FILE for f in folders if (f / FILE).is_file())
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        phases = tuple(_phase(n, spec) for n, spec in raw["phases"].items())
        return Structure(phases, float(raw["spread"]), int(raw["least"]))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise ConfigError(f"{path}: {err}") from err
    except (KeyError, TypeError, ValueError, AttributeError) as err:
        raise ConfigError(f"{path}: {err!r}") from err


def _phase(name: str, spec: Mapping[str, Any]) -> Phase:
    words = tuple(fold(w) for w in spec["words"])
    return Phase(name, spec["label"], tuple(spec["activities"]), words, bool(spec["required"]))  # fmt: skip


def phase_of(rows: pd.DataFrame, structure: Structure) -> pd.Series:
    """Return the phase each line of time belongs to; ``extra`` for none, None for absence.

    A known time category decides; without one, the words of the activity do, and only if
    they name one phase.
    """
    of = {a: p.name for p in structure.phases for a in p.activities}
    category = rows["time_category"]
    texts = {t: _named(t, structure) for t in rows["activity"].dropna().unique()}
    by_words = rows["activity"].map(texts)
    found = category.map(of).where(category.notna(), by_words).fillna(EXTRA)
    return found.where(rows["category"].ne("absence"), None).astype("object")


def _named(text: str, structure: Structure) -> str | None:
    padded = f" {fold(text)} "
    hits = {
        p.name
        for p in structure.phases
        if any(f" {word} " in padded or f" {word}s " in padded for word in p.words)
    }
    return hits.pop() if len(hits) == 1 else None


def compared(rows: pd.DataFrame, structure: Structure) -> pd.DataFrame:
    """Return each container against the reference.

    Args:
        rows: Lines of time of the containers (``time_rows``), of the year.
        structure: What it is compared with.

    Returns:
        One row a container and phase, those of the structure then ``extra``: columns
        ``project_code``, ``phase``, ``days``, ``lines``, ``share`` (of the container's days),
        ``usual`` (median share of the other containers; unknown when they are too few),
        ``differs`` (``missing``, ``extra``, ``more``, ``less`` or empty), ``what`` (of extra
        lines: the category or activity, a few) and ``record_id`` (of a line; None when none).
    """
    known = rows.assign(phase=phase_of(rows, structure))
    known = known[known["phase"].notna() & known["project_code"].notna()]
    codes = sorted(known["project_code"].unique())
    names = [*(p.name for p in structure.phases), EXTRA]
    every = pd.MultiIndex.from_product([codes, names], names=["project_code", "phase"])
    what = known["time_category"].fillna(known["activity"])
    groups = known.assign(what=what).groupby(["project_code", "phase"], sort=False)
    found = pd.DataFrame(
        {
            "days": groups["spent"].sum(min_count=1),
            "lines": groups.size(),
            "what": groups["what"].agg(lambda own: list(own.dropna().unique()[:4])),
            "record_id": groups["record_id"].first(),
        }
    ).reindex(every)
    found["lines"] = found["lines"].fillna(0).astype("int64")
    whole = found.groupby("project_code")["days"].transform("sum")
    found["share"] = found["days"].fillna(0.0) / whole.where(whole > 0)
    found["usual"] = _usual(found["share"], structure.least)
    found = found.reset_index()
    return found.assign(differs=_differs(found, structure))


def _usual(share: pd.Series, least: int) -> pd.Series:
    """Return for each container the median share of the others, phase by phase."""
    wide = share.unstack("phase")
    told = {
        code: others.median().where(others.count() >= least)
        for code in wide.index
        for others in [wide.drop(index=code)]
    }
    usual = pd.DataFrame.from_dict(told, orient="index", columns=wide.columns)
    return pd.Series(
        [usual.at[code, phase] for code, phase in share.index],
        index=share.index,
        dtype="float64",
    )


def _differs(found: pd.DataFrame, structure: Structure) -> pd.Series:
    required = [p.name for p in structure.phases if p.required]
    gap = found["share"] - found["usual"]
    there = found["lines"] > 0
    told = pd.Series("", index=found.index, dtype="object")
    told = told.mask(gap.round(9) > structure.spread, "more")
    told = told.mask(gap.round(9) < -structure.spread, "less")
    told = told.mask(found["phase"].isin(required) & ~there, "missing")
    return told.mask((found["phase"] == EXTRA), "").mask(
        (found["phase"] == EXTRA) & there, "extra"
    )


def team_containers(rows: pd.DataFrame) -> pd.DataFrame:
    """Return how many containers each team that runs something has: one is wanted.

    Args:
        rows: All lines of time of the year.

    Returns:
        Columns ``team``, ``run`` (its days of run), ``inside`` (those in a container),
        ``containers`` (how many) and ``codes`` (theirs).
    """
    run = rows[
        rows["category"].eq("run") & rows["spent"].notna() & rows["team"].notna()
    ]
    within = run["project_kind"].eq("mco")
    groups = run.assign(
        inside=run["spent"].where(within, 0.0),
        container=run["project_code"].where(within),
    ).groupby("team", sort=True)
    return pd.DataFrame(
        {
            "run": groups["spent"].sum(),
            "inside": groups["inside"].sum(),
            "containers": groups["container"].nunique(),
            "codes": groups["container"].agg(lambda own: ", ".join(sorted(own.dropna().unique()))),
        }
    ).reset_index()  # fmt: skip
