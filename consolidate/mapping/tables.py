"""From a block of cells to records: the table, its columns, its rows."""

from __future__ import annotations

import bisect
import dataclasses
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from consolidate.mapping.assign import Choice, Reading, choose, naming_fields, nudges, read_as
from consolidate.mapping.builder import Builder
from consolidate.mapping.legend import Legends
from consolidate.mapping.periods import spread_periods, takes_periods
from consolidate.mapping.profile import Profile, profile
from consolidate.mapping.rows import Row, sort_rows
from consolidate.model.address import Box, a1, column_letters
from consolidate.model.block import Block, Lane
from consolidate.model.finding import Severity
from consolidate.model.lexicon import Lexicon, hints
from consolidate.model.schema import Schemas, TableSpec
from consolidate.model.text import fold
from consolidate.model.workbook import Column, Look, Position, Region, Sheet, Value

_TOLD_BELOW = 0.93
_SECTION_FIELD = {
    "milestones": "phase",
    "deliverables": "phase",
    "budget_lines": "category",
    "risks": "category",
    "objectives": "objective_type",
    "workload": "team",
    "projects": "programme",
}
_COLOUR_FIELDS = frozenset({"rag", "trend"})
_RAID_KINDS = {"risk": "risks", "risque": "risks", "risks": "risks", "risques": "risks", "r": "risks"}


@dataclass(frozen=True, slots=True)
class Scope:
    """What reading the tables of one sheet needs to know.

    Attributes:
        sheet: The sheet.
        schemas: The canonical tables and vocabularies.
        lexicon: Aliases of all fields.
        legends: Codes and scales explained on the sheet.
        workbook: Path of the workbook.
        unit: Money unit a note of the sheet states (``keur``), or empty.
        french: Whether the workbook is in French.
    """

    sheet: Sheet
    schemas: Schemas
    lexicon: Lexicon
    legends: Legends
    workbook: str
    unit: str = ""
    french: bool = True


def turned(sheet: Sheet, block: Block) -> tuple[Sheet, Block]:
    """Return a transposed block and its sheet the usual way round."""
    width = max((len(r) for r in sheet.rows), default=0)
    rows = [[sheet.value(r, c) for r in range(len(sheet.rows))] for c in range(width)]
    flip = lambda p: (p[1], p[0])  # noqa: E731
    other = dataclasses.replace(
        sheet,
        rows=rows,
        merges=tuple(Box(m.left, m.top, m.right, m.bottom) for m in sheet.merges),
        looks={flip(p): v for p, v in sheet.looks.items()},
        errors={flip(p): v for p, v in sheet.errors.items()},
        uncached=frozenset(map(flip, sheet.uncached)),
        formulas=frozenset(map(flip, sheet.formulas)),
        hidden_rows=sheet.hidden_cols,
        hidden_cols=sheet.hidden_rows,
    )
    box = Box(block.box.left, block.box.top, block.box.right, block.box.bottom)
    lanes = tuple(
        dataclasses.replace(lane, cell=flip(lane.cell) if lane.cell else None)
        for lane in block.lanes
    )
    return other, dataclasses.replace(block, box=box, lanes=lanes)


