"""The closed loop: two agencies, a peer and a person, and what the agency that asked is told at each moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from true_api.cli.story.inside import Caller
from true_api.cli.story.stage import Stage

LOOP = ("loop", 0)
ASKED: dict[str, object] = {
    "needs": ["peer-support"],
    "person_knows": "agreed",
    "meets_at": "at_the_agency",
    "wishes": ["harm_reduction_friendly"],
}
"""What the first agency asks for; never a name."""

WANTED = "medication-for-addiction-treatment"


@dataclass(frozen=True)
class Moment:
    """One thing that happens, and what the agency that asked reads of its request right after it."""

    happens: str
    told: str


@dataclass(frozen=True)
class ClosedLoop:
    """The whole way of one person, from the request of one agency to the consent taken back (docs/closed-loop.md)."""

    peer: int
    asking: int
    asked: int
    on: date

    async def carry_out(self, stage: Stage) -> None:
        """Do it, through the doors, and keep what was told."""
        company = stage.company
        four = _Four(company.agencies[self.asking], company.peers[self.peer], company.agencies[self.asked])
        moments = await four.play([company.agency_ids[self.asking], company.agency_ids[self.asked]], self.on)
        told = [(moment.happens, moment.told) for moment in moments]
        stage.told[LOOP] = {"moments": told, "reference": four.reference}


class _Four:
    """Who acts: the agency that asks, the peer with the person beside them, and the agency that is asked."""

    def __init__(self, asking: Caller, peer: Caller, asked: Caller) -> None:
        self._asking, self._peer, self._asked = asking, peer, asked
        self.reference = ""

    async def play(self, agencies: Sequence[str], on: date) -> list[Moment]:
        posted = await self._asking.post("/v1/intake-requests", ASKED, idempotency_key=uuid4().hex)
        self.reference = posted["reference"]
        moments = [await self._moment("Harbor asks that a peer meet somebody")]
        person, consent = await self._meet(on)
        moments.append(await self._moment("a peer meets them, and they agree that Harbor may hear how it goes"))
        referral = await self._refer(person, agencies[1])
        moments.append(
            await self._moment("they agree that Lakeside may know of them too, which is asked for treatment")
        )
        await self._answer(referral, {"to": "accepted"})
        moments.append(await self._moment("Lakeside says yes"))
        await self._answer(referral, {"to": "completed", "outcomes": ["service_received"]})
        moments.append(await self._moment("they have been there"))
        await self._peer.post(f"/v1/participants/{person}/consents/{consent}/revoke")
        moments.append(await self._moment("they take back what they agreed to with Harbor"))
        return moments

    async def _meet(self, on: date) -> tuple[str, str]:
        """The peer finds the request in the queue, meets the person, and enrolls them with their consent in one."""
        queue = await self._peer.get("/v1/intake-requests", limit=200)
        found = next(item["id"] for item in queue["items"] if item["reference"] == self.reference)
        await self._peer.post(
            f"/v1/intake-requests/{found}/attempts", {"attempted_on": on.isoformat(), "result": "met"}
        )
        agreed = {"consent": {"preset": "referral_loop"}}
        connected = await self._peer.post(f"/v1/intake-requests/{found}/connection", agreed)
        self._request = found
        (consent,) = (await self._peer.get(f"/v1/participants/{connected['code']}/consents"))["items"]
        return connected["code"], consent["id"]

    async def _refer(self, person: str, agency: str) -> str:
        """Consent that names the second agency, and the referral that the request leads to."""
        named = {"preset": "referral_loop", "organization_id": agency}
        await self._peer.post(f"/v1/participants/{person}/consents", named)
        wanted = {"organization_id": agency, "need": WANTED, "wishes": ["keeps_methadone"]}
        path = f"/v1/intake-requests/{self._request}/onward"
        return str((await self._peer.post(path, wanted, idempotency_key=uuid4().hex))["reference"])

    async def _answer(self, referral: str, move: dict[str, Any]) -> None:
        await self._asked.post(f"/v1/referrals/{referral}/transitions", move)

    async def _moment(self, happens: str) -> Moment:
        return Moment(happens, told_of(await self._asking.get(f"/v1/intake-requests/{self.reference}")))


def told_of(request: dict[str, Any]) -> str:
    """What an agency reads of its own request, in a few words."""
    parts = [request["status"]]
    if request["progress"] is not None:
        parts.append(request["progress"]["state"])
    if request["onward"] is not None:
        parts += [f"{onward['need']} {onward['state']}" for onward in request["onward"]["referrals"]]
    return ", ".join(parts)
