"""The canary: a name, a number and an address that nobody has, and every way in which a request can carry them."""

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from tests.house.visits import Visit
from tests.house.wording import At, texts_taken
from true_api.api.door import Door
from true_api.security.gates import OpenGate

CANARY = "Zxqvanya"
"""A name that nobody has and no word list holds."""
PHONE, MAIL = "(415) 555-0187", f"{CANARY.lower()}@quiet.example.org"
NAMED, PHONED, WRITTEN = f"{CANARY} came by again", f"call {PHONE} at night", f"write to {MAIL}"
TRACES = [
    CANARY.lower(),
    CANARY.encode().hex(),
    b64encode(f"{CANARY}:{CANARY}".encode()).decode().lower()[:10],
    PHONE,
    "4155550187",
    PHONE.encode().hex(),
]
ACCEPTED = {"name", "label", "source"}
"""What an organization, a team or an account is called, and which law a rule comes from: never about a participant."""
LENIENT = {"Prefer": "handling=lenient"}
TEXTS = texts_taken()

Sent = tuple[str, dict[str, Any]]
"""A path, and what httpx2 is told to send there."""


def sent_through(door: Door, visit: Visit, parameters: list[str]) -> Iterator[Sent]:
    """The canary in every part of a request to a door."""
    return chain(
        _in_the_path(door, visit),
        _in_the_query(visit, parameters),
        _in_a_header(door, visit),
        _in_the_body(visit),
        _in_the_words(door, visit),
    )


def _in_the_path(door: Door, visit: Visit) -> Iterator[Sent]:
    place = visit.path.partition("?")[0]
    pattern = door.path.split("/")
    for at, part in enumerate(pattern):
        if part.startswith("{"):
            steps = place.split("/")
            steps[at] = CANARY
            yield "/".join(steps), content(visit)
    yield f"{place}/{CANARY}", content(visit)
    yield f"{place.rstrip('/')}%20{CANARY}", content(visit)


def _in_the_query(visit: Visit, taken: list[str]) -> Iterator[Sent]:
    """As a parameter that nobody knows, and as each that the door takes."""
    place = visit.path.partition("?")[0]
    for name in [CANARY, *taken]:
        yield f"{place}?{urlencode({name: CANARY})}", content(visit)


def _in_a_header(door: Door, visit: Visit) -> Iterator[Sent]:
    yield visit.path, content(visit, {"Authorization": f"Bearer {CANARY}"})
    if isinstance(door.gate, OpenGate):
        pair = b64encode(f"{CANARY}:{CANARY}".encode()).decode()
        yield visit.path, content(visit, {"Authorization": f"Basic {pair}"})
    if door.needs_if_match:
        yield visit.path, content(visit, {"If-Match": f'"1.{CANARY}"'})
    if door.method == "POST":
        yield visit.path, content(visit, {"Idempotency-Key": f"{CANARY} {CANARY}"})
    if visit.json is not None or visit.form is not None:
        yield visit.path, content(visit, {"Content-Type": f"text/{CANARY}"})


def _in_the_body(visit: Visit) -> Iterator[Sent]:
    if visit.form is not None:
        for name in [*visit.form, "scope", "purpose_of_use", CANARY]:
            yield visit.path, content(replace(visit, form={**visit.form, name: CANARY}))
    if visit.json is None:
        return
    for body in [CANARY, [CANARY], {CANARY: CANARY}, {**visit.json, CANARY: CANARY}, *_spoiled(visit.json)]:
        yield visit.path, content(replace(visit, json=body))
    for raw in (
        f'{{"{CANARY}',
        f'{{"{CANARY}":1,"{CANARY}":2}}',
        f'"{CANARY}\\u0000"',
        f"{CANARY}=1",
        f"[1e999,'{CANARY}']",
    ):
        headers = {**visit.headers, "Content-Type": "application/json"}
        yield visit.path, {"content": raw.encode(), "headers": headers}


def _spoiled(body: Any) -> Iterator[Any]:
    """The body with the canary in place of one value, or beside the values of one object inside it."""
    match body:
        case dict():
            for name, value in body.items():
                if name not in ACCEPTED:
                    yield from ({**body, name: spoiled} for spoiled in _spoiled(value))
            for name, value in [*body.items()][:1]:
                yield {**{other: kept for other, kept in body.items() if other != name}, CANARY: value}
        case list():
            yield CANARY
            yield [*body, CANARY]
            yield from ([spoiled, *body[1:]] for spoiled in _spoiled(body[0]) if body)
        case _:
            yield CANARY
            yield {CANARY: [CANARY]}


def _in_the_words(door: Door, visit: Visit) -> Iterator[Sent]:
    """In every text that the door takes: confirmed, found and returned, found and refused; or exempt."""
    for at in TEXTS.get(door.name, {}):
        for text, prefer in ((NAMED, {}), (PHONED, LENIENT), (WRITTEN, {})):
            body = {**_with(visit.json, at, text), "names_confirmed": True}
            yield visit.path, content(replace(visit, json=body), prefer)


def _with(body: Any, at: At, text: str) -> Any:
    """The body with this text, in the drafts inside it that the visit sends."""
    if isinstance(body, list):
        return [_with(body[0], at, text), *body[1:]]
    name, *rest = at
    return {**body, name: _with(body[name], tuple(rest), text) if rest else text}


def content(visit: Visit, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """What httpx2 is told to send for a visit."""
    sent: dict[str, Any] = {"headers": {**visit.headers, **(headers or {})}}
    if visit.form is not None:
        sent["data"] = dict(visit.form)
    elif visit.json is not None:
        sent["json"] = visit.json
    return sent


def trace(said: str) -> list[str]:
    """The traces of the canary in what was said or kept."""
    return [found for found in TRACES if found in said.lower()]


def without(answer: str, fields: set[str]) -> str:
    """An answer but for what it shows in these fields, wherever they stand in it."""
    return json.dumps(_left_out(json.loads(answer), fields), ensure_ascii=False)


def _left_out(value: Any, fields: set[str]) -> Any:
    match value:
        case dict():
            return {name: _left_out(inner, fields) for name, inner in value.items() if name not in fields}
        case list():
            return [_left_out(inner, fields) for inner in value]
        case _:
            return value
