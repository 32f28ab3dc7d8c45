"""Forgetting: a mark, the keys, then everything else; each step can be repeated, and none can be taken back.

1. One commit marks the person: from it on they are absent everywhere, and no hold stands in the way.
2. Tombstones are written to disk, and the data keys are destroyed: no sealed word can be read again.
3. One commit takes the person out of the main store: facts stay for the counts, about nobody (privacy.md 6).

Whatever interrupts this, the marked row is there until the end, and whoever comes by finishes the work: the request
itself, a repeated one, or the housekeeping of any process.
"""

import asyncio
from collections.abc import Collection, Mapping
from datetime import date
from functools import partial
from uuid import UUID

from sqlalchemy import select

from true_api.journeys.unlinking import Traces, effects_of, traces_of
from true_api.kernel.clock import local_day
from true_api.kernel.database import shielded
from true_api.kernel.effects import Effect, Keep, Require
from true_api.kernel.errors import Conflict, Unavailable, WriteCollided
from true_api.kernel.rows import table_of
from true_api.privacy.cases import Participant
from true_api.privacy.forgotten import ForgottenMark
from true_api.privacy.holds import holds_of
from true_api.privacy.tombstones import KEY, NOBODY, Tombstones
from true_api.security.installation import Installation
from true_api.security.permits import CasePermit

TRIES = 5


class NotForgottenNow(Conflict):
    """This person cannot be forgotten at this time."""

    code = "not_forgotten_now"


async def forget(permit: CasePermit) -> None:
    """Forget a person: this record and every one that is linked with it; nothing to do where they are gone.

    What the seal commits is the first step; the others follow before the answer leaves.
    """
    if permit.case is None:
        return
    permit.need_history()
    # Without the master key nothing can be finished, so nothing is begun.
    await permit.keyring.own_key(KEY)
    people = table_of(Participant)
    theirs = select(people).where(people.c.id.in_(permit.people)).order_by(people.c.id)
    found = (await permit.database.read(theirs))[0]
    unmarked = [person for person in found if person.forgetting_since is None]
    for person in unmarked:
        permit.change(Participant, person, WriteCollided.meanwhile(), forgetting_since=permit.today)
        permit.end_epoch(person.id)
    if unmarked:
        # After the change, which locks the rows: an approval at this moment is seen here, or meets the new epoch.
        permit.require(holds_of(permit.people, permit.today), [], or_else=NotForgottenNow)
    # The receipt of this request outlives the person by a day, and must not name them.
    permit.unit.resource = None
    permit.afterwards.append(partial(finish, people=permit.people))


async def finish(installation: Installation, people: Collection[UUID]) -> None:
    """The second and third step for people who are marked; harmless for those who are gone already.

    Raises `Unavailable` when the work could not be done now: it is taken up again later.
    """
    for participant in people:
        for _ in range(TRIES):
            if await _finished(installation, participant):
                break
        else:
            raise Unavailable
    await installation.database.scrub()


async def _finished(installation: Installation, participant: UUID) -> bool:
    traces = await traces_of(installation.database, participant)
    if traces is None:
        return True
    try:
        await take_out(installation, traces, await destroy_keys(installation, traces))
    except WriteCollided:
        return False
    return True


async def destroy_keys(installation: Installation, traces: Traces) -> dict[str, date]:
    """The second step; the marks that now stand for the person, with their day.

    The marks come first, durably: a key that is gone and not marked could come back unnoticed.
    """
    today = await today_of(installation)
    tombstones = Tombstones(installation.keyring, installation.settings.data_dir)
    marks = await tombstones.marks_of([NOBODY, *sorted(traces.sealing_subjects)])
    days = dict.fromkeys(marks.values(), today)
    await asyncio.to_thread(tombstones.note, days)
    for subject, mark in marks.items():
        await installation.keyring.destroy([subject], mark, today)
    return days


async def take_out(installation: Installation, traces: Traces, marks: Mapping[str, date]) -> None:
    """The third step. Raises `WriteCollided` where somebody else did it meanwhile, or where there is more by now."""
    effects = effects_of(traces, await today_of(installation))
    kept = await new_marks(installation, marks)
    await shielded(installation.database.commit([_still_marked(traces.participant), *effects, *kept]))


def _still_marked(participant: UUID) -> Require:
    """Of two who finish the same work one comes first, and the other finds it done."""
    people = table_of(Participant)
    marked = select(people.c.id).where(people.c.id == participant, people.c.forgetting_since.is_not(None))
    return Require(marked.with_for_update(), frozenset({(participant,)}))


async def new_marks(installation: Installation, marks: Mapping[str, date]) -> list[Effect]:
    """What keeps these marks in the main store, but for those that it has."""
    kept = table_of(ForgottenMark)
    known = {row.mark for row in (await installation.database.read(select(kept).where(kept.c.mark.in_(marks))))[0]}
    return [Keep.row(ForgottenMark(mark=mark, forgotten_on=on)) for mark, on in marks.items() if mark not in known]


async def resume(installation: Installation) -> int:
    """Finish what was begun and interrupted; how many people."""
    people = table_of(Participant)
    marked = select(people.c.id).where(people.c.forgetting_since.is_not(None))
    left = [row.id for row in (await installation.database.read(marked))[0]]
    if left:
        await finish(installation, left)
    return len(left)


async def today_of(installation: Installation) -> date:
    """The program's own day."""
    return local_day(installation.clock.now(), (await installation.standing()).time_zone)
