"""The Spanish words of every vocabulary, as data: one file for each group of them in `es/`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "es"


@cache
def spanish() -> Mapping[str, Any]:
    """By the key of a vocabulary: its `label` and `definition`, and of its terms `labels` and `definitions`.

    `common` holds what is said alike in several. Raises `ValueError` where two files have one key.
    """
    found: dict[str, Any] = {}
    for file in sorted(FOLDER.glob("*.toml")):
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        if twice := found.keys() & told.keys():
            raise ValueError(f"{file.name} says once more: {sorted(twice)}")
        found |= told
    return found


def label_in_spanish(vocabulary: str, term: str) -> str | None:
    """How a term is shown in Spanish; None where no file says it."""
    return _said("labels", vocabulary, term)


def meaning_in_spanish(vocabulary: str, term: str) -> str | None:
    """What a term means, in Spanish; None where no file says it."""
    return _said("definitions", vocabulary, term)


def named_in_spanish(vocabulary: str, what: str) -> str | None:
    """The `label` or the `definition` of a vocabulary itself; None where no file says it."""
    said = spanish().get(vocabulary, {}).get(what)
    return None if said is None else str(said)


def _said(what: str, vocabulary: str, term: str) -> str | None:
    told = spanish()
    said = (told.get(place, {}).get(what, {}).get(term) for place in (vocabulary, "common"))
    return next((str(one) for one in said if one is not None), None)
