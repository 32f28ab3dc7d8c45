"""The dashboard's doors: the same gate as the releases, a token in a cookie of its own, and refusals as pages."""

import re
from datetime import timedelta

import httpx2
import pytest

from tests.outlets.sealed_months import seals
from tests.world import House, ok, refused
from true_api.api.all_doors import every_door
from true_api.api.doors import Doors
from true_api.security.gates import PublishedGate
from true_api.security.roles import Permission

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
SOME = ("people", "overdose-events")


async def signs_in(house: House, token: str, **headers: str) -> httpx2.Response:
    """The form of the sign-in page, as a browser sends it."""
    return await house.http.post("/dashboard/sign-in", data={"token": token}, headers={**BROWSER, **headers})


async def opens(house: House, path: str = "/dashboard") -> httpx2.Response:
    """A page, as a browser asks for it: with no token but the one in its cookie."""
    return await house.http.get(path, headers=BROWSER)


async def test_whoever_may_read_releases_signs_in_once_and_reads_the_page(house: House) -> None:
    await seals(house, ["2026-09", "2026-10"], SOME)
    for reader in (house.integrator, house.supervisor, house.agency):
        answer = await signs_in(house, f"  {reader.token()}\n")
        assert (answer.status_code, answer.headers["location"]) == (303, "/dashboard")
        page = await opens(house)
        assert page.status_code == 200, page.text
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert page.headers["cache-control"] == "no-store"
        assert "October 2026" in page.text
        assert "First sealing, November 10, 2026" in page.text
        left = await house.http.post("/dashboard/sign-out", headers=BROWSER)
        assert (left.status_code, left.headers["location"]) == (303, "/dashboard/sign-in")
        assert (await opens(house)).status_code == 401


async def test_the_cookie_is_for_this_page_alone_out_of_reach_of_scripts_and_ends_with_the_token(house: House) -> None:
    token = house.integrator.token()
    cookie = (await signs_in(house, token)).headers["set-cookie"]
    for part in (f"true_dashboard={token};", "HttpOnly", "Max-Age=600", "Path=/dashboard", "SameSite=strict"):
        assert part in cookie
    assert "Secure" not in cookie, "on loopback a browser would not keep it"
    refused(await house.http.get("/v1/releases", headers={"Cookie": cookie.partition(";")[0]}), 401, "unauthenticated")
    house.clock.move(timedelta(minutes=11))
    page = await opens(house)
    assert page.status_code == 401
    assert "not any more" in page.text
    assert "Max-Age=0" in page.headers["set-cookie"]


async def test_away_from_loopback_the_cookie_travels_encrypted_alone(house: House) -> None:
    house.installation.settings = house.settings.model_copy(update={"public_url": "https://api.example.org"})
    cookie = (await signs_in(house, house.integrator.token())).headers["set-cookie"]
    assert cookie.startswith("__Secure-true_dashboard=")
    assert "; Secure" in cookie


async def test_a_release_key_opens_the_page_until_it_is_taken_away(house: House) -> None:
    key = {"client_id": str(house.integrator.id), "label": "board", "expires_on": "2027-10-31"}
    made = ok(await house.admin.post("/v1/release-keys", key))
    assert (await signs_in(house, made["secret"])).status_code == 303
    assert (await opens(house)).status_code == 200
    await house.admin.call("DELETE", f"/v1/release-keys/{made['id']}")
    assert (await opens(house)).status_code == 401


@pytest.mark.parametrize(
    "token", ["", "true_rk_" + "a" * 43, "no token", "a.b.c" * 9, "x\r\nSet-Cookie: a=b", "é" * 30]
)
async def test_a_token_that_is_none_is_refused_in_plain_words_and_never_said_again(house: House, token: str) -> None:
    answer = await signs_in(house, token)
    assert answer.status_code == 401
    assert 'role="alert"' in answer.text
    assert not token or token not in answer.text
    assert "set-cookie" not in answer.headers
    refused(await house.http.post("/dashboard/sign-in", data={"token": token}), 401, "unauthenticated")


@pytest.mark.parametrize("persona", ["peer", "admin"])
async def test_a_role_that_reads_no_releases_is_told_so(house: House, persona: str) -> None:
    answer = await signs_in(house, house.people[persona].token())
    assert answer.status_code == 403
    assert "does not open the dashboard" in answer.text
    assert "set-cookie" not in answer.headers
    refused(await house.people[persona].get("/dashboard"), 403, "not_permitted")


async def test_a_token_without_the_permission_in_its_scope_opens_nothing(house: House) -> None:
    assert (await signs_in(house, house.integrator.token(scope="me:read"))).status_code == 403


async def test_it_is_the_same_gate_as_that_of_the_releases(house: House) -> None:
    gates = {door.path: door.gate for door in every_door() if door.method == "GET"}
    page, releases = gates["/dashboard"], gates["/v1/releases"]
    assert isinstance(page, PublishedGate)
    assert page == releases
    assert [door.name for door in every_door() if door.by_cookie] == ["GET /dashboard"]


def test_no_door_that_changes_something_takes_a_cookie() -> None:
    gate = PublishedGate(Permission.RELEASE_READ, asks=lambda _path, _today: [])

    async def handler() -> None:
        """Change something."""

    with pytest.raises(TypeError):
        Doors("/x", tag="X").open("POST", "", gate, by_cookie=True, again="shown once")(handler)


FROM_ELSEWHERE = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null"},
)


