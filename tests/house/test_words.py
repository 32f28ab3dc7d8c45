"""Language, tone and intention matter: no code, label, error or column labels a person (domain.md)."""

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import true_api.api.all_doors  # noqa: F401  (declares every table)
from tests.house.building import ROOT, place_of, source_files, tree_of
from true_api.api.openapi import serialized
from true_api.journeys.vocabularies import shared
from true_api.kernel.errors import Problem
from true_api.kernel.rows import metadata
from true_api.privacy.guidance.advise import advise

SAY_INSTEAD = {
    r"addict(s|ed)?": "person who uses drugs",
    r"users?": "person who uses drugs",
    r"junk(ie|y|ies)": "person who uses drugs",
    r"abus(e|es|ed|er|ers|ing|ive)": "use; misuse for a prescription",
    r"alcoholics?": "person with alcohol use disorder",
    r"habits?": "substance use disorder",
    r"clean": "in recovery, not currently using; of a test: negative",
    r"dirty": "actively using; of a test: positive",
    r"sober|sobriety": "not currently using",
    r"relaps(e|es|ed|ing)": "return to use",
    r"medication assisted": "medication for addiction treatment",
    r"(replacement|substitution) (therapy|treatment)": "medication for addiction treatment",
    r"non ?complian(t|ce)": "declined, not ready",
    r"fail(s|ed|ing|ure|ures)?": "it did not work out this time",
    r"drop(ped|s|ping)? ?outs?": "has not been back",
    r"no shows?": "was not there",
    r"frequent flyers?": "person who comes often",
    r"hard to reach|resistant|in denial|unmotivated": "not ready, or not reached by us",
    r"victims?|suffer(s|ed|ing|ers?)?": "person who lived through it, living with",
    r"homeless": "without housing",
    r"inmates?|felons?|offenders?|prostitutes?": "person, and what happened to them",
    r"illicit": "unregulated",
}
"""The term, and what we say instead (NIDA and published lists, read as terms for a person)."""

OF_MACHINES = {
    "src/true_api/cli/": "a check of the doctor or a step of an upgrade fails",
    "src/true_api/kernel/database": "an engine fails, a database has users",
    "src/true_api/privacy/master_key_pkcs11.py": "PKCS#11 calls whoever shows a token's PIN its user",
    "src/true_api/security/key_files.py": "other users of the machine",
}
"""Where `fail` and `user` are said of a machine and its accounts."""

PHRASES = {
    r"current user\b": "PostgreSQL's name for the login of a connection",
    r"(commit|read|housekeeping|precondition) failed": "of a database, and of status 412 as RFC 9110 calls it",
    r"something failed here": "of the server, in the title of status 500",
    r"not sealed yet, fails": "of a request",
    r"(not completed:|\"on hold\",) \"failed\"": "of a task, in FHIR's own list of statuses",
    r"elder abuse": "of what somebody lived through, in Gravity's own list of categories",
    r"nothing here counts as failing": "says what the program believes",
}

TERMS = re.compile("|".join(rf"\b({term})\b" for term in SAY_INSTEAD))
TERMS_OF_MACHINES = re.compile(r"users?|fail(s|ed|ing|ure|ures)?")


