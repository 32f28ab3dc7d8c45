"""`true-api token`: an access token for a member or a client, to try the API with or to run a task."""

import asyncio
from typing import Annotated

import typer

from true_api.cli.accounts import client_named, issue, member_named
from true_api.cli.grounds import opened, require_program, settings_here
from true_api.cli.words import UNSAFE, Refused, show_json
from true_api.kernel.settings import Settings
from true_api.security.signing_in import InvalidScope, Issued

DOOR = "true-api token"


def token(
    member: Annotated[str | None, typer.Option(help="Label or id of the member it is for.")] = None,
    client: Annotated[str | None, typer.Option(help="Id of the client it is for.")] = None,
    scope: Annotated[str | None, typer.Option(help="Permissions with spaces between; fewer than all.")] = None,
    purpose: Annotated[str | None, typer.Option(help="Purpose of use, where the role has several.")] = None,
    port: Annotated[int | None, typer.Option(help="As given to serve, where TRUE_PUBLIC_URL is not set.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print lifetime and scope too, as JSON.")] = False,
) -> None:
    """Print an access token for a member or a client; the trail keeps that it was issued."""
    if (member is None) == (client is None):
        raise Refused("token needs either --member or --client.", UNSAFE)
    settings = settings_here(port=port)
    require_program(settings)
    issued = asyncio.run(_issue(settings, member, client, (scope, purpose)))
    if as_json:
        show_json({"access_token": issued.token, "expires_in": issued.lifetime, "scope": issued.scope})
    else:
        typer.echo(issued.token)


async def _issue(
    settings: Settings, member: str | None, client: str | None, narrowed: tuple[str | None, str | None]
) -> Issued:
    async with opened(settings) as installation:
        if member is not None:
            account = await member_named(installation, member)
        else:
            account = await client_named(installation, client or "")
        try:
            grant = account.grant(*narrowed)
        except InvalidScope:
            raise Refused("--scope or --purpose names something that this account's role does not include.") from None
        return await issue(installation, account, grant, DOOR, settings.token_lifetime)
