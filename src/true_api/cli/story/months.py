"""The months: everything that happens, written down from a seed before any of it is played."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from true_api.cli.story.care import Weeks, of_today
from true_api.cli.story.closed_loop import ClosedLoop
from true_api.cli.story.diary import Diary
from true_api.cli.story.lives import Writer
from true_api.cli.story.office_steps import LookOver, SealMonth
from true_api.cli.story.referring import Referrals
from true_api.cli.story.requests import Requests
from true_api.cli.story.size import TEAMS, Size
from true_api.cli.story.stage import Step
from true_api.outlets.statistics.periods import Month

DAY_OF_SEALING = 3
"""A month is sealed when what was written down a day late is in it."""

MONDAY = 0
ASKING_AND_ASKED = (0, 1)
"""The agencies of the closed loop, by their place in the cast."""


@dataclass(frozen=True)
class Story:
    """What happens day by day, and what comes last: what is left to seal, and one person's whole way."""

    diary: Diary
    last: tuple[Step, ...]

    @property
    def steps(self) -> int:
        """How many steps it has."""
        return self.diary.tally().total() + len(self.last)


def write_story(size: Size, seed: int, today: date) -> Story:
    """The story of a seed whose last day is yesterday. Codes, ids and handles are in nobody's hand but chance's."""
    diary = Diary(today - timedelta(days=size.days), size.days)
    chance = Random(seed)
    writer, referrals, requests = Writer(diary, chance), Referrals(diary, chance), Requests(diary, chance)
    lives = writer.born(size)
    writer.share_visits(lives, size)
    for life in lives:
        if life.brought:
            requests.bring(life)
        writer.live(life)
    for _ in range(size.without_participant):
        writer.contact()
    writer.revise(size)
    for life in lives:
        referrals.write(life)
    requests.others(lives, size.intakes)
    Weeks(diary, seed).write(lives)
    _look_over(diary)
    return Story(diary, (*_seal(diary, today), of_today(today), ClosedLoop(0, *ASKING_AND_ASKED, today)))


def _look_over(diary: Diary) -> None:
    """On Mondays, supervisors take turns to look at the numbers and at the queue."""
    for day in range(diary.days):
        if (on := diary.on(day)).weekday() == MONDAY:
            supervisor = day // 7 % TEAMS
            span = str(Month.of(diary.first_day)), str(Month.of(on).following)
            diary.write(day, ("supervisor", supervisor), LookOver(supervisor, *span))


def _seal(diary: Diary, today: date) -> Iterator[SealMonth]:
    """Months that have ended are sealed a few days later; what is left for after the last day comes back."""
    month = Month.of(diary.first_day)
    while month.following.first_day <= today:
        day = (month.following.first_day - diary.first_day).days + DAY_OF_SEALING - 1
        if not diary.write(day, ("release", 0), SealMonth(month)):
            yield SealMonth(month)
        month = month.following
