"""Compose the stages; the only module that knows their order.

inbox -> deliveries -> extracts -> reading -> unified -> checked -> portfolio -> OUT
"""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from consolidate.audience import for_audience
from consolidate.clock import Clock
from consolidate.config import Config
from consolidate.decisions import ReadBack, normalising, read_decisions, with_files
from consolidate.findings import findings_frame
from consolidate.holding import held_back
from consolidate.intake import spool_folder
from consolidate.keeping import Keeper, home_told
from consolidate.layouts import LayoutsRead, Standings, layouts_read, note
from consolidate.model.error import ConsolidateError, UnreadableWorkbookError
from consolidate.model.finding import Finding, Outcome
from consolidate.model.output import RUN_FILE
from consolidate.model.portfolio import Portfolio
from consolidate.model.schema import Schemas, load_schemas
from consolidate.model.workbook import Extract
from consolidate.normalise import normalise
from consolidate.publish import Building, building, spooling
from consolidate.reception import (
    Received,
    layout_prints,
    list_inboxes,
    new_reader,
    read_inboxes,
    sources_frame,
)
from consolidate.register import Registers
from consolidate.registers import called, corrected, registers_of
from consolidate.resources import search_path
from consolidate.run_options import RunOptions, RunResult
from consolidate.run_record import run_record
from consolidate.unify import build_lineage, build_workbooks, unify, with_codes
from consolidate.validate import ValidateOptions, load_checks, unread_columns, validate
from consolidate.worker import Progress

if TYPE_CHECKING:
    from consolidate.store import Month


def run(
    options: RunOptions,
    progress: Progress | None = None,
    committing: Callable[[], None] = lambda: None,
) -> RunResult:
    """Consolidate the inboxes and publish the result, whole or not at all.

    A closed month is published as it was, byte for byte; nothing is computed.

    Order: archive, read, and then, one run at a time: build, commit the store, swap; a rerun heals what a crash left between.
    ``committing`` is called when all is built: nothing is to interrupt from there on.

    Raises:
        ConsolidateError: The run cannot go on; nothing was published.
    """
    clock = Clock()
    schemas = _schemas(options.config)
    keeper = Keeper(options)
    with spooling(options.output, options.lang) as spool:

        def read() -> Received:
            found = read_inboxes(options, spool, clock, progress, keeper)
            keeper.set_apart(found.of_patients)
            return held_back(options, found, keeper)

        received = None if _closed(options) else read()
        with building(options.output, options.lang, options.wait) as results:
            # Asked again: while this run read, somebody may have closed the month.
            if closed := _closed(options):
                return _publish_closed(
                    options, closed, results, (spool, keeper), committing
                )
            received = received or read()
            manner = (spool, clock, committing)
            result = _publish(options, schemas, received, results, manner)
    keeper.settle(result.portfolio.workbooks, result.reasons)
    if options.home is not None:
        with home_told(options.home, options.lang):
            note(options.home, result.layouts, options.at, options.lang)
    return result


def _publish(
    options: RunOptions,
    schemas: Schemas,
    received: Received,
    results: Building,
    manner: tuple[Path, Clock, Callable[[], None]],
) -> RunResult:
    """Make the portfolio of what was received, and publish it."""
    spool, clock, committing = manner
    kept = registers_of(options.config.registers.file, lambda: new_reader(options))
    back = read_decisions(options, schemas)
    kept = dataclasses.replace(kept, findings=(*kept.findings, *back.findings))
    layouts = _layouts(options, received)
    portfolio, findings = _portfolio(options, schemas, received, clock, kept, layouts)
    with clock.stage("alerts"):
        portfolio = _judged(options, with_files(portfolio, back), schemas, back)
    published = for_audience(options.audience, portfolio, schemas, kept)
    _write(options, published, schemas, received.drawings, results.stage, clock)
    if options.replies:
        told = (portfolio, findings, received, schemas)
        _reply(options, told, results.stage, spool, clock)
    results.seal()
    committing()
    with clock.stage("store"):
        stored = _save(options, portfolio, back)
    results.publish()
    return RunResult(
        portfolio,
        options.output,
        clock.stages,
        stored.snapshot,
        _states(portfolio),
        cases=stored.cases,
        opened=stored.opened,
        reasons=received.reasons,
        layouts=tuple(layouts.proposals.values()),
    )


