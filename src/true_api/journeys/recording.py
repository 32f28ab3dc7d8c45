"""A contact recorded whole: what was done, given, promised and kept in it, in one commit."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, NamedTuple, Self
from uuid import UUID

from pydantic import Field, model_validator

from true_api.journeys import referring
from true_api.kernel.errors import Conflict, NotFound
from true_api.kernel.schemas import Several, View, Wrong, examples
from true_api.rooms.encounters import service as encounters
from true_api.rooms.encounters.schemas import (
    NOTE,
    SEEN,
    ActDraft,
    EncounterDraft,
    EncounterKept,
    EncounterRecord,
    VoidDraft,
)
from true_api.rooms.encounters.vocabulary import Act
from true_api.rooms.promises import service as promises
from true_api.rooms.promises.schemas import PromiseDraft
from true_api.rooms.supplies import giving
from true_api.rooms.supplies.giving import GivenDraft
from true_api.rooms.supplies.schemas import SITE
from true_api.rooms.supplies.vocabulary import NALOXONE, BookNotice, SupplyItem, SupplyUnit
from true_api.security.permits import CasePermit, Permit, RecordPermit, StaffPermit
from true_api.security.roles import Permission

Gifts = Annotated[tuple[GivenDraft, ...], Field(max_length=30)]
Promised = Annotated[tuple[PromiseDraft, ...], Field(max_length=10)]
MET = {
    "setting": "street",
    "occurred_on": "2026-11-02",
    "part_of_day": "evening",
    "acts": [{"act": "listening"}, {"act": "treatment_options_explained", "topic": "methadone"}],
    "given": [{"item": "naloxone_nasal_4mg", "quantity": 2}],
    "site_id": SITE,
    "promises": [{"kind": "check_in", "on": "2026-11-04"}],
    "note": NOTE,
}
ACT_OF_ITEM: dict[SupplyItem, Act] = {
    **dict.fromkeys(NALOXONE, Act.NALOXONE_GIVEN),
    SupplyItem.FENTANYL_STRIPS: Act.FENTANYL_STRIPS_GIVEN,
    SupplyItem.XYLAZINE_STRIPS: Act.XYLAZINE_STRIPS_GIVEN,
    SupplyItem.SYRINGES: Act.STERILE_SUPPLIES_GIVEN,
    SupplyItem.STERILE_SUPPLIES: Act.STERILE_SUPPLIES_GIVEN,
    SupplyItem.SAFER_SEX_SUPPLIES: Act.SAFER_SEX_SUPPLIES,
    SupplyItem.HYGIENE: Act.HYGIENE_FOOD_CLOTHING,
    SupplyItem.FOOD: Act.HYGIENE_FOOD_CLOTHING,
    SupplyItem.CLOTHING: Act.HYGIENE_FOOD_CLOTHING,
}
"""Which act it is to give something; what is not listed is no act of its own."""


class NoSuchPromise(Conflict):
    """A promise that is kept in a contact is an open one to the same person."""

    code = "no_such_promise"


class PromisedToNobody(Conflict):
    """Promises are made to somebody, and kept: here nobody has a record."""

    code = "promised_to_nobody"


class AmendmentDraft(EncounterDraft):
    """An encounter told anew, and what was given in it where that changes."""

    model_config = examples({**{name: MET[name] for name in ("setting", "occurred_on", "part_of_day", "acts")}})

    given: Gifts | None = Field(
        None, description="What was handed out. Left out of an amendment, what was given stays; empty, it comes back."
    )
    site_id: UUID | None = Field(None, description="Out of whose stock; only with `given`.")

    @model_validator(mode="after")
    def _out_of_a_stock(self) -> Self:
        if bool(self.given) != (self.site_id is not None):
            raise Wrong("given_out_of_a_site", "what is given comes out of a site's stock: both are said, or neither")
        return self


class RecordingDraft(AmendmentDraft):
    """A contact that has already happened, and in the same call what was given, promised and kept in it."""

    model_config = examples(MET)

    promises: Promised = Field((), description="What the caller promised the person, in their own name.")
    kept: Several[UUID] = Field((), description="Promises to the person that were kept in this contact.")


class GivenHere(View):
    """Something that was handed out in an encounter."""

    item: SupplyItem
    unit: SupplyUnit
    quantity: int
    warnings: list[BookNotice] = Field(description="`stock_corrected`: more was given than the book knew of.")


GIVEN = [{"item": "naloxone_nasal_4mg", "unit": "kit", "quantity": 2, "warnings": []}]


class RecordingKept(EncounterKept):
    """An encounter just recorded, with what was given, and whether its note was kept."""

    model_config = examples({**SEEN, "given": GIVEN, "words_kept": ["note"], "returned": None})

    given: list[GivenHere] = Field(description="What was handed out in it, out of a site's stock.")


class RecordingRecord(EncounterRecord):
    """One encounter with its words, and what was given in it."""

    model_config = examples({**SEEN, "given": GIVEN, "note": NOTE})

    given: list[GivenHere] = Field(description="What was handed out in it, out of a site's stock.")


class Recorded(NamedTuple):
    """An encounter with its acts and its revision, and what was given in it."""

    together: encounters.Together
    given: list[GivenHere]


async def record(permit: CasePermit, draft: RecordingDraft) -> Recorded:
    """Record a contact with a participant, and all that belongs to it, or nothing.

    Raises what recording, giving, promising and keeping a promise do alone; `NoSuchPromise`.
    """
    if draft.promises or draft.kept:
        permit.need(Permission.PROMISE_WRITE)
    await encounters.must_be_own(permit, draft.acts)
    together = encounters.record(permit, _with_acts(draft))
    given = await _give(permit, together, draft)
    for promised in draft.promises:
        await referring.promise(permit, promised)
    for kept in draft.kept:
        try:
            await promises.keep_beside(permit, kept)
        except NotFound:
            raise NoSuchPromise from None
    return Recorded(together, given)


async def record_without_participant(permit: StaffPermit, draft: RecordingDraft) -> Recorded:
    """Record a contact with people of whom there is no record, or with nobody. Raises `PromisedToNobody`."""
    if draft.promises or draft.kept:
        raise PromisedToNobody
    await encounters.must_be_own(permit, draft.acts)
    together = encounters.record_without_participant(permit, _with_acts(draft))
    return Recorded(together, await _give(permit, together, draft))


async def amend(permit: RecordPermit, draft: AmendmentDraft) -> Recorded:
    """Record it anew in the old one's place; what was given goes along, or is given anew."""
    old = permit.record.id
    await encounters.must_be_own(permit, draft.acts, before=True)
    together = encounters.amend(permit, _with_acts(draft))
    if draft.given is None:
        await giving.carry_over(permit, old, together[0].id)
        return Recorded(together, await _given_in(permit, old))
    if not draft.given:
        await giving.take_back(permit, old)
    return Recorded(together, await _give(permit, together, draft, instead_of=old))


