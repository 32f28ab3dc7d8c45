"""Admission and seal without HTTP: a token's claims and a gate go in, a permit comes out, one commit closes it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from true_api.kernel.clock import local_day
from true_api.kernel.database import Database, shielded
from true_api.kernel.effects import ChangeEach, Effect, Question
from true_api.kernel.errors import Conflict, NotFound, NotPermitted, Problem, Unauthenticated, WriteCollided
from true_api.kernel.rows import table_of
from true_api.privacy.cases import Caseload
from true_api.privacy.disclosures import LegalBasis
from true_api.privacy.epochs import same_epochs
from true_api.privacy.narrative import NAMES_CONFIRMED
from true_api.security.accounting import accounted, shown_here
from true_api.security.accounts import Actor, account_of, actor_from, permissions_of, viewer_of
from true_api.security.gates import Approach, Gate
from true_api.security.installation import Installation
from true_api.security.permits import Permit, PublishedPermit
from true_api.security.roles import PURPOSES, Purpose, Role
from true_api.security.tokens import Claims
from true_api.security.trail import Entry


@dataclass(frozen=True)
class Knock:
    """One request at a gate: where, by whom, and what to look up in the same hop."""

    gate: Gate
    door: str
    request_id: str
    claims: Claims
    approach: Approach
    also: tuple[Question, ...] = ()
    by_key: bool = False
    """Whether the caller came with a release key rather than with a token."""


@dataclass
class Admitted:
    """A permit, the open trail entry, and the rows of what was looked up along the way."""

    permit: Permit
    entry: Entry
    also: list[Sequence[Any]]
    shown: list[str] = field(default_factory=list)
    """The names of the fields that the answer holds, or that it says still hold (304): the accounting tells of both."""


async def admit(installation: Installation, knock: Knock, within_limit: Callable[[UUID], Awaitable[None]]) -> Admitted:
    """Pass the gate. Refuses in the order 401, 429, 403, 422 (code), 404; from 403 on the refusal is trailed."""
    role, purpose = _known(knock.claims)
    standing, now = await installation.standing(), installation.clock.now()
    viewer = viewer_of(knock.claims, local_day(now, standing.time_zone))
    database = installation.database_for(viewer)
    allowed = knock.gate.permission in permissions_of(knock.claims) and purpose in knock.gate.purposes & PURPOSES[role]
    allowed = allowed and (knock.gate.by_key or not knock.by_key)
    selects, held = await _asked(knock, viewer) if allowed else ([], NotPermitted())
    found = await database.read(account_of(knock.claims), *selects, *knock.also)
    actor = actor_from(knock.claims, list(found[0]))
    await within_limit(actor.id)
    entry = _opened(knock, actor, now)
    carried = {
        "actor": actor,
        "viewer": viewer,
        "program_id": standing.program_id,
        "now": now,
        "today": viewer.today,
        "time_zone": standing.time_zone,
        "database": database,
        "keyring": installation.keyring,
        "slow_hash": installation.slow_hash,
        "discloses": knock.gate.discloses,
        "cursor_secret": installation.tokens.secret(f"cursor {actor.organization_id}"),
    }
    try:
        if held is not None:
            raise held
        permit = knock.gate.admit(found[1 : 1 + len(selects)], knock.approach, carried)
    except Problem as problem:
        await trail_refusal(database, entry, problem)
        raise
    return Admitted(permit, entry, list(found[1 + len(selects) :]))


def _opened(knock: Knock, actor: Actor, now: datetime) -> Entry:
    return Entry(
        at=now,
        request_id=knock.request_id,
        door=knock.door,
        permission=knock.gate.permission.value,
        purpose=actor.purpose.value,
        actor_id=actor.id,
        actor_is_client=actor.is_client,
        role=actor.role.value,
        organization_id=actor.organization_id,
    )


def _known(claims: Claims) -> tuple[Role, Purpose]:
    try:
        return Role(claims.role), Purpose(claims.purpose_of_use)
    except ValueError:
        raise Unauthenticated from None


async def _asked(knock: Knock, viewer: Any) -> tuple[list[Question], Problem | None]:
    try:
        return await knock.gate.ask(viewer, knock.approach), None
    except Problem as problem:
        return [], problem


async def seal(
    installation: Installation,
    admitted: Admitted,
    status: int,
    fields: list[str],
    first: Sequence[Effect] = (),
) -> None:
    """Commit, as one: `first`, the room's effects, the epochs as the gate saw them, and the closed trail entry.

    What takes more than one commit is finished afterwards, before the answer leaves; the trail tells of the first.
    Reading what was published touches nobody, and leaves nothing.
    """
    permit = admitted.permit
    if isinstance(permit, PublishedPermit):
        assert not permit.subjects
        assert not permit.unit.effects
        return
    confirmed = [NAMES_CONFIRMED] if permit.texts.names_confirmed else []
    if permit.trial:
        permit.keep_nothing()
    admitted.entry.recipient_id, admitted.entry.legal_basis = _told_outside(permit)
    trail = admitted.entry.closed(
        status, subjects=sorted(permit.subjects), record_id=permit.record_id, fields=[*fields, *confirmed]
    )
    trail += await accounted(permit, admitted.entry, admitted.shown)
    await shielded(_commit(permit, first, trail))
    for work in permit.afterwards:
        await shielded(work(installation))


def _told_outside(permit: Permit) -> tuple[UUID | None, str | None]:
    """Which organization learns something about a person here, and what allows that; the accounting tells more."""
    if permit.disclosed:
        return permit.actor.organization_id, LegalBasis.CONSENT.value
    told = next((told for _, told in permit.told), None)
    return (None, None) if told is None else (told.organization_id, told.basis.value)


async def _commit(permit: Permit, first: Sequence[Effect], trail: Sequence[Effect]) -> None:
    """The keyring commits before the texts that its keys seal; a key whose texts never came is swept (privacy.md 6)."""
    texts = await permit.texts.effects()
    await permit.database.commit(
        [*first, *_kept_alive(permit), *permit.unit.effects, *texts, *_same_epochs(permit), *trail]
    )


def _kept_alive(permit: Permit) -> list[Effect]:
    """Who records something with a person keeps their access by shown code alive, written once a day (privacy.md 2)."""
    if not permit.unit.effects:
        return []
    entries = [
        {"id": case.caseload_id, "version": case.caseload_version, "active_on": permit.today}
        for case in permit.cases
        if not case.history_open and case.caseload_member_id == permit.actor.id and case.active_on < permit.today
    ]
    return [ChangeEach(table_of(Caseload), entries)] if entries else []


def _same_epochs(permit: Permit) -> list[Effect]:
    """After the room's own writes, so that two changes of one person queue at the row instead of deadlocking.

    A consent that changed meanwhile sends the request through the gate once more, which shows what holds now;
    to an agency nothing may tell that anything changed.
    """
    seen = {person: epoch for person, epoch in permit.subjects.items() if epoch is not None}
    if not seen:
        return []
    refusal = WriteCollided if permit.viewer.sight.of_program else NotFound
    return [same_epochs(seen, refusal.meanwhile())]


async def trail_refusal(database: Database, entry: Entry, problem: Problem, permit: Permit | None = None) -> None:
    """Keep a refusal in the trail, in a unit of its own, with the people of whom the gate had admitted somebody.

    A refusal that tells an agency where somebody's matter stands (the moves allowed from there) is a disclosure too.
    """
    subjects = sorted(permit.subjects) if permit is not None else []
    closed = entry.closed(problem.status, subjects=subjects, problem=problem.code)
    told: list[Effect] = []
    if permit is not None and isinstance(problem, Conflict) and problem.members:
        told = await shown_here(permit, entry, sorted(problem.members))
    try:
        await shielded(database.commit([*closed, *told]))
    except WriteCollided:
        # Of somebody who was forgotten at this moment there is no accounting any more.
        await shielded(database.commit(closed))
