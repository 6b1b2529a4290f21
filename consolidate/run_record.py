"""What a run depends on, and what it counted: the content of ``run.json``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from consolidate import __version__
from consolidate.model.output import marked
from consolidate.reception import Received
from consolidate.reuse import words_digest

if TYPE_CHECKING:
    from consolidate.run_options import RunOptions


def run_record(
    options: RunOptions,
    received: Received,
    tables: Mapping[str, pd.DataFrame],
    findings: pd.DataFrame,
    books: pd.DataFrame,
) -> dict[str, object]:
    """Return the content of ``run.json``: what the results depend on, and counts."""
    chosen = {
        "period": options.period,
        "as_of": options.as_of.isoformat(),
        "lang": options.lang,
        "replies": options.replies,
    }
    configured = {k: str(v) for k, v in options.config.settings().items()}
    inputs = [{"workbook": d.name, "sha256": d.sha256} for d in received.deliveries]
    return marked(
        {
            "version": __version__,
            "options": chosen,
            "configuration": _digest(configured),
            "schemas": words_digest(options.config),
            "inputs": inputs,
            "counts": {
                "workbooks": books["state"].value_counts().sort_index().to_dict(),
                "records": {name: len(frame) for name, frame in tables.items()},
                "findings": findings["severity"].value_counts().sort_index().to_dict(),
            },
        }
    )


def _digest(content: object) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
