"""Every delivery is in exactly one state, and the journal alone says which."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from consolidate.intake.journal import Entry
from consolidate.intake.ledger import STATES, Item, Ledger

NOON = "2026-11-03T12:00:00Z"
Event = tuple[str, dict[str, Any]]


def got(place: str, sha256: str, **more: Any) -> Event:
    return "received", {"place": place, "name": place, "sha256": sha256, **more}


def settled(key: str, state: str, reason: str = "") -> Event:
    return "settled", {"id": key, "state": state, "reason": reason}


def dated(key: str, month: str) -> Event:
    return "dated", {"id": key, "month": month, "evidence": "content"}


def fold(*events: Event) -> Ledger:
    return Ledger(Entry(n, NOON, *event) for n, event in enumerate(events, start=1))


def states(*events: Event) -> dict[str, str]:
    return {item.id: item.state for item in fold(*events)}


def test_a_delivery_is_received_until_something_is_settled() -> None:
    assert states(got("a", "1")) == {"1": "received"}
    assert states(got("a", "1"), settled("1", "held", "sender")) == {"1": "held"}


def test_the_same_bytes_again_at_the_same_place_are_a_duplicate() -> None:
    assert states(got("a", "1"), got("a", "1")) == {"1": "received", "2": "duplicate"}


def test_an_older_version_that_comes_back_is_the_newest() -> None:
    back = fold(got("a", "1"), got("a", "2"), got("a", "1"))
    assert [i.state for i in back] == ["received"] * 3
    assert back.last_at("a") == back["3"]


MONTHS = (
    got("a", "1"),
    dated("1", "2026-10"),
    settled("1", "consolidated"),
    got("a", "2"),
)


def test_a_newer_version_of_the_month_supersedes_once_it_is_in() -> None:
    newer = (*MONTHS, dated("4", "2026-10"))
    assert states(*newer)["1"] == "consolidated"
    assert states(*newer, settled("4", "held"))["1"] == "consolidated"
    assert states(*newer, settled("4", "consolidated"))["1"] == "superseded"


def test_the_next_month_s_version_leaves_the_last_month_s_in_place() -> None:
    newer = (*MONTHS, dated("4", "2026-11"), settled("4", "consolidated"))
    assert states(*newer) == {"1": "consolidated", "4": "consolidated"}


PARCEL = (
    got("a.zip", "1", kind="parcel"),
    ("opened", {"id": "1", "members": [{"name": "x"}, {"name": "y"}]}),
)


def test_a_parcel_has_the_state_of_its_members_that_asks_most() -> None:
    assert states(*PARCEL) == {"1": "received", "1.1": "received", "1.2": "received"}
    one = (*PARCEL, settled("1.1", "consolidated"))
    assert states(*one, settled("1.2", "held"))["1"] == "held"
    assert states(*one, settled("1.2", "ignored"))["1"] == "consolidated"


def test_a_workbook_of_a_parcel_is_called_by_both_names() -> None:
    ledger = fold(PARCEL[0], ("opened", {"id": "1", "members": [{"name": "!/x"}]}))
    assert [ledger.label(i) for i in ledger] == ["a.zip", "a.zip!/x"]


def test_accepting_a_parcel_lets_in_what_waits_of_it() -> None:
    held = (*PARCEL, settled("1.1", "held"), settled("1.2", "rejected"))
    ledger = fold(*held, ("accepted", {"id": "1", "by": "pmo", "reason": "known"}))
    assert [i.state for i in ledger.members("1")] == ["received", "rejected"]
    assert [i.accepted for i in ledger.members("1")] == [True, False]


def test_an_accepted_month_is_the_pmo_s_word() -> None:
    told = (got("a", "1"), dated("1", "2026-12"), settled("1", "deferred"))
    item = fold(*told, ("accepted", {"id": "1", "month": "2026-10"}))["1"]
    assert (item.state, item.month, item.evidence) == ("received", "2026-10", "pmo")


def test_what_is_retried_is_read_as_if_it_had_just_come() -> None:
    tried = (got("a", "1"), ("tried", {"id": "1"}), ("tried", {"id": "1"}))
    assert fold(*tried)["1"].attempts == 2
    again = fold(*tried, settled("1", "rejected", "too-slow"), ("retried", {"id": "1"}))
    assert (again["1"].state, again["1"].reason, again["1"].attempts) == (
        "received",
        "",
        0,
    )


_events = st.one_of(
    st.builds(got, st.sampled_from("ab"), st.sampled_from("12")),
    st.builds(settled, st.sampled_from(["1", "2", "3.1"]), st.sampled_from(STATES)),
    st.builds(
        dated, st.sampled_from(["1", "2", "3.1"]), st.sampled_from(["2026-10", ""])
    ),
    st.tuples(
        st.sampled_from(["opened", "tried", "accepted", "retried", "purged", "other"]),
        st.fixed_dictionaries(
            {"id": st.sampled_from(["1", "2", "3", "9"])},
            optional={"members": st.lists(st.just({"name": "x"}), max_size=2)},
        ),
    ),
)


@given(st.lists(_events, max_size=12))
def test_whatever_happens_each_delivery_is_in_one_known_state(
    events: list[Event],
) -> None:
    ledger = fold(*events)
    items = list(ledger)
    assert len({i.id for i in items}) == len(items)
    assert all(isinstance(i, Item) and i.state in STATES for i in items)
    assert sum(1 for e in events if e[0] == "received") == sum(
        not i.parent for i in items
    )
