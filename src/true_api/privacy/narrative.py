"""Narrative: the one type of every free text of the API, judged by the guard before anything is kept (privacy.md 5).

A text arrives as a `Narrative`, which holds it and what the guard found in it. Strict handling refuses the request
while the client still holds the text; lenient handling keeps the fact and gives the text back by its spans.
"""

import unicodedata
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self, TypeVar, get_args

from pydantic import Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from true_api.kernel.errors import Fault, Unprocessable
from true_api.kernel.schemas import Draft, Flag, View
from true_api.privacy.guard.find import find
from true_api.privacy.guard.spans import Span, SpanKind

ALLOWED_CONTROLS = "\n\t"
NAMES_CONFIRMED = "names_confirmed"


@dataclass(frozen=True)
class Narrative:
    """A text of at most 2,000 characters as it was sent, and the spans in which the guard found an identifier."""

    text: str = field(repr=False)
    spans: tuple[Span, ...] = ()
    longest: ClassVar[int] = 2_000
    guarded: ClassVar[bool] = True

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        shape = core_schema.str_schema(min_length=1, max_length=cls.longest, strict=True)
        return core_schema.no_info_after_validator_function(cls._of, shape)

    @classmethod
    def _of(cls, text: str) -> Self:
        if not text.strip() or any(unicodedata.category(sign) == "Cc" and sign not in ALLOWED_CONTROLS for sign in text):
            raise ValueError("a text has something in it, and no control characters but line breaks and tabs")
        return cls(text, find(text) if cls.guarded else ())


class AgencyNarrative(Narrative):
    """A text by a partner agency, or one that a partner agency may come to read: at most 500 characters."""

    longest: ClassVar[int] = 500


class ShortNarrative(Narrative):
    """A few words, such as how a person calls their own gender: at most 80 characters."""

    longest: ClassVar[int] = 80


class OwnReference(Narrative):
    """What an agency calls its own request: sealed, read by that agency alone, and exempt from the guard."""

    longest: ClassVar[int] = 80
    guarded: ClassVar[bool] = False


class NarrativeRefused(Unprocessable):
    """A text holds what may find a person; `texts` says where. Nothing was kept, and the text is still yours."""

    code = "narrative_refused"


class Worded(Draft):
    """A draft with free text in it."""

    names_confirmed: Flag = Field(
        False, description="True after somebody looked at the probable names and they are not a person's; it is trailed."
    )


class TextSpan(View):
    """Where in a text something was found, in Unicode code points; never the text itself."""

    offset: int
    length: int
    kind: SpanKind


class ReturnedText(View):
    """A text that was not kept, by its place in the request. The fact beside it was."""

    pointer: str
    spans: list[TextSpan]


class WordsReturned(View):
    """A view that answers a draft with free text in it."""

    returned: list[ReturnedText] | None = Field(
        None,
        description="With `Prefer: handling=lenient`, the texts that were not kept because they may find a person."
        " The client still holds them, and adds them later.",
    )


D = TypeVar("D", bound=Draft)


def narratives_in(draft: Draft) -> dict[str, Narrative]:
    """The texts of a draft, by field."""
    return {name: value for name, value in vars(draft).items() if isinstance(value, Narrative)}


def has_words(kind: type[Draft]) -> bool:
    """Whether drafts of this kind have free text in them."""
    kinds = (part for named in kind.model_fields.values() for part in (named.annotation, *get_args(named.annotation)))
    return any(isinstance(part, type) and issubclass(part, Narrative) for part in kinds)


def overrides_names(draft: Draft) -> bool:
    """Whether a caller says of probable names in a draft that they are not a person's."""
    named = (span.kind is SpanKind.NAME for text in narratives_in(draft).values() for span in text.spans)
    return isinstance(draft, Worded) and draft.names_confirmed and any(named)


def judge(draft: D, lenient: bool) -> tuple[D, list[ReturnedText]]:
    """The draft with only those texts that may be kept, and those that were not, by their spans.

    Raises `NarrativeRefused` under strict handling, and where the refused text is all that the request is about.
    """
    confirmed = isinstance(draft, Worded) and draft.names_confirmed
    refused = {name: spans for name, text in narratives_in(draft).items() if (spans := _standing(text, confirmed))}
    if not refused:
        return draft, []
    returned = [ReturnedText(pointer=f"/{name}", spans=_shown(spans)) for name, spans in refused.items()]
    if not lenient or any(type(draft).model_fields[name].is_required() for name in refused):
        faults = [Fault(text.pointer, "identifying", "This text holds what may find a person.") for text in returned]
        raise NarrativeRefused(*faults, members={"texts": [text.model_dump(mode="json") for text in returned]})
    kept = {name: value for name, value in vars(draft).items() if name not in refused}
    return draft.model_construct(_fields_set=draft.model_fields_set - refused.keys(), **kept), returned


def _standing(text: Narrative, confirmed: bool) -> list[Span]:
    return [span for span in text.spans if not (confirmed and span.kind is SpanKind.NAME)]


def _shown(spans: list[Span]) -> list[TextSpan]:
    return [TextSpan(offset=span.offset, length=span.length, kind=span.kind) for span in spans]
