"""Answers go out over TLS, to a true server, started here."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from servers import PASSWORD, USER, Trust, smtp

from consolidate.config import MailConfig
from consolidate.posting import Account, sending


def message(to: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = USER, to, "Vos cases à revoir"
    made["X-Unsent"] = "1"
    made.set_content("Bonjour,\n")
    made.add_attachment(b"PK", maintype="application", subtype="x", filename="é.xlsx")
    return made


def account(
    port: int, trust: Trust, security: str, password: str = PASSWORD
) -> Account:
    config = MailConfig(USER, "localhost", port, security, USER)
    return Account(config, password, trust.client())


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # it does not see its own TLS
@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_message_goes_out_whole_over_tls(security: str) -> None:
    trust = Trust.new()
    with smtp(trust, security) as (port, taken):
        with sending(account(port, trust, security)) as send:
            assert send(message("alix@exemple.invalid")) == ""
            assert send(message("inconnu@exemple.invalid")) == "recipient-refused"
            assert send(message("sacha@exemple.invalid")) == ""
        assert [e.rcpt_tos for e in taken] == [["alix@exemple.invalid"], ["sacha@exemple.invalid"]]  # fmt: skip
        content = taken[0].content
        assert isinstance(content, bytes)
        assert b"X-Unsent" not in content
        assert "Vos cases à revoir" in str(
            message_from_bytes(content, policy=default)["Subject"]
        )


def test_a_wrong_password_or_an_unknown_certificate_sends_nothing() -> None:
    trust = Trust.new()
    with smtp(trust, "starttls") as (port, taken):
        for wrong in (
            account(port, trust, "starttls", "autre"),
            account(port, Trust.new(), "starttls"),
        ):
            with pytest.raises(OSError), sending(wrong):  # noqa: PT011 - smtplib's own
                pytest.fail("it was let in")
        assert taken == []
