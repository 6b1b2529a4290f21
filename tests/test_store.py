"""The store of monthly snapshots."""

from __future__ import annotations

import dataclasses
import json
import os
import sqlite3
import stat
import subprocess
import sys
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa
from build_portfolio import make_portfolio

from consolidate import store
from consolidate.model.error import StoreError
from consolidate.model.portfolio import Portfolio
from consolidate.model.schema import TABLES
from consolidate.store import engine, migrations, tables
from consolidate.store.pack import pack, unpack

SMALL = {**dict.fromkeys(TABLES, 0), "risks": 1, "workload": 2}


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/home/portfolio.db"


@cache
def built() -> Portfolio:
    return make_portfolio(2, rows=SMALL)


def portfolio(version: str = "1", period: str = "2026-10") -> Portfolio:
    made = built()
    return dataclasses.replace(
        made, period=period, run={**made.run, "version": version}
    )


def same(left: pd.DataFrame, right: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(
        left.astype("object").where(left.notna(), None),
        right.astype("object").where(right.notna(), None),
        check_dtype=False,
    )


def test_what_is_loaded_is_what_was_saved(url: str) -> None:
    made = make_portfolio(3)
    store.save(url, made)
    read = store.load(url, "2026-10")
    for name, frame in made.tables.items():
        same(read.tables[name], frame)
        numbers = frame.select_dtypes(["float64", "Int64"]).columns
        assert read.tables[name][numbers].dtypes.equals(frame[numbers].dtypes) or (
            "row" in numbers
        )
    same(read.lineage, made.lineage)
    same(read.findings, made.findings)
    same(read.workbooks, made.workbooks)
    assert (read.period, read.as_of, read.lang) == (made.period, made.as_of, made.lang)
    assert read.run == json.loads(json.dumps(made.run))


def test_an_empty_portfolio_survives(url: str) -> None:
    made = make_portfolio(0)
    store.save(url, made)
    assert len(store.load(url, "2026-10").lineage) == 0


def test_the_same_run_twice_is_one_snapshot(url: str) -> None:
    first = store.save(url, portfolio())
    assert store.save(url, portfolio()) == first
    assert store.history(url) == [first]


def test_another_run_of_a_month_takes_its_place_and_keeps_it(url: str) -> None:
    old = store.save(url, portfolio("1"))
    new = store.save(url, portfolio("2"))
    assert [(s.id, s.is_current) for s in store.history(url)] == [
        (new.id, True),
        (old.id, False),
    ]
    assert store.load(url, "2026-10").run["version"] == "2"


def test_a_run_that_comes_back_is_current_again(url: str) -> None:
    old = store.save(url, portfolio("1"))
    store.save(url, portfolio("2"))
    assert store.save(url, portfolio("1")).id == old.id
    assert len(store.history(url)) == 2
    assert store.load(url, "2026-10").run["version"] == "1"


def test_history_begins_with_the_latest_month(url: str) -> None:
    for period in ("2026-09", "2026-11", "2026-10"):
        store.save(url, portfolio(period=period))
    periods = [s.period for s in store.history(url)]
    assert periods == ["2026-11", "2026-10", "2026-09"]


def test_nothing_is_stored_when_saving_fails(url: str, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    store.save(url, portfolio("1"))

    def fail(_: object) -> bytes:
        raise RuntimeError

    monkeypatch.setattr("consolidate.store.snapshot.pack", fail)
    with pytest.raises(RuntimeError):
        store.save(url, portfolio("2"))
    assert [s.version for s in store.history(url)] == ["1"]


def test_a_store_that_is_not_there_has_no_history_and_is_not_made(tmp_path: Path) -> None:  # fmt: skip
    url = f"sqlite:///{tmp_path}/none.db"
    assert store.history(url) == []
    with pytest.raises(StoreError, match="2026-10"):
        store.load(url, "2026-10")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_folder_and_file_are_their_owners_alone(url: str, tmp_path: Path) -> None:
    store.save(url, portfolio())
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "home" / "portfolio.db").stat().st_mode) == 0o600