@pytest.mark.parametrize("headers", FROM_ELSEWHERE, ids=str)
@pytest.mark.parametrize("form", ["sign-in", "sign-out"])
async def test_no_page_of_another_site_signs_anybody_in_or_out(
    house: House, form: str, headers: dict[str, str]
) -> None:
    sent = {"token": house.integrator.token()} if form == "sign-in" else None
    answer = await house.http.post(f"/dashboard/{form}", data=sent, headers=headers)
    refused(answer, 403, "sent_from_elsewhere")
    assert "set-cookie" not in answer.headers


async def test_a_form_of_our_own_is_taken_with_and_without_fetch_metadata(house: House) -> None:
    for headers in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://house"}, {"Origin": house.settings.issuer}):
        assert (await signs_in(house, house.integrator.token(), **headers)).status_code == 303


async def test_after_signing_in_the_reader_is_where_they_wanted_to_be_and_nowhere_else(house: House) -> None:
    async def sent_on(**place: str) -> str:
        form = {"token": house.integrator.token(), **place}
        return str((await house.http.post("/dashboard/sign-in", data=form)).headers["location"])

    assert await sent_on(period="2026-10", table="people") == "/dashboard?period=2026-10&table=people"
    assert await sent_on(period="//evil", table="https://evil.example") == "/dashboard"
    house.http.cookies.clear()
    asked = await opens(house, "/dashboard?period=2026-10&table=people")
    assert asked.status_code == 401
    assert 'name="period" value="2026-10"' in asked.text
    assert 'name="table" value="people"' in asked.text


async def test_nothing_secret_stands_in_an_address(house: House) -> None:
    token = house.integrator.token()
    assert token not in (await signs_in(house, token)).headers["location"]
    refused(await house.http.get(f"/dashboard?token={token}"), 422, "invalid_shape")
    assert 'method="post"' in (await opens(house, "/dashboard/sign-in")).text


async def test_before_anything_is_sealed_the_page_says_when_it_will_be(house: House) -> None:
    page = await house.integrator.get("/dashboard")
    assert page.status_code == 200
    assert "Nothing is sealed yet" in page.text
    assert "November 2026 is sealed on December 10, 2026" in page.text


async def test_a_period_and_a_table_of_the_grid_are_shown_and_nothing_else(house: House) -> None:
    await seals(house, ["2026-09", "2026-10", "FY2026"], SOME)
    for query in (
        "period=2026-09",
        "table=people",
        "period=FY2026&table=overdose-events",
        "table=overview&period=FY2026",
    ):
        assert (await house.integrator.get(f"/dashboard?{query}")).status_code == 200, query
    outside = (
        "table=participants",
        "table=people.csv",
        "period=2026-13",
        "period=2031-01",
        "period=2020-01",
        "period=all",
    )
    for query in outside:
        problem = refused(await house.integrator.get(f"/dashboard?{query}"), 422, "outside_the_grid")
        assert problem["errors"][0]["near"]
    for query in ("zone=east", "period=2026-09&period=2026-10", "period=2026-10-01"):
        refused(await house.integrator.get(f"/dashboard?{query}"), 422, "invalid_shape")
    problem = refused(await house.integrator.get("/dashboard?period=2026-11"), 404, "period_not_sealed")
    assert problem["seals_on"] == "2026-12-10"


async def test_what_is_outside_the_grid_is_said_to_a_person_in_a_page_with_what_there_is(house: House) -> None:
    await seals(house, ["2026-10"], SOME)
    await signs_in(house, house.integrator.token())
    page = await opens(house, "/dashboard?table=%3Cb%3E")
    assert page.status_code == 422
    assert "There is no such table or period" in page.text
    assert 'href="/dashboard?table=people"' in page.text
    assert "<b>" not in page.text
    assert (await opens(house, "/dashboard?period=2026-11")).status_code == 404
    assert (await opens(house, "/dashboard/nothing")).status_code == 404
    assert "text/html" in (await opens(house, "/dashboard/nothing")).headers["content-type"]


async def test_the_page_shows_sealed_numbers_and_no_insight_and_reading_it_leaves_no_entry(house: House) -> None:
    await seals(house, ["2026-10"], SOME)
    code = await house.peer.enrolls()
    await house.peer.records(code)
    page = await house.integrator.get("/dashboard?period=2026-10&table=people")
    rows = ok(await house.integrator.get("/v1/releases/2026-10/people"))["rows"]
    shown = re.findall(r'<td class="number">([\d,]+)</td>', page.text)
    assert [int(number.replace(",", "")) for number in shown] == [row["value"] for row in rows]
    assert (await house.integrator.get("/dashboard?period=2026-10&table=people")).text == page.text


async def test_every_page_forbids_scripts_and_inline_styles_and_takes_forms_for_itself_alone(house: House) -> None:
    pages = [await opens(house), await opens(house, "/dashboard/sign-in"), await house.integrator.get("/dashboard")]
    for page in pages:
        policy = page.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'")
        assert "unsafe" not in policy
        assert "script-src" not in policy
        assert page.headers["referrer-policy"] == "same-origin"
        assert page.headers["x-frame-options"] == "DENY"
        for place in re.findall(r'(?:src|href|action)="([^"#]+)', page.text):
            assert place.startswith(("/dashboard", "/docs"))


async def test_only_the_assets_of_the_page_are_served(house: House) -> None:
    assert (await house.http.get("/dashboard/assets/dashboard.css")).headers["content-type"].startswith("text/css")
    for name in ("page.py", "../page.py", "%2e%2e%2fpage.py", "base.html"):
        refused(await house.http.get(f"/dashboard/assets/{name}"), 404, "not_found")
