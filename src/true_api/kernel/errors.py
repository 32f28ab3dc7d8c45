"""The one tree of refusals; the edge renders each as RFC 9457 problem details.

Problem
├── Malformed 400            MalformedHttp, MalformedJson, DuplicateKey, NumberNotRepresentable, TextNotRepresentable,
│                            NestedTooDeep, IdempotencyKeyRequired, InvalidCursor, InvalidIdempotencyKey,
│                            InvalidPrecondition
├── Unauthenticated 401
├── NotPermitted 403
├── NotFound 404             absent, not yours, not agreed: one and the same answer
├── MethodNotAllowed 405
├── NotAcceptable 406
├── RequestTimeout 408
├── Conflict 409             WriteCollided; a rule of the program, of which every room adds its own leaves
├── Gone 410                 what was here, and is not kept any more
├── PreconditionFailed 412
├── ContentTooLarge 413
├── UnsupportedMediaType 415
├── RangeNotSatisfiable 416
├── Unprocessable 422        InvalidShape, CodeMistyped, IdempotencyKeyReused
├── Required 428             IfMatchRequired
├── TooManyRequests 429
├── HeadersTooLarge 431
├── InternalError 500
└── Unavailable 503

No message is built from what a caller sent: titles are class docstrings, details are fixed sentences.

Longer than 300 lines because the tree is read as one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: a JSON pointer into the request, a stable code and a fixed sentence.

    `near` names terms of the field's own list that may have been meant, the nearest first.
    """

    pointer: str
    code: str
    detail: str
    near: tuple[str, ...] = ()


class Problem(Exception):
    """A refusal. Leaves set `status` and `code`; the docstring's first line is the title."""

    status: ClassVar[int]
    code: ClassVar[str]
    usual_headers: ClassVar[Mapping[str, str]] = {}
    once_more: bool = False
    """Met at the seal, and it may look different at the gate by now: the request passes through it once more."""
    always_trailed: ClassVar[bool] = False
    """Kept in the trail though it is the server's own (500 and above): what it says must not go unseen."""

    def __init__(
        self,
        *faults: Fault,
        headers: Mapping[str, str] | None = None,
        members: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(type(self).__name__)
        self.faults = faults
        self.headers = dict(headers or {})
        self.members = dict(members or {})

    @classmethod
    def meanwhile(cls) -> Self:
        """This refusal for the seal, where it first sends the request through the gate once more."""
        refusal = cls()
        refusal.once_more = True
        return refusal

    @classmethod
    def title(cls) -> str:
        """The first line of the docstring, without its full stop."""
        return (cls.__doc__ or cls.__name__).strip().splitlines()[0].rstrip(".")

    @classmethod
    def leaves(cls) -> list[type["Problem"]]:
        """Every concrete refusal of this branch, in the order of their codes."""
        found = [cls] if "code" in cls.__dict__ else []
        for branch in cls.__subclasses__():
            found += branch.leaves()
        return sorted(set(found), key=lambda leaf: leaf.code)


class Malformed(Problem):
    """The request could not be read."""

    status = 400


class MalformedHttp(Malformed):
    """This is not HTTP as this server reads it."""

    code = "malformed_http"


class MalformedJson(Malformed):
    """The body is not JSON in UTF-8 without a byte order mark (RFC 8259)."""

    code = "malformed_json"


class DuplicateKey(Malformed):
    """An object in the body names the same member twice."""

    code = "duplicate_key"


class NumberNotRepresentable(Malformed):
    """A number in the body is not finite, or has more digits than any field accepts."""

    code = "number_not_representable"


class TextNotRepresentable(Malformed):
    """A text in the request holds a NUL or an unpaired surrogate."""

    code = "text_not_representable"


class NestedTooDeep(Malformed):
    """The body is nested deeper than any request needs."""

    code = "nested_too_deep"


class InvalidCursor(Malformed):
    """The cursor was not issued to this caller for this list and these filters."""

    code = "invalid_cursor"


class InvalidIdempotencyKey(Malformed):
    """An Idempotency-Key is 8 to 128 visible ASCII characters."""

    code = "invalid_idempotency_key"


class InvalidPrecondition(Malformed):
    """If-Match takes the strong ETag of this record, as it was given."""

    code = "invalid_precondition"


class Unauthenticated(Problem):
    """The request carries no valid access token."""

    status = 401
    code = "unauthenticated"
    usual_headers: ClassVar[Mapping[str, str]] = {"WWW-Authenticate": 'Bearer realm="TRUE API"'}


class NotPermitted(Problem):
    """This caller's role, scope or purpose of use does not include what this door needs."""

    status = 403
    code = "not_permitted"


class NotFound(Problem):
    """There is nothing here for this caller."""

    status = 404
    code = "not_found"


class MethodNotAllowed(Problem):
    """This door does not answer to this method; Allow lists those it does."""

    status = 405
    code = "method_not_allowed"


class NotAcceptable(Problem):
    """This door answers in none of the media types that Accept names."""

    status = 406
    code = "not_acceptable"


class RequestTimeout(Problem):
    """The request did not arrive in time."""

    status = 408
    code = "request_timeout"


class Conflict(Problem):
    """A rule of the program, or the present state of the record, does not allow this."""

    status = 409


class WriteCollided(Conflict):
    """Somebody else wrote at the same moment; read again and retry."""

    code = "write_collided"


class Gone(Problem):
    """What was here is not kept any more."""

    status = 410


class PreconditionFailed(Problem):
    """The record has changed since the version named in If-Match."""

    status = 412
    code = "precondition_failed"


class ContentTooLarge(Problem):
    """The body is larger than any request needs."""

    status = 413
    code = "content_too_large"


class UnsupportedMediaType(Problem):
    """The body's content type is not the one this door reads."""

    status = 415
    code = "unsupported_media_type"


class RangeNotSatisfiable(Problem):
    """No byte of the file is within the range asked for; Content-Range says how long the file is."""

    status = 416
    code = "range_not_satisfiable"


class Unprocessable(Problem):
    """The request was read, and does not have the shape this door asks for."""

    status = 422


class InvalidShape(Unprocessable):
    """One or more fields do not have the shape this door asks for; see errors."""

    code = "invalid_shape"


class CodeMistyped(Unprocessable):
    """This is not a participant code as issued: one or more symbols were mistyped."""

    code = "code_mistyped"


class IdempotencyKeyReused(Unprocessable):
    """This Idempotency-Key was used before with another request."""

    code = "idempotency_key_reused"


class Required(Problem):
    """A header that this door needs is missing."""

    status = 428


class IfMatchRequired(Required):
    """A change names the version it was made from: send If-Match with the record's ETag."""

    code = "if_match_required"


class IdempotencyKeyRequired(Malformed):
    """This door needs an Idempotency-Key, so that a retry never counts twice."""

    code = "idempotency_key_required"


class TooManyRequests(Problem):
    """Too many requests; Retry-After says in how many seconds to try again."""

    status = 429
    code = "too_many_requests"


class HeadersTooLarge(Problem):
    """The request's headers are larger or more than any request needs."""

    status = 431
    code = "headers_too_large"


class InternalError(Problem):
    """Something failed here; the request id finds it in the operator's log."""

    status = 500
    code = "internal_error"


class Unavailable(Problem):
    """The service cannot answer just now; retry with the same Idempotency-Key."""

    status = 503
    code = "unavailable"
    usual_headers: ClassVar[Mapping[str, str]] = {"Retry-After": "2"}
