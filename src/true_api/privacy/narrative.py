"""Narrative: the one type of every free text of the API, judged by the guard before anything is kept (privacy.md 5).

A text arrives as a `Narrative`, which holds it and what the guard found in it. Strict handling refuses the request
while the client still holds the text; lenient handling keeps the fact and gives the text back by its spans.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, NamedTuple, Self, TypeVar, get_args

from pydantic import Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from true_api.kernel.errors import Fault, Unprocessable
from true_api.kernel.schemas import Draft, Flag, View
from true_api.privacy.guard.find import find
from true_api.privacy.guard.spans import Span, SpanKind
from true_api.privacy.guidance.advise import Advice, advise

ALLOWED_CONTROLS = "\n\r\t"
NAMES_CONFIRMED = "names_confirmed"


@dataclass(frozen=True)
class Narrative:
    """A text of at most 2,000 characters as it was sent, and the spans in which the guard found an identifier."""

    text: str = field(repr=False)
    spans: tuple[Span, ...] = ()
    longest: ClassVar[int] = 2_000
    guarded: ClassVar[bool] = True
    guided: ClassVar[bool] = True
    """Whether the guidance looks at it: at what a worker says of somebody, never at a person's own words."""

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        shape = core_schema.str_schema(min_length=1, max_length=cls.longest, strict=True)
        return core_schema.no_info_after_validator_function(cls._of, shape)

    @classmethod
    def _of(cls, text: str) -> Self:
        controls = (sign for sign in text if unicodedata.category(sign) == "Cc")
        if not text.strip() or any(sign not in ALLOWED_CONTROLS for sign in controls):
            raise ValueError("a text has something in it, and no control characters but line breaks and tabs")
        return cls(text, find(text) if cls.guarded else ())


class AgencyNarrative(Narrative):
    """A text by a partner agency, or one that a partner agency may come to read: at most 500 characters."""

    longest: ClassVar[int] = 500


class ShortNarrative(Narrative):
    """A few words, such as where to come: at most 80 characters."""

    longest: ClassVar[int] = 80


class OwnWords(Narrative):
    """What a person says of themselves, in their own words: nobody suggests others to them."""

    guided: ClassVar[bool] = False


class ShortOwnWords(ShortNarrative):
    """A few of a person's own words, such as how they call their own gender: at most 80 characters."""

    guided: ClassVar[bool] = False


class OwnReference(Narrative):
    """What an agency calls its own request: sealed, read by that agency alone, and exempt from the guard."""

    longest: ClassVar[int] = 80
    guarded: ClassVar[bool] = False
    guided: ClassVar[bool] = False


class NarrativeRefused(Unprocessable):
    """A text holds what may find a person; `texts` says where. Nothing was kept, and the text is still yours."""

    code = "narrative_refused"


class Worded(Draft):
    """A draft with free text in it."""

    names_confirmed: Flag = Field(
        False,
        description="True after somebody looked at the probable names and they are not a person's; it is trailed.",
    )


SealedWords = Annotated[str, Field(json_schema_extra={"x-sealed": True})]
"""A text in the clear, in the view of one single record: never in a list, an export or an answer to a write."""


class TextSpan(View):
    """Where in a text something was found, in Unicode code points; never the text itself."""

    offset: int
    length: int
    kind: SpanKind


class ReturnedText(View):
    """A text that was not kept, by its place in the request. The fact beside it was."""

    pointer: str
    spans: list[TextSpan]


class PlaceInText(View):
    """Where in a text, in Unicode code points."""

    offset: int
    length: int


class WordGuidance(View):
    """A term of a text that labels a person, why it may hurt, and what can be said instead. Advice, never a refusal."""

    pointer: str = Field(description="Which text of the request.")
    term: str = Field(description="As the guidance lists it; never the text itself.")
    span: PlaceInText
    why: str
    instead: list[str]

    @classmethod
    def at(cls, pointer: str, advice: Advice) -> Self:
        """What is said of the text that a pointer names."""
        span = PlaceInText(offset=advice.offset, length=advice.length)
        return cls(pointer=pointer, term=advice.term, span=span, why=advice.why, instead=list(advice.instead))


class WordsReturned(View):
    """A view that answers a draft with free text in it."""

    returned: list[ReturnedText] | None = Field(
        None,
        description="With `Prefer: handling=lenient`, the texts that were not kept because they may find a person."
        " The client still holds them, and adds them later.",
    )
    guidance: list[WordGuidance] | None = Field(
        None,
        description="Terms in the worker's own words that label a person, with what can be said instead; null where"
        " there is none, and in an answer that is given again. It is advice: the text was kept as it stands.",
    )


