"""Requests to end (Ctrl-C, SIGTERM): taken tidily, and too late once results are put in place."""

from __future__ import annotations

import signal
import threading
from collections.abc import Mapping
from types import FrameType
from typing import Any, NoReturn

_REQUESTS = (signal.SIGINT, signal.SIGTERM)


class Interrupted(KeyboardInterrupt):
    """Somebody asked the program to end.

    Not the plain ``KeyboardInterrupt``: once that has passed through ``eval``, in whatever
    library, Python ends the process by the signal itself instead of by its exit status.
    """


def hear_requests() -> Mapping[int, Any]:
    """Take any request to end as Ctrl-C, and return who took them before."""
    before: dict[int, Any] = {
        int(number): signal.getsignal(number) for number in _REQUESTS
    }
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:  # as under nohup
            _set(number, _end)
    return before


def ignore_requests() -> None:
    """Hear no request to end from now on: what is left to do is short."""
    for number in _REQUESTS:
        _set(number, signal.SIG_IGN)


_asked: list[int] = []


def defer_requests() -> None:
    """Note any request to end from now on, until ``resume_requests``."""
    for number in _REQUESTS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            _set(number, _note)


def resume_requests() -> None:
    """Take requests to end again, the one that was noted meanwhile first.

    Raises:
        Interrupted: There was one.
    """
    hear_requests()
    if _asked:
        _asked.clear()
        raise Interrupted


def _note(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    _asked.append(number)


def restore(before: Mapping[int, Any]) -> None:
    """Give the requests back to who took them before."""
    for number, handler in before.items():
        _set(number, signal.SIG_DFL if handler is None else handler)


def _set(number: int, handler: Any) -> None:
    if threading.current_thread() is threading.main_thread():  # no other may
        signal.signal(number, handler)


def _end(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001
    raise Interrupted
