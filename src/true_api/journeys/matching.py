"""Who of the team may fit a person, or somebody who is yet to be met: a suggestion, never an assignment."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from true_api.kernel.rows import table_of
from true_api.privacy.cases import QUIET, Caseload
from true_api.privacy.exclusions import members_excluded_from
from true_api.rooms.matching import service
from true_api.rooms.matching.fitting import Candidate, Match, Traits, ranked
from true_api.rooms.matching.schemas import KINDS, NOBODYS
from true_api.rooms.matching.vocabulary import MatchReason
from true_api.security.accounts import Member
from true_api.security.permits import CasePermit, Permit, RecordPermit
from true_api.security.roles import Role

OF_PROFILE = {MatchReason.LANGUAGE: "languages", MatchReason.COMMUNITY: "communities"}
"""What a profile says counts as asked for where nothing else is: communities stand there to be matched for."""

Suggestion = tuple[list[MatchReason], list[Match]]
"""In what respects something was asked for, and the team's peers in their order."""


async def for_person(permit: CasePermit) -> Suggestion:
    """The peers of the caller's team in the order in which they fit a person. Raises `HistoryClosed`, `NoTeam`."""
    wishes = await service.wishes_of_person(permit)
    said = {} if wishes is None else {name: getattr(wishes, name) for name in KINDS}
    asked = dict(await service.by_area(permit, said))
    profile = await service.by_area(permit, _plain(permit.case._mapping))
    for area in OF_PROFILE:
        asked[area] = asked[area] or profile[area]
    return await _suggested(permit, asked, permit.participant, permit.people)


async def for_request(permit: RecordPermit) -> Suggestion:
    """The same for somebody who is yet to be met: what the request says, and what was asked for since."""
    wishes = await service.wishes_of_request(permit)
    said = {} if wishes is None else {name: getattr(wishes, name) for name in KINDS}
    asked = dict(await service.by_area(permit, said))
    request = await service.by_area(permit, _plain({"languages": [permit.record.language]}))
    asked[MatchReason.LANGUAGE] = asked[MatchReason.LANGUAGE] or request[MatchReason.LANGUAGE]
    met = permit.record.participant_id
    return await _suggested(permit, asked, permit.record.id, () if met is None else (met,))


def _plain(profile: Mapping[str, Any]) -> dict[str, list[str]]:
    """What a profile says in the respects that somebody is matched on, but for kinds of no answer."""
    named = {*OF_PROFILE.values(), "local_terms"} & profile.keys()
    return {name: [str(term) for term in profile[name] if str(term) not in NOBODYS] for name in named}


async def _suggested(permit: Permit, asked: Traits, about: UUID, people: tuple[UUID, ...]) -> Suggestion:
    members = await _peers(permit, people)
    working = await _work(permit, [member.id for member in members], people)
    said = await service.answers_of(permit, [member.id for member in members])
    candidates = []
    for member in members:
        answers = said.get(member.id, service.UNSAID)
        openly = await service.by_area(permit, answers["openly"])
        quietly = await service.by_area(permit, answers["quietly"])
        caseload, already = working.get(member.id, (0, 0))
        candidates.append(Candidate(member.id, member.label, openly, quietly, caseload, already > 0))
    # What a peer is matched on quietly is weighed for supervisors alone: colleagues could tell by elimination.
    matches = ranked(asked, candidates, about, with_quiet=permit.actor.role is Role.SUPERVISOR)
    return [area for area in MatchReason if asked.get(area)], matches


async def _peers(permit: Permit, people: tuple[UUID, ...]) -> list[Any]:
    """The active peers of the caller's team, but for those who are kept apart from the person."""
    members = table_of(Member)
    theirs = select(members).where(members.c.team_id == permit.team, members.c.role == Role.PEER, members.c.active)
    if people:
        theirs = theirs.where(members.c.id.not_in(members_excluded_from(*people)))
    return list((await permit.database.read(theirs))[0])


async def _work(permit: Permit, members: list[UUID], people: tuple[UUID, ...]) -> dict[UUID, tuple[int, int]]:
    """With how many people each works, and with how many records of this person."""
    entries = table_of(Caseload)
    live = or_(entries.c.history_open, entries.c.active_on >= permit.today - QUIET)
    counted = (
        select(
            entries.c.member_id,
            func.count().label("people"),
            func.count().filter(entries.c.participant_id.in_(people)).label("already"),
        )
        .where(entries.c.member_id.in_(members), entries.c.ended_on.is_(None), live)
        .group_by(entries.c.member_id)
    )
    return {row.member_id: (row.people, row.already) for row in (await permit.database.read(counted))[0]}
