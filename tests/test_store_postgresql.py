"""Months kept on a true PostgreSQL server, started here: the same as in a file."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from servers import postgresql
from test_hostile_run import milestones
from test_store import built, portfolio, same

from consolidate import store
from consolidate.cli import main
from consolidate.model.error import StoreError
from consolidate.model.forgotten import Forgotten


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgresql() as url:
        yield url


@pytest.fixture
def url(server: str) -> str:
    """A database with nothing in it."""
    engine = sa.create_engine(store.parse_url(server, "en"))
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()
    return server


def consolidate(place: Path, *words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--home", str(place), "--lang", "en"])


def test_what_is_loaded_is_what_was_saved(url: str) -> None:
    store.save(url, portfolio())
    read = store.load(url, "2026-10")
    for name, frame in built().tables.items():
        same(read.tables[name], frame)
    assert [s.period for s in store.history(url, "en")] == ["2026-10"]


def test_runs_at_once_each_leave_a_version(url: str) -> None:
    saved = [lambda n=n: store.save(url, portfolio(str(n))) for n in range(6)]  # type: ignore[misc]
    threads = [threading.Thread(target=save) for save in saved]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.load(url, "2026-10").run["version"] in {str(n) for n in range(6)}
    assert sum(s.is_current for s in store.history(url, "en")) == 1


def test_months_are_published_compared_and_packed(url: str, tmp_path: Path) -> None:
    inbox, out = tmp_path / "in", tmp_path / "out"
    inbox.mkdir()
    for month, name in (("2026-09", "Recette"), ("2026-10", "Bascule")):
        (inbox / "a.xlsx").write_bytes(milestones(name))
        words = ("run", str(inbox), "-o", str(out), "--period", month, "--store", url)
        assert consolidate(tmp_path, *words).exit_code == 0
    told = consolidate(tmp_path, "history", "--store", url)
    assert told.exit_code == 0
    assert "2026-09" in told.output
    assert consolidate(tmp_path, "diff", "2026-09", "2026-10", "--store", url).exit_code == 0  # fmt: skip
    packs = consolidate(tmp_path, "pack", "deadlines", "-o", str(tmp_path / "packs"), "--store", url)  # fmt: skip
    assert packs.exit_code == 0, packs.output
    assert list((tmp_path / "packs").rglob("*.xlsx"))
    closed = consolidate(
        tmp_path, "month", "close", "2026-10", "-o", str(out), "--store", url
    )
    assert closed.exit_code == 0, closed.output
    assert consolidate(tmp_path, "verify", str(out), "--store", url).exit_code == 0


def test_somebody_is_forgotten_there_too(url: str) -> None:
    store.save(url, portfolio())
    before = store.load(url, "2026-10")
    name = str(before.tables["projects"]["name"].iloc[0])
    known = Forgotten(b"k" * 32).with_person(name, (name,))
    for apply in (False, True):
        found = store.pseudonymise(url, known.masked, lambda *_: None, "en", apply=apply)  # fmt: skip
        assert found.cells["projects"] == 1
    read = store.load(url, "2026-10")
    assert known.pseudonym(name) in set(read.tables["projects"]["name"])
    texts = [t.to_csv() for t in (*read.tables.values(), read.lineage, read.findings)]
    assert not any(name in text for text in texts)


def test_a_server_that_is_not_there_is_told_without_its_password(url: str) -> None:
    wrong = url.replace("pmo@", "pmo:secret@").rpartition(":")[0] + ":1/postgres"
    with pytest.raises(StoreError) as caught:
        store.history(wrong, "en")
    assert "secret" not in str(caught.value)
