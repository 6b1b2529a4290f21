"""Times of exports, and the hours in which a service is owed."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from consolidate.model.text import fold

_CLOCK = r"(?:[T ,]+(?P<h>\d{1,2})[:h](?P<mi>\d\d)(?::(?P<s>\d\d))?(?:[.,]\d+)? ?(?P<ap>[AaPp][Mm])?)?"  # fmt: skip
_ISO = rf"^(?P<y>\d{{4}})[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}}){_CLOCK}(?P<zone>Z|[+-]\d\d:?\d\d)?$"  # fmt: skip
_DAYS = rf"^(?P<a>\d{{1,2}})[-/.](?P<b>\d{{1,2}})[-/.](?P<y>\d{{4}}|\d\d){_CLOCK}$"
_ZONE = "Europe/Paris"
_HOURS = re.compile(r"(\d{1,2}) ?h? ?(\d\d)? ?(?:a|to|–|-|/| ) ?(\d{1,2}) ?h? ?(\d\d)?")
_ALWAYS = re.compile(r"\b(?:24 ?(?:h|x|/|sur)? ?/? ?(?:24|7)|24 ?h? ?(?:24|7)|h24)\b")
_ALL_DAYS = re.compile(r"\b(?:7 ?j? ?(?:/|sur|x)? ?7|7 ?j|tous les jours|every day)\b")
_SIX_DAYS = re.compile(r"\b(?:6 ?j? ?(?:/|sur)? ?7|lundi (?:au|a) samedi|lun sam|mon sat)\b")  # fmt: skip
_ORIGIN = np.datetime64("1970-01-01")


@dataclass(frozen=True, slots=True)
class Hours:
    """When a service is owed.

    Attributes:
        days: ``1`` for a day of the week it is owed, Monday first: ``1111100``.
        start, end: Hours of the day, 0..24.
    """

    days: str = "1111111"
    start: float = 0.0
    end: float = 24.0

    @property
    def closes(self) -> bool:
        """Whether it rests on public holidays: what is owed on all days does not."""
        return self.days != "1111111"

    def label(self) -> str:
        """Return how people write it: ``24/7`` or ``5j/7 8h-18h``."""
        if self == Hours():
            return "24/7"
        clock = f"{self.start:g}h-{self.end:g}h".replace(".5h", "h30")
        return f"{self.days.count('1')}j/7 {clock}"


def parse_hours(text: object) -> Hours | None:
    """Return the hours a text tells; None when it tells none that is sure.

    Example:
        ``5j/7 8h-18h``, ``24/7``, ``7j/7 7h30-20h``, ``lundi au samedi 8h-19h``.
    """
    if not isinstance(text, str) or not text.strip():
        return None
    plain = fold(text)
    if _ALWAYS.search(plain):
        return Hours()
    days = "1111111" if _ALL_DAYS.search(plain) else "1111110" if _SIX_DAYS.search(plain) else "1111100"  # fmt: skip
    clock = re.sub(r"\b[5-7] ?j? ?(?:/|sur)? ?7\b|\b[5-7] ?j\b", " ", plain)
    found = _HOURS.search(clock.strip())
    if found is None:
        return None
    start = int(found[1]) + int(found[2] or 0) / 60
    end = int(found[3]) + int(found[4] or 0) / 60
    return Hours(days, start, end) if 0 <= start < end <= 24 else None


def parse_times(columns: list[pd.Series], *, french: bool) -> list[pd.Series]:
    """Return the times of an export's columns; missing where they are not sure.

    A date of figures alone (03/04/2026) is of the order that some other date of the file
    proves (25/04), else day first where the headers are French, else missing. A time of
    another zone becomes that of Paris.

    Args:
        columns: Texts, of one file.
        french: Whether its headers are French.

    Returns:
        datetime64[s] for each column. A date without a time is its midnight.
    """
    split = [c.str.strip().str.extract(_DAYS) for c in columns]
    first = pd.concat([s["a"] for s in split]).dropna().astype("int64")
    second = pd.concat([s["b"] for s in split]).dropna().astype("int64")
    day_first, month_first = bool((first > 12).any()), bool((second > 12).any())
    if day_first and month_first:
        order = ""
    elif day_first or month_first:
        order = "ab" if day_first else "ba"
    else:
        order = "ab" if french else ""
    return [
        _iso(c).fillna(_days(s, order)) for c, s in zip(columns, split, strict=True)
    ]


def _iso(column: pd.Series) -> pd.Series:
    parts = column.str.strip().str.extract(_ISO)
    plain = _built(parts["y"], parts["m"], parts["d"], parts)
    zoned = parts["zone"].notna() & plain.notna()
    if not zoned.any():
        return plain
    offset = parts["zone"].where(zoned).str.replace("Z", "+00:00").str.replace(":", "")
    sign = offset.str[0].map({"+": 1, "-": -1}).astype("float64")
    minutes = sign * (offset.str[1:3].astype("float64") * 60 + offset.str[3:5].astype("float64"))  # fmt: skip
    utc = plain - pd.to_timedelta(minutes.fillna(0), unit="m")
    local = utc.dt.tz_localize("UTC").dt.tz_convert(_ZONE).dt.tz_localize(None)
    return local.where(zoned, plain).astype("datetime64[s]")


def _days(parts: pd.DataFrame, order: str) -> pd.Series:
    if not order:
        return pd.Series(pd.NaT, index=parts.index, dtype="datetime64[s]")
    day, month = (parts["a"], parts["b"]) if order == "ab" else (parts["b"], parts["a"])
    year = parts["y"].where(parts["y"].str.len() != 2, "20" + parts["y"])
    return _built(year, month, day, parts)


def _built(
    year: pd.Series, month: pd.Series, day: pd.Series, clock: pd.DataFrame
) -> pd.Series:
    found = pd.Series(pd.NaT, index=year.index, dtype="datetime64[s]")
    known = year.notna()
    if not known.any():
        return found
    year, month, day, clock = year[known], month[known], day[known], clock[known]
    late = clock["ap"].str.lower()
    hour = clock["h"].fillna("0").astype("int64")
    hour = hour.where(late.isna(), hour % 12 + late.eq("pm") * 12)
    text = (
        year + "-" + month.str.zfill(2) + "-" + day.str.zfill(2)
        + " " + hour.astype("str").str.zfill(2)
        + ":" + clock["mi"].fillna("00") + ":" + clock["s"].fillna("00")
    )  # fmt: skip
    times = pd.to_datetime(text, format="%Y-%m-%d %H:%M:%S", errors="coerce")
    found.loc[known] = times.astype("datetime64[s]")
    return found


def owed_hours(
    start: pd.Series, end: pd.Series, hours: Hours, holidays: npt.NDArray[np.datetime64]
) -> pd.Series:
    """Return the hours of service between two times."""
    closed = holidays if hours.closes else holidays[:0]
    spent = _owed(end, hours, closed) - _owed(start, hours, closed)
    return pd.Series(spent, index=start.index).clip(lower=0)


def _owed(
    at: pd.Series, hours: Hours, closed: npt.NDArray[np.datetime64]
) -> npt.NDArray[np.float64]:
    """Return the hours of service since the origin."""
    times = at.to_numpy(dtype="datetime64[s]")
    days = times.astype("datetime64[D]")
    whole = np.busday_count(_ORIGIN, days, weekmask=hours.days, holidays=closed)
    clock = (times - days).astype("timedelta64[s]").astype("float64") / 3600
    opened = np.is_busday(days, weekmask=hours.days, holidays=closed)
    today = np.clip(clock, hours.start, hours.end) - hours.start
    found: npt.NDArray[np.float64] = whole * (hours.end - hours.start) + opened * today
    return found
