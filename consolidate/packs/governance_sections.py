"""Governance: bodies held, planned and overdue; reviews of what is over."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.governance import (
    bodies,
    closures_told,
    committees,
    meetings_told,
)
from consolidate.model.pack import Block, Figures, Section, Table, Text
from consolidate.packs import parts
from consolidate.packs.data import PackData

_AHEAD = 90


def governance(data: PackData) -> Section:
    """Return the bodies, their calendar, and the projects whose committee does not meet."""
    as_of = data.portfolio.as_of
    told = meetings_told(data.table("meetings"), as_of)
    met = committees(data.table("projects"), told, data.rules, as_of)
    blocks: list[Block] = [
        _figures(data, told, met),
        _bodies(data, told),
        _calendar(data, told),
        _committees(data, met),
    ]
    if not len(told) and not met["last"].notna().any():
        nothing = data.tr("part-governance-none")
        return parts.section(data, "governance", [Text((nothing,), tone="unknown")])
    overdue = int(told["status"].eq("overdue").sum())
    lead = data.plural("part-governance-lead", overdue, all=parts.count(data, len(told)))  # fmt: skip
    return parts.section(data, "governance", blocks, lead)


def closures(data: PackData) -> Section:
    """Return the closure reviews, and the projects that are over without one."""
    found = closures_told(data.table("projects"), data.table("closures"))
    if not len(found):
        nothing = data.tr("part-closures-none")
        return parts.section(data, "closures", [Text((nothing,), tone="unknown")])
    missing = found[~found["reviewed"]]
    blocks: list[Block] = [
        _reviewed(data, found[found["reviewed"]]),
        _missing(data, missing),
    ]
    lead = data.plural("part-closures-lead", len(missing), all=parts.count(data, len(found)))  # fmt: skip
    return parts.section(data, "closures", blocks, lead)


def _figures(data: PackData, told: pd.DataFrame, met: pd.DataFrame) -> Figures:
    held = int(told["status"].eq("held").sum())
    overdue = told[told["status"] == "overdue"]
    lacks = int(told["lacks_minutes"].sum())
    late = int(met["is_late"].sum())
    known = parts.count(data, met["last"].notna().sum())
    return Figures(
        (
            parts.figure(data, "held", held, all=parts.count(data, len(told))),
            parts.figure(
                data,
                "meeting-overdue",
                len(overdue),
                tone="poor" if len(overdue) else "",
                cells=parts.with_source(overdue)["source"],
            ),
            parts.figure(
                data,
                "no-minutes",
                lacks,
                tone="fair" if lacks else "",
                held=parts.count(data, held),
            ),
            parts.figure(
                data,
                "committee-late",
                late,
                tone="poor" if late else "",
                known=known,
                all=parts.count(data, len(met)),
            ),
        )
    )


def _body_names(data: PackData, codes: pd.Series) -> pd.Series:
    words = data.words("governance_body", codes.replace("", None))
    return words.fillna(data.tr("part-not-told")).astype("object")


def _bodies(data: PackData, told: pd.DataFrame) -> Table:
    found = bodies(told)
    rows = found.assign(
        body=_body_names(data, found["governance_body"]),
        overdue_tone=found["overdue"].gt(0).map({True: "poor", False: ""}),
    ).sort_values(["overdue", "body"], ascending=[False, True], kind="stable")
    columns = [
        parts.column(data, "body"),
        parts.column(data, "held", "count", total=True),
        parts.column(data, "to_come", "count", total=True),
        parts.column(data, "overdue", "count", total=True, tone="overdue_tone"),
        parts.column(data, "postponed", "count", total=True),
        parts.column(data, "cancelled", "count", total=True),
        parts.column(data, "untold", "count", total=True),
        parts.column(data, "lacks_minutes", "count", total=True),
        parts.column(data, "last", "date"),
        parts.column(data, "next", "date"),
    ]
    rows = rows.rename(columns={"planned": "to_come"})
    return parts.table(data, "bodies", rows, columns, note=data.tr("part-bodies-note"))


def _calendar(data: PackData, told: pd.DataFrame) -> Table:
    """Return what is overdue, then what is planned in the days ahead."""
    end = pd.Timestamp(data.portfolio.as_of) + pd.Timedelta(days=_AHEAD)
    near = told["status"].eq("planned") & (told["on"] <= end)
    own = told[near | told["status"].eq("overdue")].sort_values("on", kind="stable")
    words = {s: data.tr(f"part-meeting-{s}") for s in ("planned", "overdue")}
    rows = parts.with_names(data, parts.with_source(own)).assign(
        body=_body_names(data, own["governance_body"]),
        meeting=own["status"].map(words).astype("object"),
        meeting_tone=own["status"].map({"overdue": "poor"}).fillna(""),
    )
    columns = [
        parts.column(data, "on", "date"),
        parts.column(data, "meeting", tone="meeting_tone"),
        parts.column(data, "body"),
        parts.field(data, "projects", "project_code", "code"),
        parts.column(data, "project"),
        parts.column(data, "source", "source"),
    ]
    return parts.table(data, "meeting-calendar", rows, columns, days=_AHEAD)


def _committees(data: PackData, met: pd.DataFrame) -> Table:
    own = met[met["is_late"] | met["is_past"]]
    order = own.sort_values(["age_days", "project_code"], ascending=[False, True], kind="stable")  # fmt: skip
    rows = parts.with_names(data, order).assign(
        age_tone=order["is_late"].map({True: "poor", False: ""}),
        next_tone=order["is_past"].map({True: "fair", False: ""}),
    )
    columns = [
        parts.field(data, "projects", "project_code", "code"),
        parts.column(data, "project"),
        parts.column(data, "last", "date"),
        parts.column(data, "age_days", "number", tone="age_tone"),
        parts.column(data, "limit", "number"),
        parts.column(data, "next", "date", tone="next_tone"),
    ]
    unknown = parts.count(data, met["last"].isna().sum())
    note = data.tr("part-committees-note", unknown=unknown, all=parts.count(data, len(met)))  # fmt: skip
    return parts.table(data, "committees", rows, columns, note=note)


def _reviewed(data: PackData, found: pd.DataFrame) -> Table:
    order = found.sort_values(["closure_date", "project_code"], ascending=[False, True], kind="stable")  # fmt: skip
    plan = order["has_plan"].map({True: data.tr("part-yes"), False: data.tr("part-no")})
    rows = parts.with_names(data, order).assign(
        plan=plan.astype("object"),
        plan_tone=order["has_plan"].map({True: "", False: "fair"}),
    )
    columns = [
        parts.field(data, "projects", "project_code", "code"),
        parts.column(data, "project"),
        parts.field(data, "closures", "closure_date", "date"),
        parts.field(data, "closures", "closure_score", "number"),
        parts.column(data, "slip_days", "gap"),
        parts.column(data, "cost_gap", "signed_share"),
        parts.field(data, "closures", "user_satisfaction", "share"),
        parts.column(data, "plan", tone="plan_tone"),
    ]
    note = data.tr("part-closure-reviews-note")
    return parts.table(data, "closure-reviews", rows, columns, note=note)


def _missing(data: PackData, missing: pd.DataFrame) -> Table:
    projects = data.table("projects").drop_duplicates("project_code")
    own = projects[projects["project_code"].isin(missing["project_code"])]
    rows = parts.with_source(own).assign(
        phase=data.words("phase", own["phase"]),
        state=data.words("project_state", own["state"]),
    )
    columns = [
        parts.field(data, "projects", "project_code", "code"),
        parts.field(data, "projects", "name"),
        parts.field(data, "projects", "state"),
        parts.field(data, "projects", "phase"),
        parts.field(data, "projects", "end_actual", "date"),
        parts.column(data, "source", "source"),
    ]
    return parts.table(data, "closure-missing", rows, columns)
