"""Offers, walked at random: whatever happens, one agency holds an offer at most, and everybody is told the same."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.rooms.exploring import exploring
from tests.rooms.offering import claims, offers, path_of
from tests.stories.steps import agrees, items
from tests.world import Caller, House, ok
from true_api.journeys.jobs import do_jobs


class Model:
    """What should become of one urgent offer to two agencies: who holds it until when, and whom it is over for."""

    def __init__(self) -> None:
        self.now, self.until, self.holder = 0, 0, ""
        self.ended, self.declined, self.claimed = "", set[str](), {"agency": 0, "other_agency": 0}

    @property
    def held_by(self) -> str:
        """Who holds it now."""
        return self.holder if self.now < self.until else ""

    def claim(self, who: str) -> int:
        """The status that a claim should get."""
        if self.ended or who in self.declined:
            return 404
        if self.held_by or self.claimed[who] == 3:
            return 409
        self.holder, self.until, self.claimed[who] = who, self.now + 30, self.claimed[who] + 1
        return 200

    def release(self, who: str) -> int:
        """The status that letting go should get."""
        if self.ended or self.held_by != who:
            return 404
        self.holder = ""
        return 200

    def answer(self, step: str, who: str) -> int:
        """The status that the program's answer should get."""
        if self.ended or (step != "withdrawal" and self.held_by != who):
            return 409
        self.holder = ""
        if step == "decline":
            self.declined.add(who)
        else:
            self.ended = {"acceptance": "referred", "withdrawal": "withdrawn"}[step]
        return 200

    def take(self, step: str, who: str) -> int:
        """The status that a step should get."""
        by_agency = {"claim": self.claim, "release": self.release}
        return by_agency[step](who) if step in by_agency else self.answer(step, who)


STEPS = ("claim", "claim", "claim", "release", "decline", "acceptance", "withdrawal", "wait 20", "wait 31")
AGENCIES = {"agency": "harbor", "other_agency": "bridge"}


async def _takes(house: House, step: str, who: str, code: str, offer: str, seen: dict[str, Any]) -> int:
    caller: Caller = getattr(house, who)
    if step == "claim":
        return (await claims(caller, seen)).status_code
    if step == "release":
        return (await caller.call("DELETE", f"{path_of(seen)}/claim")).status_code
    named = None if step == "withdrawal" else {"organization_id": str(house.organizations[AGENCIES[who]])}
    return (await house.peer.post(f"/v1/participants/{code}/offers/{offer}/{step}", named)).status_code


@exploring
@given(walk=st.lists(st.tuples(st.sampled_from(STEPS), st.sampled_from(sorted(AGENCIES)), st.booleans()), max_size=9))
async def test_whatever_happens_there_is_one_holder_at_most_and_everybody_is_told_the_same(
    house: House, walk: list[tuple[str, str, bool]]
) -> None:
    code, model = await house.peer.enrolls(), Model()
    for agency in AGENCIES.values():
        await agrees(house.peer, code, house.organizations[agency])
    known = {who: {one["reference"] for one in await items(getattr(house, who), "/v1/offers")} for who in AGENCIES}
    offer = (await offers(house, code, urgency="urgent"))["id"]
    seen = {}
    for who in AGENCIES:
        (seen[who],) = [
            one for one in await items(getattr(house, who), "/v1/offers") if one["reference"] not in known[who]
        ]
    for step, who, with_jobs in walk:
        if step.startswith("wait"):
            model.now += int(step.split()[1])
            house.clock.move(timedelta(minutes=int(step.split()[1])))
            if with_jobs:
                await do_jobs(house.installation)
            continue
        assert await _takes(house, step, who, code, offer, seen[who]) == model.take(step, who), (step, who)
        program = ok(await house.peer.get(f"/v1/participants/{code}/offers/{offer}"))
        assert program["state"] == (model.ended or ("held" if model.held_by else "open"))
        for agency in AGENCIES:
            answer = await getattr(house, agency).get(path_of(seen[agency]))
            if model.ended or agency in model.declined:
                assert answer.status_code == 404
            else:
                assert ok(answer)["state"] == (
                    "open" if not model.held_by else "held_by_you" if model.held_by == agency else "held"
                )
