"""Finding a place: the directory, searched by what somebody needs, with what agencies say of tonight beside it.

Everything is read and sifted here, on either engine alike: a program's directory holds hundreds of services, and what
is asked (open now, a need by way of its taxonomy) is nothing that a database answers in one way everywhere.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from true_api.kernel.rows import table_of
from true_api.privacy.cursors import Cursors
from true_api.privacy.terms import Need
from true_api.privacy.zones import must_be_a_zone
from true_api.rooms.capacity.tables import AgencyTonight
from true_api.rooms.directory.hours import is_open, says_hours
from true_api.rooms.directory.schemas import DirectorySearch
from true_api.rooms.directory.service import INSIDE, seen_by
from true_api.rooms.directory.shapes import SHAPES, HsdsObject
from true_api.rooms.directory.shelf import Kept, Shelf
from true_api.rooms.directory.tables import DirectoryEntry
from true_api.security.permits import ListPermit

NAMED = 60
"""Letters of a name by which places are put in order."""
DEEPEST = 12
"""Steps up a taxonomy; none is deeper, and one that leads round in a circle ends here."""
SEARCHED = (HsdsObject.SERVICE, HsdsObject.LOCATION, HsdsObject.ORGANIZATION, HsdsObject.TAXONOMY_TERM, HsdsObject.UNIT)


@dataclass(frozen=True)
class Place:
    """A service, at one of its locations or at none that is told."""

    service: Any
    place: Mapping[str, Any]
    location: Kept | None
    organization: Kept | None
    tonight: Any

    @property
    def order(self) -> tuple[str, UUID]:
        """Where it stands in a list."""
        identity = self.place.get("id")
        return self.service.body["name"].casefold()[:NAMED], UUID(identity) if identity else self.service.reference

    def parts(self, name: str) -> list[Any]:
        """The parts of this name: those of the service here, of the service, and of the location."""
        bodies = (
            (HsdsObject.SERVICE_AT_LOCATION, self.place),
            (HsdsObject.SERVICE, self.service.body),
            (HsdsObject.LOCATION, self.location.body if self.location else {}),
        )
        # What a profile of its own puts under that name elsewhere is no list that we know.
        return [part for kind, body in bodies if name in SHAPES[kind].lists for part in body.get(name, ())]

    @property
    def schedules(self) -> list[Any]:
        """The hours that hold here: those said of the service at this location win, then those of the service."""
        bodies = (self.place, self.service.body, self.location.body if self.location else {})
        return next((said for body in bodies if (said := body.get("schedules"))), [])


@dataclass(frozen=True)
class Found:
    """One page of places, and the cursor of the next; `now` and `zone` tell whether one is open."""

    places: list[Place]
    shelf: Shelf
    next_cursor: str | None


async def find(permit: ListPermit, asked: DirectorySearch) -> Found:
    """The places that fit, by name. Raises `NoSuchZone` and `InvalidCursor`."""
    await must_be_a_zone(permit.database, asked.zone)
    bound_to = f"{permit.bound_to}|{asked.model_dump_json(exclude={'limit', 'cursor'})}"
    cursors = Cursors(permit.cursor_secret, bound_to)
    after = tuple(cursors.read(asked.cursor, [str, UUID])) if asked.cursor is not None else None
    shelf, tonight = await _read(permit)
    sieve = _Sieve(permit, asked, shelf)
    fitting = sorted((place for place in _places(shelf, tonight) if sieve.lets(place)), key=lambda place: place.order)
    rest = [place for place in fitting if after is None or place.order > after]
    shown = rest[: asked.limit]
    following = cursors.write(shown[-1].order) if len(rest) > len(shown) else None
    return Found(shown, shelf, following)


def open_now(place: Place, at: datetime, zone: str) -> bool | None:
    """Whether a place is open at a moment; None where its hours are not told in a way that can be followed."""
    return is_open(place.schedules, at, zone) if says_hours(place.schedules) else None


async def _read(permit: ListPermit) -> tuple[Shelf, dict[UUID, Any]]:
    """Everything that a search looks at, and what agencies say of tonight as far as the caller may know that."""
    entries, said = table_of(DirectoryEntry), table_of(AgencyTonight)
    rows, tonight = await permit.database.read(
        select(entries).where(seen_by(permit.viewer), entries.c.active, entries.c.kind.in_(SEARCHED)),
        permit.own(AgencyTonight).where(said.c.holds_until > permit.now),
    )
    return Shelf(rows, whole=permit.viewer.sight in INSIDE), {row.organization_id: row for row in tonight}


def _places(shelf: Shelf, tonight: Mapping[UUID, Any]) -> Iterator[Place]:
    for service in shelf.of(HsdsObject.SERVICE):
        organization = shelf.find(HsdsObject.ORGANIZATION, service.belongs_to)
        said = tonight.get(service.organization_id) if service.organization_id else None  # type: ignore[attr-defined]
        for place in service.body.get("service_at_locations") or [{}]:
            yield Place(service, place, shelf.at(place), organization, said)


@dataclass(frozen=True)
class _Sieve:
    """What is asked for, one question after the other."""

    permit: ListPermit
    asked: DirectorySearch
    shelf: Shelf

    def lets(self, place: Place) -> bool:
        """Whether a place fits everything that is asked."""
        asked = self.asked
        return (
            (asked.age is None or _takes_age(place.service.body, asked.age))
            and (asked.language is None or _speaks(place, asked.language))
            and (asked.zone is None or _serves(place, asked.zone))
            and (not asked.has_capacity or any(part["available"] > 0 for part in place.parts("capacities")))
            and (not asked.tonight or self._tonight(place))
            and (asked.need is None or self._meets(place, asked.need))
            and (asked.taxonomy_term_id is None or self._has_term(place, asked.taxonomy_term_id))
            and (asked.text is None or self._says(place, asked.text))
            and (not asked.open_now or open_now(place, self.permit.now, self.permit.time_zone) is True)
        )

    def _tonight(self, place: Place) -> bool:
        """Whether its agency takes people tonight, for this need where one is asked for."""
        said = place.tonight
        if said is None or not said.takes_people_tonight:
            return False
        return self.asked.need is None or not said.needs or self.asked.need.value in said.needs

    def _terms(self, place: Place) -> Iterator[Kept]:
        """The terms that a place is filed under, and those above them."""
        organization = place.organization.body.get("attributes", ()) if place.organization else ()
        for attribute in (*place.parts("attributes"), *organization):
            identity = attribute.get("taxonomy_term", {}).get("id") or attribute.get("taxonomy_term_id")
            for _ in range(DEEPEST):
                term = self.shelf.find(HsdsObject.TAXONOMY_TERM, identity)
                if term is None:
                    break
                yield term
                identity = term.body.get("parent_id")

    def _meets(self, place: Place, need: Need) -> bool:
        """Whether a term or one above it is this need, by its code or by its name."""
        return any(
            need.value in (_key(term.body.get("code", "")), _key(term.body["name"])) for term in self._terms(place)
        )

    def _has_term(self, place: Place, identity: UUID) -> bool:
        return any(term.reference == identity for term in self._terms(place))

    def _says(self, place: Place, text: str) -> bool:
        bodies = [place.service.body, *(entry.body for entry in (place.organization, place.location) if entry)]
        said = [str(body.get(name, "")) for body in bodies for name in ("name", "alternate_name", "description")]
        said += [term.body["name"] for term in self._terms(place)]
        whole = " ".join(said).casefold()
        return all(word in whole for word in text.casefold().split())


def _key(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")


def _takes_age(service: Mapping[str, Any], age: int) -> bool:
    return bool(service.get("minimum_age", 0) <= age <= service.get("maximum_age", age))


def _speaks(place: Place, language: str) -> bool:
    wanted = language.casefold()
    return any(
        wanted in (part.get("code", "").casefold(), part.get("name", "").casefold())
        for part in place.parts("languages")
    )


def _serves(place: Place, zone: str) -> bool:
    """Whether an area that is served is the zone: by its extent of the type `zone`, or by its name."""
    return any(
        (area.get("extent_type") == "zone" and area.get("extent") == zone) or _key(area.get("name", "")) == _key(zone)
        for area in place.parts("service_areas")
    )


def age_in_minutes(said_at: datetime, now: datetime) -> int:
    """How old something that was said is."""
    return max(0, int((now - said_at) // timedelta(minutes=1)))


def numbers(phones: Iterable[Mapping[str, Any]]) -> list[str]:
    """Telephone numbers, each once."""
    return list(dict.fromkeys(phone["number"] for phone in phones))
