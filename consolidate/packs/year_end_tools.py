"""What tools measured of services beside what workbooks say: both, and where they differ."""

from __future__ import annotations

import pandas as pd

from consolidate.model.pack import Block, Column, Section, Table, Text
from consolidate.packs import parts
from consolidate.packs.data import PackData
from consolidate.packs.times import month_label
from consolidate.packs.tool_measures import Measures, measures
from consolidate.packs.year_end_summary import fine_shares
from consolidate.packs.years import Years

_DOUBTS = frozenset({"planned-untold", "still-open", "kind-untold", "priority-unread"})
"""Reasons for which a line is taken all the same."""


def tools(data: PackData, told: Years) -> Section:
    """Return measures of tools against workbooks, files read, names not known."""
    found = measures(data, told)
    if found is None:
        text = Text((data.tr("part-tools-none"),))
        return parts.section(data, "year-tools", (text,))
    rows = _compared(data, found)
    blocks: list[Block] = [
        _held(data, rows, found),
        _unknown(data, found),
        _files(data),
    ]
    apart = int(rows["apart"].sum())
    lead = data.plural("part-tools-lead", apart, all=int(rows["both"].sum()))
    return parts.section(data, "year-tools", blocks, lead)


def tickets(data: PackData, told: Years) -> Section:
    """Return incidents counted by tools against those of workbooks."""
    found = measures(data, told)
    blocks = () if found is None else (_counts(data, _compared(data, found)),)
    return parts.section(data, "year-tickets", blocks)


def _compared(data: PackData, found: Measures) -> pd.DataFrame:
    setting = data.rules.packs["year-end"]
    rows = found.months
    gap = rows["tool_availability"] - rows["availability_actual"]
    more = rows["tool_incidents"] - rows["incidents"]
    grave = rows["tool_major"] - rows["incidents_major"]
    off = gap.abs().round(9) > setting["availability_gap"]
    many = (more.abs() > setting["incidents_gap"]) | (grave.abs() > setting["incidents_gap"])  # fmt: skip
    return rows.assign(
        label=[month_label(data, int(m)) for m in rows["month"]],
        off=off,
        many=many,
        apart=off | many,
        both=gap.notna() | more.notna(),
        gap_points=gap * 100,
        more=more,
    )


def _held(data: PackData, rows: pd.DataFrame, found: Measures) -> Table:
    own = rows[rows["tool_availability"].notna()]
    own = own.sort_values(["off", "service", "month"], ascending=[False, True, True], kind="stable")  # fmt: skip
    assumed = data.tr("part-hours-assumed")
    hours = {s: h.label() + (assumed if s in found.assumed else "") for s, h in found.hours.items()}  # fmt: skip
    own = own.assign(
        service_name=own["service"],
        hours=own["service"].map(hours),
        book_availability=fine_shares(data, own["availability_actual"]),
        availability_target=fine_shares(data, own["availability_target"]),
        tool_share=fine_shares(data, own["tool_availability"]),
        tool_tone=_kept(own["tool_availability"], own["availability_target"]),
        gap_tone=own["off"].map({True: "fair", False: ""}),
    )
    columns = [
        parts.column(data, "service_name"),
        parts.column(data, "label"),
        parts.column(data, "hours"),
        parts.column(data, "availability_target"),
        parts.column(data, "tool_share", tone="tool_tone"),
        parts.column(data, "book_availability"),
        parts.column(data, "gap_points", "number", tone="gap_tone"),
        parts.column(data, "down_h", "number"),
        parts.column(data, "longest_h", "number"),
        parts.column(data, "outage_files"),
    ]
    return parts.table(data, "tool-availability", own, columns, note=data.tr("part-tool-availability-note"))  # fmt: skip


def _kept(actual: pd.Series, target: pd.Series) -> pd.Series:
    gap = (actual - target).round(9)
    return (gap >= 0).map({True: "good", False: "poor"}).where(gap.notna(), "unknown")


def _counts(data: PackData, rows: pd.DataFrame) -> Table:
    own = rows[rows["tool_incidents"].notna()]
    own = own.sort_values(["many", "service", "month"], ascending=[False, True, True], kind="stable")  # fmt: skip
    own = own.assign(
        service_name=own["service"],
        book_incidents=own["incidents"],
        book_major=own["incidents_major"],
        more_tone=own["many"].map({True: "fair", False: ""}),
    )
    columns = [
        parts.column(data, "service_name"),
        parts.column(data, "label"),
        parts.column(data, "tool_incidents", "count"),
        parts.column(data, "book_incidents", "count"),
        parts.column(data, "more", "number", tone="more_tone"),
        parts.column(data, "tool_major", "count"),
        parts.column(data, "book_major", "count"),
        parts.column(data, "restored", "count"),
        parts.column(data, "restore_h", "number"),
        parts.column(data, "tool_compliance", "share"),
        parts.column(data, "ticket_files"),
    ]
    return parts.table(data, "tool-incidents", own, columns, note=data.tr("part-tool-incidents-note"))  # fmt: skip


def _unknown(data: PackData, found: Measures) -> Table:
    columns = [
        parts.column(data, "tool"),
        parts.column(data, "tool_lines", "count", total=True),
        parts.column(data, "files"),
        Column("pmo_name", data.tr("part-col-pmo-name"), fill=True),
    ]
    rows = found.unknown.assign(tool_lines=found.unknown["lines"], pmo_name=None)
    return parts.table(data, "tool-unknown", rows, columns, note=data.tr("part-tool-unknown-note"))  # fmt: skip


def _files(data: PackData) -> Table:
    from consolidate.wording import catalogue  # noqa: PLC0415

    rows = data.registers["service_imports"]
    labels = catalogue()["labels"]
    findings = catalogue()["findings"]

    def why(reason: str) -> str:
        if f"part-import-{reason}" in labels:
            return data.tr(f"part-import-{reason}")
        return str(findings[reason]["message"][data.lang]) if reason in findings else reason  # fmt: skip

    rows = rows.assign(
        workbook_name=rows["workbook"],
        import_kind=[data.tr(f"part-import-kind-{k or 'none'}") for k in rows["kind"]],
        lines_read=rows["rows"],
        lines_kept=rows["read"],
        import_reason=rows["reason"].map(
            lambda r: why(r) if r else data.tr("part-import-fine")
        ),
        import_count=rows["count"],
        reason_tone=["fair" if r and r not in _DOUBTS else "" for r in rows["reason"]],
        fingerprint=rows["sha256"].str[:12],
    )
    columns = [
        parts.column(data, "workbook_name"),
        parts.column(data, "import_kind"),
        parts.column(data, "lines_read", "count"),
        parts.column(data, "lines_kept", "count"),
        parts.column(data, "import_reason", tone="reason_tone"),
        parts.column(data, "import_count", "count"),
        parts.column(data, "fingerprint", "code"),
    ]
    return parts.table(data, "tool-files", rows, columns, note=data.tr("part-tool-files-note"))  # fmt: skip
