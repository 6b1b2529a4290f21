from __future__ import annotations

import logging
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import pytest
import worker_tasks as tasks

from consolidate.intake.parcels import Parcel
from consolidate.model.delivery import Delivery, Failure
from consolidate.model.error import ConsolidateError
from consolidate.model.workbook import Extract
from consolidate.worker import Limits, Reader, Settings
from consolidate.worker.confine import stay_unprivileged
from consolidate.worker.seccomp import refuse_calls

TESTS = Path(__file__).resolve().parent
LIMITS = Limits(memory=200 << 20, seconds=60)
SHORT = Limits(memory=200 << 20, seconds=1)


@pytest.fixture(scope="module", params=["default", "spawn"])
def reader(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Reader]:
    context = None if request.param == "default" else request.param
    mark = tmp_path_factory.mktemp("mark") / f"died-{request.param}"
    settings = Settings(layouts=(str(mark),))
    with Reader(
        jobs=2, limits=LIMITS, context=context, settings=settings, task=tasks.behave
    ) as reader:
        yield reader


def deliver(folder: Path, contents: Sequence[str]) -> list[Delivery]:
    made = []
    for number, content in enumerate(contents):
        path = folder / f"{number:02d}.xlsx"
        path.write_text(content)
        digest = sha256(content.encode()).hexdigest()
        made.append(Delivery(path.name, path, digest, len(content)))
    return made


def outcomes(reader: Reader, folder: Path, contents: Sequence[str]) -> list[str]:
    """Return for each content what was read of it, or why nothing was."""
    results = reader.read_all(deliver(folder, contents))
    return [r.reason if isinstance(r, Failure) else r.kind for _, r in results]


def test_results_come_in_the_order_of_deliveries(
    reader: Reader, tmp_path: Path
) -> None:
    contents = [f"book {n}" for n in range(12)]
    seen: list[tuple[int, int, str]] = []
    results = list(
        reader.read_all(deliver(tmp_path, contents), lambda *told: seen.append(told))
    )
    assert [d.name for d, _ in results] == [f"{n:02d}.xlsx" for n in range(12)]
    assert [e.kind for _, e in results if isinstance(e, Extract)] == contents
    assert [done for done, _, _ in seen] == list(range(1, 13))
    assert {total for _, total, _ in seen} == {12}
    assert sorted(name for _, _, name in seen) == [d.name for d, _ in results]


def test_whatever_a_workbook_does_it_costs_that_workbook_alone(
    reader: Reader, tmp_path: Path
) -> None:
    deeds = {
        "one": "one",
        "abort": "damaged",
        "two": "two",
        "eat": "too-large",
        "memory": "too-large",
        "panic": "damaged",
        "recurse": "damaged",
        "three": "three",
        "kill": "too-large",
        "encrypted": "encrypted",
        "bug": "internal-error",
        "four": "four",
    }
    assert outcomes(reader, tmp_path, list(deeds)) == list(deeds.values())


def test_a_worker_ended_from_outside_has_its_workbook_read_again(
    reader: Reader, tmp_path: Path
) -> None:
    contents = ["a", "die once", "b"]
    assert outcomes(reader, tmp_path, contents) == contents


def test_many_deaths_lose_no_other_workbook(reader: Reader, tmp_path: Path) -> None:
    contents = [f"book {n}" if n % 4 else "abort" for n in range(16)]
    expected = [c if c != "abort" else "damaged" for c in contents]
    assert outcomes(reader, tmp_path, contents) == expected


def test_a_hang_is_ended_in_time_and_the_rest_is_read(tmp_path: Path) -> None:
    with Reader(jobs=2, limits=SHORT, task=tasks.behave) as reader:
        found = outcomes(reader, tmp_path, ["hang", "fine", "hang", "good"])
    assert found == ["too-slow", "fine", "too-slow", "good"]


def test_a_workbook_that_vanished_or_changed_since_it_was_listed(
    reader: Reader, tmp_path: Path
) -> None:
    deliveries = deliver(tmp_path, ["gone", "grown", "other", "same"])
    (tmp_path / "00.xlsx").unlink()
    (tmp_path / "01.xlsx").write_text("grown since")
    (tmp_path / "02.xlsx").write_text("bytes")
    results = [r for _, r in reader.read_all(deliveries)]
    reasons = [r.reason for r in results if isinstance(r, Failure)]
    assert reasons == ["vanished", "changed", "changed"]
    assert isinstance(results[3], Extract)


def test_a_workbook_still_being_copied_is_not_damaged(tmp_path: Path) -> None:
    with Reader(jobs=1, task=tasks.still_copied) as reader:
        assert outcomes(reader, tmp_path, ["half", "whole"]) == ["changed", "damaged"]


def test_what_is_not_to_be_read_is_passed_over(reader: Reader, tmp_path: Path) -> None:
    ignored = Delivery("x.pdf", None, state="ignored", reason="other")
    assert list(reader.read_all([ignored])) == []


