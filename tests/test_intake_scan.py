from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from intake_inbox import book, fill, received, states

from consolidate.intake import reason_text, scan, without_duplicates
from consolidate.intake.names import label, shown, unique
from consolidate.model import files
from consolidate.model.delivery import REJECTIONS, Delivery, Failure, rejection
from consolidate.model.error import ConsolidateError
from consolidate.model.finding import Severity
from consolidate.model.output import marked
from consolidate.wording import catalogue, message, remedy

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX files")


def test_workbooks_are_found_in_the_order_of_their_names_whatever_their_case(
    tmp_path: Path,
) -> None:
    fill(tmp_path, {"b/B.XLSX": "1", "a.Ods": "2", "b/a.csv": "3", "c.XlSm": "4"})
    deliveries, findings = scan([tmp_path])
    assert [d.name for d in deliveries] == ["a.Ods", "b/B.XLSX", "b/a.csv", "c.XlSm"]
    assert {d.state for d in deliveries} == {""}
    assert findings == ()
    assert deliveries[0].size == 1
    assert len(deliveries[0].sha256) == 64
    assert deliveries[0].path == tmp_path / "a.Ods"


def test_received_at_is_the_time_of_the_file_in_utc(tmp_path: Path) -> None:
    fill(tmp_path, {"p.xlsx": "x"})
    os.utime(tmp_path / "p.xlsx", (1793693700, 1793693700))
    [delivery], _ = scan([tmp_path])
    assert delivery.received_at == "2026-11-03T08:15:00Z"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("~$p1.xlsx", "temporary"),
        (".~lock.p1.ods#", "temporary"),
        ("p1.xlsx.part", "temporary"),
        ("p1.xlsx.crdownload", "temporary"),
        ("p1.tmp", "temporary"),
        (".p1.xlsx", "hidden"),
        ("Thumbs.db", "hidden"),
        ("desktop.ini", "hidden"),
        ("note.pdf", "other"),
        ("compte rendu.DOCX", "other"),
        ("LISEZMOI", "other"),
        ("winmail.dat", "outlook-wrapper"),
    ],
)
def test_what_is_no_workbook_is_listed_with_its_reason(
    tmp_path: Path, name: str, reason: str
) -> None:
    fill(tmp_path, {name: "x"})
    [delivery], [finding] = scan([tmp_path])
    assert (delivery.name, delivery.state, delivery.reason) == (name, "ignored", reason)
    assert (finding.rule, finding.severity) == (f"file-{reason}", Severity.INFO)
    assert delivery.sha256 == ""


def test_a_hidden_folder_is_told_once_and_not_entered(tmp_path: Path) -> None:
    fill(tmp_path, {".git/a.xlsx": "x", ".git/b.xlsx": "y"})
    assert states(scan([tmp_path]).value) == {".git/": "hidden"}


def test_a_workbook_without_its_extension_is_read_and_told(tmp_path: Path) -> None:
    fill(tmp_path, {"tableau": book(), "tableau.xlsx_v2": book("2")})
    deliveries, findings = scan([tmp_path])
    assert states(deliveries) == {"tableau": "", "tableau.xlsx_v2": ""}
    assert [f.rule for f in findings] == ["file-unnamed", "file-unnamed"]


def test_an_old_workbook_is_known_by_the_names_in_its_directory(tmp_path: Path) -> None:
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(30, b"\0") + b"\x09\0"
    header = header.ljust(48, b"\0") + (0).to_bytes(4, "little")
    stream = "Workbook\0".encode("utf-16-le")
    letter = "WordDocument\0".encode("utf-16-le")
    fill(tmp_path, {"a": header.ljust(512, b"\0") + stream})
    fill(tmp_path, {"b": header.ljust(512, b"\0") + letter})
    assert states(scan([tmp_path]).value) == {"a": "", "b": "other"}


def test_an_empty_file_is_rejected(tmp_path: Path) -> None:
    fill(tmp_path, {"a.xlsx": "", "b.xlsx": "", "c.zip": ""})
    deliveries, findings = scan([tmp_path])
    assert {(d.state, d.reason) for d in deliveries} == {("rejected", "empty")}
    rules = ["workbook-empty", "workbook-empty", "parcel-empty"]
    assert [f.rule for f in findings] == rules


def test_a_file_too_large_is_rejected_unread(tmp_path: Path) -> None:
    with (tmp_path / "big.xlsx").open("wb") as file:
        file.truncate(101 * 2**20)
    [delivery], [finding] = scan([tmp_path])
    assert (delivery.reason, finding.rule) == ("too-large", "workbook-too-large")
    assert delivery.size == 101 * 2**20


