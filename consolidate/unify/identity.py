"""One project from the many ways it is written: by code, else by equal name."""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from consolidate.model.finding import Finding, Severity
from consolidate.model.text import fold
from consolidate.unify.codes import (
    code_key,
    loose_key,
    number_key,
    short_hash,
    strict_key,
    suffixed_code,
)
from consolidate.unify.names import near_misses, same_subject
from consolidate.unify.naming import (
    Identity,
    Naming,
    Project,
    Similarity,
    index,
    make_project,
)


def settle(
    namings: Sequence[Naming], alike: Similarity
) -> tuple[Identity, list[Finding]]:
    """Group the records of ``projects`` into projects.

    Same code is one project; without a code, an equal folded name is, unless it belongs
    to two codes. A code shared by different names of one workbook identifies nothing.

    Args:
        namings: Every record of ``projects``, in any order.
        alike: How alike names must be.

    Returns:
        The identity, and what is doubtful about it.
    """
    ordered = sorted(namings, key=_stable)
    findings: list[Finding] = []
    groups: dict[str, list[Naming]] = {}
    for key, members in _by_code(ordered).items():
        for sub, part in _split(key, members, alike, findings):
            groups.setdefault(sub, []).extend(part)
    _join_by_name(groups, [n for n in ordered if not n.code], findings)
    projects = _published(groups)
    identity = index(projects)
    findings += [f for p in projects for f in _about(p, alike)]
    return identity, findings


def doubts(identity: Identity, alike: Similarity) -> list[Finding]:
    """Return a WARNING for each two projects that may be one, with both cells."""
    found: list[Finding] = []
    names = sorted(identity.by_name)
    pairs = {
        (a, b)
        for i, j in near_misses(names, alike.near)
        for a in identity.by_name[names[i]]
        for b in identity.by_name[names[j]]
        if a != b
    }
    pairs |= {
        (a, b)
        for owners in identity.by_name.values()
        for k, a in enumerate(owners)
        for b in owners[k + 1 :]
    }
    by_number: dict[str, set[int]] = defaultdict(set)
    for key, owners in identity.by_code.items():
        by_number[number_key(key)] |= set(owners) if len(owners) == 1 else set()
    for owners_of_number in by_number.values():
        listed = sorted(owners_of_number)
        pairs |= {(a, b) for k, a in enumerate(listed) for b in listed[k + 1 :]}
    for a, b in sorted({(min(p), max(p)) for p in pairs}):
        one, other = identity.projects[a], identity.projects[b]
        if not _shared_code(one, other) and not (_only_weak(one) and _only_weak(other)):
            found.append(_ambiguous(one, other))
    return found


def _stable(naming: Naming) -> tuple[str, str, str, str, str]:
    return (
        naming.code,
        fold(naming.name),
        naming.workbook,
        naming.name_ref.sheet,
        f"{naming.name_ref.cell:>12}{naming.code_ref.cell:>12}",
    )


def _by_code(namings: Iterable[Naming]) -> dict[str, list[Naming]]:
    keyed: dict[str, list[Naming]] = {}
    for naming in namings:
        if naming.code:
            keyed.setdefault(code_key(naming.code) or fold(naming.code), []).append(
                naming
            )
    for key in [k for k in keyed if loose_key(k) != k]:
        clean = keyed.get(loose_key(key), [])
        folded = {fold(n.name) for n in clean}
        if clean and all(fold(n.name) in folded for n in keyed[key]):
            clean.extend(keyed.pop(key))
    return keyed


def _split(
    key: str, members: list[Naming], alike: Similarity, findings: list[Finding]
) -> Iterator[tuple[str, list[Naming]]]:
    """Keep apart what one code cannot name: charge codes, letters taken for digits."""
    if _is_shared(members, alike):
        by_name: dict[str, list[Naming]] = {}
        for naming in members:
            by_name.setdefault(fold(naming.name), []).append(naming)
        yield from ((f"{key}|{name}", part) for name, part in by_name.items())
        return
    clean = [n for n in members if strict_key(n.code) == key]
    confused = [n for n in members if strict_key(n.code) != key]
    for naming in confused if clean else ():
        other = next((c for c in clean if _alike(naming, c, alike)), None)
        if other is None:
            yield strict_key(naming.code), [naming]
            members = [n for n in members if n is not naming]
            findings.append(_pair("identity-ambiguous", naming, clean[0]))
        else:
            findings.append(
                _pair("code-respelled", naming, other, severity=Severity.INFO)
            )
    yield key, members


