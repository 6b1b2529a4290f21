"""Yes and no."""

from __future__ import annotations

from collections.abc import Mapping

from consolidate.model.workbook import Value
from consolidate.normalise.parsed import NOTHING, Parsed
from consolidate.normalise.status import CodeContext, parse_code

_TRUTH = {"yes": True, "no": False}


def parse_boolean(
    raw: Value,
    number_format: str,
    method: str,
    context: CodeContext,
    missing: Mapping[str, str],
) -> Parsed:
    """Read a yes or a no: words of ``yes_no``, 1 and 0, check marks, ``x``.

    "Partiel" is neither, and told; "sans objet" is no value.
    """
    if isinstance(raw, bool):
        return Parsed(raw)
    parsed = parse_code(raw, number_format, method, context, missing)
    if parsed.value == "not_applicable":
        return NOTHING
    if parsed.value is None:
        return parsed
    truth = _TRUTH.get(str(parsed.value))
    if truth is None:
        return Parsed(
            rule="value-unknown",
            params=(("known", "Oui, Non"), ("known@en", "Yes, No")),
        )
    return parsed._replace(value=truth)
