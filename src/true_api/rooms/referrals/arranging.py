"""What is arranged with a referral: days and codes in its columns, and short words that are kept sealed."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from true_api.privacy.narrative import Narrative
from true_api.rooms.referrals.drafts import ArrangementDraft
from true_api.rooms.referrals.tables import Referral
from true_api.rooms.referrals.vocabulary import ENDED, ReferralState
from true_api.security.permits import Permit


def arranged(draft: ArrangementDraft | None) -> dict[str, Any]:
    """The columns of a referral with this arrangement; with none nothing is arranged."""
    draft = draft or ArrangementDraft()
    return {
        "arranged_on": draft.on,
        "arranged_part_of_day": draft.part_of_day,
        "held_until": draft.held_until,
        "bring": [thing.value for thing in draft.bring],
    }


def words_of(draft: ArrangementDraft | None) -> dict[str, Narrative | None]:
    """The words of an arrangement, by the names under which they are sealed."""
    draft = draft or ArrangementDraft()
    return {"location": draft.location, "ask_for_desk": draft.ask_for_desk}


def agency_needs(state: ReferralState, days: Iterable[date | None], today: date) -> bool:
    """Whether an agency still reads wishes and what is arranged: until the referral ends or its last day is over.

    They go with the person, or near the day on which it was asked: kept in view they would let two agencies who put
    their records together tell who is who (privacy.md 3).
    """
    last = max((day for day in days if day is not None), default=today)
    return state not in ENDED and last >= today


async def arrange(permit: Permit, referral: Any, draft: ArrangementDraft | None) -> dict[str, Any]:
    """Put an arrangement in the place of the one before, words and all; the new values of the columns."""
    await permit.texts.replace(Referral, referral.id, referral.participant_id, **words_of(draft))
    return arranged(draft)


async def arrangement_words(permit: Permit, referral: UUID) -> list[str]:
    """Which words of its arrangement a referral has; nothing is opened."""
    return [column for column in await permit.texts.present(Referral, referral) if column in words_of(None)]
