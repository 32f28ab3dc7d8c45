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
from typing import Any

import httpx2
import pytest

from tests.cli.conftest import PROGRAM, Operator
from true_api.api.app import create_app
from true_api.cli.demo_ground import settle, write_marker
from true_api.cli.story import care, notes, office_steps, steps
from true_api.cli.story.cast import TIME_ZONE
from true_api.cli.story.closed_loop import LOOP
from true_api.cli.story.inside import Caller, Inside
from true_api.cli.story.months import Story, write_story
from true_api.cli.story.player import Played, play
from true_api.cli.story.size import AGENCIES, PEERS, TEAMS, Size
from true_api.cli.words import Refused
from true_api.kernel.clock import SystemClock, local_day
from true_api.kernel.settings import LONGEST_DEMO_LIFETIME, Settings
from true_api.outlets.insights import Month
from true_api.privacy.guard.find import find
from true_api.rooms.intake.vocabulary import CAN_CONNECT, IntakeState
from true_api.rooms.intake.vocabulary import MOVES as INTAKE_MOVES
from true_api.rooms.readiness.vocabulary import Stage
from true_api.rooms.referrals.vocabulary import AGENCY_MOVES, PROGRAM_MOVES, ReferralState

WORDS = {"note", "pronouns", "gender_words", "what_helps", "what_gets_in_the_way", "next_step_words", "focus_words"}
MODULES = (steps, office_steps, care)
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
    without = len([recorded for recorded in _steps(story, steps.Record) if recorded.person is None])
    assert without == size.without_participant > 400


def test_everything_that_can_happen_happens(story: Story) -> None:
    kinds = [kind for module in MODULES for kind in vars(module).values() if hasattr(kind, "carry_out")]
    assert [kind.__name__ for kind in kinds if story.diary.tally()[kind] < 3] == ["Promised"]
    assert [type(step) for step in story.last].count(care.Promised) == 1
    assert [str(sealed.month) for sealed in _steps(story, office_steps.SealMonth)] == ["2026-08", "2026-09", "2026-10"]


def test_readiness_goes_up_and_down(story: Story) -> None:
    order, last, moved = list(Stage)[:5], {}, Counter[int]()
    for note in _steps(story, steps.Note):
        if note.draft["stage"] in order:
            place = order.index(note.draft["stage"])
            moved[(place > last.get(note.person, place)) - (place < last.get(note.person, place))] += 1
            last[note.person] = place
    assert min(moved[1], moved[-1]) > 20


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
                assert now is not None
                assert step.move["to"] in INTAKE_MOVES[now]
                states[step.request] = step.move["to"]
            case _:
                assert now in CAN_CONNECT
                states[step.request] = IntakeState.CONNECTED
        reached[states[step.request]] += 1
    assert set(reached) == set(IntakeState)


def test_nothing_that_is_written_would_be_found_by_the_guard(story: Story) -> None:
    every, parts = _steps(story, object), ("draft", "move", "profile", "change")
    sent = [{name: said for part in parts for name, said in getattr(step, part, {}).items()} for step in every]
    written = {words for draft in sent for name, words in draft.items() if name in WORDS and words}
    assert len(written) > 100
    assert {name for draft in sent for name in draft} >= WORDS
    assert [words for words in written.union(notes.every_sentence()) if find(words)] == []


def test_who_came_back_without_a_card_is_linked_with_who_they_were(story: Story) -> None:
    enrolled = {step.person: step for step in _steps(story, steps.Enroll)}
    linked = _steps(story, steps.LinkRecords)
    assert len(linked) >= 3
    for link in linked:
        assert enrolled[link.person].profile["may_be_returning"] is True
        assert "may_be_returning" not in enrolled[link.other].profile
        assert {enrolled[number].peer % TEAMS for number in (link.person, link.other)} == {link.supervisor}


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
    """All months together as the supervisor reads them now; people are counted anew in each month, so not them."""
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        supervisor = Caller(Inside(app), played.company.supervisors[0].grant)
        last = Month.of(local_day(SystemClock().now(), TIME_ZONE)).following
        span = {"from": str(Month.of(played.story.diary.first_day)), "to": str(last)}
        months = (await supervisor.get("/v1/insights/months", **span))["months"]
    return {name: sum(month[name] for month in months) for name in set(months[0]) - {"month", "participants_reached"}}


class Interrupted(Exception):
    """Somebody pulled the plug."""


def test_what_is_in_the_diary_is_what_the_supervisor_reads_even_if_the_first_playing_was_interrupted(
    newcomer_on_either: Operator,
) -> None:
    settings, now = _demo(newcomer_on_either), SystemClock().now()

    def interrupt(done: int, of: int) -> None:
        if done > of // 2:
            raise Interrupted

    assert settle(settings, FEW_DAYS, None, now).played is False
    with pytest.raises(ExceptionGroup):
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
    of_the_loop = 1
    assert counts["intake_requests"] == tally[office_steps.PostRequest] + of_the_loop
    assert counts["intake_connected"] == tally[office_steps.Connect] + of_the_loop
    assert [told for _, told in played.stage.told[LOOP]["moments"]][::5] == ["received", "received"]
    assert len(set(played.stage.codes.values())) == FEW_DAYS.participants


