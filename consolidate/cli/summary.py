"""The summary of a run: what a person reads in ten seconds, or a script as JSON."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from consolidate import __version__
from consolidate.cli.text import excerpt, number, one_line, table
from consolidate.model.finding import Severity
from consolidate.wording import catalogue, plural, tr

if TYPE_CHECKING:
    from consolidate.model.portfolio import Portfolio

STATES = ("consolidated", "partial", "rejected", "duplicate", "superseded", "ignored")
SEVERITIES = ("error", "warning", "info")
OUTPUTS = (
    "index.html",
    "projects",
    "understood",
    "portfolio.xlsx",
    "data",
    "replies",
    "run.json",
)


@dataclass(frozen=True, slots=True)
class Look:
    """One thing to look at first.

    Attributes:
        rule: The finding's rule, or ``workbook-rejected``.
        severity: ``error`` or ``warning``.
        count: How many such findings or workbooks there are.
        places: The first few places.
        message: What the first one says.
    """

    rule: str
    severity: str
    count: int
    places: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The counts of a portfolio and what deserves a look."""

    period: str
    as_of: str
    workbooks: Mapping[str, int]
    projects: int
    records: Mapping[str, int]
    findings: Mapping[str, int]
    alerts: Mapping[str, int]
    first: tuple[Look, ...]

    def has_to_correct(self, fail_on: str) -> bool:
        """Whether the exit status is 1: a rejected workbook, or findings that count."""
        return bool(self.workbooks.get("rejected")) or self.reaches(fail_on)

    def reaches(self, fail_on: str) -> bool:
        """Whether there is a finding at or above a severity."""
        if fail_on == "never":
            return False
        least = Severity[fail_on.upper()]
        return any(
            n and Severity[name.upper()] >= least for name, n in self.findings.items()
        )


def summarise(portfolio: Portfolio) -> Summary:
    """Return the summary of a portfolio."""
    states = Counter(map(str, portfolio.workbooks["state"].tolist()))
    severities = Counter(map(str, portfolio.findings["severity"].tolist()))
    records = {
        name: len(frame) for name, frame in portfolio.tables.items() if len(frame)
    }
    return Summary(
        period=portfolio.period,
        as_of=portfolio.as_of.isoformat(),
        workbooks={s: states[s] for s in STATES if states[s]},
        projects=records.get("projects", 0),
        records=records,
        findings={s: severities[s] for s in SEVERITIES},
        alerts=_alerts(portfolio.run),
        first=first_looks(portfolio),
    )


def _alerts(run: Mapping[str, object]) -> Mapping[str, int]:
    """Return the alerts by severity as the run counted them; none for one workbook."""
    counts = run.get("counts")
    return counts.get("alerts", {}) if isinstance(counts, dict) else {}


def first_looks(portfolio: Portfolio, most: int = 3) -> tuple[Look, ...]:
    """Return what to look at first: rejected workbooks, then the gravest findings.

    Findings of one rule are one look; among equals the most frequent comes first.
    """
    books = portfolio.workbooks
    rejected = books[books["state"] == "rejected"]
    looks = list(_rejected(rejected.to_dict("records"), portfolio.lang))
    lost = set(rejected["workbook"].tolist())
    groups: dict[tuple[str, str], list[Mapping[Any, Any]]] = defaultdict(list)
    for finding in portfolio.findings.to_dict("records"):
        if finding["workbook"] not in lost and finding["severity"] != "info":
            groups[str(finding["severity"]), str(finding["rule"])].append(finding)
    ranked = sorted(
        groups.items(), key=lambda g: (SEVERITIES.index(g[0][0]), -len(g[1]), g[0][1])
    )
    for (severity, rule), found in ranked[: most - len(looks)]:
        places = tuple(place(f) for f in found[:3])
        looks.append(Look(rule, severity, len(found), places, str(found[0]["message"])))
    return tuple(looks)


def _rejected(books: list[dict[Any, Any]], lang: str) -> Iterator[Look]:
    if books:
        told = [
            f"{b['workbook']} ({reason(str(b['reason'] or ''), lang)})" for b in books
        ]
        yield Look("workbook-rejected", "error", len(books), tuple(told[:3]), "")


