"""`true-api demo`: a synthetic program, played through the doors, and the server on it."""

import asyncio
import gc
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from typing import Annotated

import httpx2
import structlog
import typer
from fastapi import FastAPI
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from uvicorn.loops.auto import auto_loop_factory

from true_api.api.app import create_app
from true_api.api.server import GuardedConfig, OrderlyServer, Patience
from true_api.cli.accounts import Account, client_named, issue, member_named
from true_api.cli.demo_ground import Marker, settle, write_marker
from true_api.cli.grounds import settings_here
from true_api.cli.serve import take_place
from true_api.cli.story.closed_loop import LOOP
from true_api.cli.story.inside import StoryBroke
from true_api.cli.story.player import Played, Told, play
from true_api.cli.story.size import Size
from true_api.cli.welcome import Welcome, look_around
from true_api.cli.words import Refused
from true_api.kernel.clock import SystemClock
from true_api.kernel.logs import configure_logs
from true_api.kernel.private_files import only_one
from true_api.kernel.settings import LONGEST_DEMO_LIFETIME, Settings
from true_api.security.installation import Installation
from true_api.security.roles import Role

DOOR = "true-api demo"
SIZE_FOR_TESTS = "TRUE_TEST_DEMO_SIZE"
ALREADY_RUNNING = "A demo runs on this data directory already. Stop it, or name another with --data-dir and --port."
LOCK = "demo.lock"

log = structlog.get_logger()


def demo(
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = None,
    data_dir: Annotated[
        Path | None, typer.Option(help="Where the demo lives: `demo` in the data directory if left out.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line instead of words.")] = False,
    seed: Annotated[int | None, typer.Option(min=1, help="From which seed a new program is played.")] = None,
) -> None:
    """Start the server with a synthetic program in it: three months, played on first start."""
    settings = _settings(port, data_dir)
    size = Size.read(os.environ[SIZE_FOR_TESTS]) if SIZE_FOR_TESTS in os.environ else Size()
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with only_one(settings.data_dir / LOCK) as alone:
        if not alone:
            raise Refused(ALREADY_RUNNING)
        marker = settle(settings, size, seed, SystemClock().now())
        if not marker.played:
            marker = _play(settings, size, marker)
        _serve(settings, size, marker, as_json)


def _settings(port: int | None, data_dir: Path | None) -> Settings:
    """Settings of a demo: loopback, synthetic, long tokens, and a place that is free before anything is played."""
    settings = settings_here(
        demo=True, public_url="", token_lifetime=LONGEST_DEMO_LIFETIME, port=port or None, data_dir=data_dir
    )
    with take_place(settings.host, settings.port if port != 0 else 0) as place:
        free = place.getsockname()[1]
    home = settings.data_dir if data_dir is not None else settings.data_dir / "demo"
    return settings.model_copy(update={"port": free, "data_dir": home})


def _play(settings: Settings, size: Size, marker: Marker) -> Marker:
    """Play the program, and say that it was played when nothing is left to do."""
    now = SystemClock().now()
    with _progress() as told, _few_collections(), asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        try:
            played = runner.run(play(settings, size, marker.seed, now, told))
        except StoryBroke as broke:
            raise Refused(f"The demo's program met a refusal that it does not foresee ({broke}).") from None
    marker = marker.model_copy(update=_names(played))
    write_marker(settings, marker)
    return marker


def _names(played: Played) -> dict[str, object]:
    """Who the demo speaks for, for the marker."""
    company = played.company
    loop = played.stage.told[LOOP]
    clients = {"agency": company.agencies[0].id, "integrator": company.integrators[0].id}
    return {
        "played": True,
        "first_day": played.story.diary.first_day,
        "members": {"peer": company.peers[0].id, "supervisor": company.supervisors[0].id, "admin": company.admin.id},
        "clients": clients,
        "loop": loop["moments"],
        "asked": loop["reference"],
        "secrets": {role: company.client_secrets[client] for role, client in clients.items()},
    }


@contextmanager
def _progress() -> Iterator[Told]:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("Playing a synthetic program", total=None)
        yield lambda done, steps: bar.update(task, completed=done, total=steps)


@contextmanager
def _few_collections() -> Iterator[None]:
    """Let the garbage collector walk through everything that was imported far less often than it likes to."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


def _serve(settings: Settings, size: Size, marker: Marker, as_json: bool) -> None:
    app = create_app(settings)

    async def say() -> None:
        welcome = await _welcome(app.state.installation, size, marker)
        headers = welcome.keep_headers(settings.data_dir / "headers")
        typer.echo(welcome.json_line() if as_json else welcome.text(headers))

    server, place = WelcomingServer(app, say), take_place(settings.host, settings.port)
    configure_logs(readable=sys.stderr.isatty())
    try:
        server.run(sockets=[place])
    except KeyboardInterrupt:
        log.info("stopped")
    if server.refusal is not None:
        raise server.refusal


class WelcomingServer(OrderlyServer):
    """Says something once it really answers, and leaves when it cannot."""

    def __init__(self, app: FastAPI, say: Callable[[], Awaitable[None]]) -> None:
        super().__init__(GuardedConfig(app, Patience(notice=0.0)))
        self._say = say
        self._saying: asyncio.Task[None] | None = None
        self.refusal: Refused | None = None

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Start, then begin to say it."""
        await super().startup(sockets)
        self._saying = asyncio.create_task(self._welcome())

    async def _welcome(self) -> None:
        try:
            await self._say()
        except (httpx2.HTTPError, Refused) as error:
            self.refusal = Refused(f"The server started, and does not answer as it should ({type(error).__name__}).")
            self.should_exit = True


async def _welcome(installation: Installation, size: Size, marker: Marker) -> Welcome:
    settings = installation.settings
    named = {role: await member_named(installation, identity) for role, identity in marker.members.items()}
    named |= {role: await client_named(installation, identity) for role, identity in marker.clients.items()}
    tokens = {role.value: await _token(installation, named[role.value]) for role in Role}
    async with httpx2.AsyncClient(base_url=settings.issuer, trust_env=False) as http:
        (await http.get("/health/ready")).raise_for_status()
        codes, calls = await look_around(http, tokens, marker.first_day)
    clients = {role: {"id": client, "secret": marker.secrets[role]} for role, client in marker.clients.items()}
    calls["today"] = "/v1/today"
    calls["loop"] = f"/v1/intake-requests/{marker.asked}"
    loop = dict(marker.loop)
    return Welcome(settings.issuer, tokens, codes, calls, clients, size, marker.seed, loop)


async def _token(installation: Installation, account: Account) -> str:
    return (await issue(installation, account, account.grant(), DOOR, LONGEST_DEMO_LIFETIME)).token