def read_table(builder: Builder, scope: Scope, block: Block) -> bool:
    """Add the records of a block to the builder.

    Returns:
        False when the block is no table of a portfolio; it is told as left out then.
    """
    sheet = scope.sheet
    profiles = [_profile(sheet, block, lane, scope.schemas) for lane in block.lanes]
    readings = [
        found
        for spec in scope.schemas.tables.values()
        if (found := read_as(block, profiles, spec, scope.lexicon))
    ]
    hint = nudges(scope.schemas, sheet.name, block.title, scope.workbook.rpartition("/")[2])
    best, ranking = choose(readings, hint)
    if best is None:
        builder.leave_out(sheet, block, "unknown", ranking)
        return False
    choices = _confirmed(block, profiles, best)
    columns = tuple(
        _column(scope, block, lane, choice, seen)
        for lane, choice, seen in zip(block.lanes, choices, profiles, strict=True)
    )
    fields = {
        lane.at: c.field for lane, c in zip(block.lanes, choices, strict=True) if c.field
    }
    names = naming_fields(best.table)
    split = best.table == "milestones" and _has_two_names(choices)
    rows = sort_rows(sheet, block, fields, (*names, "phase") if split else names)
    number = len(builder.regions)
    before = len(builder.records)
    _add_records(builder, scope, block, best.table, columns, rows, number)
    builder.regions.append(
        Region(
            sheet.name,
            block.box,
            best.table,
            "transposed" if block.shape == "transposed" else "table",
            score=min(1.0, best.score / (best.score + 2)),
            header_rows=block.header,
            columns=columns,
            records=len(builder.records) - before,
            hidden=not sheet.visible,
            evidence={**best.evidence, **{f"table {t}": s for t, s in ranking}},
        )
    )
    held = _held(builder, before)
    _tell_columns(builder, sheet, block, columns, best.table, profiles, held)
    _tell_rows(builder, sheet, block, rows, best.table)
    return True


def _held(builder: Builder, first: int) -> set[int]:
    """Return the columns that gave a value to a record added since ``first``."""
    cells = builder.cells
    start = bisect.bisect_left(cells.record, first)
    return set(cells.column[start:])


def _profile(sheet: Sheet, block: Block, lane: Lane, schemas: Schemas) -> Profile:
    if lane.period is not None:
        return Profile()
    cells = [
        (sheet.value(r, lane.at), sheet.look(r, lane.at))
        for r in block.body[:80]
    ]
    return profile(cells, schemas.vocabularies)


def _has_two_names(choices: Sequence[Choice]) -> bool:
    """Whether a column that could be the name was given to the phase."""
    return any(
        c.field == "phase" and any(n == "name" and s >= 0.75 for n, s in c.candidates)
        for c in choices
    )


def _confirmed(
    block: Block, profiles: Sequence[Profile], best: Reading
) -> tuple[Choice, ...]:
    """Leave out choices whose column is mostly something else than its field."""
    del block, profiles
    return best.choices


def _column(
    scope: Scope, block: Block, lane: Lane, choice: Choice, seen: Profile
) -> Column:
    said = hints(lane.label)
    words = _choices_of(scope.sheet, lane, block)
    title = hints(block.title)
    scale = said.scale or _scale_of(words)
    legend = scope.legends.for_header(lane.label)
    unit = said.unit or _unit_of_formats(seen) or ""
    return Column(
        ref=a1(*lane.cell) if lane.cell else f"{column_letters(lane.at)}{block.header[-1] + 1 if block.header else 1}",
        header=lane.label,
        field=choice.field,
        confidence=round(choice.score, 2),
        method=choice.method,
        candidates=choice.candidates,
        unit=unit or (scope.unit if choice.field and not said.unit else ""),
        tax=said.tax or title.tax,
        year=said.year or title.year,
        scale=scale or legend.scale,
        codes=legend.codes,
        choices=words,
    )


def _unit_of_formats(seen: Profile) -> str:
    return "percent" if seen.percent > 0.5 else ""


def _choices_of(sheet: Sheet, lane: Lane, block: Block) -> tuple[str, ...]:
    if not block.body:
        return ()
    where = (block.body[0], lane.at)
    return next((words for box, words in sheet.choices if where in box), ())


def _scale_of(words: Sequence[str]) -> int:
    numbers = [int(w) for w in words if w.strip().isdigit()]
    if len(numbers) == len(words) and len(words) in range(3, 11):
        return max(numbers)
    return 0


