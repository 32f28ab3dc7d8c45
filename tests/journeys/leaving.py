"""A whole life in the program, and what is looked for in every table and file once the person has left."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
from sqlalchemy import select

from tests.stories.steps import agrees, demand, emergency, items, moves, refers
from tests.world import Caller, House, encounter, intake, ok, recall
from true_api.kernel.rows import metadata, table_of
from true_api.privacy.cases import Participant, RealmCode
from true_api.privacy.keyring_tables import data_keys, keyring_metadata
from true_api.security.installation import Installation

THEN = datetime(2026, 10, 20, 17, 0, tzinfo=UTC)
"""When the person was here: nobody else does anything on these days."""
DAYS = (date(2026, 10, 13), date(2026, 10, 14), date(2026, 10, 20))
ASKED = {"asked_by": "participant"}

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
CODE = re.compile(r"(?<![\w-])[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}(?![\w-])")

STAYS = {
    "trail_entries.record_id": "the trail only grows; what it names exists no more (docs/adr/0016)",
    "consents_kept_apart.reference": "what accounting law asks for, by reference alone",
    "feed_days.day": "a day of the feed itself, whoever was here on it",
    "feed_entries.name": "for 30 days, so that whoever keeps a copy hears that the name leads nowhere (docs/adr/0043)",
}


@dataclass
class Life:
    """Somebody's codes, and every id and reference under which anybody ever saw a record of theirs."""

    code: str = ""
    codes: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    person_ids: set[str] = field(default_factory=set)
    consents: set[str] = field(default_factory=set)

    @property
    def path(self) -> str:
        """The person's place in the API."""
        return f"/v1/participants/{self.code}"

    @property
    def everything(self) -> set[str]:
        """All of it, as a database would hold it: without dashes, in lower case."""
        return {plain(name) for name in self.codes | self.ids | self.person_ids}

    @property
    def of_the_person(self) -> set[str]:
        """What stands for the person rather than for a record of theirs."""
        return {plain(name) for name in self.codes | self.person_ids}


def plain(name: object) -> str:
    """A name of something, however it is written."""
    return str(name).replace("-", "").lower()


@contextmanager
def watched(house: House, life: Life) -> Iterator[None]:
    """Every id and code that any answer shows in the meantime."""

    async def look(answer: httpx2.Response) -> None:
        text = (await answer.aread()).decode("utf-8", "replace")
        life.ids |= set(ID.findall(text))
        life.codes |= set(CODE.findall(text))

    hooks = house.http.event_hooks
    house.http.event_hooks = {"response": [look]}
    try:
        yield
    finally:
        house.http.event_hooks = hooks


async def comes_once(house: House) -> Life:
    """One person who was announced and met once: words under two keys, their own and that of the request."""
    now, life = house.clock.now(), Life()
    house.clock.set(THEN)
    with watched(house, life):
        life.code = await house.peer.enrolls()
        await house.peer.records(life.code, occurred_on="2026-10-13", note="Sat by the river.")
        await _was_announced(house, life)
    await _complete(house, life)
    house.clock.set(now)
    return life


async def lives(house: House) -> Life:
    """One person and everything that the program can know of them."""
    now, life = house.clock.now(), Life()
    house.clock.set(THEN)
    with watched(house, life):
        life.code = await house.peer.enrolls(age_band="25_34", languages=["en", "es"])
        await _is_met(house.peer, life.code)
        said = {"occurred_on": "2026-10-14", "importance": 7, "what_helps": "mornings by the water"}
        ok(await house.peer.post(f"{life.path}/readiness-notes", said))
        await _is_referred(house, life)
        await _was_announced(house, life)
        await _leaves_word(house, life)
        await _is_known_to_others(house, life)
        await _is_asked_about(house, life)
    await _complete(house, life)
    house.clock.set(now)
    return life


async def _is_met(peer: Caller, code: str) -> None:
    acts = [{"act": "listening"}, {"act": "naloxone_given", "quantity": 2}]
    met = await peer.records(code, occurred_on="2026-10-13", acts=acts, note="Sat by the river.")
    better = encounter(occurred_on="2026-10-14", outcome="brief", acts=acts[1:], note="Sat by the other river.")
    ok(await peer.post(f"/v1/encounters/{met['id']}/amendments", better))
    twice = await peer.records(code, occurred_on="2026-10-14")
    ok(await peer.post(f"/v1/encounters/{twice['id']}/void", {"reason": "recorded_twice"}))


async def _is_referred(house: House, life: Life) -> None:
    harbor, bridge = house.organizations["harbor"], house.organizations["bridge"]
    life.consents.add((await agrees(house.peer, life.code, harbor))["reference"])
    arranged = {"on": "2026-10-20", "location": "The side door.", "bring": ["any_id"]}
    asked = await refers(house.peer, life.code, harbor, arrangement=arranged, wishes=["with_pet"])
    anew = {"organization_id": str(harbor), "arrangement": {**arranged, "held_until": "2026-10-20"}}
    referral = ok(await house.peer.post(f"/v1/referrals/{asked['id']}/reroute", anew))
    await moves(house.agency, referral["reference"], "accepted", hand_off={"how": "in_person", "arrived": "yes"})
    ok(await house.agency.get(f"/v1/referrals/{referral['reference']}"))
    promised = {"kind": "accompaniment", "on": "2026-10-20", "referral_id": referral["id"]}
    promise = ok(await house.peer.post(f"{life.path}/promises", promised))
    ok(await house.peer.post(f"/v1/promises/{promise['id']}/kept"))
    other = await agrees(house.peer, life.code, bridge)
    life.consents.add(other["reference"])
    ok(await house.peer.post(f"{life.path}/consents/{other['id']}/revoke"))


