"""Returns a month is to bring, by the PMO's registers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import pandas as pd

from consolidate.model.text import fold

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
COLUMNS = ["project_code", "name", "project_manager"]

Registers = Mapping[str, pd.DataFrame]


def none_expected(registers: Registers, period: str) -> bool:
    """Whether the calendar says that no return is expected in a month.

    Args:
        registers: ``calendar`` has ``month``: ``2026-08``, or ``08`` for every year.
        period: ``YYYY-MM``.
    """
    calendar = registers.get("calendar")
    if calendar is None or calendar.empty:
        return False
    told = calendar["month"].fillna("").astype("str").str.strip().str.slice(0, 7)
    return bool(told.isin([period, period[5:], period[5:].lstrip("0")]).any())


def expected(registers: Registers, period: str) -> pd.DataFrame:
    """Return the projects that the register expects a return of in a month.

    Returns:
        ``COLUMNS``: projects whose row is in force, neither merged nor retired by then.
    """
    register = registers.get("projects")
    if register is None or register.empty:
        return pd.DataFrame(columns=COLUMNS, dtype="object")
    begun = _month(register["from"])
    ended = _month(register["retired"])
    own = register[
        (begun <= period)
        & ((ended == "") | (ended > period))
        & register["merged_into"].fillna("").eq("")
    ]
    made = own[["code", "name", "manager"]].set_axis(COLUMNS, axis=1)
    return made.drop_duplicates("project_code").reset_index(drop=True)


def over(registers: Registers, period: str) -> frozenset[str]:
    """Return the codes that no return is expected of any more: retired or merged."""
    register = registers.get("projects")
    if register is None or register.empty:
        return frozenset()
    ended = _month(register["retired"])
    merged = register["merged_into"].fillna("").ne("")
    gone = ((ended != "") & (ended <= period)) | (
        merged & (_month(register["from"]) <= period)
    )
    return frozenset(register.loc[gone, "code"].astype("str"))


def away(registers: Registers, as_of: date) -> frozenset[str]:
    """Return the people who are away on a day, folded."""
    people = registers.get("people")
    if people is None or people.empty:
        return frozenset()
    day = as_of.isoformat()
    first = people["away_from"].fillna("").astype("str").str.slice(0, 10)
    last = people["away_until"].fillna("").astype("str").str.slice(0, 10)
    gone = (first != "") & (first <= day) & ((last == "") | (last >= day))
    return frozenset(map(fold, people.loc[gone, "name"].astype("str")))


def _month(column: pd.Series) -> pd.Series:
    """Return months as texts; empty where none is told or it is no month."""
    text = column.fillna("").astype("str").str.strip().str.slice(0, 7)
    return text.where(text.str.fullmatch(_MONTH), "")
