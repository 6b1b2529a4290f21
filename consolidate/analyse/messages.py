"""What an alert says, in words a manager can accept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd

from consolidate.analyse.alerts.registry import VERDICT
from consolidate.analyse.rules import Setting
from consolidate.wording import tr

_OWN = frozenset(
    {*VERDICT, "of", "sources", "since", "occurrences", "severity", "escalated"}
)


class Show(Protocol):
    """Writes a figure as people read it."""

    def __call__(self, value: Any, kind: str, lang: str) -> str:
        """Return a value in words.

        Args:
            value: Never unknown.
            kind: ``money``, ``percent``, ``points`` (of a share), ``number``, ``date``,
                ``month``, ``code`` (looked up among the labels) or empty for text.
            lang: ``fr`` or ``en``.
        """
        ...


@dataclass(frozen=True, slots=True)
class _Figure:
    value: Any
    lang: str
    show: Show

    def __format__(self, kind: str) -> str:
        if pd.isna(self.value):
            return "–"
        return self.show(self.value, kind, self.lang)


def worded(alerts: pd.DataFrame, setting: Setting, lang: str, show: Show) -> list[str]:
    """Return the message of each alert of one rule.

    Args:
        alerts: What the rule told, with its facts as columns.
        setting: The rule's.
        lang: ``fr`` or ``en``.
        show: Writes a figure as people read it.
    """
    facts = [c for c in alerts.columns if c not in _OWN]
    names = ["object", "value", "threshold", *facts]
    told: list[Mapping[str, Any]] = alerts[names].to_dict("records")  # type: ignore[assignment]
    return [
        tr(
            f"alert-{setting.id}",
            lang,
            **{name: _Figure(value, lang, show) for name, value in row.items()},
        )
        for row in told
    ]
