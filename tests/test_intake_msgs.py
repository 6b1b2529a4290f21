"""Messages as Outlook saves them: their files take their place, whatever they hold."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from build_msg import attachment, compound, forwarded, message
from intake_inbox import book, fill, mail, received, states, zipped

from consolidate.intake.msgs import read_msg
from consolidate.model.error import UnreadableWorkbookError

SENT = datetime(2026, 11, 3, 8, 15, tzinfo=UTC)
HEADERS = "From: =?utf-8?q?Chef_de_projet?= <pm@exemple.invalid>\r\nDate: Tue, 03 Nov 2026 09:15:00 +0100\r\n\r\n"


def opened(tmp_path: Path, data: bytes) -> dict[str, str]:
    inbox = fill(tmp_path / "in", {"envoi.msg": data})
    return states(received(inbox, tmp_path / "spool").value)


def test_attachments_of_a_message_take_its_place(tmp_path: Path) -> None:
    files = [attachment("livré.xlsx", book("a")), attachment("photo.png", b"x")]
    data = compound(message(files, values={0x007D: HEADERS}))
    inbox = fill(tmp_path / "in", {"envoi.msg": data})
    first, second = received(inbox, tmp_path / "spool").value
    assert (first.name, first.reason) == ("envoi.msg!/livré.xlsx", "")
    assert (second.name, second.reason) == ("envoi.msg!/photo.png", "other")
    assert first.path is not None
    assert first.path.read_bytes() == book("a")
    assert (first.sender, first.subject) == ("Chef de projet <pm@exemple.invalid>", "Tableau de bord")  # fmt: skip
    assert (first.origin, first.received_at) == ("mail", "2026-11-03T08:15:00Z")


@pytest.mark.parametrize(
    ("values", "sender"),
    [
        ({0x5D01: "pm@exemple.invalid", 0x0C1F: "/O=CHU/CN=PM"}, "pm@exemple.invalid"),
        ({0x0C1F: "pm@exemple.invalid"}, "pm@exemple.invalid"),
        ({0x0C1F: "/O=CHU/CN=PM"}, ""),
    ],
)
def test_without_headers_the_sender_is_an_address_or_nobody(
    values: dict[int, str], sender: str
) -> None:
    found = read_msg(io.BytesIO(compound(message([], values={**values, 0x0039: SENT}))))
    assert (found.sender, found.date) == (sender, "2026-11-03T08:15:00Z")


def test_messages_mails_and_zips_in_a_message_are_opened(tmp_path: Path) -> None:
    inside = forwarded(message([attachment("a.xlsx", book("a"))]))
    files = [
        inside,
        attachment("b.zip", zipped({"b.xlsx": book("b")})),
        attachment("c.eml", mail([("c.xlsx", book("c"))])),
        attachment("d.msg", compound(message([attachment("d.xlsx", book("d"))]))),
    ]
    assert opened(tmp_path, compound(message(files))) == {
        "envoi.msg!/a.xlsx": "",
        "envoi.msg!/b.zip!/b.xlsx": "",
        "envoi.msg!/c.eml!/c.xlsx": "",
        "envoi.msg!/d.msg!/d.xlsx": "",
    }


def test_a_link_to_a_file_elsewhere_is_never_fetched(tmp_path: Path) -> None:
    data = compound(message([attachment("a.xlsx", b"", method=2)]))
    assert opened(tmp_path, data)["envoi.msg!/a.xlsx"] == "mail-fragment"


def test_names_are_labels_never_paths(tmp_path: Path) -> None:
    data = compound(message([attachment("../../evil\x1b\u202e.xlsx", book("a"))]))
    (name,) = opened(tmp_path, data)
    assert name.startswith("envoi.msg!/")
    assert not {"\x1b", "\u202e"} & set(name)
    assert ".." not in name.split("/")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_what_is_no_message_is_damaged(share: float) -> None:
    whole = compound(message([attachment("a.xlsx", b"x" * 3000)]))
    for data in (whole[: int(len(whole) * share)], compound({"Workbook": b"x"}), b"x"):
        with pytest.raises(UnreadableWorkbookError) as caught:
            read_msg(io.BytesIO(data))
        assert caught.value.reason == "damaged"


def test_messages_in_messages_have_an_end() -> None:
    inside = message([])
    for _ in range(30):
        inside = message([forwarded(inside)])
    with pytest.raises(UnreadableWorkbookError) as caught:
        read_msg(io.BytesIO(compound(inside)))
    assert caught.value.reason == "too-large"
