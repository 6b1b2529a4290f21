"""Receive the inboxes and read every workbook, in confined processes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from consolidate.clock import Clock
from consolidate.intake import reason_text, receive
from consolidate.model.delivery import Delivery, Failure, rejection
from consolidate.model.error import ConsolidateError
from consolidate.model.finding import Finding, Outcome
from consolidate.model.layout import load_layouts
from consolidate.model.schema import load_schemas
from consolidate.model.workbook import Extract
from consolidate.resources import search_path
from consolidate.wording import tr
from consolidate.worker import Limits, Progress, Reader, Settings

if TYPE_CHECKING:
    from consolidate.pipeline import RunOptions

OWN = "own-output"
"""Reason of a reply of ours that came back as it was sent."""


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


def new_reader(options: RunOptions) -> Reader:
    """Return the confined workers of a run, not yet started."""
    config = options.config
    folders = search_path("schemas", config.paths.schemas)
    layouts = load_layouts(config.paths.layouts, load_schemas(folders))
    return Reader(
        jobs=options.jobs,
        limits=Limits(
            memory=config.limits.memory_mb << 20,
            seconds=float(config.limits.seconds),
            file_bytes=config.limits.file_mb * 1_000_000,
        ),
        context=options.start_method,
        settings=Settings(tuple(folders), layouts),
    )


def list_inboxes(options: RunOptions, spool: Path) -> tuple[Delivery, ...]:
    """Return what the inboxes hold, parcels opened, no workbook read.

    Raises:
        ConsolidateError: An inbox cannot be listed.
    """
    with new_reader(options) as reader:
        return _received(options, spool, reader).value


def _received(
    options: RunOptions, spool: Path, reader: Reader
) -> Outcome[tuple[Delivery, ...]]:
    return receive(
        options.inboxes,
        spool,
        reader.map,
        output=options.output,
        most=reader.limits.file_bytes,
        lang=options.lang,
    )


def read_inboxes(
    options: RunOptions, spool: Path, clock: Clock, progress: Progress | None
) -> Received:
    """Return what the inboxes hold.

    Args:
        options: Of the run.
        spool: Private folder for the members of parcels; it outlives what is returned.
        clock: Told the time it takes.
        progress: Told of each workbook read.

    Raises:
        ConsolidateError: There is nothing to consolidate, or an inbox cannot be listed.
    """
    with new_reader(options) as reader:
        with clock.stage("receive"):
            deliveries, told = _received(options, spool, reader)
        waiting = [d for d in deliveries if d.kind == "workbook" and not d.state]
        if not waiting and not options.allow_empty and not _is_single(options):
            raise ConsolidateError(_nothing(options))
        with clock.stage("collect"):
            extracts, failures = _sorted_out(reader.read_all(deliveries, progress))
        clock.stages["read and understand"] = reader.cpu_seconds
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


def sources_frame(received: Received, lang: str) -> pd.DataFrame:
    """Return one row a workbook received, with what is known of it before unifying."""
    extracts = {e.workbook: e for e in received.extracts}
    rows = [
        _source_row(delivery, received.failures, extracts.get(delivery.name), lang)
        for delivery in received.deliveries
    ]
    columns = [
        *("workbook", "sha256", "bytes", "received_at", "state", "reason"),
        *("report_month", "language", "cells_read", "cells_mapped", "cells_left"),
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
        "state": ("ignored" if failed == OWN else "rejected")
        if failed
        else delivery.state,
        "reason": reason_text(reason, lang) if reason else "",
        "report_month": extract.report_month if extract else "",
        "language": extract.language if extract else "",
        "cells_read": extract.cells_read if extract else 0,
        "cells_mapped": extract.cells_mapped if extract else 0,
        "cells_left": extract.cells_left if extract else 0,
    }
