"""Steps that many stories take: agreeing, referring, reading on to the last page."""

from typing import Any
from uuid import UUID

from tests.world import Caller, House, ok, refused


def emergency(code: str, **over: Any) -> dict[str, Any]:
    """An ambulance was told last night what the person had taken."""
    told = {"recipient": "ambulance_service", "nature": "overdose", "information": ["naloxone_given"]}
    return {"code": code, **told, "disclosed_on": "2026-11-01", "part_of_day": "night", **over}


def demand(**over: Any) -> dict[str, Any]:
    """A lawyer's subpoena came in."""
    return {"kind": "subpoena", "asked_by": "attorney", "received_on": "2026-11-02", **over}


async def agrees(caller: Caller, code: str, agency: UUID, **over: Any) -> dict[str, Any]:
    """The person agrees that an agency may receive what a referral says."""
    return ok(await caller.post(f"/v1/participants/{code}/consents", {**named(agency), **over}))


def named(agency: object, **over: Any) -> dict[str, Any]:
    """A consent that names one agency, for referrals alone."""
    return {"preset": "referral_loop", "organization_id": str(agency), "categories": ["referral"], **over}


async def refers(caller: Caller, code: str, agency: UUID, **over: Any) -> dict[str, Any]:
    """An agency is asked for recovery housing."""
    asked = {"organization_id": str(agency), "need": "recovery-housing", **over}
    return ok(await caller.post(f"/v1/participants/{code}/referrals", asked))


async def moves(caller: Caller, referral: str, to: str, **why: Any) -> dict[str, Any]:
    """A referral goes on: the program names it by its id, an agency by its reference."""
    return ok(await caller.post(f"/v1/referrals/{referral}/transitions", {"to": to, **why}))


async def items(caller: Caller, path: str) -> list[dict[str, Any]]:
    """The first page of a list."""
    return list(ok(await caller.get(path))["items"])


SAID = (
    frozenset({"words_kept", "returned", "guidance", "note", "given", "step_notes", "own_reference", "safe_contact"})
    | frozenset(
        {
            "what_helps",
            "what_gets_in_the_way",
            "next_step_words",
            "focus_words",
            "location",
            "ask_for_desk",
            "hand_offs",
        }
    )
    | frozenset({"next_staffed_at", "if_it_cannot_wait"})
)
"""What an answer says of words, the words themselves, gifts, and a receipt; every list leaves it out."""


def facts(answer: dict[str, Any]) -> dict[str, Any]:
    """A record without its words, and without those of what is inside it: what stands of it in a list."""
    return {
        name: facts(value) if isinstance(value, dict) else value for name, value in answer.items() if name not in SAID
    }


async def every_item(caller: Caller, path: str, limit: int) -> list[dict[str, Any]]:
    """A list read page by page to its end."""
    found: list[dict[str, Any]] = []
    at: dict[str, Any] = {"limit": limit}
    while True:
        page = ok(await caller.get(path, params=at))
        assert len(page["items"]) <= limit
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        assert len(page["items"]) == limit
        at["cursor"] = page["next_cursor"]


async def referred_with_consent(house: House) -> tuple[str, dict[str, Any]]:
    """Somebody who agreed, and was referred to the harbor: their code, and the referral as the program sees it."""
    code = await house.peer.enrolls()
    await agrees(house.peer, code, house.organizations["harbor"])
    return code, await refers(house.peer, code, house.organizations["harbor"])


async def absent(caller: Caller, path: str) -> None:
    """There is nothing here for this caller."""
    refused(await caller.get(path), 404, "not_found")
