"""Availability and incidents of services, from what tools recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from consolidate.analyse.history import period_of
from consolidate.analyse.service_times import Hours, owed_hours

PIECE_COLUMNS = ["service", "start", "end"]


def unplanned(outages: pd.DataFrame) -> pd.DataFrame:
    """Return when each service was down unplanned, overlaps merged, planned time taken out.

    Args:
        outages: Columns ``service``, ``start``, ``end`` (datetime64), ``planned`` (bool).

    Returns:
        Columns ``PIECE_COLUMNS``, in order of time: pieces that do not touch.
    """
    parts = [
        _swept(own).assign(service=service)
        for service, own in outages.groupby("service", sort=True)
    ]
    if not parts:
        return outages[PIECE_COLUMNS]
    return pd.concat(parts, ignore_index=True)[PIECE_COLUMNS]


def _swept(own: pd.DataFrame) -> pd.DataFrame:
    """Sweep the edges of outages in order of time, counting those that are under way."""
    weight = own["planned"].map({True: 0, False: 1})
    edges = pd.concat(
        [
            pd.DataFrame({"at": own["start"], "down": weight, "off": 1 - weight}),
            pd.DataFrame({"at": own["end"], "down": -weight, "off": weight - 1}),
        ]
    )
    edges = edges.groupby("at", sort=True)[["down", "off"]].sum().cumsum()
    hit = (edges["down"] > 0) & (edges["off"] == 0)
    begins = hit & ~hit.shift(1, fill_value=False)
    ends = ~hit & hit.shift(1, fill_value=False)
    return pd.DataFrame({"start": edges.index[begins], "end": edges.index[ends]})


def availability(
    pieces: pd.DataFrame,
    covered: Iterable[tuple[str, int]],
    hours: Mapping[str, Hours],
    holidays: npt.NDArray[np.datetime64],
) -> pd.DataFrame:
    """Return the availability of services by month: owed hours without unplanned outage.

    Args:
        pieces: ``unplanned``.
        covered: Services and months (as ``ordinal`` counts) that exports speak of; the
            others are not known, never 100 %.
        hours: When each service is owed.
        holidays: Days on which those owed on working days are not.

    Returns:
        Columns ``service``, ``month``, ``owed_h``, ``down_h`` (owed hours it was down),
        ``outages`` (that touch the month), ``longest_h`` (whole outage, by the clock, in the
        month it began), ``availability``.
    """
    months = pd.DataFrame(sorted(set(covered)), columns=["service", "month"])
    if months.empty:
        return months.assign(owed_h=0.0, down_h=0.0, outages=0, longest_h=0.0, availability=0.0)  # fmt: skip
    first = pd.to_datetime(months["month"].map(period_of) + "-01").astype("datetime64[s]")  # fmt: skip
    last = (first + pd.offsets.MonthBegin(1)).astype("datetime64[s]")
    months = months.assign(first=first, last=last)
    touch = months.merge(pieces, on="service")
    touch = touch[(touch["start"] < touch["last"]) & (touch["end"] > touch["first"])]
    begin = touch["start"].where(touch["start"] > touch["first"], touch["first"])
    stop = touch["end"].where(touch["end"] < touch["last"], touch["last"])
    whole = (touch["end"] - touch["start"]).dt.total_seconds() / 3600
    touch = touch.assign(
        begin=begin, stop=stop, long=whole.where(touch["start"] >= touch["first"])
    )
    touch = touch.assign(down_h=_by_hours(touch, "begin", "stop", hours, holidays))
    sums = touch.groupby(["service", "month"]).agg(down_h=("down_h", "sum"), outages=("start", "size"), longest_h=("long", "max"))  # fmt: skip
    found = months.assign(owed_h=_by_hours(months, "first", "last", hours, holidays))
    found = found.merge(sums.reset_index(), on=["service", "month"], how="left")
    down = found["down_h"].fillna(0.0)
    owed = found["owed_h"]
    return found.assign(
        down_h=down,
        outages=found["outages"].fillna(0).astype("int64"),
        availability=1 - down / owed.where(owed > 0),
    ).drop(columns=["first", "last"])


def _by_hours(
    rows: pd.DataFrame,
    start: str,
    end: str,
    hours: Mapping[str, Hours],
    holidays: npt.NDArray[np.datetime64],
) -> pd.Series:
    found = pd.Series(np.nan, index=rows.index)
    known = rows[rows[start].notna() & rows[end].notna()]
    for service, own in known.groupby("service", sort=False):
        owed = hours.get(str(service), Hours())
        found.loc[own.index] = owed_hours(own[start], own[end], owed, holidays)
    return found


def incidents(
    tickets: pd.DataFrame,
    covered: Iterable[tuple[str, int]],
    hours: Mapping[str, Hours],
    targets: Mapping[str, float],
    holidays: npt.NDArray[np.datetime64],
) -> pd.DataFrame:
    """Return the incidents of services by the month they were opened in.

    Args:
        tickets: Columns ``service``, ``opened``, ``resolved`` (datetime64) and ``major``
            (True, False, None where the priority is not understood).
        covered: Services and months that exports speak of.
        hours: When each service is owed: time to restore counts within.
        targets: Guaranteed hours to restore, by service, where told.
        holidays: Days on which those owed on working days are not.

    Returns:
        Columns ``service``, ``month``, ``incidents``, ``incidents_major`` (unknown when one
        priority is), ``restored`` (incidents resolved), ``restore_h`` (their mean),
        ``compliance`` (share of them within the target; unknown without one).
    """
    months = pd.DataFrame(sorted(set(covered)), columns=["service", "month"])
    spent = _by_hours(tickets, "opened", "resolved", hours, holidays)
    target = tickets["service"].map(targets).astype("float64")
    known = tickets["major"].notna()
    kept = (spent.round(6) <= target).astype("float64")
    rows = tickets.assign(
        month=tickets["opened"].dt.year * 12 + tickets["opened"].dt.month - 1,
        spent=spent,
        kept=kept.where(spent.notna() & target.notna()),
        grave=tickets["major"].map({True: 1.0, False: 0.0}).astype("float64"),
        unread=~known,
    )
    groups = rows.groupby(["service", "month"])
    sums = groups.agg(incidents=("opened", "size"), incidents_major=("grave", "sum"), unread=("unread", "any"), restored=("spent", "count"), restore_h=("spent", "mean"), compliance=("kept", "mean"))  # fmt: skip
    found = months.merge(sums.reset_index(), on=["service", "month"], how="left")
    unread = found["unread"].eq(True)
    none = {"incidents": 0, "incidents_major": 0.0, "restored": 0}
    found = found.fillna(none).drop(columns="unread")
    return found.assign(incidents_major=found["incidents_major"].where(~unread))


def spanned(rows: pd.DataFrame, at: str, last: int) -> set[tuple[str, int]]:
    """Return the services and months that exports speak of.

    A service is followed by a file that names it once; the file speaks of the months from
    its first line to its last, whatever service they are about.

    Args:
        rows: Columns ``service``, ``workbook`` and times.
        at: Column of the times.
        last: The month reported on: later ones are left out.
    """
    months = rows[at].dt.year * 12 + rows[at].dt.month - 1
    spans = months.groupby(rows["workbook"]).agg(["min", "max"])
    pairs = rows[["workbook", "service"]].drop_duplicates()
    return {
        (service, month)
        for workbook, service in pairs.itertuples(index=False)
        for month in range(int(spans.at[workbook, "min"]), min(int(spans.at[workbook, "max"]), last) + 1)
    }  # fmt: skip


__all__ = ["availability", "incidents", "spanned", "unplanned"]
