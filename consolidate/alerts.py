"""The month's alerts: earlier months from the store, figures as people read them."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, cast

import pandas as pd

from consolidate.analyse.analysis import Analysis, analyse, wanted
from consolidate.analyse.history import History, Month
from consolidate.analyse.messages import Show
from consolidate.analyse.rules import LEVELS, Rules, load_rules
from consolidate.model.portfolio import Portfolio
from consolidate.model.schema import Schemas
from consolidate.report import format as figures
from consolidate.wording import catalogue, tr

_VOCABULARIES = ("phase", "deliverable_type", "project_state", "compliance_framework")


def with_alerts(
    portfolio: Portfolio,
    store: str | None,
    folders: Sequence[Path],
    schemas: Schemas,
    decisions: pd.DataFrame | None = None,
) -> Portfolio:
    """Return a portfolio with its alerts, also counted in its run; see ``alerts_of``."""
    found = alerts_of(portfolio, store, folders, schemas, decisions)
    known = found.alerts["acknowledged_until"].notna()
    severities = Counter(found.alerts.loc[~known, "severity"].tolist())
    told: dict[str, int] = {level: severities[level] for level in reversed(LEVELS)}
    counted = cast("dict[str, object]", portfolio.run["counts"])
    counts = {**counted, "alerts": {**told, "acknowledged": int(known.sum())}}
    return dataclasses.replace(
        portfolio,
        alerts=found.alerts,
        statuses=found.computed,
        priorities=found.priorities,
        run={**portfolio.run, "counts": counts},
    )


def alerts_of(
    portfolio: Portfolio,
    store: str | None,
    folders: Sequence[Path],
    schemas: Schemas,
    decisions: pd.DataFrame | None = None,
) -> Analysis:
    """Return what a month's figures say, in the light of the months before.

    Args:
        portfolio: The month reported on.
        store: URL of the store; None to look at this month alone.
        folders: Of the rules, the user's first, the shipped one last.
        schemas: Types and words of the fields.
        decisions: Those of reviews, columns ``kind``, ``review`` and ``project_code``.

    Raises:
        ConfigError: The rules are wrong.
        StoreError: The store cannot be read.
    """
    rules = load_rules(folders)
    earlier = _earlier(portfolio, store, rules) if store else ()
    now = Month(portfolio.period, portfolio.as_of, portfolio.tables)
    history = History(
        (*earlier, now),
        schemas,
        wanted(rules),
        compare_unknown=rules.alerts["compare_unknown"],
        reviewed=_reviewed(decisions),
    )
    return analyse(history, rules, portfolio.lang, shown_with(schemas))


def _reviewed(decisions: pd.DataFrame | None) -> frozenset[tuple[str, str, str]]:
    if decisions is None:
        return frozenset()
    told = decisions[["kind", "review", "project_code"]].dropna()
    told = told[told["review"] != ""]
    return frozenset(told.itertuples(index=False, name=None))


def _earlier(portfolio: Portfolio, url: str, rules: Rules) -> tuple[Month, ...]:
    from consolidate import store  # noqa: PLC0415 (heavy)

    months = int(rules.alerts["months"]) - 1
    found = store.load_tables(
        url, wanted(rules), before=portfolio.period, months=months, lang=portfolio.lang
    )
    return tuple(Month(*each) for each in found)


def shown_with(schemas: Schemas) -> Show:
    """Return what writes a figure of a message, codes as the schemas call them."""
    return partial(_shown, schemas)


def _shown(schemas: Schemas, value: Any, kind: str, lang: str) -> str:
    if kind == "code":
        return ", ".join(_word(code, lang, schemas) for code in str(value).split(";"))
    if isinstance(value, datetime):
        return figures.day(value.date(), lang)
    if kind == "month":
        return figures.month(str(value), lang)
    written = _NUMBERS.get(kind)
    return written(float(value), lang) if written else str(value)


def _points(value: float, lang: str) -> str:
    unit = "points"
    return f"{figures.number(value * 100, lang, 0)}{figures.HARD}{unit}"


def _fine(value: float, lang: str) -> str:
    return figures.percent(value, lang, 2)


def _days(value: float, lang: str) -> str:
    return _counted("alert-days", value, lang)


def _hours(value: float, lang: str) -> str:
    return _counted("alert-hours", value, lang)


def _counted(key: str, value: float, lang: str) -> str:
    one = abs(value) < 2 if lang == "fr" else value == 1
    written = figures.number(value, lang)
    return tr(f"{key}-{'one' if one else 'many'}", lang, number=written)


def _whole_euros(value: float, lang: str) -> str:
    return figures.euros(value, lang, 0)


_NUMBERS: Mapping[str, Callable[[float, str], str]] = {
    "money": _whole_euros,
    "percent": figures.percent,
    "fine_percent": _fine,
    "points": _points,
    "number": figures.number,
    "days": _days,
    "hours": _hours,
}


def _word(code: str, lang: str, schemas: Schemas) -> str:
    own = catalogue()["labels"].get(f"alert-word-{code}")
    if own:
        text: str = own[lang]
        return text
    for name in _VOCABULARIES:
        label = schemas.vocabularies[name].labels.get(code)
        if label:
            return label.get(lang, code)
    return code
