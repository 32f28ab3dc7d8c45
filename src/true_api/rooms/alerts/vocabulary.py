"""The words of an alert (domain.md, "Overdose, supplies, drug checking"): what to watch for, and never how often."""

from enum import StrEnum


class AlertMessage(StrEnum):
    """What an alert says."""

    UNEXPECTED_SUBSTANCE = "unexpected_substance"
    STRONGER_THAN_USUAL = "stronger_than_usual"
    OVERDOSES_IN_THE_AREA = "overdoses_in_the_area"
    LONG_SEDATION = "long_sedation"
    SEVERE_WITHDRAWAL = "severe_withdrawal"
    WOUNDS_SEEN = "wounds_seen"
    PILLS_NOT_WHAT_THEY_SEEM = "pills_not_what_they_seem"
    STRIPS_MISS_IT = "strips_miss_it"


class AlertState(StrEnum):
    """Where an alert stands. `expired` follows from the calendar, and is never kept."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class AlertDismissal(StrEnum):
    """Why a proposed alert is not told."""

    TOLD_ALREADY = "told_already"
    NOT_SURE_ENOUGH = "not_sure_enough"
    NOT_FOR_AN_ALERT = "not_for_an_alert"
    ENTERED_IN_ERROR = "entered_in_error"


class AlertWithdrawal(StrEnum):
    """Why a confirmed alert is told no longer."""

    OVER = "over"
    TURNED_OUT_OTHERWISE = "turned_out_otherwise"
    ENTERED_IN_ERROR = "entered_in_error"