def test_map_runs_a_function_on_each_item(reader: Reader) -> None:
    results = list(reader.map(tasks.raise_code, ["fine", "damaged", "fine"]))
    assert results == ["fine", Failure("damaged", "of a test"), "fine"]


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit on Windows")
def test_a_worker_writes_no_file_beyond_its_limit(tmp_path: Path) -> None:
    limits = Limits(file_bytes=1000)
    parcels = [Parcel(Delivery("p", size=n), tmp_path, 0) for n in (1000, 1001)]
    with Reader(jobs=1, limits=limits, task=tasks.behave) as reader:
        fits, exceeds = reader.map(tasks.write, parcels)
    assert fits == 1000
    assert isinstance(exceeds, Failure)


def test_a_result_that_cannot_cross_is_our_own_failure(tmp_path: Path) -> None:
    with Reader(jobs=1, task=tasks.unpicklable) as reader:
        results = [r for _, r in reader.read_all(deliver(tmp_path, ["x"]))]
    assert [r.reason for r in results if isinstance(r, Failure)] == ["internal-error"]


def test_a_result_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    limits = Limits(result_bytes=10)
    with Reader(jobs=1, limits=limits, task=tasks.behave) as reader:
        assert outcomes(reader, tmp_path, ["x"]) == ["too-large"]


def test_a_bug_is_logged_for_its_place_without_what_cells_say(
    reader: Reader, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "consolidate"):
        outcomes(reader, tmp_path, ["bug", "panic"])
    assert "worker_tasks.py" in caplog.text
    assert "ValueError" in caplog.text
    assert "cell content" not in caplog.text


def test_a_worker_loads_no_data_frames_and_no_main_program(tmp_path: Path) -> None:
    with Reader(jobs=1, task=tasks.modules) as reader:
        [(_, loaded)] = reader.read_all(deliver(tmp_path, ["x"]))
    assert not isinstance(loaded, Failure)
    heavy = {"pandas", "numpy", "pandera", "openpyxl", "matplotlib", "sqlalchemy"}
    assert heavy.isdisjoint(loaded)  # type: ignore[arg-type]


@pytest.mark.parametrize("context", [None, "spawn"])
def test_the_main_program_is_not_started_over(
    context: str | None, tmp_path: Path
) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        f"""
import sys
sys.path[:0] = [{str(TESTS)!r}, {str(TESTS.parent)!r}]
from pathlib import Path
from test_worker import deliver
import worker_tasks
from consolidate.worker import Reader
print("started")
with Reader(jobs=1, context={context!r}, task=worker_tasks.main_program) as reader:
    print([r for _, r in reader.read_all(deliver(Path({str(tmp_path)!r}), ["x"]))])
"""
    )
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("started\n[False]\n", "")


def test_a_worker_is_silent(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with Reader(jobs=1, task=tasks.streams) as reader:
        [(_, read)] = reader.read_all(deliver(tmp_path, ["x"]))
    assert read == ""
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(sys.platform != "linux", reason="what Linux refuses a process")
def test_a_worker_reaches_nobody_and_changes_nothing(tmp_path: Path) -> None:
    with Reader(jobs=1, task=tasks.probe) as reader:
        [(_, through)] = reader.read_all(deliver(tmp_path, ["x"]))
    if can_refuse():
        assert through == []
    else:
        pytest.skip("no seccomp on this machine")


def can_refuse() -> bool:
    """Return whether a process of this machine may have calls refused, in one that may."""
    child = os.fork()
    if child == 0:
        stay_unprivileged()
        os._exit(not refuse_calls())
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_workers_that_cannot_start_end_the_run_in_words(tmp_path: Path) -> None:
    os_exit = Settings(layouts=(_Exit(),))
    with (
        Reader(jobs=1, settings=os_exit, task=tasks.behave) as reader,
        pytest.raises(ConsolidateError, match="end as soon as they start"),
    ):
        list(reader.read_all(deliver(tmp_path, ["x"])))


class _Exit:
    """Ends the process that unpickles it."""

    def __reduce__(self) -> tuple[object, ...]:
        return os._exit, (3,)


def test_no_process_outlives_the_reader_even_when_interrupted(tmp_path: Path) -> None:
    def interrupt(done: int, total: int, name: str) -> None:
        raise KeyboardInterrupt

    before = set(multiprocessing.active_children())
    with (
        pytest.raises(KeyboardInterrupt),
        Reader(jobs=2, limits=LIMITS, task=tasks.behave) as reader,
    ):
        list(reader.read_all(deliver(tmp_path, ["one", "hang"]), interrupt))
    assert set(multiprocessing.active_children()) == before


def test_the_time_of_workers_is_counted(reader: Reader, tmp_path: Path) -> None:
    before = reader.cpu_seconds
    outcomes(reader, tmp_path, ["work"])
    assert reader.cpu_seconds >= before + 0.02
