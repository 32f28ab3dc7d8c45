"""Which shared terms a program may hide, and how it does: hidden is not offered, and never refused.

A term is hidden where somebody chooses among several to describe something, and nothing in the software turns on it.
Records that hold a hidden term keep it, and one that arrives is taken: a phone that was away, or a partner's system,
still knows it, and a fact is never lost for a word.
"""

from collections.abc import Mapping
from typing import Any

from true_api.kernel.errors import Conflict
from true_api.kernel.rows import table_of
from true_api.privacy.profile import NO_ANSWER
from true_api.rooms.vocabularies.schemas import HiddenTermDraft
from true_api.rooms.vocabularies.tables import HiddenTerm
from true_api.security.permits import ListPermit, RecordPermit, StaffPermit

EVERYWHERE = NO_ANSWER | {"other", "none"}
"""Never hidden: without them a person would have to be put where they do not belong."""

MAY_BE_HIDDEN: Mapping[str, frozenset[str]] = {
    "act": frozenset(
        {
            "accompaniment",
            "drug_check_done",
            "fentanyl_strips_given",
            "follow_up_kept",
            "follow_up_promised",
            "naloxone_given",
            "referral_made",
            "sterile_supplies_given",
            "syringes_collected",
            "treatment_options_explained",
            "xylazine_strips_given",
        }
    ),
    "community": frozenset(),
    "act_topic": frozenset({"buprenorphine", "methadone", "naltrexone", "overdose_prevention", "naloxone_use"}),
    "education_material": frozenset(),
    "focus": frozenset(),
    "gender": frozenset(),
    "intake_need": frozenset({"peer-support"}),
    "language": frozenset({"en", "es"}),
    "lived_experience": frozenset(),
    "need": frozenset(),
    "setting": frozenset({"phone"}),
    "thing_to_bring": frozenset(),
    "wish": frozenset(),
}
"""By vocabulary, the terms of it that the software itself needs and that stay."""


class TermNeeded(Conflict):
    """This term is needed: by the software, by a standard, or so that a person can give no answer."""

    code = "term_needed"


class TermHidden(Conflict):
    """This term is hidden already."""

    code = "term_hidden"


def hide(permit: StaffPermit, draft: HiddenTermDraft) -> HiddenTerm:
    """Offer a shared term no more. Raises `TermNeeded`, and `TermHidden` for one that is hidden."""
    needed = MAY_BE_HIDDEN.get(draft.vocabulary)
    if needed is None or draft.term in needed | EVERYWHERE:
        raise TermNeeded
    return permit.keep(HiddenTerm(vocabulary=draft.vocabulary, term=draft.term), or_else=TermHidden)


async def hidden(permit: ListPermit) -> list[Any]:
    """The shared terms that the program does not offer, by vocabulary and term."""
    found = await permit.rows(HiddenTerm, permit.own(HiddenTerm))
    return sorted(found, key=lambda row: (row.vocabulary, row.term))


async def by_id(permit: StaffPermit, term: Any) -> Any:
    """One hidden term."""
    return await permit.one(HiddenTerm, table_of(HiddenTerm).c.id == term)


def offer_again(permit: RecordPermit) -> None:
    """Offer a term that was hidden."""
    permit.remove(HiddenTerm, permit.record.id)
