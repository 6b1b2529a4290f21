"""The roster: who may send what, by the PMO's registers of people and projects.

Without an address in the register of people there is no roster, and nothing is held. A
sender is an address as a mail writes it, and anybody can write one: the roster keeps an
honest mistake, and a careless forgery, from replacing somebody else's project.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from email.utils import parseaddr

from consolidate.model.register import Entry
from consolidate.model.text import fold
from consolidate.register.renames import code_key, parts

UNKNOWN_SENDER = "unknown-sender"
NOT_OWN_PROJECT = "not-own-project"


@dataclass(frozen=True, slots=True)
class Claim:
    """A project that a workbook reports on.

    Attributes:
        code: As written there, or the provisional one.
        name: Of the project.
        manager: Whom the workbook names as its manager.
    """

    code: str
    name: str
    manager: str


def addresses(entries: Sequence[Entry]) -> Mapping[str, str]:
    """Return the first address of each person of the register, by each spelling folded."""
    found: dict[str, str] = {}
    for entry in entries:
        given = parts(entry.text("email")) if entry.register == "people" else ()
        for address in list(given)[:1]:
            for spelling in (entry.text("name"), *parts(entry.text("aliases"))):
                found.setdefault(fold(spelling), address)
    return found


class Roster:
    """People by address, and who answers for which project."""

    def __init__(
        self, entries: Sequence[Entry] = (), managers: Mapping[str, str] | None = None
    ) -> None:
        """Read the roster out of registers.

        Args:
            entries: Rows of all registers.
            managers: Project manager by code as the store last knew it; counts for
                projects that the register names no manager of.
        """
        people = [e for e in entries if e.register == "people"]
        self._names = {
            _person(spelling): _person(e.text("name"))
            for e in people
            for spelling in (e.text("name"), *parts(e.text("aliases")))
        }
        self._by_address = {
            address.casefold(): _person(e.text("name"))
            for e in people
            for address in parts(e.text("email"))
        }
        self._deputies = {
            _person(e.text("name")): {
                self._who(deputy) for deputy in parts(e.text("deputy"))
            }
            for e in people
        }
        self._managers = {code_key(c): m for c, m in (managers or {}).items() if m}
        for entry in entries:
            if entry.register == "projects" and entry.text("manager"):
                self._managers |= dict.fromkeys(_keys(entry), entry.text("manager"))

    def __bool__(self) -> bool:
        """Return whether there is a roster at all."""
        return bool(self._by_address)

    def objection(self, sender: str, claims: Iterable[Claim]) -> str:
        """Return why a delivery is held, as a code; empty when it is let in.

        Args:
            sender: Of its mail, as written there; empty when it came by a folder, whose
                access rights decide who may write to it.
            claims: The projects it reports on.
        """
        if not self or not sender:
            return ""
        who = self._by_address.get(parseaddr(sender)[1].casefold())
        if who is None:
            return UNKNOWN_SENDER
        is_own = all(self._answers(who, claim) for claim in claims)
        return "" if is_own else NOT_OWN_PROJECT

    def _answers(self, who: str, claim: Claim) -> bool:
        """Return whether somebody is a project's manager or deputy.

        A project that nobody knew before is whose the workbook says.
        """
        known = (self._managers.get(code_key(k)) for k in (claim.code, claim.name) if k)
        manager = next((m for m in known if m), claim.manager)
        if not manager:
            return True
        owner = self._who(manager)
        return who == owner or who in self._deputies.get(owner, ())

    def _who(self, text: str) -> str:
        """Return the person that a name, a spelling of it or an address means."""
        address = self._by_address.get(text.casefold())
        return address or self._names.get(_person(text), _person(text))


def _person(name: str) -> str:
    """Return a name as it is compared: the order of its words aside."""
    return " ".join(sorted(fold(name).split()))


def _keys(entry: Entry) -> list[str]:
    written = (entry.text("code"), entry.text("name"), *parts(entry.text("aliases")))
    return [code_key(text) for text in written if text]
