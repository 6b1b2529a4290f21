"""Write the generated parts of docs/, or check that they are up to date.

A part stands between ``<!-- generated: name -->`` and ``<!-- end -->`` in a page; the
rest of the page is written by hand. ``python -m docs.generate [--check]``.
"""

from __future__ import annotations

import dataclasses
import re
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from consolidate.analyse.alerts.registry import registered
from consolidate.analyse.rules import Setting, load_rules
from consolidate.cli import COMMANDS, main
from consolidate.config import SECTIONS
from consolidate.model.schema import Field, Schemas, load_schemas
from consolidate.report.format import percent
from consolidate.resources import search_path, shipped
from consolidate.wording import tr

DOCS = Path(__file__).resolve().parent
_PART = re.compile(r"(<!-- generated: ([\w-]+) -->\n).*?(<!-- end -->)", re.S)
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_TYPES = {
    "text": ("text", "texte"),
    "long_text": ("text", "texte"),
    "person": ("person", "personne"),
    "list": ("list, `;` between items", "liste, séparée par `;`"),
    "code": ("code", "code"),
    "rating": ("1 to 5", "1 à 5"),
    "criticality": ("1 to 25", "1 à 25"),
    "date": ("date", "date"),
    "month": ("month", "mois"),
    "number": ("number", "nombre"),
    "integer": ("whole number", "nombre entier"),
    "money": ("euros", "euros"),
    "effort": ("person-days", "jours-homme"),
    "duration": ("days", "jours"),
    "hours": ("hours", "heures"),
    "share": ("share, 0 to 1", "part, de 0 à 1"),
    "boolean": ("yes or no", "oui ou non"),
}


def data_dictionary(lang: str) -> Iterator[str]:
    """Yield the tables and their fields, from ``schemas/<table>.toml``."""
    schemas = load_schemas(search_path("schemas", None))
    head = {
        "en": "| column | called | holds | meaning |",
        "fr": "| colonne | libellé | contient | intitulés reconnus, par exemple |",
    }[lang]
    for table in schemas.tables.values():
        yield f"### `{table.name}`: {table.label[lang]}\n"
        yield head
        yield "| --- | --- | --- | --- |"
        for field in table.fields:
            yield _field_row(field, schemas, lang)
        yield ""


def _field_row(field: Field, schemas: Schemas, lang: str) -> str:
    kind = _TYPES[field.type][lang == "fr"]
    if field.values:
        codes = schemas.vocabularies[field.values].codes
        kind += f": [{field.values}](#{_anchor(field.values)})" if codes else ""
    last = field.meaning if lang == "en" else " · ".join(field.aliases[:4])
    cells = (f"`{field.name}`", field.label[lang], kind, last)
    return "| " + " | ".join(_cell(c) for c in cells) + " |"


def vocabularies(lang: str) -> Iterator[str]:
    """Yield the closed and open lists, from ``schemas/values/*.toml``."""
    schemas = load_schemas(search_path("schemas", None))
    head = {"en": "| code | means |", "fr": "| code | sens |"}[lang]
    for vocabulary in schemas.vocabularies.values():
        yield f"### {vocabulary.name}\n"
        yield head
        yield "| --- | --- |"
        for code, label in vocabulary.labels.items():
            yield f"| `{code}` | {_cell(label.get(lang, code))} |"
        yield ""


def findings(lang: str) -> Iterator[str]:
    """Yield every finding with its words, from ``schemas/wording/*.toml``."""
    remedy = {"en": "To do: ", "fr": "À faire\u00a0: "}[lang]
    for path in sorted((shipped("schemas") / "wording").glob("*.toml")):
        rules: Mapping[str, Any] = tomllib.loads(path.read_text("utf-8")).get(
            "findings", {}
        )
        for rule, words in sorted(rules.items()):
            yield f"### {rule}\n"
            yield _shown(words["message"][lang])
            if words.get("remedy", {}).get(lang):
                yield f"\n{remedy}{_shown(words['remedy'][lang])}"
            yield ""


_ALERT_WORDS = {
    "en": ("on by default", "off by default", "Steps:", "Needs:", "Source:"),
    "fr": (
        *("active par défaut", "à activer"),
        *("Paliers\u00a0:", "Demande\u00a0:", "Source\u00a0:"),
    ),
}
_UNITS = {
    "days": ("days", "jours"),
    "months": ("months", "mois"),
    "hours": ("hours", "heures"),
    "levels": ("levels", "niveaux"),
    "euros": ("euros", "euros"),
}


