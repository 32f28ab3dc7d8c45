"""The stage: the company, and what its members have been told so far (codes, ids, references)."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from true_api.cli.story.inside import Caller


@dataclass
class Company:
    """Everybody who calls, by their place in the cast; agencies call by their systems, or by their workers."""

    admin: Caller
    peers: list[Caller] = field(default_factory=list)
    supervisors: list[Caller] = field(default_factory=list)
    agencies: list[Caller] = field(default_factory=list)
    agency_workers: list[Caller] = field(default_factory=list)
    integrators: list[Caller] = field(default_factory=list)
    agency_ids: list[str] = field(default_factory=list)
    client_secrets: dict[str, str] = field(default_factory=dict)


@dataclass
class Stage:
    """What steps need of the steps before them. Codes and ids are random; only their numbers are in the diary."""

    company: Company
    codes: dict[int, str] = field(default_factory=dict)
    told: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)

    def of_person(self, person: int, place: str = "") -> str:
        """The path to a participant, by their code."""
        return f"/v1/participants/{self.codes[person]}{place}"


class Step(Protocol):
    """One thing that somebody does through a door."""

    async def carry_out(self, stage: Stage) -> None:
        """Do it."""
