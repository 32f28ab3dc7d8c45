"""The words of an offer: where it stands, and the wishes that say nothing of who it is for."""

from datetime import timedelta
from enum import StrEnum

from true_api.privacy.terms import Urgency


class OfferState(StrEnum):
    """Where an offer stands for the program. `held` and `expired` follow from the clock, and are never kept."""

    OPEN = "open"
    HELD = "held"
    REFERRED = "referred"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class OfferSight(StrEnum):
    """How an offer stands for an agency that may claim it; which other agency holds it is not told."""

    OPEN = "open"
    HELD_BY_YOU = "held_by_you"
    HELD = "held"


class OfferWish(StrEnum):
    """Wishes that an agency has to know before it can say yes, and that nobody is recognized by.

    With whom somebody would come, their faith, or the gender of staff they ask for are told with the referral.
    """

    KEEPS_METHADONE = "keeps_methadone"
    HARM_REDUCTION_FRIENDLY = "harm_reduction_friendly"
    NOT_FAITH_BASED = "not_faith_based"


HOLD: dict[Urgency, timedelta] = {Urgency.URGENT: timedelta(minutes=30), Urgency.ROUTINE: timedelta(hours=24)}
"""How long a claim lasts before the offer opens again by itself."""

MOST_CLAIMS = 3
"""How often one agency may claim one offer, so that claiming it over and over keeps it from nobody."""