async def void(permit: RecordPermit, draft: VoidDraft) -> encounters.Together:
    """Say that it should not count, and why; what was given in it comes back to stock."""
    voided = await encounters.void(permit, draft)
    await giving.take_back(permit, permit.record.id)
    return voided


async def seen(permit: Permit, together: encounters.Together) -> Recorded:
    """An encounter that is there, with what was given in it."""
    return Recorded(together, await _given_in(permit, together[0].id))


async def _give(
    permit: Permit, together: encounters.Together, draft: AmendmentDraft, instead_of: UUID | None = None
) -> list[GivenHere]:
    if not draft.given or draft.site_id is None:
        return []
    permit.need(Permission.SUPPLY_WRITE)
    encounter = together[0]
    moved = await giving.give(
        permit,
        draft.given,
        site_id=draft.site_id,
        encounter_id=encounter.id,
        on=encounter.occurred_on,
        instead_of=instead_of,
    )
    return [GivenHere.of(movement) for movement in moved]


async def _given_in(permit: Permit, encounter: UUID) -> list[GivenHere]:
    moved: Sequence[Any] = (await giving.given_in(permit, [encounter]))[encounter]
    return [GivenHere.of(movement) for movement in moved]


def _with_acts(draft: AmendmentDraft) -> AmendmentDraft:
    """The acts as they were told, and those that giving, promising and keeping are, where they were not told."""
    told = {act.act for act in draft.acts}
    implied = [act for act in _implied(draft) if act.act not in told]
    return draft.model_copy(update={"acts": (*draft.acts, *implied)}) if implied else draft


def _implied(draft: AmendmentDraft) -> Iterator[ActDraft]:
    quantities: dict[Act, int] = {}
    for gift in draft.given or ():
        if (act := ACT_OF_ITEM.get(gift.item)) is not None:
            quantities[act] = quantities.get(act, 0) + gift.quantity
    for act, quantity in quantities.items():
        yield ActDraft.model_construct(act=act, topic=None, material=None, quantity=quantity)
    for act, told in ((Act.FOLLOW_UP_PROMISED, "promises"), (Act.FOLLOW_UP_KEPT, "kept")):
        if getattr(draft, told, ()):
            yield ActDraft.model_construct(act=act, topic=None, material=None, quantity=None)
