"""What projects, people and establishments are called, from the registers' rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from consolidate.model.finding import Finding, Outcome, Severity
from consolidate.model.register import Entry
from consolidate.model.renames import Official, Renames
from consolidate.model.text import fold

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_CODE = re.compile(r"[^a-z0-9]+")


def code_key(text: str) -> str:
    """Return a code as it is looked for: case and separators aside."""
    return _CODE.sub("", fold(text))


def parts(text: str) -> list[str]:
    """Return the parts of a list between semicolons."""
    return [part.strip() for part in text.split(";") if part.strip()]


def month_of(text: str) -> str:
    """Return a month or day as its month; empty when it is neither."""
    return text[:7] if _MONTH.fullmatch(text[:7]) else ""


def renames(entries: Sequence[Entry], period: str) -> Outcome[Renames]:
    """Return what the registers call things in a month, and what is wrong with them.

    Args:
        entries: Rows of all registers.
        period: The month, ``YYYY-MM``: rows that begin later do not count.
    """
    findings: list[Finding] = []
    own = [e for e in entries if e.register == "projects"]
    valid = [e for e in own if _is_in_force(e, period, findings)]
    codes, names = _projects(valid, findings)
    people = _spellings([e for e in entries if e.register == "people"], findings)
    places = _spellings(
        [e for e in entries if e.register == "establishments"], findings
    )
    return Outcome(Renames(codes, names, people, places), tuple(findings))


def _is_in_force(entry: Entry, period: str, findings: list[Finding]) -> bool:
    for column in ("from", "retired"):
        text = entry.text(column)
        if text and not month_of(text):
            findings.append(_wrong("register-bad-month", entry, column))
            return False
    return month_of(entry.text("from")) <= period


def _wrong(rule: str, entry: Entry, column: str, raw: str = "", **told: str) -> Finding:
    text = raw or entry.text(column)
    return Finding(rule, Severity.ERROR, entry.ref(column), raw=text, params=told)


def _projects(
    entries: Sequence[Entry], findings: list[Finding]
) -> tuple[Mapping[str, Official], Mapping[str, Official]]:
    known = {code_key(e.text("code")): e for e in reversed(entries)}
    codes: dict[str, Official] = {}
    names: dict[str, Official] = {}
    for entry in entries:
        own = code_key(entry.text("code"))
        if known[own] is not entry:
            findings.append(_wrong("register-twice", entry, "code"))
            continue
        official = _heir(entry, known, findings)
        heir = Official(official.text("code"), official.text("name"), entry.ref("code"))
        written = [entry.text("code"), *parts(entry.text("aliases"))]
        _claim(codes, map(code_key, written), heir, entry, findings)
        # What is merged keeps its name in sight: only its own name is given to it.
        spelt = [entry.text("name"), *parts(entry.text("aliases"))]
        _claim(names, map(fold, spelt), heir, entry, findings)
    return codes, names


def _heir(entry: Entry, known: Mapping[str, Entry], findings: list[Finding]) -> Entry:
    """Return the project that took another over, however many times; itself when none."""
    seen = [entry]
    while target := seen[-1].text("merged_into"):
        found = known.get(code_key(target))
        if found is None:
            findings.append(_wrong("register-unknown-project", seen[-1], "merged_into"))
            return seen[-1]
        if found in seen:
            findings.append(_wrong("register-merge-circle", entry, "merged_into"))
            return entry
        seen.append(found)
    return seen[-1]


def _claim(
    taken: dict[str, Official],
    keys: Iterable[str],
    official: Official,
    entry: Entry,
    findings: list[Finding],
) -> None:
    for key in dict.fromkeys(k for k in keys if k):
        other = taken.setdefault(key, official)
        if (other.code, other.name) != (official.code, official.name):
            told = other.code or other.name
            findings.append(_wrong("register-alias-twice", entry, "aliases", key, other=told))  # fmt: skip


def _spellings(
    entries: Iterable[Entry], findings: list[Finding]
) -> Mapping[str, Official]:
    found: dict[str, Official] = {}
    for entry in entries:
        name = entry.text("name")
        official = Official("", name, entry.ref("name"))
        written = (name, *parts(entry.text("aliases")))
        _claim(found, map(fold, written), official, entry, findings)
    return found


def retired(entries: Iterable[Entry], period: str) -> Iterator[Entry]:
    """Return the projects of which no return is expected any more in a month."""
    for entry in entries:
        month = month_of(entry.text("retired"))
        if entry.register == "projects" and month and month <= period:
            yield entry
