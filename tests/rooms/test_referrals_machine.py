"""The whole machine of referrals: from every state that can be reached there is a way onward, or it is an end."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from tests.rooms.exploring import exploring
from tests.stories.steps import agrees, refers
from tests.world import House, ok, refused
from true_api.privacy.terms import ReferralState
from true_api.rooms.referrals.drafts import ReferralMove
from true_api.rooms.referrals.vocabulary import AGENCY_MOVES, ENDED, NEEDS_REASON, PROGRAM_MOVES

_ = ReferralState
ENDS = frozenset({_.COMPLETED, _.ENTERED_IN_ERROR})
"""A service received stays received; what was entered in error is gone for good."""


def reached(moves: Mapping[ReferralState, frozenset[ReferralState]], first: ReferralState) -> set[ReferralState]:
    """The states that can be reached from one."""
    found, waiting = {first}, [first]
    while waiting:
        for following in moves.get(waiting.pop(), frozenset()) - found:
            found.add(following)
            waiting.append(following)
    return found


BOTH = {state: PROGRAM_MOVES[state] | AGENCY_MOVES.get(state, frozenset()) for state in _}


@pytest.mark.parametrize("state", _)
def test_from_every_state_there_is_a_way_onward_or_it_is_an_end(state: ReferralState) -> None:
    assert reached(BOTH, _.DRAFT) == set(_), "no state that nobody can come to"
    assert state not in BOTH[state]
    onward = BOTH[state] - {_.ENTERED_IN_ERROR}
    assert (onward == frozenset()) == (state in ENDS)
    if state not in ENDS:
        assert _.REQUESTED in reached(BOTH, state), "somebody can be asked, or asked again"
        assert _.COMPLETED in reached(BOTH, state)


def test_the_agency_moves_only_what_it_was_sent_and_never_what_the_program_alone_may() -> None:
    for state, moves in AGENCY_MOVES.items():
        assert state not in (_.DRAFT, *ENDED)
        assert moves <= PROGRAM_MOVES[state], "the program records what it was told by phone"
        assert moves.isdisjoint({_.DRAFT, _.REQUESTED, _.CANCELLED, _.ENTERED_IN_ERROR})
    assert all(state in PROGRAM_MOVES for state in _)
    assert {state for state in _ if _.ENTERED_IN_ERROR not in PROGRAM_MOVES[state]} == {_.ENTERED_IN_ERROR}
    assert ENDS < ENDED


def said(to: ReferralState) -> dict[str, Any]:
    """A move into a state, with what has to be said along."""
    move: dict[str, Any] = {"to": to.value}
    if to in NEEDS_REASON:
        move |= {"reason": "waitlist", "decided_by": "provider"}
    if to is _.COMPLETED:
        move |= {"outcomes": ["service_received", "other"]}
    assert ReferralMove(**move).to is to
    return move


class Walk(RuleBasedStateMachine):
    """One referral in two minds: what the tables say, with nobody at the door."""

    def __init__(self) -> None:
        super().__init__()
        self.state, self.steps = _.DRAFT, 0

    @rule(to=st.sampled_from(_), by_agency=st.booleans())
    def move(self, to: ReferralState, by_agency: bool) -> None:
        """Either side tries any move."""
        table = AGENCY_MOVES if by_agency else PROGRAM_MOVES
        if to in table.get(self.state, frozenset()):
            self.state, self.steps = to, self.steps + 1

    @precondition(lambda self: self.state not in ENDS)
    @invariant()
    def somebody_can_do_something(self) -> None:
        """The program at least."""
        assert PROGRAM_MOVES[self.state] - {_.ENTERED_IN_ERROR}

    @invariant()
    def a_draft_is_never_come_back_to(self) -> None:
        """What was sent is never unsent."""
        assert self.state is not _.DRAFT or self.steps == 0


def test_no_walk_of_both_sides_ends_where_nobody_can_go_on() -> None:
    run_state_machine_as_test(Walk, settings=settings(max_examples=60, stateful_step_count=25, deadline=None))


tries = st.lists(st.tuples(st.sampled_from(_), st.booleans()), min_size=6, max_size=14)


@given(walk=tries)
@exploring
async def test_through_the_doors_every_walk_goes_as_the_tables_say(
    house: House, walk: list[tuple[ReferralState, bool]]
) -> None:
    """Both sides try any move at any time: one that is not allowed is a 409 that names those that are."""
    code, harbor = await house.peer.enrolls(), house.organizations["harbor"]
    await agrees(house.peer, code, harbor)
    referral, state = await refers(house.peer, code, harbor, draft=True), _.DRAFT
    for to, by_agency in walk:
        caller, name = (house.agency, "reference") if by_agency else (house.peer, "id")
        answer = await caller.post(f"/v1/referrals/{referral[name]}/transitions", said(to))
        allowed = (AGENCY_MOVES if by_agency else PROGRAM_MOVES).get(state, frozenset())
        if by_agency and state in (_.DRAFT, _.ENTERED_IN_ERROR):
            refused(answer, 404, "not_found")
        elif to in allowed:
            state = ReferralState(ok(answer)["state"])
            assert state is to
        else:
            assert refused(answer, 409, "move_not_allowed")["allowed"] == sorted(each.value for each in allowed)
    seen = ok(await house.peer.get(f"/v1/referrals/{referral['id']}"))
    assert seen["state"] == state
    assert seen["moves"] == sorted(each.value for each in PROGRAM_MOVES[state])
