"""What callers say and see of a consent."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, Strict

from true_api.kernel.schemas import Draft, Several, View, examples
from true_api.privacy.consents import Category
from true_api.privacy.purposes import ConsentPurpose

AGENCY = "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a"


class ConsentDraft(Draft):
    """A person's consent that one partner agency may receive certain information."""

    model_config = examples({"organization_id": AGENCY, "categories": ["referral"], "days": 180})

    organization_id: UUID = Field(description="The partner agency that the consent names.")
    categories: Several[Category] = Field((Category.REFERRAL,), min_length=1)
    purpose: ConsentPurpose = ConsentPurpose.COORDINATION_OF_CARE
    days: Annotated[int, Strict()] = Field(180, ge=1, le=365, description="For how many days it holds, today included.")


class ConsentView(View):
    """A consent as it was given, and whether it still holds."""

    model_config = examples(
        {
            "id": "01936f20-11aa-7c3e-8a51-0a6f4d1c2b3a",
            "reference": "6f1d0c9a-3b52-4e1e-9f0a-5b1c2d3e4f50",
            "organization_id": AGENCY,
            "categories": ["referral"],
            "purpose": "coordination_of_care",
            "given_on": "2026-11-02",
            "valid_from": "2026-11-02",
            "valid_to": "2027-04-30",
            "revoked_on": None,
        }
    )

    id: UUID
    reference: UUID = Field(description="Stands on the paper form; the participant's code never does.")
    organization_id: UUID
    categories: list[Category]
    purpose: ConsentPurpose
    given_on: date
    valid_from: date
    valid_to: date
    revoked_on: date | None = None