def _is_shared(members: Sequence[Naming], alike: Similarity) -> bool:
    """Whether one code names several projects of one table or one workbook."""
    seen: dict[tuple[str, int], set[str]] = defaultdict(set)
    inside: dict[str, set[str]] = defaultdict(set)
    for naming in members:
        if naming.name and not naming.weak:
            seen[naming.workbook, naming.region].add(fold(naming.name))
            inside[naming.workbook].add(fold(naming.name))
    if any(len(n) > 1 for (_, region), n in seen.items() if region >= 0):
        return True
    return any(
        not same_subject(one, other, alike.different)
        for names in inside.values()
        for one in names
        for other in names
    )


def _alike(one: Naming, other: Naming, alike: Similarity) -> bool:
    if one.weak or other.weak:
        return True
    return same_subject(fold(one.name), fold(other.name), alike.different)


def _join_by_name(
    groups: dict[str, list[Naming]], codeless: Iterable[Naming], findings: list[Finding]
) -> None:
    owners: dict[str, list[str]] = defaultdict(list)
    for key, members in groups.items():
        for name in {fold(n.name) for n in members if n.name}:
            owners[name].append(key)
    for naming in codeless:
        name = fold(naming.name)
        found = owners.get(name, [])
        near = [
            k for k in found if any(n.workbook == naming.workbook for n in groups[k])
        ]
        found = near if len(near) == 1 else found
        if len(found) == 1:
            groups[found[0]].append(naming)
            continue
        if found:
            findings.append(_pair("identity-ambiguous", naming, groups[found[0]][0]))
        weak = f"@{naming.family}" if naming.weak else ""
        groups.setdefault(f"name:{name}{weak}", []).append(naming)


def _published(groups: Mapping[str, list[Naming]]) -> list[Project]:
    made = []
    for key in sorted(groups):
        project = make_project(key, groups[key])
        if "|" in key:
            code = suffixed_code(project.code, project.name)
            project = dataclasses.replace(project, code=code)
        made.append(project)
    return _told_apart(made)


def _told_apart(projects: list[Project]) -> list[Project]:
    """Make the published codes unique: two workbooks may bear one weak name."""
    taken = Counter(p.code for p in projects)
    return [
        dataclasses.replace(p, code=f"{p.code}-{short_hash(p.key, 4).upper()}")
        if taken[p.code] > 1
        else p
        for p in projects
    ]


def _about(project: Project, alike: Similarity) -> Iterator[Finding]:
    first = project.namings[0]
    if project.provisional:
        for naming in project.namings:
            yield _at_name("project-code-missing", naming, project)
    if "|" in project.key:
        for naming in project.namings:
            yield Finding(
                "code-not-unique",
                Severity.WARNING,
                naming.ref,
                table="projects",
                field="project_code",
                raw=naming.code,
                project_code=project.code,
                params={"name": naming.name, "code": project.code},
            )
    for naming in project.namings[1:]:
        if not _alike(first, naming, alike):
            found = _pair("project-names-differ", naming, first, field="name")
            yield dataclasses.replace(found, project_code=project.code)


def _at_name(rule: str, naming: Naming, project: Project) -> Finding:
    return Finding(
        rule,
        Severity.WARNING,
        naming.name_ref,
        table="projects",
        field="project_code",
        raw=naming.name,
        project_code=project.code,
        params={"code": project.code},
    )


def _pair(
    rule: str,
    naming: Naming,
    other: Naming,
    *,
    field: str = "project_code",
    severity: Severity = Severity.WARNING,
) -> Finding:
    """Return a finding on one naming that shows the other beside it."""
    by_name = field == "name" or not naming.code
    return Finding(
        rule,
        severity,
        naming.name_ref if by_name else naming.code_ref,
        table="projects",
        field="name" if by_name else field,
        raw=naming.name if by_name else naming.code,
        params={
            "this": _shown(naming.code, naming.name),
            "other": _shown(other.code, other.name),
            "other_cell": str(other.name_ref if by_name else other.ref),
        },
    )


def _ambiguous(one: Project, other: Project) -> Finding:
    first, second = one.namings[0], other.namings[0]
    if first.code and not second.code:
        one, other, first, second = other, one, second, first
    found = _pair("identity-ambiguous", first, second)
    return dataclasses.replace(found, project_code=one.code)


def _shown(code: str, name: str) -> str:
    return f"{code} « {name} »" if code and name else code or f"« {name} »"


def _only_weak(project: Project) -> bool:
    return all(n.weak and not n.code for n in project.namings)


def _shared_code(one: Project, other: Project) -> bool:
    """Whether two projects were kept apart under one code, which is told elsewhere."""
    return "|" in one.key and one.key.split("|")[0] == other.key.split("|")[0]
