"""The steps with participants: each is one thing that somebody does through a door.

Peers, supervisors and agencies stand in the diary by their place in the cast, participants and records by number.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from true_api.cli.story.stage import Stage

Draft = Mapping[str, object]


@dataclass(frozen=True)
class Enroll:
    """A peer enrolls somebody, who gets a code."""

    peer: int
    person: int
    profile: Draft

    async def carry_out(self, stage: Stage) -> None:
        """Do it."""
        enrolled = await stage.company.peers[self.peer].post("/v1/participants", self.profile)
        stage.codes[self.person] = enrolled["code"]


@dataclass(frozen=True)
class ShowCode:
    """A person shows their code to a peer who has not met them."""

    peer: int
    person: int

    async def carry_out(self, stage: Stage) -> None:
        """Do it."""
        await stage.company.peers[self.peer].post("/v1/caseload", {"code": stage.codes[self.person]})


@dataclass(frozen=True)
class Assign:
    """A supervisor lets another peer of the team work with a person."""

    supervisor: int
    peer: int
    person: int

    async def carry_out(self, stage: Stage) -> None:
        """Do it."""
        company = stage.company
        draft = {"member_id": company.peers[self.peer].id}
        await company.supervisors[self.supervisor].post(stage.of_person(self.person, "/assignments"), draft)


@dataclass(frozen=True)
class ChangeProfile:
    """A person says something about themselves."""

    peer: int
    person: int
    change: Draft

    async def carry_out(self, stage: Stage) -> None:
        """Do it."""
        await stage.company.peers[self.peer].change(stage.of_person(self.person), self.change)


@dataclass(frozen=True)
class LinkRecords:
    """A supervisor says that two records are of one person, who had come back without a card."""

    supervisor: int
    person: int
    other: int

    async def carry_out(self, stage: Stage) -> None:
        """Do it."""
        draft = {"code": stage.codes[self.other]}
        await stage.company.supervisors[self.supervisor].post(stage.of_person(self.person, "/links"), draft)


@dataclass(frozen=True)
class LookBack:
    """A peer reads a person's timeline before they meet."""

    peer: int
    person: int

    async def carry_out(self, stage: Stage) -> None:
        """Do it."""
        await stage.company.peers[self.peer].get(stage.of_person(self.person, "/timeline"), limit=10)


@dataclass(frozen=True)
class Record:
    """A peer records a contact, with a participant or with somebody of whom there is no record."""

    peer: int
    encounter: int
    person: int | None
    draft: Draft

    async def carry_out(self, stage: Stage) -> None:
        """Do it."""
        path = "/v1/encounters" if self.person is None else stage.of_person(self.person, "/encounters")
        stage.told["encounter", self.encounter] = await stage.company.peers[self.peer].post(path, self.draft)


@dataclass(frozen=True)
class Amend:
    """A peer records an encounter anew."""

    peer: int
    encounter: int
    draft: Draft

    async def carry_out(self, stage: Stage) -> None:
        """Do it."""
        recorded = stage.told["encounter", self.encounter]["id"]
        await stage.company.peers[self.peer].post(f"/v1/encounters/{recorded}/amendments", self.draft)


@dataclass(frozen=True)
class Void:
    """A peer says that an encounter should not count."""

    peer: int
    encounter: int
    reason: str

    async def carry_out(self, stage: Stage) -> None:
        """Do it."""
        recorded = stage.told["encounter", self.encounter]["id"]
        await stage.company.peers[self.peer].post(f"/v1/encounters/{recorded}/void", {"reason": self.reason})


@dataclass(frozen=True)
class Note:
    """A peer records what a person said about change."""

    peer: int
    person: int
    draft: Draft

    async def carry_out(self, stage: Stage) -> None:
        """Do it."""
        await stage.company.peers[self.peer].post(stage.of_person(self.person, "/readiness-notes"), self.draft)


@dataclass(frozen=True)
class KeepContact:
    """A person says how they want to be reached."""

    peer: int
    person: int
    draft: Draft

    async def carry_out(self, stage: Stage) -> None:
        """Do it."""
        await stage.company.peers[self.peer].call("PUT", stage.of_person(self.person, "/safe-contact"), self.draft)


@dataclass(frozen=True)
class Consent:
    """A person signs that one agency may learn of a referral and of what became of what it asked for."""

    peer: int
    person: int
    agency: int
    days: int

    async def carry_out(self, stage: Stage) -> None:
        """Do it."""
        named = stage.company.agency_ids[self.agency]
        draft = {"preset": "referral_loop", "organization_id": named, "days": self.days}
        given = await stage.company.peers[self.peer].post(stage.of_person(self.person, "/consents"), draft)
        stage.told[f"consent to {self.agency}", self.person] = given


@dataclass(frozen=True)
class Revoke:
    """A person takes a consent back."""

    peer: int
    person: int
    agency: int

    async def carry_out(self, stage: Stage) -> None:
        """Do it."""
        given = stage.told[f"consent to {self.agency}", self.person]["id"]
        await stage.company.peers[self.peer].post(stage.of_person(self.person, f"/consents/{given}/revoke"))


@dataclass(frozen=True)
class Refer:
    """A peer asks an agency for something that a person wants."""

    peer: int
    person: int
    referral: int
    agency: int
    draft: Draft

    async def carry_out(self, stage: Stage) -> None:
        """Do it."""
        path, named = stage.of_person(self.person, "/referrals"), stage.company.agency_ids[self.agency]
        draft = {**self.draft, "organization_id": named}
        asked = await stage.company.peers[self.peer].post(path, draft, idempotency_key=uuid4().hex)
        stage.told["referral", self.referral] = asked


@dataclass(frozen=True)
class MoveByPeer:
    """A peer moves a referral."""

    peer: int
    referral: int
    move: Draft

    async def carry_out(self, stage: Stage) -> None:
        """Do it."""
        known = stage.told["referral", self.referral]["id"]
        await stage.company.peers[self.peer].post(f"/v1/referrals/{known}/transitions", self.move)


@dataclass(frozen=True)
class MoveByAgency:
    """An agency moves a referral, which it knows by another name."""

    agency: int
    referral: int
    move: Draft
    by_worker: bool = False

    async def carry_out(self, stage: Stage) -> None:
        """Do it."""
        company = stage.company
        caller = (company.agency_workers if self.by_worker else company.agencies)[self.agency]
        known = stage.told["referral", self.referral]["reference"]
        await caller.post(f"/v1/referrals/{known}/transitions", self.move)
