"""The scene that every door is visited in: somebody on a caseload with one record of each kind, and accounts.

Longer than 300 lines because whatever doors need stands in one place, so that a visit is written without a search.
"""

from dataclasses import dataclass, field
from itertools import count, cycle
from typing import Any
from uuid import UUID

from sqlalchemy import select

from tests.house.set_colleagues import set_colleagues
from tests.house.set_directory import set_directory
from tests.house.set_exports import set_exports
from tests.house.set_submissions import set_submissions
from tests.rooms.planning import own_plan, safety_plan
from tests.security.trails import settle
from tests.stories.steps import demand, emergency
from tests.world import Caller, House, intake, ok, recall
from true_api.kernel.rows import table_of
from true_api.rooms.capacity.tables import CapacityAnswer
from true_api.rooms.matching.vocabulary import LivedExperience
from true_api.rooms.offers.tables import OfferInvitation
from true_api.security.roles import Role

SEALED, ENDED = "2026-09", "2026-10"
"""A month that the scene finds sealed, and one that has ended and waits for it."""

QUIET = "Slept by the river, and wants to talk again."
"""A note in which there is nothing to find."""

ARRANGED = {"on": "2027-02-03", "bring": ["any_id"], "location": "The side door.", "ask_for_desk": "the day desk"}
"""Where and when somebody is expected."""

SAMPLE = {
    "collected_in": "2026-11",
    "expected": "heroin",
    "form": "powder",
    "results": [{"target": "fentanyl", "method": "strip", "result": "detected"}],
}
"""A sample, and what a strip said of it."""

OF_READINESS = ("what_helps", "what_gets_in_the_way", "next_step_words", "focus_words")

TERMS, HIDDEN = "/v1/vocabularies/terms", "/v1/vocabularies/hidden-terms"
HIDDEN_TERMS = cycle(LivedExperience)
"""Shared terms that may be hidden, one after the other."""

numbers = count(1)
"""For names that nobody has yet."""


@dataclass(frozen=True)
class Said:
    """What stands in every text of the scene: in those that the guard reads, and in those that are exempt from it."""

    note: str = QUIET
    exempt: str = "desk 4"

    def words(self, *fields: str) -> dict[str, Any]:
        """These fields of a draft, whose probable names were looked at."""
        return {**dict.fromkeys(fields, self.note), "names_confirmed": True}

    def contact(self) -> dict[str, Any]:
        """A safe contact."""
        return {"channel": "call", "reach_at": self.exempt, "what_to_say": self.note, "hours": ["evening"]}


@dataclass
class Scene:
    """Somebody on the peer's caseload with one record of each kind, and accounts to look at: their names and ETags."""

    names: dict[str, str] = field(default_factory=dict)
    etags: dict[str, str] = field(default_factory=dict)
    said: Said = Said()


async def set_scene(house: House, said: Said = Said()) -> Scene:
    """Everything that a door may lead to, made through the doors; every text that it can hold says something."""
    scene = Scene({"colleague": str(house.colleague.id)}, said=said)
    ok(await house.admin.post("/v1/releases", {"period": SEALED}))
    await set_accounts(house, scene)
    await set_deputy(house, scene)
    await set_submissions(house, scene, _deputy(house, scene))
    await set_exports(house, scene)
    await set_colleagues(house, scene)
    await set_directory(house, scene)
    await set_person(house, scene)
    await set_links(house, scene)
    await set_recall(house, scene)
    await set_parted(house, scene)
    await set_leaver(house, scene)
    await set_trail(house, scene)
    return scene


async def set_trail(house: House, scene: Scene) -> None:
    """An entry of the trail that is sealed by now."""
    await settle(house)
    scene.names["entry"] = ok(await house.admin.get("/v1/audit/entries?limit=1"))["items"][0]["id"]


async def set_deputy(house: House, scene: Scene) -> None:
    """A second supervisor of the night van, because two people hold."""
    account = {
        "organization_id": str(house.organizations["program"]),
        "team_id": str(house.teams["night van"]),
        "role": "supervisor",
        "label": f"deputy {next(numbers)}",
    }
    scene.names["deputy"] = str(ok(await house.admin.post("/v1/members", account))["id"])


