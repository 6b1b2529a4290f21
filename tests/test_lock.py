from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from intake_inbox import fill

from consolidate.model.lock import LockedError, locked
from consolidate.model.output import is_output, marked

TESTS = Path(__file__).resolve().parent


def test_a_lock_dies_with_its_holder(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    code = (
        f"import sys; sys.path.insert(0, {str(TESTS.parent)!r})\n"
        "import os, pathlib; from consolidate.model.lock import locked\n"
        f"with locked(pathlib.Path({str(path)!r})): print('held', flush=True); input()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(LockedError), locked(path):
            pass
        holder.kill()
    assert path.exists()
    with locked(path):
        pass
    assert not path.exists()


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "{", '{"generator": 1}', "[" * 10_000, '{"version": "1"}'],
)
def test_only_a_marked_run_json_makes_a_folder_ours(tmp_path: Path, text: str) -> None:
    fill(tmp_path, {"run.json": text})
    assert not is_output(tmp_path)
    fill(tmp_path, {"run.json": json.dumps(marked({}))})
    assert is_output(tmp_path)
