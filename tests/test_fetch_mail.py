"""A mailbox is emptied over IMAP into the archive; a true server, started here."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from imap_tools import MailBox
from intake_inbox import mail
from servers import PASSWORD, USER, Imap, dovecot, free_port, token
from test_hostile_run import milestones

from consolidate import mailbox
from consolidate.cli import main
from consolidate.intake import Mailroom

TOML = """[mailbox]
host = "localhost"
port = {port}
security = "{security}"
user = "{user}"
folder = "{folder}"
done = "Traités"
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Imap]:
    with dovecot() as found:
        yield found


@pytest.fixture
def trusted(server: Imap, monkeypatch: pytest.MonkeyPatch) -> Imap:
    """The server, its authority trusted as if it were installed in the system."""
    monkeypatch.setattr(ssl, "create_default_context", server.trust.client)
    with opened(server) as box:
        for folder in ("INBOX", "Traités"):
            if box.folder.exists(folder):
                box.folder.set(folder)
                box.delete(box.uids())
    return server


def opened(server: Imap) -> MailBox:
    context = server.trust.client()
    box = MailBox("localhost", server.secure_port, ssl_context=context)
    return box.login_utf8(USER, PASSWORD)


def sent(server: Imap, *names: str) -> None:
    with opened(server) as box:
        for name in names:
            files = [(f"{name}.xlsx", milestones(name))]
            box.append(mail(files, subject=name))


def left(server: Imap, folder: str = "INBOX") -> int:
    with opened(server) as box:
        box.folder.set(folder)
        return len(box.uids())


def fetched(home: Path, server: Imap, *words: str, **given: str) -> Result:
    told = {"port": str(server.secure_port), "security": "tls", "user": USER, "folder": "INBOX"}  # fmt: skip
    secret = {"CONSOLIDATE_IMAP_PASSWORD": PASSWORD}
    env = {k: v for k, v in given.items() if k.isupper()} or secret
    told |= {k: v for k, v in given.items() if k.islower()}
    home.mkdir(exist_ok=True)
    (home / "consolidate.toml").write_text(TOML.format(**told), encoding="utf-8")
    base = {"CONSOLIDATE_HOME": str(home), "CONSOLIDATE_LANG": "en"}
    result = CliRunner().invoke(main, ["fetch-mail", *words], env=base | env)
    assert PASSWORD not in result.output
    assert "Traceback" not in result.output
    return result


def test_mails_are_archived_journalled_and_moved(tmp_path: Path, trusted: Imap) -> None:
    sent(trusted, "un", "deux")
    result = fetched(tmp_path, trusted)
    assert (result.exit_code, left(trusted), left(trusted, "Traités")) == (0, 0, 2)
    assert "2 mails archived" in result.output
    items = list(Mailroom(tmp_path).ledger())
    assert [(i.subject, i.sender, i.kind) for i in items] == [
        (name, "Chef de projet <pm@example.org>", "parcel") for name in ("un", "deux")
    ]
    assert all(Mailroom(tmp_path).has(item.sha256) for item in items)


def test_what_is_fetched_is_consolidated_by_the_watch(
    tmp_path: Path, trusted: Imap
) -> None:
    sent(trusted, "un")
    home, inbox, out = tmp_path / "home", tmp_path / "in", tmp_path / "out"
    fetched(home, trusted)
    inbox.mkdir()
    words = ["watch", str(inbox), "-o", str(out), "--once", "--home", str(home)]
    assert CliRunner().invoke(main, words).exit_code == 0
    states = [(item.name, item.state) for item in Mailroom(home).ledger()]
    assert states[1:] == [("!/un.xlsx", "consolidated")]
    assert (out / "index.html").exists()


def test_dry_run_fetches_nothing(tmp_path: Path, trusted: Imap) -> None:
    sent(trusted, "un")
    result = fetched(tmp_path, trusted, "--dry-run", "--json")
    assert [mail["uid"] != "" for mail in json.loads(result.output)] == [True]
    assert left(trusted) == 1
    assert list(Mailroom(tmp_path).ledger()) == []


def test_killed_between_archive_and_move_it_is_the_same_delivery(
    tmp_path: Path, trusted: Imap, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    sent(trusted, "un")
    with monkeypatch.context() as patch:
        patch.setattr(MailBox, "move", killed)
        assert fetched(tmp_path, trusted).exit_code == 130
    assert left(trusted) == 1
    assert fetched(tmp_path, trusted).exit_code == 0
    assert left(trusted) == 0
    assert len(list(Mailroom(tmp_path).ledger())) == 1


def test_a_mail_too_large_is_left_and_told_each_time(
    tmp_path: Path, trusted: Imap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "MOST_BYTES", 10)
    sent(trusted, "un")
    for _ in range(2):
        result = fetched(tmp_path, trusted)
        assert result.exit_code == 1
        assert "too large" in result.output
    (item,) = Mailroom(tmp_path).ledger()
    assert (item.state, item.reason) == ("rejected", "too-large")
    assert left(trusted) == 1


@pytest.mark.parametrize(
    "given",
    [
        {"CONSOLIDATE_IMAP_PASSWORD": PASSWORD},
        {"CONSOLIDATE_IMAP_TOKEN": token()},
    ],
)
def test_starttls_with_a_password_or_a_token(
    tmp_path: Path, trusted: Imap, given: dict[str, str]
) -> None:
    sent(trusted, "un")
    port = str(trusted.port)
    result = fetched(tmp_path, trusted, security="starttls", port=port, **given)
    assert (result.exit_code, left(trusted)) == (0, 0), result.output


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"CONSOLIDATE_IMAP_PASSWORD": "autre"}, "refuses"),
        ({"CONSOLIDATE_IMAP_TOKEN": "x.y.z"}, "refuses"),
        ({"folder": "Absent"}, "no folder"),
        ({"port": str(free_port())}, "cannot be reached"),
        ({"CONSOLIDATE_LANG": "en"}, "keyring"),
        ({"user": ""}, "No mailbox"),
    ],
)
def test_trouble_is_told_in_one_line(
    tmp_path: Path, trusted: Imap, given: dict[str, str], told: str
) -> None:
    result = fetched(tmp_path, trusted, **given)
    assert result.exit_code == 2
    assert told in result.output
    assert len(result.output.splitlines()) == 1


def test_a_certificate_nobody_knows_is_refused(tmp_path: Path, server: Imap) -> None:
    result = fetched(tmp_path, server)
    assert result.exit_code == 2
    assert "certificate" in result.output


def test_the_password_may_come_from_the_keyring(
    tmp_path: Path, trusted: Imap, monkeypatch: pytest.MonkeyPatch
) -> None:
    import keyring

    kept = {("consolidate", USER): PASSWORD}
    monkeypatch.setattr(keyring, "get_password", lambda *key: kept.get(key))
    result = fetched(tmp_path, trusted, CONSOLIDATE_LANG="en")
    assert result.exit_code == 0, result.output
