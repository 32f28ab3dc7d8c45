"""What a body may hold: everything else is refused by name, alike on both engines, and nothing sent comes back."""

import json
from typing import Any

import httpx2
import pytest

from tests.world import SECRET, Caller, House, encounter, ok, refused
from true_api.kernel.rows import table_of
from true_api.rooms.encounters.tables import Encounter

JSON = {"Content-Type": "application/json"}
SAID = "marigold"
"""Part of whatever is sent here, so that it can be looked for in the answer."""


def body_with(quantity: str = "2", day: str = '"2026-11-01"', more: str = "") -> bytes:
    """An encounter as raw JSON, to put in what no JSON library would write."""
    acts = f'[{{"act": "naloxone_given", "quantity": {quantity}}}]'
    fields = f'"setting": "street", "occurred_on": {day}, "part_of_day": "night", "acts": {acts}{more}'
    return f"{{{fields}}}".encode("utf-8", "surrogatepass")


async def record(caller: Caller, body: bytes) -> httpx2.Response:
    """Ask to record a contact with this body."""
    return await caller.post("/v1/encounters", content=body, headers=JSON)


def faults(problem: dict[str, Any]) -> list[tuple[str, str]]:
    """Where a problem says that something is wrong, and what."""
    return [(fault["pointer"], fault["code"]) for fault in problem.get("errors", [])]


def nothing_comes_back(response: httpx2.Response, *said: str) -> None:
    """No answer holds what was sent."""
    answer = response.text + str(sorted(response.headers.items()))
    assert not [text for text in (SAID, *said) if text in answer]


UNREADABLE = {
    "nothing": (b"", "malformed_json"),
    "half a body": (b'{"setting": "marigold', "malformed_json"),
    "two bodies": (body_with() + body_with(), "malformed_json"),
    "a trailing comma": (b'{"setting": "marigold",}', "malformed_json"),
    "single quotes": (b"{'setting': 'marigold'}", "malformed_json"),
    "UTF-16": (body_with().decode().encode("utf-16"), "malformed_json"),
    "UTF-16 without a mark": (body_with().decode().encode("utf-16-le"), "malformed_json"),
    "UTF-32": (body_with().decode().encode("utf-32"), "malformed_json"),
    "a byte order mark": (b"\xef\xbb\xbf" + body_with(), "malformed_json"),
    "Latin-1": ('{"setting": "caf\xe9 marigold"}'.encode("latin-1"), "malformed_json"),
    "an overlong slash": (b'{"setting": "\xc0\xafmarigold"}', "malformed_json"),
    "a raw lone surrogate": (b'{"setting": "\xed\xa0\x80marigold"}', "malformed_json"),
    "a raw NUL": (b'{"setting": "\x00marigold"}', "malformed_json"),
    "a raw line feed in a text": (b'{"setting": "mari\ngold"}', "malformed_json"),
    "NaN": (body_with("NaN"), "number_not_representable"),
    "Infinity": (body_with("Infinity"), "number_not_representable"),
    "minus Infinity": (body_with("-Infinity"), "number_not_representable"),
    "1e400": (body_with("1e400"), "number_not_representable"),
    "1e-400": (body_with("1e-400"), "number_not_representable"),
    "2^63": (body_with(str(2**63)), "number_not_representable"),
    "-2^63 - 1": (body_with(str(-(2**63) - 1)), "number_not_representable"),
    "2^64": (body_with(str(2**64)), "number_not_representable"),
    "5,000 digits": (body_with("9" * 5_000), "number_not_representable"),
    "an escaped lone surrogate": (b'{"setting": "\\ud800marigold"}', "text_not_representable"),
    "an escaped lone surrogate of the low half": (b'{"setting": "\\uDfff"}', "text_not_representable"),
    "an escaped lone surrogate in a name": (b'{"\\ud800marigold": 1}', "text_not_representable"),
    "an escaped NUL": (b'{"setting": "street\\u0000marigold"}', "text_not_representable"),
    "an escaped NUL in a name": (b'{"setting\\u0000": "marigold"}', "text_not_representable"),
    "a name twice": (body_with(more=', "setting": "marigold"'), "duplicate_key"),
    "a name twice, once escaped": (body_with(more=', "\\u0073etting": "marigold"'), "duplicate_key"),
    "a name twice, deep inside": (body_with('1, "quantity": 2'), "duplicate_key"),
    "30,000 brackets": (b"[" * 30_000, "nested_too_deep"),
    "30,000 braces": (b'{"":' * 12_000, "nested_too_deep"),
}


