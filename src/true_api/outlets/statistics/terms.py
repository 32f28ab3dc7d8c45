"""Terms by which numbers are split, where no room has words of its own for them."""

from enum import StrEnum

from true_api.rooms.encounters.vocabulary import TOPICS, Act, ActTopic


class Returning(StrEnum):
    """When somebody had been reached before the period. Coming back is welcome, however late."""

    NEW = "new"
    SEEN_IN_THE_PERIOD_BEFORE = "seen_in_the_period_before"
    BACK_AFTER_LONGER = "back_after_longer"


class Connection(StrEnum):
    """How far connecting somebody came: everybody reached, and of them those that went on."""

    REACHED = "reached"
    REFERRAL_REQUESTED = "referral_requested"
    REFERRAL_COMPLETED = "referral_completed"


class ReferralEnd(StrEnum):
    """How far a referral came."""

    OPEN = "open"
    COMPLETED = "completed"
    NO_PLACE_OFFERED = "no_place_offered"
    NOT_COMPLETED = "not_completed"
    CANCELLED = "cancelled"


class FirstContact(StrEnum):
    """Days between an intake request and the first time that a peer met the person; hours are never kept."""

    SAME_DAY = "same_day"
    NEXT_DAY = "next_day"
    WITHIN_3_DAYS = "within_3_days"
    WITHIN_7_DAYS = "within_7_days"
    LATER = "later"
    NOT_MET = "not_met"


NOT_SAID = "not_said"
TOPIC_OF_ACT = {
    Act.OVERDOSE_EDUCATION: ActTopic.OVERDOSE_PREVENTION,
    Act.NALOXONE_TRAINING: ActTopic.NALOXONE_USE,
    Act.WOUND_CARE_INFO: ActTopic.WOUND_CARE,
}
"""Acts that are education about one thing, whether or not a topic was told."""

EDUCATION_TOPICS = (*sorted(topic.value for topic in TOPICS[Act.EDUCATION]), NOT_SAID)
