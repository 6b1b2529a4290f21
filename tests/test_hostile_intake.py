"""Bad input from the inbox to the worker: nothing is lost, everything has its reason."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import worker_tasks as tasks
from intake_inbox import fill, mail, private, states, zipped

from consolidate.intake import receive, spool_folder
from consolidate.model.delivery import Delivery, Failure
from consolidate.model.workbook import Extract
from consolidate.worker import Limits, Reader


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    limits = Limits(memory=200 << 20, seconds=4, parcel_seconds=4)
    with Reader(jobs=2, limits=limits, task=tasks.behave) as reader:
        yield reader


def test_every_file_ends_in_one_state_and_each_state_has_its_reason(
    tmp_path: Path, reader: Reader
) -> None:
    fill(
        tmp_path,
        {
            "good.xlsx": "good",
            "again.xlsx": "good",
            "abort.xls": "abort",
            "hang.xlsb": "hang",
            "eat.ods": "eat",
            "panic.csv": "panic",
            "bug.xlsx": "bug",
            "zero.xlsx": "",
            "~$good.xlsx": "lock",
            "note.pdf": "pdf",
            "parcel.zip": zipped({"in.xlsx": b"in", "abort.xlsx": b"abort "}),
            "cut.zip": zipped({"in.xlsx": b"in"})[:-9],
            "mail.eml": mail([("att.xlsx", b"att")]),
            "bad.eml": "no mail",
        },
    )
    with spool_folder() as spool:
        deliveries, findings = receive([tmp_path], spool, reader.map)
        results = list(reader.read_all(deliveries))
        assert all(private(p) for p in spool.rglob("*"))
    assert not spool.exists()
    read = {d.name: r.reason if isinstance(r, Failure) else "" for d, r in results}
    assert {**states(deliveries), **read} == {
        "abort.xls": "damaged",
        "again.xlsx": "",
        "bad.eml": "damaged",
        "bug.xlsx": "internal-error",
        "cut.zip": "damaged",
        "eat.ods": "too-large",
        "good.xlsx": "same-bytes",
        "hang.xlsb": "too-slow",
        "mail.eml!/att.xlsx": "",
        "note.pdf": "other",
        "panic.csv": "damaged",
        "parcel.zip!/abort.xlsx": "",
        "parcel.zip!/in.xlsx": "",
        "zero.xlsx": "empty",
        "~$good.xlsx": "temporary",
    }
    told = {f.ref.workbook for f in findings} | {n for n, r in read.items() if r}
    assert told == {d.name for d in deliveries if d.state or read[d.name]}


def test_a_parcel_that_takes_its_opener_down_costs_that_parcel(
    tmp_path: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, {"a.zip": b"x", "b.xlsx": b"fine"})

    def failing(function: object, parcels: object) -> Iterator[Failure]:
        yield from (Failure("too-slow") for _ in parcels)  # type: ignore[attr-defined]

    with spool_folder() as spool:
        deliveries, findings = receive([tmp_path], spool, failing)
    assert states(deliveries) == {"a.zip": "too-slow", "b.xlsx": ""}
    assert [f.rule for f in findings] == ["parcel-too-slow"]


def test_a_file_that_vanishes_or_grows_before_it_is_read(
    tmp_path: Path, reader: Reader
) -> None:
    fill(tmp_path, {"gone.xlsx": "1", "grows.xlsx": "2", "same.xlsx": "3"})
    with spool_folder() as spool:
        deliveries, _ = receive([tmp_path], spool, reader.map)
        (tmp_path / "gone.xlsx").unlink()
        with (tmp_path / "grows.xlsx").open("a") as file:
            file.write("more")
        results = [r for _, r in reader.read_all(deliveries)]
    assert [r.reason for r in results if isinstance(r, Failure)] == [
        "vanished",
        "changed",
    ]
    assert isinstance(results[2], Extract)


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX files")
def test_a_workbook_swapped_for_a_pipe_or_a_link_is_not_opened(
    tmp_path: Path, reader: Reader
) -> None:
    fill(tmp_path, {"link.xlsx": "1", "pipe.xlsx": "2", "other": "1"})
    with spool_folder() as spool:
        deliveries, _ = receive([tmp_path], spool, reader.map)
        (tmp_path / "link.xlsx").unlink()
        (tmp_path / "link.xlsx").symlink_to(tmp_path / "other")
        (tmp_path / "pipe.xlsx").unlink()
        os.mkfifo(tmp_path / "pipe.xlsx")
        results = [r for _, r in reader.read_all(deliveries)]
    assert [r.reason for r in results if isinstance(r, Failure)] == ["changed"] * 2


def test_a_crowd_of_killers_loses_no_good_workbook(tmp_path: Path) -> None:
    deeds = ["abort", "eat", "panic", "kill"]
    files = {
        f"{n:02d}.xlsx": (f"{deeds[n // 3 % 4]}" if n % 3 == 0 else f"good {n}")
        for n in range(24)
    }
    fill(tmp_path, files)
    limits = Limits(memory=200 << 20, seconds=60)
    with Reader(jobs=2, limits=limits, task=tasks.behave) as reader, spool_folder() as spool:  # fmt: skip
        deliveries, _ = receive([tmp_path], spool, reader.map)
        results = list(reader.read_all([_anew(d) for d in deliveries]))
    counts = Counter(r.reason if isinstance(r, Failure) else "" for _, r in results)
    assert counts == {"": 16, "damaged": 4, "too-large": 4}


def _anew(delivery: Delivery) -> Delivery:
    """Return a delivery to be read even if its bytes were met before."""
    if delivery.state != "duplicate":
        return delivery
    return Delivery(delivery.name, delivery.path, delivery.sha256, delivery.size)
