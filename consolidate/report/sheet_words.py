"""Labels and codes as the workbook writes them."""

from __future__ import annotations

from dataclasses import dataclass

from consolidate.model.schema import Field, Schemas
from consolidate.report import format as shown
from consolidate.wording import catalogue, plural, tr


@dataclass(frozen=True)
class BookWords:
    """The words of one language.

    Attributes:
        lang: ``fr`` or ``en``.
        schemas: Labels of fields and codes.
    """

    lang: str
    schemas: Schemas

    def tr(self, key: str, **params: object) -> str:
        """Return the workbook's label ``book-<key>``."""
        return tr(f"book-{key}", self.lang, **params)

    def plural(self, key: str, count: int, **params: object) -> str:
        """Return the workbook's label ``book-<key>-one`` or ``-many``."""
        number = shown.number(count, self.lang)
        return plural(f"book-{key}", count, self.lang, number=number, **params)

    def field(self, table: str, name: str) -> str:
        """Return how a field is headed."""
        field = self.schemas.tables[table].by_name.get(name)
        if field is None or name == "project_code":
            return tr(f"column-{name}", self.lang)
        return field.label.get(self.lang, name)

    def sheet(self, name: str) -> str:
        """Return what the sheet of a table is called."""
        key = f"sheet-{name}"
        known: str = catalogue()["labels"].get(key, {}).get(self.lang, "")
        return known or self.schemas.tables[name].label.get(self.lang, name)

    def codes(self, field: Field) -> dict[str, str]:
        """Return the words of a field's codes; none when it has no vocabulary."""
        if field.type == "boolean":
            return {"true": self.tr("yes"), "false": self.tr("no")}
        if field.values == "rag":
            return {c: self.rag(c) for c in ("green", "amber", "red", "blue", "grey")}
        vocabulary = self.schemas.vocabularies.get(field.values)
        if vocabulary is None or field.type != "code":
            return {}
        return {
            code: label.get(self.lang, code)
            for code, label in vocabulary.labels.items()
        }

    def code(self, vocabulary: str, code: str) -> str:
        """Return one code in words; a code that is not known as it is."""
        known = self.schemas.vocabularies[vocabulary].labels.get(code, {})
        return known.get(self.lang, code)

    def method(self, method: str) -> str:
        """Return how a value was understood."""
        key = f"book-method-{method}"
        known: str = catalogue()["labels"].get(key, {}).get(self.lang, method)
        return known

    def rule(self, rule: str) -> str:
        """Return what a rule of the findings is called; its id when it has no name."""
        known: str = catalogue()["labels"].get(f"rule-{rule}", {}).get(self.lang, rule)
        return known

    def rag(self, code: str) -> str:
        """Return a status in one word."""
        return self.tr(f"rag-{code}")
