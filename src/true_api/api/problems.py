"""Problems: every refusal rendered once as RFC 9457 problem details, never with what the caller sent."""

import json
import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
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
from true_api.kernel.schemas import Wrong

MEDIA_TYPE = "application/problem+json"
MOST_FAULTS = 20
MOST_NEAR, LONGEST_TERM = 3, 60

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
        body["errors"] = [shown(fault) for fault in problem.faults]
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(content, problem.status, {**problem.usual_headers, **problem.headers}, MEDIA_TYPE)


def shown(fault: Fault) -> dict[str, object]:
    """One thing that is wrong, as a caller sees it; terms that are near stand there only where there are any."""
    seen: dict[str, object] = {"pointer": fault.pointer, "code": fault.code, "detail": fault.detail}
    return {**seen, "near": list(fault.near)} if fault.near else seen


def problem_of(error: Exception) -> Problem:
    """The refusal that an exception stands for; anything unforeseen is an `InternalError`."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestValidationError):
        return InvalidShape(*(_fault(wrong) for wrong in error.errors()[:MOST_FAULTS]))
    if isinstance(error, HTTPException) and error.status_code in _BY_STATUS:
        return _BY_STATUS[error.status_code](headers=error.headers)
    return InternalError()


def faults_of(errors: Sequence[Mapping[str, Any]]) -> list[Fault]:
    """What the validator found in a part of a body, with pointers into that part."""
    return [_fault({**wrong, "loc": ("body", *wrong["loc"])}) for wrong in errors[:MOST_FAULTS]]


def _fault(wrong: Mapping[str, Any]) -> Fault:
    place, kind = wrong["loc"], str(wrong["type"])
    if kind == "extra_forbidden":
        return Fault(_pointer(place[:-1]), "unknown_field", "This object holds a field that this door does not take.")
    if kind == "value_error":
        error, rule = wrong["ctx"]["error"], str(wrong["ctx"]["error"])
        code, near = (error.code, error.near) if isinstance(error, Wrong) else ("invalid_value", ())
        return Fault(_pointer(place), code, f"{rule[:1].upper()}{rule[1:]}.", near)
    sentence = str(wrong["msg"]) if kind in _SAFE_SENTENCES else "This is not a value that this field takes"
    return Fault(_pointer(place), kind, f"{sentence.rstrip('.')}.", _near(wrong) if kind == "enum" else ())


def _near(wrong: Mapping[str, Any]) -> tuple[str, ...]:
    """The terms of a list that are most like the one that was sent: the list's own words, never the caller's."""
    sent = wrong.get("input")
    if not isinstance(sent, str) or len(sent) > LONGEST_TERM:
        return ()
    terms = re.findall(r"'([^']*)'", str(wrong["ctx"]["expected"]))
    plain = {re.sub(r"[^a-z0-9]+", "_", term.lower()): term for term in terms}
    asked = re.sub(r"[^a-z0-9]+", "_", sent.lower())
    alike = get_close_matches(asked, plain, n=MOST_NEAR, cutoff=0.6)
    within = [term for term in plain if len(asked) >= 3 and asked in term.split("_")]
    return tuple(dict.fromkeys(plain[term] for term in [*alike, *within]))[:MOST_NEAR]


def _pointer(place: Sequence[str | int]) -> str:
    """A JSON pointer into the body (RFC 6901), or `?name` for a query parameter."""
    where, *rest = place
    if where == "query":
        return "?" + "/".join(str(step) for step in rest)
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in rest)
