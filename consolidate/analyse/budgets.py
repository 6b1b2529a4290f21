"""Budgets of projects and of their lines: execution, what is late, what is carried over."""

from __future__ import annotations

from datetime import date

import pandas as pd

from consolidate.analyse.money import AMOUNTS, with_basis
from consolidate.analyse.rules import Rules

_GAP = 0.01
_KEY = ["project_code", "scope", "of_year"]


def project_amounts(projects: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Return the amounts of each project, once for each basis they are told in.

    Where a project has budget lines of a scope and year, they count and its own amounts
    of that scope and year do not: the same money is never added twice. An amount that
    only some lines give is that of those lines; ``committed_whole`` says whether budget
    and commitment are known of all of them.

    Args:
        projects: Canonical projects.
        lines: Canonical budget lines.

    Returns:
        ``project_code``, ``scope``, ``of_year``, ``tax``, ``basis`` (see
        ``money.with_basis``), ``AMOUNTS``, ``origin`` (``lines`` or ``project``),
        ``committed_whole``. Rows without any amount are left out.

    Source:
        Domain model §6.3: a project and its lines are reconciled, the lines win.
    """
    own = with_basis(projects, "amount_year")
    own = own.assign(origin="project", committed_whole=own[["reference", "committed"]].notna().all(axis=1))  # fmt: skip
    told = with_basis(lines, "year")
    told = told[told["project_code"].notna()]
    added = _added(told)
    by_lines = pd.MultiIndex.from_frame(added[_KEY])
    own = own[~pd.MultiIndex.from_frame(own[_KEY]).isin(by_lines)]
    columns = [*_KEY, "tax", "basis", *AMOUNTS, "origin", "committed_whole"]
    parts = [part.reindex(columns=columns) for part in (added, own) if len(part)]
    every = (
        pd.concat(parts, ignore_index=True) if parts else own.reindex(columns=columns)
    )
    every[list(AMOUNTS)] = every[list(AMOUNTS)].astype("float64")
    return every[every[list(AMOUNTS)].notna().any(axis=1)].reset_index(drop=True)


def _added(lines: pd.DataFrame) -> pd.DataFrame:
    by = [*_KEY, "tax", "basis"]
    values = lines[list(AMOUNTS)].astype("float64")
    groups = values.groupby([lines[b] for b in by], sort=True, dropna=False)
    whole = lines[["reference", "committed"]].notna().all(axis=1)
    found = groups.sum(min_count=1)
    found["committed_whole"] = whole.groupby(
        [lines[b] for b in by], sort=True, dropna=False
    ).all()
    return found.reset_index().assign(origin="lines")


def reconciled(projects: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Return the projects whose own budget differs from that of their lines by over 1 %.

    Only amounts of one scope and year are compared, and only where all lines of the
    project bear the same tax basis.

    Returns:
        ``project_code``, ``basis`` (of the project), ``own``, ``lines``, ``gap``
        (lines less own).
    """
    own = with_basis(projects, "amount_year")
    own = own[own["scope"].ne("") & own["reference"].notna()]
    told = _added(with_basis(lines, "year"))
    single = told.groupby(_KEY, dropna=False)["tax"].transform("nunique") == 1
    told = told[single & told["reference"].notna()]
    both = own[[*_KEY, "basis", "reference"]].merge(
        told[[*_KEY, "reference"]], on=_KEY, suffixes=("", "_lines")
    )
    found = pd.DataFrame(
        {
            "project_code": both["project_code"],
            "basis": both["basis"],
            "own": both["reference"],
            "lines": both["reference_lines"],
            "gap": both["reference_lines"] - both["reference"],
        }
    )
    far = found["gap"].abs() > _GAP * found["own"].abs()
    return found[far].sort_values("gap", key=abs, ascending=False, ignore_index=True)


def late_execution(amounts: pd.DataFrame, rules: Rules, as_of: date) -> pd.DataFrame:
    """Return how far commitments of the year are behind the year, the furthest first.

    Only projects whose budget and commitments of the year are known of all their lines.

    Args:
        amounts: As ``project_amounts`` gives them.
        rules: Its rule ``budget-underspend`` holds the limits.
        as_of: Cut-off; its year is the one meant.

    Returns:
        ``project_code``, ``tax``, ``reference``, ``committed``, ``share`` (committed
        over budget), ``elapsed`` (share of the year), ``pace`` (share over elapsed),
        ``level``: ``red``, ``amber`` or ``""``.

    Source:
        Domain model §6.1, B05.
    """
    limits = rules.settings["budget-underspend"].limits
    rows = amounts[amounts["of_year"].eq(as_of.year) & amounts["committed_whole"].eq(True)]  # fmt: skip
    rows = rows[rows["reference"] > 0]
    day = pd.Timestamp(as_of)
    elapsed = day.day_of_year / (366 if day.is_leap_year else 365)
    share = rows["committed"] / rows["reference"]
    pace = (share / elapsed).round(9)
    amber = pace.lt(limits["amber"]) & (as_of.month > limits["amber_after_month"])
    red = pace.lt(limits["red"]) & (as_of.month > limits["red_after_month"])
    level = pd.Series("", rows.index, dtype="object").mask(amber, "amber").mask(red, "red")  # fmt: skip
    found = rows[["project_code", "tax", "reference", "committed"]].assign(
        share=share, elapsed=elapsed, pace=pace, level=level
    )
    return found.sort_values(["pace", "project_code"], ignore_index=True)


def carried_over(lines: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return what is ordered and not yet paid of a year: « restes à réaliser ».

    Lines of that year that give both amounts; a line that gives one alone says nothing.
    What is paid beyond the order is no negative carry-over: it counts as none.

    Returns:
        ``project_code``, ``nature`` and ``tax`` (``""`` unknown), ``lines`` (that give
        both), ``untold`` (lines that order something but tell no payment),
        ``committed``, ``paid``, ``carried``.

    Source:
        Domain model §2.6: engagé, mandaté, RAR.
    """
    own = with_basis(lines, "year")
    own = own[own["of_year"].eq(year) & own["project_code"].notna()]
    own = own[own["committed"].notna()]
    known = own["paid"].notna()
    left = (own["committed"] - own["paid"]).clip(lower=0).where(known)
    rows = own.assign(
        nature=own["nature"].fillna(""),
        carried=left,
        lines=known.astype("int64"),
        untold=(~known).astype("int64"),
        committed=own["committed"].where(known),
    )
    by = ["project_code", "nature", "tax"]
    names = ["lines", "untold", "committed", "paid", "carried"]
    groups = rows.groupby(by, sort=True)[names]
    found = groups.sum(min_count=1).reset_index()
    return found.sort_values("carried", ascending=False, ignore_index=True)