def _states(portfolio: Portfolio) -> Mapping[str, int]:
    return dict(Counter(portfolio.workbooks["state"].tolist()))


def _closed(options: RunOptions) -> Month | None:
    """Return the month when it is closed."""
    if options.store is None:
        return None
    from consolidate import store  # noqa: PLC0415 (heavy)

    found = store.month(options.store, options.period, options.lang)
    return found if found and found.state == "closed" else None


def _publish_closed(
    options: RunOptions,
    found: Month,
    results: Building,
    reading: tuple[Path, Keeper],
    committing: Callable[[], None],
) -> RunResult:
    from consolidate.months import restore  # noqa: PLC0415 (heavy)

    assert options.store is not None
    here = list_inboxes(options, *reading)
    own = None if options.audience == "shared" else results.stage
    portfolio, late = restore(options.store, found, own, here, options.lang)
    if own is None:
        schemas = _schemas(options.config)
        kept = registers_of(options.config.registers.file, lambda: new_reader(options))
        published = for_audience(options.audience, portfolio, schemas, kept)
        _write(options, published, schemas, {}, results.stage, Clock())
    results.seal()
    committing()
    results.publish()
    reading[1].defer(late)
    return RunResult(
        portfolio,
        options.output,
        {},
        str(found.closed_snapshot),
        _states(portfolio),
        found.version,
        late,
    )


def understand(path: Path, config: Config) -> Extract:
    """Return what one workbook says, before it is normalised.

    Raises:
        UnreadableWorkbookError: It cannot be read.
        ConsolidateError: There is no workbook there, or a schema or layout is wrong.
    """
    received = _read_one(path, config)
    if received.failures:
        raise UnreadableWorkbookError(next(iter(received.failures.values())))
    if not received.extracts:
        raise ConsolidateError(f"{path}: no workbook to read there.")
    return received.extracts[0]


def check(
    path: Path, config: Config, *, period: str, as_of: date, lang: str
) -> Portfolio:
    """Return the portfolio of one workbook alone, with its findings; nothing is published.

    Raises:
        ConsolidateError: There is no workbook there, or a schema or layout is wrong.
    """
    options = RunOptions((path,), path.parent, period, as_of, lang, None, config)
    received = _read_one(path, config)
    return _portfolio(options, _schemas(config), received, Clock()).value


def _read_one(path: Path, config: Config) -> Received:
    options = RunOptions((path,), path.parent, "", date.min, "fr", None, config, jobs=1)
    with spool_folder() as spool:
        return read_inboxes(options, spool, Clock(), None)


def _schemas(config: Config) -> Schemas:
    return load_schemas(search_path("schemas", config.paths.schemas))


def _portfolio(
    options: RunOptions,
    schemas: Schemas,
    received: Received,
    clock: Clock,
    registers: Registers = Registers(),  # noqa: B008 (frozen)
    layouts: LayoutsRead | None = None,
) -> Outcome[Portfolio]:
    """Normalise, unify and validate what was read, and give it its published form."""
    reading_options = normalising(options)
    with clock.stage("normalise"):
        reading, parsed = normalise(received.extracts, schemas, reading_options)
        unread = unread_columns(received.extracts, reading.facts)
    layouts = layouts or _layouts(options, received)
    sources = sources_frame(received, options.lang, layouts.told)
    left_out = [e.workbook for e in received.extracts if e.left_out]
    said = [f for e in received.extracts for f in e.findings]
    received.extracts.clear()
    with clock.stage("unify"):
        reading, named = called(reading, registers, schemas, options.period)
        unified, settled = unify(reading, sources)
        unified, fixed = corrected(unified, registers, schemas, reading_options)
    del reading
    checks = load_checks(search_path("schemas", options.config.paths.schemas))
    with clock.stage("validate"):
        checked, judged = validate(
            unified.facts,
            unified.records,
            schemas,
            ValidateOptions(options.period, options.as_of, checks),
        )
    with clock.stage("lineage"):
        told = (
            *received.findings,
            *said,
            *parsed,
            *unread,
            *named,
            *settled,
            *fixed,
            *judged,
            *layouts.findings(options.config.report.direction, unified.superseded),
        )
        every = with_codes(told, unified)
        lineage = build_lineage(checked.facts, unified.records)
        books = build_workbooks(sources, unified, every, left_out)
        findings = findings_frame(every, options.lang, schemas)
    portfolio = Portfolio(
        period=options.period,
        as_of=options.as_of,
        lang=options.lang,
        tables=checked.tables,
        workbooks=books,
        lineage=lineage,
        findings=findings,
        run=run_record(options, received, checked.tables, findings, books)
        | ({"registers": registers.sha256} if registers.sha256 else {})
        | ({"layouts": layouts.digest} if layouts.digest else {}),
    )
    return Outcome(portfolio, every)