def _plain(text: str) -> str:
    """Names taken apart into words, so that `RelapsedOnce` and `relapsed_once` read alike."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    return re.sub(r"[\s_\-]+", " ", apart).lower()


def _stigma(text: str) -> Iterator[str]:
    plain = _plain(text)
    for phrase in PHRASES:
        plain = re.sub(phrase, "...", plain)
    yield from (found.group() for found in TERMS.finditer(plain))


def _stigma_in(place: str, text: str) -> list[str]:
    found = list(_stigma(text))
    if place.startswith(tuple(OF_MACHINES)):
        return [term for term in found if not TERMS_OF_MACHINES.fullmatch(term)]
    return found


@pytest.mark.parametrize(
    "said",
    [
        "frequent_flyer",
        "RelapsedOnce",
        "Non-compliant",
        "dropped out",
        "clean",
        "SUBSTANCE_ABUSE",
        "an addict",
        "Failed",
    ],
)
def test_a_word_that_labels_a_person_is_found_however_it_is_written(said: str) -> None:
    assert list(_stigma(said))


@pytest.mark.parametrize(
    "said", ["addiction", "cleandoc", "habitat", "not_today", "homelessness", "failover", "drop_in"]
)
def test_words_that_only_sound_alike_are_left_alone(said: str) -> None:
    assert not list(_stigma(said))


@pytest.mark.parametrize("file", [*source_files(), *sorted((ROOT / "migrations").rglob("*.py"))], ids=place_of)
def test_no_file_calls_a_person_by_such_a_word(file: Path) -> None:
    assert _stigma_in(place_of(file), file.read_text()) == []


def test_no_label_of_the_documented_api_does(document: dict[str, Any]) -> None:
    assert list(_stigma(serialized(document))) == []


def test_no_column_does() -> None:
    assert list(_stigma(" ".join(str(column) for table in metadata.tables.values() for column in table.columns))) == []


def test_what_is_said_of_machines_is_still_said() -> None:
    everything = _plain("\n".join(file.read_text() for file in source_files()))
    assert [phrase for phrase in PHRASES if not re.search(phrase, everything)] == []
    assert [
        place for place in OF_MACHINES if not any(place_of(file).startswith(place) for file in source_files())
    ] == []


# The guidance itself, in both languages, over everything that we say: it knows senses that the list above does not.

ALLOWED: dict[str, dict[str, str]] = tomllib.loads((Path(__file__).parent / "words_allowed.toml").read_text())
DOCUMENTS = sorted(
    {
        ROOT / "README.md",
        *(ROOT / "docs").rglob("*.md"),
        *(file for kind in ("*.toml", "*.txt", "*.html") for file in (ROOT / "src").rglob(kind)),
    }
)
CODE = [*source_files(), *sorted((ROOT / "migrations").rglob("*.py"))]


def _apart(name: str) -> str:
    """A name taken apart into words; the case of each letter stays, as proper names need it."""
    return re.sub(r"[_\-]+", " ", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name))


def _advised(text: str) -> set[str]:
    return {found.term for found in advise(text)}


def _advised_beside(place: str, found: set[str]) -> set[str]:
    """What is advised against in a file, but for what stands on its list."""
    allowed = ALLOWED.get(place, {})
    return set() if "*" in allowed else found - allowed.keys()


def _texts_in(file: Path) -> set[str]:
    """The terms in the texts of a module."""
    texts = (node.value for node in ast.walk(tree_of(file)) if isinstance(node, ast.Constant))
    return set().union(*(_advised(text) for text in texts if isinstance(text, str)))


def _texts_of(document: Any) -> Iterator[str]:
    if isinstance(document, dict):
        for name, inner in document.items():
            yield _apart(name)
            yield from _texts_of(inner)
    elif isinstance(document, list):
        for inner in document:
            yield from _texts_of(inner)
    elif isinstance(document, str):
        yield document


def _refusals(kind: type[Problem] = Problem) -> Iterator[type[Problem]]:
    for inner in kind.__subclasses__():
        yield inner
        yield from _refusals(inner)


@pytest.mark.parametrize("file", DOCUMENTS, ids=place_of)
def test_the_guidance_has_nothing_to_say_of_a_document_a_form_or_a_label_in_either_language(file: Path) -> None:
    assert _advised_beside(place_of(file), _advised(file.read_text(encoding="utf-8"))) == set()


def test_nor_of_the_texts_of_the_code() -> None:
    found = {place_of(file): _advised_beside(place_of(file), _texts_in(file)) for file in CODE}
    assert {place: terms for place, terms in found.items() if terms} == {}


def test_nor_of_a_term_its_label_or_its_definition_in_either_language() -> None:
    for view in shared()[1]:
        said = [view.label, view.label_es, view.definition, view.definition_es, _apart(view.key)]
        for term in view.terms:
            said += [_apart(term.key), term.label, term.label_es, term.definition or "", term.definition_es or ""]
        assert {text: _advised(text) for text in said if _advised(text)} == {}, view.key


def test_nor_of_a_refusal_a_column_or_the_document_of_the_api(document: dict[str, Any]) -> None:
    kinds = [kind for kind in _refusals() if kind.__module__.startswith("true_api.")]
    assert len(kinds) > 100
    for kind in kinds:
        assert _advised(f"{kind.__doc__} {_apart(getattr(kind, 'code', ''))}") == set(), kind
    columns = [_apart(str(column)) for table in metadata.tables.values() for column in table.columns]
    assert {column: _advised(column) for column in columns if _advised(column)} == {}
    spoken = set().union(*map(_advised, _texts_of(json.loads(serialized(document)))))
    assert _advised_beside("openapi/openapi.json", spoken) == set()


def _said_in(file: Path) -> set[str]:
    """What the guidance finds in a file: of code and JSON in its texts, each by itself."""
    if file.suffix == ".py":
        return _texts_in(file)
    if file.suffix == ".json":
        return set().union(*map(_advised, _texts_of(json.loads(file.read_text(encoding="utf-8")))))
    return _advised(file.read_text(encoding="utf-8"))


def test_what_is_allowed_is_still_said_and_has_a_reason() -> None:
    for place, terms in ALLOWED.items():
        file = ROOT / place
        assert file.is_file(), place
        said = _said_in(file)
        assert terms.keys() - {"*"} <= said, place
        assert said, place
        assert all(len(reason) >= 10 for reason in terms.values())
