"""Those who work here, set into the scene: supervision, a pulse, training, and a voice."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import TYPE_CHECKING, Any

import httpx2
from sqlalchemy import select

from tests.world import House, ok
from true_api.kernel.effects import Unit
from true_api.kernel.rows import table_of
from true_api.rooms.supervision.tables import SamplingShare

if TYPE_CHECKING:
    from tests.house.scenes import Scene

PULSE = {"energy": 2, "load": 3, "exposure": 1, "support_wanted": 4}
HOURS = {"kind": "course", "competency": "support_in_crisis", "minutes": 90, "done_on": "2026-10-20"}
SPOKEN = {"respected": "yes", "pressured": "no", "promise_kept": "partly"}

numbers = count(1)
"""For kinds of certificates that nobody has yet."""


async def set_colleagues(house: House, scene: Scene) -> None:
    """A session with what came of it, a pulse and a request, hours and a certificate, and something that was said."""
    peer, supervisor = house.peer, house.supervisor
    scene.names |= {"peer_id": str(peer.id), "supervisor_id": str(supervisor.id)}
    agreed = [{"kind": "training", "due_on": "2026-11-09"}]
    held = {
        "member_ids": [str(peer.id)],
        "held_on": "2026-11-01",
        "minutes": 50,
        "form": "individual",
        "agreed": agreed,
    }
    session = ok(await supervisor.post("/v1/supervision-sessions", held))
    there = f"/v1/supervision-sessions/{session['id']}"
    scene.etags["supervision-sessions"] = (await supervisor.get(there)).headers["etag"]
    asked = {"to_member_id": str(supervisor.id), "wish": "talk", **scene.said.words("words")}
    scene.names |= {
        "session": session["id"],
        "agreed": session["agreed"][0]["id"],
        "reflection": ok(await peer.post(f"{there}/reflections", scene.said.words("words")))["id"],
        "pulse": ok(await peer.post("/v1/wellness-pulses", PULSE))["id"],
        "support": ok(await peer.post("/v1/support-requests", asked))["id"],
        "training": ok(await peer.post("/v1/trainings", HOURS))["id"],
    }
    await _set_certificate(house, scene)
    await _set_voice(house, scene)
    await _set_share(house)


async def _set_certificate(house: House, scene: Scene) -> None:
    key = f"certificate-{next(numbers)}"
    term = {"vocabulary": "certificate", "key": key, "label": f"Peer specialist {key}"}
    ok(await house.admin.post("/v1/vocabularies/terms", term))
    held = {"kind": key, "obtained_on": "2026-01-15", "expires_on": "2027-01-14"}
    scene.names |= {"certificate_kind": key, "certificate": ok(await house.peer.post("/v1/certificates", held))["id"]}
    read = await house.peer.get(f"/v1/certificates/{scene.names['certificate']}")
    scene.etags["certificates"] = read.headers["etag"]


async def _set_voice(house: House, scene: Scene) -> None:
    """A complaint that the night van's supervisor, who leads the program here, has answered."""
    ok(await house.admin.call("PUT", f"/v1/members/{house.supervisor.id}/program-lead"))
    before = {voice["id"] for voice in ok(await house.supervisor.get("/v1/voices?limit=200"))["items"]}
    said = {"kind": "complaint", **SPOKEN, **scene.said.words("words", "wanted")}
    scene.names["receipt"] = ok(await says(house, said))["receipt"]
    after = ok(await house.supervisor.get("/v1/voices?limit=200"))["items"]
    scene.names["voice"] = next(voice["id"] for voice in after if voice["id"] not in before)
    ok(await house.supervisor.post(f"/v1/voices/{scene.names['voice']}/answer", scene.said.words("answer")))


async def says(house: House, said: dict[str, Any]) -> httpx2.Response:
    """Somebody without a token says how it was."""
    return await house.http.post("/v1/voices", json=said)


async def _set_share(house: House) -> None:
    """Every encounter of the night van is drawn, since before the scene began."""
    shares, van = table_of(SamplingShare), house.teams["night van"]
    if not (await house.rows(select(shares.c.id).where(shares.c.team_id == van)))[0]:
        unit = Unit()
        unit.keep(SamplingShare(team_id=van, from_on=date(2026, 1, 1), percent=100))
        await house.installation.database.commit(unit)
