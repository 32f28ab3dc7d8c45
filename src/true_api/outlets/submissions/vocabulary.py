"""The terms of submissions."""

from enum import StrEnum


class SubmissionState(StrEnum):
    """Where a submission stands."""

    PREPARED = "prepared"
    APPROVED = "approved"
    DECLINED = "declined"


class SubmittedTotal(StrEnum):
    """What is added up over the whole program."""

    VISITS = "visits"
    KITS = "kits"
    DOSES = "doses"
    REVERSALS = "reversals"


class SubmissionVerdict(StrEnum):
    """What a disclosure review ends with."""

    APPROVE = "approve"
    DECLINE = "decline"


class SubmissionReason(StrEnum):
    """Why a reviewer decided as they did."""

    NOBODY_RECOGNIZABLE = "nobody_recognizable"
    SMALL_AND_OWED_ALL_THE_SAME = "small_and_owed_all_the_same"
    SMALL_NUMBER_POINTS_TO_PEOPLE = "small_number_points_to_people"
    RECORDS_STILL_COMING = "records_still_coming"
    NOT_OWED = "not_owed"


REASONS = {
    SubmissionVerdict.APPROVE: frozenset(
        {SubmissionReason.NOBODY_RECOGNIZABLE, SubmissionReason.SMALL_AND_OWED_ALL_THE_SAME}
    ),
    SubmissionVerdict.DECLINE: frozenset(
        {
            SubmissionReason.SMALL_NUMBER_POINTS_TO_PEOPLE,
            SubmissionReason.RECORDS_STILL_COMING,
            SubmissionReason.NOT_OWED,
        }
    ),
}
"""Which reasons go with which verdict."""
