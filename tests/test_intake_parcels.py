from __future__ import annotations

import base64
import io
import struct
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from intake_inbox import book, fill, mail, private, received, states, zipped

from consolidate.intake import parcels, spool_folder
from consolidate.intake.mails import read_mail
from consolidate.model.delivery import Delivery
from consolidate.model.error import OutputError, UnreadableWorkbookError
from consolidate.model.finding import Finding


def opened(tmp_path: Path, files: dict[str, bytes]) -> dict[str, str]:
    """Return by name why each delivery of an inbox of these files is not read."""
    inbox = fill(tmp_path / "in", files)
    return states(received(inbox, tmp_path / "spool").value)


def told(tmp_path: Path, files: dict[str, bytes]) -> list[Finding]:
    inbox = fill(tmp_path / "in", files)
    return list(received(inbox, tmp_path / "spool").findings)


def test_members_of_a_zip_take_its_place(tmp_path: Path) -> None:
    parcel = zipped({"sub/a.xlsx": b"1", "b.CSV": b"2", "note.pdf": b"3", "sub/": b""})
    inbox = fill(tmp_path / "in", {"envoi.zip": parcel})
    deliveries, findings = received(inbox, tmp_path / "spool")
    assert states(deliveries) == {
        "envoi.zip!/b.CSV": "",
        "envoi.zip!/note.pdf": "other",
        "envoi.zip!/sub/a.xlsx": "",
    }
    assert [f.rule for f in findings] == ["file-other"]
    first = deliveries[0]
    assert (first.origin, first.size) == ("zip", 1)
    assert first.path is not None
    assert first.path.read_bytes() == b"2"
    assert (tmp_path / "spool") in first.path.parents
    assert private(first.path)


def test_a_zip_whose_members_are_not_packed_is_no_workbook(tmp_path: Path) -> None:
    parcel = zipped({"a.xlsx": book("a"), "b.xlsx": book("b")}, zipfile.ZIP_STORED)
    assert opened(tmp_path, {"envoi.zip": parcel}) == {
        "envoi.zip!/a.xlsx": "",
        "envoi.zip!/b.xlsx": "",
    }
    assert opened(tmp_path / "2", {"classeur.zip": book("a")}) == {"classeur.zip": ""}


def test_attachments_of_a_mail_take_its_place(tmp_path: Path) -> None:
    message = mail([("livré.xlsx", b"1")], subject="Point à date")
    inbox = fill(tmp_path / "in", {"envoi.eml": message})
    [delivery], _ = received(inbox, tmp_path / "spool")
    assert delivery.name == "envoi.eml!/livré.xlsx"
    assert delivery.origin == "mail"
    assert delivery.received_at == "2026-11-03T08:15:00Z"
    assert delivery.sender == "Chef de projet <pm@example.org>"
    assert delivery.subject == "Point à date"


def test_parcels_in_parcels_are_opened(tmp_path: Path) -> None:
    inner = zipped({"a.xlsx": b"1"})
    forwarded = EmailMessage()
    forwarded["From"] = "x@example.org"
    forwarded.add_attachment(
        b"2", maintype="application", subtype="octet-stream", filename="b.xlsx"
    )
    outer = EmailMessage()
    outer["From"] = "y@example.org"
    outer.set_content("fwd")
    outer.add_attachment(forwarded)
    outer.add_attachment(inner, maintype="application", subtype="zip", filename="c.zip")
    files = {
        "z.zip": zipped({"y.zip": inner, "m.eml": mail([("d.xlsx", b"3")])}),
        "o.eml": outer.as_bytes(),
    }
    assert opened(tmp_path, files) == {
        "o.eml!/b.xlsx": "",
        "o.eml!/c.zip!/a.xlsx": "",
        "z.zip!/m.eml!/d.xlsx": "",
        "z.zip!/y.zip!/a.xlsx": "same-bytes",
    }


