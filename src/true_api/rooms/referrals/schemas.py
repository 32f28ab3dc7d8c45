"""What callers say and see of a referral; an agency sees less, and never the program's code."""

from datetime import date
from uuid import UUID

from pydantic import Field

from true_api.kernel.schemas import Month, View, examples
from true_api.privacy.narrative import SealedWords, WordsKept
from true_api.privacy.scopes import DISCLOSURE, DisclosureView
from true_api.privacy.terms import PartOfDay, Wish
from true_api.rooms.referrals.drafts import AGENCY, ARRANGED, ARRANGED_WORDS, NOTE, SAID
from true_api.rooms.referrals.vocabulary import (
    Arrived,
    DecidedBy,
    HandOffHow,
    Need,
    Reason,
    ReferralMode,
    ReferralOutcome,
    ReferralState,
    ThingToBring,
    Urgency,
)

REFERENCE = "6f1d0c9a-3b52-4e1e-9f0a-5b1c2d3e4f50"
SHARED = {
    "reference": REFERENCE,
    "need": "recovery-housing",
    "urgency": "routine",
    "state": "requested",
    "reason": None,
    "decided_by": None,
    "outcomes": [],
    "mode": "sent",
    "wishes": ["with_pet"],
    "arrangement": ARRANGED,
}
HANDED_OFF = {"how": "in_person", "accompanied": True, "arrived": "yes"}


SEEN_BY_PROGRAM = {
    "id": "01936f20-11aa-7c3e-8a51-0a6f4d1c2b3a",
    "code": "K7QP-2M9X-4TRD",
    "organization_id": AGENCY,
    "agency_code": "3NWC-8Y0H-6JPV",
    **SHARED,
    "requested_on": "2026-11-02",
    "changed_on": "2026-11-02",
    "no_answer_since": None,
    "rerouted_from": None,
    "moves": ["accepted", "cancelled", "no_place_offered"],
}
SEEN_BY_AGENCY = {
    **SHARED,
    "code": "3NWC-8Y0H-6JPV",
    "requested_in": "2026-11",
    "changed_in": "2026-11",
    "moves": ["accepted", "no_place_offered", "on_hold"],
    "disclosure": DISCLOSURE,
}


class ArrangementView(View):
    """When the person is expected, until when a place is held, and what to bring; its words stand in no list.

    These are days even for an agency: it is the day on which it meets the person itself.
    """

    model_config = examples(ARRANGED)

    on: date | None
    part_of_day: PartOfDay | None
    held_until: date | None
    bring: list[ThingToBring]


class ArrangementRecord(ArrangementView):
    """What is arranged, with its words."""

    model_config = examples({**ARRANGED, **ARRANGED_WORDS})

    location: SealedWords | None
    ask_for_desk: SealedWords | None


class HandOffView(View):
    """A warm hand-off: how, whether somebody went along, and whether the person came."""

    model_config = examples(HANDED_OFF)

    how: HandOffHow
    accompanied: bool | None
    arrived: Arrived


class DatedHandOff(HandOffView):
    """A warm hand-off as the program sees it."""

    model_config = examples({**HANDED_OFF, "said_on": "2026-11-04", "by_agency": False})

    said_on: date
    by_agency: bool = Field(description="Whether the agency said so, or the program.")


class ReferralView(View):
    """A referral as the program sees it; its words stand in no list."""

    model_config = examples(SEEN_BY_PROGRAM)

    id: UUID
    reference: UUID = Field(description="What the agency knows this referral by.")
    code: str
    organization_id: UUID
    agency_code: str | None = Field(description="The agency's own code for the person; null without live consent.")
    need: Need
    urgency: Urgency
    state: ReferralState
    reason: Reason | None
    decided_by: DecidedBy | None
    outcomes: list[ReferralOutcome]
    mode: ReferralMode
    wishes: list[Wish]
    arrangement: ArrangementView
    requested_on: date
    changed_on: date
    no_answer_since: date | None = Field(description="Since when it is noticed that the agency has not answered.")
    rerouted_from: UUID | None = Field(description="The referral whose place this one took.")
    moves: list[ReferralState] = Field(description="The states that the caller may move it to.")


class AgencyReferralView(View):
    """A referral as the agency addressed sees it, while the person's consent holds.

    It tells months: by the days alone, two agencies who were asked on one visit could tell who is who (privacy.md 3).
    """

    model_config = examples(SEEN_BY_AGENCY)

    reference: UUID
    code: str = Field(description="The agency's own code for the person; it means nothing anywhere else.")
    need: Need
    urgency: Urgency
    state: ReferralState
    reason: Reason | None
    decided_by: DecidedBy | None
    outcomes: list[ReferralOutcome]
    mode: ReferralMode
    wishes: list[Wish]
    arrangement: ArrangementView
    requested_in: Month
    changed_in: Month
    moves: list[ReferralState]
    disclosure: DisclosureView


class ReferralKept(ReferralView, WordsKept):
    """A referral just asked for or moved, and whether the words that came along were kept."""

    model_config = examples({**SEEN_BY_PROGRAM, "words_kept": ["note"], "returned": None})


class AgencyReferralKept(AgencyReferralView, WordsKept):
    """A referral just moved by the agency, and whether the words that came along were kept."""

    model_config = examples({**SEEN_BY_AGENCY, "words_kept": ["note"], "returned": None})


class StepNote(View):
    """What was said with one step."""

    to: ReferralState
    moved_on: date
    by_agency: bool
    note: SealedWords


class ReferralRecord(ReferralView):
    """One referral with the program's words, and those of every step, oldest first."""

    model_config = examples(
        {
            **SEEN_BY_PROGRAM,
            "state": "accepted",
            "arrangement": {**ARRANGED, **ARRANGED_WORDS},
            "hand_offs": [{**HANDED_OFF, "said_on": "2026-11-04", "by_agency": False}],
            "note": NOTE,
            "step_notes": [{"to": "accepted", "moved_on": "2026-11-02", "by_agency": True, "note": SAID}],
        }
    )

    arrangement: ArrangementRecord
    hand_offs: list[DatedHandOff]
    note: SealedWords | None
    step_notes: list[StepNote]


class OwnStepNote(View):
    """What the agency said with one of its own steps."""

    to: ReferralState
    note: SealedWords


class AgencyReferralRecord(AgencyReferralView):
    """One referral with what is arranged and what the agency itself said of it, oldest first.

    The program's own words are never in it.
    """

    model_config = examples(
        {
            **SEEN_BY_AGENCY,
            "state": "accepted",
            "arrangement": {**ARRANGED, **ARRANGED_WORDS},
            "hand_offs": [HANDED_OFF],
            "step_notes": [{"to": "accepted", "note": SAID}],
        }
    )

    arrangement: ArrangementRecord
    hand_offs: list[HandOffView]
    step_notes: list[OwnStepNote]
