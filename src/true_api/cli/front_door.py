"""The front door from inside: calls of an operator, as an admin, through the application's own doors."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import httpx2
import typer

from true_api.api.app import create_app
from true_api.cli.accounts import acting_admin, issue
from true_api.cli.grounds import require_program, settings_here
from true_api.cli.words import Refused
from true_api.kernel.settings import Settings
from true_api.security.installation import Installation

SECONDS_FOR_A_TASK = 300
PAGE = 200

AsAdmin = Annotated[
    str | None,
    typer.Option("--as", help="Label or id of the admin as whom this is done; if left out, the first active one."),
]
"""The option of every command that acts as an admin."""


class Operator:
    """An admin at the door, with a short-lived token; every rule, refusal and trail entry applies."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self._http = http

    async def call(self, method: str, path: str, **request: Any) -> httpx2.Response:
        """One request. A problem is `Refused` in its own plain words."""
        answer = await self._http.request(method, path, **request)
        if answer.status_code >= 400:
            raise Refused(_words(answer.json()))
        return answer

    async def get(self, path: str, **query: Any) -> Any:
        """What a door shows."""
        return (await self.call("GET", path, params=query)).json()

    async def post(self, path: str, draft: dict[str, Any]) -> Any:
        """What a door recorded."""
        return (await self.call("POST", path, json=draft)).json()

    async def change(self, path: str, change: dict[str, Any]) -> Any:
        """What a record has become, changed from its present version."""
        etag = (await self.call("GET", path)).headers["etag"]
        return (await self.call("PATCH", path, json=change, headers={"If-Match": etag})).json()

    async def all(self, path: str) -> list[dict[str, Any]]:
        """A whole list, oldest first."""
        found: list[dict[str, Any]] = []
        page: dict[str, Any] = {"next_cursor": ""}
        while (cursor := page["next_cursor"]) is not None:
            page = await self.get(path, limit=PAGE, **({"cursor": cursor} if cursor else {}))
            found += page["items"]
        return found[::-1]


@asynccontextmanager
async def front_door(settings: Settings, task: str, admin: str | None) -> AsyncIterator[Operator]:
    """The operator at the door of this installation; `task` is how the trail calls what they came for."""
    app = create_app(settings)
    installation: Installation = app.state.installation
    try:
        account = await acting_admin(installation, admin)
        seconds = min(SECONDS_FOR_A_TASK, settings.token_lifetime)
        issued = await issue(installation, account, account.grant(), f"true-api {task}", seconds)
        async with httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=app),
            base_url="http://true-api",
            headers={"Authorization": f"Bearer {issued.token}"},
        ) as http:
            yield Operator(http)
    finally:
        await installation.stop()


def admitted_settings() -> Settings:
    """The settings of an installation that has a program, whose doors can be called."""
    settings = settings_here()
    require_program(settings)
    return settings


def _words(problem: dict[str, Any]) -> str:
    """A problem as an operator reads it: its title, what is wrong where, and the code to look it up by."""
    faults = "".join(f" {fault['pointer']}: {fault['detail']}" for fault in problem.get("errors", []))
    return f"{problem['title']}.{faults} ({problem['code']})"
