"""What this room decides: enrolling, the profile, and how a member comes to work with a person."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from true_api.kernel.codes import new_code
from true_api.kernel.errors import Conflict, NotFound, WriteCollided
from true_api.kernel.handles import spare_handles
from true_api.kernel.ids import new_id
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.privacy.cases import live_code, still_works_with
from true_api.privacy.exclusions import members_excluded_from
from true_api.privacy.profile import AgeBand
from true_api.privacy.reach import Sight
from true_api.rooms.participants import profile
from true_api.rooms.participants.schemas import Assignment, Enrollment, ProfileChange
from true_api.rooms.participants.tables import Basis, Caseload, Participant, RealmCode
from true_api.security.accounts import Member
from true_api.security.permits import CasePermit, HistoryClosed, ListPermit, Permit, PresentedPermit, StaffPermit
from true_api.security.roles import Role

HANDLES_TO_CHOOSE_FROM = 8


class CodeTaken(Conflict):
    """The random code is taken, which happens once in a very long time; try again."""

    code = "code_taken"


class NotThisPeer(Conflict):
    """This member is not to work with the person."""

    code = "not_this_peer"


class AlreadyOnCaseload(Conflict):
    """This member already works with the person."""

    code = "already_on_caseload"


async def enroll(permit: Permit, draft: Enrollment) -> tuple[RealmCode, Caseload, Participant]:
    """Enroll a new participant under a random code, on the caller's caseload. Asks nothing."""
    said = await profile.columns(permit, draft, profile.UNSAID)
    participant = permit.keep(Participant(id=new_id(), enrolled_on=permit.today, **said))
    permit.texts.keep(Participant, participant.id, participant.id, **profile.own_words(draft))
    permit.about(participant.id)
    code = permit.keep(
        RealmCode(realm_id=permit.program_id, participant_id=participant.id, code=new_code()),
        or_else=CodeTaken.meanwhile(),
    )
    entry = await take_on(permit, participant.id, Basis.ENROLLED, permit.actor.id, permit.team)
    return code, entry, participant


async def take_on(
    permit: Permit, participant: UUID, basis: Basis, member_id: UUID, team_id: UUID, word_fits: bool = False
) -> Caseload:
    """Put a participant on a member's caseload, under a handle that this member has for nobody else."""
    return permit.keep(
        Caseload(
            participant_id=participant,
            member_id=member_id,
            team_id=team_id,
            handle=await _free_handle(permit, member_id),
            basis=basis,
            history_open=basis is not Basis.SHOWN_CODE or word_fits,
            since=permit.today,
            active_on=permit.today,
        ),
        # Taken on at the same moment, or the same handle drawn: at the gate it looks different by now.
        or_else=WriteCollided.meanwhile(),
    )


async def _free_handle(permit: Permit, member_id: UUID) -> str:
    caseload, drawn = table_of(Caseload), spare_handles(HANDLES_TO_CHOOSE_FROM)
    used = select(caseload.c.handle).where(caseload.c.member_id == member_id, caseload.c.handle.in_(drawn))
    taken = {row.handle for row in (await permit.database.read(used))[0]}
    return next((handle for handle in drawn if handle not in taken), drawn[0])


async def greet(permit: PresentedPermit, word_fits: bool = False) -> Caseload | Any:
    """A person shows their code: new records may be made, and history stays closed unless their word fits.

    A code that was issued ahead is honored at its first use, however late: it enrolls who shows it.
    """
    if permit.unused is not None:
        return await _enroll_under(permit)
    caseload = table_of(Caseload)
    mine = select(caseload).where(
        caseload.c.participant_id == permit.participant, caseload.c.member_id == permit.actor.id
    )
    found = (await permit.database.read(mine))[0]
    if not found:
        return await take_on(permit, permit.participant, Basis.SHOWN_CODE, permit.actor.id, permit.team, word_fits)
    return _shown_again(permit, found[0], word_fits)


async def _enroll_under(permit: PresentedPermit) -> Caseload:
    permit.keep(Participant(id=permit.participant, enrolled_on=permit.today))
    permit.about(permit.participant)
    # Shown to two peers at once, it enrolls with the first; the second meets somebody known.
    permit.change(RealmCode, permit.unused, WriteCollided.meanwhile(), participant_id=permit.participant)
    return await take_on(permit, permit.participant, Basis.ENROLLED, permit.actor.id, permit.team)


def _shown_again(permit: PresentedPermit, entry: Any, word_fits: bool) -> Any:
    """The member's own entry: its quiet days begin anew, or it itself does where it had lapsed or ended."""
    permit.unit.resource = entry.id
    news: dict[str, Any] = {}
    if not still_works_with(entry, permit.today):
        news = {"basis": Basis.SHOWN_CODE, "history_open": False, "team_id": permit.team, "since": permit.today}
        news |= {"active_on": permit.today, "ended_on": None}
    elif not entry.history_open and entry.active_on < permit.today:
        news = {"active_on": permit.today}
    if word_fits and not {**entry._mapping, **news}["history_open"]:
        news["history_open"] = True
    if news:
        permit.change(Caseload, entry, WriteCollided.meanwhile(), **news)
    return Caseload(**{**entry._mapping, **news})


