"""What may happen: each event goes through the doors of the house, and is written down at the same time."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from tests.enforcement.histories import History, Sent, as_kept, place
from tests.enforcement.lives import FOR_ALL, Asked, Person, Posted, Word
from tests.world import intake, ok
from true_api.journeys.jobs import do_jobs

CATEGORIES = ("referral", "intake_status", "onward_status")
NEEDS = ("recovery-housing", "legal-aid", "wound-care", "mutual-aid")
PURPOSES = ("coordination_of_care", "treatment", FOR_ALL, FOR_ALL)
ENDS = {
    "no_place_offered": {"reason": "waitlist", "decided_by": "provider"},
    "on_hold": {"reason": "transport", "decided_by": "person"},
    "cancelled": {"reason": "not_now", "decided_by": "person"},
    "not_completed": {"reason": "not_now", "decided_by": "person"},
    "completed": {"outcomes": ["service_received"]},
}
PROGRAM = ("accepted", "in_progress", "on_hold", "cancelled", "completed", "requested", "entered_in_error")
AGENCY = ("accepted", "in_progress", "no_place_offered", "on_hold", "completed")
GOING_ELSEWHERE = {"to": "referred_elsewhere", "reason": "another_service_fits"}


async def happens(history: History) -> None:
    """Something does."""
    (event,) = history.chance.choices(list(EVENTS), list(EVENTS.values()))
    history.touched = None
    await event(history)


async def enrolls(history: History) -> None:
    """Somebody comes for the first time."""
    minor = history.chance.random() < 0.1
    code = await history.house.peer.enrolls(age_band="under_18" if minor else "25_34")
    history.touched = Person(code, minor)
    history.lives.people.append(history.touched)


async def says(history: History, over: Word | None = None) -> None:
    """Somebody says yes or no to one agency or several."""
    person = history.touched if over else history.person()
    if person is None or (person.minor and history.lives.rule == "shut"):
        return
    word = _word(history, person, over.named if over else history.agency())
    agencies, names = history.agencies, sorted(word.agencies, key=lambda name: name != word.named)
    draft: dict[str, Any] = {
        "organization_id": str(agencies[names[0]].organization_id),
        "decision": "permit" if word.permits else "deny",
        "categories": sorted(word.categories),
        **({"supersedes": over.id} if over else {}),
    }
    if word.permits:
        draft |= {
            "kind": "treatment_payment_operations" if word.purpose == FOR_ALL else "named_recipient",
            "recipients": [str(agencies[name].organization_id) for name in names[1:]],
            "purpose": word.purpose,
            "form_version": "2026-11",
            "days": (word.until - word.since).days + 1,
            "evidence": "signed_paper_with_guardian" if word.guarded else "signed_paper",
            "where_kept": "program_office",
            "given_on": history.today.isoformat(),
            "valid_from": word.since.isoformat(),
        }
    given = ok(await history.house.peer.post(f"{place(person)}/consents", draft))
    if over:
        over.over = True
    word.id, word.since, word.until = (
        given["id"],
        *map(date.fromisoformat, (given["valid_from"], given["valid_to"] or "2100-12-31")),
    )
    person.words.append(word)


def _word(history: History, person: Person, named: str) -> Word:
    """What somebody might say of an agency, and of others beside it."""
    chance, permits = history.chance, history.chance.random() < 0.85
    purpose = chance.choice(PURPOSES)
    several = {one for one in history.agencies if purpose == FOR_ALL and permits and chance.random() < 0.4}
    since = history.today + timedelta(days=chance.choice((0, 0, 0, 0, 0, 3)))
    return Word(
        id="",
        named=named,
        agencies=frozenset({named, *several}),
        categories=frozenset(chance.sample(CATEGORIES, chance.choice((1, 2, 3, 3, 3)))),
        purpose=purpose,
        permits=permits,
        since=since,
        until=since + timedelta(days=chance.choice((1, 7, 7, 60, 180)) - 1),
        guarded=person.minor and history.lives.rule == "with_guardian",
    )


async def says_again(history: History) -> None:
    """A word takes the place of an earlier one."""
    person = history.person()
    held = [word for word in person.words if not word.over and word.until >= history.today] if person else []
    if held:
        await says(history, history.chance.choice(held))


async def takes_back(history: History) -> None:
    """Somebody takes a word back."""
    if (person := history.person()) and (held := [word for word in person.words if not word.over]):
        word = history.chance.choice(held)
        ok(await history.house.peer.post(f"{place(person)}/consents/{word.id}/revoke"))
        word.over = True


async def is_referred(history: History) -> None:
    """An agency is asked for somebody."""
    if (person := history.person()) is None:
        return
    agency, need = history.agency_of(person), history.chance.choice(NEEDS)
    back, alone = history.chance.random() < 0.15, history.chance.random() < 0.1
    draft = {
        "organization_id": str(history.agencies[agency].organization_id),
        "need": need,
        "draft": back,
        "mode": "goes_alone" if alone else "sent",
    }
    made = ok(await history.house.peer.post(f"{place(person)}/referrals", draft))
    person.asked.append(Asked(made["id"], agency, need, made["state"], alone))


async def is_moved(history: History) -> None:
    """The program moves a referral."""
    if (person := history.person()) and person.asked:
        asked, to = history.chance.choice(person.asked), history.chance.choice(PROGRAM)
        path = f"/v1/referrals/{asked.id}/transitions"
        answer = await history.house.peer.post(path, {"to": to, **ENDS.get(to, {})})
        assert answer.status_code in (200, 409)


async def is_answered(history: History) -> None:
    """An agency moves a referral that it can see."""
    agency = history.agency()
    caller = history.agencies[agency]
    shown = ok(await caller.get("/v1/referrals?limit=200"))["items"]
    if not shown:
        return
    item, to = history.chance.choice(shown), history.chance.choice(AGENCY)
    move = Sent(
        f"/v1/referrals/{item['reference']}/transitions",
        {"to": to, **ENDS.get(to, {})},
        uuid4().hex,
        history.house.clock.now(),
        item["reference"],
    )
    answer = await caller.post(move.path, move.body, headers={"Idempotency-Key": move.key})
    if answer.status_code == 409:
        return
    ok(answer)
    history.sent.setdefault(agency, []).append(move)
    names = await as_kept(history)
    history.touched = next(one for one in history.lives.people for asked in one.asked if asked.id == names[move.about])


async def is_posted(history: History) -> None:
    """An agency asks that somebody be met."""
    agency = history.agency()
    post = Sent("/v1/intake-requests", intake(), uuid4().hex, history.house.clock.now(), "")
    answer = await history.agencies[agency].post(post.path, post.body, headers={"Idempotency-Key": post.key})
    post.about = ok(answer)["reference"]
    assert (answer.json()["status"], answer.json()["progress"], answer.json()["onward"]) == ("received", None, None)
    history.sent.setdefault(agency, []).append(post)
    queue = ok(await history.house.peer.get("/v1/intake-requests?limit=200"))["items"]
    found = next(item["id"] for item in queue if item["reference"] == post.about)
    history.lives.posted.append(Posted(found, post.about, agency, history.today, history.today))


async def is_worked(history: History) -> None:
    """A peer tries to meet somebody, or is told to come no more."""
    waiting = [posted for posted in history.lives.posted if posted.state in ("new", "contacting")]
    if not waiting:
        return
    posted = history.chance.choice(waiting)
    path = f"/v1/intake-requests/{posted.id}"
    if history.chance.random() < 0.5:
        tried = {"attempted_on": history.today.isoformat(), "result": "not_there"}
        state = ok(await history.house.peer.post(f"{path}/attempts", tried))["state"]
    else:
        state = ok(await history.house.peer.post(f"{path}/transitions", GOING_ELSEWHERE))["state"]
    if state != posted.state:
        posted.state, posted.changed_on = state, history.today


async def is_connected(history: History) -> None:
    """A peer meets somebody who was asked for."""
    waiting = [posted for posted in history.lives.posted if posted.person is None and posted.state != "withdrawn"]
    if waiting and (person := history.person()):
        posted = history.chance.choice(waiting)
        path = f"/v1/intake-requests/{posted.id}/connection"
        ok(await history.house.peer.post(path, {"code": person.code}))
        posted.person, posted.state, posted.changed_on = person, "connected", history.today


async def comes_of_age(history: History) -> None:
    """How old somebody is turns out otherwise."""
    if person := history.person():
        age_band = "25_34" if person.minor else "under_18"
        etag = (await history.house.peer.get(place(person))).headers["etag"]
        ok(await history.house.peer.patch(place(person), {"age_band": age_band}, etag))
        person.minor = not person.minor


async def is_forgotten(history: History) -> None:
    """Somebody asks to be forgotten."""
    if person := history.person():
        ok(await history.house.supervisor.post(f"{place(person)}/forget", {"asked_by": "participant"}))
        person.gone = True


async def is_offered(history: History) -> None:
    """What somebody needs is offered to the agencies, without them."""
    if person := history.person():
        asked = {"need": history.chance.choice(NEEDS)}
        ok(await history.house.peer.post(f"{place(person)}/offers", asked))
    everybody = [str(caller.organization_id) for caller in history.agencies.values()]
    question = {"need": history.chance.choice(NEEDS), "organization_ids": history.chance.sample(everybody, 1)}
    ok(await history.house.peer.post("/v1/capacity-questions", question))


async def is_referred_onward(history: History) -> None:
    """From a request that led to somebody, another agency is asked."""
    met = [posted for posted in history.lives.posted if posted.state == "connected" and not posted.person.gone]
    if not met:
        return
    posted, agency, need = history.chance.choice(met), history.agency(), history.chance.choice(NEEDS)
    draft = {"organization_id": str(history.agencies[agency].organization_id), "need": need}
    answer = await history.house.peer.post(f"/v1/intake-requests/{posted.id}/onward", draft)
    if answer.status_code != 409:
        made = Asked(ok(answer)["id"], agency, need, answer.json()["state"])
        posted.person.asked.append(made)
        posted.onward.append(made)
        history.touched = posted.person


async def is_withdrawn(history: History) -> None:
    """An agency passes on that somebody would rather not be met."""
    own = [posted for posted in history.lives.posted if not (posted.person and posted.person.gone)]
    if own:
        posted = history.chance.choice(own)
        ok(await history.agencies[posted.agency].post(f"/v1/intake-requests/{posted.reference}/withdrawal"))
        posted.withdrawn = True
        while await do_jobs(history.house.installation):
            pass


async def waits(history: History) -> None:
    """Days pass."""
    history.house.clock.move(timedelta(days=history.chance.choice((1, 1, 2, 7, 7, 31))))
    while await do_jobs(history.house.installation):
        pass


EVENTS: dict[Callable[[History], Awaitable[None]], float] = {
    enrolls: 0.7,
    says: 9,
    says_again: 2,
    takes_back: 3,
    is_referred: 8,
    is_moved: 3,
    is_answered: 4,
    is_posted: 2.5,
    is_worked: 1,
    is_connected: 3,
    comes_of_age: 0.5,
    is_forgotten: 0.3,
    is_offered: 1,
    is_referred_onward: 3,
    is_withdrawn: 0.7,
    waits: 3,
}
"""What may happen, and how often it does."""