def test_same_bytes_are_read_once_the_first_by_name(tmp_path: Path) -> None:
    fill(tmp_path, {"b.xlsx": "same", "a/z.xlsx": "same", "c.xlsx": "other"})
    deliveries, findings = without_duplicates(scan([tmp_path]).value)
    assert states(deliveries) == {"a/z.xlsx": "", "b.xlsx": "same-bytes", "c.xlsx": ""}
    assert [(f.rule, f.ref.workbook, f.params) for f in findings] == [
        ("workbook-duplicate", "b.xlsx", {"original": "a/z.xlsx"})
    ]


def test_several_inboxes_give_their_names(tmp_path: Path) -> None:
    one = fill(tmp_path / "x" / "inbox", {"p.xlsx": "1"})
    two = fill(tmp_path / "y" / "inbox", {"p.xlsx": "2"})
    alone = fill(tmp_path, {"seul.xlsx": "3"}) / "seul.xlsx"
    deliveries, _ = scan([one, two, alone])
    names = ["inbox/p (2).xlsx", "inbox/p.xlsx", "seul.xlsx/seul.xlsx"]
    assert sorted(d.name for d in deliveries) == names
    [single], _ = scan([alone])
    assert single.name == "seul.xlsx"


def test_an_inbox_that_does_not_exist_ends_the_run(tmp_path: Path) -> None:
    with pytest.raises(ConsolidateError, match="n’existe pas"):
        scan([tmp_path / "absent"])


def test_own_results_are_told_once_and_not_read(tmp_path: Path) -> None:
    run = json.dumps(marked({"version": "1"}))
    fill(tmp_path, {"out/portfolio.xlsx": "x", "out/data/risks.csv": "y"})
    fill(tmp_path, {"out/run.json": run, "p.xlsx": "z"})
    deliveries, findings = scan([tmp_path])
    assert states(deliveries) == {
        "out/data/risks.csv": "own-output",
        "out/portfolio.xlsx": "own-output",
        "p.xlsx": "",
    }
    assert [f.rule for f in findings] == ["file-own-output"]


def test_the_output_folder_inside_an_inbox_is_left_out(tmp_path: Path) -> None:
    fill(tmp_path, {"out/old.xlsx": "x", ".out.consolidate/new/a.csv": "y"})
    deliveries, _ = scan([tmp_path], output=tmp_path / "out")
    assert states(deliveries) == {"out/old.xlsx": "own-output"}


def test_a_run_json_of_somebody_else_hides_nothing(tmp_path: Path) -> None:
    fill(tmp_path, {"run.json": '{"generator": "other"}', "p.xlsx": "x"})
    assert states(scan([tmp_path]).value) == {"p.xlsx": "", "run.json": "other"}


@posix
def test_links_pipes_and_folders_are_never_opened_as_workbooks(tmp_path: Path) -> None:
    secret = fill(tmp_path / "secret", {"s.xlsx": "s"})
    inbox = fill(tmp_path / "inbox", {"p.xlsx": "p", "folder.xlsx/q.xlsx": "q"})
    (inbox / "link.xlsx").symlink_to(secret / "s.xlsx")
    (inbox / "away").symlink_to(secret)
    (inbox / "loop").symlink_to(inbox)
    (inbox / "dead.xlsx").symlink_to("nowhere")
    os.mkfifo(inbox / "pipe.xlsx")
    assert states(scan([inbox]).value) == {
        "away": "link",
        "dead.xlsx": "link",
        "folder.xlsx/q.xlsx": "",
        "link.xlsx": "link",
        "loop": "link",
        "p.xlsx": "",
        "pipe.xlsx": "special",
    }


