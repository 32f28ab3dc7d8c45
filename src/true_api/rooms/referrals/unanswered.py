"""When an agency does not answer: the program is told first, and in the end the referral rests, to be asked again."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import Enum
from typing import Any

from true_api.rooms.referrals.vocabulary import DecidedBy, Reason, ReferralMode, ReferralState, Urgency
from true_api.security.permits import Permit

UNANSWERED = "referral_unanswered"
"""The kind of the job that looks whether a referral was answered."""

TOLD_AFTER: Mapping[Urgency, timedelta] = {Urgency.URGENT: timedelta(days=1), Urgency.ROUTINE: timedelta(days=3)}
"""When the program is told: what is urgent on the next day, else after three, which carry a Friday over its weekend."""

RESTS_AFTER: Mapping[Urgency, timedelta] = {Urgency.URGENT: timedelta(days=7), Urgency.ROUTINE: timedelta(days=30)}
"""When it rests: a place that was urgent is moot after a week; else after a month, within which waitlists answer."""

NEUTRAL_END: Mapping[str, Any] = {
    "state": ReferralState.NOT_COMPLETED,
    "reason": Reason.NO_ANSWER,
    "decided_by": DecidedBy.PROGRAM,
}
"""How a referral rests: it finds fault with nobody, and opens again like every one that was not completed."""


class Standing(Enum):
    """Whether an answer is still waited for, and whether it is time to do something about it."""

    ANSWERED = "answered"
    WAITING = "waiting"
    TIME_TO_TELL = "time_to_tell"
    TIME_TO_REST = "time_to_rest"


def standing(referral: Any, today: date) -> Standing:
    """Where the wait for an answer stands; of who goes alone the agency knows nothing, and is not waited for."""
    if referral.state is not ReferralState.REQUESTED or referral.mode is ReferralMode.GOES_ALONE:
        return Standing.ANSWERED
    waited = today - referral.changed_on
    if waited >= RESTS_AFTER[referral.urgency] and referral.no_answer_since is not None:
        return Standing.TIME_TO_REST
    if waited >= TOLD_AFTER[referral.urgency] and referral.no_answer_since is None:
        return Standing.TIME_TO_TELL
    return Standing.WAITING


def until_next(referral: Any, today: date) -> timedelta:
    """How long until it is worth looking again; at least half a day, for clocks make some days an hour shorter."""
    waited: timedelta = today - referral.changed_on
    urgency: Urgency = referral.urgency
    ahead = TOLD_AFTER[urgency] if waited < TOLD_AFTER[urgency] else RESTS_AFTER[urgency]
    return max(ahead - waited, timedelta(hours=12))


def await_answer(permit: Permit, referral: Any) -> None:
    """Have somebody look whether the agency has answered, for a referral that waits for its answer from now on."""
    if referral.mode is not ReferralMode.GOES_ALONE:
        permit.later(UNANSWERED, referral.id, permit.now + TOLD_AFTER[referral.urgency])