async def welcome_back(permit: Permit, participant: UUID, member_id: UUID, team_id: UUID) -> Caseload:
    """Somebody came back by recall: they are on the member's caseload from now on, with their history.

    Raises `NotFound` where the member, or the caller, is kept apart from them.
    """
    caseload = table_of(Caseload)
    theirs = select(caseload).where(caseload.c.participant_id == participant, caseload.c.member_id == member_id)
    found, kept_apart = await permit.database.read(theirs, members_excluded_from(participant))
    if {row.member_id for row in kept_apart} & {member_id, permit.actor.id}:
        raise NotFound
    if not found:
        return await take_on(permit, participant, Basis.RECALLED, member_id, team_id)
    entry, news = found[0], {"team_id": team_id, "active_on": permit.today, "ended_on": None}
    if not (entry.history_open and still_works_with(entry, permit.today)):
        news |= {"basis": Basis.RECALLED, "history_open": True}
    permit.change(Caseload, entry, WriteCollided.meanwhile(), **news)
    return Caseload(**{**entry._mapping, **news})


async def assign(permit: CasePermit, draft: Assignment) -> None:
    """A supervisor gives the person to a member of their own team, history included.

    Where the team has only been shown the person's code, history opens for a peer who was shown it, never for
    the supervisor's own eyes or a third person's: a card is not a key to a life (privacy.md 2).
    """
    member = await teammate(permit, draft.member_id)
    caseload = table_of(Caseload)
    theirs = select(caseload).where(caseload.c.participant_id == permit.participant, caseload.c.member_id == member.id)
    found, kept_apart = await permit.database.read(theirs, members_excluded_from(*permit.people))
    if any(row.member_id == member.id for row in kept_apart):
        raise NotThisPeer
    working = bool(found) and still_works_with(found[0], permit.today)
    if not permit.case.history_open and (not working or member.id == permit.actor.id):
        raise HistoryClosed
    if not found:
        await take_on(permit, permit.participant, Basis.ASSIGNED, member.id, member.team_id)
    elif working and found[0].history_open and found[0].team_id == member.team_id:
        raise AlreadyOnCaseload
    else:
        news = {"basis": Basis.ASSIGNED, "history_open": True, "team_id": member.team_id, "ended_on": None}
        permit.change(Caseload, found[0], **news)


async def teammate(permit: Permit, member_id: UUID) -> Any:
    """Somebody of the caller's own team who works with participants. Raises `NotFound`."""
    members = table_of(Member)
    theirs = select(members).where(
        members.c.id == member_id,
        members.c.team_id == permit.actor.team_id,
        members.c.role.in_([Role.PEER, Role.SUPERVISOR]),
        members.c.active,
    )
    found = (await permit.database.read(theirs))[0]
    if not found:
        raise NotFound
    return found[0]


async def change_profile(permit: CasePermit, change: ProfileChange) -> dict[str, Any]:
    """Change the coarse profile; the profile as it will be, and the names of the own words that it will have."""
    permit.need_history()
    before, words = await permit.texts.present(Participant, permit.participant), profile.own_words(change)
    news = await profile.columns(permit, change, permit.case._mapping)
    # With no column to change the version grows all the same: own words are part of the profile.
    permit.change(Participant, permit.case, **news)
    if words:
        await permit.texts.replace(Participant, permit.participant, permit.participant, **words)
    if news.get("age_band") is AgeBand.UNDER_18:
        permit.end_epoch(permit.participant)
    after = {*before, *(name for name, said in words.items() if said)} - {name for name in words if not words[name]}
    return {**permit.case._mapping, **news, "words_kept": sorted(after)}


async def caseload(permit: ListPermit, page: PageRequest) -> tuple[list[Any], str | None]:
    """The caller's (or their team's) caseload, newest first, with each person's code."""
    entries = table_of(Caseload)
    code = live_code(permit.program_id, entries.c.participant_id).label("code")
    return await permit.page(Caseload, permit.own(Caseload).add_columns(code), [entries.c.since, entries.c.id], page)


async def participant_by_id(permit: StaffPermit, participant: UUID) -> Any:
    """A participant within reach with their code and the caller's caseload entry, for an answer given again."""
    people, entries = table_of(Participant), table_of(Caseload)
    statement = (
        permit.own(Participant)
        .add_columns(
            live_code(permit.program_id, people.c.id).label("code"),
            entries.c.member_id.label("caseload_member_id"),
            entries.c.basis,
            entries.c.handle,
            entries.c.history_open,
        )
        .join(entries, entries.c.participant_id == people.c.id)
        .where(people.c.id == participant, entries.c.member_id == permit.actor.id)
    )
    found = await permit.rows(Participant, statement)
    if not found:
        raise NotFound
    return found[0]


async def entry_by(permit: Permit, *where: ColumnElement[bool]) -> Any:
    """A caseload entry within reach with the person's code, for an answer given again. Raises `NotFound`."""
    code = live_code(permit.program_id, table_of(Caseload).c.participant_id).label("code")
    found = await permit.rows(Caseload, permit.own(Caseload).add_columns(code).where(*where).limit(1))
    if not found:
        raise NotFound
    return found[0]


def sees_handle(permit: Permit, member_id: UUID) -> bool:
    """A handle belongs to one peer and is shown to nobody else, the supervisor included (privacy.md 1)."""
    return permit.viewer.sight is Sight.OWN_CASELOAD and member_id == permit.actor.id
