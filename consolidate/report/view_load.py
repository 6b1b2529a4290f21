"""Workload: days of run and of build, by month and by team, never by person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

import pandas as pd

from consolidate.report import format as shown
from consolidate.report.html_context import FIRST, Context
from consolidate.report.html_figure import Figure
from consolidate.report.html_words import Record, records

_KINDS = ("run", "build", "other")
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Share:
    """Days of run, build and neither, of one month or team.

    Attributes:
        label: The month or the team; empty when the team was not communicated.
        days: Of run, build and neither.
        told: The same, as shown.
        run: Run among run and build, as shown.
        run_all: Run among everything but absence, as shown.
    """

    label: str
    days: tuple[float, float, float]
    told: tuple[Figure, Figure, Figure]
    run: Figure
    run_all: Figure

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All of them, as a row of a table."""
        return (*self.told, self.run, self.run_all)


@dataclass(frozen=True, slots=True)
class Load:
    """The workload of the portfolio.

    Attributes:
        total: All days spent.
        months: At most the last twelve.
        teams: By name.
        untold: Days spent whose kind was not communicated, as shown.
        rows: Lines of workload that give days spent.
    """

    total: Share | None
    months: tuple[Share, ...]
    teams: tuple[Share, ...]
    untold: str
    rows: int


def load(context: Context) -> Load:
    """Return days spent up to the cut-off; absences are left out."""
    frame = context.portfolio.tables["workload"]
    spent = frame.loc[frame["effort_spent"].notna()]
    month = spent["month"].fillna("").astype(str)
    spent = spent.loc[(month == "") | (month <= context.portfolio.period)]
    kind = spent["category"].fillna("")
    kept = spent.loc[kind.isin(_KINDS)]
    untold = float(spent.loc[~kind.isin([*_KINDS, "absence"]), "effort_spent"].sum())
    months = [m for m in _shares(context, kept, "month") if m.label][-_MONTHS:]
    teams = _shares(context, kept, "team")
    named = [t for t in teams if t.label]
    return Load(
        total=_shares(context, kept.assign(all=""), "all")[0] if len(kept) else None,
        months=tuple(
            replace(m, label=shown.month(m.label, context.lang, short=True))
            for m in months
        ),
        teams=(*named, *(t for t in teams if not t.label)) if named else (),
        untold=shown.number(untold, context.lang, 0) if untold else "",
        rows=len(kept),
    )


def _shares(context: Context, frame: pd.DataFrame, by: str) -> list[Share]:
    """Return the shares of each month or team, in order, each with its cells."""
    rows = frame[["record_id", "category", "effort_spent"]].assign(
        label=frame[by].fillna("").astype(str)
    )
    groups = rows.groupby(["label", "category"])
    days = groups["effort_spent"].sum().to_dict()
    counts = cast("dict[tuple[str, str], int]", groups.size().to_dict())
    first: dict[tuple[str, str], list[Record]] = {}
    for row in records(groups.head(FIRST)):
        first.setdefault((row["label"], row["category"]), []).append(row)
    context.load(
        "workload", [r for own in first.values() for r in own], ["effort_spent"]
    )
    return [
        _share(
            context,
            label,
            [float(days.get((label, kind), 0.0)) for kind in _KINDS],
            [
                _proof(
                    context,
                    kind,
                    first.get((label, kind), []),
                    counts.get((label, kind), 0),
                )
                for kind in _KINDS
            ],
        )
        for label in sorted(rows["label"].unique())
    ]


def _proof(
    context: Context,
    kind: str,
    rows: Sequence[Record],
    count: int,
) -> int | None:
    words = context.words
    formula = words.tr("formula-days", kind=words.tr(f"load-{kind}"))
    cells = [(r, "effort_spent") for r in rows]
    return context.counted(formula, "workload", cells, count)


def _share(
    context: Context, label: str, days: Sequence[float], proofs: Sequence[int | None]
) -> Share:
    run, build, other = days
    lang = context.lang
    told = [
        Figure(shown.number(d, lang, 0), round(d, 2), p)
        for d, p in zip(days, proofs, strict=True)
    ]
    return Share(
        label,
        (run, build, other),
        (told[0], told[1], told[2]),
        _ratio(context, "run", run, run + build, proofs[:2]),
        _ratio(context, "run-all", run, run + build + other, proofs),
    )


def _ratio(
    context: Context,
    key: str,
    part: float,
    whole: float,
    proofs: Sequence[int | None],
) -> Figure:
    if whole <= 0:
        return Figure()
    told = shown.percent(part / whole, context.lang)
    proof = context.proofs.derived(context.words.tr(f"formula-{key}"), proofs)
    return Figure(told, round(part / whole, 6), proof)