def test_a_forwarded_mail_in_base64_is_opened(tmp_path: Path) -> None:
    body = base64.encodebytes(mail([("a.xlsx", b"1")])).decode()
    message = (
        "From: x@example.org\nContent-Type: multipart/mixed; boundary=B\n\n--B\n"
        "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
        f"{body}\n--B--\n"
    )
    assert opened(tmp_path, {"o.eml": message.encode()}) == {"o.eml!/a.xlsx": ""}


def test_a_zip_in_a_zip_in_a_zip_is_left(tmp_path: Path) -> None:
    deep = zipped(
        {"c.zip": zipped({"b.zip": zipped({"a.xlsx": b"1"})}), "x.xlsx": b"2"}
    )
    assert opened(tmp_path, {"d.zip": deep}) == {
        "d.zip!/c.zip!/b.zip": "too-large",
        "d.zip!/x.xlsx": "",
    }


def test_a_parcel_without_a_workbook_is_listed(tmp_path: Path) -> None:
    files = {"a.eml": mail([]), "b.zip": zipped({"x.pdf": b"1"})}
    assert opened(tmp_path, files) == {
        "a.eml": "parcel-empty",
        "b.zip": "parcel-empty",
        "b.zip!/x.pdf": "other",
    }


def test_names_in_a_parcel_are_labels_never_paths(tmp_path: Path) -> None:
    names = ["../../evil.xlsx", "/etc/evil.xlsx", "C:\\dir\\evil.xlsx", "a\nb.xlsx"]
    files = {"a.zip": zipped({name: name.encode() for name in names})}
    assert set(opened(tmp_path, files)) == {
        "a.zip!/evil.xlsx",
        "a.zip!/etc/evil.xlsx",
        "a.zip!/dir/evil.xlsx",
        "a.zip!/a\\nb.xlsx",
    }
    spooled = sorted(p.name for p in (tmp_path / "spool").rglob("*") if p.is_file())
    assert spooled == ["000000", "000001", "000002", "000003"]
    assert not list(tmp_path.rglob("evil*"))


def test_members_of_one_name_are_told_apart(tmp_path: Path) -> None:
    message = mail([("a.xlsx", b"1"), ("a.xlsx", b"2"), ("../a.xlsx", b"3")])
    assert set(opened(tmp_path, {"m.eml": message})) == {
        "m.eml!/a.xlsx",
        "m.eml!/a (2).xlsx",
        "m.eml!/a (3).xlsx",
    }


def test_a_workbook_named_zip_is_read_as_a_workbook(tmp_path: Path) -> None:
    files = {"a.zip": book(), "b.zip": zipped({"c.zip": book("2")})}
    assert opened(tmp_path, files) == {"a.zip": "", "b.zip!/c.zip": ""}


def encrypted(data: bytes, only: int = -1) -> bytes:
    """Return a zip file whose members say they are encrypted."""
    marked = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at, count = marked.find(signature), 0
        while at >= 0:
            if only in {-1, count}:
                marked[at + offset] |= 1
            at, count = marked.find(signature, at + 4), count + 1
    return bytes(marked)


def test_an_encrypted_zip_is_rejected_and_an_encrypted_member_alone(
    tmp_path: Path,
) -> None:
    both = zipped({"a.xlsx": b"1", "b.xlsx": b"2"})
    files = {"all.zip": encrypted(both), "one.zip": encrypted(both, only=0)}
    assert opened(tmp_path, files) == {
        "all.zip": "encrypted",
        "one.zip!/a.xlsx": "encrypted",
        "one.zip!/b.xlsx": "",
    }
    rules = [f.rule for f in told(tmp_path / "again", files)]
    assert rules == ["parcel-encrypted", "workbook-encrypted"]


def test_a_damaged_zip_is_rejected_and_a_damaged_member_alone(tmp_path: Path) -> None:
    good = zipped({"a.xlsx": b"1" * 99, "b.xlsx": b"2" * 99}, zipfile.ZIP_STORED)
    files = {
        "cut.zip": good[:-30],
        "text.zip": b"no zip at all",
        "bit.zip": good.replace(b"1" * 99, b"1" * 98 + b"3"),
    }
    assert opened(tmp_path, files) == {
        "bit.zip!/a.xlsx": "damaged",
        "bit.zip!/b.xlsx": "",
        "cut.zip": "damaged",
        "text.zip": "damaged",
    }


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_only_the_common_compressions_are_inflated(tmp_path: Path, method: int) -> None:
    files = {"a.zip": zipped({"a.xlsx": bytes(1000)}, method)}
    assert opened(tmp_path, files) == {"a.zip!/a.xlsx": "damaged"}


