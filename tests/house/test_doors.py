"""Every operation is a door with a gate, and says in the OpenAPI document what it takes, gives and refuses."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from fastapi import FastAPI
from openapi_spec_validator import validate

from tests.house.building import closed_house, operations
from true_api.api.all_doors import ALL_DOORS, every_door
from true_api.api.door import Door
from true_api.api.doors import Doors
from true_api.api.openapi import refusals
from true_api.api.problems import MEDIA_TYPE
from true_api.security.gates import (
    CaseGate,
    Gate,
    ListGate,
    OpenGate,
    PresentedCodeGate,
    PublishedGate,
    RecordGate,
    StaffGate,
)
from true_api.security.roles import Permission

GUARDED_STATUSES = {"401", "403", "429"}
FEWEST_DOORS = 61
"""The doors of the first release: a door may be added, and none may be lost from sight."""


class Hung(NamedTuple):
    """A door and the handler behind it."""

    door: Door
    handler: Callable[..., Awaitable[Any]]


def _hung() -> Iterator[Hung]:
    for doors in ALL_DOORS:
        for route in doors.router.routes:
            endpoint = route.endpoint  # type: ignore[attr-defined]
            yield Hung(endpoint.__door__, endpoint.__wrapped__)


EVERY = list(_hung())
GUARDED = [hung for hung in EVERY if isinstance(hung.door.gate, Gate)]
POSTS = [hung for hung in GUARDED if hung.door.method == "POST"]


def _named(hung: Hung) -> str:
    return hung.door.name


def _rehang(hung: Hung, *gate: Any, **over: Any) -> None:
    """Hang the same handler again, elsewhere, exactly as it hangs now but for what is given."""
    as_it_is = {"status": hung.door.status, "again": hung.door.again, "refuses": hung.door.refuses}
    Doors("/elsewhere", tag="Elsewhere").open(hung.door.method, "/{code}/{id}", *gate, **{**as_it_is, **over})(
        hung.handler
    )


def test_every_operation_of_the_document_is_a_door_and_every_door_is_an_operation(document: dict[str, Any]) -> None:
    described = [f"{method.upper()} {path}" for method, path, _ in operations(document)]
    hanging = [door.name for door in every_door()]
    assert len(described) == len(hanging) == len(EVERY) >= FEWEST_DOORS
    assert sorted(described) == sorted(hanging)
    assert len(set(hanging)) == len(hanging)


def test_nothing_answers_in_the_application_but_doors(closed: FastAPI) -> None:
    routes = list(_all_routes(closed.router.routes))
    assert len(routes) == len(every_door())
    assert [route.path for route in routes if not hasattr(route.endpoint, "__door__")] == []


def _all_routes(routes: Iterable[Any]) -> Iterator[Any]:
    """The routes behind included routers too; anything that is neither (a mount, a page of FastAPI's own) shows up."""
    for route in routes:
        inside = getattr(route, "original_router", None)
        if inside is None:
            yield route
        else:
            yield from _all_routes(inside.routes)


def test_a_route_hung_past_the_doors_is_refused_at_once() -> None:
    async def handler() -> None:
        """Leak."""

    with pytest.raises(TypeError, match="was not hung by Doors.open"):
        Doors("/elsewhere", tag="Elsewhere").router.get("/leak")(handler)


def test_a_route_added_to_the_application_itself_has_no_place_in_the_document(tmp_path: Path) -> None:
    async def leak() -> None:
        """Leak."""

    with closed_house(tmp_path) as fresh:
        fresh.get("/leak")(leak)
        with pytest.raises(KeyError, match="/leak"):
            fresh.openapi()


@pytest.mark.parametrize("hung", EVERY, ids=_named)
def test_no_door_hangs_without_a_gate(hung: Hung) -> None:
    with pytest.raises(TypeError, match="gate"):
        _rehang(hung)
    with pytest.raises(TypeError, match="a door names its gate"):
        _rehang(hung, None)


@pytest.mark.parametrize("hung", EVERY, ids=_named)
def test_every_door_hangs_again_with_the_gate_that_it_names(hung: Hung) -> None:
    _rehang(hung, hung.door.gate)


@pytest.mark.parametrize("hung", GUARDED, ids=_named)
def test_a_handler_takes_the_permit_of_its_own_gate_and_of_no_other(hung: Hung) -> None:
    assert isinstance(hung.door.gate, Gate)
    permission = hung.door.gate.permission
    makers: list[Callable[[Permission], Gate]] = [StaffGate, ListGate, CaseGate, PresentedCodeGate]
    others = [gate for make in makers if (gate := make(permission)).permit is not hung.door.gate.permit]
    assert len(others) >= 3
    for other in others:
        with pytest.raises(TypeError, match="the gate gives"):
            _rehang(hung, other)


@pytest.mark.parametrize("hung", GUARDED, ids=_named)
def test_a_handler_that_takes_a_permit_does_not_hang_behind_an_open_gate(hung: Hung) -> None:
    with pytest.raises(TypeError, match="the gate gives no permit"):
        _rehang(hung, OpenGate("somebody was in a hurry"))


@pytest.mark.parametrize("hung", POSTS, ids=_named)
def test_a_guarded_post_says_how_a_replay_is_answered(hung: Hung) -> None:
    with pytest.raises(TypeError, match="how a replay is answered"):
        _rehang(hung, hung.door.gate, again=None)


def test_a_permission_stands_behind_every_kind_of_gate() -> None:
    kinds = {type(hung.door.gate) for hung in EVERY}
    assert kinds == {OpenGate, StaffGate, ListGate, PublishedGate, CaseGate, RecordGate, PresentedCodeGate}
    asked = {hung.door.gate.permission for hung in GUARDED if isinstance(hung.door.gate, Gate)}
    assert asked == set(Permission), "a permission that no door asks for is a promise that nothing keeps"


@pytest.mark.parametrize("door", every_door(), ids=lambda door: door.name)
def test_every_door_is_documented_whole(door: Door, document: dict[str, Any]) -> None:
    operation = document["paths"][door.path][door.method.lower()]
    assert 0 < len(operation["summary"]) <= 110, "the first line of the handler says what it does"
    assert operation["tags"]
    assert operation["x-permission"] == (door.gate.permission.value if isinstance(door.gate, Gate) else "open")
    _sends_an_example(operation)
    more = [*(["200"] if door.may_be_tried else []), *(["206"] if door.path.endswith("/files/{name}") else [])]
    _answers_with_an_example(operation, sorted([*more, str(door.status)]))
    _declares_its_refusals(operation, door)


def _sends_an_example(operation: dict[str, Any]) -> None:
    for media_type, media in operation.get("requestBody", {}).get("content", {}).items():
        assert "example" in media, f"no example of a request in {media_type}"


def _answers_with_an_example(operation: dict[str, Any], statuses: list[str]) -> None:
    succeeded = {answered: said for answered, said in operation["responses"].items() if answered[0] in "23"}
    assert sorted(succeeded) == statuses
    assert all(said["content"] for said in succeeded.values()), "an answer has a media type"
    for media_type, media in (media for said in succeeded.values() for media in said["content"].items()):
        assert "example" in media or not media_type.endswith("json"), f"no example of an answer in {media_type}"


def _declares_its_refusals(operation: dict[str, Any], door: Door) -> None:
    if isinstance(door.gate, Gate):
        assert set(operation["responses"]) >= GUARDED_STATUSES
        assert operation["security"] == [{"token": []}]
    else:
        assert {"token": []} not in operation["security"]
    for refusal in [*refusals(door), *door.refuses]:
        answer = operation["responses"][str(refusal.status)]
        assert f"`{refusal.code}`" in answer["description"], refusal.code
        assert answer["content"][MEDIA_TYPE]["example"]["status"] == refusal.status


def test_every_open_door_says_why_it_is_open(document: dict[str, Any]) -> None:
    reasons = {
        f"{method.upper()} {path}": operation["x-open-because"]
        for method, path, operation in operations(document)
        if operation["x-permission"] == "open"
    }
    expected = {hung.door.name: hung.door.gate.reason for hung in EVERY if isinstance(hung.door.gate, OpenGate)}
    assert reasons == expected
    assert all(len(reason) >= len("documentation") for reason in reasons.values())


def test_only_what_must_be_open_is_open() -> None:
    """api.md names the open doors; a new one is a decision, so it is made here too."""
    prefixes = (
        "/oauth/",
        "/.well-known/",
        "/health/",
        "/problems/",
        "/docs",
        "/redoc",
        "/openapi.json",
        "/v1/notices/",
        "/hsds/",
        "/v1/voices",
        "/dashboard/",
    )
    elsewhere = [
        hung.door.path
        for hung in EVERY
        if isinstance(hung.door.gate, OpenGate) and not hung.door.path.startswith(prefixes)
    ]
    assert elsewhere == ["/"]


def test_operation_ids_are_unique(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(set(names)) == len(names)


def test_the_document_is_valid_openapi(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    validate(document)
