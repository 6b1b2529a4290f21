"""Receive the inboxes and read every workbook, in confined processes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from consolidate.clock import Clock
from consolidate.config import Config
from consolidate.intake import open_listed, reason_text, scan, without_duplicates
from consolidate.keeping import Keeper
from consolidate.model.delivery import Delivery, Failure, rejection
from consolidate.model.error import ConsolidateError
from consolidate.model.finding import Finding, Outcome
from consolidate.model.forgotten import Forgotten, use
from consolidate.model.identifiers import MASK
from consolidate.model.layout import Layout, load_layouts
from consolidate.model.schema import load_schemas
from consolidate.model.workbook import Extract
from consolidate.resources import search_path
from consolidate.reuse import cache_of
from consolidate.wording import tr
from consolidate.worker import Cache, Limits, Progress, Reader, Settings

if TYPE_CHECKING:
    from consolidate.run_options import RunOptions

_PATIENT = "patient-identifier"
_TWICE = "workbook-duplicate"
OWN = "own-output"
"""Reason of a reply of ours that came back as it was sent."""

_LAYOUT = ("layout", "layout_state")

_NO_RETURN = frozenset({OWN, "template-unchanged", "reading-check"})
"""Reasons of workbooks that are whole and yet say nothing."""


@dataclass(frozen=True, slots=True)
class Received:
    """Deliveries, and what was understood of those that could be read.

    ``extracts`` is emptied once they are normalised: they are a third of a run's memory.

    Attributes:
        failures: Reason why a workbook could not be read, by its name.
        languages: ``fr`` or ``en`` by workbook, where its words tell.
        drawings: What each workbook shows, packed (``model.drawing``).
    """

    deliveries: tuple[Delivery, ...]
    extracts: list[Extract]
    failures: Mapping[str, str]
    findings: tuple[Finding, ...]
    languages: Mapping[str, str]
    drawings: Mapping[str, bytes]

    @property
    def of_patients(self) -> tuple[str, ...]:
        """Names of workbooks in which, or in whose mail, a patient is identified."""
        told = {
            e.workbook
            for e in self.extracts
            if any(f.rule == _PATIENT for f in e.findings)
        }
        same = {d.sha256 for d in self.deliveries if d.name in told}
        return tuple(
            d.name
            for d in self.deliveries
            if d.sha256 in same or MASK in f"{d.name}{d.sender}{d.subject}"
        )

    @property
    def reasons(self) -> Mapping[str, str]:
        """Codes of why workbooks were not read, by their names."""
        return {d.name: d.reason for d in self.deliveries if d.reason} | {
            **self.failures
        }


def new_reader(options: RunOptions, cache: Cache | None = None) -> Reader:
    """Return the confined workers of a run, not yet started.

    Args:
        options: Of the run.
        cache: Extracts of workbooks that are not to be read again.
    """
    if options.home is not None:  # a watch lasts longer than the list
        use(Forgotten.of_home(options.home))
    config = options.config
    folders = search_path("schemas", config.paths.schemas)
    layouts = own_layouts(config)
    return Reader(
        jobs=options.jobs,
        limits=Limits(
            memory=config.limits.memory_mb << 20,
            seconds=float(config.limits.seconds),
            file_bytes=config.limits.file_mb * 1_000_000,
        ),
        context=options.start_method,
        settings=Settings(tuple(folders), layouts),
        cache=cache,
    )


def own_layouts(config: Config) -> tuple[Layout, ...]:
    """Return the layouts that the PMO wrote.

    Raises:
        ConfigError: A file is not TOML, or names an unknown table or field.
    """
    folders = search_path("schemas", config.paths.schemas)
    return load_layouts(config.paths.layouts, load_schemas(folders))


def layout_prints(config: Config) -> Mapping[str, str]:
    """Return the print of each of the PMO's layouts, by its name."""
    return {layout.name: layout.print for layout in own_layouts(config)}


def list_inboxes(
    options: RunOptions, spool: Path, keeper: Keeper
) -> tuple[Delivery, ...]:
    """Return what the inboxes hold, parcels opened, no workbook read.

    Raises:
        ConsolidateError: An inbox cannot be listed.
    """
    with new_reader(options) as reader:
        return _received(options, spool, reader, keeper).value


def _received(
    options: RunOptions, spool: Path, reader: Reader, keeper: Keeper
) -> Outcome[tuple[Delivery, ...]]:
    most, lang = reader.limits.file_bytes, options.lang
    if options.archived is None:
        inboxes, output = options.inboxes, options.output
        scanned = scan(inboxes, output=output, most=most, lang=lang)
        keeper.keep(scanned.value)
    else:
        scanned = Outcome(options.archived)
    deliveries, findings = open_listed(scanned, spool, reader.map, most=most, lang=lang)
    keeper.open(deliveries)
    left = options.leave_out
    if not left:
        return Outcome(deliveries, findings)
    kept, again = without_duplicates(
        _fresh(d) for d in deliveries if d.name not in left
    )
    told = (f for f in findings if f.ref.workbook not in left)
    return Outcome(kept, (*(f for f in told if f.rule != _TWICE), *again))