async def test_a_body_that_two_readers_could_understand_differently_is_refused_by_name(
    peer: Caller, house: House, subtests: pytest.Subtests
) -> None:
    for name, (body, code) in UNREADABLE.items():
        with subtests.test(name):
            answer = await record(peer, body)
            assert "errors" not in refused(answer, 400, code)
            nothing_comes_back(answer)
    assert await house.rows(table_of(Encounter).select()) == [[]]


NO_WHOLE_NUMBER = {
    "a text": ('"5"', "int_type"),
    "a text with an underscore": ('"1_000"', "int_type"),
    "a text in full-width digits": ('"\uff15"', "int_type"),
    "true": ("true", "int_type"),
    "a fraction": ("1.5", "int_type"),
    "a whole fraction": ("2.0", "int_type"),
    "a list": ("[2]", "int_type"),
    "an object": ('{"marigold": 2}', "int_type"),
    "zero": ("0", "greater_than_equal"),
    "less than zero": ("-1", "greater_than_equal"),
    "the least there is": (str(-(2**63)), "greater_than_equal"),
    "one too many": ("10001", "less_than_equal"),
    "2^31": (str(2**31), "less_than_equal"),
    "2^63 - 1": (str(2**63 - 1), "less_than_equal"),
}


async def test_a_count_is_a_json_integer_within_bounds_and_never_something_like_one(
    peer: Caller, subtests: pytest.Subtests
) -> None:
    for name, (quantity, code) in NO_WHOLE_NUMBER.items():
        with subtests.test(name):
            answer = await record(peer, body_with(quantity))
            assert faults(refused(answer, 422, "invalid_shape")) == [("/acts/0/quantity", code)]
            nothing_comes_back(answer)
    assert ok(await record(peer, body_with("10000")))["acts"][0]["quantity"] == 10_000


NO_DAY = {
    "a day that February lacks": '"2026-02-30"',
    "a leap day without a leap year": '"2026-02-29"',
    "month 13": '"2026-13-01"',
    "day 0": '"2026-01-00"',
    "the first day there is": '"0001-01-01"',
    "the last day there is": '"9999-12-31"',
    "before the program's years": '"1999-12-31"',
    "after the program's years": '"2101-01-01"',
    "an integer": "20261101",
    "an instant as a number": "1793491200",
    "a small number": "1",
    "an instant": '"2026-11-01T12:00:00Z"',
    "midnight": '"2026-11-01T00:00:00"',
    "a day with a time zone": '"2026-11-01+14:00"',
    "a week date": '"2026-W44-7"',
    "a short day": '"2026-11-1"',
    "a basic day": '"20261101"',
    "an expanded year": '"+002026-11-01"',
    "full-width digits": '"\uff12\uff10\uff12\uff16-11-01"',
    "a space before": '" 2026-11-01"',
    "a line feed after": '"2026-11-01\\n"',
    "nothing": "null",
    "an empty text": '""',
    "yes": "true",
    "a list": '["2026-11-01"]',
}


async def test_a_day_is_a_calendar_day_of_the_program_and_nothing_that_could_be_read_as_one(
    peer: Caller, subtests: pytest.Subtests
) -> None:
    for name, day in NO_DAY.items():
        with subtests.test(name):
            answer = await record(peer, body_with(day=day))
            assert [pointer for pointer, _ in faults(refused(answer, 422, "invalid_shape"))] == ["/occurred_on"]
            nothing_comes_back(answer, *([day.strip('"')] if len(day) > 6 else []))


async def test_yes_and_no_are_json_booleans(peer: Caller, house: House, subtests: pytest.Subtests) -> None:
    code, harbor = await peer.enrolls(), house.organizations["harbor"]
    for value in ("1", "0", '"true"', '"yes"', "null", "[]"):
        with subtests.test(value):
            body = f'{{"organization_id": "{harbor}", "need": "recovery-housing", "draft": {value}}}'
            answer = await peer.post(f"/v1/participants/{code}/referrals", content=body.encode(), headers=JSON)
            assert faults(refused(answer, 422, "invalid_shape")) == [("/draft", "bool_type")]


