"""The values of one row, as a person sees them: fills, symbols, merged and borrowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from consolidate.mapping.rows import Row
from consolidate.mapping.scope import Scope
from consolidate.model.block import Block, Lane
from consolidate.model.schema import TableSpec
from consolidate.model.workbook import Column, Look, Position, Sheet, Value

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


def merged_down(sheet: Sheet, block: Block) -> Mapping[Position, Position]:
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


def row_values(
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
                "number_format": sheet.look(*at).format
                if not isinstance(raw, str)
                else "",
            }
        )
    _borrow_name(values, spec)
    section = _SECTION_FIELD.get(target)
    if row.section and section and all(v["name"] != section for v in values):
        text, r, c = row.section
        values.append(
            {
                "name": section,
                "raw": text,
                "sheet": sheet,
                "at": (r, c),
                "method": "section",
                "confidence": 0.9,
            }
        )
    return values


def _borrow_name(values: list[dict[str, object]], spec: TableSpec) -> None:
    """Name a row without a sub-task by its task: the phase column of that row."""
    if "name" not in spec.by_name or "phase" not in spec.by_name:
        return
    if any(v["name"] == "name" and not _is_blank(v["raw"]) for v in values):
        return
    phase = next(
        (v for v in values if v["name"] == "phase" and v["method"] != "merged"), None
    )
    if phase:
        values[:] = [v for v in values if v["name"] != "name"]
        values.append({**phase, "name": "name", "confidence": 0.85})


def _is_blank(raw: object) -> bool:
    return raw is None or (isinstance(raw, str) and not raw.strip(" -–—_.…"))


def _field_in(name: str, table: str, target: str) -> str:
    """Return the field of a RAID row's own table that a column of the log stands for."""
    if table == target:
        return name
    return {
        "kind": "",
        "escalation_level": "",
        "impact": "impact",
        "priority": "criticality",
    }.get(name, name)


def _seen(sheet: Sheet, at: Position, values: str, name: str) -> tuple[Value, str]:
    """Return what a cell shows, and how when it is not its value: fill, symbol, icon."""
    raw = sheet.value(*at)
    look: Look = sheet.look(*at)
    if raw is None and at in sheet.errors:
        return None, ""
    if isinstance(raw, str) and not raw.strip():
        raw = None
    if isinstance(raw, str) and look.font and len(raw.strip()) <= 2:
        return (
            (look.ink or raw, "ink")
            if raw.strip() in {"l", "n", "●", "■"} and look.ink
            else (raw, "symbol")
        )
    if values in _COLOUR_FIELDS:
        if look.icon:
            return look.icon, "icon"
        blank = raw is None or (
            isinstance(raw, str) and raw.strip() in {"●", "■", "⬤", "•", "◼", "⚫"}
        )
        if blank and look.ink and raw is not None:
            return look.ink, "ink"
        if blank and look.fill and look.fill != "FFFFFF":
            return look.fill, "fill"
    del name
    return raw, ""
