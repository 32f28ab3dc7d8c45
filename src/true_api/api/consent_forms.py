"""Doors to what people sign: presets, the texts of every form, and a form printed for somebody."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import BeforeValidator, Field
from starlette.requests import Request
from starlette.responses import Response

from true_api.api.doors import Doors, Permitted
from true_api.api.printed import Printed, wanted
from true_api.api.queries import digits
from true_api.kernel.errors import NotAcceptable, NotFound
from true_api.kernel.schemas import Draft, Several, examples
from true_api.outlets.cards.layout import Paper
from true_api.outlets.forms.writers import PDF, pdf
from true_api.privacy.consent_forms import CURRENT_FORM, FormLanguage
from true_api.privacy.consents import Category, ConsentKind, Evidence
from true_api.privacy.purposes import ConsentPurpose
from true_api.rooms.consents import catalog
from true_api.rooms.consents.elements import PROGRAM_OFFICE, ConsentDaysContradict
from true_api.rooms.consents.presets import ConsentPreset
from true_api.rooms.consents.printing import filled
from true_api.rooms.consents.schemas import AGENCY, ConsentDraft, ConsentForms, ConsentPresets, NoticeView
from true_api.rooms.consents.service import NotAPartnerAgency
from true_api.security.gates import CaseGate, OpenGate, StaffGate
from true_api.security.permits import CasePermit, StaffPermit
from true_api.security.roles import Permission

doors = Doors("", tag="Consents")
of_participant = Doors("/participants/{code}/consents", tag="Consents")

READ = StaffGate(Permission.CONSENT_READ)
PRINT = CaseGate(Permission.CONSENT_WRITE)


def _parted(value: object) -> object:
    """A query names several as one text with commas."""
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list | tuple):
        return value
    return [part for text in texts for part in (text.split(",") if isinstance(text, str) else [text])]


class FormQuery(Draft):
    """What to fill in before it is printed: a preset, or what is sent in its place; and on which paper."""

    model_config = examples({"preset": "referral_loop", "organization_id": AGENCY, "language": "es"})

    preset: ConsentPreset | None = None
    kind: ConsentKind | None = None
    organization_id: UUID
    recipients: Annotated[Several[UUID] | None, BeforeValidator(_parted)] = Field(
        None, description="Ids with commas between them."
    )
    categories: Annotated[Several[Category] | None, BeforeValidator(_parted)] = Field(
        None, description="Terms with commas between them."
    )
    purpose: ConsentPurpose | None = None
    days: Annotated[int, Field(ge=1, le=365), BeforeValidator(digits)] | None = None
    language: FormLanguage = FormLanguage.EN
    paper: Paper = Paper.LETTER

    def draft(self, today: str) -> ConsentDraft:
        """The consent that it will be once it is signed today."""
        names = ("preset", "kind", "organization_id", "recipients", "categories", "purpose", "days")
        said: dict[str, Any] = {name: getattr(self, name) for name in names}
        said |= {"form_version": CURRENT_FORM, "given_on": today}
        return ConsentDraft(**said, evidence=Evidence.SIGNED_PAPER, where_kept=PROGRAM_OFFICE)


@doors.open("GET", "/consent-presets", READ)
async def list_consent_presets(permit: Permitted[StaffPermit]) -> ConsentPresets:
    """List what people agree to most often; naming a preset fills in every element that is not sent."""
    return catalog.presets()


@doors.open("GET", "/consent-forms", READ)
async def list_consent_forms(permit: Permitted[StaffPermit]) -> ConsentForms:
    """List every version of the forms that people sign and of the notice that goes with a disclosure, with the texts.

    42 CFR 2.31 and 2.32, in our own wording.
    """
    return catalog.forms_and_notices()


@doors.open(
    "GET",
    "/notices/{version}",
    OpenGate("whoever received a disclosure can read what goes with it"),
    refuses=(NotFound,),
)
async def read_notice(version: str) -> NoticeView:
    """Read one version of the notice that goes with every disclosure: the prescribed sentence, and what it means.

    42 CFR 2.32. It says nothing of anybody, so that it needs no token.
    """
    if (found := catalog.notice_of(version)) is None:
        raise NotFound
    return found


@of_participant.open(
    "GET",
    "/form",
    PRINT,
    refuses=(NotAcceptable, NotAPartnerAgency, ConsentDaysContradict),
    response_class=Response,
    responses={200: {"content": {PDF: {"schema": {"type": "string", "format": "binary"}}}}},
)
async def print_consent_form(
    code: str, query: Annotated[FormQuery, Query()], request: Request, permit: Permitted[CasePermit]
) -> Response:
    """Print a form to sign, with blank lines for name, signature and date, and a random reference.

    It shows neither the code nor anything about the person. Each is another one: record what was signed with the
    `reference` on it.
    """
    wanted(request, (PDF,))
    form = await filled(permit, query.draft(permit.today.isoformat()), query.language)
    return Printed(await asyncio.to_thread(pdf, form, query.paper), PDF, ["reference"], "consent.pdf")
