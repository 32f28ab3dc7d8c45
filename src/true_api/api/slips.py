"""The door to slips: what a person carries to an agency."""

import asyncio
from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from true_api.api.doors import Doors, Permitted
from true_api.api.printed import Printed, documents, wanted
from true_api.kernel.errors import NotAcceptable
from true_api.kernel.schemas import Draft, examples
from true_api.outlets.slips.layout import Slip
from true_api.outlets.slips.wording import SlipLanguage, told
from true_api.outlets.slips.writers import DRAW
from true_api.rooms.referrals import slips
from true_api.rooms.referrals.tables import Referral
from true_api.security.gates import RecordGate
from true_api.security.permits import RecordPermit
from true_api.security.roles import Permission
from true_api.security.texts import READING

doors = Doors("/referrals", tag="Referrals")

PRINT = RecordGate(Permission.CARD_READ, Referral)
FILES = {"application/pdf": "slip.pdf", "image/svg+xml": "slip.svg", "image/png": "slip.png"}


class SlipQuery(Draft):
    """How to print a slip."""

    model_config = examples({"language": "es"})

    language: SlipLanguage = SlipLanguage.EN


@doors.open(
    "GET",
    "/{id}/slip",
    PRINT,
    refuses=(NotAcceptable, slips.NothingToCarry, slips.SlipNeedsConsent, *READING),
    response_class=Response,
    responses=documents(*DRAW),
)
async def read_slip(
    id: str, query: Annotated[SlipQuery, Query()], request: Request, permit: Permitted[RecordPermit]
) -> Response:
    """Print what the person carries: the agency's own code for them, where, when, which desk, and what to bring.

    It names no program and no person, and says nothing of what it is for. PDF, SVG or PNG, by Accept. Who goes alone
    carries no code: the agency has no record of them.
    """
    media_type = wanted(request, tuple(DRAW))
    carried = await slips.to_carry(permit)
    drawn = await asyncio.to_thread(DRAW[media_type], Slip(carried.code, told(carried, query.language)))
    shown = [name for name, value in vars(carried).items() if value and name != "agency"]
    return Printed(drawn, media_type, [*shown, "organization"], FILES[media_type])
