"""Where words come in and go out: the texts of every draft, the sealed words of every view, door by door."""

from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

from pydantic import BaseModel

from true_api.api.all_doors import ALL_DOORS
from true_api.api.door import Door
from true_api.kernel.schemas import Draft
from true_api.privacy.narrative import Narrative

At = tuple[str, ...]
"""The names that lead from a body to one of its texts."""


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The drafts or views that a field, a parameter or an answer is made of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from models_in(inner)


def _narrative(annotation: Any) -> type[Narrative] | None:
    parts = (annotation, *get_args(annotation))
    return next((part for part in parts if isinstance(part, type) and issubclass(part, Narrative)), None)


def texts_of(draft: type[BaseModel], at: At = ()) -> Iterator[tuple[At, type[Narrative]]]:
    """The texts of a draft and of the drafts inside it, each with the way to it."""
    for name, known in draft.model_fields.items():
        if (kind := _narrative(known.annotation)) is not None:
            yield (*at, name), kind
        for inner in models_in(known.annotation):
            yield from texts_of(inner, (*at, name))


def handlers() -> Iterator[tuple[Door, dict[str, Any]]]:
    """Every door, with what its handler takes and returns."""
    for doors in ALL_DOORS:
        for route in doors.router.routes:
            endpoint = route.endpoint  # type: ignore[attr-defined]
            yield endpoint.__door__, get_type_hints(endpoint.__wrapped__)


def drafts_taken() -> dict[str, list[type[Draft]]]:
    """The drafts that each door takes."""
    taken = {
        door.name: [kind for name, hint in hints.items() if name != "return" for kind in models_in(hint)]
        for door, hints in handlers()
    }
    return {name: [kind for kind in kinds if issubclass(kind, Draft)] for name, kinds in taken.items()}


def texts_taken() -> dict[str, dict[At, type[Narrative]]]:
    """The texts that each door takes; doors that take none are left out."""
    taken = {name: [text for draft in drafts for text in texts_of(draft)] for name, drafts in drafts_taken().items()}
    return {name: dict(texts) for name, texts in taken.items() if texts}


def sealed_words_of(view: type[BaseModel]) -> set[str]:
    """The names of the fields that show sealed words, in a view and in the views inside it."""
    found: set[str] = set()
    for name, known in view.model_fields.items():
        if "x-sealed" in str(known.json_schema_extra) or "x-sealed" in str(known.annotation):
            found.add(name)
        for inner in models_in(known.annotation):
            found |= sealed_words_of(inner)
    return found


def words_shown() -> dict[str, set[str]]:
    """The fields with sealed words that each door may show; doors that show none are left out."""
    shown = {
        door.name: {name for view in models_in(hints["return"]) for name in sealed_words_of(view)}
        for door, hints in handlers()
        if "return" in hints
    }
    return {name: fields for name, fields in shown.items() if fields}
