"""The demo: a story written from a seed, played through the doors, found again at the next start."""

import asyncio
import json
import os
import shlex
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.cli.conftest import PROGRAM, Operator
from true_api.api.app import create_app
from true_api.cli.demo_ground import Marker, settle, write_marker
from true_api.cli.story import office_steps, steps
from true_api.cli.story.cast import TIME_ZONE
from true_api.cli.story.inside import Inside
from true_api.cli.story.months import Story, write_story
from true_api.cli.story.player import Played, play
from true_api.cli.story.size import AGENCIES, PEERS, TEAMS, Size
from true_api.cli.words import Refused
from true_api.kernel.clock import SystemClock, local_day
from true_api.kernel.database_schema import present_revision
from true_api.kernel.settings import LONGEST_DEMO_LIFETIME, Settings
from true_api.rooms.intake.vocabulary import CAN_CONNECT, IntakeState
from true_api.rooms.intake.vocabulary import MOVES as INTAKE_MOVES
from true_api.rooms.readiness.vocabulary import Stage
from true_api.rooms.referrals.vocabulary import AGENCY_MOVES, PROGRAM_MOVES, ReferralState

FEW_DAYS = Size(days=6, participants=10, encounters=36)
TODAY = date(2026, 11, 23)
SEED = 1


@pytest.fixture(scope="module")
def story() -> Story:
    """Three months, as they would be played on a Monday in November."""
    return write_story(Size(), SEED, TODAY)


def _steps(story: Story, *kinds: type[Any]) -> list[Any]:
    return [step for _, lanes in story.diary.pages() for lane in lanes for step in lane if isinstance(step, kinds)]


def test_three_months_are_as_full_as_they_should_be(story: Story) -> None:
    size, tally = Size(), story.diary.tally()
    assert (TEAMS, PEERS, AGENCIES) == (3, 12, 3)
    assert (story.diary.on(0), story.diary.on(size.days - 1)) == (date(2026, 8, 23), date(2026, 11, 22))
    new = [connected for connected in _steps(story, office_steps.Connect) if not connected.known]
    assert tally[steps.Enroll] + len(new) == size.participants == 400
    assert tally[steps.Record] - tally[steps.Void] == size.current_encounters >= 3_000
    without = [recorded for recorded in _steps(story, steps.Record) if recorded.person is None]
    assert len(without) == size.without_participant > 400


def test_everything_that_can_happen_happens(story: Story) -> None:
    kinds = [kind for module in (steps, office_steps) for kind in vars(module).values() if hasattr(kind, "carry_out")]
    assert len(kinds) == 20
    assert [kind.__name__ for kind in kinds if story.diary.tally()[kind] < 3] == []
    assert [sealed.period for sealed in _steps(story, office_steps.SealMonth)] == ["2026-08", "2026-09", "2026-10"]


def test_readiness_goes_up_and_down(story: Story) -> None:
    order, last, moved = list(Stage)[:5], {}, Counter[int]()
    for note in _steps(story, steps.Note):
        if note.draft["stage"] in order:
            place = order.index(note.draft["stage"])
            moved[(place > last.get(note.person, place)) - (place < last.get(note.person, place))] += 1
            last[note.person] = place
    assert min(moved[1], moved[-1]) > 30


def test_referrals_reach_every_state_and_only_by_moves_that_are_allowed(story: Story) -> None:
    states: dict[int, ReferralState] = {}
    reached = Counter[ReferralState]()
    for step in _steps(story, steps.Refer, steps.MoveByPeer, steps.MoveByAgency):
        if isinstance(step, steps.Refer):
            states[step.referral] = ReferralState.DRAFT if step.draft["draft"] else ReferralState.REQUESTED
        else:
            allowed = PROGRAM_MOVES if isinstance(step, steps.MoveByPeer) else AGENCY_MOVES
            assert step.move["to"] in allowed[states[step.referral]]
            states[step.referral] = step.move["to"]
        reached[states[step.referral]] += 1
    assert set(reached) == set(ReferralState)


