"""What was understood of one workbook, as plain text."""

from __future__ import annotations

from collections.abc import Iterator

from consolidate.cli.findings import field_label, table_label
from consolidate.cli.text import decimal, excerpt, number, one_line, table
from consolidate.model.finding import Finding
from consolidate.model.schema import Schemas
from consolidate.model.workbook import Column, Extract, Region
from consolidate.wording import catalogue, message, plural, tr


def extract_lines(
    extract: Extract, schemas: Schemas, lang: str, *, verbose: bool = False
) -> list[str]:
    """Return what was understood: the workbook, then each sheet and its regions."""
    cells = tr(
        "cli-cells",
        lang,
        mapped=number(extract.cells_mapped, lang),
        read=number(extract.cells_read, lang),
        left=number(extract.cells_left, lang),
    )
    facts = (
        extract.workbook,
        extract.kind,
        extract.language,
        extract.report_month,
        cells,
    )
    lines = [" · ".join(one_line(f) for f in facts if f)]
    if not extract.regions:
        lines.append(tr("cli-no-region", lang))
    sheet = None
    for region in extract.regions:
        if region.sheet != sheet:
            sheet = region.sheet
            name = one_line(sheet)
            key = "cli-sheet-hidden" if region.hidden else "cli-sheet"
            lines += ["", tr(key, lang, name=name)]
        lines += _region_lines(region, schemas, lang, verbose=verbose)
    lines += _finding_lines(extract.findings, lang, verbose=verbose)
    return lines


def _region_lines(
    region: Region, schemas: Schemas, lang: str, *, verbose: bool
) -> Iterator[str]:
    shape = _label(f"cli-shape-{region.shape}", region.shape, lang)
    if not region.table:
        why = _label(f"cli-left-{region.reason}", region.reason or "?", lang)
        yield f"  {region.box.a1}  " + tr("cli-left-out", lang, shape=shape, why=why)
    else:
        count = plural(
            "cli-record", region.records, lang, number=number(region.records, lang)
        )
        sure = tr("cli-sure", lang, score=decimal(region.score, lang))
        name = table_label(schemas, region.table, lang)
        yield f"  {region.box.a1}  {region.table} ({name}) · {shape} · {count} · {sure}"
    if verbose and region.evidence:
        parts = (f"{key} {value:+.2f}" for key, value in region.evidence.items())
        yield "    = " + ", ".join(parts)
    if region.table and region.columns:
        head = tuple(
            tr(f"cli-col-{c}", lang) for c in ("cell", "header", "field", "sure", "how")
        )
        rows = [
            head,
            *(_column_row(region.table, c, schemas, lang) for c in region.columns),
        ]
        yield from table(rows, indent="    ")


def _column_row(
    name: str, column: Column, schemas: Schemas, lang: str
) -> tuple[str, str, str, str, str]:
    header = excerpt(column.header, 36)
    if column.field:
        label = field_label(schemas, name, column.field, lang)
        field, sure = f"{column.field} ({label})", decimal(column.confidence, lang)
        how = ", ".join(filter(None, (column.method, column.unit, column.tax)))
    elif column.method == "across":
        field, sure, how = "–", "", tr("cli-period", lang)
    else:
        field, sure = "–", ""
        near = ", ".join(f"{f} {decimal(s, lang)}" for f, s in column.candidates[:3])
        how = tr("cli-unused-near", lang, near=near) if near else tr("cli-unused", lang)
    return column.ref, header, field, sure, how


def _finding_lines(
    findings: tuple[Finding, ...], lang: str, *, verbose: bool
) -> Iterator[str]:
    if not findings:
        return
    yield ""
    yield plural("cli-remarks", len(findings), lang)
    for finding in findings if verbose else ():
        head = (
            f"  {one_line(finding.ref)}: {finding.severity.name.lower()} {finding.rule}"
        )
        yield head
        yield f"    {one_line(message(finding, lang))}"


def _label(key: str, otherwise: str, lang: str) -> str:
    known: str = catalogue()["labels"].get(key, {}).get(lang, otherwise)
    return known
