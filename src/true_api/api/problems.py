"""Problems: every refusal rendered once as RFC 9457 problem details, never with what the caller sent."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from true_api.kernel.errors import (
    ContentTooLarge,
    Fault,
    InternalError,
    InvalidShape,
    MalformedJson,
    MethodNotAllowed,
    NotFound,
    Problem,
)

MEDIA_TYPE = "application/problem+json"
MOST_FAULTS = 20

# Sentences of pydantic that name only what was expected. All others could repeat what was sent.
_SAFE_SENTENCES = frozenset(
    [
        "enum",
        "literal_error",
        "missing",
        "greater_than_equal",
        "less_than_equal",
        "int_type",
        "bool_type",
        "string_type",
        "list_type",
        "tuple_type",
        "string_too_short",
        "string_too_long",
        "too_long",
        "too_short",
        "date_from_datetime_inexact",
        "model_type",
        "model_attributes_type",
        "dict_type",
        "int_parsing",
        "bool_parsing",
    ]
)
_BY_STATUS: dict[int, type[Problem]] = {
    400: MalformedJson,
    404: NotFound,
    405: MethodNotAllowed,
    413: ContentTooLarge,
}


def render(problem: Problem, request_id: str) -> Response:
    """The response for a refusal."""
    body: dict[str, object] = {
        "type": f"/problems/{problem.code}",
        "title": problem.title(),
        "status": problem.status,
        "code": problem.code,
        "request_id": request_id,
        **problem.members,
    }
    if problem.faults:
        body["errors"] = [
            {"pointer": fault.pointer, "code": fault.code, "detail": fault.detail} for fault in problem.faults
        ]
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(content, problem.status, {**problem.usual_headers, **problem.headers}, MEDIA_TYPE)


def problem_of(error: Exception) -> Problem:
    """The refusal that an exception stands for; anything unforeseen is an `InternalError`."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestValidationError):
        return InvalidShape(*(_fault(wrong) for wrong in error.errors()[:MOST_FAULTS]))
    if isinstance(error, HTTPException) and error.status_code in _BY_STATUS:
        return _BY_STATUS[error.status_code](headers=error.headers)
    return InternalError()


def _fault(wrong: Mapping[str, Any]) -> Fault:
    place, kind = wrong["loc"], str(wrong["type"])
    if kind == "extra_forbidden":
        return Fault(_pointer(place[:-1]), "unknown_field", "This object holds a field that this door does not take.")
    if kind == "value_error":
        rule = str(wrong["ctx"]["error"])
        return Fault(_pointer(place), "invalid_value", f"{rule[:1].upper()}{rule[1:]}.")
    sentence = str(wrong["msg"]) if kind in _SAFE_SENTENCES else "This is not a value that this field takes"
    return Fault(_pointer(place), kind, f"{sentence.rstrip('.')}.")


def _pointer(place: Sequence[str | int]) -> str:
    """A JSON pointer into the body (RFC 6901), or `?name` for a query parameter."""
    where, *rest = place
    if where == "query":
        return "?" + "/".join(str(step) for step in rest)
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in rest)