async def set_person(house: House, scene: Scene) -> None:
    """A new person on the peer's caseload, with their records, and a new request in the queue."""
    peer, harbor, said = house.peer, str(house.organizations["harbor"]), scene.said
    code = await peer.enrolls(**said.words("pronouns", "gender_words"))
    person = f"/v1/participants/{code}"
    arranged = {**ARRANGED, "location": said.note, "ask_for_desk": said.note}
    asked = {"organization_id": harbor, "need": "recovery-housing", "arrangement": arranged, **said.words("note")}
    referral = ok(await peer.post(f"{person}/referrals", asked))
    request = intake(safe_contact=said.contact(), own_reference=said.exempt, **said.words("note"))
    reference = str(ok(await house.agency.post("/v1/intake-requests", request))["reference"])
    note = {"occurred_on": "2026-11-01", "focus": "other", **said.words(*OF_READINESS)}
    ok(await peer.call("PUT", f"{person}/safe-contact", {"contact": said.contact(), "names_confirmed": True}))
    queue = ok(await peer.get("/v1/intake-requests"))["items"]
    scene.names |= {
        "code": code,
        "note": ok(await peer.post(f"{person}/readiness-notes", note))["id"],
        "consent": ok(await peer.post(f"{person}/consents", {"preset": "referral_loop", "organization_id": harbor}))[
            "id"
        ],
        "referral": referral["id"],
        "referral_reference": referral["reference"],
        "request": next(item["id"] for item in queue if item["reference"] == reference),
        "request_reference": reference,
    }
    await set_encounter(house, scene)
    await set_promise(house, scene)
    met = ok(await peer.post("/v1/intake-requests", intake(source="walk_in")))["id"]
    ok(await peer.post(f"/v1/intake-requests/{met}/connection", {"code": code}))
    scene.names |= {"connected": str(met), "harbor": harbor}
    hold = {"code": code, "expires_on": "2027-05-01"}
    scene.names["hold"] = str(ok(await _deputy(house, scene).post("/v1/legal-holds", hold))["id"])
    await set_outside(house, scene)
    scene.names["batch"] = str(ok(await peer.post("/v1/code-batches", {"size": 2}))["id"])
    await set_offers(house, scene)
    await set_supply_watch(house, scene)
    await set_stock(house, scene)
    await set_plans(house, scene)
    scene.etags["participants"] = (await peer.get(person)).headers["etag"]


async def set_encounter(house: House, scene: Scene) -> None:
    """A contact with the person, and what was noted of it."""
    kept = await house.peer.records(scene.names["code"], **scene.said.words("note"))
    scene.names["encounter"] = str(kept["id"])


async def set_promise(house: House, scene: Scene) -> None:
    """That somebody goes along, the day the person is expected."""
    promised = {"kind": "accompaniment", "on": "2027-02-01", "referral_id": scene.names["referral"]}
    kept = ok(await house.peer.post(f"/v1/participants/{scene.names['code']}/promises", promised))
    scene.names["promise"] = str(kept["id"])


async def set_supply_watch(house: House, scene: Scene) -> None:
    """An overdose that somebody wanted kept with their record, a sample, an alert that waits, and one that is told."""
    happened = {"kind": "overdose", "occurred_on": "2026-11-01", "link_to_person": True, "code": scene.names["code"]}
    check = ok(await house.peer.post("/v1/drug-checks", SAMPLE))
    noticed = {"message": "long_sedation", "drug_check_id": check["id"], "found": scene.said.note}
    scene.names |= {
        "overdose": str(ok(await house.peer.post("/v1/overdose-events", happened))["id"]),
        "check": str(check["id"]),
        "check_result": str(check["results"][0]["id"]),
    }
    for name in ("alert", "told_alert"):
        draft = {**noticed, "names_confirmed": True}
        scene.names[name] = str(ok(await house.peer.post("/v1/alerts", draft))["id"])
    ok(await _deputy(house, scene).post(f"/v1/alerts/{scene.names['told_alert']}/confirmation", {}))


