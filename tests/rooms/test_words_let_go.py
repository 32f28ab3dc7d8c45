"""Words go when their time is over, and facts stay: a safe contact after its last day, notes after three years."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from tests.security.traces import people
from tests.stories.steps import referred_with_consent
from tests.world import NOON, House, encounter, intake, ok, refused
from true_api.kernel.effects import Keep
from true_api.kernel.rows import table_of
from true_api.privacy.holds import LegalHold
from true_api.privacy.words import SealedText
from true_api.rooms.safe_contacts.tables import SafeContact
from true_api.security.housekeeping import sweep

CONTACT = {"channel": "call", "reach_at": "+1 202-555-0143"}
QUIET = "Slept by the river."


async def places(house: House) -> list[str]:
    """Where words stand, by table and column."""
    return sorted(row.place for row in (await house.rows(select(table_of(SealedText).c.place)))[0])


async def swept_after(house: House, days: int) -> list[str]:
    """The words that are left when the house was swept after so many days."""
    house.clock.move(timedelta(days=days))
    await sweep(house.installation)
    return await places(house)


async def test_a_safe_contact_goes_the_day_after_its_last_one(house: House) -> None:
    code = await house.peer.enrolls()
    said: dict[str, Any] = {"contact": CONTACT, "kept_until": "2026-11-10", "okay_to_check_in": "yes"}
    ok(await house.peer.call("PUT", f"/v1/participants/{code}/safe-contact", said))
    assert await swept_after(house, 8) == ["safe_contacts.contact"]
    assert ok(await house.peer.get(f"/v1/participants/{code}/safe-contact"))["contact"]["reach_at"]
    assert await swept_after(house, 1) == []
    assert (await house.rows(table_of(SafeContact).select()))[0] == []


async def test_the_safe_contact_of_a_request_goes_when_it_is_closed_and_its_other_words_stay(house: House) -> None:
    words = {"note": QUIET, "own_reference": "desk 4"}
    ok(await house.agency.post("/v1/intake-requests", intake(safe_contact=CONTACT, **words)))
    own = ["intake_requests.note", "intake_requests.own_reference"]
    assert await swept_after(house, 29) == [*own, "intake_requests.safe_contact"]
    assert await swept_after(house, 1) == own


async def test_notes_of_records_and_of_their_steps_go_after_three_years_and_the_facts_stay(house: House) -> None:
    code, referral = await referred_with_consent(house)
    moved = {"to": "accepted", "note": QUIET}
    ok(await house.agency.post(f"/v1/referrals/{referral['reference']}/transitions", moved))
    met = await house.peer.records(code, note=QUIET)
    unknown = ok(await house.peer.post("/v1/encounters", encounter(note=QUIET)))
    said = {"occurred_on": "2026-11-01", "what_helps": QUIET}
    noted = ok(await house.peer.post(f"/v1/participants/{code}/readiness-notes", said))
    kept = ["encounters.note", "encounters.note", "readiness_notes.what_helps", "referral_steps.note"]
    assert await swept_after(house, 1_095) == kept
    assert await swept_after(house, 2) == []
    for path in (f"encounters/{met['id']}", f"encounters/{unknown['id']}", f"readiness-notes/{noted['id']}"):
        assert "river" not in (await house.peer.get(f"/v1/{path}")).text
        ok(await house.peer.get(f"/v1/{path}"))
    assert ok(await house.peer.get(f"/v1/referrals/{referral['id']}"))["step_notes"] == []
    refused(await house.agency.get(f"/v1/referrals/{referral['reference']}"), 404, "not_found")


async def test_a_legal_hold_keeps_the_words_of_records_and_of_their_steps(house: House) -> None:
    code, referral = await referred_with_consent(house)
    moved = {"to": "accepted", "note": QUIET}
    ok(await house.agency.post(f"/v1/referrals/{referral['reference']}/transitions", moved))
    await house.peer.records(code, note=QUIET)
    ok(await house.peer.post("/v1/encounters", encounter(note=QUIET)))
    (person,) = await people(house, code)
    hold = LegalHold(
        participant_id=person,
        asked_by=house.supervisor.id,
        asked_on=NOON.date(),
        approved_by=house.other_supervisor.id,
        approved_on=NOON.date(),
        expires_on=NOON.date() + timedelta(days=1_200),
    )
    await house.installation.database.commit([Keep.row(hold)])
    assert await swept_after(house, 1_150) == ["encounters.note", "referral_steps.note"]
    assert await swept_after(house, 51) == []
