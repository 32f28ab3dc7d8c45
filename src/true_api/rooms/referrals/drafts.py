"""What callers say of a referral: a request, a move, an arrangement, a hand-off, another way."""

from typing import Any, Self
from uuid import UUID

from pydantic import Field, model_validator

from true_api.kernel.schemas import Day, Draft, Flag, Several, examples
from true_api.privacy.narrative import AgencyNarrative, Narrative, ShortNarrative, Worded
from true_api.privacy.terms import PartOfDay, Wish
from true_api.rooms.referrals.vocabulary import (
    ENDED,
    NEEDS_REASON,
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

AGENCY = "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a"
NOTE = "Would rather have a place where a dog may stay. Has been there before and left on good terms."
SAID = "A place is free from Monday. Ask for the day desk."
ARRANGED: dict[str, Any] = {
    "on": "2026-11-04",
    "part_of_day": "morning",
    "held_until": "2026-11-06",
    "bring": ["any_id", "medicines"],
}
ARRANGED_WORDS = {"location": "The side door by the river, up one flight.", "ask_for_desk": "the day desk"}


class ArrangementDraft(Draft):
    """When and where the person is expected, and with what; it takes the place of what was arranged before."""

    model_config = examples({**ARRANGED, **ARRANGED_WORDS})

    on: Day | None = Field(None, description="The day the person is expected.")
    part_of_day: PartOfDay | None = None
    held_until: Day | None = Field(None, description="The last day a place is held for the person.")
    bring: Several[ThingToBring] = ()
    location: ShortNarrative | None = Field(None, description="Where to come, in a few words; printed on the slip.")
    ask_for_desk: ShortNarrative | None = Field(None, description="Which desk to ask for; never a person's name.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.on and self.held_until and self.held_until < self.on:
            raise ValueError("a place is held until the day the person is expected, or longer")
        return self


class ReferralDraft(Worded):
    """A request to one partner agency, or a slip for who goes there alone."""

    model_config = examples(
        {
            "organization_id": AGENCY,
            "need": "recovery-housing",
            "urgency": "routine",
            "mode": "sent",
            "wishes": ["with_pet"],
            "note": NOTE,
        }
    )

    organization_id: UUID = Field(description="The partner agency that is asked.")
    need: Need
    urgency: Urgency = Urgency.ROUTINE
    mode: ReferralMode = Field(
        ReferralMode.SENT, description="`goes_alone`: the agency has no record, the person only a slip."
    )
    wishes: Several[Wish] = ()
    arrangement: ArrangementDraft | None = None
    draft: Flag = Field(False, description="True keeps it back until it is moved to `requested`.")
    note: Narrative | None = Field(None, description="The program's own words; the agency never sees them.")


class HandOffDraft(Draft):
    """How the person was introduced to the agency: not with a number on a paper, but by somebody."""

    model_config = examples({"how": "in_person", "accompanied": True, "arrived": "yes"})

    how: HandOffHow
    accompanied: Flag | None = Field(None, description="Whether somebody went along; null where that is not known.")
    arrived: Arrived = Arrived.NOT_KNOWN


class ReferralMove(Worded):
    """The next state, with the reason or the outcomes that it needs, and what was arranged with it."""

    model_config = examples({"to": "accepted", "arrangement": {**ARRANGED, **ARRANGED_WORDS}, "note": SAID})

    to: ReferralState
    reason: Reason | None = Field(None, description="Required for no_place_offered, not_completed, on_hold, cancelled.")
    decided_by: DecidedBy | None = Field(None, description="Required with a reason.")
    outcomes: Several[ReferralOutcome] = Field((), description="At least one, and only for completed.")
    arrangement: ArrangementDraft | None = Field(None, description="Only where the referral goes on.")
    hand_off: HandOffDraft | None = Field(None, description="Where it was a warm one.")
    note: AgencyNarrative | None = Field(None, description="Words to this step; an agency reads its own alone.")

    @model_validator(mode="after")
    def _explained(self) -> Self:
        if (self.to in NEEDS_REASON) != (self.reason is not None):
            raise ValueError(
                "a reason is given for no_place_offered, not_completed, on_hold and cancelled, and only then"
            )
        if (self.reason is None) != (self.decided_by is None):
            raise ValueError("a reason comes with decided_by")
        if (self.to is ReferralState.COMPLETED) != bool(self.outcomes):
            raise ValueError("at least one outcome is given for completed, and only then")
        if self.arrangement is not None and self.to in ENDED:
            raise ValueError("something is arranged only where the referral goes on")
        return self


class ArrangementKeeping(Worded):
    """What is arranged from now on; null where nothing is any more."""

    model_config = examples({"arrangement": {**ARRANGED, **ARRANGED_WORDS}})

    arrangement: ArrangementDraft | None


class Reroute(Worded):
    """Another agency is asked in the place of this one, which learns that this ended and nothing more."""

    model_config = examples({"organization_id": AGENCY, "reason": "no_answer", "decided_by": "program"})

    organization_id: UUID = Field(description="The partner agency that is asked now; the same one may be asked anew.")
    reason: Reason = Field(Reason.CHOSE_ANOTHER_WAY, description="Why this one ends, where it has not ended yet.")
    decided_by: DecidedBy = DecidedBy.PERSON
    need: Need | None = Field(None, description="As before, where it is left out.")
    urgency: Urgency | None = Field(None, description="As before, where it is left out.")
    mode: ReferralMode | None = Field(None, description="As before, where it is left out.")
    wishes: Several[Wish] | None = Field(None, description="As before, where they are left out.")
    arrangement: ArrangementDraft | None = None
    note: Narrative | None = Field(None, description="The program's own words; no agency sees them.")
