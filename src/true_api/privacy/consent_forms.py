"""The forms that people sign (42 CFR 2.31), as versioned texts in our own wording: which there are, and what they say.

The texts stand in `forms/VERSION.LANGUAGE.toml` beside this module. A version is never edited: another wording is
another version, so that a consent always leads to the words that were signed.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from true_api.privacy.consents import Category, ConsentKind
from true_api.privacy.purposes import ConsentPurpose


class FormLanguage(StrEnum):
    """In which language a form is printed."""

    EN = "en"
    ES = "es"


@dataclass(frozen=True)
class Section:
    """One part of a form: the paragraph that asks for it, its heading, and its text with places to fill in."""

    paragraph: str
    heading: str
    text: str

    def filled(self, **places: str) -> "Section":
        """The same with these places filled; a place that is not named stays as it is."""
        return Section(self.paragraph, self.heading, self.text.format_map({**_AS_IT_IS, **places}))


@dataclass(frozen=True)
class Wording:
    """One version of the forms in one language."""

    language: str
    titles: Mapping[ConsentKind, str]
    categories: Mapping[Category, str]
    purposes: Mapping[ConsentPurpose, str]
    lines: Mapping[str, str]
    parts: Mapping[str, Section]
    statements: Mapping[ConsentKind, tuple[Section, ...]]

    def sections(self, kind: ConsentKind) -> tuple[Section, ...]:
        """What a form of this kind says, in its order, before anything is filled in."""
        recipients = self.parts["recipients_intermediary" if kind is ConsentKind.INTERMEDIARY else "recipients"]
        head = (self.parts[name] for name in ("person", "discloser", "categories"))
        tail = (self.parts[name] for name in ("purpose", "revocation", "expiry"))
        return (*head, recipients, *tail, *self.statements[kind], self.parts["signature"], self.parts["date"])


@dataclass(frozen=True)
class Form:
    """One version of the forms, in every language."""

    version: str
    effective_from: date
    wordings: Mapping[str, Wording]


_EFFECTIVE: Mapping[str, date] = {"2026-11": date(2026, 11, 1)}
CURRENT_FORM: Final = "2026-11"
"""The version that is printed now."""

PLACES = ("program", "categories", "recipients", "members", "purpose", "days")
"""What is filled in before a form is printed; everything else is written by hand."""
_AS_IT_IS = {place: f"{{{place}}}" for place in PLACES}


def form(version: str) -> Form:
    """The forms of this version. Raises `LookupError` where there are none."""
    if version not in _EFFECTIVE:
        raise LookupError(f"no form has the version {version}")
    return _form(version)


def forms() -> tuple[Form, ...]:
    """Every version, the oldest first."""
    return tuple(_form(version) for version in _EFFECTIVE)


@cache
def _form(version: str) -> Form:
    folder = Path(__file__).with_name("forms")
    told = {
        language.value: tomllib.loads((folder / f"{version}.{language}.toml").read_text(encoding="utf-8"))
        for language in FormLanguage
    }
    return Form(version, _EFFECTIVE[version], {language: _wording(language, said) for language, said in told.items()})


def _wording(language: str, told: Mapping[str, Any]) -> Wording:
    statements = {name: _section(said) for name, said in told["statements"].items()}
    return Wording(
        language,
        {kind: told["titles"][kind.value] for kind in ConsentKind},
        {category: told["categories"][category.value] for category in Category},
        {purpose: told["purposes"][purpose.value] for purpose in ConsentPurpose},
        told["lines"],
        {name: _section(said) for name, said in told["parts"].items()},
        {kind: tuple(statements[name] for name in told["stated"][kind.value]) for kind in ConsentKind},
    )


def _section(said: Mapping[str, str]) -> Section:
    return Section(said["paragraph"], said["heading"], said["text"])
