"""What this room decides: the program's own terms, each under a key that names nothing else."""

from typing import Any
from uuid import UUID

from true_api.kernel.errors import Conflict
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.privacy.profile import NO_ANSWER, SHARED
from true_api.rooms.vocabularies.schemas import LocalTermChange, LocalTermDraft
from true_api.rooms.vocabularies.tables import LocalTerm
from true_api.security.permits import ListPermit, Permit, RecordPermit, StaffPermit


class TermTaken(Conflict):
    """This key names another term, shared or local."""

    code = "term_taken"


def add(permit: StaffPermit, draft: LocalTermDraft) -> LocalTerm:
    """Add a term of the program's own."""
    if draft.key in NO_ANSWER or draft.key in list(SHARED.get(draft.vocabulary, ())):
        raise TermTaken
    kept = LocalTerm(
        vocabulary=draft.vocabulary,
        key=draft.key,
        label=draft.label,
        shared_term=None if draft.shared_term is None else draft.shared_term.value,
    )
    return permit.keep(kept, or_else=TermTaken)


def change(permit: RecordPermit, change: LocalTermChange) -> dict[str, Any]:
    """Give a term another label, or switch it off or on."""
    permit.change(LocalTerm, permit.record, **change.news())
    return {**permit.record._mapping, **change.news()}


async def by_id(permit: Permit, term: UUID) -> LocalTerm:
    """One term, offered or not."""
    return await permit.one(LocalTerm, table_of(LocalTerm).c.id == term)


async def listed(permit: ListPermit, page: PageRequest) -> tuple[list[LocalTerm], str | None]:
    """All terms of the program's own, newest first, those too that were switched off."""
    return await permit.page(LocalTerm, permit.own(LocalTerm), [table_of(LocalTerm).c.id], page)


async def offered(permit: ListPermit) -> list[LocalTerm]:
    """The terms of the program's own that are offered at present, by vocabulary and label."""
    terms = table_of(LocalTerm)
    found = await permit.rows(LocalTerm, permit.own(LocalTerm).where(terms.c.active))
    # Sorted here, because the two engines do not agree on the order of letters.
    return sorted(found, key=lambda term: (term.vocabulary, term.label, term.key))
