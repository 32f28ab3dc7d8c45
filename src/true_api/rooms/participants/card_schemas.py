"""What callers say and see of cards and of codes issued ahead."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, Strict

from true_api.kernel.schemas import Draft, View, examples
from true_api.privacy.cases import Replaced

MOST_CODES = 200


class ReissueReason(StrEnum):
    """Why a person gets another card. For one in wrong hands there is `revoke`."""

    LOST = Replaced.LOST
    DAMAGED = Replaced.DAMAGED
    PERSON_ASKED = Replaced.PERSON_ASKED


class Reissue(Draft):
    """A person gets another code."""

    model_config = examples({"reason": "lost"})

    reason: ReissueReason


class NewCode(View):
    """The code that a person has from now on."""

    model_config = examples({"code": "9D3F-7H2W-EKM8"})

    code: str = Field(description="For the person to keep; the old one leads nowhere any more.")


class CodeBatchDraft(Draft):
    """How many codes to issue ahead."""

    model_config = examples({"size": 50})

    size: Annotated[int, Strict(), Field(ge=1, le=MOST_CODES)]


class CodeBatchView(View):
    """Codes that were issued ahead. The codes themselves stand on the sheet alone."""

    model_config = examples(
        {"id": "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a", "issued_on": "2026-11-02", "size": 50, "unused": 43}
    )

    id: UUID
    issued_on: date
    size: int
    unused: int = Field(description="How many of them nobody has shown yet. They stay good, however late.")