def _fresh(delivery: Delivery) -> Delivery:
    """Return a delivery as it is when nothing else was received."""
    is_twice = delivery.state == "duplicate"
    return replace(delivery, state="", reason="") if is_twice else delivery


def read_inboxes(
    options: RunOptions,
    spool: Path,
    clock: Clock,
    progress: Progress | None,
    keeper: Keeper | None = None,
) -> Received:
    """Return what the inboxes hold.

    Args:
        options: Of the run.
        spool: Private folder for the members of parcels; it outlives what is returned.
        clock: Told the time it takes.
        progress: Told of each workbook read.
        keeper: Keeps what is received; nothing is kept without one.

    Raises:
        ConsolidateError: There is nothing to consolidate, or an inbox cannot be listed.
    """
    cache = cache_of(options.home, options.config) if options.home else None
    with new_reader(options, cache) as reader:
        with clock.stage("receive"):
            kept = keeper or Keeper(replace(options, home=None))
            deliveries, told = _received(options, spool, reader, kept)
        waiting = [d for d in deliveries if d.kind == "workbook" and not d.state]
        if not waiting and not options.allow_empty and not _is_single(options):
            raise ConsolidateError(_nothing(options))
        with clock.stage("collect"):
            extracts, failures = _sorted_out(reader.read_all(deliveries, progress))
        clock.stages["read and understand"] = reader.cpu_seconds
    if cache is not None:
        cache.tidy()
    reasons = {name: failure.reason for name, failure in failures.items()}
    ours = set(reasons.values()) == {OWN} and not extracts
    if ours and not options.allow_empty:
        raise ConsolidateError(_nothing(options))
    rejected = tuple(rejection(name, failure) for name, failure in failures.items())
    languages = {e.workbook: e.language for e in extracts}
    drawings = {e.workbook: e.sheets for e in extracts if e.sheets}
    findings = (*told, *rejected)
    return Received(deliveries, extracts, reasons, findings, languages, drawings)


def _is_single(options: RunOptions) -> bool:
    return len(options.inboxes) == 1 and options.inboxes[0].is_file()


def _nothing(options: RunOptions) -> str:
    places = ", ".join(map(str, options.inboxes))
    return tr("run-no-workbook", options.lang, places=places)


def _sorted_out(
    answers: Iterable[tuple[Delivery, Extract | Failure]],
) -> tuple[list[Extract], dict[str, Failure]]:
    extracts: list[Extract] = []
    failures: dict[str, Failure] = {}
    for delivery, answer in answers:
        if isinstance(answer, Failure):
            failures[delivery.name] = answer
        else:
            extracts.append(answer)
    return extracts, failures


def sources_frame(
    received: Received, lang: str, layouts: Mapping[str, tuple[str, str]]
) -> pd.DataFrame:
    """Return one row a workbook received, with what is known of it before unifying.

    Args:
        received: All of it.
        lang: Of the reasons.
        layouts: Id and state of the layout that each workbook was read by.
    """
    extracts = {e.workbook: e for e in received.extracts}
    rows = [
        _source_row(delivery, received.failures, extracts.get(delivery.name), lang)
        | dict(zip(_LAYOUT, layouts.get(delivery.name, ("", "")), strict=True))
        for delivery in received.deliveries
    ]
    columns = [
        *("workbook", "sha256", "bytes", "received_at", "state", "reason"),
        *("report_month", "language", "cells_read", "cells_mapped", "cells_left"),
        *_LAYOUT,
    ]
    return pd.DataFrame(rows, columns=columns)


def _source_row(
    delivery: Delivery, failures: Mapping[str, str], extract: Extract | None, lang: str
) -> dict[str, object]:
    failed = failures.get(delivery.name, "")
    reason = failed or delivery.reason
    return {
        "workbook": delivery.name,
        "sha256": delivery.sha256,
        "bytes": delivery.size,
        "received_at": delivery.received_at,
        "state": ("ignored" if failed in _NO_RETURN else "rejected")
        if failed
        else delivery.state,
        "reason": reason_text(reason, lang) if reason else "",
        "report_month": extract.report_month if extract else "",
        "language": extract.language if extract else "",
        "cells_read": extract.cells_read if extract else 0,
        "cells_mapped": extract.cells_mapped if extract else 0,
        "cells_left": extract.cells_left if extract else 0,
    }
