"""Made-up people who use two agencies at once, and what each agency is told of them: the ground of the linkage figures.

Nothing here is drawn so that linking comes out well. People come to the program on visits, some often and some twice;
they ask each agency for something on some of these visits, and in three of ten cases both on the very same one, a few
minutes apart. How urgent things are to somebody, what stands in their way and what they wish for goes with the person
to both agencies; when they are expected somewhere is arranged there and then, or by the agency that accepts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from random import Random

from true_api.kernel.codes import new_code, shown
from true_api.kernel.ids import new_reference
from true_api.privacy.profile import AgeBand, Gender, Language, RaceEthnicity
from true_api.privacy.scopes import DISCLOSURE, DisclosureView
from true_api.privacy.terms import PartOfDay, Wish
from true_api.rooms.referrals.arranging import agency_needs
from true_api.rooms.referrals.schemas import AgencyReferralRecord, ArrangementRecord, HandOffView, OwnStepNote
from true_api.rooms.referrals.vocabulary import (
    AGENCY_MOVES,
    Arrived,
    DecidedBy,
    HandOffHow,
    Need,
    Reason,
    ReferralMode,
    ReferralOutcome,
    ReferralState,
    Urgency,
)

FIRST_DAY, DAYS = date(2026, 1, 5), 365
LAST_DAY, CONSENT_HOLDS = FIRST_DAY + timedelta(days=DAYS), timedelta(days=180)
VISITS, SPREAD = 12.0, 0.9
"""The median of visits in a year, and the spread of their logarithm: some come every week, and some came once."""
MORE_ASKED = 0.4
"""How likely another referral to the same agency follows each."""
TOGETHER = 0.3
"""How often what is asked of the other agency is asked on a visit on which the first was asked."""
WEEKDAYS = (1.1, 1.0, 1.0, 1.05, 1.25, 0.8, 0.55)
SAID_WITH_A_STEP = 0.3
ARRANGED_AT_ONCE, ARRANGED_ON_ACCEPTING, ANNOUNCED, WISH_SAID = 0.4, 0.5, 0.3, 0.8
"""How often a day is arranged with the request, or by the agency; how often it is a call; how often a wish is told."""

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
class Expected:
    """How the person comes: what they wish for, on which day they are expected, and whether they came."""

    mode: ReferralMode = ReferralMode.SENT
    wishes: tuple[Wish, ...] = ()
    on: date | None = None
    part_of_day: PartOfDay | None = None
    arrived: Arrived | None = None


@dataclass(frozen=True)
class Asked:
    """One referral as it truly was, to the minute."""

    at: datetime
    need: Need
    urgency: Urgency
    steps: tuple[Step, ...]
    expected: Expected

    def told(self, code: str, disclosure: DisclosureView, kept: bool = False) -> AgencyReferralRecord:
        """What the agency reads at `GET /v1/referrals/{id}` in the end, made by the very view of that door.

        With `kept` it has noted wishes and days while it needed them, which nobody can take from it.
        """
        last = self.steps[-1] if self.steps else Step(self.at, ReferralState.REQUESTED, None, False)
        own = [step for step in self.steps if step.noted and step.to is not ReferralState.CANCELLED]
        needed = kept or agency_needs(last.to, [self.expected.on], LAST_DAY)
        comes = self.expected if needed else Expected(self.expected.mode)
        came = [self.expected.arrived] if self.expected.arrived else []
        return AgencyReferralRecord(
            reference=new_reference(),
            code=shown(code),
            need=self.need,
            urgency=self.urgency,
            state=last.to,
            reason=last.reason,
            decided_by=DecidedBy.PERSON if last.reason else None,
            outcomes=[ReferralOutcome.SERVICE_RECEIVED] if last.to is ReferralState.COMPLETED else [],
            mode=comes.mode,
            wishes=list(comes.wishes),
            arrangement=ArrangementRecord(
                on=comes.on, part_of_day=comes.part_of_day, held_until=None, bring=[], location=None, ask_for_desk=None
            ),
            hand_offs=[HandOffView(how=HandOffHow.IN_PERSON, accompanied=None, arrived=come) for come in came],
            disclosure=disclosure,
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

    def told(self, agency: int, kept: bool = False) -> list[AgencyReferralRecord]:
        """All that one of the agencies is told, under its own code, by a consent given with the first thing asked."""
        code, ends = new_code(), min(asked.at for asked in self.asked[agency]) + CONSENT_HOLDS
        scope = {**DISCLOSURE["scope"], "valid_to": f"{ends:%Y-%m}"}
        disclosure = DisclosureView.model_validate({**DISCLOSURE, "scope": scope})
        return [asked.told(code, disclosure, kept) for asked in self.asked[agency]]


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
        self._wishes = chance.sample(list(Wish), chance.choice([0, 0, 1, 1, 2, 3]))
        self._part_of_day = chance.choice(list(PartOfDay))

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
        return Asked(at, chance.choice(NEEDS[agency]), urgency, tuple(steps), self._expected(at, steps))

    def _expected(self, at: datetime, steps: Sequence[Step]) -> Expected:
        """Arranged with the request for one of the next days, or by the agency once it accepts."""
        chance, accepted = self._chance, [step.at for step in steps if step.to is _.ACCEPTED]
        wishes = tuple(wish for wish in self._wishes if chance.random() < WISH_SAID)
        mode = ReferralMode.CALLED_TOGETHER if chance.random() < ANNOUNCED else ReferralMode.SENT
        if accepted and chance.random() < ARRANGED_ON_ACCEPTING:
            day: date | None = accepted[0].date() + timedelta(days=chance.randint(1, 10))
        elif chance.random() < ARRANGED_AT_ONCE:
            day = at.date() + timedelta(days=chance.randint(0, 5))
        else:
            return Expected(mode, wishes)
        usual = self._part_of_day if chance.random() < 0.6 else chance.choice(list(PartOfDay))
        return Expected(mode, wishes, day, usual, chance.choice([None, *Arrived]))


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
