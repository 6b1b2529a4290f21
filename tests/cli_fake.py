"""A pipeline that answers at once, for the tests of the command line."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

import consolidate
from consolidate.model.portfolio import FINDING_COLUMNS, WORKBOOK_COLUMNS, Portfolio
from consolidate.model.schema import TABLES


@dataclass(frozen=True, slots=True)
class RunOptions:
    inboxes: tuple[Path, ...]
    output: Path
    period: str
    as_of: date
    lang: str
    store: str | None
    config: Any
    allow_empty: bool
    replies: bool
    audience: str
    cases: bool = True
    jobs: int = 2
    start_method: str | None = None
    home: Path | None = None
    at: str = ""
    archived: tuple[Any, ...] | None = None
    leave_out: frozenset[str] = frozenset()
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class RunResult:
    portfolio: Portfolio
    output: Path
    stages: Mapping[str, float]
    snapshot: str | None
    states: Mapping[str, int]
    closed: int = 0
    late: tuple[str, ...] = ()
    cases: int = 0
    opened: int = 0
    reasons: Mapping[str, str] = field(default_factory=dict)
    layouts: tuple[Any, ...] = ()


def finding(severity: str, rule: str, **given: str) -> dict[str, str]:
    base = {
        "workbook": "p1.xlsx",
        "sheet": "Jalons",
        "cell": "C4",
        "table": "milestones",
        "field": "end_baseline",
        "raw": "bientôt",
        "message": "Ce n’est pas une date reconnue.",
        "suggestion": "écrire une date (31/03/2026).",
    }
    return {**base, "severity": severity, "rule": rule, **given}


def workbook(name: str, state: str = "consolidated", **given: Any) -> dict[str, Any]:
    base = {
        "workbook": name,
        "state": state,
        "cells_read": 10,
        "cells_mapped": 8,
        "cells_left": 1,
    }
    return {**base, "project_codes": "P-0001", "reason": None, **given}


def portfolio(
    findings: list[dict[str, str]] | None = None,
    workbooks: list[dict[str, Any]] | None = None,
    lang: str = "fr",
) -> Portfolio:
    tables = {name: pd.DataFrame() for name in TABLES}
    tables["projects"] = pd.DataFrame({"project_code": ["P-0001"]})
    tables["milestones"] = pd.DataFrame({"project_code": ["P-0001"] * 1234})
    books = [workbook("p1.xlsx")] if workbooks is None else workbooks
    return Portfolio(
        period="2026-10",
        as_of=date(2026, 10, 31),
        lang=lang,
        tables=tables,
        workbooks=pd.DataFrame(books, columns=WORKBOOK_COLUMNS),
        lineage=pd.DataFrame(),
        findings=pd.DataFrame(findings or [], columns=FINDING_COLUMNS),
        run={},
    )


class FakePipeline(ModuleType):
    """Stands where ``consolidate.pipeline`` is; remembers what it was asked."""

    RunOptions = RunOptions
    RunResult = RunResult

    def __init__(self) -> None:
        super().__init__("consolidate.pipeline")
        self.portfolio = portfolio()
        self.raises: BaseException | None = None
        self.asked: list[Any] = []
        self.extract: Any = None

    def run(
        self,
        options: RunOptions,
        progress: Callable[[int, int, str], None] | None = None,
        committing: Callable[[], None] = lambda: None,
    ) -> RunResult:
        self.asked.append(options)
        if self.raises:
            raise self.raises
        for done in range(1, 3):
            if progress:
                progress(done, 2, f"p{done}.xlsx")
        (options.output / "data").mkdir(parents=True)
        for name in ("index.html", "portfolio.xlsx", "run.json"):
            (options.output / name).write_text("")
        return RunResult(self.portfolio, options.output, {"read": 1.5}, "s1", {})

    def check(self, path: Path, config: Any, **given: Any) -> Portfolio:
        self.asked.append((path, config, given))
        if self.raises:
            raise self.raises
        return self.portfolio

    def understand(self, path: Path, config: Any) -> Any:
        self.asked.append((path, config))
        if self.raises:
            raise self.raises
        return self.extract


def install(monkeypatch: pytest.MonkeyPatch) -> FakePipeline:
    """Put a fake pipeline in the place of the true one."""
    fake = FakePipeline()
    monkeypatch.setitem(sys.modules, "consolidate.pipeline", fake)
    monkeypatch.setattr(consolidate, "pipeline", fake, raising=False)
    return fake
