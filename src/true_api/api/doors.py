"""Doors: no route can be hung without naming its gate; every request makes the same six stops (house.md).

`DoorRoute` runs around FastAPI's own handler, because FastAPI judges the body before any dependency runs,
and a dependency cannot see the response.
"""

import functools
import inspect
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar, cast, get_args, get_origin, get_type_hints

from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from true_api.api.door import Again, Door, Leaving, Tried
from true_api.api.passage import Passage, Rendered, refuse_unknown_query
from true_api.api.queries import TrialQuery
from true_api.kernel.errors import PreconditionFailed, Problem
from true_api.kernel.schemas import Draft
from true_api.privacy.narrative import NarrativeRefused, WordsReturned, guided, has_words, judge, overrides_names
from true_api.privacy.sealing import SealedUnavailable
from true_api.security.gates import Gate, OpenGate
from true_api.security.idempotency import ConcurrentTwin
from true_api.security.permits import Permit

TRIED = "With `validate_only=true`: it would have been let in, and nothing was kept."
Handler = Callable[..., Awaitable[Any]]
H = TypeVar("H", bound=Handler)


async def _permit(request: Request) -> Any:
    return request.state.permit


P = TypeVar("P", bound=Permit)
Permitted = Annotated[P, Depends(_permit)]
"""A handler's way to its permit: `permit: Permitted[CasePermit]`."""


class Doors:
    """A room's doors: one prefix, one tag."""

    def __init__(self, prefix: str, *, tag: str, version: str = "/v1") -> None:
        self.prefix, self.version = prefix, version
        self.router = APIRouter(prefix=version + prefix, tags=[tag], route_class=DoorRoute)
        self.hung: list[Door] = []

    def open(
        self,
        method: str,
        path: str,
        gate: Gate | OpenGate,
        *,
        status: int = 200,
        again: Again | str | None = None,
        key_required: bool = False,
        of_record: bool = False,
        refuses: Sequence[type[Problem]] = (),
        leaving: Leaving | None = None,
        by_cookie: bool = False,
        **route: Any,
    ) -> Callable[[H], H]:
        """Hang a door. Raises `TypeError` at import when anything that guards it is missing.

        `again` renders the answer to a replayed Idempotency-Key from the id of the record that the first request was
        about; `of_record`: the answer is the record itself, so that its ETag carries the version; `by_cookie`: a token
        may come in a cookie.
        """
        where = self.version + self.prefix + path

        def hang(handler: H) -> H:
            words = _takes_words(handler)
            refused = (*refuses, NarrativeRefused, SealedUnavailable) if words else tuple(refuses)
            tried = TrialQuery in map(_bare, get_type_hints(handler).values())
            kept = (status, again, key_required, of_record, refused, words, tried, leaving, by_cookie)
            self._hang(Door(method, where, gate, *kept), path, handler, route)
            return handler

        return hang

    def _hang(self, door: Door, path: str, handler: Handler, route: dict[str, Any]) -> None:
        _judge(door, handler)
        self.hung.append(door)
        self.router.add_api_route(
            path,
            _rendering(door, handler),
            methods=[door.method],
            status_code=door.status,
            deprecated=door.leaving is not None or None,
            **_documented(door, handler),
            **route,
        )


def _judge(door: Door, handler: Handler) -> None:
    """What would be a leak at night is a TypeError at import."""
    if not isinstance(door.gate, Gate | OpenGate):
        raise TypeError(f"{handler.__name__}: a door names its gate")
    if not inspect.iscoroutinefunction(handler) or not handler.__doc__:
        raise TypeError(f"{handler.__name__}: a handler is async and says in one line what it does")
    permit, taken = door.gate.permit, get_type_hints(handler).get("permit")
    if taken is not permit:
        given = permit.__name__ if permit else "no permit"
        raise TypeError(f"{handler.__name__}: the gate gives {given}, the handler takes {taken}")
    if door.by_cookie and door.method != "GET":
        raise TypeError(f"{handler.__name__}: a cookie comes along unasked, so that it may change nothing")
    if isinstance(door.gate, Gate) and door.method == "POST" and door.again is None:
        raise TypeError(f"{handler.__name__}: a POST says how a replay is answered again")


