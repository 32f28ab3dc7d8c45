"""What callers say and see of an offer; an agency sees a need, and nothing of whose it is or since when."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field, Strict

from true_api.kernel.schemas import Draft, Several, View, examples
from true_api.privacy.profile import NO_ANSWER, Language, TermKey
from true_api.privacy.terms import Need, Urgency
from true_api.rooms.offers.vocabulary import OfferSight, OfferState, OfferWish

AGENCY = "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a"
REFERENCE = "6f1d0c9a-3b52-4e1e-9f0a-5b1c2d3e4f50"
OFFERED: dict[str, Any] = {
    "need": "recovery-housing",
    "urgency": "urgent",
    "language": "es",
    "zone": None,
    "wishes": ["keeps_methadone"],
}


def _an_answer(value: Language | None) -> Language | None:
    if value is not None and value in NO_ANSWER:
        raise ValueError("a language, or nothing")
    return value


def _a_zone(value: str | None) -> str | None:
    if value is not None and value in NO_ANSWER:
        raise ValueError("a zone, or nothing")
    return value


class OfferDraft(Draft):
    """An open need to be offered. What is not said here is not told: nothing is taken over from the person's profile.

    The rarer a language or zone is, the more it says of who is meant: they are told only where the person and the peer
    think that an agency has to know them first.
    """

    model_config = examples({**OFFERED, "days": 7})

    need: Need
    urgency: Urgency = Urgency.ROUTINE
    language: Annotated[Language | None, AfterValidator(_an_answer)] = Field(
        None, description="Told to every agency that is asked; left out, it is not told."
    )
    zone: Annotated[TermKey | None, AfterValidator(_a_zone)] = Field(
        None, description="One of the program's zones, told to every agency that is asked; left out, it is not told."
    )
    wishes: Several[OfferWish] = Field((), description="Only such wishes as nobody is recognized by.")
    organization_ids: Several[UUID] | None = Field(
        None, min_length=1, description="The partner agencies that may claim it; left out, all of them."
    )
    days: Annotated[int, Strict()] = Field(7, ge=1, le=14, description="For how many days it stands, today included.")


class Answered(Draft):
    """Which agency's claim is answered: the one that the person was told of, should another hold it by now."""

    model_config = examples({"organization_id": AGENCY})

    organization_id: UUID = Field(description="The agency that holds the offer.")


SEEN_BY_PROGRAM: dict[str, Any] = {
    "id": "01936f20-11aa-7c3e-8a51-0a6f4d1c2b3a",
    "code": "K7QP-2M9X-4TRD",
    **OFFERED,
    "state": "held",
    "organization_ids": [AGENCY],
    "held_by": AGENCY,
    "minutes_left": 24,
    "published_on": "2026-11-02",
    "expires_on": "2026-11-08",
    "referral_id": None,
}
SEEN_BY_AGENCY: dict[str, Any] = {"reference": REFERENCE, **OFFERED, "state": "held_by_you", "minutes_left": 24}


class OfferView(View):
    """An offer as the program sees it: whose it is, and who holds it."""

    model_config = examples(SEEN_BY_PROGRAM)

    id: UUID
    code: str
    need: Need
    urgency: Urgency
    language: Language | None
    zone: str | None
    wishes: list[OfferWish]
    state: OfferState
    organization_ids: list[UUID] = Field(description="The agencies that may claim it, or might have.")
    held_by: UUID | None = Field(description="The agency whose claim waits for an answer.")
    minutes_left: int | None = Field(description="How long that claim lasts, in whole minutes begun.")
    published_on: date
    expires_on: date
    referral_id: UUID | None = Field(description="The referral that came of it.")


class AgencyOfferView(View):
    """An offer as an agency sees it: a need without a person, a day or a month, under a reference of its own."""

    model_config = examples(SEEN_BY_AGENCY)

    reference: UUID
    need: Need
    urgency: Urgency
    language: Language | None
    zone: str | None
    wishes: list[OfferWish]
    state: OfferSight
    minutes_left: int | None = Field(description="How long your own claim lasts, in whole minutes begun.")
