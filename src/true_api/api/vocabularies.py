"""Doors to vocabularies: the shared terms for everybody, the program's own for who keeps them."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field

from true_api.api.doors import Doors, Permitted
from true_api.api.queries import PageQuery
from true_api.journeys.offered_terms import must_be_shared, offered
from true_api.journeys.vocabularies import shared
from true_api.kernel.schemas import Draft, Page
from true_api.privacy.profile import TermKey
from true_api.rooms.vocabularies import hiding, service
from true_api.rooms.vocabularies.schemas import (
    HiddenTermDraft,
    HiddenTerms,
    HiddenTermView,
    LocalTermChange,
    LocalTermDraft,
    LocalTermView,
    OfferedTerm,
    Vocabularies,
)
from true_api.rooms.vocabularies.tables import HiddenTerm, LocalTerm
from true_api.security.gates import ListGate, RecordGate, StaffGate
from true_api.security.permits import ListPermit, RecordPermit, StaffPermit
from true_api.security.roles import Permission

doors = Doors("/vocabularies", tag="Vocabularies")

READ = ListGate(Permission.VOCABULARY_READ)
LIST = ListGate(Permission.VOCABULARY_WRITE)
ADD = StaffGate(Permission.VOCABULARY_WRITE)
KEEP = RecordGate(Permission.VOCABULARY_WRITE, LocalTerm)
OFFER = RecordGate(Permission.VOCABULARY_WRITE, HiddenTerm)


class VocabularyQuery(Draft):
    """All vocabularies, or one."""

    vocabulary: TermKey | None = Field(None, description="The key of the only one that is wanted.")


@doors.open("GET", "", READ)
async def read_vocabularies(query: Annotated[VocabularyQuery, Query()], permit: Permitted[ListPermit]) -> Vocabularies:
    """Read every vocabulary of the API, or one of them, and the program's own terms.

    For a front-end that draws what can be chosen, in English and Spanish: a term that is chosen is sent by its key, a
    term of the program's own in `local_terms` or, if it is a zone, in `zone`. Every list may grow: expect terms that
    you do not know, and show them by their key. A term with `offered: false` is not to be offered, and shown where a
    record holds it. The ETag holds as long as nothing here changes: ask with `If-None-Match`.
    """
    only = query.vocabulary
    local = [OfferedTerm.of(term) for term in await service.offered(permit) if only in (None, term.vocabulary)]
    return Vocabularies(version=shared()[0], vocabularies=await offered(permit, only), local_terms=local)


async def _hidden_again(permit: StaffPermit, term: UUID) -> HiddenTermView:
    return HiddenTermView.of(await hiding.by_id(permit, term))


@doors.open(
    "POST", "/hidden-terms", ADD, status=201, again=_hidden_again, refuses=(hiding.TermNeeded, hiding.TermHidden)
)
async def hide_term(draft: HiddenTermDraft, permit: Permitted[StaffPermit]) -> HiddenTermView:
    """Offer a shared term no more; records that hold it keep it, and one that arrives is still taken."""
    must_be_shared(draft)
    return HiddenTermView.of(hiding.hide(permit, draft))


@doors.open("GET", "/hidden-terms", LIST)
async def list_hidden_terms(permit: Permitted[ListPermit]) -> HiddenTerms:
    """List the shared terms that the program does not offer."""
    return HiddenTerms(items=[HiddenTermView.of(term) for term in await hiding.hidden(permit)])


@doors.open("DELETE", "/hidden-terms/{id}", OFFER)
async def offer_term_again(id: str, permit: Permitted[RecordPermit]) -> HiddenTermView:
    """Offer a shared term again that was hidden."""
    hiding.offer_again(permit)
    return HiddenTermView.of(permit.record)


async def _again(permit: StaffPermit, term: UUID) -> LocalTermView:
    return LocalTermView.of(await service.by_id(permit, term))


@doors.open("POST", "/terms", ADD, status=201, again=_again, refuses=(service.TermTaken,))
async def add_local_term(draft: LocalTermDraft, permit: Permitted[StaffPermit]) -> LocalTermView:
    """Add a term of the program's own, or a zone."""
    return LocalTermView.of(service.add(permit, draft))


@doors.open("GET", "/terms", LIST)
async def list_local_terms(page: Annotated[PageQuery, Query()], permit: Permitted[ListPermit]) -> Page[LocalTermView]:
    """List the program's own terms, newest first, those too that are no longer offered."""
    found, following = await service.listed(permit, page.request())
    return Page(items=[LocalTermView.of(term) for term in found], next_cursor=following)


@doors.open("GET", "/terms/{id}", KEEP, of_record=True)
async def read_local_term(id: str, permit: Permitted[RecordPermit]) -> LocalTermView:
    """Read one of the program's own terms."""
    return LocalTermView.of(permit.record)


@doors.open("PATCH", "/terms/{id}", KEEP, of_record=True)
async def change_local_term(id: str, change: LocalTermChange, permit: Permitted[RecordPermit]) -> LocalTermView:
    """Give a term another label, or switch it off or on; records that name it keep it."""
    return LocalTermView(**service.change(permit, change))
