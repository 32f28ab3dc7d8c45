"""`true-api people`: organizations, teams, members and clients, kept through the doors that an admin has."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import typer

from true_api.cli.front_door import AsAdmin, Operator, admitted_settings, front_door
from true_api.cli.words import Refused, show_json, show_table
from true_api.security.accounts import OrganizationKind
from true_api.security.roles import CLIENT_ROLES, Role

T = TypeVar("T")
TASK = "people"
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@dataclass(frozen=True)
class Kind:
    """One kind of record: its door, what its records are called by, and which fields a list shows."""

    path: str
    word: str
    name: str
    columns: tuple[str, ...]


ORGANIZATIONS = Kind("/v1/organizations", "organization", "name", ("id", "name", "kind", "active"))
TEAMS = Kind("/v1/teams", "team", "name", ("id", "name", "active"))
MEMBERS = Kind("/v1/members", "member", "label", ("id", "label", "role", "organization", "team", "active"))
CLIENTS = Kind("/v1/clients", "client", "label", ("id", "label", "role", "organization", "active"))

people = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
"""Organizations, teams, members and clients."""


async def _named(operator: Operator, kind: Kind, named: str) -> dict[str, Any]:
    """The record with this name or id."""
    found = [record for record in await operator.all(kind.path) if named in (record["id"], record[kind.name])]
    if not found:
        raise Refused(f"There is no such {kind.word}. `true-api people {kind.word}s list` shows those there are.")
    if len(found) > 1:
        raise Refused(f"More than one {kind.word} is called so. Name the {kind.word} by id.")
    return found[0]


async def _program(operator: Operator) -> str:
    everyone = await operator.all(ORGANIZATIONS.path)
    return str(next(each["id"] for each in everyone if each["kind"] == OrganizationKind.PROGRAM))


def _at_the_door(by: str | None, work: Callable[[Operator], Awaitable[T]]) -> T:
    settings = admitted_settings()

    async def working() -> T:
        async with front_door(settings, TASK, by) as operator:
            return await work(operator)

    return asyncio.run(working())


def _add(kind: Kind, by: str | None, draft: dict[str, Any], as_json: bool) -> None:
    """Add a record; `organization` and `team` in the draft are names or ids still."""

    async def work(operator: Operator) -> Any:
        if "role" in draft:
            place = draft.pop("organization")
            found = (await _named(operator, ORGANIZATIONS, place))["id"] if place else await _program(operator)
            draft["organization_id"] = found
        if (team := draft.pop("team", None)) is not None:
            draft["team_id"] = (await _named(operator, TEAMS, team))["id"]
        return await operator.post(kind.path, draft)

    added = _at_the_door(by, work)
    if as_json:
        show_json(added)
        return
    typer.echo(f"Added {kind.word} {added['id']}.")
    if "secret" in added:
        typer.echo(f"Its secret, shown this once: {added['secret']}")


@people.callback()
def about_people() -> None:
    """Organizations, teams, members and clients: list, add, switch on or off."""


def _group(kind: Kind) -> typer.Typer:
    """The commands that all kinds have: list, on, off."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    people.add_typer(group, name=f"{kind.word}s", help=f"The {kind.word}s.")
    group.command("list", help=f"List the {kind.word}s, oldest first.")(_listing(kind))
    group.command("on", help=f"Switch the {kind.word} with this {kind.name} or id on again.")(_switch(kind, True))
    group.command("off", help=f"Switch the {kind.word} with this {kind.name} or id off, at once.")(_switch(kind, False))
    return group


def _listing(kind: Kind) -> Callable[..., None]:
    def list_all(by: AsAdmin = None, as_json: AsJson = False) -> None:
        async def work(operator: Operator) -> list[dict[str, Any]]:
            records = await operator.all(kind.path)
            await _name_places(operator, records)
            return records

        records = _at_the_door(by, work)
        if as_json:
            show_json(records)
        else:
            show_table(kind.columns, [[_cell(record.get(column)) for column in kind.columns] for record in records])

    return list_all


async def _name_places(operator: Operator, records: list[dict[str, Any]]) -> None:
    """Beside the id of an organization and a team, its name."""
    for kind in (ORGANIZATIONS, TEAMS):
        if any(f"{kind.word}_id" in record for record in records):
            names = {place["id"]: place["name"] for place in await operator.all(kind.path)}
            for record in records:
                record[kind.word] = names.get(record.get(f"{kind.word}_id"))


def _cell(value: object) -> str:
    return {True: "yes", False: "no", None: "-"}.get(value, str(value)) if value in (True, False, None) else str(value)


def _switch(kind: Kind, active: bool) -> Callable[..., None]:
    def switch(named: Annotated[str, typer.Argument(metavar=f"{kind.name.upper()}|ID")], by: AsAdmin = None) -> None:
        async def work(operator: Operator) -> None:
            record = await _named(operator, kind, named)
            await operator.change(f"{kind.path}/{record['id']}", {"active": active})

        _at_the_door(by, work)
        typer.echo(f"The {kind.word} is switched {'on' if active else 'off'}.")

    return switch


organizations, teams, members, clients = (_group(kind) for kind in (ORGANIZATIONS, TEAMS, MEMBERS, CLIENTS))

InOrganization = Annotated[str | None, typer.Option(help="Name or id of the organization; the program if left out.")]
OfPartner = Annotated[str, typer.Option(help="Name or id of the organization.")]
Called = Annotated[str, typer.Option(help="What colleagues call this account; a work name will do.")]


@organizations.command("add")
def add_organization(
    name: Annotated[str, typer.Option(help="What it is called.")],
    kind: Annotated[OrganizationKind, typer.Option(help="What it is to the program.")],
    by: AsAdmin = None,
    as_json: AsJson = False,
) -> None:
    """Add a partner agency, or an organization that reads numbers."""
    _add(ORGANIZATIONS, by, {"name": name, "kind": kind.value}, as_json)


@teams.command("add")
def add_team(
    name: Annotated[str, typer.Option(help="What it is called.")], by: AsAdmin = None, as_json: AsJson = False
) -> None:
    """Add a team of the program."""
    _add(TEAMS, by, {"name": name}, as_json)


@members.command("add")
def add_member(
    label: Called,
    role: Annotated[Role, typer.Option(help="What they are here.")],
    organization: InOrganization = None,
    team: Annotated[str | None, typer.Option(help="Name or id of the team, for a peer or supervisor.")] = None,
    by: AsAdmin = None,
    as_json: AsJson = False,
) -> None:
    """Add somebody who works here or at a partner."""
    draft = {"label": label, "role": role.value, "organization": organization, "team": team}
    _add(MEMBERS, by, draft, as_json)


@clients.command("add")
def add_client(
    label: Called,
    role: Annotated[Role, typer.Option(help=f"One of: {', '.join(sorted(CLIENT_ROLES))}.")],
    organization: OfPartner,
    by: AsAdmin = None,
    as_json: AsJson = False,
) -> None:
    """Add a partner's system; its secret is printed this once."""
    _add(CLIENTS, by, {"label": label, "role": role.value, "organization": organization}, as_json)