def _add_records(
    builder: Builder,
    scope: Scope,
    block: Block,
    table: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    region: int,
) -> None:
    sheet = scope.sheet
    used = [(i, lane, columns[i]) for i, lane in enumerate(block.lanes) if columns[i].field]
    periods = [(i, lane) for i, lane in enumerate(block.lanes) if lane.period is not None]
    spread = takes_periods(table, sheet, block, [lane for _, lane in periods])
    down = _merged_down(sheet, block)
    kind_at = next((lane.at for _, lane, c in used if c.field == "kind"), None)
    for row in rows:
        if row.kind != "record":
            continue
        target = table
        if table == "actions" and kind_at is not None:
            said = fold(str(sheet.value(row.at, kind_at) or ""))
            target = _RAID_KINDS.get(said, table)
        values = _values(scope, row, used, down, target, table)
        if spread:
            spread_periods(
                builder, scope.sheet, block, target, region, row, values, columns, periods
            )
            continue
        record = builder.add_record(target, region, row.at)
        for value in values:
            builder.add(record, **value)  # type: ignore[arg-type]


def _merged_down(sheet: Sheet, block: Block) -> Mapping[Position, Position]:
    """Return, for cells covered by a merge over rows, the cell that holds the value."""
    found: dict[Position, Position] = {}
    for box in sheet.merges:
        if box.bottom == box.top or box.top < (block.header[-1] if block.header else 0):
            continue
        if box.left > block.box.right or box.right < block.box.left:
            continue
        if box.bottom - box.top > 500:
            continue
        for row in range(box.top + 1, box.bottom + 1):
            found[row, box.left] = (box.top, box.left)
    return found


def _values(
    scope: Scope,
    row: Row,
    used: Sequence[tuple[int, Lane, Column]],
    down: Mapping[Position, Position],
    target: str,
    table: str,
) -> list[dict[str, object]]:
    sheet = scope.sheet
    spec = scope.schemas.tables[target]
    values: list[dict[str, object]] = []
    for i, lane, column in used:
        name = _field_in(column.field, table, target)
        if name not in spec.by_name:
            continue
        at = (row.at, lane.at)
        method, confidence = column.method, min(1.0, column.confidence)
        if at in down:
            at, method = down[at], "merged"
        raw, how = _seen(sheet, at, spec.by_name[name].values, name)
        if raw is None:
            continue
        values.append(
            {
                "name": name,
                "raw": raw,
                "sheet": sheet,
                "at": at,
                "column": i,
                "method": how or method,
                "confidence": min(confidence, 0.9) if how else confidence,
                "number_format": sheet.look(*at).format if not isinstance(raw, str) else "",
            }
        )
    _borrow_name(values, spec)
    section = _SECTION_FIELD.get(target)
    if row.section and section and all(v["name"] != section for v in values):
        text, r, c = row.section
        values.append(
            {"name": section, "raw": text, "sheet": sheet, "at": (r, c), "method": "section", "confidence": 0.9}
        )
    return values


def _borrow_name(values: list[dict[str, object]], spec: TableSpec) -> None:
    """Name a row without a sub-task by its task: the phase column of that row."""
    if "name" not in spec.by_name or "phase" not in spec.by_name:
        return
    if any(v["name"] == "name" and not _is_blank(v["raw"]) for v in values):
        return
    phase = next((v for v in values if v["name"] == "phase" and v["method"] != "merged"), None)
    if phase:
        values[:] = [v for v in values if v["name"] != "name"]
        values.append({**phase, "name": "name", "confidence": 0.85})


def _is_blank(raw: object) -> bool:
    return raw is None or (isinstance(raw, str) and not raw.strip(" -–—_.…"))


def _field_in(name: str, table: str, target: str) -> str:
    """Return the field of a RAID row's own table that a column of the log stands for."""
    if table == target:
        return name
    return {"kind": "", "escalation_level": "", "impact": "impact", "priority": "criticality"}.get(name, name)


