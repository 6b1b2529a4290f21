"""Hold back what came by mail from somebody who may not speak for a project."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from consolidate.decisions import normalising
from consolidate.keeping import Keeper
from consolidate.model.delivery import Failure, rejection
from consolidate.model.facts import Reading
from consolidate.model.schema import load_schemas
from consolidate.normalise import normalise
from consolidate.reception import Received, new_reader
from consolidate.registers import registers_of
from consolidate.resources import search_path
from consolidate.roster import Claim, Roster
from consolidate.run_options import RunOptions

_CLAIMS = ("project_code", "name", "project_manager")


def held_back(options: RunOptions, received: Received, keeper: Keeper) -> Received:
    """Return what was received without the workbooks that the roster objects to.

    They are told as rejected, and stand as held until the PMO lets them in. What a run is
    given from the archive was let in before.

    Raises:
        ConsolidateError: The registers, or the store, cannot be read.
    """
    senders = {
        d.name: d.sender
        for d in received.deliveries
        if d.sender and not d.state and not keeper.is_accepted(d.name)
    }
    roster = roster_of(options) if senders and options.archived is None else Roster()
    if not roster:
        return received
    mailed = [e for e in received.extracts if e.workbook in senders]
    schemas = load_schemas(search_path("schemas", options.config.paths.schemas))
    claims = claims_of(normalise(mailed, schemas, normalising(options)).value)
    said = {e.workbook: claims.get(e.workbook, ()) for e in mailed}
    found = {n: roster.objection(senders[n], claimed) for n, claimed in said.items()}
    held = {name: why for name, why in found.items() if why}
    told = tuple(rejection(name, Failure(why)) for name, why in held.items())
    return replace(
        received,
        extracts=[e for e in received.extracts if e.workbook not in held],
        failures={**received.failures, **held},
        findings=(*received.findings, *told),
        drawings={n: d for n, d in received.drawings.items() if n not in held},
    )


def claims_of(reading: Reading) -> Mapping[str, tuple[Claim, ...]]:
    """Return the projects that each workbook reports on."""
    known: dict[tuple[str, str, object], dict[str, str]] = defaultdict(dict)
    columns = ("workbook", "record", "field", "value")
    for table, facts in reading.facts.items():
        # A risk of somebody else's project is a word about that project too.
        wanted = _CLAIMS if table == "projects" else _CLAIMS[:1]
        frame = facts.frame
        told = frame[frame["used"] & frame["field"].isin(wanted)]
        for workbook, record, field, value in zip(
            *(told[c].tolist() for c in columns), strict=True
        ):
            known[(workbook, table, record)][field] = str(value)
    found: dict[str, dict[Claim, None]] = defaultdict(dict)
    for (workbook, _, _), given in known.items():
        found[workbook][Claim(*(given.get(f, "") for f in _CLAIMS))] = None
    return {workbook: tuple(claims) for workbook, claims in found.items()}


def roster_of(options: RunOptions) -> Roster:
    """Return the roster: the registers, and the managers that the store last knew.

    Raises:
        ConsolidateError: The registers, or the store, cannot be read.
    """
    from consolidate import store  # noqa: PLC0415 (heavy)

    kept = registers_of(options.config.registers.file, lambda: new_reader(options))
    managers: dict[str, str] = {}
    if options.store and any(e.register == "people" for e in kept.entries):
        for snapshot in store.history(options.store, options.lang)[:1]:
            tables = store.load_snapshot(
                options.store, snapshot.id, options.lang
            ).tables
            known = tables["projects"][["project_code", "project_manager"]].dropna()
            named = known.astype("str").itertuples(index=False, name=None)
            managers = dict(named)
    return Roster(kept.entries, managers)
