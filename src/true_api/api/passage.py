"""Passage: one request on its way through a door: token, gate, replay, preconditions, body, seal."""

import hashlib
import hmac
import re
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from true_api.api.callers import caller_of
from true_api.api.door import Door, Item
from true_api.api.fetched import Fetched
from true_api.api.printed import Printed
from true_api.api.problems import problem_of
from true_api.api.published import Published, not_modified
from true_api.kernel.effects import Adjust, Effect, Keep, Remove
from true_api.kernel.errors import (
    Conflict,
    Fault,
    IdempotencyKeyRequired,
    IdempotencyKeyReused,
    IfMatchRequired,
    InvalidPrecondition,
    InvalidShape,
    NotFound,
    UnsupportedMediaType,
)
from true_api.kernel.rows import table_of
from true_api.kernel.schemas import View
from true_api.kernel.strict_json import read_json
from true_api.security.admission import Admitted, Knock, admit, seal, trail_refusal
from true_api.security.gates import Approach, Gate
from true_api.security.idempotency import (
    ConcurrentTwin,
    IdempotentRequest,
    SecretShownOnce,
    earlier_use,
    mark,
    outlived,
    read_key,
)
from true_api.security.installation import Installation
from true_api.security.tokens import Claims

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
LENIENT = "handling=lenient"


class Rendered(Response):
    """A response made from a view, once; it remembers which fields were shown."""

    media_type = "application/json"

    def __init__(self, view: View, status: int) -> None:
        super().__init__(view.__pydantic_serializer__.to_json(view), status)
        self.view = view

    def tagged(self) -> bytes:
        """What the ETag is made of."""
        tagged = self.view.tagged()
        return bytes(self.body) if tagged is self.view else tagged.__pydantic_serializer__.to_json(tagged)

    def fields(self) -> list[str]:
        """The names of the fields that hold something; of a page, those of its items."""
        shown = getattr(self.view, "items", None)
        views = shown if isinstance(shown, list) else [self.view]
        return sorted({name for view in views for name, value in view if value is not None})