@pytest.mark.parametrize("other", [{"seed": SEED + 1}, {"size": Size(days=5, participants=10, encounters=36)}])
def test_another_story_never_takes_the_place_of_one_that_was_played(newcomer: Operator, other: dict[str, Any]) -> None:
    settings, now = _demo(newcomer), SystemClock().now()
    marker = settle(settings, FEW_DAYS, SEED, now)
    write_marker(settings, marker.model_copy(update={"played": True}))
    with pytest.raises(Refused, match="another seed or size"):
        settle(settings, **{"size": FEW_DAYS, "seed": None, **other}, now=now)
    assert settle(settings, FEW_DAYS, SEED, now).played


def test_a_real_program_is_never_a_demo_and_a_demo_never_a_real_program(newcomer_on_either: Operator) -> None:
    operator = newcomer_on_either
    operator.does("setup", *PROGRAM)
    home = str(operator.settings.data_dir)
    assert "give the demo its own directory" in operator.is_refused("demo", "--port", "0", "--data-dir", home, code=2)
    url = operator.settings.effective_database_url.replace("+asyncpg", "")
    words = operator.is_refused("demo", "--port", "0", TRUE_DATABASE_URL=url)
    assert "no demo was played into it" in words
    keyring = f"sqlite:///{operator.settings.data_dir / 'keyring.db'}"
    assert "no demo was played into it" in operator.is_refused("demo", "--port", "0", TRUE_KEYRING_URL=keyring)
    assert operator.does("people", "members", "list").count("operator") == 1
    theirs = {"TRUE_DATA_DIR": str(operator.settings.data_dir / "demo"), "TRUE_DATABASE_URL": url}
    assert "demo key" in operator.is_refused("serve", code=2, TRUE_KEYRING_URL=keyring, **theirs)
    assert "ok    keyring" in operator.run("doctor").stdout


class Running:
    """A demo in a process of its own, as a script would start it."""

    def __init__(self, process: asyncio.subprocess.Process, said: dict[str, Any]) -> None:
        self.process, self.said = process, said


@asynccontextmanager
async def _started(operator: Operator) -> AsyncIterator[Running]:
    environment = {**os.environ, **operator.environment, "TRUE_TEST_DEMO_SIZE": str(FEW_DAYS)}
    command = [sys.executable, "-m", "true_api", "demo", "--port", "0", "--json"]
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, limit=1 << 20
    )
    try:
        assert process.stdout is not None
        assert process.stderr is not None
        line = await asyncio.wait_for(process.stdout.readline(), 60)
        assert line, (await process.stderr.read()).decode()
        yield Running(process, json.loads(line))
        process.send_signal(signal.SIGINT)
        rest, _ = await asyncio.wait_for(process.communicate(), 30)
        assert (process.returncode, rest) == (0, b"")
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def _paste(call: str) -> Any:
    """What a call shows that somebody copied from the demo."""
    match shlex.split(call):
        case ["curl", "-s", "-H", header, url]:
            async with httpx2.AsyncClient() as http:
                answer = await http.get(url, headers=[tuple(header.split(": ", 1))])
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_as_json_one_line_is_printed_that_works_and_the_next_start_finds_the_same_program(
    newcomer: Operator,
) -> None:
    async with _started(newcomer) as running:
        said = running.said
        assert list(said["tokens"]) == ["peer", "supervisor", "agency", "integrator", "admin"] == list(said["curl"])
        shown = {role: await _paste(call) for role, call in said["curl"].items()}
        assert {item["kind"] for item in shown["peer"]["items"]} & {"encounter", "readiness_note"}
        assert sum(month["encounters"] for month in shown["supervisor"]["months"]) > 20
        assert "items" in shown["agency"]
        assert shown["integrator"].keys() & {"releases", "cells"}
        assert "admin" in {member["role"] for member in (await _members(said))["items"]}
        assert (newcomer.settings.data_dir / "demo" / "headers" / "peer").stat().st_mode & 0o077 == 0
        await _signs_in(said)
        assert "already" in newcomer.is_refused("demo", "--port", "0")
    async with _started(newcomer) as again:
        assert again.said["codes"] == said["codes"]
        assert again.said["codes"]
        assert await _paste(again.said["curl"]["supervisor"]) == shown["supervisor"]


async def _members(said: dict[str, Any]) -> Any:
    async with httpx2.AsyncClient(base_url=said["base_url"]) as http:
        headers = {"Authorization": f"Bearer {said['tokens']['admin']}"}
        return (await http.get("/v1/members?limit=200", headers=headers)).json()


async def _signs_in(said: dict[str, Any]) -> None:
    async with httpx2.AsyncClient(base_url=said["base_url"]) as http:
        for client in said["clients"].values():
            form = {"grant_type": "client_credentials"}
            answer = await http.post("/oauth/token", data=form, auth=(client["id"], client["secret"]))
            assert answer.json()["expires_in"] == LONGEST_DEMO_LIFETIME
