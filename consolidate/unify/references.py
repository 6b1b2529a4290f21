"""Which project a record of another table belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from consolidate.model.finding import CellRef, Finding, Severity
from consolidate.model.text import fold
from consolidate.unify.codes import code_in, code_key, looks_like_code, loose_key
from consolidate.unify.names import same_subject
from consolidate.unify.naming import Identity, Naming, Similarity

NONE = -1
"""Position of no project."""

_NOT_PROJECTS = frozenset({"run", "absence", "other"})


@dataclass(frozen=True, slots=True)
class Reference:
    """What the records of one table of a workbook say about their project.

    Attributes:
        table: Their table.
        workbook: Their workbook.
        code, name: As written in the record; empty when not given.
        linked: Position of the project of their form, sheet or workbook; NONE.
        category: ``run``, ``build`` ... of time spent; empty elsewhere.
        mention: Whether the code is only what time was spent on: it counts when some
            project has it.
        record: The first record that says so.
        ref: Its cell that names the project, or the record's first cell.
    """

    table: str
    workbook: str
    code: str
    name: str
    linked: int
    category: str
    mention: bool
    record: int
    ref: CellRef

    @property
    def of_no_project(self) -> bool:
        """Whether it is time spent outside projects: run, absence, the rest."""
        return self.category in _NOT_PROJECTS


@dataclass(frozen=True, slots=True)
class Resolved:
    """Where a reference leads.

    Attributes:
        project: Position in the identity's projects, NONE when there is none.
        by: ``code``, ``name``, ``link`` or ``new`` (known from this detail only); what
            decided.
        missing: Code and name of a project known from details only.
        finding: What is doubtful.
    """

    project: int
    by: str
    missing: tuple[str, str] = ("", "")
    finding: Finding | None = None


def resolve(identity: Identity, reference: Reference, alike: Similarity) -> Resolved:
    """Find the project of a reference: its own code, its own name, then its link.

    A code or a name that nothing else knows is a project of its own, unless it only
    says what time was spent on.
    """
    if reference.mention and code_key(reference.code) not in identity.by_code:
        return Resolved(reference.linked, "link")
    if reference.code:
        return _by_code(identity, reference, alike)
    if reference.name:
        return _by_name(identity, reference)
    return Resolved(reference.linked, "link")


def claims(
    identity: Identity, references: Iterable[Reference]
) -> Mapping[int, tuple[str, CellRef]]:
    """Return codes that details give to projects listed without one.

    Only when all details of the project agree on one code that no other project has.

    Returns:
        By position of the project, the code as written and its cell.
    """
    said: dict[int, dict[str, tuple[str, CellRef]]] = defaultdict(dict)
    for reference in references:
        key = code_key(reference.code)
        if not looks_like_code(reference.code) or key in identity.by_code:
            continue
        if reference.mention:
            continue
        owner = _claimed(identity, reference)
        if owner != NONE and identity.projects[owner].provisional:
            said[owner].setdefault(key, (reference.code, reference.ref))
    by_key: dict[str, set[int]] = defaultdict(set)
    for owner, codes in said.items():
        for key in codes:
            by_key[key].add(owner)
    return {
        owner: next(iter(codes.values()))
        for owner, codes in said.items()
        if len(codes) == 1 and len(by_key[next(iter(codes))]) == 1
    }


def _claimed(identity: Identity, reference: Reference) -> int:
    if reference.name:
        return _narrowed(
            identity, identity.by_name.get(fold(reference.name), ()), reference
        )
    alone = len(identity.in_workbook.get(reference.workbook, ())) == 1
    return reference.linked if alone else NONE


def _by_code(identity: Identity, reference: Reference, alike: Similarity) -> Resolved:
    key = code_key(reference.code)
    found = identity.by_code.get(key, ())
    if not found:
        found = identity.by_code.get(loose_key(key), ())
    if len(found) > 1:
        return _of_shared_code(identity, found, reference)
    if found:
        doubt = _names_differ(identity, found[0], reference, alike)
        return Resolved(found[0], "code", finding=doubt)
    named = _known(identity, reference.code, reference)
    if named != NONE:
        return Resolved(named, "code")
    if not looks_like_code(reference.code) and reference.name:
        return _by_name(identity, reference)
    return Resolved(NONE, "new", missing=(reference.code, reference.name))


def _by_name(identity: Identity, reference: Reference) -> Resolved:
    found = identity.by_name.get(fold(reference.name), ())
    chosen = _narrowed(identity, found, reference)
    if chosen != NONE:
        return Resolved(chosen, "name")
    if found:
        doubt = _ambiguous(identity, found, reference)
        fallback = reference.linked if reference.linked in found else NONE
        return Resolved(fallback, "name", finding=doubt)
    known = _known(identity, reference.name, reference)
    if known != NONE:
        return Resolved(known, "name")
    if reference.of_no_project:
        return Resolved(reference.linked, "link")
    return Resolved(NONE, "new", missing=("", reference.name))


def _known(identity: Identity, text: str, reference: Reference) -> int:
    """Return the project that a text names by a code or name known, or by both."""
    by_name = identity.by_name.get(fold(text), ())
    if by_name:
        return _narrowed(identity, by_name, reference)
    by_code = identity.by_code.get(code_key(text), ()) if looks_like_code(text) else ()
    if not by_code and (parts := code_in(text)):
        by_code = identity.by_code.get(code_key(parts[0]), ())
    return by_code[0] if len(by_code) == 1 else NONE


def _narrowed(identity: Identity, found: Sequence[int], reference: Reference) -> int:
    """Return the only project, else the only one of the same form or workbook."""
    if len(found) == 1:
        return found[0]
    if reference.linked in found:
        return reference.linked
    inside = identity.in_workbook.get(reference.workbook, frozenset())
    near = [p for p in found if p in inside]
    return near[0] if len(near) == 1 else NONE


def _of_shared_code(
    identity: Identity, found: Sequence[int], reference: Reference
) -> Resolved:
    name = fold(reference.name)
    named = [p for p in found if name and name in identity.projects[p].names]
    if len(named) == 1:
        return Resolved(named[0], "code")
    if reference.linked in found:
        return Resolved(reference.linked, "link")
    return Resolved(NONE, "code", finding=_ambiguous(identity, found, reference))


def _names_differ(
    identity: Identity, position: int, reference: Reference, alike: Similarity
) -> Finding | None:
    project, name = identity.projects[position], fold(reference.name)
    if any(same_subject(name, known, alike.different) for known in project.names):
        return None
    return _remark(
        "project-names-differ", reference, reference.name, project.namings, project.code
    )


def _ambiguous(
    identity: Identity, found: Sequence[int], reference: Reference
) -> Finding:
    namings = [n for p in found for n in identity.projects[p].namings[:1]]
    return _remark(
        "identity-ambiguous", reference, reference.code or reference.name, namings, ""
    )


def _remark(
    rule: str,
    reference: Reference,
    raw: str,
    namings: Sequence[Naming],
    code: str,
) -> Finding:
    shown = " ".join(
        t for t in (reference.code, f"« {reference.name} »") if t != "«  »"
    )
    others = " / ".join(f"{n.code} « {n.name} »".strip() for n in namings[:3])
    return Finding(
        rule,
        Severity.WARNING,
        reference.ref,
        table=reference.table,
        field="project_code" if reference.code else "project_name",
        raw=raw,
        project_code=code,
        params={
            "this": shown,
            "other": others,
            "other_cell": " / ".join(str(n.ref) for n in namings[:3]),
        },
    )