class Passage:
    """The state of one request between its stops."""

    def __init__(self, door: Door, request: Request, media_type: str | None) -> None:
        self._door, self._request, self._media_type = door, request, media_type
        self._installation: Installation = request.app.state.installation
        self._admitted: Admitted | None = None
        self._claims: Claims | None = None
        self._item: Item | None = getattr(request.state, "item", None)
        self._key_mark = self._fingerprint = ""
        self._earlier: Any = None

    @property
    def earlier_status(self) -> int:
        """The status with which the first request with this key was answered."""
        return int(self._earlier.status)

    async def enter(self) -> None:
        """Stops 2 and 3: token, account, limit, gate; then the headers that this door needs."""
        gate = self._door.gate
        assert isinstance(gate, Gate)
        self._request.state.permission = gate.permission.value
        now = self._installation.clock.now()
        item = self._item
        self._claims, by_key = (item.claims, False) if item else await caller_of(self._request, self._door, now)
        self._request.state.claims = self._claims
        uses_key = self._door.takes_key and not self._is_trial
        header = self._request.headers.get("idempotency-key") if uses_key else None
        also = await self._earlier_use(header) if header else ()
        knock = Knock(
            gate,
            self._door.name,
            self._request.state.request_id,
            self._claims,
            Approach(self._request.path_params, self._json),
            also,
            by_key,
        )
        self._admitted = await admit(self._installation, knock, self._within_limit)
        permit = self._admitted.permit
        permit.trial = self._is_trial
        people = ",".join(map(str, permit.subjects))
        permit.texts.lenient = _prefers_lenient(self._request)
        permit.bound_to = f"{self._door.name}|{people}|{_filters(self._request)}|{permit.actor.id}"
        self._request.state.permit = permit
        self._earlier = self._admitted.also[0][0] if also and self._admitted.also[0] else None

    async def _within_limit(self, caller: UUID) -> None:
        # A request that lost to its own twin passes the gate a second time, and counts once; a batch counts once, too.
        if self._admitted is None and self._item is None:
            await self._request.app.state.caller_limiter.within(str(caller), self._request.state.windows)

    async def _earlier_use(self, header: str) -> tuple[Any, ...]:
        assert self._claims is not None
        secret = self._installation.tokens.secret("idempotency")
        asked = f"{self._request.method} {self._request.url.path}?{self._request.url.query}"
        self._key_mark = mark(secret, header.encode("latin-1"))
        self._fingerprint = mark(secret, asked.encode(), await self._request.body())
        return (earlier_use(UUID(self._claims.sub), self._key_mark),)

    @property
    def _is_trial(self) -> bool:
        """Whether the caller only wants to know what would become of this request."""
        return self._door.may_be_tried and self._request.query_params.get("validate_only") == "true"

    async def replay(self) -> View | None:
        """The first answer again, rendered through the gate, if this key was used before; None for a new request."""
        used = self._earlier is not None and not outlived(self._earlier, self._permit.now)
        same = used and hmac.compare_digest(self._earlier.fingerprint, self._fingerprint)
        if self._permit.only_again and not same:
            raise NotFound
        self._require_headers()
        if not used:
            return None
        if not same:
            raise IdempotencyKeyReused
        if not callable(self._door.again):
            raise SecretShownOnce
        return await self._door.again(self._permit, self._earlier.resource_id)

    def _require_headers(self) -> None:
        headers = self._request.headers
        if self._door.takes_key:
            if (key := headers.get("idempotency-key")) is not None:
                read_key(key)
            elif self._door.key_required and not self._is_trial and self._item is None:
                raise IdempotencyKeyRequired
        if self._door.needs_if_match:
            if (etag := headers.get("if-match")) is None:
                raise IfMatchRequired
            if not (found := re.fullmatch(r'"(\d{1,9})\.[0-9a-f]{16}"', etag, re.ASCII)):
                raise InvalidPrecondition
            self._permit.expected_version = int(found[1])

    @property
    def _permit(self) -> Any:
        assert self._admitted is not None
        return self._admitted.permit

    async def prepare_body(self) -> None:
        """Refuse a content type this door does not read (415) and a body that is not strict JSON (400)."""
        if self._media_type is None:
            return
        if self._media_type == FORM:
            _require_type(self._request, FORM)
            await self._form()
        else:
            await self._json()

    async def _form(self) -> None:
        # Read here: FastAPI would call a body that is too large or too late malformed.
        body = (await self._request.body()).decode("latin-1")
        _refuse_repeated([name for name, _ in parse_qsl(body, keep_blank_values=True)], "", "A form field")

    async def _json(self) -> object:
        """The body as strict JSON; what FastAPI will validate is exactly this."""
        if not hasattr(self._request, "_json"):
            _require_type(self._request, JSON)
            self._request._json = read_json(await self._request.body())
        return self._request._json

    async def seal(self, response: Response, *, replayed: bool = False) -> Response:
        """Stop 6: one commit of effects, trail and idempotency; then the response may leave, with its ETag."""
        assert self._admitted is not None
        if replayed:
            response.headers["Idempotent-Replayed"] = "true"
        if self._permit.texts.lenient and self._door.takes_words:
            response.headers["Preference-Applied"] = LENIENT
        if self._permit.location:
            response.headers["Location"] = self._permit.location
        self._admitted.shown = _fields(response)
        if self._door.method in ("GET", "PATCH"):
            if not isinstance(response, Published | Fetched):
                response.headers["ETag"] = self._etag(response)
            if self._door.method == "GET" and self._unchanged(response.headers["ETag"]):
                response = not_modified(response)
        if self._item is not None:
            self._permit.unit.effects += self._item.noted(self._permit)
        first = self._bookkeeping(response, replayed)
        await seal(self._installation, self._admitted, response.status_code, _fields(response), first)
        return response

    def _bookkeeping(self, response: Response, replayed: bool) -> list[Effect]:
        if not self._key_mark:
            return []
        requests = table_of(IdempotentRequest)
        if replayed:
            return [Adjust(requests, self._earlier.id, {"replays": 1})]
        kept = IdempotentRequest(
            caller_id=self._permit.actor.id,
            key_mark=self._key_mark,
            fingerprint=self._fingerprint,
            status=response.status_code,
            resource_id=self._permit.unit.part or self._permit.record_id,
            created_at=self._permit.now,
        )
        old = [Remove(requests, "id", (self._earlier.id,))] if self._earlier is not None else []
        return [*old, Keep.row(kept, ConcurrentTwin)]

    def _etag(self, response: Response) -> str:
        realm = self._permit.actor.organization_id
        secret = self._installation.tokens.secret(f"etag {realm}")
        body = response.tagged() if isinstance(response, Rendered) else bytes(response.body)
        seen = hmac.new(secret, body, hashlib.sha256).hexdigest()[:16]
        if not self._door.of_record or self._permit.version is None or not self._permit.viewer.shows_versions:
            return f'"{seen}"'
        return f'"{self._permit.version + (self._door.method == "PATCH")}.{seen}"'

    def _unchanged(self, etag: str) -> bool:
        known = self._request.headers.get("if-none-match", "")
        return known.strip() == "*" or etag in (tag.strip().removeprefix("W/") for tag in known.split(","))

    async def lost_to_twin(self, error: Exception) -> bool:
        """Whether a rule refused this request only because its own key was used between the gate and the rule."""
        if not isinstance(error, Conflict) or error.once_more or not self._key_mark or self._earlier is not None:
            return False
        used = earlier_use(self._permit.actor.id, self._key_mark)
        return bool((await self._permit.database.read(used))[0])

    async def trail_refusal(self, error: Exception) -> None:
        """Keep a refusal that came after the gate in the trail, with the people it was about."""
        problem = problem_of(error)
        if self._admitted is None or (problem.status >= 500 and not problem.always_trailed):
            return
        await trail_refusal(self._permit.database, self._admitted.entry, problem, self._permit)


