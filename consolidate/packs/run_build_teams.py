"""Run and build of each team, against its own past and its capacity."""

from __future__ import annotations

import pandas as pd

from consolidate.analyse.recorded import GROUPS, in_year
from consolidate.model.pack import Block, Chart, Section, Series, Table
from consolidate.packs import parts
from consolidate.packs.data import PackData
from consolidate.packs.run_build_summary import gap_tone, period_year
from consolidate.packs.times import Times, fte, month_label, target_of

LINES = 8
"""Teams whose line is drawn: more cannot be told apart."""
_ALERTS = ("W02", "W03", "W04", "W06", "W07", "M08")
"""Rules of time that name no person."""


def teams(data: PackData, told: Times) -> Section:
    """Return the teams: this month, against their past, their capacity, the year."""
    month = team_month(data, told)
    over = int(month["gap_tone"].isin(["fair", "poor"]).sum())
    lead = data.plural("part-teams-lead", over, all=int(month["run_share"].notna().sum()))  # fmt: skip
    blocks: list[Block] = []
    if len(month):
        blocks.append(_bars(data, month, told))
    lines = _lines(data, told)
    if lines is not None:
        blocks.append(lines)
    blocks += [_shares(data, month), _capacity(data, month), _year(data, told), _alerts(data)]  # fmt: skip
    return parts.section(data, "run-teams", blocks, lead if len(month) else "")


def team_month(data: PackData, told: Times) -> pd.DataFrame:
    """Return each team's month: ``balance`` and what it is compared with.

    Returns:
        The columns of ``balance``, then ``before`` (share of run of the month before),
        ``past`` (own median), ``target``, ``past_gap`` (share over the target, else over the
        past), ``gap_tone``, ``run_fte``, ``build_fte``, ``run_capacity`` (run over capacity
        less absence); the largest first.
    """
    limits = data.rules.settings["run-share-high"].limits
    rows = told.teams[told.teams["month"] == told.now].set_index("team")
    before = told.teams[told.teams["month"] == told.now - 1].set_index("team")
    target = pd.Series({t: target_of(data, t) for t in rows.index}, dtype="float64")
    past = told.past.reindex(rows.index).astype("float64")
    gap = rows["run_share"] - target.fillna(past)
    own = rows.assign(
        before=before["run_share"].reindex(rows.index),
        past=past,
        target=target,
        past_gap=gap,
        gap_tone=[gap_tone(g, limits) if pd.notna(g) else "" for g in gap],
        run_fte=fte(data, rows["run"]),
        build_fte=fte(data, rows["build"]),
        told_people=_people(rows),
        run_capacity=_of_capacity(rows),
    )
    return own.reset_index().sort_values(["recorded", "team"], ascending=[False, True], ignore_index=True)  # fmt: skip


def _of_capacity(rows: pd.DataFrame) -> pd.Series:
    """Return run over capacity less absence, of teams whose every capacity is known."""
    free = rows["capacity"] - rows["absence"].fillna(0.0)
    whole = rows["people"].eq(rows["able"]) & free.gt(0)
    found: pd.Series = (rows["run"] / free).where(whole)
    return found


def _people(rows: pd.DataFrame) -> pd.Series:
    able, people = (rows[n].fillna(0).astype("int64").astype("str") for n in ("able", "people"))  # fmt: skip
    return (able + " / " + people).astype("object")


def _bars(data: PackData, month: pd.DataFrame, told: Times) -> Chart:
    known = month[month["recorded"].notna()]
    labels = [
        f"{r['team']} ({parts.percent(data, r['run_share'])})" if pd.notna(r["run_share"]) else str(r["team"])
        for r in known.to_dict("records")
    ]  # fmt: skip
    frame = known[list(GROUPS)].assign(label=labels).reset_index(drop=True)
    return Chart(
        "team-days",
        "stacked",
        data.tr("part-chart-teams", month=month_label(data, told.now, short=False)),
        frame,
        "label",
        tuple(Series(g, data.tr(f"part-group-{g}")) for g in GROUPS),
        "days",
        data.tr("part-axis-team"),
        data.tr("part-axis-effort"),
        data.tr("part-chart-teams-text"),
    )