async def set_plans(house: House, scene: Scene) -> None:
    """Both plans of the person, and those of somebody else who looks at theirs again."""
    person = f"/v1/participants/{scene.names['code']}"
    other = f"/v1/participants/{await house.peer.enrolls()}"
    for place, names in ((person, ("safety_plan", "own_plan")), (other, ("reviewed_plan", "reviewed_own_plan"))):
        drafts = {"safety-plans": safety_plan(scene.said.note), "plans": own_plan(scene.said.note)}
        for name, (kind, draft) in zip(names, drafts.items(), strict=True):
            kept = ok(await house.peer.post(f"{place}/{kind}", {**draft, "names_confirmed": True}))
            scene.names[name] = str(kept["id"])


async def set_stock(house: House, scene: Scene) -> None:
    """A site of the night van with a lot of naloxone, and a movement that can be taken back."""
    site = ok(await house.supervisor.post("/v1/sites", {"label": f"Shelf {next(numbers)}"}))["id"]
    came = {"kind": "receive", "item": "naloxone_nasal_4mg", "quantity": 24, "occurred_on": "2026-11-01"}
    moved = {"site_id": site, "lot": "NX2107", "expires_on": "2028-06-30", **came}
    scene.names |= {"site": site, "movement": ok(await house.peer.post("/v1/supplies/movements", moved))["id"]}
    scene.etags["sites"] = (await house.supervisor.get(f"/v1/sites/{site}")).headers["etag"]


async def set_offers(house: House, scene: Scene) -> None:
    """A need that is offered and one that the harbor holds, a question about places, and what is said of tonight."""
    person = f"/v1/participants/{scene.names['code']}"
    harbor = str(house.organizations["harbor"])
    invitations, answers = table_of(OfferInvitation), table_of(CapacityAnswer)
    for name in ("offer", "held_offer"):
        offer = ok(await house.peer.post(f"{person}/offers", {"need": "wound-care", "language": "es"}))["id"]
        its_own = invitations.c.open_need_id == UUID(offer), invitations.c.organization_id == UUID(harbor)
        reference = (await house.rows(select(invitations.c.reference).where(*its_own)))[0][0].reference
        scene.names |= {name: offer, f"{name}_reference": str(reference), "harbor": harbor}
    ok(await house.agency.post(f"/v1/offers/{scene.names['held_offer_reference']}/claim"))
    asked = {"need": "wound-care", "organization_ids": [harbor]}
    question = ok(await house.peer.post("/v1/capacity-questions", asked))["id"]
    of_harbor = select(answers.c.reference).where(answers.c.question_id == UUID(question))
    scene.names |= {
        "question": question,
        "question_reference": str((await house.rows(of_harbor))[0][0].reference),
    }
    ok(await house.agency.call("PUT", "/v1/agency/tonight", {"takes_people_tonight": True}))


async def set_outside(house: House, scene: Scene) -> None:
    """What medical personnel were told of the person, and what the law asks for."""
    told = emergency(scene.names["code"], **scene.said.words("facility"))
    came = demand(code=scene.names["code"])
    scene.names |= {
        "emergency": str(ok(await house.peer.post("/v1/emergency-disclosures", told))["id"]),
        "demand": await _with_counsel(house, came),
    }


async def set_leaver(house: House, scene: Scene) -> None:
    """Somebody who agreed to something once, and was forgotten: the reference on their paper is all that is left."""
    code = await house.peer.enrolls()
    agreed = {"preset": "referral_loop", "organization_id": str(house.organizations["harbor"])}
    consent = ok(await house.peer.post(f"/v1/participants/{code}/consents", agreed))
    ok(await house.supervisor.post(f"/v1/participants/{code}/forget", {"asked_by": "participant"}))
    scene.names["forgotten_consent"] = str(consent["reference"])