def rule_name(rule: str, lang: str) -> str:
    """Return what a rule is called, and its id, which logs are searched for."""
    known: str = catalogue()["labels"].get(f"rule-{rule}", {}).get(lang, "")
    return f"{known} ({rule})" if known else rule


def reason(code: str, lang: str) -> str:
    """Return why a workbook was rejected, in words when it is a code we know."""
    known = catalogue()["labels"].get(f"reason-{code}", {})
    text: str = known.get(lang, code)
    return text


def place(finding: Mapping[Any, Any], between: str = " ! ") -> str:
    """Return where a finding is: ``workbook ! sheet ! cell``, without what is empty."""
    parts = (finding["workbook"], finding["sheet"], finding["cell"])
    return between.join(one_line(p) for p in parts if isinstance(p, str) and p)


def as_json(summary: Summary) -> dict[str, Any]:
    """Return a summary for scripts."""
    return {
        "version": __version__,
        "period": summary.period,
        "as_of": summary.as_of,
        "workbooks": {"total": sum(summary.workbooks.values()), **summary.workbooks},
        "projects": summary.projects,
        "records": {"total": sum(summary.records.values()), **summary.records},
        "findings": dict(summary.findings),
        "alerts": dict(summary.alerts),
        "look_first": [
            {
                "rule": look.rule,
                "severity": look.severity,
                "count": look.count,
                "places": list(look.places),
                "message": look.message,
            }
            for look in summary.first
        ],
    }


def as_text(summary: Summary, lang: str) -> list[str]:
    """Return a summary as lines for a person."""
    total = sum(summary.workbooks.values())
    states = ", ".join(
        plural(f"cli-state-{s}", n, lang, number=number(n, lang))
        for s, n in summary.workbooks.items()
    )
    records = number(sum(summary.records.values()), lang)
    counts = ", ".join(
        plural(f"cli-finding-{s}", n, lang, number=number(n, lang))
        for s, n in summary.findings.items()
    )
    rows = [
        (
            tr("cli-workbooks", lang),
            f"{number(total, lang)} ({states})" if states else "0",
        ),
        (tr("cli-projects", lang), number(summary.projects, lang)),
        (tr("cli-records", lang), records),
        (tr("cli-findings", lang), counts),
        *_alerts_row(summary.alerts, lang),
    ]
    title = tr("cli-title", lang, period=summary.period, as_of=summary.as_of)
    return [title, *table(rows, indent="  "), *_first_lines(summary.first, lang)]


def _alerts_row(alerts: Mapping[str, int], lang: str) -> Iterator[tuple[str, str]]:
    if alerts:
        told = (
            plural(f"cli-alert-{s}", n, lang, number=number(n, lang))
            for s, n in alerts.items()
            if n
        )
        yield tr("cli-alerts", lang), ", ".join(told) or "0"


def _first_lines(looks: tuple[Look, ...], lang: str) -> Iterator[str]:
    if not looks:
        yield tr("cli-nothing-first", lang)
        return
    yield tr("cli-first", lang)
    for rank, look in enumerate(looks, start=1):
        if look.rule == "workbook-rejected":
            head = plural("cli-rejected", look.count, lang)
            yield f"  {rank}. {head}"
        else:
            yield f"  {rank}. {look.count} × {rule_name(look.rule, lang)}"
            yield f"     {excerpt(look.message, 92)}"
        for where in look.places[: 3 if look.rule == "workbook-rejected" else 1]:
            yield f"     {excerpt(where, 92)}"
        hidden = look.count - 3 if look.rule == "workbook-rejected" else 0
        if hidden > 0:
            yield "     " + tr("cli-and-more", lang, count=hidden)


def output_lines(output: Path, lang: str) -> list[str]:
    """Return where the outputs are, those that exist."""
    rows = [
        (
            f"{output / name}{'/' if (output / name).is_dir() else ''}",
            tr(f"cli-out-{name}", lang),
        )
        for name in OUTPUTS
        if (output / name).exists() and name != "run.json"
    ]
    return [tr("cli-outputs", lang), *table(rows, indent="  ")]
