"""Made-up people who use two agencies at once, and what each agency is told of them: the ground of the linkage figures.

Nothing here is drawn so that linking comes out well. People come to the program on visits, some often and some twice;
they ask each agency for something on some of these visits, and in three of ten cases both on the very same one, a few
minutes apart. How urgent things are to somebody and what stands in their way goes with the person to both agencies.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from random import Random

from true_api.kernel.codes import new_code, shown
from true_api.kernel.ids import new_reference
from true_api.privacy.profile import AgeBand, Gender, Language, RaceEthnicity
from true_api.rooms.referrals.schemas import AgencyReferralRecord, OwnStepNote
from true_api.rooms.referrals.vocabulary import (
    AGENCY_MOVES,
    DecidedBy,
    Need,
    Reason,
    ReferralOutcome,
    ReferralState,
    Urgency,
)

FIRST_DAY, DAYS = date(2026, 1, 5), 365
VISITS, SPREAD = 12.0, 0.9
"""The median of visits in a year, and the spread of their logarithm: some come every week, and some came once."""
MORE_ASKED = 0.4
"""How likely another referral to the same agency follows each."""
TOGETHER = 0.3
"""How often what is asked of the other agency is asked on a visit on which the first was asked."""
WEEKDAYS = (1.1, 1.0, 1.0, 1.05, 1.25, 0.8, 0.55)
SAID_WITH_A_STEP = 0.3

NEEDS: tuple[tuple[Need, ...], ...] = (
    (Need.RECOVERY_HOUSING, Need.HOUSING_INSTABILITY, Need.HOMELESSNESS, Need.FOOD_INSECURITY, Need.LEGAL_AID),
    (
        Need.MEDICATION_FOR_ADDICTION_TREATMENT,
        Need.OUTPATIENT_TREATMENT,
        Need.WITHDRAWAL_MANAGEMENT,
        Need.RESIDENTIAL_TREATMENT,
        Need.MENTAL_HEALTH_CARE,
        Need.PRIMARY_CARE,
        Need.WOUND_CARE,
    ),
)
"""What each of the two is asked for."""

_ = ReferralState
WAYS: dict[tuple[ReferralState, ...], int] = {
    (_.ACCEPTED, _.IN_PROGRESS, _.COMPLETED): 30,
    (_.ACCEPTED, _.COMPLETED): 15,
    (_.ON_HOLD, _.ACCEPTED, _.IN_PROGRESS): 10,
    (_.NO_PLACE_OFFERED,): 10,
    (_.ACCEPTED, _.NOT_COMPLETED): 15,
    (_.CANCELLED,): 10,
    (): 10,
}
BARRIERS = (
    Reason.TRANSPORT,
    Reason.COST,
    Reason.HOURS,
    Reason.CHILDCARE,
    Reason.SAFETY,
    Reason.STIGMA,
    Reason.LANGUAGE,
    Reason.DOCUMENTS,
)


@dataclass(frozen=True)
class Step:
    """One move of a referral, by the agency or by the program."""

    at: datetime
    to: ReferralState
    reason: Reason | None
    noted: bool


@dataclass(frozen=True)
class Asked:
    """One referral as it truly was, to the minute."""

    at: datetime
    need: Need
    urgency: Urgency
    steps: tuple[Step, ...]

    def told(self, code: str) -> AgencyReferralRecord:
        """What the agency reads at `GET /v1/referrals/{id}` in the end, made by the very view of that door."""
        last = self.steps[-1] if self.steps else Step(self.at, ReferralState.REQUESTED, None, False)
        own = [step for step in self.steps if step.noted and step.to is not ReferralState.CANCELLED]
        return AgencyReferralRecord(
            reference=new_reference(),
            code=shown(code),
            need=self.need,
            urgency=self.urgency,
            state=last.to,
            reason=last.reason,
            decided_by=DecidedBy.PERSON if last.reason else None,
            outcome=ReferralOutcome.SERVICE_RECEIVED if last.to is ReferralState.COMPLETED else None,
            requested_in=f"{self.at:%Y-%m}",
            changed_in=f"{last.at:%Y-%m}",
            moves=sorted(AGENCY_MOVES.get(last.to, ()), key=lambda state: state.value),
            step_notes=[OwnStepNote(to=step.to, note="It went well.") for step in own],
        )


@dataclass(frozen=True)
class Person:
    """Somebody known to both agencies: what was asked of each, and a profile that neither is told."""

    asked: tuple[tuple[Asked, ...], tuple[Asked, ...]]
    profile: tuple[str, ...]

    def told(self, agency: int) -> list[AgencyReferralRecord]:
        """All that one of the agencies is told, under its own code."""
        code = new_code()
        return [asked.told(code) for asked in self.asked[agency]]


class _Life:
    """One person's year, drawn from one source of chance."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        since = chance.randrange(DAYS * 2 // 3)
        count = 1 + int(VISITS * chance.lognormvariate(0, SPREAD) * (DAYS - since) / DAYS)
        days = range(since, DAYS)
        busy = [WEEKDAYS[(FIRST_DAY + timedelta(days=day)).weekday()] for day in days]
        self._visits = [self._moment(day) for day in chance.choices(days, busy, k=count)]
        self._barrier, self._urgent = chance.choice(BARRIERS), chance.betavariate(0.6, 3)

    def person(self, together: float) -> Person:
        """The person."""
        chance = self._chance
        first = [chance.choice(self._visits) for _ in range(self._times())]
        second = [chance.choice(first if chance.random() < together else self._visits) for _ in range(self._times())]
        asked = tuple(self._asked(at, 0) for at in first), tuple(self._asked(at, 1) for at in second)
        return Person(asked, _profile(chance))

    def _moment(self, day: int) -> datetime:
        at = datetime.combine(FIRST_DAY, datetime.min.time()) + timedelta(days=day)
        return at + timedelta(minutes=self._chance.randrange(9 * 60, 23 * 60))

    def _times(self) -> int:
        times = 1
        while self._chance.random() < MORE_ASKED:
            times += 1
        return times

    def _asked(self, visit: datetime, agency: int) -> Asked:
        chance, at = self._chance, visit + timedelta(minutes=self._chance.randrange(10))
        steps, moment = [], at
        for state in chance.choices(list(WAYS), list(WAYS.values()))[0]:
            moment += timedelta(days=chance.randint(1, 9), minutes=chance.randrange(-300, 300))
            explained = state in (_.NOT_COMPLETED, _.CANCELLED, _.ON_HOLD, _.NO_PLACE_OFFERED)
            reason = self._barrier if chance.random() < 0.7 else chance.choice(BARRIERS)
            steps.append(Step(moment, state, reason if explained else None, chance.random() < SAID_WITH_A_STEP))
        urgency = Urgency.URGENT if chance.random() < self._urgent else Urgency.ROUTINE
        return Asked(at, chance.choice(NEEDS[agency]), urgency, tuple(steps))


def _profile(chance: Random) -> tuple[str, ...]:
    """What a system that asks everybody everything would hold."""

    def said(terms: Sequence[str]) -> str:
        # The first terms are the most common.
        return chance.choices(terms, [1 / (place + 1) for place in range(len(terms))])[0]

    return (
        said([term.value for term in AgeBand][:7]),
        said([term.value for term in Gender][:6]),
        said([term.value for term in RaceEthnicity][:7]),
        said([term.value for term in Language][:8]),
        said([f"zone {number}" for number in range(8)]),
    )


@lru_cache(maxsize=4)
def people_of_both(count: int, seed: int, together: float = TOGETHER) -> tuple[Person, ...]:
    """People who use both agencies within one year."""
    return tuple(_Life(Random(f"{seed} {number}")).person(together) for number in range(count))
