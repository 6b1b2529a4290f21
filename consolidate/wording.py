"""Words for people: every message and label, in French and English.

``schemas/wording/<area>.toml`` holds two kinds of entry, both languages side by side:

    [findings.date-unread]
    message.fr = "Ce n'est pas une date reconnue ; ..."
    message.en = "..."
    remedy.fr = "..."
    remedy.en = "..."
    manager.fr = "..."      where a project manager can do something else than the PMO
    manager.en = "..."

    [labels]
    run-summary.fr = "..."
    run-summary.en = "..."
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal, TypeAlias

from consolidate.model.finding import Finding
from consolidate.resources import shipped

Lang: TypeAlias = Literal["fr", "en"]


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, Mapping[str, Any]]:
    """Return all entries of all areas: ``findings`` by rule and ``labels`` by key."""
    findings: dict[str, Any] = {}
    labels: dict[str, Any] = {}
    for path in sorted((shipped("schemas") / "wording").glob("*.toml")):
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        findings |= raw.get("findings", {})
        labels |= raw.get("labels", {})
    return {"findings": findings, "labels": labels}


def tr(key: str, lang: str, **params: object) -> str:
    """Return a label in a language, its ``{placeholders}`` filled.

    Raises:
        KeyError: No such label, or a placeholder without its parameter.
    """
    text: str = catalogue()["labels"][key][lang]
    return text.format_map(params) if params else text


def plural(key: str, count: int, lang: str, **params: object) -> str:
    """Return ``key-one`` or ``key-many`` with ``{count}`` filled.

    French counts 0 and 1 as one, English only 1.
    """
    one = count in (0, 1) if lang == "fr" else count == 1
    return tr(f"{key}-{'one' if one else 'many'}", lang, count=count, **params)


Labels: TypeAlias = Mapping[tuple[str, str], str]
"""What people call a field, by (table, field)."""


def message(finding: Finding, lang: str, labels: Labels | None = None) -> str:
    """Return what a finding says: what was read and what it means."""
    return _worded(finding, lang, "message", labels or {})


def remedy(finding: Finding, lang: str, labels: Labels | None = None) -> str:
    """Return what to do about a finding."""
    return _worded(finding, lang, "remedy", labels or {})


def advice(finding: Finding, lang: str, labels: Labels | None = None) -> str:
    """Return what its project manager, who has the workbook alone, can do about it."""
    words = catalogue()["findings"].get(finding.rule, {})
    part = "manager" if "manager" in words else "remedy"
    return _worded(finding, lang, part, labels or {})


def _worded(finding: Finding, lang: str, part: str, labels: Labels) -> str:
    words = catalogue()["findings"].get(finding.rule)
    text: str = words[part][lang] if words else finding.rule
    if "{" not in text:
        return text
    table = finding.table
    facts = {
        "raw": finding.raw,
        "field": labels.get((table, finding.field), finding.field),
        "table": table,
        **finding.params,
    }
    for key in [k for k in facts if k.endswith(f"@{lang}")]:
        facts[key.partition("@")[0]] = facts[key]
    for listed in ("candidates", "fields"):
        if listed in facts:
            names = facts[listed].split(", ")
            facts[listed] = ", ".join(labels.get((table, n), n) for n in names)
    return text.format_map(_Facts(facts))


class _Facts(dict[str, str]):
    """Facts of a finding; one that is not known reads as a dash, never as a failure."""

    def __missing__(self, key: str) -> str:
        return "–"
