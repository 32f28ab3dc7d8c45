"""Doors to the trail: entries, signed heads and proofs, for supervisors and admins."""

from typing import Annotated

from fastapi import Query
from starlette.requests import Request

from true_api.api.doors import Doors, Permitted
from true_api.api.queries import PageQuery
from true_api.kernel.schemas import Page
from true_api.rooms.audit import service
from true_api.rooms.audit.schemas import EntryView, HeadsPage, KeySetView, ProofView
from true_api.security.gates import ListGate, RecordGate
from true_api.security.permits import ListPermit, RecordPermit
from true_api.security.roles import Permission
from true_api.security.trail import TrailEntry
from true_api.security.trail_keys import jwks_of, trail_keys

doors = Doors("/audit", tag="Audit")

LIST = ListGate(Permission.AUDIT_READ)
ENTRY = RecordGate(Permission.AUDIT_READ, TrailEntry)


@doors.open("GET", "/entries", LIST)
async def list_audit_entries(page: Annotated[PageQuery, Query()], permit: Permitted[ListPermit]) -> Page[EntryView]:
    """List what the trail holds of all requests, newest first.

    A supervisor is told by code whom an entry is about, as far as their team works with them; an admin never is.
    """
    found, following = await service.entries(permit, page.request())
    return Page(items=found, next_cursor=following)


@doors.open("GET", "/heads", LIST)
async def list_audit_heads(
    page: Annotated[PageQuery, Query()], permit: Permitted[ListPermit], request: Request
) -> HeadsPage:
    """List the signed heads of the trail, newest first: keep them where nobody can change them together with it."""
    found, following = await service.heads(permit, page.request())
    settings = request.app.state.installation.settings
    keys = trail_keys(settings.keys_dir, permit.now, settings.demo)
    return HeadsPage(items=found, next_cursor=following, keys=KeySetView(**jwks_of(keys.public)))


@doors.open("GET", "/entries/{id}/proof", ENTRY, refuses=(service.NotSealedYet,))
async def prove_audit_entry(id: str, permit: Permitted[RecordPermit]) -> ProofView:
    """Prove that an entry is in the trail, to whoever holds a signed head."""
    return await service.proof(permit)
