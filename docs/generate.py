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
from consolidate.config import SECTIONS, LimitsConfig
from consolidate.intake import mails, parcels
from consolidate.model.schema import Field, Schemas, load_schemas
from consolidate.purge import terms
from consolidate.read import preflight
from consolidate.report.format import percent
from consolidate.resources import search_path, shipped
from consolidate.share.names import KEPT, person_fields
from consolidate.wording import tr
from consolidate.worker import Limits

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


_PERSONAL = {
    "en": ("table", "fields that name people", "in the copy that leaves the PMO"),
    "fr": (
        *("table", "champs qui nomment des personnes"),
        "dans la copie qui sort du PMO",
    ),
}
_SHARED = {"en": ("named", "empty"), "fr": ("nommés", "vides")}


def personal_fields(lang: str) -> Iterator[str]:
    """Yield the fields that name people, table by table, and who is named outside."""
    schemas = load_schemas(search_path("schemas", None))
    named, empty = _SHARED[lang]
    yield f"| {' | '.join(_PERSONAL[lang])} |"
    yield "| --- | --- | --- |"
    for name, fields in person_fields(schemas, ()).items():
        for shared, told in ((True, named), (False, empty)):
            own = [f for f in fields if (f in KEPT) == shared]
            labels = [schemas.tables[name].by_name[f].label[lang] for f in own]
            if own:
                cells = (f"`{name}`", _cell(" · ".join(labels)), told)
                yield f"| {' | '.join(cells)} |"


def retention(lang: str) -> Iterator[str]:
    """Yield how long each kind of file is kept, from ``schemas/retention.toml``."""
    for kind, months in terms(search_path("schemas", None)).items():
        yield f"- {tr(f'purge-term-{kind}', lang, months=months)} `[{kind}]`"


_MASKED = {
    "numbers_of_patients": ("social security numbers", "numéros de sécurité sociale"),
    "records_of_patients": (
        "numbers of patients and stays",
        "numéros de patients et de séjours",
    ),
    "births": ("dates of birth", "dates de naissance"),
    "names_of_patients": ("names in the same rows", "noms sur les mêmes lignes"),
    "absence": ("reasons of absence", "motifs d’absence"),
}


def masked(lang: str) -> Iterator[str]:
    """Yield the headings and words that are masked, from ``schemas/privacy.toml``."""
    text = (shipped("schemas") / "privacy.toml").read_text("utf-8")
    words: Mapping[str, Any] = tomllib.loads(text)
    for kind, told in _MASKED.items():
        some = ", ".join(words[kind][:6])
        colon = "\u00a0:" if lang == "fr" else ":"
        yield f"- {told[lang == 'fr']} ({len(words[kind])}){colon} {some} …"


_LIMITS = {
    "en": ("what", "limit", "where"),
    "fr": ("quoi", "limite", "où"),
}


def limits(lang: str) -> Iterator[str]:
    """Yield what one file may cost, from the code that holds it to that."""
    own = LimitsConfig()
    confined = Limits()
    rows = (
        ("memory", "mémoire", f"{own.memory_mb} MiB", "`limits.memory_mb`"),
        ("time", "temps", f"{own.seconds} s", "`limits.seconds`"),
        ("file", "fichier", f"{own.file_mb} MB", "`limits.file_mb`"),
        *_fixed(confined),
    )
    yield f"| {' | '.join(_LIMITS[lang])} |"
    yield "| --- | --- | --- |"
    for english, french, value, place in rows:
        if lang == "fr":
            told = value.replace("iB", "io").replace("MB", "Mo")
            yield f"| {french} | {told} | {place} |"
        else:
            yield f"| {english} | {value} | {place} |"


def _fixed(confined: Limits) -> Iterator[tuple[str, str, str, str]]:
    """Yield the limits that no configuration changes."""
    worker, pre, box, post = "`worker/confine.py`", "`read/preflight.py`", "`intake/parcels.py`", "`intake/mails.py`"  # fmt: skip
    ratio = f"{preflight.MOST_RATIO}, > {preflight.RATIO_FROM >> 20} MiB"
    yield "what a worker hands back", "ce qu’un processus rend", f"{confined.result_bytes >> 20} MiB", worker  # fmt: skip
    yield "time to open a parcel", "temps d’ouverture d’un colis", f"{confined.parcel_seconds:g} s", worker  # fmt: skip
    yield "parts of a workbook", "parties d’un classeur", f"{preflight.MOST_ENTRIES}", pre  # fmt: skip
    yield "one part, unpacked", "une partie, décompressée", f"{preflight.MOST_PART >> 20} MiB", pre  # fmt: skip
    yield "all parts, unpacked", "toutes les parties, décompressées", f"{preflight.MOST_TOTAL >> 20} MiB", pre  # fmt: skip
    yield "ratio of compression", "taux de compression", ratio, pre
    yield "files in a parcel", "fichiers d’un colis", f"{parcels.MOST_MEMBERS}", box
    yield "parcels within parcels", "colis dans des colis", f"{parcels.DEEPEST}", box
    yield "a parcel, unpacked", "un colis, décompressé", f"{parcels.MOST_IN_ALL >> 20} MiB", box  # fmt: skip
    yield "a mail", "un courriel", f"{mails.MOST_BYTES >> 20} MiB", post
    yield "parts of a mail", "parties d’un courriel", f"{mails.MOST_PARTS}", post
    yield "headers of a mail", "en-têtes d’un courriel", f"{mails.MOST_HEADERS >> 10} KiB", post  # fmt: skip
    yield "mails within mails", "courriels dans des courriels", f"{mails.DEEPEST}", post  # fmt: skip


PARTS: Mapping[str, Callable[[], Iterator[str]]] = {
    "data-dictionary-en": lambda: data_dictionary("en"),
    "data-dictionary-fr": lambda: data_dictionary("fr"),
    "vocabularies-en": lambda: vocabularies("en"),
    "vocabularies-fr": lambda: vocabularies("fr"),
    "alerts-en": lambda: alerts("en"),
    "alerts-fr": lambda: alerts("fr"),
    "findings-en": lambda: findings("en"),
    "findings-fr": lambda: findings("fr"),
    "personal-fields-en": lambda: personal_fields("en"),
    "personal-fields-fr": lambda: personal_fields("fr"),
    "retention-en": lambda: retention("en"),
    "retention-fr": lambda: retention("fr"),
    "masked-en": lambda: masked("en"),
    "masked-fr": lambda: masked("fr"),
    "limits-en": lambda: limits("en"),
    "limits-fr": lambda: limits("fr"),
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
