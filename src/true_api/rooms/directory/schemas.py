"""What callers say and see of the directory beside the entries themselves, whose shapes are those of HSDS."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, Strict

from true_api.kernel.schemas import Draft, Flag, View, examples
from true_api.privacy.profile import TermKey
from true_api.privacy.terms import Need

SERVICE = "5b0f3c52-8f0e-4b56-9c1d-2f6a7e1d3c40"
LINE = {
    "kind": "service",
    "id": SERVICE,
    "name": "Night drop-in",
    "active": True,
    "public": True,
    "kept_by": None,
    "assured_on": "2026-09-14",
    "stale": False,
}
FOUND = {
    "service_id": SERVICE,
    "place_id": "8a9d1f20-66c1-4f0e-8c5d-90b1e2f3a4b5",
    "name": "Night drop-in",
    "organization": "Harbor Recovery Housing",
    "location": "Harbor House",
    "address": "12 Pier Road, Riverside",
    "redacted": False,
    "phones": ["+1 555 0100"],
    "languages": ["English", "Spanish"],
    "eligibility": "Anybody who needs a bed for the night.",
    "minimum_age": 18,
    "maximum_age": None,
    "open_now": True,
    "tonight": {"takes_people_tonight": True, "places": 3, "minutes_old": 40},
    "free": [{"unit": "bed", "available": 3, "updated": "2026-11-02T18:00:00Z"}],
    "assured_on": "2026-09-14",
    "stale": False,
}
LanguageSought = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z -]{1,39}$")]
WordsSought = Annotated[str, Field(min_length=1, max_length=200)]


class DirectoryLine(View):
    """An entry in a list: what it is called, whether it is offered, and how fresh what is said of it is."""

    model_config = examples(LINE)

    kind: str = Field(description="The name of the object in HSDS 3.1.")
    id: UUID = Field(description="Its id in HSDS.")
    name: str | None
    active: bool
    public: bool = Field(description="False: nobody outside of the program is shown it.")
    kept_by: UUID | None = Field(
        description="The partner agency that keeps it; null for the program, and to other agencies."
    )
    assured_on: date | None = Field(description="The day on which somebody last made sure that it is right.")
    stale: bool = Field(description="True for a service that nobody has made sure of for half a year.")


class DirectoryRecord(DirectoryLine):
    """An entry in full, in the nested layout of HSDS 3.1."""

    model_config = examples(
        {**LINE, "record": {"id": SERVICE, "name": "Night drop-in", "status": "active", "assured_date": "2026-09-14"}}
    )

    record: dict[str, Any]


class ImportReport(View):
    """What a package brought, in entries; its parts (phones, schedules, addresses ...) are counted with their entry."""

    model_config = examples(
        {
            "id": "01936f21-0b1c-7d2e-9f3a-4b5c6d7e8f90",
            "imported_on": "2026-11-02",
            "kept_by": None,
            "added": 31,
            "changed": 2,
            "unchanged": 140,
            "loose": 0,
        }
    )

    id: UUID
    imported_on: date
    kept_by: UUID | None
    added: int
    changed: int
    unchanged: int
    loose: int = Field(description="Parts that stand in nothing that came with them; they are kept, and shown nowhere.")


class DirectorySearch(Draft):
    """What somebody looks for. It is asked in a body, so that no need stands in an address; nothing of it is kept."""

    model_config = examples({"need": "recovery-housing", "language": "es", "age": 24, "open_now": True})

    need: Need | None = Field(None, description="By the taxonomy terms of a service, or those above them.")
    taxonomy_term_id: UUID | None = Field(None, description="This term, or one below it.")
    language: LanguageSought | None = Field(None, description="Its ISO 639 code, or its name in English.")
    age: Annotated[int, Strict()] | None = Field(None, ge=0, le=120, description="Services for people of this age.")
    open_now: Flag = Field(False, description="At this moment; hours that cannot be followed are not open.")
    tonight: Flag = Field(False, description="Whose agency takes people tonight, by its own word that still holds.")
    zone: TermKey | None = Field(None, description="The key of one of the program's zones.")
    has_capacity: Flag = Field(False, description="With something free, by what is kept in the directory.")
    text: WordsSought | None = Field(None, description="All of these words, in names and descriptions.")
    limit: Annotated[int, Strict()] = Field(20, ge=1, le=100, description="Places per page.")
    cursor: str | None = Field(None, max_length=512, description="`next_cursor` of the page before.")


class PlacesFree(View):
    """What a service has free, in which unit, and since when that is said."""

    unit: str | None
    available: float
    updated: str


class SaidOfTonight(View):
    """What the agency of a service says of tonight, and how old that is."""

    takes_people_tonight: bool
    places: int | None
    minutes_old: int


class PlaceFound(View):
    """A service at one of its locations. Where that is redacted, only the program is told the address."""

    model_config = examples(FOUND)

    service_id: UUID
    place_id: UUID | None
    name: str
    organization: str | None
    location: str | None
    address: str | None
    redacted: bool
    phones: list[str]
    languages: list[str]
    eligibility: str | None
    minimum_age: float | None
    maximum_age: float | None
    open_now: bool | None = Field(description="Null where the hours are not told in a way that can be followed.")
    tonight: SaidOfTonight | None
    free: list[PlacesFree]
    assured_on: date | None
    stale: bool
