"""Doors to links: two records of one person, said so by a supervisor, for 90 days to be taken back."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from true_api.api.doors import Doors, Permitted
from true_api.api.queries import PageQuery
from true_api.kernel.codes import shown
from true_api.kernel.errors import WriteCollided
from true_api.kernel.ids import read_id
from true_api.kernel.schemas import Page
from true_api.rooms.participants import links
from true_api.rooms.participants.schemas import LinkDraft, LinkView
from true_api.security.gates import CaseGate
from true_api.security.permits import CasePermit, HistoryClosed
from true_api.security.roles import Permission

doors = Doors("/participants/{code}/links", tag="Participants")

READ = CaseGate(Permission.LINK_READ)
UNDO = CaseGate(Permission.LINK_WRITE)
LINK = CaseGate(Permission.LINK_WRITE, presents_code=True)


def _view(link: Any, *codes: str | None, undone_on: date | None = None) -> LinkView:
    """A person whose code was revoked has none at present."""
    known = [shown(code) for code in codes if code is not None]
    reversible_until = link.linked_on + links.REVERSIBLE_FOR
    return LinkView.of(link, codes=known, reversible_until=reversible_until, undone_on=undone_on)


async def _again(permit: CasePermit, link_id: UUID) -> LinkView:
    link = await links.by_id(permit, link_id)
    return _view(link, link.code, link.other_code)


@doors.open(
    "POST",
    "",
    LINK,
    status=201,
    again=_again,
    refuses=(HistoryClosed, links.LinkedToItself, links.AlreadyLinked, links.TooManyLinked),
)
async def link_participants(code: str, draft: LinkDraft, permit: Permitted[CasePermit]) -> LinkView:
    """Say that two records are of one person.

    Both codes keep working, and under either the timeline shows one person. Who works with one record, history open,
    reaches the other. Nothing is rewritten, consents stay with the record that they were given for, and within 90 days
    the link can be undone.
    """
    return _view(links.link(permit), permit.case.code, permit.person.code)


@doors.open("GET", "", READ, refuses=(HistoryClosed,))
async def list_links(code: str, page: Annotated[PageQuery, Query()], permit: Permitted[CasePermit]) -> Page[LinkView]:
    """List the links between the records of a person, newest first; those that were undone are gone."""
    found, following = await links.listed(permit, page.request())
    return Page(items=[_view(link, link.code, link.other_code) for link in found], next_cursor=following)


@doors.open("DELETE", "/{id}", UNDO, refuses=(HistoryClosed, links.LinkSettled, WriteCollided))
async def undo_link(code: str, id: str, permit: Permitted[CasePermit]) -> LinkView:
    """Undo a link: everything is as it was before."""
    link = await links.undo(permit, read_id(id))
    return _view(link, link.code, link.other_code, undone_on=permit.today)
