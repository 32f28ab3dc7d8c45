"""What this room decides: opting in and out of recall, and whom nine answers and a word are of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import SecretStr
from sqlalchemy import Select, select

from true_api.kernel.effects import ChangeEach, Remove
from true_api.kernel.errors import Conflict, WriteCollided
from true_api.kernel.rows import table_of
from true_api.privacy.cases import Participant, RealmCode, SamePerson
from true_api.privacy.exclusions import not_excluded
from true_api.privacy.recall import (
    MOST_CANDIDATES,
    SLOTS,
    Sought,
    recall_keys,
    tokens_of,
    whose_word,
)
from true_api.privacy.recall_tables import ConfirmationWord, RecallToken, RecallTry
from true_api.rooms.recall.schemas import RecallAttempt, RecallDraft
from true_api.rooms.recall.tries import new_try
from true_api.rooms.recall.words import remove_words, set_word, whose, word_of
from true_api.security.permits import CasePermit, Permit, RecordPermit

MOST_ROWS = 10 * SLOTS


class AlreadyApproved(Conflict):
    """A supervisor has approved this near hit before."""

    code = "already_approved"


@dataclass(frozen=True)
class Tried:
    """What came of a try: its reference, and the person where all nine and the word were right."""

    reference: UUID
    found: Any | None


async def opt_in(permit: CasePermit, draft: RecallDraft) -> None:
    """Keep ten tokens of the answers, unlike anybody's, and the mark of the word, in the place of what there was."""
    await set_word(permit, draft.word.get_secret_value())
    keys = await recall_keys(permit.keyring)
    sought = await tokens_of(permit.slow_hash, keys, _told(draft.answers))
    taken = await _taken_by_others(permit, sought)
    _remove_tokens(permit, (permit.participant,))
    for slot, token in enumerate(sought.to_keep(taken)):
        row = RecallToken(participant_id=permit.participant, slot=slot, token=token, key_version=keys.newest)
        permit.keep(row, or_else=WriteCollided.meanwhile())


async def opt_out(permit: CasePermit) -> None:
    """Delete the tokens and the word, of every record of the person; what waits to be approved leads to nobody."""
    permit.need_history()
    people = tuple(permit.people)
    _remove_tokens(permit, people)
    remove_words(permit, people)
    tries = table_of(RecallTry)
    waiting = (await permit.database.read(select(tries).where(tries.c.participant_id.in_(people))))[0]
    if waiting:
        forgotten = [{"id": one.id, "version": one.version, "participant_id": None} for one in waiting]
        permit.unit.effects.append(ChangeEach(tries, tuple(forgotten)))


async def state(permit: CasePermit) -> tuple[bool, bool]:
    """Whether the person can be recalled, and whether they have a word."""
    permit.need_history()
    tokens = table_of(RecallToken)
    kept = select(tokens.c.id).where(tokens.c.participant_id == permit.participant).limit(1)
    recalled = (await permit.database.read(kept))[0]
    return bool(recalled), await word_of(permit, permit.participant) is not None


async def attempt(permit: Permit, draft: RecallAttempt) -> Tried:
    """Look for whom the answers and the word are of. The work is the same whatever comes of it.

    All nine and the word lead to a person; eight and the word leave something that a supervisor may approve; from all
    the rest nothing is kept but that there was a try. Raises `TooManyRecallTries`.
    """
    tried = await new_try(permit)
    keys = await recall_keys(permit.keyring)
    sought = await tokens_of(permit.slow_hash, keys, _told(draft.answers))
    candidates = await _candidates(permit, sought)
    exact = {person for person, row in candidates.items() if row.of_all_nine}
    asked, attaches = whose_word(exact, candidates.keys() - exact)
    kept = [candidates[person] for person in sorted(asked)]
    person = await whose(permit, keys, kept, draft.word.get_secret_value(), MOST_CANDIDATES)
    tried.participant_id = person.participant_id if person is not None and not attaches else None
    permit.keep(tried, or_else=WriteCollided.meanwhile())
    return Tried(tried.reference, person if attaches else None)


async def reference_of(permit: Permit, resource: UUID) -> UUID | None:
    """The reference of an earlier try of the caller's that attached nobody, for an answer given again."""
    tries = table_of(RecallTry)
    own = select(tries.c.reference).where(tries.c.id == resource, tries.c.member_id == permit.actor.id)
    found = (await permit.database.read(own))[0]
    return found[0].reference if found else None


def approve(permit: RecordPermit) -> Any:
    """A supervisor approves a near hit; the try. Raises `AlreadyApproved`."""
    if permit.record.decided_on is not None:
        raise AlreadyApproved
    permit.change(RecallTry, permit.record, or_else=AlreadyApproved.meanwhile(), decided_on=permit.today)
    return permit.record


def _told(answers: Sequence[SecretStr]) -> list[str]:
    return [answer.get_secret_value() for answer in answers]


def _remove_tokens(permit: Permit, people: tuple[UUID, ...]) -> None:
    permit.unit.effects.append(Remove(table_of(RecallToken), "participant_id", people))


async def _taken_by_others(permit: CasePermit, sought: Sought) -> set[str]:
    tokens = table_of(RecallToken)
    kept = select(tokens.c.token).where(tokens.c.token.in_(sought.every), tokens.c.participant_id != permit.participant)
    return {row.token for row in (await permit.database.read(kept))[0]}


async def _candidates(permit: Permit, sought: Sought) -> dict[UUID, Any]:
    """Whoever has one of these tokens, each with their word.

    Linked records are one person: of theirs the one with the token of all nine speaks, else the newest.
    """
    found: dict[UUID, Any] = {}
    for row in (await permit.database.read(_having(permit, sought)))[0]:
        found.setdefault(min(row.participant_id, row.first_linked or row.participant_id), row)
    return found


def _having(permit: Permit, sought: Sought) -> Select[Any]:
    tokens, words, people = table_of(RecallToken), table_of(ConfirmationWord), table_of(Participant)
    codes, same = table_of(RealmCode), table_of(SamePerson)
    of_all_nine = tokens.c.token.in_(sought.of_all_nine).label("of_all_nine")
    linked = select(same.c.other_id).where(same.c.participant_id == words.c.participant_id)
    first_linked = linked.order_by(same.c.other_id).limit(1).scalar_subquery().label("first_linked")
    return (
        select(words, people.c.epoch, codes.c.code, of_all_nine, first_linked)
        .join(tokens, tokens.c.participant_id == words.c.participant_id)
        .join(people, people.c.id == words.c.participant_id)
        .join(codes, codes.c.participant_id == people.c.id)
        .where(tokens.c.token.in_(sought.every), people.c.forgetting_since.is_(None))
        .where(not_excluded(people.c.id, permit.viewer))
        .where(codes.c.realm_id == permit.program_id, codes.c.retired_on.is_(None))
        .order_by(of_all_nine.desc(), words.c.participant_id.desc())
        .limit(MOST_ROWS)
    )
