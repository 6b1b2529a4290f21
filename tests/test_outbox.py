"""The outbox: one answer a delivery, to addresses of the register, released by the PMO."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from consolidate.answers import Unaddressed, reminders
from consolidate.cli import main
from consolidate.config import MailConfig
from consolidate.intake.journal import Journal
from consolidate.outbox import Letter, Outbox, OutboxError
from consolidate.posting import Account, sending

AT = "2026-11-03T08:15:00Z"
ROOT = Path(__file__).resolve().parent.parent
REGISTER = """\
[[people]]
name = "Alix Exemple"
email = "alix@hopital.example"
"""


def letter(key: str = "answer 1") -> Letter:
    return Letter(key, "alix@hopital.example", "Vos cases\nà revoir", "Bonjour\n", ("a.xlsx", b"PK"))  # fmt: skip


def drafted(home: Path, *letters: Letter) -> Outbox:
    box = Outbox(home)
    list(box.draft(letters, "pmo@hopital.example", AT))
    return box


def test_an_answer_is_drafted_once_whatever_is_asked(tmp_path: Path) -> None:
    box = drafted(tmp_path, letter(), letter("answer 2"), letter())
    assert len(box.drafts()) == 2
    assert list(box.draft([letter()], "", AT)) == []
    message = box.drafts()[0].message()
    assert (message["To"], message["Subject"]) == ("alix@hopital.example", "Vos cases à revoir")  # fmt: skip
    (attached,) = message.iter_attachments()
    assert attached.get_content() == b"PK"


def test_what_was_sent_is_never_sent_again(tmp_path: Path) -> None:
    box, went = drafted(tmp_path, letter()), []

    def send(message: EmailMessage) -> str:
        went.append(message["To"])
        return ""

    list(box.release(box.waiting(()), send, AT))
    assert went == ["alix@hopital.example"]
    assert box.waiting(()) == []
    with pytest.raises(OutboxError):
        box.waiting([letter().id])


def test_what_stopped_while_being_sent_waits_for_a_person(tmp_path: Path) -> None:
    box = drafted(tmp_path, letter(), letter("answer 2"))

    def dies(message: EmailMessage) -> str:
        raise ConnectionResetError

    with pytest.raises(OSError):  # noqa: PT011 - whichever the network raises
        list(box.release(box.waiting(()), dies, AT))
    assert [d.state for d in box.drafts()] == ["sending", "draft"]
    assert [d.id for d in box.waiting(())] == [letter("answer 2").id]


def test_what_a_server_refuses_can_be_released_again(tmp_path: Path) -> None:
    box = drafted(tmp_path, letter())
    (told,) = box.release(box.waiting(()), lambda _: "recipient-refused", AT)
    assert told[1] == "recipient-refused"
    assert [d.state for d in box.waiting(())] == ["refused"]


def test_the_journal_holds_neither_address_nor_words(tmp_path: Path) -> None:
    drafted(tmp_path, letter())
    told = (tmp_path / "journal.jsonl").read_text()
    assert "alix" not in told
    assert "Vos cases" not in told


class Plain(socketserver.StreamRequestHandler):
    """A server that offers no encryption."""

    def handle(self) -> None:
        self.wfile.write(b"220 old\r\n")
        for line in self.rfile:
            self.wfile.write(b"221 bye\r\n" if line.startswith(b"QUIT") else b"250 old\r\n")  # fmt: skip
            if line.startswith(b"QUIT"):
                return


@pytest.fixture
def plain() -> Iterator[int]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Plain) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def test_nothing_goes_out_unencrypted(plain: int) -> None:
    config = MailConfig("pmo@hopital.example", "127.0.0.1", plain)
    with pytest.raises(OSError), sending(Account(config)):  # noqa: PT011 - smtplib's own
        pytest.fail("it was let through")


def test_reminders_go_to_known_addresses_one_a_manager() -> None:
    rows = [("PRJ-1", "Un", "Alix Exemple"), ("PRJ-2", "Deux", "Alix Exemple"), ("PRJ-3", "Trois", "Sacha Essai")]  # fmt: skip
    missing = pd.DataFrame(rows, columns=["project_code", "name", "project_manager"])
    book = {"alix exemple": "alix@hopital.example"}
    first, second = reminders(missing, "2026-10", "2026-11-05", book, "en")
    assert isinstance(first, Letter)
    assert "- PRJ-1 Un\n- PRJ-2 Deux" in first.body
    assert "by 5\xa0Nov\xa02026" in first.body
    assert isinstance(second, Unaddressed)
    assert second.names == ("Sacha Essai",)


def test_the_replies_of_a_run_become_drafts_that_the_pmo_hands_over(
    tmp_path: Path,
) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    home.mkdir()
    (home / "registers.toml").write_text(REGISTER, encoding="utf-8")
    book = ROOT / "sample_workbooks" / "2026-10" / "PRJ-101_Dossier patient.xlsx"
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "TdB.xlsx").write_bytes(book.read_bytes())
    own = ("--home", str(home), "--lang", "en")

    def told(*asked: str) -> str:
        found = CliRunner().invoke(main, [*asked, *own])
        assert found.exit_code in (0, 1), found.output
        return found.output

    told("run", str(inbox), "--period", "2026-10", "--output", str(out), "--replies")
    assert "1 message drafted" in told("outbox", "fill", str(out))
    assert "0 messages drafted; 1 were already" in told("outbox", "fill", str(out))
    assert "nothing went" in told("outbox", "release", "--all")
    assert "open" in told("outbox", "release", "--all", "--send")
    assert "handed over" in told("outbox", "list")
    assert "0 to send" in told("outbox", "release", "--all")
    events = [e.event for e in Journal(home / "journal.jsonl").entries()]
    assert events[-2:] == ["answer-drafted", "answer-handed"]
