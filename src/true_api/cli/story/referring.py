"""Referrals in the story: who is asked, with or without consent, and every way that it may go."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from true_api.cli.story import notes
from true_api.cli.story.chances import one_of
from true_api.cli.story.diary import Diary
from true_api.cli.story.lives import Life
from true_api.cli.story.size import AGENCIES
from true_api.cli.story.steps import Consent, MoveByAgency, MoveByPeer, Refer, Revoke
from true_api.privacy.terms import PartOfDay, Wish
from true_api.rooms.referrals.vocabulary import (
    Arrived,
    DecidedBy,
    HandOffHow,
    Need,
    Reason,
    ReferralMode,
    ReferralOutcome,
    ReferralState,
    ThingToBring,
    Urgency,
)

_ = ReferralState


@dataclass(frozen=True)
class Move:
    """One move: by the agency or by the peer, to a state, and why."""

    by_agency: bool
    to: ReferralState
    reasons: tuple[Reason, ...] = ()
    decided_by: DecidedBy | None = None

    def draft(self, chance: Random) -> dict[str, object]:
        """As it is sent."""
        told = notes.OF_AGENCIES if self.by_agency else notes.OF_REFERRALS
        sent: dict[str, object] = {"to": self.to, **notes.of_partners(chance, told)}
        if self.reasons:
            sent |= {"reason": chance.choice(self.reasons), "decided_by": self.decided_by}
        if self.to is _.COMPLETED:
            sent["outcomes"] = chance.sample(list(ReferralOutcome), 2 if chance.random() < 0.2 else 1)
        if self.to is _.IN_PROGRESS and chance.random() < 0.5:
            arrived = chance.choice(list(Arrived))
            sent["hand_off"] = {"how": chance.choice(list(HandOffHow)), "accompanied": True, "arrived": arrived}
        return sent


ACCEPTED, STARTED, DONE = (Move(True, state) for state in (_.ACCEPTED, _.IN_PROGRESS, _.COMPLETED))
WAITING = Move(True, _.ON_HOLD, (Reason.WAITLIST, Reason.DOCUMENTS, Reason.INSURANCE), DecidedBy.PROVIDER)
FULL = Move(True, _.NO_PLACE_OFFERED, (Reason.NO_CAPACITY, Reason.NOT_ELIGIBLE), DecidedBy.PROVIDER)
BARRIER = Move(
    True,
    _.NOT_COMPLETED,
    (Reason.TRANSPORT, Reason.COST, Reason.HOURS, Reason.CHILDCARE, Reason.SAFETY, Reason.STIGMA, Reason.LANGUAGE),
    DecidedBy.PERSON,
)
OTHER_WAY = Move(False, _.CANCELLED, (Reason.CHOSE_ANOTHER_WAY, Reason.NOT_NOW), DecidedBy.PERSON)
UNREACHED = Move(False, _.CANCELLED, (Reason.UNABLE_TO_REACH, Reason.OTHER), DecidedBy.PROGRAM)
AGAIN, MISTAKEN = Move(False, _.REQUESTED), Move(False, _.ENTERED_IN_ERROR)

WAYS_TO_GO: dict[tuple[Move, ...], int] = {
    (ACCEPTED, STARTED, DONE): 26,
    (ACCEPTED, DONE): 14,
    (ACCEPTED, WAITING, ACCEPTED, STARTED, DONE): 8,
    (WAITING, ACCEPTED, STARTED): 6,
    (FULL,): 8,
    (FULL, AGAIN, ACCEPTED, DONE): 6,
    (ACCEPTED, STARTED, BARRIER): 8,
    (ACCEPTED, BARRIER, AGAIN, ACCEPTED): 4,
    (ACCEPTED, OTHER_WAY): 5,
    (OTHER_WAY,): 4,
    (UNREACHED, AGAIN, ACCEPTED, STARTED): 3,
    (MISTAKEN,): 2,
    (): 6,
}
KEPT_BACK: dict[tuple[Move, ...], int] = {(AGAIN, ACCEPTED, STARTED, DONE): 2, (AGAIN,): 1, (MISTAKEN,): 1, (): 2}
"""From a draft on."""

MODES = {ReferralMode.SENT: 6, ReferralMode.CALLED_TOGETHER: 3, ReferralMode.GOES_ALONE: 1}
FEW = (0, 0, 1, 1, 2)
WHERE = ("The side door, up one flight.", "The front desk, past the bench.", "The blue door by the yard.")

NEEDS: Sequence[Sequence[Need]] = (
    (Need.RECOVERY_HOUSING, Need.HOUSING_INSTABILITY, Need.HOMELESSNESS, Need.FOOD_INSECURITY),
    (
        Need.MEDICATION_FOR_ADDICTION_TREATMENT,
        Need.OUTPATIENT_TREATMENT,
        Need.WITHDRAWAL_MANAGEMENT,
        Need.RESIDENTIAL_TREATMENT,
        Need.MENTAL_HEALTH_CARE,
        Need.PRIMARY_CARE,
        Need.WOUND_CARE,
        Need.HIV_HCV_CARE,
    ),
    (
        Need.LEGAL_AID,
        Need.EMPLOYMENT_STATUS,
        Need.HEALTH_INSURANCE_COVERAGE_STATUS,
        Need.FINANCIAL_INSECURITY,
        Need.TRANSPORTATION_INSECURITY,
    ),
)
"""What each agency of the cast is asked for."""


class Referrals:
    """Writes referrals and the consents they need into the diary."""

    def __init__(self, diary: Diary, chance: Random) -> None:
        self._diary, self._chance, self._count = diary, chance, 0

    def write(self, life: Life) -> None:
        """What one person asks agencies for, what they agree to, and what they take back."""
        chance = self._chance
        if chance.random() > 0.27 and life.number:
            return
        for agency in chance.sample(range(AGENCIES), 2 if chance.random() < 0.3 else 1):
            self._ask(life, agency, chance.choice(life.visits))

    def _ask(self, life: Life, agency: int, day: int) -> None:
        chance, write = self._chance, self._diary.write
        agrees, taken_back = not life.under_18 and chance.random() < 0.8, self._diary.days
        if agrees:
            write(day, life.lane, Consent(life.peer, life.number, agency, chance.choice([120, 180, 365])))
            if chance.random() < 0.22:
                taken_back = day + chance.randint(3, 25)
        self._refer(life, agency, day, taken_back if agrees else day)
        if agrees:
            write(taken_back, life.lane, Revoke(life.peer, life.number, agency))

    def _refer(self, life: Life, agency: int, day: int, seen_until: int) -> None:
        """A referral and its moves; those of an agency that may no longer see it are recorded by the peer."""
        chance, number, lane = self._chance, self._count, life.lane
        self._count += 1
        kept_back = chance.random() < 0.08
        urgency = Urgency.URGENT if chance.random() < 0.15 else Urgency.ROUTINE
        draft = {"need": chance.choice(NEEDS[agency]), "urgency": urgency, "draft": kept_back}
        draft |= self._coming(day) | notes.of_partners(chance, notes.OF_REFERRALS)
        seen_until = day if draft["mode"] is ReferralMode.GOES_ALONE else seen_until
        self._diary.write(day, lane, Refer(life.peer, life.number, number, agency, draft))
        for move in one_of(chance, KEPT_BACK if kept_back else WAYS_TO_GO):
            # What is urgent and not answered within a week rests by itself.
            day += chance.randint(1, 5 if urgency is Urgency.URGENT else 9)
            if move.by_agency and day < seen_until:
                by_worker = chance.random() < 0.25
                self._diary.write(day, lane, MoveByAgency(agency, number, move.draft(chance), by_worker))
            else:
                self._diary.write(day, lane, MoveByPeer(life.peer, number, move.draft(chance)))

    def _coming(self, day: int) -> dict[str, object]:
        """How the person comes there: what they wish for, and at times when they are expected and who goes along."""
        chance = self._chance
        coming: dict[str, object] = {
            "mode": one_of(chance, MODES),
            "wishes": chance.sample(list(Wish), chance.choice(FEW)),
        }
        if chance.random() < 0.4:
            on = {
                "on": self._diary.on(day + chance.randint(1, 6)).isoformat(),
                "part_of_day": chance.choice(list(PartOfDay)),
            }
            told = {"location": chance.choice(WHERE), "bring": chance.sample(list(ThingToBring), chance.choice(FEW))}
            coming["arrangement"] = {**on, **told}
            if chance.random() < 0.5:
                coming["accompaniment"] = on
        return coming
