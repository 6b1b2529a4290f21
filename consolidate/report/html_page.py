"""What every page of the HTML report shares: its frame, style, script and policy."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from consolidate.report import format as shown
from consolidate.report.html_context import Context
from consolidate.report.html_proof import embedded
from consolidate.report.html_words import visible
from consolidate.resources import search_path

_COMMENT = re.compile(r"/\*.*?\*/\s*", re.S)

# What the script of every page says; a page carries these words in its language.
_SCRIPT_WORDS = (
    "js-less",
    "js-more",
    "js-others",
    "js-sure",
    "js-unsure",
    "proof-cell",
    "proof-derived",
    "proof-format",
    "proof-how",
    "proof-inputs",
    "proof-raw",
    "proof-sheet",
    "proof-source",
    "proof-sure",
    "proof-workbook",
)


@dataclass(frozen=True, slots=True)
class Shell:
    """What all pages of one kind have in common.

    Attributes:
        template: Extends ``base.html.j2``.
        style: Written into each page, so that one can be sent on its own.
        script: The same.
        policy: The Content-Security-Policy that allows these two and no more.
    """

    template: Template
    style: Markup
    script: Markup
    policy: str

    def render(
        self,
        context: Context,
        values: Mapping[str, Any],
        words: Sequence[str] = (),
        **data: object,
    ) -> str:
        """Return a page.

        Args:
            context: The portfolio, and the proofs of the figures in ``values``.
            values: What the template shows, beside what every page does.
            words: Labels that this kind's own script says.
            data: What this kind's own script reads.
        """
        said = {key: context.words.tr(key) for key in (*_SCRIPT_WORDS, *words)}
        payload = {
            **context.proofs.payload(),
            "lang": context.lang,
            "i": said,
            **data,
        }
        return self.template.render(
            common_values(context),
            **values,
            style=self.style,
            script=self.script,
            policy=self.policy,
            data=Markup(embedded(payload)),  # noqa: S704 - escaped for its element
        )


def make_shell(
    template: str,
    scripts: Sequence[str] = (),
    styles: Sequence[str] = (),
    templates: Path | None = None,
) -> Shell:
    """Return the shell of one kind of page.

    Args:
        template: Its file in ``templates/html``.
        scripts: Files of its own, after ``page.js``.
        styles: Files of its own, after ``style.css``.
        templates: A folder of the user's templates, searched first.
    """
    environment = make_environment(templates)
    # Comments are for whoever reads the files, in their language.
    style = _COMMENT.sub("", _inlined(environment, ("style.css", *styles)))
    script = _inlined(environment, ("page.js", *scripts))
    return Shell(
        environment.get_template(f"html/{template}"),
        Markup(style),  # noqa: S704 - our own file
        Markup(script),  # noqa: S704 - our own file
        content_policy(style, script),
    )


@lru_cache(maxsize=2)
def make_environment(templates: Path | None) -> Environment:
    """Return the jinja2 environment: every value escaped, every absent name an error."""
    return Environment(
        autoescape=True,
        undefined=StrictUndefined,
        finalize=visible,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FileSystemLoader(search_path("templates", templates)),
    )


def common_values(context: Context) -> Mapping[str, Any]:
    """Return what the templates of all pages use."""
    return {
        "t": context.words.tr,
        "plural": context.words.plural,
        "number": lambda value: shown.number(value, context.lang, 0),
        "percent": lambda share: shown.percent(share, context.lang),
        "lang": context.lang,
        "period": shown.month(context.portfolio.period, context.lang),
        "as_of": shown.day(context.as_of, context.lang),
        "version": str(context.portfolio.run.get("version", "")),
        "copy": context.words.tr(f"footer-{context.portfolio.audience}"),
    }


def content_policy(style: str, script: str) -> str:
    """Return the page's Content-Security-Policy: its own style and script, no more."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_hash(style)}'",
            f"script-src '{_hash(script)}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return "sha256-" + base64.b64encode(digest).decode()


def _inlined(environment: Environment, names: Sequence[str]) -> str:
    assert environment.loader is not None
    texts = (environment.loader.get_source(environment, f"html/{n}")[0] for n in names)
    return "\n".join(t.replace("\r\n", "\n").strip() for t in texts)