def _lines(data: PackData, told: Times) -> Chart | None:
    """Return the share of run of the largest teams over the months; None of one month."""
    known = told.teams[told.teams["run_share"].notna()]
    if known["month"].nunique() < 2:
        return None
    largest = known.groupby("team")["recorded"].sum().nlargest(LINES).index
    wide = known.pivot_table(index="month", columns="team", values="run_share")
    wide = wide.reindex(range(int(wide.index.min()), told.now + 1))[list(largest)]
    names = {team: f"team{n}" for n, team in enumerate(largest)}
    frame = wide.rename(columns=names).reset_index(drop=True)
    frame.insert(0, "label", [month_label(data, int(m)) for m in wide.index])
    return Chart(
        "team-shares",
        "lines",
        data.tr("part-chart-trend"),
        frame.rename_axis(columns=None),
        "label",
        tuple(Series(name, str(team)) for team, name in names.items()),
        "share",
        data.tr("part-axis-month"),
        data.tr("part-axis-run-share"),
        data.tr("part-chart-trend-text", count=len(names), all=known["team"].nunique()),
        target_of(data, "*"),
        data.tr("part-target-line") if target_of(data, "*") is not None else "",
    )


def _shares(data: PackData, month: pd.DataFrame) -> Table:
    columns = [
        parts.column(data, "team"),
        *(parts.column(data, g, "days", total=True) for g in GROUPS),
        parts.column(data, "run_fte", "number"),
        parts.column(data, "build_fte", "number"),
        parts.column(data, "run_share", "share"),
        parts.column(data, "wide_share", "share"),
        parts.column(data, "before", "share"),
        parts.column(data, "past", "share"),
        parts.column(data, "target", "share"),
        parts.column(data, "past_gap", "number", tone="gap_tone"),
    ]
    days = data.rules.packs["run-build"]["fte_days"]
    note = data.tr("part-run-team-shares-note", days=parts.count(data, days))
    rows = month.assign(past_gap=month["past_gap"] * 100)
    return parts.table(data, "run-team-shares", rows, columns, note=note)


def _capacity(data: PackData, month: pd.DataFrame) -> Table:
    columns = [
        parts.column(data, "team"),
        parts.column(data, "capacity", "days", total=True),
        parts.column(data, "absence", "days", total=True),
        parts.column(data, "recorded", "days", total=True),
        parts.column(data, "run_capacity", "share"),
        parts.column(data, "rate", "share"),
        parts.column(data, "unrecorded", "days", total=True),
        parts.column(data, "beyond", "days", total=True),
        parts.column(data, "told_people"),
    ]
    note = data.tr("part-run-team-capacity-note")
    return parts.table(data, "run-team-capacity", month, columns, note=note)


def _year(data: PackData, told: Times) -> Table:
    months = in_year(told.rows, told.now)["month"].nunique()
    rows = told.year.sort_values(["recorded", "team"], ascending=[False, True])
    rows = rows.assign(run_fte=fte(data, rows["run"], max(months, 1)))
    columns = [
        parts.column(data, "team"),
        *(parts.column(data, g, "days", total=True) for g in GROUPS),
        parts.column(data, "recorded", "days", total=True),
        parts.column(data, "run_fte", "number"),
        parts.column(data, "run_share", "share"),
        parts.column(data, "wide_share", "share"),
    ]
    note = data.tr("part-run-team-year-note", year=period_year(told.now), months=months)
    return parts.table(data, "run-team-year", rows, columns, note=note)


def _alerts(data: PackData) -> Table:
    """Return the alerts of time of the month; none that names a person."""
    rows = data.portfolio.alerts
    rows = rows[rows["code"].isin(_ALERTS)]
    columns = [
        parts.column(data, "severity", "severity"),
        parts.column(data, "code", "code"),
        parts.column(data, "about"),
        parts.column(data, "message"),
        parts.column(data, "since", "month"),
    ]
    rows = rows.assign(about=rows["object"].fillna(rows["project_code"]))
    return parts.table(data, "run-alerts", rows, columns, note=data.tr("part-run-alerts-note"))  # fmt: skip
