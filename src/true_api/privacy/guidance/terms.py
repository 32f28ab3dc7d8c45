"""The guidance as it is kept: a file with a version, its terms and their sources."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "guidance.toml"


@dataclass(frozen=True)
class Term:
    """A term that labels a person, or what is done for one; `forms` and `left_alone` are patterns (pattern.py)."""

    key: str
    language: str
    stems: tuple[str, ...]
    forms: tuple[str, ...]
    why: str
    instead: tuple[str, ...]
    source: str
    left_alone: tuple[str, ...]


@dataclass(frozen=True)
class Guidance:
    """One version of the guidance. `organizations`: words that make a proper name of the capitalized words by them."""

    version: str
    sources: dict[str, str]
    organizations: tuple[str, ...]
    left_alone: tuple[str, ...]
    terms: tuple[Term, ...]


@cache
def guidance() -> Guidance:
    """The version in use."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return Guidance(
        version=told["version"],
        sources=told["sources"],
        organizations=tuple(told["organizations"]),
        left_alone=tuple(told["left_alone"]),
        terms=tuple(
            Term(
                key=term["term"],
                language=term["language"],
                stems=tuple(term["stems"]),
                forms=tuple(term["forms"]),
                why=term["why"],
                instead=tuple(term["instead"]),
                source=term["source"],
                left_alone=tuple(term.get("left_alone", ())),
            )
            for term in told["term"]
        ),
    )
