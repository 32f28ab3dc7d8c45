"""What a phone sends in one piece, and what it is told of each thing in it."""

from dataclasses import dataclass, field
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, GetCoreSchemaHandler, ValidationError, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import CoreSchema, core_schema

from true_api.kernel.schemas import Draft, View, examples
from true_api.privacy.narrative import ReturnedText, WordGuidance
from true_api.rooms.sync.vocabulary import SyncKind, SyncOutcome

MOST_ITEMS = 500
FIRST_ID, SECOND_ID = "5b0d7c52-9f0e-4d3b-8a6e-2f1c7a9e4d10", "0c9a1f6e-37b4-4c58-9d21-6be0f3a85c77"
MET = {"setting": "street", "occurred_on": "2026-11-02", "part_of_day": "evening", "acts": [{"act": "listening"}]}


@dataclass(frozen=True)
class Parcel:
    """A JSON object that another door judges: here nothing of it is looked at."""

    holds: dict[str, Any] = field(repr=False)

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        shape = core_schema.dict_schema(core_schema.str_schema(strict=True), core_schema.any_schema(), strict=True)
        return core_schema.no_info_after_validator_function(cls, shape)


class SyncItem(Draft):
    """One thing that was recorded without a signal."""

    model_config = examples(
        {"client_id": FIRST_ID, "kind": "enrollment", "body": {}},
        {"client_id": SECOND_ID, "kind": "encounter", "enrollment": FIRST_ID, "body": MET},
    )

    client_id: UUID = Field(description="The phone's own random id for it; the caller's for good.")
    kind: SyncKind
    code: str | None = Field(
        None, max_length=64, description="Whom it is about. A code that was issued ahead is honored here, too."
    )
    enrollment: UUID | None = Field(
        None, description="Whom it is about, by the client id of an enrollment in this batch or an earlier one."
    )
    body: Parcel = Field(description="What is posted at the door of its kind, and nothing else (docs/encounters.md).")


@dataclass(frozen=True)
class Unreadable:
    """An item that has not the shape of one; the others are not lost by it."""

    client_id: UUID | None
    wrong: list[Any] = field(repr=False)

    @classmethod
    def of(cls, sent: Any, error: ValidationError) -> Self:
        """With what is wrong in it, and its client id where that can be read."""
        try:
            named = UUID(sent["client_id"])
        except (TypeError, KeyError, ValueError, AttributeError):
            named = None
        return cls(named, list(error.errors(include_url=False)))


def _or_unreadable(sent: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    try:
        return handler(sent)
    except ValidationError as error:
        return Unreadable.of(sent, error)


class SyncBatch(Draft):
    """What was recorded without a signal, in any order: enrollments and shown codes are taken first."""

    model_config = examples(
        {
            "items": [
                {"client_id": FIRST_ID, "kind": "enrollment", "body": {}},
                {"client_id": SECOND_ID, "kind": "encounter", "enrollment": FIRST_ID, "body": MET},
            ]
        }
    )

    items: tuple[Annotated[SyncItem, WrapValidator(_or_unreadable)], ...] = Field(min_length=1, max_length=MOST_ITEMS)


class Became(View):
    """What an item became."""

    kind: SyncKind
    outcome: SyncOutcome = Field(description="How it was answered at first: `created` or `created_note_returned`.")
    id: UUID | None = Field(None, description="Names the record; null where a code names it, or where it is gone.")
    code: str | None = Field(None, description="Of an enrollment or a shown code: the person's code.")
    handle: str | None = Field(None, description="Of the same: two words by which only this peer knows the person.")


BECAME = {"kind": "encounter", "outcome": "created", "id": "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a"}
PERSON = {"kind": "enrollment", "outcome": "created", "code": "K7QP-2M9X-4TRD", "handle": "amber-heron"}


class SyncResult(View):
    """What became of one item."""

    client_id: UUID | None = Field(description="Null only where the item had none that could be read.")
    outcome: SyncOutcome
    became: Became | None = Field(None, description="Null where it was refused.")
    returned: list[ReturnedText] | None = Field(
        None, description="Texts that were not kept because they may find a person; the fact stands, add them later."
    )
    guidance: list[WordGuidance] | None = Field(
        None, description="Of an item just created: advice on the worker's own words; they were kept as they stand."
    )
    problem: dict[str, Any] | None = Field(
        None, description="Problem details as its own door gives them; from status 500 on, send the item again."
    )


class SyncView(View):
    """One result for each item, in the order in which they were sent."""

    model_config = examples(
        {
            "results": [
                {"client_id": FIRST_ID, "outcome": "created", "became": PERSON},
                {"client_id": SECOND_ID, "outcome": "created", "became": BECAME},
            ]
        }
    )

    results: list[SyncResult]