def test_requests_reach_every_state_of_the_queue_and_only_by_moves_that_are_allowed(story: Story) -> None:
    states: dict[int, IntakeState] = {}
    reached = Counter[IntakeState]()
    worked = (office_steps.PostRequest, office_steps.Attempt, office_steps.MoveRequest, office_steps.Connect)
    for step in _steps(story, *worked):
        now = states.get(step.request)
        match step:
            case office_steps.PostRequest():
                states[step.request] = IntakeState.NEW
            case office_steps.Attempt():
                assert now in (IntakeState.NEW, IntakeState.CONTACTING)
                states[step.request] = IntakeState.CONTACTING
            case office_steps.MoveRequest():
                assert now is not None and step.move["to"] in INTAKE_MOVES[now]
                states[step.request] = step.move["to"]
            case _:
                assert now in CAN_CONNECT
                states[step.request] = IntakeState.CONNECTED
        reached[states[step.request]] += 1
    assert set(reached) == set(IntakeState)


def test_a_seed_tells_one_story(story: Story) -> None:
    again, other = write_story(Size(), SEED, TODAY), write_story(Size(), SEED + 1, TODAY)
    assert list(story.diary.pages()) == list(again.diary.pages()) != list(other.diary.pages())


@pytest.mark.parametrize("seed", range(2, 6))
def test_every_seed_tells_a_story_of_the_same_size(seed: int) -> None:
    tally = write_story(FEW_DAYS, seed, TODAY).diary.tally()
    assert (tally[steps.Record], tally[steps.Void]) == (FEW_DAYS.encounters, FEW_DAYS.voided)


def _demo(operator: Operator) -> Settings:
    """The settings of a demo where this operator is."""
    more = {"TRUE_DEMO": "true", "TRUE_TOKEN_LIFETIME": str(LONGEST_DEMO_LIFETIME)}
    return Operator({**operator.environment, **more}).settings


async def _counts(settings: Settings, played: Played) -> dict[str, int]:
    """The sums of all months, as the supervisor reads them; people are counted anew in each month, so not them."""
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        company = played.company
        supervisor = company.supervisors[0].inside_of(Inside(app))
        span = {"from": f"{played.story.diary.first_day:%Y-%m}", "to": "2100-01"}
        today = local_day(SystemClock().now(), TIME_ZONE)
        span["to"] = f"{today.year + today.month // 12}-{today.month % 12 + 1:02}"
        months = (await supervisor.get("/v1/insights/months", **span))["months"]
    return {name: sum(month[name] for month in months) for name in months[0] if name not in ("month", "participants_reached")}


def test_what_is_in_the_diary_is_what_the_supervisor_reads_even_if_the_first_playing_was_interrupted(
    newcomer_on_either: Operator,
) -> None:
    settings, now = _demo(newcomer_on_either), SystemClock().now()

    def interrupt(done: int, of: int) -> None:
        if done > of // 2:
            raise KeyboardInterrupt

    assert settle(settings, FEW_DAYS, None, now).played is False
    with pytest.raises((KeyboardInterrupt, BaseExceptionGroup)):
        asyncio.run(play(settings, FEW_DAYS, SEED, now, interrupt))
    marker = settle(settings, FEW_DAYS, None, now)
    assert (marker.played, marker.seed) == (False, SEED)
    played = asyncio.run(play(settings, FEW_DAYS, SEED, now, lambda done, of: None))
    write_marker(settings, marker.model_copy(update={"played": True}))
    assert settle(settings, FEW_DAYS, None, now).played is True

    story = played.story
    voided = {step.encounter for step in _steps(story, steps.Void)}
    counted = [step for step in _steps(story, steps.Record) if step.encounter not in voided]
    tally, counts = story.diary.tally(), asyncio.run(_counts(settings, played))
    assert counts["encounters"] == len(counted) == FEW_DAYS.current_encounters
    assert counts["contacts_without_participant"] == len([step for step in counted if step.person is None])
    assert counts["readiness_notes"] == tally[steps.Note]
    assert counts["intake_requests"] == tally[office_steps.PostRequest]
    assert counts["intake_connected"] == tally[office_steps.Connect]
    assert len(set(played.stage.codes.values())) == FEW_DAYS.participants
