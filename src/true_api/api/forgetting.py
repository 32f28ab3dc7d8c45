"""The door through which a person leaves for good."""

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
    """That it is done, and no more: of whom nothing is known, nothing can be said."""

    model_config = examples({"forgotten": True})

    forgotten: Literal[True] = True


async def _again(permit: CasePermit, _: UUID | None) -> ForgottenView:
    await forget(permit)
    return ForgottenView()


@doors.open("POST", "", FORGET, again=_again, refuses=(HistoryClosed, NotForgottenNow, SealedUnavailable))
async def forget_participant(code: str, draft: ForgetDraft, permit: Permitted[CasePermit]) -> ForgottenView:
    """Forget a person for good: nothing leads to them any more, not even with their code in hand.

    All linked records of the person go. Facts stay for the program's counts, about nobody and by the month; what
    accounting law requires of their consents is kept apart, by reference alone. It cannot be taken back. The answer
    comes when all is done; after a 503 the same request goes on where it stopped.
    """
    await forget(permit)
    return ForgottenView()
