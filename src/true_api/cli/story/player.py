"""The player: plays a story day by day through the doors of the application, on a clock that it moves."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from fastapi import FastAPI

from true_api.api.app import create_app
from true_api.cli.story.cast import AGENCY_NAMES, TIME_ZONE, let_in
from true_api.cli.story.directory import publish
from true_api.cli.story.inside import Inside, StoryBroke
from true_api.cli.story.months import Story, write_story
from true_api.cli.story.size import Size
from true_api.cli.story.stage import Company, Stage, Step
from true_api.journeys.jobs import do_jobs
from true_api.kernel.clock import HeldClock, local_day
from true_api.kernel.sequencer import advance_all
from true_api.kernel.settings import Settings

MORNING, EVENING = time(8, 30), time(21, 30)
AT_ONCE = 48
UNLIMITED = "1000000000/second"

Told = Callable[[int, int], None]
"""Called after every step with the number of steps done and of all."""


@dataclass(frozen=True)
class Played:
    """What is left of a story when it is over."""

    company: Company
    story: Story
    stage: Stage


async def play(settings: Settings, size: Size, seed: int, now: datetime, told: Told) -> Played:
    """Play a program into an empty, migrated database; the last day is yesterday. Raises `StoryBroke`."""
    story = write_story(size, seed, local_day(now, TIME_ZONE))
    clock = HeldClock(_at(story.diary.first_day, MORNING))
    # What is played in seconds took months: only here the limits per minute mean nothing, and what is due is done at
    # the end of each of its days, so that a seed tells one story.
    unlimited = dict.fromkeys(("rate_per_address", "rate_per_caller", "rate_voices"), UNLIMITED) | {"worker": "apart"}
    roomy = settings.model_copy(update=unlimited)
    app = create_app(roomy, clock)
    async with app.router.lifespan_context(app):
        player = _Player(app, story, told)
        company = await let_in(player.inside)
        stage = Stage(company)
        for day, lanes in story.diary.pages():
            clock.set(_at(day, EVENING))
            await player.day(stage, lanes)
            await do_jobs(player.inside.installation)
        clock.set(now)
        await publish(company, AGENCY_NAMES, local_day(now, TIME_ZONE))
        await player.day(stage, [list(story.last)])
        await advance_all(player.inside.installation.database)
    return Played(company, story, stage)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, ZoneInfo(TIME_ZONE))


class _Player:
    """Carries out the steps of a day, lane beside lane."""

    def __init__(self, app: FastAPI, story: Story, told: Told) -> None:
        self.inside = Inside(app)
        self._told, self._done, self._steps = told, 0, story.steps
        self._room = asyncio.Semaphore(AT_ONCE)

    async def day(self, stage: Stage, lanes: Sequence[Sequence[Step]]) -> None:
        """Everything that happens on one day."""
        try:
            async with asyncio.TaskGroup() as together:
                # The longest first: what happens in one lane waits for one commit after the other.
                for lane in sorted(lanes, key=len, reverse=True):
                    together.create_task(self._lane(stage, lane))
        except* StoryBroke as broken:
            raise broken.exceptions[0] from None

    async def _lane(self, stage: Stage, lane: Sequence[Step]) -> None:
        async with self._room:
            for step in lane:
                try:
                    await step.carry_out(stage)
                except StoryBroke as broke:
                    raise StoryBroke(f"{type(step).__name__}: {broke}") from None
                self._done += 1
                self._told(self._done, self._steps)
