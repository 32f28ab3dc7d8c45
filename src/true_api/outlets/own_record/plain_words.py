"""A view in plain words: each of its fields with its label, for people rather than programs."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from true_api.kernel.schemas import View
from true_api.rooms.vocabularies.wording import label_of

UNTOLD = re.compile(r"(^|_)(code|reference|version|moves)$")
"""Names of fields that say nothing to a person, or lead from the paper to the record."""

Names = Mapping[UUID, str]
"""What organizations are called, by id; every other id stays unsaid."""


def facts(view: View, names: Names) -> Iterator[tuple[str, str]]:
    """Label and value of every field that says something."""
    for name in type(view).model_fields:
        if not UNTOLD.search(name) and (said := _said(getattr(view, name), names)):
            yield name.removesuffix("_id").replace("_", " ").capitalize(), said


def _said(value: Any, names: Names) -> str:
    match value:
        case UUID():
            return names.get(value, "")
        case None | False | "":
            return ""
        case True:
            return "yes"
        case StrEnum():
            return label_of(_snake(type(value).__name__), value)
        case date():
            return value.isoformat()
        case View():
            return _in_one(value, names)
        case list() | tuple() | set() | frozenset():
            return "; ".join(filter(None, (_said(each, names) for each in value)))
        case _:
            return str(value)


def _in_one(view: View, names: Names) -> str:
    """A part of a record in one breath: `Naloxone given (quantity 2)`."""
    first, *rest = [*facts(view, names)] or [("", "")]
    more = ", ".join(f"{label.lower()} {said}" for label, said in rest)
    return f"{first[1]} ({more})" if more else first[1]


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
