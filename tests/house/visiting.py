"""What a visit is, the usual ways of visiting a door, and how somebody knocks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx2

from tests.house.scenes import Scene, numbers
from tests.world import Caller, House
from true_api.security.roles import Role


@dataclass(frozen=True)
class Visit:
    """One request; the key or version that the door needs comes along."""

    path: str
    json: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = None


Way = Callable[[House, Scene, Role | None], Visit]


def at(path: str, json: Any = None) -> Way:
    """A visit to a path whose parameters are names of the scene; `json` may name the scene's records too."""

    def visit(_house: House, scene: Scene, role: Role | None) -> Visit:
        seen_as = "_reference" if role is Role.AGENCY else ""
        names = scene.names | {f"seen_{kind}": scene.names[kind + seen_as] for kind in ("referral", "request")}
        return Visit(path.format(**names), json(scene.names) if callable(json) else json)

    return visit


def change(kind: str, name: str, json: Any) -> Way:
    """A change from the version that the scene was left in."""

    def visit(_house: House, scene: Scene, _role: Role | None) -> Visit:
        return Visit(f"/v1/{kind}/{scene.names[name]}", json, {"If-Match": scene.etags[kind]})

    return visit


def adds(kind: str, /, **draft: Any) -> Way:
    """A new account under a name that nobody has."""

    def visit(house: House, _scene: Scene, _role: Role | None) -> Visit:
        given = {key: f"{value} {next(numbers)}" if key in ("name", "label") else value for key, value in draft.items()}
        place = {"organization_id": str(house.organizations["harbor"])} if "label" in draft else {}
        return Visit(f"/v1/{kind}", {**given, **place})

    return visit


async def knock(house: House, method: str, visit: Visit, caller: Caller | None) -> httpx2.Response:
    """Make a visit, with the token of a caller or with none."""
    headers = {"Authorization": f"Bearer {caller.token()}"} if caller else {}
    if method == "POST":
        headers["Idempotency-Key"] = uuid4().hex
    content = (
        {"data": dict(visit.form)} if visit.form is not None else {} if visit.json is None else {"json": visit.json}
    )
    return await house.http.request(method, visit.path, headers={**headers, **visit.headers}, **content)
