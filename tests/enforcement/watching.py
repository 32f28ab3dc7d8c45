"""What agencies find at every door that they can reach, held against the reference."""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import httpx2

from tests.enforcement.histories import History, as_kept
from tests.enforcement.lives import Told, may_be_told
from tests.world import Caller
from true_api.security.roles import Purpose, Role
from true_api.security.signing_in import grant_for

LIFETIME = 600


class Misled(AssertionError):
    """A door told an agency something else than the reference says."""


def same(found: Any, expected: Any, where: str) -> None:
    """Raises `Misled` where a door told something else."""
    if found != expected:
        raise Misled(f"{where}\n told: {found}\n may:  {expected}")


@dataclass
class Eye:
    """One token of one agency, and what it has kept: cursors, ETags and codes."""

    agency: str
    caller: Caller
    purpose: str
    token: str = ""
    since: Any = None
    cursors: dict[str, tuple[str, Any]] = field(default_factory=dict)
    etags: dict[str, str] = field(default_factory=dict)
    codes: dict[str, None] = field(default_factory=dict)

    async def asks(self, method: str, path: str, json: Any = None, **headers: str) -> httpx2.Response:
        """One request with the token as it was issued, however long ago."""
        content = {} if json is None else {"json": json}
        signed = {"Authorization": f"Bearer {self.token}", **headers}
        return await self.caller.house.http.request(method, path, headers=signed, **content)


@dataclass
class Watch:
    """Every token of every agency at every door."""

    history: History
    eyes: list[Eye]
    names: dict[str, str] = field(default_factory=dict)
    """The id of each referral, by the reference that its agency knows it by now."""
    before: dict[str, bytes] = field(default_factory=dict)
    known: dict[str, None] = field(default_factory=dict)
    """Every reference of a referral that any agency was ever given, in the order in which they were first seen."""
    owners: dict[str, str] = field(default_factory=dict)
    """The agency to which each reference was ever given."""
    tonight: dict[str, int] = field(default_factory=dict)
    """What each agency last said of its places."""
    told: Counter[str] = field(default_factory=Counter)
    """How often each door told something of somebody, and withheld it: a watch that sees nothing proves nothing."""

    @classmethod
    def over(cls, history: History) -> "Watch":
        """A token for each purpose of use, also for those that no agency has."""
        return cls(
            history,
            [Eye(name, caller, purpose.value) for name, caller in history.agencies.items() for purpose in Purpose],
        )

    def issue(self) -> None:
        """New tokens where the old ones ran out; else what was issued before whatever happened is used after it."""
        now, tokens = self.history.house.clock.now(), self.history.house.installation.tokens
        for eye in self.eyes:
            if eye.since is None or now - eye.since >= timedelta(seconds=LIFETIME):
                eye.token, eye.since = _token(eye, tokens, now), now

    async def look(self, doors: Iterable[str] | None = None, share: float = 1.0) -> None:
        """Every token at every door, or a share of both. Raises `Misled` where anything else is told than may be."""
        self.names = await as_kept(self.history)
        self.known |= dict.fromkeys(self.names)
        agency = {asked.id: asked.agency for person in self.history.lives.people for asked in person.asked}
        self.owners |= {posted.reference: posted.agency for posted in self.history.lives.posted}
        self.owners |= {reference: agency[one] for reference, one in self.names.items() if one in agency}
        for eye in self.eyes:
            told = may_be_told(self.history.lives, eye.agency, eye.purpose, self.history.today)
            for name in doors or DOORS:
                if self.history.chance.random() < share * self._weight(eye, told):
                    await DOORS[name](self, eye, told)

    def _weight(self, eye: Eye, told: Told | None) -> float:
        """Who is told of somebody is looked at more often than who is not, and least who is refused at every door."""
        if told is None:
            return 0.1
        about = [word for person in self.history.lives.people for word in person.words if not word.over]
        return 2.0 if any(eye.agency in word.agencies for word in about) else 1.0


def _token(eye: Eye, tokens: Any, now: Any) -> str:
    """A token for this purpose; nobody issues an agency one for a purpose that it does not have, so that is forged."""
    grant = grant_for(eye.caller.id, str(eye.caller.id), Role.AGENCY, eye.caller.organization_id)
    return str(tokens.issue(replace(grant, purpose_of_use=eye.purpose), now, LIFETIME))


Look = Callable[[Watch, Eye, Told | None], Awaitable[None]]
DOORS: dict[str, Look] = {}
"""How each door that an agency can reach is looked through; tests/enforcement/doors.py fills it."""