def test_a_member_that_is_a_bomb_is_refused_by_what_comes_out(tmp_path: Path) -> None:
    files = {"a.zip": zipped({"bomb.xlsx": bytes(40 << 20), "b.xlsx": b"1"})}
    assert opened(tmp_path, files) == {
        "a.zip!/b.xlsx": "",
        "a.zip!/bomb.xlsx": "too-large",
    }


def test_a_member_that_lies_about_its_size_is_damaged(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.xlsx": bytes(100_000)}))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.find(signature) + offset, 10)
    assert opened(tmp_path, {"a.zip": bytes(data)}) == {"a.zip!/a.xlsx": "damaged"}


def test_a_parcel_of_too_much_is_refused_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"a.zip": zipped({f"{n}.xlsx": b"12345" for n in range(4)})}
    monkeypatch.setattr(parcels, "MOST_MEMBERS", 3)
    assert opened(tmp_path / "members", files) == {"a.zip": "too-large"}
    monkeypatch.setattr(parcels, "MOST_MEMBERS", 4)
    monkeypatch.setattr(parcels, "MOST_IN_ALL", 19)
    assert opened(tmp_path / "bytes", files) == {"a.zip": "too-large"}


def test_a_zip_of_too_many_entries_is_refused(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(10_001):
            archive.writestr(f"{number}", b"")
    assert opened(tmp_path, {"a.zip": stream.getvalue()}) == {"a.zip": "too-large"}


def test_the_reason_of_each_odd_attachment(tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"] = "x@example.org"
    message.set_content("texte")
    for name in ("winmail.dat", "smime.p7m", "~$a.xlsx", "a.xlsx"):
        message.add_attachment(
            b"1", maintype="application", subtype="octet-stream", filename=name
        )
    message.add_attachment(
        b"g", maintype="image", subtype="png", cid="<logo>", filename="l.png"
    )
    assert opened(tmp_path, {"m.eml": message.as_bytes()}) == {
        "m.eml!/a.xlsx": "",
        "m.eml!/smime.p7m": "signed-mail",
        "m.eml!/winmail.dat": "outlook-wrapper",
        "m.eml!/~$a.xlsx": "temporary",
    }


def test_what_is_kept_elsewhere_is_never_fetched(tmp_path: Path) -> None:
    message = (
        "From: x@example.org\nContent-Type: multipart/mixed; boundary=B\n\n--B\n"
        'Content-Type: message/external-body; name="a.xlsx"; access-type=URL;\n'
        ' URL="http://example.org/a.xlsx"\n\nContent-Type: text/plain\n\n\n--B--\n'
    )
    found = opened(tmp_path, {"m.eml": message.encode()})
    assert found == {"m.eml": "parcel-empty", "m.eml!/a.xlsx": "mail-fragment"}


def test_a_workbook_without_a_name_is_named_by_its_type(tmp_path: Path) -> None:
    message = (
        "From: x@example.org\nContent-Type: application/vnd.ms-excel\n"
        "Content-Transfer-Encoding: base64\n\nMTIz\n"
    )
    found = opened(tmp_path, {"m.eml": message.encode()})
    assert found == {"m.eml!/attachment-1.xls": ""}


@pytest.mark.parametrize(
    "spelt",
    [
        'filename="=?utf-8?q?livr=C3=A9.xlsx?="',
        "filename*=utf-8''livr%C3%A9.xlsx",
        "filename*0*=utf-8''livr; filename*1*=%C3%A9.xlsx",
    ],
)
def test_file_names_are_decoded_however_mails_write_them(
    tmp_path: Path, spelt: str
) -> None:
    message = f"From: x@example.org\nContent-Disposition: attachment; {spelt}\n\n1\n"
    assert opened(tmp_path, {"m.eml": message.encode()}) == {"m.eml!/livré.xlsx": ""}


def parts(count: int) -> bytes:
    each = b"--B\nContent-Type: text/plain\n\nx\n"
    return (
        b"From: x\nContent-Type: multipart/mixed; boundary=B\n\n"
        + each * count
        + b"--B--\n"
    )


def nested(depth: int) -> bytes:
    inner = b"Content-Type: text/plain\n\nx"
    for level in range(depth):
        bound = b"B%d" % level
        head = b"Content-Type: multipart/mixed; boundary=" + bound
        inner = head + b"\n\n--" + bound + b"\n" + inner + b"\n--" + bound + b"--\n"
    return b"From: x\n" + inner


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"no mail at all", "damaged"),
        (b"From: x\nX: " + b"y" * 300_000 + b"\n\nbody", "too-large"),
        (parts(20_000), "too-large"),
        (parts(20_000).replace(b"Content-Type: text/plain\n", b""), "too-large"),
        (nested(30), "too-large"),
        (nested(400), "too-large"),
    ],
)
def test_mails_made_to_choke_a_reader_are_refused(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableWorkbookError) as caught:
        read_mail(io.BytesIO(data))
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "header",
    [
        b"Subject: " + b"=?utf-8?q?a?= " * 5_000,
        b"Message-ID: " + b"<" * 50_000,
        b"To: " + b"a@example.org, " * 10_000,
        b"From: =?utf-8?b?\r",
        b"Date: 31 Feb 99999 99:99:99 +9999",
        b"Content-Type: multipart/mixed",
        b"Content-Disposition: attachment; filename*1=b; filename*9=c; filename=",
        b"Subject: =?no-such-charset?q?=E9?=",
    ],
)
def test_odd_headers_never_break_a_mail(header: bytes) -> None:
    found = read_mail(io.BytesIO(b"X: y\n" + header + b"\n\nbody"))
    assert len(found.subject) <= 4096