async def test_a_field_that_a_door_does_not_take_is_refused_wherever_it_stands(
    peer: Caller, subtests: pytest.Subtests
) -> None:
    unknown = {
        "at the top": (body_with(more=', "marigold": 1'), ""),
        "named like a column": (body_with(more=', "team_id": "marigold"'), ""),
        "named like an alias": (body_with(more=', "Setting": "street"'), ""),
        "deep inside": (body_with('2, "marigold": 1'), "/acts/0"),
        "a name with slashes": (body_with(more=', "a/b~c marigold": 1'), ""),
    }
    for name, (body, pointer) in unknown.items():
        with subtests.test(name):
            answer = await record(peer, body)
            assert faults(refused(answer, 422, "invalid_shape")) == [(pointer, "unknown_field")]
            nothing_comes_back(answer)


async def test_a_body_of_another_kind_than_an_object_is_refused(peer: Caller, subtests: pytest.Subtests) -> None:
    for body in (b"[]", b"null", b"5", b'"marigold"', b"true", b'[{"marigold": 1}]'):
        with subtests.test(body.decode()):
            answer = await record(peer, body)
            assert [pointer for pointer, _ in faults(refused(answer, 422, "invalid_shape"))] == [""]
            nothing_comes_back(answer)
            shown = await peer.post("/v1/caseload", content=body, headers=JSON)
            assert faults(refused(shown, 422, "invalid_shape")) == [("", "object_expected")]


async def test_a_refusal_is_never_much_larger_than_what_it_refuses(peer: Caller) -> None:
    many = {f"{SAID}{number}": 0 for number in range(3_000)}
    answer = await record(peer, json.dumps(encounter(**many)).encode())
    assert len(faults(refused(answer, 422, "invalid_shape"))) == 20
    nothing_comes_back(answer)


OTHER_TYPES = (
    None,
    "",
    "text/plain",
    "text/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=marigold",
    "application/vnd.marigold+json",
    "application/json; charset=utf-16",
    "application/json; charset=latin-1",
    "application/json, text/plain",
    "application/jsonmarigold",
)


async def test_a_body_is_read_only_under_the_content_type_of_its_door(peer: Caller, subtests: pytest.Subtests) -> None:
    for content_type in OTHER_TYPES:
        headers = {} if content_type is None else {"Content-Type": content_type}
        for path in ("/v1/encounters", "/v1/caseload"):
            with subtests.test(content_type, path=path):
                answer = await peer.post(path, content=body_with(), headers=headers)
                refused(answer, 415, "unsupported_media_type")
                nothing_comes_back(answer)
    for content_type in ("application/json;charset=UTF-8", 'Application/JSON; charset="utf-8"'):
        ok(await peer.post("/v1/encounters", content=body_with(), headers={"Content-Type": content_type}))


async def test_the_token_endpoint_reads_forms_as_strictly(house: House, subtests: pytest.Subtests) -> None:
    grant = b"grant_type=client_credentials"
    forms = {
        "no form": (b"", 422, "invalid_shape"),
        "another form": (b"marigold=1", 422, "invalid_shape"),
        "a field twice": (grant + b"&" + grant, 422, "invalid_shape"),
        "a scope twice": (grant + b"&scope=me:read&scope=marigold", 422, "invalid_shape"),
        "a scope twice, once escaped": (grant + b"&scope=me:read&%73cope=marigold", 422, "invalid_shape"),
        "NUL": (b"grant_type=client_credentials%00marigold", 400, "unsupported_grant_type"),
        "no UTF-8": (b"grant_type=%ff%fe\xff", 400, "unsupported_grant_type"),
        "NUL in a scope": (grant + b"&scope=me:read%00", 400, "invalid_scope"),
        "a long purpose": (grant + b"&purpose_of_use=" + b"marigold" * 9, 422, "invalid_shape"),
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    client = httpx2.BasicAuth(str(house.agency.id), SECRET)
    for name, (form, status, code) in forms.items():
        with subtests.test(name):
            answer = await house.http.post("/oauth/token", content=form, headers=headers, auth=client)
            refused(answer, status, code)
            nothing_comes_back(answer)
    typed = await house.http.post("/oauth/token", content=grant, headers=JSON, auth=client)
    refused(typed, 415, "unsupported_media_type")
