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

    `no_answer` holds what the kinds of no answer mean everywhere. Raises `ValueError` where two files have one key.
    """
    found: dict[str, Any] = {}
    for file in sorted(FOLDER.glob("*.toml")):
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        if twice := found.keys() & told.keys():
            raise ValueError(f"{file.name} says once more: {sorted(twice)}")
        found |= told
    return found
