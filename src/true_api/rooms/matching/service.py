"""What this room decides: what peers say of themselves is theirs alone, and what people ask for is asked in codes."""

import json
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from true_api.kernel.errors import Conflict, WriteCollided
from true_api.kernel.rows import table_of
from true_api.privacy.profile import LocalTerm, Vocabulary
from true_api.rooms.matching.fitting import Traits, traits
from true_api.rooms.matching.schemas import KINDS, MatchingDraft, PeerTraits
from true_api.rooms.matching.tables import IntakePeerWishes, MatchingAnswers, PeerWishes, parts_by_request
from true_api.rooms.matching.vocabulary import MatchReason
from true_api.security.permits import CasePermit, Permit, RecordPermit, StaffPermit

AREA_OF = {
    Vocabulary.COMMUNITY: MatchReason.COMMUNITY,
    Vocabulary.GENDER: MatchReason.GENDER,
    Vocabulary.LANGUAGE: MatchReason.LANGUAGE,
}
"""Of which of the program's own terms somebody can be matched on."""
NOTHING: Mapping[str, list[str]] = {name: [] for name in KINDS}
UNSAID: Mapping[str, Any] = {"openly": NOTHING, "quietly": NOTHING, "answered_on": None}


class TermNotMatched(Conflict):
    """Of the program's own terms, languages, communities and genders that it offers at present are matched on."""

    code = "term_not_matched"


async def own_answers(permit: StaffPermit) -> Mapping[str, Any]:
    """What the caller is willing to be matched on; empty where they said nothing."""
    found = await permit.rows(MatchingAnswers, permit.own(MatchingAnswers))
    if not found:
        return UNSAID
    said = (await _said(permit, [found[0].id]))[found[0].id]
    return {**said, "answered_on": found[0].answered_on}


async def answer(permit: StaffPermit, draft: MatchingDraft) -> Mapping[str, Any]:
    """Say what the caller is willing to be matched on, in the place of what they said before."""
    await _must_be_matched(permit, draft.openly, draft.quietly)
    found = await permit.rows(MatchingAnswers, permit.own(MatchingAnswers))
    row = MatchingAnswers(member_id=permit.actor.id, answered_on=permit.today)
    if found:
        row.id = found[0].id
        permit.change(MatchingAnswers, found[0], answered_on=permit.today)
    else:
        permit.keep(row, WriteCollided.meanwhile())
    said = {"openly": draft.openly.columns(), "quietly": draft.quietly.columns()}
    await permit.texts.replace(MatchingAnswers, row.id, row.id, answers=json.dumps(said))
    return {**said, "answered_on": permit.today}


async def take_back(permit: StaffPermit) -> None:
    """Be matched on nothing any more; harmless where nothing was said."""
    for row in await permit.rows(MatchingAnswers, permit.own(MatchingAnswers)):
        await permit.texts.replace(MatchingAnswers, row.id, row.id, answers=None)
        permit.remove(MatchingAnswers, row.id)


async def answers_of(permit: Permit, members: Collection[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
    """What each of these members is willing to be matched on, for the suggestion alone; nobody is shown it."""
    table = table_of(MatchingAnswers)
    found = (await permit.database.read(select(table).where(table.c.member_id.in_(members))))[0]
    said = await _said(permit, [row.id for row in found])
    return {row.member_id: said[row.id] for row in found}


async def _said(permit: Permit, rows: list[UUID]) -> dict[UUID, Mapping[str, Any]]:
    words = await permit.texts.read_each(MatchingAnswers, rows, "answers")
    return {row: json.loads(text["answers"]) if (text := words[row]) else UNSAID for row in rows}


async def wishes_of_person(permit: CasePermit) -> Any:
    """What the person asks for in a peer, or None; of linked records what was asked last. Raises `HistoryClosed`."""
    permit.need_history()
    found = await permit.rows(PeerWishes, permit.own(PeerWishes))
    return max(found, key=lambda row: (row.asked_on, row.id), default=None)


async def ask_for_person(permit: CasePermit, draft: PeerTraits) -> Mapping[str, Any]:
    """Keep what the person asks for, in the place of what they asked for before. Raises `HistoryClosed`."""
    permit.need_history()
    await _must_be_matched(permit, draft)
    new: dict[str, Any] = {
        **draft.columns(),
        "member_id": permit.actor.id,
        "team_id": permit.team,
        "asked_on": permit.today,
    }
    before = await permit.rows(PeerWishes, permit.own(PeerWishes))
    own = [row for row in before if row.participant_id == permit.participant]
    permit.remove(PeerWishes, *(row.id for row in before if row not in own))
    if own:
        permit.change(PeerWishes, own[0], WriteCollided.meanwhile(), **new)
    else:
        permit.keep(PeerWishes(participant_id=permit.participant, **new), WriteCollided.meanwhile())
    return new


async def ask_nothing_for_person(permit: CasePermit) -> None:
    """The person asks for nothing any more; harmless where they did not. Raises `HistoryClosed`."""
    permit.need_history()
    permit.remove(PeerWishes, *[row.id for row in await permit.rows(PeerWishes, permit.own(PeerWishes))])


async def wishes_of_request(permit: RecordPermit) -> Any:
    """What somebody who is yet to be met asks for, or None."""
    return next(iter(await permit.parts_of_record(IntakePeerWishes)), None)


async def ask_for_request(permit: RecordPermit, draft: PeerTraits) -> Mapping[str, Any]:
    """Keep what somebody who is yet to be met asks for, in the place of what they asked for before."""
    await _must_be_matched(permit, draft)
    new: dict[str, Any] = {**draft.columns(), "asked_on": permit.today}
    if (before := await wishes_of_request(permit)) is not None:
        permit.change(IntakePeerWishes, before, WriteCollided.meanwhile(), **new)
    else:
        permit.keep(IntakePeerWishes(intake_request_id=permit.record.id, **new), WriteCollided.meanwhile())
    permit.unit.resource = permit.record.id
    return new


async def hand_on(permit: RecordPermit, participant: UUID) -> None:
    """Once it is known who it is, what was asked for with a request is what the person asks for, if nothing else is."""
    asked = (await permit.database.read(select(table_of(IntakePeerWishes)).where(parts_by_request(permit.record.id))))[
        0
    ]
    theirs = table_of(PeerWishes).c.participant_id == participant
    if asked and not (await permit.database.read(select(table_of(PeerWishes)).where(theirs)))[0]:
        wishes = {name: getattr(asked[0], name) for name in KINDS}
        permit.keep(
            PeerWishes(
                participant_id=participant,
                member_id=permit.actor.id,
                team_id=permit.team,
                **wishes,
                asked_on=permit.today,
            ),
            WriteCollided.meanwhile(),
        )


async def by_area(permit: Permit, said: Mapping[str, Any]) -> Traits:
    """What was said or asked, with the program's own terms in the areas of their vocabularies."""
    areas = await _areas(permit, said.get("local_terms", ()))
    return traits({name: said.get(name, ()) for name in KINDS}, areas)


async def _areas(permit: Permit, keys: Collection[str]) -> Mapping[str, MatchReason]:
    if not keys:
        return {}
    terms = table_of(LocalTerm)
    found = (await permit.database.read(select(terms).where(terms.c.key.in_(keys), terms.c.active)))[0]
    return {term.key: AREA_OF[term.vocabulary] for term in found if term.vocabulary in AREA_OF}


async def _must_be_matched(permit: Permit, *said: PeerTraits) -> None:
    keys = {key for traits_said in said for key in traits_said.local_terms}
    if keys - (await _areas(permit, keys)).keys():
        raise TermNotMatched
