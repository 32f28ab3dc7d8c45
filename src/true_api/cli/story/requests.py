"""Intake in the story: what agencies post, and how each request goes through the queue."""

from collections.abc import Mapping, Sequence
from random import Random

from true_api.cli.story import notes
from true_api.cli.story.diary import Diary, Lane
from true_api.cli.story.lives import Life
from true_api.cli.story.office_steps import Attempt, Connect, FindInQueue, MoveRequest, PostRequest
from true_api.cli.story.size import AGENCIES, PEERS
from true_api.privacy.profile import Language
from true_api.rooms.intake.vocabulary import (
    AttemptResult,
    IntakeNeed,
    IntakeReason,
    IntakeState,
    IntakeUrgency,
    MeetsAt,
    PersonKnows,
    Wish,
)

DECLINED: dict[str, object] = {"to": IntakeState.DECLINED_BY_PERSON, "reason": IntakeReason.NOT_NOW}
COMES_BACK = {"to": IntakeState.CONTACTING}
ENDINGS: Sequence[tuple[Mapping[str, object], AttemptResult | None]] = (
    (DECLINED, AttemptResult.NOT_TODAY),
    ({"to": IntakeState.UNABLE_TO_REACH, "reason": IntakeReason.NOT_THERE}, AttemptResult.NOT_THERE),
    ({"to": IntakeState.REFERRED_ELSEWHERE, "reason": IntakeReason.OUTSIDE_THE_AREA}, None),
    ({"to": IntakeState.REFERRED_ELSEWHERE, "reason": IntakeReason.ANOTHER_SERVICE_FITS}, AttemptResult.MET),
    ({"to": IntakeState.DECLINED_BY_PERSON, "reason": IntakeReason.CHOSE_ANOTHER_WAY}, AttemptResult.MET),
    ({"to": IntakeState.WITHDRAWN}, None),
)
"""How requests end without a connection, and the attempt before it."""


class Requests:
    """Writes what agencies post, and what becomes of it, into the diary."""

    def __init__(self, diary: Diary, chance: Random) -> None:
        self._diary, self._chance, self._count = diary, chance, 0

    def bring(self, life: Life) -> None:
        """Somebody new comes to the program through an agency, on their first day, sometimes at the second asking."""
        chance, day = self._chance, max(0, life.since - self._chance.randint(0, 6))
        number = self._post(day, life.peer, life.lane)
        if life.since - day > 3:
            self._attempt(day + 1, life.peer, number, life.lane, AttemptResult.ASKED_TO_COME_BACK)
            if chance.random() < 0.5:
                self._diary.write(day + 2, life.lane, MoveRequest(life.peer, number, DECLINED))
                self._diary.write(life.since, life.lane, MoveRequest(life.peer, number, COMES_BACK))
        self._attempt(life.since, life.peer, number, life.lane, AttemptResult.MET)
        self._diary.write(life.since, life.lane, Connect(life.peer, number, life.number, known=False))

    def others(self, lives: Sequence[Life], count: int) -> None:
        """Requests for people who are known already, who go another way, or who still wait."""
        for place in range(count):
            if place % 5 == 0:
                self._recognize(self._chance.choice(lives))
            elif place % 5 == 1:
                self._wait()
            else:
                self._end(*ENDINGS[place % len(ENDINGS)])

    def _recognize(self, life: Life) -> None:
        """It turns out to be somebody known, who shows their code."""
        day = self._chance.choice(life.visits)
        number = self._post(day, life.peer, life.lane)
        day += self._chance.randint(1, 4)
        self._attempt(day, life.peer, number, life.lane, AttemptResult.MET)
        self._diary.write(day, life.lane, Connect(life.peer, number, life.number, known=True))

    def _wait(self) -> None:
        """Posted not long ago; perhaps somebody has tried once."""
        day = max(0, self._diary.days - 1 - self._chance.randint(0, 5))
        number, peer = self._count, self._chance.randrange(PEERS)
        self._post(day, peer, ("request", number))
        if self._chance.random() < 0.5:
            self._attempt(day + 1, peer, number, ("request", number), AttemptResult.NOT_THERE)

    def _end(self, ending: Mapping[str, object], tried: AttemptResult | None) -> None:
        day, peer = self._chance.randrange(self._diary.days), self._chance.randrange(PEERS)
        lane = ("request", self._count)
        number = self._post(day, peer, lane)
        if tried is not None:
            for _ in range(self._chance.randint(1, 3)):
                day += self._chance.randint(1, 3)
                self._attempt(day, peer, number, lane, tried)
        self._diary.write(day, lane, MoveRequest(peer, number, ending))

    def _post(self, day: int, peer: int, lane: Lane) -> int:
        chance, number = self._chance, self._count
        self._count += 1
        draft = {
            "needs": chance.sample(list(IntakeNeed), chance.randint(1, 3)),
            "urgency": IntakeUrgency.URGENT if chance.random() < 0.2 else IntakeUrgency.ROUTINE,
            "person_knows": chance.choice(list(PersonKnows)),
            "meets_at": chance.choice(list(MeetsAt)),
            "language": chance.choice([Language.NOT_ASKED, Language.ENGLISH, Language.SPANISH]),
            "wishes": chance.sample(list(Wish), chance.randint(0, 2)),
            "own_reference": f"desk {number % 4 + 1}, request {number + 1}",
            **notes.of_partners(chance, notes.OF_REQUESTS),
        }
        request = PostRequest(chance.randrange(AGENCIES), number, draft, twice=number % 12 == 0)
        self._diary.write(day, lane, request)
        self._diary.write(day, lane, FindInQueue(peer, number))
        return number

    def _attempt(self, day: int, peer: int, number: int, lane: Lane, result: AttemptResult) -> None:
        draft = {"attempted_on": self._diary.on(day).isoformat(), "result": result}
        self._diary.write(day, lane, Attempt(peer, number, draft))
