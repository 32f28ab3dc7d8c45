"""Doors to cards: a person's code on paper, another code in its place, and codes issued ahead."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from true_api.api.doors import Doors, Permitted
from true_api.api.printed import Printed, documents, wanted
from true_api.api.queries import PageQuery
from true_api.kernel.codes import shown
from true_api.kernel.errors import NotAcceptable
from true_api.kernel.schemas import Draft, Page, examples
from true_api.outlets.cards.layout import Card, Paper
from true_api.outlets.cards.writers import DRAW, sheet
from true_api.rooms.participants import batches, cards
from true_api.rooms.participants.card_schemas import CodeBatchDraft, CodeBatchView, NewCode, Reissue
from true_api.rooms.participants.service import CodeTaken
from true_api.rooms.participants.tables import CodeBatch, Replaced
from true_api.security.gates import CaseGate, ListGate, RecordGate, StaffGate
from true_api.security.permits import CasePermit, HistoryClosed, ListPermit, NoTeam, RecordPermit, StaffPermit
from true_api.security.roles import Permission

of_participant = Doors("/participants/{code}", tag="Cards")
code_batches = Doors("/code-batches", tag="Cards")

READ_CARD = CaseGate(Permission.CARD_READ)
REPLACE = CaseGate(Permission.CODE_REPLACE, replaces_code=True)
ISSUE = StaffGate(Permission.CODE_ISSUE)
LIST = ListGate(Permission.CODE_ISSUE)
READ_BATCH = RecordGate(Permission.CODE_ISSUE, CodeBatch)

PDF = "application/pdf"
FILES = {PDF: "card.pdf", "image/svg+xml": "card.svg", "image/png": "card.png"}


class SheetQuery(Draft):
    """How to print a sheet."""

    model_config = examples({"paper": "letter"})

    paper: Paper = Paper.LETTER


def _line(request: Request) -> str:
    return str(request.app.state.installation.settings.card_line)


@of_participant.open(
    "GET", "/card", READ_CARD, refuses=(NotAcceptable,), response_class=Response, responses=documents(*DRAW)
)
async def read_card(code: str, request: Request, permit: Permitted[CasePermit]) -> Response:
    """Print the person's card: their code in large letters and as a QR code, and nothing that says what it is.

    PDF, SVG or PNG, by Accept; PDF if it names none of them. It shows what the caller has named already, so whoever
    works with the person may print it again.
    """
    media_type = wanted(request, tuple(DRAW))
    drawn = await asyncio.to_thread(DRAW[media_type], Card(permit.case.code, _line(request)))
    return Printed(drawn, media_type, ["code"], FILES[media_type])


async def _replaced_again(permit: CasePermit, replaced: UUID) -> NewCode:
    return NewCode(code=shown(await cards.code_now(permit, replaced)))


@of_participant.open("POST", "/reissue", REPLACE, status=201, again=_replaced_again, refuses=(HistoryClosed, CodeTaken))
async def reissue_code(code: str, draft: Reissue, permit: Permitted[CasePermit]) -> NewCode:
    """Give the person another code; the old one leads nowhere from now on.

    For who works with the person already: showing a card is not enough to take it away.
    """
    return NewCode(code=shown(await cards.replace(permit, Replaced(draft.reason.value))))


@of_participant.open("POST", "/revoke", REPLACE, status=201, again=_replaced_again, refuses=(HistoryClosed, CodeTaken))
async def revoke_code(code: str, permit: Permitted[CasePermit]) -> NewCode:
    """Give the person another code because their card is in wrong hands.

    All access that showing the old one has opened ends with it.
    """
    return NewCode(code=shown(await cards.revoke(permit)))


async def _issued_again(permit: StaffPermit, batch: UUID) -> CodeBatchView:
    return CodeBatchView.of(await batches.by_id(permit, batch))


@code_batches.open("POST", "", ISSUE, status=201, again=_issued_again, refuses=(NoTeam, CodeTaken))
async def issue_codes(draft: CodeBatchDraft, permit: Permitted[StaffPermit]) -> CodeBatchView:
    """Issue codes ahead, to hand out where there is no signal.

    Each becomes a participant when it is first shown (`POST /v1/caseload`), however late.
    """
    return CodeBatchView.of(batches.issue(permit, draft), unused=draft.size)


@code_batches.open("GET", "", LIST)
async def list_code_batches(page: Annotated[PageQuery, Query()], permit: Permitted[ListPermit]) -> Page[CodeBatchView]:
    """List the batches that the caller, or their team, has issued, newest first."""
    found, following = await batches.listed(permit, page.request())
    return Page(items=[CodeBatchView.of(batch) for batch in found], next_cursor=following)


@code_batches.open(
    "GET",
    "/{id}/sheet",
    READ_BATCH,
    refuses=(NotAcceptable, batches.BatchUsedUp),
    response_class=Response,
    responses=documents(PDF),
)
async def print_code_batch(
    id: str, sheet_query: Annotated[SheetQuery, Query()], request: Request, permit: Permitted[RecordPermit]
) -> Response:
    """Print the codes of a batch that nobody has shown yet: cards to cut, ten on a page.

    Print it once: two cards with one code would make one record of two people.
    """
    wanted(request, (PDF,))
    codes = await batches.unused_codes(permit)
    cut = [Card(each, _line(request)) for each in codes]
    return Printed(await asyncio.to_thread(sheet, cut, sheet_query.paper), PDF, ["codes"], "cards.pdf")
