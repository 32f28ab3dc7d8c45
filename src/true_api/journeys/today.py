"""Today: what a peer, or a team, looks after on this day, from every room that has something, in one call.

Each section asks once, however many people there are, and gives the first of what there is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, exists, func, not_, or_, select

from true_api.kernel.rows import table_of
from true_api.privacy.cases import Caseload, Participant, live_code
from true_api.privacy.endings import not_ended
from true_api.privacy.people_reached import people_reached
from true_api.privacy.reach import Sight
from true_api.privacy.same_person import SamePerson
from true_api.rooms.alerts import service as alerts
from true_api.rooms.encounters.tables import Encounter, EncounterRevision
from true_api.rooms.encounters.vocabulary import Outcome
from true_api.rooms.endings import service as endings
from true_api.rooms.intake import service as intake
from true_api.rooms.plans import service as plans
from true_api.rooms.promises import service as promises
from true_api.rooms.safe_contacts.tables import OkayToCheckIn, SafeContact
from true_api.rooms.supervision import service as supervision
from true_api.rooms.supplies import stock
from true_api.rooms.training import service as training
from true_api.rooms.wellness import service as wellness
from true_api.security.permits import ListPermit
from true_api.security.roles import Permission

MOST: Final = 50
"""How much of each section is told; `more` says where there is more, which its own door lists."""

ABSENT_AFTER: Final = 14
"""After how many days without a contact somebody counts as absent, where nothing else is asked for."""


@dataclass(frozen=True)
class Section:
    """The first of what there is, and whether there is more."""

    rows: Sequence[Any]
    more: bool

    @classmethod
    def of(cls, found: Sequence[Any]) -> "Section":
        """What a room gave that was asked for one more than is told."""
        return cls(found[:MOST], len(found) > MOST)


@dataclass(frozen=True)
class Today:
    """Everything for one day, and the caller's own two words for whoever is named in it."""

    promises: Section
    intakes: Section
    plans: Section
    absent: Section
    alerts: Section
    stock: Section
    debriefs: Section
    agreed_actions: Section
    support_requests: Section
    certificates: Section
    handles: dict[UUID, str]


async def today(permit: ListPermit, team: bool, absent_days: int) -> Today:
    """The day of the caller, or of their team. Raises `NotPermitted` where a peer asks for the team's."""
    if team:
        permit.need(Permission.CASELOAD_ASSIGN)
    else:
        permit.viewer = replace(permit.viewer, sight=Sight.OWN_CASELOAD)
    limit = MOST + 1
    due, review = await promises.for_today(permit, limit), await plans.for_today(permit, limit)
    absent = await _absent(permit, absent_days, limit)
    named = {row.participant_id for row in (*due, *review, *absent)}
    return Today(
        promises=Section.of(due),
        intakes=Section.of(await intake.for_today(permit, limit)),
        plans=Section.of(review),
        absent=Section.of(absent),
        alerts=Section.of(await alerts.for_today(permit, limit)),
        stock=Section.of(await stock.for_today(permit, limit)),
        debriefs=Section.of(await endings.for_today(permit, limit)),
        agreed_actions=Section.of(await supervision.for_today(permit, limit)),
        support_requests=Section.of(await wellness.for_today(permit, limit)),
        certificates=Section.of(await training.for_today(permit, limit)),
        handles=await _handles(permit, named),
    )


async def _absent(permit: ListPermit, days: int, limit: int) -> Sequence[Any]:
    """Who said yes to a check-in and was met by nobody for some days, the longest absent first."""
    contacts, people = table_of(SafeContact), table_of(Participant)
    last = _last_met(contacts.c.participant_id).label("last_met_on")
    code = live_code(permit.program_id, contacts.c.participant_id).label("code")
    since = permit.today - timedelta(days=days)
    asked = (
        permit.own(SafeContact)
        .add_columns(code, last)
        .join(people, people.c.id == contacts.c.participant_id)
        .where(
            contacts.c.participant_id.in_(people_reached(permit.viewer)),
            contacts.c.okay_to_check_in == OkayToCheckIn.YES,
            contacts.c.kept_until >= permit.today,
            not_ended(contacts.c.participant_id),
            people.c.enrolled_on <= since,
            or_(last.element.is_(None), last.element <= since),
        )
    )
    return await permit.rows(SafeContact, asked.order_by(last.element, contacts.c.id).limit(limit))


def _last_met(participant: Any) -> Any:
    """The last day on which somebody of the program met a person, under this record or one that is linked with it."""
    met, revised, same = table_of(Encounter), table_of(EncounterRevision), table_of(SamePerson).alias("met_too")
    stands = not_(exists().where(revised.c.encounter_id == met.c.id).correlate(met))
    linked = select(same.c.other_id).where(same.c.participant_id == participant).correlate_except(same)
    theirs = or_(met.c.participant_id == participant, met.c.participant_id.in_(linked))
    reached = and_(theirs, met.c.outcome != Outcome.UNABLE_TO_REACH, stands)
    return select(func.max(met.c.occurred_on)).where(reached).correlate_except(met, revised, same).scalar_subquery()


async def _handles(permit: ListPermit, people: set[UUID]) -> dict[UUID, str]:
    """The caller's own two words for these people; in a team's day nobody's stand (privacy.md 1)."""
    if not people or permit.viewer.sight is not Sight.OWN_CASELOAD:
        return {}
    entries = table_of(Caseload)
    own = select(entries.c.participant_id, entries.c.handle).where(
        entries.c.member_id == permit.actor.id, entries.c.participant_id.in_(people), entries.c.ended_on.is_(None)
    )
    return {row.participant_id: row.handle for row in (await permit.database.read(own))[0]}
