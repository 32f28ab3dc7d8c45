"""What this room decides of links: two records are of one person, and that can be taken back (privacy.md 4).

No row is rewritten. A link is a row of its own; who reads what follows from `SamePerson`, which holds a row each way
for every two records of one person, and changes in the same commit. Every record of the person begins a new epoch,
so that of two who link or undo at once the second meets what the first has done.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import permutations, product
from typing import Any
from uuid import UUID

from true_api.kernel.effects import Remove
from true_api.kernel.errors import Conflict, NotFound, WriteCollided
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.privacy.case_by_code import linked_with
from true_api.privacy.cases import live_code
from true_api.rooms.participants.tables import ParticipantLink, SamePerson
from true_api.security.permits import CasePermit, HistoryClosed

REVERSIBLE_FOR = timedelta(days=90)
MOST_RECORDS = 10
"""How many records may be of one person: more than anybody has, and few enough to read at once."""


class LinkedToItself(Conflict):
    """A record is not linked with itself."""

    code = "link_to_itself"


class AlreadyLinked(Conflict):
    """These records are linked already, directly or through others."""

    code = "already_linked"


class TooManyLinked(Conflict):
    """Ten records at most are linked as one person's."""

    code = "too_many_linked"


class LinkSettled(Conflict):
    """A link can be undone for 90 days, and these have passed."""

    code = "link_settled"


def link(permit: CasePermit) -> ParticipantLink:
    """Say that the admitted participant and the one whose code was presented are one person."""
    permit.need_history()
    if not permit.person.history_open:
        raise HistoryClosed
    these, those = permit.people, (permit.person.id, *linked_with(permit.person))
    if permit.person.id == permit.participant:
        raise LinkedToItself
    if permit.person.id in these:
        raise AlreadyLinked
    if len(these) + len(those) > MOST_RECORDS:
        raise TooManyLinked
    said = permit.keep(
        ParticipantLink(
            participant_id=permit.participant,
            other_id=permit.person.id,
            member_id=permit.actor.id,
            linked_on=permit.today,
        )
    )
    _same(permit, (pair for both in product(these, those) for pair in permutations(both)))
    _new_epochs(permit, [*these, *those])
    return said


async def undo(permit: CasePermit, link_id: UUID) -> Any:
    """Take a link back: who was one person by it alone is two again, and nothing else changes."""
    permit.need_history()
    held = await permit.rows(ParticipantLink, _with_codes(permit))
    if not {link.other_id for link in held} <= set(permit.people):
        # Linked with somebody else since the gate: it has to look again.
        raise WriteCollided.meanwhile()
    undone = next((link for link in held if link.id == link_id), None)
    if undone is None:
        raise NotFound
    if permit.today > undone.linked_on + REVERSIBLE_FOR:
        raise LinkSettled
    permit.change(ParticipantLink, undone, WriteCollided.meanwhile(), undone_on=permit.today)
    permit.unit.effects.append(Remove(table_of(SamePerson), "participant_id", permit.people))
    for one_person in _apart(permit.people, [link for link in held if link.id != link_id]):
        _same(permit, permutations(one_person, 2))
    _new_epochs(permit, permit.people)
    return undone


def _same(permit: CasePermit, pairs: Iterable[tuple[UUID, ...]]) -> None:
    for one, other in pairs:
        permit.keep(SamePerson(participant_id=one, other_id=other), WriteCollided.meanwhile())


def _new_epochs(permit: CasePermit, people: Iterable[UUID]) -> None:
    """In one order, so that two commits that do this to the same records cannot deadlock."""
    for participant in sorted(people):
        permit.end_epoch(participant)


def _apart(people: Iterable[UUID], links: Iterable[Any]) -> Iterator[frozenset[UUID]]:
    """The records as the links that are left leave them together."""
    together = {participant: frozenset({participant}) for participant in people}
    for link in links:
        joined = together[link.participant_id] | together[link.other_id]
        together |= dict.fromkeys(joined, joined)
    return iter(sorted(set(together.values()), key=min))


def _with_codes(permit: CasePermit) -> Any:
    """The links of this person that hold, each with the codes of its two records."""
    links = table_of(ParticipantLink)
    return permit.own(ParticipantLink).add_columns(
        live_code(permit.program_id, links.c.participant_id).label("code"),
        live_code(permit.program_id, links.c.other_id).label("other_code"),
    )


async def listed(permit: CasePermit, page: PageRequest) -> tuple[list[Any], str | None]:
    """The links of this person that hold, newest first."""
    permit.need_history()
    links = table_of(ParticipantLink)
    return await permit.page(ParticipantLink, _with_codes(permit), [links.c.linked_on, links.c.id], page)


async def by_id(permit: CasePermit, link_id: UUID) -> Any:
    """One link of this person that holds. Raises `NotFound`."""
    found = await permit.rows(ParticipantLink, _with_codes(permit).where(table_of(ParticipantLink).c.id == link_id))
    if not found:
        raise NotFound
    return found[0]
