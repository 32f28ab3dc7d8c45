"""Nobody answers: the program is told, the peer has something to do, and in the end the referral rests."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.stories.steps import agrees, items, moves, referred_with_consent, refers
from tests.world import NOON, House, ok, refused
from true_api.journeys.jobs import do_jobs
from true_api.kernel.outbox import Job
from true_api.kernel.rows import table_of
from true_api.privacy.terms import ReferralState, Urgency
from true_api.rooms.referrals.unanswered import RESTS_AFTER, TOLD_AFTER, Standing, standing, until_next
from true_api.rooms.referrals.vocabulary import ReferralMode

OVERDUE = "/v1/referrals?answer=overdue"


async def passes(house: House, time: timedelta) -> int:
    """Time passes, and what became due is done; how much that was."""
    house.clock.set(house.clock.now() + time)
    return await do_jobs(house.installation)


async def seen(house: House, referral: dict[str, Any]) -> dict[str, Any]:
    """The referral as the program sees it now."""
    return ok(await house.peer.get(f"/v1/referrals/{referral['id']}"))


@pytest.mark.parametrize("urgency", Urgency)
async def test_a_referral_that_nobody_answers_is_noticed_and_rests_in_the_end(house: House, urgency: Urgency) -> None:
    code = await house.peer.enrolls()
    await agrees(house.peer, code, house.organizations["harbor"])
    asked = await refers(house.peer, code, house.organizations["harbor"], urgency=urgency)
    told, rests = TOLD_AFTER[urgency], RESTS_AFTER[urgency]
    assert await passes(house, told - timedelta(days=1)) == 0
    assert await items(house.peer, OVERDUE) == []
    assert await passes(house, timedelta(days=1)) == 1
    day = f"{NOON + told:%Y-%m-%d}"
    (overdue,) = await items(house.supervisor, OVERDUE)
    assert (overdue["id"], overdue["no_answer_since"], overdue["state"]) == (asked["id"], day, "requested")
    (promise,) = await items(house.peer, "/v1/promises?state=open")
    assert (promise["kind"], promise["due_on"], promise["referral_id"]) == ("follow_up", day, asked["id"])
    assert await passes(house, rests - told - timedelta(days=1)) == 0
    assert (await seen(house, asked))["state"] == "requested"
    assert await passes(house, timedelta(days=1)) == 1
    rested = await seen(house, asked)
    assert (rested["state"], rested["reason"], rested["decided_by"]) == ("not_completed", "no_answer", "program")
    assert (rested["no_answer_since"], await items(house.peer, OVERDUE)) == (None, [])
    assert (await moves(house.peer, asked["id"], "requested"))["state"] == "requested", "it opens again"
    assert await passes(house, told) == 1
    assert len(await items(house.peer, OVERDUE)) == 1, "and is waited for again"
    assert len(await items(house.peer, "/v1/promises?state=open")) == 1, "with the one thing to do that stands open"


async def test_the_agency_is_told_nothing_of_the_wait_and_sees_a_neutral_end(house: House) -> None:
    _, asked = await referred_with_consent(house)
    before = await house.agency.get("/v1/referrals")
    assert await passes(house, TOLD_AFTER[Urgency.ROUTINE]) == 1
    assert (await house.agency.get("/v1/referrals")).content == before.content
    refused(await house.agency.get(OVERDUE), 422, "invalid_shape")
    await passes(house, RESTS_AFTER[Urgency.ROUTINE] - TOLD_AFTER[Urgency.ROUTINE])
    (ended,) = await items(house.agency, "/v1/referrals")
    assert (ended["reference"], ended["state"], ended["reason"]) == (asked["reference"], "not_completed", "no_answer")


async def test_whatever_is_answered_is_waited_for_no_more(house: House) -> None:
    code, harbor = await house.peer.enrolls(), house.organizations["harbor"]
    await agrees(house.peer, code, harbor)
    answered, draft, alone, slow = [
        await refers(house.peer, code, harbor, **over) for over in ({}, {"draft": True}, {"mode": "goes_alone"}, {})
    ]
    await moves(house.agency, answered["reference"], "accepted")
    assert await passes(house, TOLD_AFTER[Urgency.ROUTINE]) == 2
    assert [item["id"] for item in await items(house.peer, OVERDUE)] == [slow["id"]]
    await moves(house.agency, slow["reference"], "accepted")
    assert await items(house.peer, OVERDUE) == []
    await passes(house, RESTS_AFTER[Urgency.ROUTINE])
    states = [(await seen(house, referral))["state"] for referral in (answered, draft, alone, slow)]
    assert states == ["accepted", "draft", "requested", "accepted"]
    assert (await house.rows(select(table_of(Job))))[0] == []


async def test_what_is_asked_again_is_waited_for_from_then_on_and_once(house: House) -> None:
    _, asked = await referred_with_consent(house)
    await passes(house, timedelta(days=2))
    await moves(house.agency, asked["reference"], "on_hold", reason="waitlist", decided_by="provider")
    await moves(house.peer, asked["id"], "requested")
    assert len((await house.rows(select(table_of(Job))))[0]) == 1
    await passes(house, timedelta(days=2))
    assert await items(house.peer, OVERDUE) == []
    await passes(house, timedelta(days=1))
    assert len(await items(house.peer, OVERDUE)) == 1


async def test_what_the_person_is_forgotten_for_is_looked_for_no_more(house: House) -> None:
    code, _ = await referred_with_consent(house)
    ok(await house.supervisor.post(f"/v1/participants/{code}/forget", {"asked_by": "participant"}))
    assert (await house.rows(select(table_of(Job))))[0] == []


waits = st.integers(0, 60).map(lambda days: timedelta(days=days))


@given(
    state=st.sampled_from(ReferralState),
    mode=st.sampled_from(ReferralMode),
    urgency=st.sampled_from(Urgency),
    waited=waits,
    told=st.booleans(),
)
def test_only_a_request_that_an_agency_has_is_waited_for_and_told_of_before_it_rests(
    state: ReferralState, mode: ReferralMode, urgency: Urgency, waited: timedelta, told: bool
) -> None:
    day = NOON.date()
    referral = SimpleNamespace(
        state=state, mode=mode, urgency=urgency, changed_on=day - waited, no_answer_since=day if told else None
    )
    stands = standing(referral, day)
    waiting = state is ReferralState.REQUESTED and mode is not ReferralMode.GOES_ALONE
    assert (stands is not Standing.ANSWERED) == waiting
    assert (stands is Standing.TIME_TO_REST) == (waiting and told and waited >= RESTS_AFTER[urgency])
    assert (stands is Standing.TIME_TO_TELL) == (waiting and not told and waited >= TOLD_AFTER[urgency])
    assert until_next(referral, day) >= timedelta(hours=12)
    assert all(TOLD_AFTER[each] < RESTS_AFTER[each] for each in Urgency)
