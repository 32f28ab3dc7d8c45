"""The door through which a person leaves for good."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from true_api.api.doors import Doors, Permitted
from true_api.journeys.forgetting import NotForgottenNow, forget
from true_api.kernel.schemas import Draft, View, examples
from true_api.privacy.sealing import SealedUnavailable
from true_api.security.gates import CaseGate
from true_api.security.permits import CasePermit, HistoryClosed
from true_api.security.roles import Permission

doors = Doors("/participants/{code}/forget", tag="Forgetting")

FORGET = CaseGate(Permission.PARTICIPANT_FORGET, leaving=True)


class ForgetDraft(Draft):
    """Who asks. The program forgets nobody of its own accord: it is the person's wish, and the supervisor says so."""

    model_config = examples({"asked_by": "participant"})

    asked_by: Literal["participant"] = Field(description="Only the person themselves can ask for it.")


class ForgottenView(View):
    """What was done: the day, and how many linked records of the person are gone."""

    model_config = examples({"forgotten_on": "2026-11-02", "records": 1})

    forgotten_on: date
    records: int


async def _again(permit: CasePermit, _: UUID | None) -> ForgottenView:
    return ForgottenView(forgotten_on=permit.today, records=await forget(permit))


@doors.open("POST", "", FORGET, again=_again, refuses=(HistoryClosed, NotForgottenNow, SealedUnavailable))
async def forget_participant(code: str, draft: ForgetDraft, permit: Permitted[CasePermit]) -> ForgottenView:
    """Forget a person for good: nothing leads to them any more, not even with their code in hand.

    All linked records of the person go. Facts stay for the program's counts, about nobody and by the month; what
    accounting law requires of their consents is kept apart, by reference alone. It cannot be taken back. The answer
    comes when all is done. After a 503 the same request goes on where it stopped; once there is nobody any more, it
    is answered with 404.
    """
    return ForgottenView(forgotten_on=permit.today, records=await forget(permit))
