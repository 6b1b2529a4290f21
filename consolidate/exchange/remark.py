"""Findings as a project manager reads them: what was read, what it means, what to do."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from consolidate.model.schema import Field, Schemas
from consolidate.resources import shipped
from consolidate.wording import catalogue, tr

SEVERITIES = ("error", "warning", "info")
_MOST_WORDS = 6
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Remark:
    """One finding of a workbook, worded in its language.

    Attributes:
        severity: ``error``, ``warning`` or ``info``.
        rule: Of the finding.
        sheet: Empty for the workbook as a whole.
        cell: A1 address or range; empty for the sheet as a whole.
        raw: What was read there.
        message: What it means.
        advice: What to do, with what to type where that helps.
        quiet: Whether nothing is asked: listed last, its cell is left as it is.
    """

    severity: str
    rule: str
    sheet: str
    cell: str
    raw: str
    message: str
    advice: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """Remarks that one look settles: of one rule, on one sheet.

    Attributes:
        remark: The first of them.
        count: How many there are.
    """

    remark: Remark
    count: int


@lru_cache(maxsize=1)
def manners() -> Mapping[str, frozenset[str]]:
    """Return the rules of ``schemas/replies.toml`` by what is done with them."""
    raw = tomllib.loads((shipped("schemas") / "replies.toml").read_text("utf-8"))
    return {manner: frozenset(rules) for manner, rules in raw.items()}


def remarks(
    findings: Iterable[Mapping[str, str | None]], schemas: Schemas, lang: str
) -> tuple[Remark, ...]:
    """Return the remarks of one workbook, what asks most first.

    Args:
        findings: Rows of columns ``FINDING_COLUMNS``, in their order.
        schemas: Say what can be typed into a field.
        lang: That the findings are worded in.
    """
    told = (f for f in findings if f["rule"] not in manners()["untold"])
    found = [_remark({k: v or "" for k, v in f.items()}, schemas, lang) for f in told]
    return tuple(sorted(found, key=lambda r: (SEVERITIES.index(r.severity), r.quiet)))


def corrections(every: Sequence[Remark], most: int = 5) -> tuple[Correction, ...]:
    """Return the most useful corrections: errors first, then those of most cells."""

    def kind(remark: Remark) -> tuple[str, ...]:
        return remark.severity, remark.rule, remark.sheet

    asked = sorted((r for r in every if r.severity != "info"), key=kind)
    grouped = [list(group) for _, group in groupby(asked, kind)]
    found = [Correction(group[0], len(group)) for group in grouped]
    found.sort(key=lambda c: (SEVERITIES.index(c.remark.severity), -c.count))
    return tuple(found[:most])


def count(every: Iterable[Remark]) -> dict[str, int]:
    """Return how many remarks there are of each severity, all three named."""
    severities = [r.severity for r in every]
    return {severity: severities.count(severity) for severity in SEVERITIES}


def place(remark: Remark, lang: str) -> str:
    """Return where a remark is: ``Jalons ! D17``."""
    if not remark.sheet:
        return tr("reply-whole", lang)
    return f"{remark.sheet} ! {remark.cell}" if remark.cell else remark.sheet


def _remark(finding: Mapping[str, str], schemas: Schemas, lang: str) -> Remark:
    spec = schemas.tables.get(finding["table"])
    field = spec.by_name.get(finding["field"]) if spec else None
    advice = finding["suggestion"]
    if finding["severity"] == "error" and field and not _shows_one(advice):
        example = _example(field, schemas, lang)
        if example:
            advice = f"{advice}\n{tr('reply-example', lang, example=example)}"
    return Remark(
        finding["severity"],
        finding["rule"],
        finding["sheet"],
        finding["cell"],
        _clipped(finding["raw"]),
        finding["message"].replace(f"{finding['workbook']}!", ""),
        advice,
        finding["rule"] in manners()["quiet"],
    )


def _shows_one(advice: str) -> bool:
    """Whether an advice already shows what to type."""
    return any(c.isdigit() or c in "«“:" for c in advice)


def _example(field: Field, schemas: Schemas, lang: str) -> str:
    """Return what can be typed into a field; empty when anything can."""
    words = schemas.vocabularies.get(field.values)
    if field.type == "code" and words is not None:
        labels = [label[lang] for label in words.labels.values()]
        return ", ".join(labels[:_MOST_WORDS])
    known = f"reply-example-{field.type}" in catalogue()["labels"]
    return tr(f"reply-example-{field.type}", lang) if known else ""


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
