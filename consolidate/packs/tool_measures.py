"""What tools measured of services, laid beside what workbooks say of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from consolidate.analyse.calendar import public_holidays
from consolidate.analyse.service_log import (
    availability,
    incidents,
    spanned,
    unplanned,
)
from consolidate.analyse.service_times import Hours, parse_hours
from consolidate.model.text import fold
from consolidate.packs.data import PackData
from consolidate.packs.years import Years


@dataclass(frozen=True, slots=True)
class Measures:
    """What tools measured.

    Attributes:
        months: Columns ``service``, ``month``, ``tool_availability``, ``down_h``,
            ``longest_h``, ``tool_incidents``, ``tool_major``, ``tool_compliance``, ``outage_files``, ``ticket_files``,
            then what workbooks say: ``availability_actual``, ``availability_target``,
            ``incidents``, ``incidents_major``; of the year to date.
        unknown: Columns ``tool``, ``lines``, ``files``: what no service we know is called.
        hours: When each service is owed, by service.
        assumed: Services whose hours are not told, or not understood.
    """

    months: pd.DataFrame
    unknown: pd.DataFrame
    hours: Mapping[str, Hours]
    assumed: frozenset[str]


def measures(data: PackData, told: Years) -> Measures | None:
    """Return what tools measured; None without any export."""
    return data.once("tool-measures", lambda: _measured(data, told))


def _measured(data: PackData, told: Years) -> Measures | None:
    frames = data.registers
    if "service_imports" not in frames or frames["service_imports"].empty:
        return None
    called = _called(told, frames["service_names"])
    tickets, lost = _named(frames["service_tickets"], called)
    outages, gone = _named(frames["service_outages"], called)
    usual = parse_hours(data.rules.packs["year-end"]["service_hours"]) or Hours()
    hours, assumed = _hours(told, usual)
    closed = _holidays(told)
    end = pd.Timestamp(data.portfolio.as_of) + pd.Timedelta(days=1)
    stop = outages["end"].where(outages["end"] < end, end).astype("datetime64[s]")
    outages = outages.assign(end=stop)
    outages = outages[outages["start"] < outages["end"]]
    first = told.now // 12 * 12
    followed = {
        p
        for p in spanned(outages[~outages["planned"].astype("bool")], "start", told.now)
        if p[1] >= first
    }
    held = availability(unplanned(outages), followed, hours, closed)
    seen = {p for p in spanned(tickets, "opened", told.now) if p[1] >= first}
    counted = incidents(tickets, seen, hours, _targets(told), closed)
    months = held.rename(columns={"availability": "tool_availability"}).merge(
        counted.rename(columns={"incidents": "tool_incidents", "incidents_major": "tool_major", "compliance": "tool_compliance"}),
        on=["service", "month"], how="outer",
    )  # fmt: skip
    own = told.months[told.months["month"].between(first, told.now)]
    fields = ["availability_actual", "availability_target", "incidents", "incidents_major"]  # fmt: skip
    months = months.merge(own[["service", "month", *fields]], on=["service", "month"], how="left")  # fmt: skip
    months = months.assign(
        outage_files=months["service"].map(_files(outages)).astype("object"),
        ticket_files=months["service"].map(_files(tickets)).astype("object"),
    )
    months = months.sort_values(["service", "month"], ignore_index=True)
    return Measures(months, _unknown(lost, gone), hours, assumed)


def _called(told: Years, names: pd.DataFrame) -> Mapping[str, str]:
    """Return the service each folded name is of; names that two services bear are left out."""
    services = told.months.drop_duplicates("service")
    pairs = {
        (fold(text), row["service"])
        for row in services.to_dict("records")
        for text in (row["service"], row["code"], row["application"])
        if isinstance(text, str) and fold(text)
    }
    count = pd.Series([name for name, _ in pairs], dtype="object").value_counts()
    called = {name: service for name, service in pairs if count[name] == 1}
    for tool, service in names[["tool", "service"]].itertuples(index=False):
        if fold(service) in called:
            called[fold(tool)] = called[fold(service)]
    return called


def _named(
    rows: pd.DataFrame, called: Mapping[str, str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return lines of services we know under their name, and the others."""
    known = {t: called.get(fold(t)) for t in rows["service"].unique()}
    service = rows["service"].map(known).astype("object")
    return rows.assign(service=service)[service.notna()], rows[service.isna()]


def _hours(told: Years, usual: Hours) -> tuple[dict[str, Hours], frozenset[str]]:
    rows = told.months.sort_values("month")
    texts = rows.groupby("service")["support_hours"].last()
    read = {str(s): parse_hours(t) for s, t in texts.items()}
    assumed = frozenset(s for s, h in read.items() if h is None)
    return {s: h or usual for s, h in read.items()}, assumed


def _targets(told: Years) -> dict[str, float]:
    rows = told.months.sort_values("month")
    last = rows.groupby("service")["restore_target_hours"].last().dropna()
    return {str(service): float(value) for service, value in last.items()}


def _holidays(told: Years) -> npt.NDArray[np.datetime64]:
    """Return the public holidays of the years told of."""
    last = date(told.year + 1, 1, 31)
    days = public_holidays(date(told.year - 1, 1, 1), last)["start"]
    every = [day.date() for day in days]
    return np.array(every, dtype="datetime64[D]")


def _files(rows: pd.DataFrame) -> dict[str, str]:
    pairs = rows[["service", "workbook"]].drop_duplicates()
    pairs = pairs.sort_values(["service", "workbook"])
    return {str(s): ", ".join(own["workbook"]) for s, own in pairs.groupby("service")}


def _unknown(*frames: pd.DataFrame) -> pd.DataFrame:
    rows = pd.concat([f[["service", "workbook"]] for f in frames])
    if rows.empty:
        return pd.DataFrame(columns=["tool", "lines", "files"])
    groups = rows.groupby("service", sort=True)["workbook"]
    found = pd.DataFrame({"lines": groups.size(), "files": groups.agg(lambda own: ", ".join(sorted(set(own))))})  # fmt: skip
    found = found.rename_axis("tool").reset_index()
    return found.sort_values(["lines", "tool"], ascending=[False, True], ignore_index=True)  # fmt: skip
