"""What the standard workbook holds is what is read from it, whatever was in the month."""

from __future__ import annotations

import io
import random
import re
import tempfile
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from build_template import MANAGER, month_of
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from consolidate.clock import Clock
from consolidate.config import Config
from consolidate.model.delivery import Delivery
from consolidate.model.portfolio import Portfolio
from consolidate.packs.data import PackData
from consolidate.packs.readers import Narrower
from consolidate.pipeline import RunOptions, _portfolio
from consolidate.read import read_workbook
from consolidate.reception import Received
from consolidate.report.template_book import write_template
from consolidate.templates import template_of
from consolidate.understand import understand

NAME = "Alix Exemple - 2026-11.xlsx"


def read_back(month: PackData) -> Portfolio:
    """What a run makes of the workbook of a month, once something was typed into it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / NAME
        template = template_of(Narrower(month).own_return(MANAGER), MANAGER, "2026-11")
        write_template(path, template)
        data = path.read_bytes()
    extract = understand(read_workbook(NAME, confirmed(data)), month.schemas)
    received = Received((Delivery(NAME),), [extract], {}, (), {}, {})
    day = date(2026, 11, 30)
    options = RunOptions((), Path(), "2026-11", day, month.lang, None, Config())
    return _portfolio(options, month.schemas, received, Clock()).value


def confirmed(data: bytes) -> bytes:
    """The workbook as if something had been typed into it: its print is another's."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(name, re.sub(rb">[0-9a-f]{64}<", b">-<", old.read(name)))
    return buffer.getvalue()


def told(frame: pd.DataFrame, fields: list[str]) -> list[tuple[object, ...]]:
    """The records of a table, in an order of their own."""
    rows = frame.reindex(columns=fields).astype("object")
    every = rows.to_numpy().tolist()
    return sorted((tuple(map(_plain, row)) for row in every), key=repr)


def _plain(value: object) -> object:
    if pd.isna(value):
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return round(float(value), 6)
    return value


@pytest.mark.parametrize("lang", ["fr", "en"])
@given(seed=st.integers(0, 2**32))
@settings(max_examples=3, deadline=None, derandomize=True, phases=[Phase.generate])
def test_what_was_written_is_what_is_read(lang: str, seed: int) -> None:
    draw = random.Random(seed).randrange
    month = month_of(draw, lang, 1 + draw(3))
    back = read_back(month)
    for name, frame in month.portfolio.tables.items():
        fields = [n for n in month.schemas.tables[name].field_names if n not in {"report_date", "project_name"}]  # fmt: skip
        fields = ["project_code", *(n for n in fields if n != "project_code")]
        assert told(back.tables[name], fields) == told(frame, fields), name


def test_rows_that_nothing_tells_apart_come_back_all_the_same_and_are_told() -> None:
    """Which of them is called the second may change: that is said, not hidden."""
    month = month_of(random.Random(5).randrange, "fr", 1)
    load = month.portfolio.tables["workload"].iloc[:1]
    twins = pd.concat([load.assign(effort_spent=days) for days in (1.0, 2.0)])
    twins = twins.assign(record_id=["a", "b"], row=[5, 6]).reset_index(drop=True)
    tables = {**month.portfolio.tables, "workload": twins}
    back = read_back(replace(month, portfolio=replace(month.portfolio, tables=tables)))
    assert sorted(back.tables["workload"]["effort_spent"]) == [1.0, 2.0]
    assert back.tables["workload"]["record_id"].is_unique
    told = back.findings[back.findings["rule"] == "identity-ambiguous"]
    assert "workload" in set(told["table"])