def test_a_character_set_that_makes_no_sense_never_breaks_a_mail() -> None:
    header = b'Content-Type: text/csv; charset="a\0b"; name=a.csv'
    (found,) = read_mail(io.BytesIO(header + b"\n\n\x80")).parts
    assert found.name == "a.csv"


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(cut=st.integers(0, 2000), junk=st.binary(max_size=20), zip_=st.booleans())
def test_any_damage_ends_in_a_reason(
    tmp_path_factory: pytest.TempPathFactory, cut: int, junk: bytes, zip_: bool
) -> None:
    folder = tmp_path_factory.mktemp("damage")
    whole = zipped({"a.xlsx": b"1" * 50, "b.eml": mail([("c.xlsx", b"2")])})
    data = whole if zip_ else mail([("a.zip", whole)])
    path = folder / ("x.zip" if zip_ else "x.eml")
    path.write_bytes(
        data[: cut % len(data)] + junk + data[cut % len(data) + len(junk) :]
    )
    delivery = Delivery(path.name, path, "0", path.stat().st_size, kind="parcel")
    try:
        found = parcels.open_parcel(parcels.Parcel(delivery, folder, 1 << 20))
    except UnreadableWorkbookError:
        return
    assert all(m.state or (m.path and m.sha256) for m in found)


def test_no_room_for_members_ends_the_run_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = fill(tmp_path / "in", {"a.zip": zipped({"a.xlsx": b"1"})})

    def full(*given: object) -> Delivery:
        raise UnreadableWorkbookError("no-space")

    monkeypatch.setattr(parcels, "_spooled", full)
    with pytest.raises(OutputError, match=r"place pour ouvrir a\.zip"):
        received(inbox, tmp_path / "spool")


def test_the_spool_is_private_and_always_removed() -> None:
    folders = []

    def interrupted() -> None:
        with spool_folder() as spool:
            folders.append(spool)
            assert private(spool)
            (spool / "sub").mkdir()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [f.exists() for f in folders] == [False]
