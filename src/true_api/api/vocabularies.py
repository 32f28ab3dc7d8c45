"""Doors to vocabularies: the shared terms for everybody, the program's own for who keeps them."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from true_api.api.doors import Doors, Permitted
from true_api.api.queries import PageQuery
from true_api.journeys.vocabularies import shared
from true_api.kernel.schemas import Page
from true_api.rooms.vocabularies import service
from true_api.rooms.vocabularies.schemas import (
    LocalTermChange,
    LocalTermDraft,
    LocalTermView,
    OfferedTerm,
    Vocabularies,
)
from true_api.rooms.vocabularies.tables import LocalTerm
from true_api.security.gates import ListGate, RecordGate, StaffGate
from true_api.security.permits import ListPermit, RecordPermit, StaffPermit
from true_api.security.roles import Permission

doors = Doors("/vocabularies", tag="Vocabularies")

READ = ListGate(Permission.VOCABULARY_READ)
LIST = ListGate(Permission.VOCABULARY_WRITE)
ADD = StaffGate(Permission.VOCABULARY_WRITE)
KEEP = RecordGate(Permission.VOCABULARY_WRITE, LocalTerm)


@doors.open("GET", "", READ)
async def read_vocabularies(permit: Permitted[ListPermit]) -> Vocabularies:
    """Read every vocabulary of the API, and the program's own terms.

    For a front-end that draws what can be chosen: a term that is chosen is sent by its key, a term of the program's
    own in `local_terms` or, if it is a zone, in `zone`.
    """
    version, vocabularies = shared()
    local = [OfferedTerm.of(term) for term in await service.offered(permit)]
    return Vocabularies(version=version, vocabularies=vocabularies, local_terms=local)


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
