"""Training, communication and change: headcounts, what is late, the days ahead."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.change import communications_told, trained
from consolidate.analyse.columns import dated
from consolidate.model.pack import Block, Chart, Figures, Section, Series, Table, Text
from consolidate.packs import parts
from consolidate.packs.data import PackData


def change(data: PackData) -> Section:
    """Return who is trained and told, where, and what comes."""
    trainings = data.table("trainings")
    told = communications_told(data.table("communications"), data.portfolio.as_of)
    if not len(trainings) and not len(told):
        nothing = Text((data.tr("part-change-none"),), tone="unknown")
        return parts.section(data, "change", [nothing])
    places = trained(trainings, "establishment").sort_values(
        ["share", "establishment"], kind="stable", ignore_index=True
    )
    blocks: list[Block] = [_figures(data, places, told)]
    if places["done"].notna().any():
        blocks.append(_bars(data, places))
    blocks += [
        _headcounts(data, places, "training-places", "establishment"),
        _by_project(data, trainings),
        _sessions(data, trainings),
        _messages(data, told),
    ]
    lead = data.plural("part-change-lead", len(trainings), messages=parts.count(data, len(told)))  # fmt: skip
    return parts.section(data, "change", blocks, lead)


def _near(data: PackData) -> int:
    return int(data.rules.packs["registers"]["near_days"])


def _figures(data: PackData, places: pd.DataFrame, told: pd.DataFrame) -> Figures:
    target, done = places["target"].sum(), places["done"].sum()
    share = float(done / target) if target > 0 else None
    overdue = told[told["status"] == "overdue"]
    known = parts.count(data, places["known"].sum())
    every = parts.count(data, places["trainings"].sum())
    return Figures(
        (
            parts.figure(data, "trained", share, "share", known=known, all=every),
            parts.figure(data, "to-train", float(target - done) if target > 0 else None, known=known, all=every),
            parts.figure(data, "messages-done", int(told["status"].eq("done").sum()), all=parts.count(data, len(told))),
            parts.figure(data, "messages-overdue", len(overdue), tone="poor" if len(overdue) else "", cells=parts.with_source(overdue)["source"]),
        )
    )  # fmt: skip


def _bars(data: PackData, places: pd.DataFrame) -> Chart:
    own = places[places["target"].notna()].sort_values("share", kind="stable")
    least = own.iloc[0]
    name = str(least["establishment"]) or data.tr("part-no-establishment")
    frame = own.assign(establishment=parts.place(data, own["establishment"]))
    return Chart(
        "training-bars",
        "bars",
        data.tr("part-training-bars", place=name, share=parts.percent(data, least["share"])),
        frame[["establishment", "target", "done"]].reset_index(drop=True),
        "establishment",
        (Series("target", data.tr("part-col-to-train")), Series("done", data.tr("part-col-trained"))),
        x_label=data.tr("part-axis-people"),
        text=data.tr("part-training-bars-text"),
    )  # fmt: skip


def _headcounts(data: PackData, found: pd.DataFrame, name: str, by: str) -> Table:
    tone = pd.Series("", found.index, dtype="object").mask(found["share"] < 0.7, "fair")
    rows = found.assign(
        trained_share=found["share"],
        trained=found["done"],
        to_train=found["target"],
        sessions=found["trainings"],
        share_tone=tone.mask(found["share"] < 0.5, "poor"),
        known_trainings=found["known"],
        untold_people=found["untold"],
    )
    if by == "establishment":
        rows["establishment"] = parts.place(data, rows["establishment"])
        heads = [parts.column(data, "establishment")]
    else:
        rows = parts.with_names(data, rows)
        heads = [
            parts.field(data, "projects", "project_code", "code"),
            parts.column(data, "project"),
            parts.column(data, "go_live", "date"),
        ]
    columns = [
        *heads,
        parts.column(data, "sessions", "count", total=True),
        parts.column(data, "known_trainings", "count", total=True),
        parts.column(data, "to_train", "count", total=True),
        parts.column(data, "trained", "count", total=True),
        parts.column(data, "trained_share", "share", tone="share_tone"),
        parts.column(data, "untold_people", "count", total=True),
    ]
    note = data.tr("part-training-note")
    return parts.table(data, name, rows, columns, note=note)


def _by_project(data: PackData, trainings: pd.DataFrame) -> Table:
    found = trained(trainings, "project_code")
    projects = data.table("projects").drop_duplicates("project_code")
    days = pd.Series(dated(projects["go_live_date"]), projects["project_code"])
    live = days.reindex(found["project_code"]).set_axis(found.index)
    rows = found.assign(go_live=live).sort_values(["go_live", "project_code"], kind="stable")  # fmt: skip
    return _headcounts(data, rows, "training-projects", "project_code")


def _sessions(data: PackData, trainings: pd.DataFrame) -> Table:
    now = pd.Timestamp(data.portfolio.as_of)
    start = pd.Series(dated(trainings["start_date"]), trainings.index)
    near = start.between(now, now + pd.Timedelta(days=_near(data)))
    own = trainings.assign(day=start, end=pd.Series(dated(trainings["end_date"]), trainings.index))  # fmt: skip
    own = own[near & ~trainings["state"].eq("cancelled")].sort_values(["day", "project_code"], kind="stable")  # fmt: skip
    rows = parts.with_names(data, parts.with_source(own)).assign(
        establishment=parts.place(data, own["establishment"]),
        mode=data.words("training_mode", own["mode"]),
    )
    columns = [
        parts.column(data, "day", "date"),
        parts.column(data, "end", "date"),
        parts.column(data, "establishment"),
        parts.field(data, "projects", "project_code", "code"),
        parts.column(data, "project"),
        parts.field(data, "trainings", "title"),
        parts.field(data, "trainings", "audience"),
        parts.field(data, "trainings", "mode"),
        parts.field(data, "trainings", "headcount_target", "count", total=True),
        parts.column(data, "source", "source"),
    ]
    return parts.table(data, "training-calendar", rows, columns, days=_near(data))


def _messages(data: PackData, told: pd.DataFrame) -> Table:
    end = pd.Timestamp(data.portfolio.as_of) + pd.Timedelta(days=_near(data))
    own = told[told["status"].eq("overdue") | (told["status"].eq("planned") & (told["on"] <= end))]  # fmt: skip
    own = own.sort_values(["on", "project_code"], kind="stable")
    words = {s: data.tr(f"part-message-{s}") for s in ("overdue", "planned")}
    rows = parts.with_names(data, parts.with_source(own)).assign(
        message_state=own["status"].map(words).astype("object"),
        message_tone=own["status"].map({"overdue": "poor"}).fillna(""),
        channel=data.words("channel", own["channel"]),
    )
    columns = [
        parts.column(data, "on", "date"),
        parts.column(data, "message_state", tone="message_tone"),
        parts.field(data, "projects", "project_code", "code"),
        parts.column(data, "project"),
        parts.field(data, "communications", "audience"),
        parts.field(data, "communications", "message"),
        parts.field(data, "communications", "channel"),
        parts.column(data, "source", "source"),
    ]
    undated = parts.count(data, told["status"].eq("undated").sum())
    note = data.tr("part-message-calendar-note", undated=undated)
    return parts.table(data, "message-calendar", rows, columns, note=note, days=_near(data))  # fmt: skip
