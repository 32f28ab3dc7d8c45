"""What callers say and see of sign-off: that a supervisor looked at an encounter that was drawn, and nothing of it."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from true_api.kernel.schemas import Draft, View, examples
from true_api.rooms.supervision.vocabulary import SignOffOutcome

ENCOUNTER = "01936f21-0b1c-7d2e-9f3a-4b5c6d7e8f90"
SUPERVISOR = "01936f1e-4b1c-7d2e-9f3a-4b5c6d7e8f90"
SIGNED = {"encounter_id": ENCOUNTER, "signed_by": SUPERVISOR, "signed_on": "2026-11-02"}


class SignOffDraft(Draft):
    """The encounters of a batch; each gets an outcome of its own."""

    model_config = examples({"encounter_ids": [ENCOUNTER]})

    encounter_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=200)]


class SignOffView(View):
    """Who looked at an encounter, and on which day."""

    model_config = examples(SIGNED)

    encounter_id: UUID
    signed_by: UUID
    signed_on: date


class SignOffLine(View):
    """What became of one encounter of a batch."""

    encounter_id: UUID
    outcome: SignOffOutcome


class SignOffBatch(View):
    """What became of each encounter of a batch."""

    model_config = examples({"items": [{"encounter_id": ENCOUNTER, "outcome": "signed"}]})

    items: list[SignOffLine] = Field(description="In the order of the batch.")


class DrawnEncounter(View):
    """An encounter that was drawn, and whether somebody looked at it."""

    encounter_id: UUID
    drawn_by: UUID = Field(description="The id that was drawn by: that of the first record, if it was amended since.")
    member_id: UUID = Field(description="Who recorded it.")
    occurred_on: date
    signed_by: UUID | None
    signed_on: date | None


class DrawView(View):
    """A team's month: what was drawn, and how to draw it again."""

    model_config = examples(
        {
            "month": "2026-11",
            "commitment": "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
            "seed": None,
            "items": [
                {**SIGNED, "drawn_by": ENCOUNTER, "member_id": SUPERVISOR, "occurred_on": "2026-11-01"},
            ],
        }
    )

    month: str
    commitment: str = Field(description="SHA-256 of the seed, told from the first day of the month on.")
    seed: str | None = Field(description="Told once the month is over.")
    items: list[DrawnEncounter] = Field(description="Those within the caller's reach, the latest day first.")