def _deputy(house: House, scene: Scene) -> Caller:
    program = house.organizations["program"]
    return Caller("deputy", UUID(scene.names["deputy"]), Role.SUPERVISOR, program, False, house)


async def set_links(house: House, scene: Scene) -> None:
    """Two records of one person that are linked, and a third that can be."""
    linked, other, to_link = [await house.peer.enrolls() for _ in range(3)]
    link = ok(await house.supervisor.post(f"/v1/participants/{linked}/links", {"code": other}))["id"]
    scene.names |= {"linked": linked, "to_link": to_link, "link": str(link)}


async def set_parted(house: House, scene: Scene) -> None:
    """With one person the way ended, another died; a member is kept apart from a third, and stands in for a deputy."""
    moved, died, apart, left = [await house.peer.enrolls() for _ in range(4)]
    known = {"known_from": "2026-11-01", "confirmed": True}
    for code, kind in ((moved, "moved"), (died, "died")):
        ok(await house.peer.post(f"/v1/participants/{code}/ending", {"kind": kind, **known}))
    week, excluded = {"since": "2026-11-02", "until": "2026-11-06"}, {"member_id": str(house.stranger.id)}
    away = {"away_id": scene.names["deputy"], "covering_id": str(house.peer.id), **week}
    scene.names |= {
        "parted": moved,
        "apart": apart,
        "left": left,
        "debrief": ok(await house.peer.get("/v1/debriefs"))["items"][0]["id"],
        "cover": ok(await house.supervisor.post("/v1/covers", away))["id"],
        "exclusion": ok(await house.supervisor.post(f"/v1/participants/{apart}/exclusions", excluded))["id"],
    }


async def set_recall(house: House, scene: Scene) -> None:
    """Somebody who comes without a card, whom a peer did not quite find: a supervisor can approve it."""
    code, told = await house.peer.enrolls(), recall()
    ok(await house.peer.call("PUT", f"/v1/participants/{code}/recall", told))
    near = {**told, "answers": ["another", *told["answers"][1:]]}
    scene.names["recall_try"] = str(ok(await house.peer.post("/v1/participants/recall", near))["reference"])


async def set_accounts(house: House, scene: Scene) -> None:
    """A new organization, team, member and client, and a new term of the program's own."""
    number, harbor = next(numbers), str(house.organizations["harbor"])
    drafts = {
        "organizations": {"kind": "partner_agency", "name": f"Shelter {number}"},
        "teams": {"name": f"Team {number}"},
        "members": {"organization_id": harbor, "role": "agency", "label": f"worker {number}"},
        "clients": {"organization_id": harbor, "role": "agency", "label": f"system {number}"},
    }
    for kind, draft in drafts.items():
        made = str(ok(await house.admin.post(f"/v1/{kind}", draft))["id"])
        scene.names[kind.rstrip("s")] = made
        scene.etags[kind] = (await house.admin.get(f"/v1/{kind}/{made}")).headers["etag"]
    key = {"client_id": str(house.integrator.id), "label": f"board {number}", "expires_on": "2027-10-31"}
    scene.names["release_key"] = str(ok(await house.admin.post("/v1/release-keys", key))["id"])
    zone = {"vocabulary": "zone", "key": f"zone-{number}", "label": f"Zone {number}"}
    term = scene.names["term"] = str(ok(await house.admin.post(TERMS, zone))["id"])
    hidden = {"vocabulary": "lived_experience", "term": next(HIDDEN_TERMS)}
    scene.names["hidden_term"] = str(ok(await house.admin.post(HIDDEN, hidden))["id"])
    scene.etags["vocabularies/terms"] = (await house.admin.get(f"{TERMS}/{term}")).headers["etag"]


async def _with_counsel(house: House, came: dict[str, Any]) -> str:
    """A demand that counsel has seen; its id."""
    demanded = str(ok(await house.supervisor.post("/v1/legal-demands", came))["id"])
    seen = {"to": "with_counsel", "counsel": "legal_aid"}
    ok(await house.supervisor.post(f"/v1/legal-demands/{demanded}/transitions", seen))
    return demanded
