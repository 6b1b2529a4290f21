"""The outbox: answers to project managers, each a message that the PMO releases.

    home/outbox/3f9c1a20b7e4.eml        not sent by anybody yet: opened, it is a draft

An answer is drafted once for each delivery, and a reminder once for each month and person:
the journal knows. What goes out goes to addresses of the register of people, never to one
that a received message names.
"""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from pathlib import Path
from typing import Literal, TypeAlias

from consolidate.intake.journal import Journal
from consolidate.intake.scan import JOURNAL
from consolidate.model import disk
from consolidate.model.error import ConsolidateError
from consolidate.wording import tr

FOLDER = "outbox"
_DIGITS = 12

State: TypeAlias = Literal["draft", "sending", "sent", "refused", "handed"]
"""Waits for release; was being sent when something stopped; went; was not taken by the
server; was released to be sent by hand."""
_STATES: Mapping[str, State] = {
    "answer-drafted": "draft",
    "answer-sending": "sending",
    "answer-sent": "sent",
    "answer-refused": "refused",
    "answer-handed": "handed",
}


class OutboxError(ConsolidateError):
    """There is no such message, or it cannot be released; says what to do."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to one project manager.

    Attributes:
        key: What it answers: at most one message has it.
        to: Address, of the register of people.
        subject, body: Its words.
        attachment: Name and bytes of the file that goes with it; None without one.
    """

    key: str
    to: str
    subject: str
    body: str
    attachment: tuple[str, bytes] | None = None

    @property
    def id(self) -> str:
        """What people call it."""
        return hashlib.sha256(self.key.encode()).hexdigest()[:_DIGITS]


@dataclass(frozen=True, slots=True)
class Draft:
    """A message of the outbox.

    Attributes:
        id: What people call it.
        path: Its file.
        state: Where it stands.
        at: Since when, UTC.
    """

    id: str
    path: Path
    state: State
    at: str

    def message(self) -> EmailMessage:
        """Return the message.

        Raises:
            OSError: Its file is gone.
        """
        with self.path.open("rb") as file:
            found = BytesParser(policy=SMTP).parse(file)
        assert isinstance(found, EmailMessage)
        return found


Send: TypeAlias = Callable[[EmailMessage], str]
"""Sends a message; returns why it was refused, as a code, empty when it went."""


class Outbox:
    """Messages of one state home.

    Attributes:
        folder: Where they are.
    """

    def __init__(self, home: Path, lang: str = "fr") -> None:
        self.folder = home / FOLDER
        self._journal = Journal(home / JOURNAL, lang)
        self._lang = lang

    def drafts(self) -> list[Draft]:
        """Return every message by the time it was drafted.

        Raises:
            JournalError: The journal is broken.
        """
        found: dict[str, Draft] = {}
        for entry in self._journal.entries():
            if entry.event == "answer-withdrawn":
                found.pop(str(entry.fields["answer"]), None)  # may be drafted anew
            state = _STATES.get(entry.event)
            if state is not None:
                name = str(entry.fields["answer"])
                path = self.folder / f"{name}.eml"
                found[name] = Draft(name, path, state, entry.at)
        return list(found.values())

    def draft(self, letters: Iterable[Letter], sender: str, at: str) -> Iterator[Draft]:
        """Write the messages that were never drafted; yield them.

        Raises:
            JournalError: The journal is broken.
            OSError: One cannot be written: it was not drafted.
        """
        known = {d.id for d in self.drafts()}
        for letter in letters:
            if letter.id in known:
                continue
            path = self.folder / f"{letter.id}.eml"
            disk.save(path, bytes(_message(letter, sender)))
            self._journal.append(at, "answer-drafted", answer=letter.id)
            known.add(letter.id)
            yield Draft(letter.id, path, "draft", at)

    def waiting(self, names: Iterable[str]) -> list[Draft]:
        """Return the messages that can be released: all, or those named.

        Raises:
            OutboxError: One that is named went already, or is none.
        """
        every = {d.id: d for d in self.drafts()}
        asked = list(names)
        if not asked:
            return [d for d in every.values() if d.state in ("draft", "refused")]
        found = [every[n] for n in asked if n in every]
        if missing := next((n for n in asked if n not in every), None):
            raise OutboxError(tr("outbox-unknown", self._lang, id=missing))
        if gone := next((d for d in found if d.state in ("sent", "handed")), None):
            raise OutboxError(tr("outbox-gone", self._lang, id=gone.id, at=gone.at))
        return found

    def release(self, drafts: Iterable[Draft], send: Send | None, at: str) -> Iterator[tuple[Draft, str]]:  # fmt: skip
        """Send messages, or hand them to be sent by hand; yield each with its refusal.

        That it is being sent is journalled before: what stops in between is told, and
        never sent again by itself.

        Raises:
            OSError: The server cannot be reached, or the disk; what was not yielded was
                not sent.
        """
        for draft in drafts:
            message = draft.message()
            if send is None:
                self._journal.append(at, "answer-handed", answer=draft.id)
                yield draft, ""
                continue
            self._journal.append(at, "answer-sending", answer=draft.id)
            refusal = send(message)
            if refusal:
                self._journal.append(at, "answer-refused", answer=draft.id, reason=refusal)  # fmt: skip
            else:
                self._journal.append(at, "answer-sent", answer=draft.id)
            yield draft, refusal


def _message(letter: Letter, sender: str) -> EmailMessage:
    """Return a message; the same bytes for the same letter."""
    made = EmailMessage(policy=SMTP)
    if sender:
        made["From"] = sender
    made["To"] = letter.to
    made["Subject"] = " ".join(letter.subject.split())
    made["Message-ID"] = f"<{letter.id}@consolidate.invalid>"
    # Mail programs open it as a draft; it is taken off when it is sent.
    made["X-Unsent"] = "1"
    made.set_content(letter.body)
    if letter.attachment is not None:
        name, data = letter.attachment
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        main, _, sub = kind.partition("/")
        made.add_attachment(data, maintype=main, subtype=sub, filename=name)
        made.set_boundary(f"==={letter.id}===")
    return made