async def _was_announced(house: House, life: Life) -> None:
    words = {"own_reference": "case 77", "note": "Waits by the door."}
    posted = ok(await house.agency.post("/v1/intake-requests", intake(**words)))
    queue = await items(house.peer, "/v1/intake-requests")
    (request,) = [item for item in queue if item["reference"] == posted["reference"]]
    tried = {"attempted_on": "2026-10-14", "result": "not_there"}
    ok(await house.peer.post(f"/v1/intake-requests/{request['id']}/attempts", tried))
    ok(await house.peer.post(f"/v1/intake-requests/{request['id']}/connection", {"code": life.code}))
    ok(await house.agency.get(f"/v1/intake-requests/{posted['reference']}"))


async def _leaves_word(house: House, life: Life) -> None:
    ok(await house.peer.call("PUT", f"{life.path}/recall", recall()))
    contact = {"channel": "in_person", "what_to_say": "Say that it is the book club."}
    ok(await house.peer.call("PUT", f"{life.path}/safe-contact", {"contact": contact, "okay_to_check_in": "yes"}))
    # A near hit waits for a supervisor, and names the person as long as it does.
    almost = recall(answers=["somebody else", *recall()["answers"][1:]])
    ok(await house.colleague.post("/v1/participants/recall", almost))


async def _is_known_to_others(house: House, life: Life) -> None:
    ok(await house.stranger.post("/v1/caseload", {"code": life.code}))
    await house.stranger.records(life.code, occurred_on="2026-10-13")
    ok(await house.supervisor.post(f"{life.path}/assignments", {"member_id": str(house.colleague.id)}))
    ok(await house.supervisor.post("/v1/legal-holds", {"code": life.code, "expires_on": "2027-10-01"}))


async def _is_asked_about(house: House, life: Life) -> None:
    """Medical personnel were told in an emergency, and the law asks."""
    told = emergency(life.code, disclosed_on="2026-10-13", facility="the clinic by the river")
    ok(await house.peer.post("/v1/emergency-disclosures", told))
    came = ok(await house.supervisor.post("/v1/legal-demands", demand(code=life.code, received_on="2026-10-14")))
    to_counsel = {"to": "with_counsel", "counsel": "legal_aid"}
    ok(await house.supervisor.post(f"/v1/legal-demands/{came['id']}/transitions", to_counsel))


async def _complete(house: House, life: Life) -> None:
    """What no answer shows, and without what they show of others: accounts are nobody's record."""
    codes, people = table_of(RealmCode), table_of(Participant)
    found = await house.rows(select(codes), select(people.c.id))
    mine = {row.participant_id for row in found[0] if row.code == life.code.replace("-", "")}
    life.person_ids = {str(identity) for identity in mine}
    life.codes |= {row.code for row in found[0] if row.participant_id in mine}
    accounts = {*house.organizations.values(), *house.teams.values(), *(caller.id for caller in house.people.values())}
    life.ids -= {str(identity) for identity in accounts} | life.consents


async def links(house: House, one: str, other: str) -> None:
    """A supervisor says that two records are of one person."""
    ok(await house.supervisor.post(f"/v1/participants/{one}/links", {"code": other}))


async def whatever_is_left(house: House, life: Life) -> list[str]:
    """Every column of every table of both stores that holds an id, a code or an exact day of the person."""
    return await left_in(house.installation, life)


async def left_in(installation: Installation, life: Life) -> list[str]:
    """The same of an installation that nobody has opened."""
    left: set[str] = set()
    for tables, database in (
        (metadata.sorted_tables, installation.database),
        (keyring_metadata.sorted_tables, installation.keyring.database),
    ):
        for table in tables:
            for row in (await database.read(select(table)))[0]:
                # The program's own keys are about nobody, whatever the day on which they were made.
                if table is not data_keys or row.id.version != 5:
                    left |= {f"{table.name}.{name}" for name, value in row._mapping.items() if _tells(value, life)}
    return sorted(left - STAYS.keys())


def _tells(value: Any, life: Life) -> bool:
    if isinstance(value, datetime):
        return False
    if isinstance(value, date):
        return value in DAYS
    text = plain(value.hex() if isinstance(value, bytes) else value)
    return any(name in text for name in life.everything)


def left_in_files(folder: Path, life: Life) -> list[str]:
    """Every file of an installation that holds the person's code or former id, in any of the ways they are written."""
    forms = {form for name in life.of_the_person for form in _forms(name)}
    files = (file for file in folder.rglob("*") if file.is_file() and "backups" not in file.parts)
    return sorted(str(file.relative_to(folder)) for file in files if any(form in file.read_bytes() for form in forms))


def _forms(name: str) -> Iterator[bytes]:
    yield name.encode()
    yield name.upper().encode()
    if len(name) == 32:
        yield str(UUID(name)).encode()
        yield UUID(name).bytes