def _bare(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def _takes_words(handler: Handler) -> bool:
    """Whether a draft of this handler has free text in it. Raises `TypeError` for one that could be lost unseen."""
    hints = get_type_hints(handler)
    drafts = [kind for kind in hints.values() if isinstance(kind, type) and issubclass(kind, Draft)]
    if not any(has_words(draft) for draft in drafts):
        return False
    if not all(issubclass(view, WordsReturned) for view in get_args(hints["return"]) or (hints["return"],)):
        raise TypeError(f"{handler.__name__}: who sends words is told which of them were not kept")
    return True


def _documented(door: Door, handler: Handler) -> dict[str, Any]:
    summary, _, rest = inspect.cleandoc(handler.__doc__ or "").partition("\n")
    returned = get_type_hints(handler).get("return")
    model = None if isinstance(returned, type) and issubclass(returned, Response) else returned
    return {
        "summary": summary.rstrip("."),
        "description": rest.strip() or None,
        "operation_id": handler.__name__,
        "response_model": model,
        **({"responses": {200: {"model": Tried, "description": TRIED}}} if door.may_be_tried else {}),
    }


def _rendering(door: Door, handler: Handler) -> Handler:
    """The handler with its view rendered once, to bytes; the version named in If-Match is judged just before it."""

    @functools.wraps(handler)
    async def endpoint(*arguments: Any, **named: Any) -> Response:
        permit = named.get("permit")
        if door.takes_words and permit is not None:
            named = {name: _judged(value, permit) for name, value in named.items()}
        elif door.takes_words:
            named = {
                name: judge(value, False)[0] if isinstance(value, Draft) else value for name, value in named.items()
            }
        if door.needs_if_match and permit is not None and permit.version != permit.expected_version:
            raise PreconditionFailed
        answer = await handler(*arguments, **named)
        if isinstance(answer, Response):
            return answer
        if permit is not None and permit.trial:
            texts = permit.texts
            return Rendered(Tried(returned=texts.returned or None, guidance=texts.guidance or None), 200)
        if permit is not None and (permit.texts.returned or permit.texts.guidance):
            told = {"returned": permit.texts.returned or None, "guidance": permit.texts.guidance or None}
            answer = answer.model_copy(update=told)
        return Rendered(answer, door.status)

    endpoint.__door__ = door  # type: ignore[attr-defined]
    return endpoint


def _judged(value: Any, permit: Permit) -> Any:
    """A draft with only those of its texts that may be kept. Raises `NarrativeRefused` under strict handling."""
    if not isinstance(value, Draft):
        return value
    draft, returned = judge(value, permit.texts.lenient)
    permit.texts.returned += returned
    permit.texts.guidance += guided(draft)
    permit.texts.names_confirmed = permit.texts.names_confirmed or overrides_names(value)
    return draft


class DoorRoute(APIRoute):
    """Authenticates, admits, replays, and after FastAPI's own handler seals."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler with the six stops around it. Raises `TypeError` for a route that is no door."""
        inner = super().get_route_handler()
        door = cast("Door | None", getattr(self.endpoint, "__door__", None))
        if door is None:
            raise TypeError(f"{self.path} was not hung by Doors.open")
        known = frozenset(param.alias for param in _flat_query(self.dependant))
        takes = self.body_field

        async def handle(request: Request) -> Response:
            request.state.door = door.name
            request.state.leaving = door.leaving
            passage = Passage(door, request, None if takes is None else _media_type(takes))
            if isinstance(door.gate, OpenGate):
                request.state.unlogged = door.gate.unlogged
                await passage.prepare_body()
                refuse_unknown_query(request, known)
                return await inner(request)
            try:
                return await _pass(passage, request, known, inner)
            except Problem as problem:
                if not problem.once_more:
                    raise
                return await _pass(passage, request, known, inner, last=True)

        return handle


async def _pass(
    passage: Passage,
    request: Request,
    known: frozenset[str],
    inner: Callable[[Request], Awaitable[Response]],
    last: bool = False,
) -> Response:
    await passage.enter()
    try:
        if (replayed := await passage.replay()) is not None:
            return await passage.seal(Rendered(replayed, passage.earlier_status), replayed=True)
        await passage.prepare_body()
        refuse_unknown_query(request, known)
        return await passage.seal(await inner(request))
    except Exception as error:
        if not last and await passage.lost_to_twin(error):
            raise ConcurrentTwin from None
        if last or not getattr(error, "once_more", False):
            await passage.trail_refusal(error)
        raise


def _flat_query(dependant: Any) -> list[Any]:
    found = []
    for param in dependant.query_params:
        fields = getattr(param.field_info.annotation, "model_fields", None)
        if fields:
            found += [_Named(field.alias or name) for name, field in fields.items()]
        else:
            found.append(param)
    for inner in dependant.dependencies:
        found += _flat_query(inner)
    return found


@dataclass(frozen=True)
class _Named:
    alias: str


def _media_type(body_field: Any) -> str:
    return str(getattr(body_field.field_info, "media_type", "application/json"))