def test_a_locked_store_is_told(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    store.save(url, portfolio("1"))
    monkeypatch.setattr(engine, "WAIT_SECONDS", 0.01)
    holder = sqlite3.connect(tmp_path / "home" / "portfolio.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="autre traitement"):
        store.save(url, portfolio("2"))
    holder.close()


def test_a_damaged_store_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"pas une base" * 500)
    with pytest.raises(StoreError, match="abîmé"):
        store.save(f"sqlite:///{tmp_path}/x.db", portfolio())
    with pytest.raises(StoreError, match="damaged"):
        store.history(f"sqlite:///{tmp_path}/x.db", "en")


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "x.db")
    other.execute("CREATE TABLE a (b)")
    other.close()
    with pytest.raises(StoreError, match="autre logiciel"):
        store.save(f"sqlite:///{tmp_path}/x.db", portfolio())


def test_a_newer_store_is_refused(url: str, tmp_path: Path) -> None:
    store.save(url, portfolio())
    newer = sqlite3.connect(tmp_path / "home" / "portfolio.db")
    newer.execute("UPDATE store_version SET version = 99")
    newer.commit()
    newer.close()
    for use in (lambda: store.save(url, portfolio("2")), lambda: store.history(url)):
        with pytest.raises(StoreError, match="plus récente"):
            use()


def test_an_older_store_is_brought_up_to_date(url: str, tmp_path: Path) -> None:
    store.save(url, portfolio("1"))
    old = sqlite3.connect(tmp_path / "home" / "portfolio.db")
    old.execute("ALTER TABLE risks DROP COLUMN cause")
    old.execute("UPDATE store_version SET fields = 'old'")
    old.commit()
    old.close()
    assert [s.version for s in store.history(url)] == ["1"]
    read = store.load(url, "2026-10").tables["risks"]
    assert read["cause"].isna().all()
    assert len(read) == 2


def test_migration_steps_run_in_their_order(url: str) -> None:
    store.save(url, portfolio("1"))
    done: list[int] = []
    steps = {n: (lambda _, n=n: done.append(n)) for n in (3, 2)}
    with engine.writing(url, "fr") as connection:
        migrations.migrate(connection, steps)
        query = sa.select(tables.metadata().tables["store_version"].c.version)
        assert connection.execute(query).scalar_one() == 3
    assert done == [2, 3]


@pytest.mark.parametrize(
    "url", ["pas une adresse", "mysql://a:secret@b/c", "sqlite+rien:///x", ""]
)
def test_a_wrong_address_is_told_without_its_password(url: str) -> None:
    with pytest.raises(StoreError) as told:
        store.save(url, portfolio())
    assert "secret" not in str(told.value)
    assert "\n" not in str(told.value)


def test_an_unreachable_server_is_told_without_its_password() -> None:
    with pytest.raises(StoreError) as told:
        store.history("postgresql://pmo:secret@127.0.0.1:9/base")
    assert "secret" not in str(told.value)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
@pytest.mark.skipif(
    hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere"
)
def test_a_folder_without_rights_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError):
        store.save(f"sqlite:///{tmp_path}/a/b.db", portfolio())
    tmp_path.chmod(0o700)


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x", encoding="utf-8")
    with pytest.raises(StoreError, match="ouverte"):
        store.save(f"sqlite:///{tmp_path}/a/b.db", portfolio())


def test_text_no_database_keeps_is_replaced(url: str) -> None:
    made = portfolio()
    odd = made.tables["projects"].assign(name=["a\0b", "demi \ud800"])
    store.save(url, dataclasses.replace(made, tables={**made.tables, "projects": odd}))
    names = store.load(url, "2026-10").tables["projects"]["name"].tolist()
    assert names == ["a\ufffdb", "demi ?"]


def test_packing_keeps_text_numbers_and_nothing() -> None:
    frame = pd.DataFrame(
        {"a": ["", None, "\ud800", "é"], "b": [1.5, 0.1, 1.0, None], "c": [True, False, True, True]},
        dtype="object",
    )  # fmt: skip
    read = unpack(pack(frame))
    assert read["a"].tolist() == ["", None, "\ud800", "é"]
    assert read["b"].tolist() == [1.5, 0.1, 1.0, None]
    assert read["c"].tolist() == [True, False, True, True]


def test_the_package_alone_does_not_import_sqlalchemy() -> None:
    code = "import consolidate.cli, sys; print('sqlalchemy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # fmt: skip
    assert done.stdout.strip() == "False"