def _fields(response: Response) -> list[str]:
    return response.fields() if isinstance(response, Rendered | Printed | Fetched) else []


def _prefers_lenient(request: Request) -> bool:
    """Whether the caller would rather have the fact kept without its text than the whole refused (RFC 7240)."""
    preferences = ",".join(request.headers.getlist("prefer")).split(",")
    return LENIENT in ("".join(preference.split()).lower().replace('"', "") for preference in preferences)


def _require_type(request: Request, media_type: str) -> None:
    given, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = parameters.strip().lower()
    if given.strip().lower() != media_type or charset not in ("", "charset=utf-8", 'charset="utf-8"'):
        raise UnsupportedMediaType


def _filters(request: Request) -> str:
    """What a cursor is bound to: everything asked for but the place in the list and the page size."""
    asked = request.query_params.multi_items()
    return urlencode(sorted((name, value) for name, value in asked if name not in ("cursor", "limit")))


def refuse_unknown_query(request: Request, known: frozenset[str]) -> None:
    """Refuse query parameters that this door does not know, and known ones given twice."""
    names = [name for name, _ in request.query_params.multi_items()]
    if not known.issuperset(names):
        told = "This door does not take one of the query parameters sent; near names those it takes."
        raise InvalidShape(Fault("?", "unknown_parameter", told, tuple(sorted(known))))
    _refuse_repeated(names, "?", "A query parameter")


def _refuse_repeated(names: list[str], pointer: str, what: str) -> None:
    if len(set(names)) != len(names):
        raise InvalidShape(Fault(pointer, "repeated_parameter", f"{what} is given once."))
