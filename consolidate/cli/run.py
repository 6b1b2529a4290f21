"""``consolidate run``: the month's workbooks in, one portfolio out."""

from __future__ import annotations

import dataclasses
import json
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from consolidate.cli import options as opt
from consolidate.cli.group import EXIT_FINDINGS
from consolidate.cli.progress import progress_bar
from consolidate.collector import paused
from consolidate.config_values import AUDIENCES
from consolidate.interrupts import ignore_requests
from consolidate.model.finding import Severity

if TYPE_CHECKING:
    from consolidate.cli.summary import Summary
    from consolidate.pipeline import RunOptions, RunResult


WAIT = 120.0
"""Seconds that a run waits for another one to have published."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Manner:
    """How a run tells what it does, apart from what it does."""

    dry_run: bool
    as_json: bool
    quiet: bool
    verbose: bool


@click.command(
    "run", epilog="Example: consolidate run inbox --output out --period 2026-10"
)
@click.argument(
    "inboxes",
    metavar="INBOX...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
)
@click.option(
    "--output",
    "-o",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("out"),
    show_default=True,
    metavar="OUT",
    help="Folder of the results, replaced as a whole.",
)
@click.option(
    "--period",
    metavar="YYYY-MM",
    callback=opt.month,
    help="Month reported on; its last day is the cut-off.  [default: the last complete month]",
)
@click.option(
    "--as-of",
    metavar="YYYY-MM-DD",
    callback=opt.day,
    help="Day the rules compare with.  [default: the period's last day, or today if earlier]",
)
@opt.store_option
@click.option("--no-store", is_flag=True, help="Run without history.")
@opt.fail_on_option
@click.option(
    "--allow-empty", is_flag=True, help="Publish even when INBOX holds no workbook."
)
@click.option(
    "--replies",
    is_flag=True,
    help="Write OUT/replies: for each workbook with findings, a copy annotated (or a list) and a text to send to its manager.",
)
@click.option(
    "--audience",
    type=click.Choice(AUDIENCES),
    help="shared: OUT names nobody but sponsors and project managers, and holds no replies and no drawn workbooks.  [default: the configuration's, else pmo]",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Workbooks read at the same time.  [default: one per processor, at most 4]",
)
@click.option(
    "--start-method", type=click.Choice(["spawn", "fork", "forkserver"]), hidden=True
)
@click.option(
    "--dry-run", "-n", is_flag=True, help="Do everything, publish and store nothing."
)
@opt.json_option
@click.option("--quiet", "-q", is_flag=True, help="No progress, no list of findings.")
@click.option("--verbose", "-v", is_flag=True, help="List every finding on stderr.")
@opt.shared
def command(  # noqa: PLR0913 (one argument an option)
    *,
    inboxes: tuple[Path, ...],
    output: Path,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
    fail_on: str | None,
    settings: opt.Settings,
    **given: Any,
) -> int:
    """Consolidate the workbooks of INBOX into OUT.

    INBOX is a folder, searched with its sub-folders, or a file: .xlsx .xlsm .xls .xlsb
    .ods .csv, and .zip, .eml and .msg that hold them.

    \b
    Exit status:
      0    published, nothing at or above --fail-on, no workbook rejected
      1    published, with findings at or above --fail-on, rejected workbooks, or
           workbooks that came after the month was closed
      2    could not run; nothing was published
      130  interrupted; nothing was published
    """  # noqa: D301 (click reads the \b)
    manner = _Manner(dry_run, as_json, quiet, verbose)
    options = _run_options(inboxes, output, settings, **given)
    level = fail_on or settings.config.run.fail_on
    if not dry_run:
        if options.home:
            opt.make_home(options.home)
        return _run(options, manner, level)
    with tempfile.TemporaryDirectory(prefix="consolidate-") as scratch:
        aside = dataclasses.replace(
            options, output=Path(scratch) / "out", store=None, home=None
        )
        return _run(aside, manner, level)


def _run_options(
    inboxes: tuple[Path, ...], output: Path, settings: opt.Settings, **given: Any
) -> RunOptions:
    from consolidate.pipeline import RunOptions

    if given["no_store"] and _typed("store"):
        raise click.UsageError("--store and --no-store exclude each other.")
    audience = given["audience"] or settings.config.report.audience
    if given["replies"] and audience == "shared":
        text = "--replies are the managers' own workbooks: not for the audience shared."
        raise click.UsageError(text)
    day = opt.today()
    period: str = given["period"] or opt.last_complete_month(day)
    as_of: date = given["as_of"] or opt.cut_off(period, day)
    return RunOptions(
        inboxes=inboxes,
        output=output,
        period=period,
        as_of=as_of,
        lang=settings.lang,
        store=None if given["no_store"] else opt.store_url(settings, given["store"]),
        config=settings.config,
        allow_empty=given["allow_empty"],
        replies=given["replies"],
        audience="shared" if audience == "shared" else "pmo",
        jobs=given["jobs"] or settings.config.run.jobs or opt.processors(),
        start_method=given["start_method"],
        home=None if given["no_store"] else settings.home,
        at=opt.now(),
        wait=WAIT,
    )


def _typed(option: str) -> bool:
    source = click.get_current_context().get_parameter_source(option)
    return source is click.core.ParameterSource.COMMANDLINE


@paused()
def _run(options: RunOptions, manner: _Manner, fail_on: str) -> int:
    from consolidate import pipeline
    from consolidate.cli.summary import summarise

    with progress_bar(quiet=manner.quiet, lang=options.lang) as progress:
        result = pipeline.run(options, progress, ignore_requests)
    summary = summarise(result.portfolio)
    to_do = summary.has_to_correct(fail_on) or bool(result.late)
    status = EXIT_FINDINGS if to_do else 0
    if not manner.quiet:
        _list_findings(result, "info" if manner.verbose else fail_on)
    if manner.as_json:
        click.echo(_json(options, result, summary, manner, status))
    else:
        _tell(options, result, summary, manner)
    if not manner.dry_run:
        call(options.config.run.heartbeat_url)
    return status


def _list_findings(result: RunResult, least: str) -> None:
    """Write one line a finding on stderr, to be searched by a log's reader.

    A terminal gets them with ``--verbose`` only: the summary says it better.
    """
    from consolidate.cli.summary import place

    if least == "never" or (least != "info" and sys.stderr.isatty()):
        return
    floor = Severity[least.upper()]
    for finding in result.portfolio.findings.to_dict("records"):
        if Severity[str(finding["severity"]).upper()] >= floor:
            click.echo(
                f"{place(finding, '!')}: {finding['severity']} {finding['rule']}",
                err=True,
            )


def _tell(
    options: RunOptions, result: RunResult, summary: Summary, manner: _Manner
) -> None:
    from consolidate.cli.summary import as_text, output_lines
    from consolidate.wording import plural, tr

    click.echo("\n".join(as_text(summary, options.lang)))
    if manner.dry_run:
        click.echo(tr("cli-dry-run", options.lang))
        return
    click.echo("\n".join(output_lines(result.output, options.lang)))
    click.echo("\n".join(_closed_lines(result, options)), nl=bool(result.closed))
    if result.cases:
        told = plural(
            "cli-cases-live", result.cases, options.lang, opened=result.opened
        )
        click.echo(told)
    if options.store is None:
        click.echo(tr("cli-no-store", options.lang))


def _closed_lines(result: RunResult, options: RunOptions) -> Iterator[str]:
    """Yield what there is to say when the month was closed before this run."""
    from consolidate.cli.text import excerpt
    from consolidate.wording import plural, tr

    known = {"period": options.period, "version": result.closed}
    if result.closed:
        yield tr("cli-month-republished", options.lang, **known)
    if result.late:
        yield plural("cli-month-came-late", len(result.late), options.lang, **known)
        yield from (f"  {excerpt(name, 92)}" for name in result.late)


def _json(
    options: RunOptions,
    result: RunResult,
    summary: Summary,
    manner: _Manner,
    status: int,
) -> str:
    from consolidate.cli.summary import OUTPUTS, as_json

    store = opt.without_password(options.store) if options.store else None
    there = (
        [] if manner.dry_run else [n for n in OUTPUTS if (result.output / n).exists()]
    )
    content = {
        **as_json(summary),
        "published": not manner.dry_run,
        "output": None if manner.dry_run else str(result.output),
        "outputs": there,
        "store": store,
        "snapshot": result.snapshot,
        "closed_version": result.closed or None,
        "late_workbooks": list(result.late),
        "assistance_cases": {"opened": result.opened, "open": result.cases},
        "cpu_seconds": {stage: round(s, 3) for stage, s in result.stages.items()},
        "exit_status": status,
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def call(url: str) -> None:
    """Tell the heartbeat address that a run was published; silence is not our failure."""
    if not url:
        return
    import urllib.request

    try:
        urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 (http(s) only, checked)
    except (OSError, ValueError) as err:
        click.echo(
            f"consolidate: the heartbeat address did not answer: {err}", err=True
        )
