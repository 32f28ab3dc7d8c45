"""What callers say and see of an ending, and of the debrief that is offered after a death."""

from datetime import date
from uuid import UUID

from pydantic import Field

from true_api.kernel.schemas import Day, Draft, Flag, View, examples
from true_api.rooms.endings.vocabulary import DebriefAnswer, EndingKind

ENDING = {
    "id": "01936f22-0b1c-7d2e-9f3a-4b5c6d7e8f90",
    "code": "K7QP-2M9X-4TRD",
    "kind": "moved",
    "known_from": "2026-11-01",
    "confirmed": True,
    "recorded_on": "2026-11-02",
    "undone_on": None,
}
OFFER = {
    "id": "01936f23-0b1c-7d2e-9f3a-4b5c6d7e8f90",
    "handle": "amber-heron",
    "offered_on": "2026-11-02",
    "answer": None,
    "answered_on": None,
}


class EndingDraft(Draft):
    """How the way with a person ended, since when that is known, and whether it is certain."""

    model_config = examples({"kind": "moved", "known_from": "2026-11-01", "confirmed": True})

    kind: EndingKind
    known_from: Day = Field(description="Today, or a day that is over.")
    confirmed: Flag = Field(description="False for what was only heard: it is as silent, and as easily undone.")


class EndingView(View):
    """An ending. While it stands nothing reminds of the person; undone, everything does again."""

    model_config = examples(ENDING)

    id: UUID
    code: str
    kind: EndingKind
    known_from: date
    confirmed: bool
    recorded_on: date
    undone_on: date | None


class DebriefReply(Draft):
    """What you say to the offer of a debrief; you may say the other later."""

    model_config = examples({"answer": "accepted"})

    answer: DebriefAnswer


class DebriefOfferView(View):
    """A debrief that is offered to you alone, after somebody you worked with died."""

    model_config = examples(OFFER)

    id: UUID
    handle: str | None = Field(description="The two words by which you knew the person; null where you had none.")
    offered_on: date
    answer: DebriefAnswer | None
    answered_on: date | None
