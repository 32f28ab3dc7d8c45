"""What callers say and see of disclosures: the accounting, the list of an intermediary's, and those in an emergency."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from true_api.kernel.schemas import Day, Month, Several, View, examples
from true_api.privacy.disclosures import DisclosurePurpose, LegalBasis, Recipient
from true_api.privacy.narrative import SealedWords, ShortNarrative, Worded, WordsKept
from true_api.privacy.terms import PartOfDay
from true_api.rooms.disclosures.vocabulary import EmergencyInformation, EmergencyNature, MedicalRecipient

CONSENT = "7d0c2f61-3c52-4d8e-9d43-54b7f4a0a5f1"
TO_HARBOR: dict[str, Any] = {
    "organization": "Harbor House",
    "disclosed_on": "2026-11-02",
    "categories": ["referral"],
    "times": 3,
}

APART: dict[str, Any] = {
    "disclosed_in": "2026-11",
    "times": 3,
    "recipient": "partner_agency",
    "organization": "Harbor House",
    "categories": ["referral"],
    "fields": ["code", "need", "state", "urgency"],
    "purpose": "coordination_of_care",
    "consents": [CONSENT],
}


class DisclosureAccounted(View):
    """One disclosure: when, to whom, what, what for, and why it was allowed (42 CFR 2.25, 45 CFR 164.528(b))."""

    model_config = examples(
        {
            "disclosed_on": "2026-11-02",
            "recipient": "partner_agency",
            "organization": "Harbor House",
            "categories": ["referral"],
            "records": ["referrals"],
            "fields": ["code", "need", "state", "urgency"],
            "purpose": "coordination_of_care",
            "basis": "consent",
            "consents": [CONSENT],
            "record_id": None,
        }
    )

    disclosed_on: date
    recipient: Recipient
    organization: str | None = Field(description="The partner agency by its name; null for other recipients.")
    categories: list[str] = Field(description="What it was about, as codes.")
    records: list[str] = Field(description="The kinds of records that were shown.")
    fields: list[str] = Field(description="The fields that the answer held, by name, never what was in them.")
    purpose: DisclosurePurpose
    basis: LegalBasis
    consents: list[UUID] = Field(description="The references of the consents that it rests on; they stand on paper.")
    record_id: UUID | None = Field(description="The emergency disclosure or legal demand; null for what was read here.")


class IntermediaryDisclosure(View):
    """What one entity was shown on one day by an intermediary's consent (42 CFR 2.24)."""

    model_config = examples(TO_HARBOR)

    organization: str
    disclosed_on: date
    categories: list[str]
    times: int = Field(description="How many requests of that day showed it.")


class IntermediaryList(View):
    """The entities that received something by an intermediary's consent in the last three years, newest first."""

    model_config = examples({"since": "2023-11-02", "items": [TO_HARBOR]})

    since: date
    items: list[IntermediaryDisclosure]


class DisclosuresKeptApart(View):
    """Disclosures of one month that were alike, of somebody who has been forgotten since."""

    model_config = examples(APART)

    disclosed_in: Month
    times: int
    recipient: Recipient
    organization: str | None
    categories: list[str]
    fields: list[str]
    purpose: DisclosurePurpose
    consents: list[UUID]


class AccountingKeptApart(View):
    """What a consent disclosed of somebody who has been forgotten, newest month first."""

    model_config = examples({"items": [APART]})

    items: list[DisclosuresKeptApart]


SAID: dict[str, Any] = {
    "recipient": "emergency_department",
    "nature": "overdose",
    "information": ["substances_believed", "naloxone_given"],
    "disclosed_on": "2026-11-02",
    "part_of_day": "night",
}


class EmergencyDraft(Worded):
    """What medical personnel were told in an emergency, because consent could not be asked for (42 CFR 2.51)."""

    model_config = examples({"code": "K7QP-2M9X-4TRD", **SAID, "facility": "Riverside General, emergency entrance"})

    code: str = Field(max_length=64)
    recipient: MedicalRecipient
    nature: EmergencyNature
    information: Annotated[Several[EmergencyInformation], Field(min_length=1)]
    disclosed_on: Day
    part_of_day: PartOfDay
    facility: ShortNarrative | None = Field(
        None,
        description="The facility or service by its name, sealed. Names of people are written on the printed record.",
    )


SEEN: dict[str, Any] = {
    "id": "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a",
    "reference": CONSENT,
    "code": "K7QP-2M9X-4TRD",
    **SAID,
    "disclosed_by": "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3b",
    "recorded_on": "2026-11-02",
}


class EmergencyView(View):
    """A disclosure in an emergency as it was recorded."""

    model_config = examples(SEEN)

    id: UUID
    reference: UUID = Field(description="Stands on the printed record, in the place of the code.")
    code: str
    recipient: MedicalRecipient
    nature: EmergencyNature
    information: list[EmergencyInformation]
    disclosed_on: date
    part_of_day: PartOfDay
    disclosed_by: UUID = Field(description="The member who told.")
    recorded_on: date


class EmergencyKept(EmergencyView, WordsKept):
    """A disclosure in an emergency just recorded."""

    model_config = examples({**SEEN, "words_kept": ["facility"], "returned": None})


class EmergencyRecord(EmergencyView):
    """One disclosure in an emergency, with the facility by its name."""

    model_config = examples({**SEEN, "facility": "Riverside General, emergency entrance"})

    facility: SealedWords | None = None