def alerts(lang: str) -> Iterator[str]:
    """Yield every alert rule, from ``schemas/rules.toml`` and the rules themselves."""
    on, off, thresholds, needs, source = _ALERT_WORDS[lang]
    for name, setting in load_rules(search_path("schemas", None)).settings.items():
        group = tr(f"alert-group-{setting.group}", lang)
        state = on if setting.on else off
        yield f"### {name}\n"
        yield f"**{setting.code} · {setting.title[lang]}** · {group} · {state}\n"
        yield f"{setting.formula[lang][:1].upper()}{setting.formula[lang][1:]}.\n"
        yield f"- {thresholds} {', '.join(_steps(setting, lang))}"
        made = registered()[name]
        fields = ", ".join(f"`{made.table}.{field}`" for field in made.needs)
        if fields:
            yield f"- {needs} {fields}"
        yield f"- {source} {setting.reason[lang]}\n"


def _steps(setting: Setting, lang: str) -> Iterator[str]:
    """Yield the steps of a rule with their severities, then its other limits."""
    for step, level in setting.severity.items():
        limit = setting.limits.get(step)
        passed = "" if limit is None else f" {_limit(limit, setting.unit, lang)}"
        yield f"`{step}`{passed} → {tr(f'alert-severity-{level}', lang)}"
    for name, limit in setting.limits.items():
        if name not in setting.severity:
            yield f"`{name}` {limit:g}"


def _limit(limit: float, unit: str, lang: str) -> str:
    if unit in ("share", "points"):
        return percent(limit, lang)
    return " ".join(
        [f"{limit:g}", *_UNITS.get(unit, ("", ""))[lang == "fr" :][:1]]
    ).rstrip()


def cli() -> Iterator[str]:
    """Yield the help of every command."""
    parent = main.make_context("consolidate", ["--help"], resilient_parsing=True)
    for name in COMMANDS:
        command = main.get_command(parent, name)
        assert command is not None
        yield from _help(command, parent, name)


def _help(command: click.Command, parent: click.Context, name: str) -> Iterator[str]:
    ctx = click.Context(command, parent, info_name=name, terminal_width=88)
    yield f"### {ctx.command_path}\n\n```text\n{command.get_help(ctx)}\n```\n"
    if isinstance(command, click.Group):
        for sub, each in command.commands.items():
            yield from _help(each, ctx, sub)


def configuration() -> Iterator[str]:
    """Yield every key of the configuration, from its dataclasses."""
    for section, kind in SECTIONS.items():
        yield f"### [{section}]\n"
        yield "| key | default | what |"
        yield "| --- | --- | --- |"
        told = _attributes(kind.__doc__ or "")
        for field in dataclasses.fields(kind):
            default = "" if field.default in (None, "") else f"`{field.default}`"
            yield f"| `{field.name}` | {default} | {_cell(told[field.name])} |"
        yield ""


def _attributes(doc: str) -> dict[str, str]:
    """Return the documented attributes of a Google docstring."""
    body = doc.partition("Attributes:\n")[2]
    entries = re.findall(r"^ {8}(\w+): (.*(?:\n {12}.*)*)", body, re.M)
    return {name: " ".join(text.split()) for name, text in entries}


def _shown(text: str) -> str:
    return (
        _PLACEHOLDER.sub(r"‹\1›", text)
        .replace("<", "&lt;")
        .replace("‹", "*")
        .replace("›", "*")
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("``", "`")


def _anchor(name: str) -> str:
    return name.lower().replace(" ", "-")


PARTS: Mapping[str, Callable[[], Iterator[str]]] = {
    "data-dictionary-en": lambda: data_dictionary("en"),
    "data-dictionary-fr": lambda: data_dictionary("fr"),
    "vocabularies-en": lambda: vocabularies("en"),
    "vocabularies-fr": lambda: vocabularies("fr"),
    "alerts-en": lambda: alerts("en"),
    "alerts-fr": lambda: alerts("fr"),
    "findings-en": lambda: findings("en"),
    "findings-fr": lambda: findings("fr"),
    "cli": cli,
    "configuration": configuration,
}


def generated(text: str) -> str:
    """Return a page with its generated parts written again."""

    def part(match: re.Match[str]) -> str:
        content = "\n".join(PARTS[match[2]]()).strip("\n")
        return f"{match[1]}\n{content}\n\n{match[3]}"

    return _PART.sub(part, text)


def stale() -> dict[Path, str]:
    """Return the pages that are not up to date, with what they should be."""
    pages = {path: path.read_text("utf-8") for path in sorted(DOCS.rglob("*.md"))}
    wanted = {path: generated(text) for path, text in pages.items()}
    return {path: text for path, text in wanted.items() if text != pages[path]}


def write(*, check: bool) -> int:
    """Write the pages, or tell which are stale; return the exit status."""
    pages = stale()
    for path, text in pages.items():
        if check:
            print(
                f"{path.relative_to(DOCS.parent)} is stale: make docs", file=sys.stderr
            )
        else:
            path.write_text(text, encoding="utf-8", newline="\n")
            print(f"wrote {path.relative_to(DOCS.parent)}")
    return int(check and bool(pages))


if __name__ == "__main__":
    sys.exit(write(check="--check" in sys.argv[1:]))
