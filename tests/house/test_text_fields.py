"""No text field is forgotten: every text that comes in is a Narrative, and no list can carry one out."""

from collections.abc import Iterator
from enum import Enum
from typing import Any, get_args

import pytest
from pydantic import BaseModel, SecretStr, TypeAdapter

from tests.house.building import operations
from tests.house.test_strictness import DRAFTS
from tests.house.wording import drafts_taken, sealed_words_of, texts_of, texts_taken, words_shown
from true_api.api.all_doors import every_door
from true_api.kernel.schemas import Label, Page
from true_api.privacy.narrative import Narrative, Worded, WordsReturned
from true_api.privacy.profile import TermKey

NO_NARRATIVE = {
    "audience": "one of two words by its pattern",
    "after": "signed by this server",
    "code": "a participant's code: judged by its check symbols, looked up and never kept as it was sent",
    "codes": "participants' codes: judged by their check symbols, looked up and never kept as they were sent",
    "collected_in": "a month: digits by its pattern",
    "cursor": "signed by this server",
    "end": "a month: digits by its pattern",
    "format": "one of two words by its pattern",
    "form_version": "a month: digits by its pattern, held against the versions there are",
    "lot": "a maker's lot number: digits and capitals by its pattern, without a space",
    "kinds": "held against the list of kinds that there are",
    "language": "its code or its name, by its pattern: looked for, and never kept",
    "layout": "one of two words by its pattern",
    "modified_after": "an instant: digits by its pattern",
    "notice_version": "a month: digits by its pattern, held against the versions there are",
    "month": "digits by its pattern",
    "quarter": "digits by its pattern",
    "period": "a month: digits by its pattern",
    "sample": "eight symbols that this server drew: looked up, and never kept as they were sent",
    "postcode": "looked for in the directory, and never kept",
    "search": "looked for in the directory, and never kept",
    "start": "a month: digits by its pattern",
    "state": "two letters by its pattern",
    "table": "held against the tables of the grid, and never kept",
    "text": "looked for in the directory, or looked at by the guidance: nothing of it is kept",
    "strip_lot": "what is printed on a package: capitals, digits and dashes by its pattern",
}
"""What texts are called that callers send and that are no Narrative, and why nobody can put a note there."""
BY_KIND = {
    "a label": "an admin's word for an organization, a team or an account, never about a participant",
    "a term's key": "a key of the program's own list, held against it",
    "spoken": "an answer or a word of recall: hashed under a key, never kept, logged or echoed (privacy.md 4)",
}
EXEMPT = {
    "OwnReference": "an agency's own filing mark, shown to that agency alone",
    "ReachedAt": "the one sealed exception: the number or address itself (privacy.md 1)",
}
"""Texts that the guard does not judge, and why."""


def _plain_texts(annotation: Any) -> Iterator[type]:
    if isinstance(annotation, type) and issubclass(annotation, str | SecretStr) and not issubclass(annotation, Enum):
        yield annotation
    for inner in get_args(annotation):
        yield from _plain_texts(inner)


def _reason(draft: type[BaseModel], name: str) -> str | None:
    """The kind that a text is of: what it is by its pattern, else whether it stands on the list."""
    if SecretStr in _plain_texts(draft.model_fields[name].annotation):
        return "spoken"
    written = str(draft.model_json_schema()["properties"][draft.model_fields[name].alias or name])
    kinds = {"a label": Label, "a term's key": TermKey}
    patterns = {kind: repr(TypeAdapter(of).json_schema()["pattern"]) for kind, of in kinds.items()}
    by_pattern = (kind for kind, pattern in patterns.items() if pattern in written)
    return next(by_pattern, name if name in NO_NARRATIVE else None)


def test_every_text_that_a_draft_takes_is_a_narrative_or_stands_on_a_list_with_a_reason() -> None:
    plain = {
        f"{draft.__name__}.{name}": _reason(draft, name)
        for draft in DRAFTS
        for name, known in draft.model_fields.items()
        if list(_plain_texts(known.annotation))
    }
    assert [name for name, reason in plain.items() if reason is None] == []
    assert set(plain.values()) == {*NO_NARRATIVE, *BY_KIND}, "a reason that nothing needs any more"


def test_only_what_must_be_exempt_from_the_guard_is() -> None:
    texts = {kind for draft in DRAFTS for _, kind in texts_of(draft)}
    assert len(texts) > 3
    assert {kind.__name__ for kind in texts if not kind.guarded} == set(EXEMPT)
    assert all(kind.longest <= Narrative.longest for kind in texts)


def test_whoever_sends_words_can_say_that_names_are_confirmed_and_is_told_what_was_returned() -> None:
    for name in texts_taken():
        assert all(issubclass(draft, Worded) for draft in drafts_taken()[name] if list(texts_of(draft))), name


def _views() -> Iterator[type[BaseModel]]:
    for inner in BaseModel.__subclasses__():
        yield from _below(inner)


def _below(kind: type[BaseModel]) -> Iterator[type[BaseModel]]:
    if kind.__module__.startswith("true_api."):
        yield kind
    for inner in kind.__subclasses__():
        yield from _below(inner)


def test_no_page_of_a_list_can_carry_sealed_words() -> None:
    pages = [view for view in set(_views()) if issubclass(view, Page) and view is not Page]
    assert len(pages) > 8
    for page in pages:
        assert sealed_words_of(page) == set(), page


def test_an_answer_to_a_write_tells_which_words_were_kept_and_never_the_words() -> None:
    written = [view for view in set(_views()) if issubclass(view, WordsReturned)]
    assert len(written) > 5
    for view in written:
        assert sealed_words_of(view) == set(), view


def test_sealed_words_are_shown_by_the_doors_of_single_records_alone(document: dict[str, Any]) -> None:
    shown = words_shown()
    assert len(shown) >= 5
    for door in every_door():
        assert door.name not in shown or door.method == "GET", door.name
    assert {f"{method.upper()} {path}" for method, path, told in operations(document) if _tells(told, document)} == {
        *shown
    }


def _tells(operation: dict[str, Any], document: dict[str, Any]) -> bool:
    """Whether the document says of an operation that its answer holds sealed words."""
    waiting, seen = [str(operation["responses"])], set[str]()
    while waiting:
        text = waiting.pop()
        if "x-sealed" in text:
            return True
        for name, schema in document["components"]["schemas"].items():
            if f"/{name}'" in text and name not in seen:
                seen.add(name)
                waiting.append(str(schema))
    return False


def test_what_is_shown_was_taken_somewhere_and_what_is_taken_is_shown_somewhere() -> None:
    taken = {at[-1] for texts in texts_taken().values() for at in texts}
    assert taken == {name for names in words_shown().values() for name in names}


@pytest.mark.parametrize(
    "door", [door for door in every_door() if door.name in words_shown()], ids=lambda door: door.name
)
async def test_who_reads_sealed_words_is_told_when_they_cannot_be_read(door: Any) -> None:
    assert {"record_unreadable", "sealed_unavailable"} <= {refusal.code for refusal in door.refuses}
