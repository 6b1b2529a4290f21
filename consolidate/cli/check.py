"""``consolidate check``: what a project manager corrects before sending."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from consolidate.cli import options as opt
from consolidate.cli.group import EXIT_FINDINGS
from consolidate.model.finding import Severity

if TYPE_CHECKING:
    from consolidate.cli.summary import Summary
    from consolidate.model.portfolio import Portfolio
    from consolidate.model.schema import Schemas


@click.command("check", epilog="Example: consolidate check P-0042.xlsx")
@click.argument(
    "workbook", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--period",
    metavar="YYYY-MM",
    callback=opt.month,
    help="Month the workbook reports on.  [default: the last complete month]",
)
@click.option(
    "--as-of",
    metavar="YYYY-MM-DD",
    callback=opt.day,
    help="Day the rules compare with.  [default: the period's last day, or today if earlier]",
)
@opt.fail_on_option
@opt.json_option
@click.option(
    "--verbose", "-v", is_flag=True, help="Show what is only worth knowing too."
)
@opt.shared
def command(
    *,
    workbook: Path,
    fail_on: str | None,
    as_json: bool,
    verbose: bool,
    settings: opt.Settings,
    **given: Any,
) -> int:
    """Tell what is to be corrected in WORKBOOK, cell by cell.

    Nothing is published or stored.

    \b
    Exit status:
      0  nothing to correct at or above --fail-on
      1  something to correct, or a workbook that cannot be read
      2  could not run
    """  # noqa: D301 (click reads the \b)
    from consolidate import pipeline
    from consolidate.cli.summary import summarise

    day = opt.today()
    period = given["period"] or opt.last_complete_month(day)
    portfolio = pipeline.check(
        workbook,
        settings.config,
        period=period,
        as_of=given["as_of"] or opt.cut_off(period, day),
        lang=settings.lang,
    )
    summary = summarise(portfolio)
    floor = Severity.INFO if verbose else Severity.WARNING
    level = fail_on or settings.config.run.fail_on
    status = EXIT_FINDINGS if summary.has_to_correct(level) else 0
    if as_json:
        click.echo(_json(portfolio, summary, status))
    else:
        _tell(portfolio, summary, settings, floor)
    return status


def _tell(
    portfolio: Portfolio, summary: Summary, settings: opt.Settings, floor: Severity
) -> None:
    from consolidate.cli.findings import configured_schemas, finding_lines
    from consolidate.wording import plural, tr

    lang = settings.lang
    schemas = configured_schemas(settings.config)
    click.echo("\n".join(_understood(portfolio, summary, schemas, lang)))
    shown = [f for f in _records(portfolio) if Severity[f["severity"].upper()] >= floor]
    hidden = len(portfolio.findings) - len(shown)
    for finding in shown:
        click.echo("\n" + "\n".join(finding_lines(finding, schemas, lang)))
    if hidden:
        click.echo("\n" + plural("cli-hidden", hidden, lang))
    if not shown:
        click.echo(tr("cli-nothing-to-correct", lang))


def _understood(
    portfolio: Portfolio, summary: Summary, schemas: Schemas, lang: str
) -> list[str]:
    """Return what was understood, in a few lines."""
    from consolidate.cli.findings import table_label
    from consolidate.cli.summary import reason
    from consolidate.cli.text import number, one_line
    from consolidate.wording import plural, tr

    lines = []
    for book in portfolio.workbooks.to_dict("records"):
        read, mapped = _count(book["cells_read"]), _count(book["cells_mapped"])
        why = (
            reason(str(book["reason"]), lang) if isinstance(book["reason"], str) else ""
        )
        state = tr(f"cli-is-{book['state']}", lang)
        lines.append(
            f"{one_line(book['workbook'])} : {state}"
            + (f" ({one_line(why)})" if why else "")
        )
        left = _count(book["cells_left"])
        cells = {
            name: number(count, lang)
            for name, count in (("mapped", mapped), ("read", read), ("left", left))
        }
        lines.append("  " + tr("cli-cells", lang, **cells))
        if isinstance(book["project_codes"], str) and book["project_codes"]:
            codes = one_line(book["project_codes"].replace(";", ", "))
            lines.append("  " + tr("cli-of-projects", lang, codes=codes))
    counts = [
        f"{number(n, lang)} {table_label(schemas, t, lang)}"
        for t, n in summary.records.items()
    ]
    lines.append("  " + tr("cli-read-as", lang, tables=" · ".join(counts) or "–"))
    severities = ", ".join(
        plural(f"cli-finding-{s}", n, lang, number=number(n, lang))
        for s, n in summary.findings.items()
    )
    return [*lines, f"  {severities}"]


def _count(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        # A rejected workbook has no count: None, NaN or NA, as its column's type is.
        return 0


def _records(portfolio: Portfolio) -> list[Mapping[Any, Any]]:
    return list(portfolio.findings.to_dict("records"))


def _json(portfolio: Portfolio, summary: Summary, status: int) -> str:
    from consolidate.cli.findings import as_records
    from consolidate.cli.summary import as_json
    from consolidate.model.portfolio import FINDING_COLUMNS

    content = {
        **as_json(summary),
        "to_correct": as_records(_records(portfolio), FINDING_COLUMNS),
        "exit_status": status,
    }
    return json.dumps(content, ensure_ascii=False, indent=2)