def _seen(sheet: Sheet, at: Position, values: str, name: str) -> tuple[Value, str]:
    """Return what a cell shows, and how when it is not its value: fill, symbol, icon."""
    raw = sheet.value(*at)
    look: Look = sheet.look(*at)
    if raw is None and at in sheet.errors:
        return None, ""
    if isinstance(raw, str) and not raw.strip():
        raw = None
    if isinstance(raw, str) and look.font and len(raw.strip()) <= 2:
        return (look.ink or raw, "ink") if raw.strip() in {"l", "n", "●", "■"} and look.ink else (raw, "symbol")
    if values in _COLOUR_FIELDS:
        if look.icon:
            return look.icon, "icon"
        blank = raw is None or (isinstance(raw, str) and raw.strip() in {"●", "■", "⬤", "•", "◼", "⚫"})
        if blank and look.ink and raw is not None:
            return look.ink, "ink"
        if blank and look.fill and look.fill != "FFFFFF":
            return look.fill, "fill"
    del name
    return raw, ""


def _tell_columns(
    builder: Builder,
    sheet: Sheet,
    block: Block,
    columns: Sequence[Column],
    table: str,
    profiles: Sequence[Profile],
    held: Set[int],
) -> None:
    for i, (lane, column, seen) in enumerate(
        zip(block.lanes, columns, profiles, strict=True)
    ):
        if lane.period is not None:
            continue
        if column.field:
            _tell_doubt(builder, sheet, column, table, empty=i not in held)
        elif column.header or seen.filled:
            names = ", ".join(name for name, _ in column.candidates[:3])
            rule = "column-ambiguous" if column.candidates else "column-unused"
            builder.tell(
                rule,
                Severity.INFO,
                sheet.name,
                column.ref,
                table=table,
                raw=column.header,
                params={"candidates": names, "filled": str(seen.filled)},
            )
    _tell_calendar(builder, sheet, block, columns, table)


def _tell_doubt(
    builder: Builder, sheet: Sheet, column: Column, table: str, *, empty: bool
) -> None:
    rivals = [n for n, s in column.candidates if n != column.field and s > column.confidence - 0.12]
    if empty:
        rule = "column-empty"
    elif column.method == "position":
        rule = "column-assumed"
    elif column.confidence < _TOLD_BELOW or rivals:
        rule = "column-doubtful"
    else:
        return
    builder.tell(
        rule,
        Severity.INFO,
        sheet.name,
        column.ref,
        table=table,
        name=column.field,
        raw=column.header,
        params={"candidates": ", ".join(rivals), "certainty": f"{column.confidence:.0%}"},
    )


def _tell_calendar(
    builder: Builder, sheet: Sheet, block: Block, columns: Sequence[Column], table: str
) -> None:
    """Tell of months, weeks or days across that gave no value: a drawn calendar."""
    lanes = [lane for lane in block.lanes if lane.period is not None]
    if not lanes or takes_periods(table, sheet, block, lanes):
        return
    box = Box(block.box.top, lanes[0].at, block.box.bottom, lanes[-1].at)
    builder.tell("region-calendar", Severity.INFO, sheet.name, box.a1, table=table)
    del columns


def _tell_rows(
    builder: Builder, sheet: Sheet, block: Block, rows: Sequence[Row], table: str
) -> None:
    for row in rows:
        where = Box(row.at, block.box.left, row.at, block.box.right).a1
        shown = next(
            (str(v) for _, v in _filled(sheet, row.at, block.box)), ""
        )
        if row.kind == "nameless":
            builder.left_out = True
            builder.tell("row-without-name", Severity.ERROR, sheet.name, where, table=table, raw=shown)
        elif row.kind == "placeholder":
            builder.tell("row-placeholder", Severity.INFO, sheet.name, where, table=table, raw=shown)
        elif row.kind == "note":
            builder.tell("row-note", Severity.INFO, sheet.name, where, table=table, raw=shown)


def _filled(sheet: Sheet, row: int, box: Box) -> list[tuple[int, Value]]:
    return [
        (c, v)
        for c in range(box.left, box.right + 1)
        if (v := sheet.value(row, c)) is not None
    ]