@posix
def test_a_file_replaced_by_a_pipe_or_link_after_listing_is_not_opened(
    tmp_path: Path,
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/etc/hostname")
    for name in ("pipe", "link"):
        with (
            pytest.raises(files.UnreadableWorkbookError, match="not-a-workbook"),
            files.open_regular(tmp_path / name, 1000),
        ):
            pass


@posix
def test_odd_names_survive_and_are_shown_escaped(tmp_path: Path) -> None:
    odd = ["a\nb.xlsx", "\x1b[31mred.xlsx", "\u202excod.xlsx", "-rf.xlsx", "é.xlsx"]
    odd += [
        "e\u0301.xlsx",
        "=1+1.xlsx",
        "back\\slash.xlsx",
        os.fsdecode(b"\xe9t\xe9.xlsx"),
    ]
    fill(tmp_path, {name: f"content {n}" for n, name in enumerate(odd)})
    deliveries, _ = scan([tmp_path])
    assert len({d.name for d in deliveries}) == len(odd)
    assert {
        "a\\nb.xlsx",
        "\\x1b[31mred.xlsx",
        "\\u202excod.xlsx",
        "back\\\\slash.xlsx",
    } <= {d.name for d in deliveries}
    for delivery in deliveries:
        delivery.name.encode()
        assert delivery.path is not None
        assert files.read_file(
            delivery.path, size=delivery.size, sha256=delivery.sha256
        )


def test_a_file_that_grows_while_it_is_hashed_is_rejected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = fill(tmp_path, {"p.xlsx": "begun"}) / "p.xlsx"
    read = files._read

    def read_and_grow(*given: object) -> bytes:
        data = read(*given)  # type: ignore[arg-type]
        with path.open("a") as more:
            more.write("more")
        return data

    monkeypatch.setattr(files, "_read", read_and_grow)
    [delivery], [finding] = scan([tmp_path])
    assert (delivery.state, delivery.reason) == ("rejected", "changed")
    assert finding.rule == "workbook-changed"


def test_a_file_that_vanishes_after_listing_is_rejected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, {"p.xlsx": "x", "q.xlsx": "y"})
    open_ = os.open

    def vanish(path: Path, *given: int, **more: int) -> int:
        if Path(path).name == "p.xlsx":
            Path(path).unlink(missing_ok=True)
        return open_(path, *given, **more)

    monkeypatch.setattr(os, "open", vanish)
    deliveries, findings = scan([tmp_path])
    assert states(deliveries) == {"p.xlsx": "vanished", "q.xlsx": ""}
    assert [f.rule for f in findings] == ["workbook-vanished"]


def test_a_file_that_may_not_be_read_is_rejected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, {"p.xlsx": "x"})

    def refuse(*given: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    [delivery], [finding] = scan([tmp_path])
    assert (delivery.reason, finding.rule) == ("no-access", "workbook-no-access")


@pytest.mark.parametrize("name", ["p.xlsx", "unnamed"])
def test_a_file_locked_while_it_is_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    fill(tmp_path, {name: "x"})

    class Locked(io.FileIO):
        def read(self, size: int | None = -1) -> bytes:
            raise PermissionError(13, "locked by another program")

    monkeypatch.setattr(os, "fdopen", lambda handle, mode: Locked(handle))
    [delivery], findings = scan([tmp_path])
    expected = ("rejected", "no-access") if name == "p.xlsx" else ("ignored", "other")
    assert (delivery.state, delivery.reason) == expected
    assert len(findings) == 1


def test_a_folder_that_may_not_be_listed_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, {"closed/p.xlsx": "x", "q.xlsx": "y"})
    listed = os.scandir

    def refuse(folder: Path) -> object:
        if Path(folder).name == "closed":
            raise PermissionError(13, "Permission denied")
        return listed(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    deliveries, findings = scan([tmp_path])
    assert states(deliveries) == {"q.xlsx": ""}
    found = [(f.rule, f.severity, f.ref.workbook) for f in findings]
    assert found == [("folder-no-access", Severity.ERROR, "closed/")]


def test_two_scans_say_the_same(tmp_path: Path) -> None:
    fill(tmp_path / "in", {"b.xlsx": "1", "~$b.xlsx": "2", "a.zip": "no zip"})
    first = received(tmp_path / "in", tmp_path / "spool1")
    assert first == received(tmp_path / "in", tmp_path / "spool2")


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("reason", REJECTIONS)
@pytest.mark.parametrize("parcel", [True, False])
def test_every_rejection_has_its_words(reason: str, lang: str, parcel: bool) -> None:
    finding = rejection("p.xlsx", Failure(reason), parcel=parcel)
    assert message(finding, lang)
    assert remedy(finding, lang)
    assert reason_text(reason, lang) == catalogue()["labels"][f"reason-{reason}"][lang]


def test_an_unknown_reason_is_shown_as_it_is() -> None:
    assert reason_text("quite-new", "fr") == "quite-new"


@given(st.text())
def test_any_name_can_be_shown_and_stored(name: str) -> None:
    for safe in (shown(name), label(name)):
        safe.encode()
        assert "\n" not in safe
        assert "\u202e" not in safe


@given(st.text(), st.text())
def test_two_names_are_never_shown_alike(one: str, two: str) -> None:
    assert (shown(one) == shown(two)) == (one == two)


@given(st.lists(st.sampled_from(["a.xlsx", "a (2).xlsx", "b", "b (2)"])))
def test_numbered_names_are_unique(names: list[str]) -> None:
    made = unique(names)
    assert len(set(made)) == len(names)


def test_a_delivery_never_read_has_no_bytes() -> None:
    assert Delivery("x").path is None
