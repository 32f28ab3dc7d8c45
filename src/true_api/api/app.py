"""The application: `create_app(settings, clock)` is the same object in production, in the demo and in tests."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, compile_path

from true_api import __version__
from true_api.api.all_doors import ALL_DOORS, every_door
from true_api.api.edge import Edge, Limiter
from true_api.api.openapi import describe
from true_api.api.problems import problem_of
from true_api.api.refusal_pages import answer
from true_api.journeys.forgetting import resume
from true_api.journeys.jobs import do_jobs
from true_api.journeys.lapsing import end_lapsed_consents
from true_api.journeys.replaying import is_behind, replay
from true_api.kernel.clock import Clock, SystemClock
from true_api.kernel.database import open_database
from true_api.kernel.errors import MethodNotAllowed, Problem, Unavailable
from true_api.kernel.sequencer import advance_all
from true_api.kernel.settings import Settings
from true_api.outlets.exports.jobs import keep_making_exports
from true_api.outlets.exports.tidying import tidy_exports
from true_api.outlets.feed.keeping import begin_day, let_old_changes_go
from true_api.outlets.sealed.calendar import seal_what_is_due
from true_api.outlets.statistics.keeping import keep_counts
from true_api.privacy.guard.gazetteer import lexicon
from true_api.privacy.keyring import open_keyring
from true_api.privacy.sealing import SealedUnavailable
from true_api.privacy.tombstones import OtherTombstoneKey, make_tombstone_key
from true_api.security.housekeeping import drop_outlived_keys, sweep
from true_api.security.installation import Installation
from true_api.security.sealer import seal_all
from true_api.security.statistics_key import statistics_key
from true_api.security.tokens import open_tokens
from true_api.security.trail_publishing import publish

SECONDS_BETWEEN_ROUNDS = 1.0
TEN_SECONDS, HALF_A_MINUTE, TEN_MINUTES, ONE_DAY = 10, 30, 600, 86_400

log = structlog.get_logger()


ROUTES: list[BaseRoute] = [route for doors in ALL_DOORS for route in doors.router.routes]
"""Every door's route as it hangs: behind an included router, FastAPI would work each out anew, and look longer."""


def create_app(settings: Settings, clock: Clock | None = None) -> FastAPI:
    """Build the application. Raises `UnsafeKeys` or `UnsafeMasterKeys` for keys that may not be used like this."""
    tokens = open_tokens(settings)
    statistics_key(settings.keys_dir)
    app = FastAPI(
        title="TRUE API",
        version=__version__,
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        separate_input_output_schemas=False,
        routes=ROUTES,
    )
    app.state.installation = Installation(
        settings=settings,
        clock=clock or SystemClock(),
        database=open_database(settings),
        keyring=open_keyring(settings, clock),
        tokens=tokens,
    )
    app.state.caller_limiter = Limiter(settings.rate_per_caller, "caller")
    app.state.voice_limiter = Limiter(settings.rate_voices, "voices")
    for kind in (Problem, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, _answer)
    app.add_middleware(Edge, settings=settings)
    describe(app)
    return app


async def _answer(request: Request, error: Exception) -> Response:
    problem = problem_of(error)
    if isinstance(problem, MethodNotAllowed):
        problem.headers["Allow"] = ", ".join(_methods_here(request))
    return answer(problem, request.scope)


def _methods_here(request: Request) -> list[str]:
    """Every method that some door at this path answers to; HEAD wherever there is GET."""
    path = request.url.path
    methods = {door.method for door in every_door() if compile_path(door.path)[0].match(path)}
    return sorted(methods | ({"HEAD"} if "GET" in methods else set()))


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    installation: Installation = app.state.installation
    try:
        await _forget_again(installation)
    except Unavailable:
        await installation.stop()
        raise
    if not await installation.keyring.masters.known():
        log.warning("no_master_key", so="sealed text is answered with 503")
    keepers = [asyncio.create_task(_keep_house(installation))]
    if installation.settings.worker == "in_process":
        keepers.append(asyncio.create_task(keep_making_exports(installation)))
    app.state.ready = True
    try:
        yield
    finally:
        app.state.ready = False
        for keeper in keepers:
            keeper.cancel()
        for keeper in keepers:
            with suppress(asyncio.CancelledError):
                await keeper
        await installation.stop()


async def _forget_again(installation: Installation) -> None:
    """Nobody is served before those who were forgotten are forgotten in a store that came back from a backup, too."""
    # Where it cannot be made or read now, only who is asked to be forgotten meets that, or a replay that needs it.
    with suppress(Problem):
        await make_tombstone_key(installation.keyring)
    try:
        await replay(installation)
    except (OtherTombstoneKey, SealedUnavailable):
        raise
    except Unavailable as error:
        # A store does not answer: nothing can be read from it yet, and the housekeeping asks again.
        log.error("forgets_not_replayed", kind=type(error).__name__)
        behind = False
        with suppress(Unavailable):
            behind = await is_behind(installation)
        if behind:
            raise


async def _keep_house(installation: Installation) -> None:
    """Once a second give the trail its order; the rest of the work comes round less often."""
    rounds = 0
    while True:
        for every, first, work in ROUNDS:
            if rounds % every == first:
                try:
                    await work(installation)
                except Exception as error:
                    log.error("housekeeping_failed", work=work.__name__, kind=type(error).__name__)
        rounds += 1
        await asyncio.sleep(SECONDS_BETWEEN_ROUNDS)


async def give_order(installation: Installation) -> None:
    """Give every entry of the trail that waits its place in the order."""
    await advance_all(installation.database)


async def seal_trail(installation: Installation) -> None:
    """Seal what has its place, and have the signed heads outside."""
    await seal_all(installation)
    await publish(installation)


async def forget_on(installation: Installation) -> None:
    """Finish what was begun and interrupted, and meet stores that came back while the server ran."""
    await resume(installation)
    await replay(installation)


async def do_what_is_due(installation: Installation) -> None:
    """Do the jobs that are due, unless a worker apart does (`true-api worker`)."""
    if installation.settings.worker == "in_process":
        await do_jobs(installation)


async def sweep_by_age(installation: Installation) -> None:
    """Let go of what has been kept long enough."""
    swept = sum(due.gone for due in await sweep(installation))
    log.info("swept", rows=swept)


async def learn_words(_: Installation) -> None:
    """Build the lexicon of the guard, which takes seconds once in a process, before a note has to wait for it."""
    await asyncio.to_thread(lexicon)


Work = Callable[[Installation], Awaitable[object]]
ROUNDS: tuple[tuple[int, int, Work], ...] = (
    (1, 0, give_order),
    (1, 0, seal_trail),
    (1, 0, do_what_is_due),
    (TEN_SECONDS, 5, tidy_exports),
    (HALF_A_MINUTE, 5, keep_counts),
    (ONE_DAY, 3, learn_words),
    (TEN_MINUTES, 0, drop_outlived_keys),
    (TEN_MINUTES, 1, forget_on),
    (TEN_MINUTES, 2, end_lapsed_consents),
    (TEN_MINUTES, 4, begin_day),
    (TEN_MINUTES, 30, seal_what_is_due),
    (ONE_DAY, TEN_MINUTES, sweep_by_age),
    (ONE_DAY, TEN_MINUTES + 1, let_old_changes_go),
)
"""How many rounds lie between two turns of a work, in which round it has its first, and the work."""
