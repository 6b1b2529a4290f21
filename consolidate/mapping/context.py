"""Which project a sheet speaks of: its form, its title, its name, the file's name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from consolidate.model.period import month_number
from consolidate.model.schema import Schemas
from consolidate.model.text import fold, unhump

_GENERIC = re.compile(
    r"(?:feuil(?:le)?|sheet|tabelle|hoja|onglet|page|classeur|book)\s*\d*|\d{1,4}|"
    r"(?:v|version)\s*\d+|donnees|data|listes?|lists?|parametres?|parameters?|config\w*|ref\w*|"
    r"accueil|home|lisez moi|readme|notice|aide|help|guide|mode d emploi|legende|legend|"
    r"synthese|summary|export|import|template|modele|trame|exemple|example|sample|test|copie|copy"
)
_CODE = re.compile(r"\b([A-Z]{2,6}[-_ ]?\d{2,4}(?:[-_ ]\d{1,4})?)\b")
_MARKS = re.compile(
    r"\b(?:v\d+(?:\.\d+)*|version \d+|final\w*|def(?:initif|initive)?|envoi\s?\d*|copie|copy|\(\d+\)|"
    r"20\d\d(?: \d{1,2}(?: \d{1,2})?)?|\d{1,2} (?:\d{1,2} )?20\d\d|\d{6,8})\b"
)
_WORDS = re.compile(
    r"\b(?:tdb|tableaux? (?:de )?bord|tableau|dashboard|suivi|pilotage|fiche|projets?|project|status|reporting|report|reports|plan|"
    r"planning|budget|risques?|risks?|raid|log|register|registre|portefeuille|portfolio|gestion|management|"
    r"tracker|schedule|gantt|actions?|jalons?|milestones?|mensuel|monthly|revue|review|de|du|des|la|le|les|d|l|of|the|and|et|chef|"
    r"copil|coproj|comite|point|etat|avancement|etape|annexe|feuille|temps|timesheet|charge|charges|mco|tma|run|kpi|indicateurs?|comparatif|pluriannuel|annuel|"
    r"demandes?|decisions?|issues?|assumptions?|dependenc\w+|hypotheses?|"
    r"planner|planification|previsionn?els?|previsionn?elles?|provisionn?els?|reels?|effectifs?|prevus?|estimatif|journal|bord|"
    r"recensement|taches?|tasks?|listes?|list|pointage|travail|travaux|work|tracking|dev|developpement|sprints?|backlog|"
    r"simple|business|global|globale|general|generale|generaux|details?|detaille|vue|view|aide|bilan|releve|programme|program|"
    r"rapport|activites?|aux|au|a|en|par|pour|sur|by|for|in|heures|hours|equipe|team|diagramme|diagram|chart|calendrier|calendar)\b"
)


def is_generic(name: str, schemas: Schemas) -> bool:
    """Whether a sheet's name says nothing of a project (Feuil1, Risques, mars 2026)."""
    plain = fold(unhump(name))
    if not plain or _GENERIC.fullmatch(plain):
        return True
    words = tuple((t.name, *t.sheet_names) for t in schemas.tables.values())
    if plain in _sheet_words(words):
        return True
    rest = _WORDS.sub(" ", _MARKS.sub(" ", plain))
    rest = " ".join(w for w in rest.split() if not month_number(w) and not w.isdigit())
    return len(rest) < 2


@lru_cache(maxsize=1)
def _sheet_words(names: tuple[tuple[str, ...], ...]) -> frozenset[str]:
    return frozenset(fold(n) for group in names for n in group)


def project_code_in(text: str) -> str:
    """Return the project code a title, sheet or file name holds, empty when none or two.

    A word and a year (MCO 2026, Budget 2025) date a sheet; they are no code.
    """
    found = {
        m.group(1)
        for m in _CODE.finditer(text.upper())
        if not _is_period_code(m.group(1))
    }
    return found.pop() if len(found) == 1 else ""


def _is_period_code(code: str) -> bool:
    return bool(
        re.fullmatch(r"(?:SEM|WEEK|WK|MOIS|V|REV|COVID|ISO|T|Q|S|H)[-_ ]?\d+.*", code)
    ) or bool(re.fullmatch(r"[A-Z]+[-_ ]?20[0-4]\d", code))


def name_of_file(workbook: str) -> str:
    """Return a readable project name from a file's name."""
    stem = workbook.rpartition("/")[2].rpartition(".")[0] or workbook
    words = re.sub(r"[_]+", " ", stem).strip()
    return words or stem


def month_of(texts: Iterable[str]) -> str:
    """Return the first month, ``YYYY-MM``, that one of the texts names."""
    for text in texts:
        plain = fold(text)
        if found := re.search(r"\b(20[0-4]\d) (0?[1-9]|1[0-2])\b", plain):
            return f"{found[1]}-{int(found[2]):02d}"
        if found := re.search(r"\b(0?[1-9]|1[0-2]) (20[0-4]\d)\b", plain):
            return f"{found[2]}-{int(found[1]):02d}"
        if found := re.search(r"\b([a-z]{3,9}) (?:20)?(\d\d)\b", plain):
            month = month_number(found[1])
            if month and 20 <= int(found[2]) <= 49:
                return f"20{found[2]}-{month:02d}"
    return ""


_FRENCH = frozenset(
    [
        "de",
        "du",
        "des",
        "la",
        "le",
        "les",
        "et",
        "une",
        "pour",
        "dans",
        "sur",
        "avec",
        "est",
        "projet",
        "risque",
        "date",
        "jalon",
        "budget",
        "responsable",
        "avancement",
    ]
)
_ENGLISH = frozenset(
    [
        "the",
        "of",
        "and",
        "for",
        "in",
        "with",
        "is",
        "project",
        "risk",
        "owner",
        "status",
        "due",
        "start",
        "end",
        "task",
        "description",
    ]
)


_ACCENTS = frozenset("éèàêçùîô")


def language_of(texts: Iterable[str]) -> str:
    """Return ``fr`` or ``en``, whichever small words and accents say; empty when few."""
    french = english = 0
    for text in texts:
        words = text.lower().replace("'", " ").split()
        accented = not _ACCENTS.isdisjoint(text)
        french += sum(1 for w in words if w in _FRENCH) + accented
        english += sum(1 for w in words if w in _ENGLISH)
    if max(french, english) < 2:
        return ""
    return "fr" if french >= english else "en"


_MCO = re.compile(
    r"\b(?:mco|tma|run|maintien en condition operationnelle|maintenance corrective)\b"
)


def speaks_of_mco(raw: object) -> bool:
    """Whether a project's name or type says it keeps systems running (MCO).

    In a hospital MCO also means medicine, surgery and obstetrics: a name that speaks
    of stays, beds or activity is not a run team's.
    """
    plain = fold(raw) if isinstance(raw, str) else ""
    if re.search(
        r"\b(?:sejours?|lits?|chirurgie|obstetrique|activite medicale)\b", plain
    ):
        return False
    return bool(_MCO.search(plain))
