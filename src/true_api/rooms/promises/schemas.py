"""What callers say and see of a promise: codes and days alone."""

from datetime import date
from uuid import UUID

from pydantic import Field

from true_api.kernel.schemas import Day, Draft, View, examples
from true_api.privacy.terms import PartOfDay
from true_api.rooms.promises.vocabulary import NotThisTime, PromiseKind, PromiseState, Released

REFERRAL = "01936f20-11aa-7c3e-8a51-0a6f4d1c2b3a"
SHOWN = {
    "id": "01936f21-0b1c-7d2e-9f3a-4b5c6d7e8f90",
    "code": "K7QP-2M9X-4TRD",
    "kind": "accompaniment",
    "due_on": "2026-11-04",
    "part_of_day": "morning",
    "referral_id": REFERRAL,
    "state": "open",
    "not_this_time": None,
    "released": None,
    "made_on": "2026-11-02",
    "settled_on": None,
}


class PromiseDay(Draft):
    """The day that a promise is for."""

    model_config = examples({"on": "2026-11-04", "part_of_day": "morning"})

    on: Day
    part_of_day: PartOfDay | None = None


class PromiseDraft(PromiseDay):
    """What is promised, and for which day."""

    model_config = examples({"kind": "check_in", "on": "2026-11-04", "part_of_day": "evening"})

    kind: PromiseKind
    referral_id: UUID | None = Field(None, description="The person's referral that it goes with.")


class NotThisTimeDraft(Draft):
    """Why a promise was not kept on its day."""

    model_config = examples({"reason": "no_transport"})

    reason: NotThisTime


class LetGo(Draft):
    """Why nobody waits for a promise any more."""

    model_config = examples({"reason": "person_asked"})

    reason: Released


class PromiseView(View):
    """A promise, and where it stands."""

    model_config = examples(SHOWN)

    id: UUID
    code: str
    kind: PromiseKind
    due_on: date
    part_of_day: PartOfDay | None
    referral_id: UUID | None
    state: PromiseState
    not_this_time: NotThisTime | None
    released: Released | None
    made_on: date
    settled_on: date | None