class WordsKept(WordsReturned):
    """A view that also says which texts stand sealed beside the fact, so that a lost answer can be asked for again."""

    words_kept: list[str] = Field(description="The texts that are kept, by the names of their fields; never the texts.")


D = TypeVar("D", bound=Draft)


class _Placed(NamedTuple):
    """A text of a draft, where it stands there, and whether the draft is nothing without it."""

    pointer: str
    text: Narrative
    required: bool


def _texts(value: Any, pointer: str = "", required: bool = False) -> Iterator[_Placed]:
    """The texts of a draft and of the drafts inside it."""
    if isinstance(value, Narrative):
        yield _Placed(pointer, value, required)
    elif isinstance(value, Draft):
        for name, known in type(value).model_fields.items():
            yield from _texts(getattr(value, name), f"{pointer}/{name}", known.is_required())
    elif isinstance(value, tuple):
        for place, inner in enumerate(value):
            yield from _texts(inner, f"{pointer}/{place}", required=True)


def narratives_in(draft: Draft) -> dict[str, Narrative]:
    """The texts of a draft and of the drafts inside it, by JSON pointer."""
    return {placed.pointer: placed.text for placed in _texts(draft)}


def has_words(kind: type[Draft]) -> bool:
    """Whether drafts of this kind, or the drafts inside them, have free text in them."""
    parts = [part for known in kind.model_fields.values() for part in _parts(known.annotation)]
    return any(issubclass(part, Narrative) or (issubclass(part, Draft) and has_words(part)) for part in parts)


def _parts(annotation: Any) -> Iterator[type]:
    if isinstance(annotation, type):
        yield annotation
    for inner in get_args(annotation):
        yield from _parts(inner)


def overrides_names(draft: Draft) -> bool:
    """Whether a caller says of probable names in a draft that they are not a person's."""
    named = (span.kind is SpanKind.NAME for text in narratives_in(draft).values() for span in text.spans)
    return isinstance(draft, Worded) and draft.names_confirmed and any(named)


def judge(draft: D, lenient: bool) -> tuple[D, list[ReturnedText]]:
    """The draft with only those texts that may be kept, and those that were not, by their spans.

    Raises `NarrativeRefused` under strict handling, and where the refused text is all that the request is about.
    """
    confirmed = isinstance(draft, Worded) and draft.names_confirmed
    refused = [placed for placed in _texts(draft) if _standing(placed.text, confirmed)]
    if not refused:
        return draft, []
    returned = [ReturnedText(pointer=at, spans=_shown(_standing(text, confirmed))) for at, text, _ in refused]
    if not lenient or any(placed.required for placed in refused):
        faults = [Fault(text.pointer, "identifying", "This text holds what may find a person.") for text in returned]
        raise NarrativeRefused(*faults, members={"texts": [text.model_dump(mode="json") for text in returned]})
    spared: D = _without(draft, {placed.pointer for placed in refused})
    return spared, returned


def guided(draft: Draft) -> list[WordGuidance]:
    """What the guidance says of a draft's texts; of a person's own words it says nothing."""
    return [
        WordGuidance.at(pointer, found)
        for pointer, text in narratives_in(draft).items()
        if text.guided
        for found in advise(text.text)
    ]


def _without(value: Any, refused: set[str], pointer: str = "") -> Any:
    """The same draft as if the refused texts had been left out of it."""
    if isinstance(value, tuple):
        return tuple(_without(inner, refused, f"{pointer}/{place}") for place, inner in enumerate(value))
    if not isinstance(value, Draft):
        return value
    sent = {name: inner for name, inner in vars(value).items() if f"{pointer}/{name}" not in refused}
    kept = {name: _without(inner, refused, f"{pointer}/{name}") for name, inner in sent.items()}
    return value.model_construct(_fields_set=value.model_fields_set & kept.keys(), **kept)


def _standing(text: Narrative, confirmed: bool) -> list[Span]:
    return [span for span in text.spans if not (confirmed and span.kind is SpanKind.NAME)]


def _shown(spans: list[Span]) -> list[TextSpan]:
    return [TextSpan(offset=span.offset, length=span.length, kind=span.kind) for span in spans]
