"""Doors that name nobody: what an agency is offered and asked depends on no consent, and is its own alone."""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import select

from tests.enforcement.lives import Told
from tests.enforcement.watching import DOORS, Eye, Watch, same
from tests.world import ok, refused
from true_api.kernel.rows import table_of
from true_api.rooms.capacity.tables import CapacityAnswer
from true_api.rooms.offers.tables import Offer, OfferInvitation

Look = Callable[[Watch, Eye, Told | None], Awaitable[None]]


async def offered(watch: Watch, eye: Eye) -> dict[str, bool]:
    """The references of all invitations to offers, and whether this agency may still see them."""
    house, today = watch.history.house, watch.history.today
    invitations, offers = await house.rows(*(select(table_of(kind)) for kind in (OfferInvitation, Offer)))
    offer = {one.open_need_id: one for one in offers}
    return {
        str(one.reference): one.organization_id == eye.caller.organization_id
        and one.declined_on is None
        and offer[one.open_need_id].state.value == "open"
        and offer[one.open_need_id].expires_on >= today
        for one in invitations
    }


async def asked(watch: Watch, eye: Eye) -> dict[str, bool]:
    """The references of all questions about places, and whether this agency may still answer them."""
    (answers,) = await watch.history.house.rows(select(table_of(CapacityAnswer)))
    own, today = eye.caller.organization_id, watch.history.today
    return {str(one.reference): one.organization_id == own and one.closes_on >= today for one in answers}


def _list(path: str, of: Callable[[Watch, Eye], Awaitable[dict[str, bool]]]) -> Look:
    async def look(watch: Watch, eye: Eye, told: Told | None) -> None:
        answer = await eye.asks("GET", f"{path}?limit=200")
        if told is None:
            refused(answer, 403, "not_permitted")
            return
        expected = {name for name, seen in (await of(watch, eye)).items() if seen}
        same({item["reference"] for item in ok(answer)["items"]}, expected, f"{eye.agency} lists {path}")
        watch.told[path] += len(expected)

    return look


def _one(method: str, path: str, body: Any, of: Callable[[Watch, Eye], Awaitable[dict[str, bool]]]) -> Look:
    async def look(watch: Watch, eye: Eye, told: Told | None) -> None:
        known = await of(watch, eye)
        for reference in watch.history.chance.sample(sorted(known), min(2, len(known))):
            answer = await eye.asks(method, path.format(reference), body)
            if told is None:
                refused(answer, 403, "not_permitted")
            else:
                # Who lets go of what they do not hold finds nothing there either.
                opened = answer.status_code != 404 or (method == "DELETE" and known[reference])
                same(opened, known[reference], f"{eye.agency} at {method} {path} of {reference}")
                same(answer.status_code < 500, True, f"{eye.agency} at {method} {path}")

    return look


async def access_endings(watch: Watch, eye: Eye, told: Told | None) -> None:
    """A reference is told to lead no further to the agency that had it, and only if it leads nowhere."""
    answer = await eye.asks("GET", "/v1/access-endings?limit=200")
    if told is None:
        refused(answer, 403, "not_permitted")
        return
    for item in ok(answer)["items"]:
        same(set(item), {"reference", "event"}, "an ending is thin")
        watch.told["endings"] += 1
        same(watch.owners.get(item["reference"]), eye.agency, f"{eye.agency} is told that {item['reference']} ended")


async def what_it_says_of_tonight(watch: Watch, eye: Eye, told: Told | None) -> None:
    """Its own word, and nobody else's."""
    answer = await eye.asks("GET", "/v1/agency/tonight")
    if told is None:
        refused(answer, 403, "not_permitted")
    elif answer.status_code != 404 or eye.agency in watch.tonight:
        # Null once it is too old to rely on.
        said = ok(answer)["places"]
        same(said in (None, watch.tonight.get(eye.agency)), True, f"{eye.agency} reads {said} of tonight")


async def says_of_tonight(watch: Watch, eye: Eye, told: Told | None) -> None:
    """An agency speaks for itself."""
    places = watch.history.chance.randrange(1, 90)
    said = {"takes_people_tonight": True, "places": places, "holds_for_hours": 24}
    answer = await eye.asks("PUT", "/v1/agency/tonight", said)
    if told is None:
        refused(answer, 403, "not_permitted")
    else:
        same(ok(answer)["places"], places, f"{eye.agency} says of tonight")
        watch.tonight[eye.agency] = places


PLACES = {"answer": "capacity", "places": 2}
DOORS |= {
    "GET /v1/access-endings": access_endings,
    "GET /v1/offers": _list("/v1/offers", offered),
    "GET /v1/offers/{reference}": _one("GET", "/v1/offers/{}", None, offered),
    "POST /v1/offers/{reference}/claim": _one("POST", "/v1/offers/{}/claim", None, offered),
    "DELETE /v1/offers/{reference}/claim": _one("DELETE", "/v1/offers/{}/claim", None, offered),
    "GET /v1/capacity-questions": _list("/v1/capacity-questions", asked),
    "POST /v1/capacity-questions/{reference}/answer": _one("POST", "/v1/capacity-questions/{}/answer", PLACES, asked),
    "PUT /v1/agency/tonight": says_of_tonight,
    "GET /v1/agency/tonight": what_it_says_of_tonight,
}