def _layouts(options: RunOptions, received: Received) -> LayoutsRead:
    """Return the layouts that the workbooks were read by, and where they stand."""
    known = Standings.of_home(options.home, options.lang)
    return layouts_read(received.extracts, layout_prints(options.config), known)


def _judged(
    options: RunOptions, portfolio: Portfolio, schemas: Schemas, back: ReadBack
) -> Portfolio:
    from consolidate.alerts import with_alerts  # noqa: PLC0415 (heavy)

    folders = search_path("schemas", options.config.paths.schemas)
    return with_alerts(portfolio, options.store, folders, schemas, back.decisions)


def _write(
    options: RunOptions,
    portfolio: Portfolio,
    schemas: Schemas,
    drawings: Mapping[str, bytes],
    stage: Path,
    clock: Clock,
) -> None:
    """Write every result into the stage, for its audience."""
    from consolidate.report import datapackage, html, workbook  # noqa: PLC0415 (heavy)

    config = options.config
    if options.audience == "shared":
        drawings = {}
    with clock.stage("data"):
        datapackage.write_data(portfolio, stage, schemas)
    # A shared copy calls the workbooks by other names: no link would find them.
    root = config.report.source_root if options.audience == "pmo" else ""
    with clock.stage("workbook"):
        workbook.write_workbook(portfolio, stage / "portfolio.xlsx", schemas, root)
    with clock.stage("html"):
        own = config.paths.templates
        html.write_html(portfolio, schemas, stage, own, drawings, root)
    text = json.dumps(portfolio.run, ensure_ascii=False, indent=2, sort_keys=True)
    (stage / RUN_FILE).write_text(text + "\n", encoding="utf-8")


def _reply(
    options: RunOptions,
    told: tuple[Portfolio, Sequence[Finding], Received, Schemas],
    stage: Path,
    spool: Path,
    clock: Clock,
) -> None:
    """Write the replies to project managers into the stage."""
    from consolidate.replies import Told, write_replies  # noqa: PLC0415 (heavy)

    portfolio, findings, received, schemas = told
    known = Told(portfolio, findings, received.deliveries, received.languages, schemas)
    with clock.stage("replies"), new_reader(options) as reader:
        write_replies(known, stage, spool, reader.map)
    clock.stages["replies"] += reader.cpu_seconds


class _Stored(NamedTuple):
    snapshot: str | None = None
    cases: int = 0
    opened: int = 0


def _save(options: RunOptions, portfolio: Portfolio, back: ReadBack) -> _Stored:
    """Store the month, and with it the cases it opens and what was done about others."""
    if options.store is None:
        return _Stored()
    from consolidate import store  # noqa: PLC0415 (heavy)
    from consolidate.analyse.cases import case_news  # noqa: PLC0415 (heavy)

    told = case_news(portfolio.alerts, portfolio.tables["projects"])
    news = told if options.cases else None
    made = store.save(options.store, portfolio, news, back.steps)
    found = store.cases(options.store, options.lang)
    opened = int((found["opened_in"] == options.period).sum())
    return _Stored(str(made.id), int(found["outcome"].isna().sum()), opened)


__all__ = [
    "RunOptions",
    "RunResult",
    "check",
    "run",
    "understand",
]
