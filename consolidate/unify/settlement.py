"""Which projects there are, and which one every record belongs to."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from consolidate.model.facts import Facts, Reading, facts_frame
from consolidate.model.finding import CellRef, Finding, Severity
from consolidate.model.text import fold
from consolidate.unify.additions import detail_projects, with_rows
from consolidate.unify.codes import code_key
from consolidate.unify.identity import doubts, settle
from consolidate.unify.long import Long, long, objects
from consolidate.unify.naming import Identity, Naming, Similarity
from consolidate.unify.references import (
    NONE,
    Reference,
    Resolved,
    claims,
    resolve,
)
from consolidate.unify.sources import (
    Said,
    read_issues,
    read_namings,
    read_said,
    references,
    report_dates,
)
from consolidate.unify.versions import superseded


@dataclass(frozen=True, slots=True)
class Decided:
    """How the project of each record was decided.

    Attributes:
        references: What a record itself says, by record number.
        resolved: Where each of these leads.
    """

    references: Mapping[int, Reference]
    resolved: Mapping[Reference, Resolved]


@dataclass(frozen=True, slots=True)
class Settlement:
    """The reading with its projects settled.

    Attributes:
        reading: With a record for each project that only details speak of.
        identity: All projects, those of replaced workbooks included.
        said: What records of other tables say of their project.
        gone: By workbook replaced, the newer one.
        by_record: Report date by project record.
        reported: Report date by workbook and key of project; ("workbook", "") for the
            workbook as a whole.
        alike: How alike names were asked to be.
        findings: What is doubtful about all this.
    """

    reading: Reading
    identity: Identity
    said: Sequence[Said]
    gone: Mapping[str, str]
    by_record: Mapping[int, date]
    reported: Mapping[tuple[str, str], date]
    alike: Similarity
    findings: list[Finding]

    def placed(self) -> tuple[pd.DataFrame, Decided]:
        """Return the records with their project, and how it was decided."""
        records = self.reading.records.reset_index(drop=True)
        by_record = references(self.said, self.identity)
        listed = dict.fromkeys(by_record.values())
        resolved = {r: resolve(self.identity, r, self.alike) for r in listed}
        said = {record: resolved[r].project for record, r in by_record.items()}
        of_record = self.identity.of_record
        positions = [
            of_record.get(record, NONE)
            if table == "projects"
            else said.get(record, of_record.get(link, NONE))
            for record, table, link in zip(
                *(records[c].tolist() for c in ("record", "table", "project")),
                strict=True,
            )
        ]
        projects = self.identity.projects
        placed = records.assign(
            project_key=objects([projects[p].key if p >= 0 else "" for p in positions]),
            project_code=objects(
                [projects[p].code if p >= 0 else "" for p in positions]
            ),
            living=~records["workbook"].isin(list(self.gone)),
        )
        return placed, Decided(by_record, resolved)


def settle_projects(
    reading: Reading, months: Mapping[str, str], alike: Similarity
) -> Settlement:
    """Settle which projects there are.

    Lists and forms come first; details then give codes to projects listed without, and
    make projects of those that nothing lists.

    Args:
        reading: What was read.
        months: Month that a workbook says it is of.
        alike: How alike names must be.
    """
    projects = project_facts(reading)
    namings = read_namings(projects, reading.records)
    first, _ = settle(namings, alike)
    _, _, by_book = report_dates(projects, first, months)
    issues = read_issues(projects, reading.records, first, by_book)
    gone, findings = superseded(issues)
    children = [long(f) for t, f in reading.facts.items() if t != "projects"]
    said_of = read_said(children, reading.records)
    present_said = [s for s in said_of if s.workbook not in gone]
    listed = dict.fromkeys(references(present_said, first).values())
    namings = _claimed(namings, first, claims(first, listed))
    known, _ = settle(namings, alike)
    listed = dict.fromkeys(references(present_said, known).values())
    resolved = [(r, resolve(known, r, alike)) for r in listed]
    missing = [(r, d) for r, d in resolved if d.by == "new"]
    new = _new_namings(missing, reading.records)
    facts, records = detail_projects(new)
    reading = _extended(reading, facts, records)
    # What an old version says is still placed, but raises no doubt of its own.
    present, said = settle(
        [n for n in [*namings, *new] if n.workbook not in gone], alike
    )
    identity, _ = settle([*namings, *new], alike)
    findings += [f for f in said if not _of_detail(f, new)]
    findings += doubts(present, alike)
    findings += [_only_in_detail(n, identity) for n in new]
    findings += _dropped(identity, gone)
    dates = report_dates(project_facts(reading), identity, months)
    return Settlement(
        reading, identity, said_of, gone, dates[0], dates[1], alike, findings
    )


def project_facts(reading: Reading) -> Long:
    """Return the facts of ``projects``, none when nothing was read of them."""
    return long(reading.facts.get("projects", Facts("projects", facts_frame())))


def _claimed(
    namings: Sequence[Naming],
    identity: Identity,
    codes: Mapping[int, tuple[str, CellRef]],
) -> list[Naming]:
    out = []
    for naming in namings:
        code, ref = codes.get(identity.of_record[naming.record], ("", naming.code_ref))
        given = naming.code or code
        ref = naming.code_ref if naming.code else ref
        out.append(dataclasses.replace(naming, code=given, code_ref=ref))
    return out


def _new_namings(
    missing: Sequence[tuple[Reference, Resolved]], records: pd.DataFrame
) -> list[Naming]:
    """Return one naming for each project that only details speak of."""
    number = int(records["record"].max()) + 1 if len(records) else 0
    made: dict[tuple[str, str], Naming] = {}
    ordered = sorted(
        missing,
        key=lambda m: (m[0].workbook, m[0].ref.sheet, m[0].ref.cell, m[0].table),
    )
    for reference, resolved in ordered:
        code, name = resolved.missing
        key = (code_key(code), "" if code else fold(name))
        if key in made:
            continue
        made[key] = Naming(
            record=number + len(made),
            workbook=reference.workbook,
            region=-1,
            family="",
            code=code,
            name=name,
            code_ref=reference.ref,
            name_ref=reference.ref,
            name_method="derived",
        )
    return list(made.values())


def _extended(reading: Reading, facts: pd.DataFrame, records: pd.DataFrame) -> Reading:
    if records.empty:
        return reading
    own = reading.facts.get("projects", Facts("projects", facts_frame()))
    frame = with_rows(own.frame, [facts])
    return Reading(
        {**reading.facts, "projects": Facts("projects", frame)},
        pd.concat([reading.records, records], ignore_index=True),
    )


def _of_detail(finding: Finding, new: Sequence[Naming]) -> bool:
    """Whether a finding says of a detail-only project what another says better."""
    if finding.rule != "project-code-missing":
        return False
    return any(finding.ref == n.name_ref and finding.raw == n.name for n in new)


def _only_in_detail(naming: Naming, identity: Identity) -> Finding:
    project = identity.projects[identity.of_record[naming.record]]
    return Finding(
        "project-only-in-detail",
        Severity.INFO,
        naming.ref,
        table="projects",
        field="project_code" if naming.code else "name",
        raw=naming.code or naming.name,
        project_code=project.code,
        params={"code": project.code},
    )


def _dropped(identity: Identity, gone: Mapping[str, str]) -> list[Finding]:
    """Tell of projects that only a replaced version speaks of."""
    found = []
    for project in identity.projects:
        if any(n.workbook not in gone for n in project.namings):
            continue
        naming = project.namings[0]
        if not naming.weak or naming.code:
            found.append(
                Finding(
                    "project-not-in-newer",
                    Severity.WARNING,
                    naming.ref,
                    table="projects",
                    raw=naming.code or naming.name,
                    project_code=project.code,
                    params={"newer": gone[naming.workbook]},
                )
            )
    return found
