"""What services cost, and what the figures suggest to decide."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.year_end import MONTH_DAYS
from consolidate.model.pack import Block, Chart, Column, Section, Series, Table
from consolidate.packs import parts
from consolidate.packs.data import PackData
from consolidate.packs.times import fte
from consolidate.packs.year_end_summary import with_words
from consolidate.packs.years import Years
from consolidate.report import format as shown


def costs(data: PackData, told: Years) -> Section:
    """Return what each service cost since January, part by part, and per user."""
    rows = with_words(data, told.services)
    rows = rows.assign(
        year_fte=fte(data, rows["days"], told.elapsed),
        year_cost=rows["cost"],
        cost_told=rows["cost_parts"].astype("str") + " / 3",
    )
    columns = [
        parts.column(data, "service_name"),
        parts.column(data, "days", "days", total=True),
        parts.column(data, "year_fte", "number"),
        parts.column(data, "days_cost", "money", total=True),
        parts.column(data, "contract_cost", "money", total=True),
        parts.column(data, "hosting_part", "money", total=True),
        parts.column(data, "year_cost", "money", total=True),
        parts.column(data, "cost_told"),
        parts.column(data, "users_count", "count"),
        parts.column(data, "cost_per_user", "money"),
    ]
    rates = data.rules.packs["year-end"]["daily_rates"]
    key = "part-year-cost-note" if rates else "part-year-cost-note-no-rate"
    note = data.tr(key, months=told.elapsed)
    table = parts.table(data, "year-costs", rows, columns, note=note)
    return parts.section(data, "year-costs", (table,))


def decisions(data: PackData, told: Years) -> Section:
    """Return what the figures suggest for each service, and from which measures."""
    rows = with_words(data, told.services)
    blocks: list[Block] = []
    plane = _plane(data, rows)
    if plane is not None:
        blocks.append(plane)
    blocks.append(_decisions(data, rows))
    changed = int((~rows["decision_code"].isin(["keep", "open"])).sum())
    lead = data.plural("part-decisions-lead", changed, all=len(rows), open=int(rows["decision_code"].eq("open").sum()))  # fmt: skip
    return parts.section(data, "year-decisions", blocks, lead if len(rows) else "")


def _decisions(data: PackData, rows: pd.DataFrame) -> Table:
    order = {"replace": 0, "converge": 1, "optimise": 2, "open": 3, "keep": 4}
    rank = rows["decision_code"].map(order).fillna(2)
    limits = data.rules.settings
    soon = limits["contract-expiring"].limits["amber"]
    old = limits["end-of-support"].limits["low"]
    rows = rows.assign(
        because=[_reasons(data, r) for r in rows.to_dict("records")],
        rank=rank,
        contract_tone=(rows["contract_months"] * MONTH_DAYS)
        .lt(soon)
        .map({True: "fair", False: ""}),
        support_tone=(rows["support_months"] * MONTH_DAYS)
        .lt(old)
        .map({True: "poor", False: ""}),
    ).sort_values(["rank", "service"], kind="stable")
    columns = [
        parts.column(data, "service_name"),
        parts.column(data, "domain_name"),
        parts.column(data, "establishment"),
        parts.column(data, "decision", tone="decision_tone"),
        parts.column(data, "because"),
        parts.column(data, "end_of_support_date", "date", tone="support_tone"),
        parts.column(data, "contract_end_date", "date", tone="contract_tone"),
        Column("chosen", data.tr("part-col-chosen"), fill=True, options=_options(data)),
        Column("chosen_why", data.tr("part-col-chosen-why"), fill=True),
    ]
    rows = rows.assign(chosen=None, chosen_why=None)
    return parts.table(data, "year-decisions", rows, columns, note=data.tr("part-year-decisions-note"))  # fmt: skip


def _options(data: PackData) -> tuple[str, ...]:
    codes = ("keep", *data.rules.packs["year-end"]["decisions"])
    return tuple(data.tr(f"part-decision-{code}") for code in codes)


def _reasons(data: PackData, row: dict[object, object]) -> str:
    """Return the measures that speak for a decision with their values; or what is missing."""
    holding = [n for n in str(row["because"]).split(";") if n]
    if holding:
        told = (_measure(data, n, float(str(row[n]))) for n in holding)
        return "; ".join(told)
    gone = [data.tr(f"part-measure-name-{n.replace('_', '-')}") for n in str(row["missing"]).split(";") if n]  # fmt: skip
    if gone:
        return data.tr("part-decision-missing", what=", ".join(gone))
    return data.tr("part-decision-nothing")


def _measure(data: PackData, name: str, value: float) -> str:
    shares = {"restore_compliance", "days_growth"}
    text = parts.percent(data, value) if name in shares else shown.number(value, data.lang, 0 if value == int(value) else 1)  # fmt: skip
    return data.tr(f"part-measure-{name.replace('_', '-')}", value=text)


def _plane(data: PackData, rows: pd.DataFrame) -> Chart | None:
    """Return services by days and incidents, as large as their users; None without two."""
    known = rows[rows["days"].notna() & rows["incidents"].notna()]
    if len(known) < 2:
        return None
    frame = pd.DataFrame(
        {
            "days": known["days"],
            "incidents": known["incidents"],
            "users": known["users_count"].fillna(0.0),
            "name": known["service"],
            "tone": known["decision_tone"],
        }
    ).reset_index(drop=True)
    return Chart(
        "year-plane",
        "bubbles",
        data.tr("part-chart-plane"),
        frame,
        "days",
        (
            Series("incidents", data.tr("part-col-incidents")),
            Series("users", data.tr("part-col-users-count")),
        ),
        "number",
        data.tr("part-axis-effort"),
        data.tr("part-col-incidents"),
        data.tr("part-chart-plane-text", count=len(known), all=len(rows)),
    )
