"""The OpenAPI document: FastAPI's own, with each door's gate, refusals and examples written in."""

import json
from typing import Any

from fastapi import FastAPI

from true_api.api.all_doors import every_door
from true_api.api.door import Door
from true_api.api.problems import MEDIA_TYPE
from true_api.api.sync import document_items
from true_api.kernel import errors
from true_api.kernel.errors import Problem
from true_api.security.gates import CaseGate, Gate, PresentedCodeGate, RecordGate
from true_api.security.idempotency import SecretShownOnce
from true_api.security.roles import POLICY, PURPOSES, Purpose, Role

PROBLEM_SCHEMA = {
    "title": "Problem",
    "description": "RFC 9457 problem details. It never holds what was sent.",
    "type": "object",
    "required": ["type", "title", "status", "code", "request_id"],
    "properties": {
        "type": {"type": "string", "description": "A page that explains this kind of refusal."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable: write programs against this."},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {
                    **{name: {"type": "string"} for name in ("pointer", "code", "detail")},
                    "near": {
                        "type": "array",
                        "items": {"type": "string"},
                        "description": "Of an unknown term: terms of the same list that may have been meant.",
                    },
                },
            },
        },
    },
}
DESCRIPTION = """The backend of peer support in harm reduction. Participants exist only under pseudonymous codes;
every answer about a person passes a gate and leaves a trace; every refusal is problem+json with a stable code."""

OF_A_BODY = (
    errors.ContentTooLarge,
    errors.UnsupportedMediaType,
    errors.MalformedJson,
    errors.DuplicateKey,
    errors.NumberNotRepresentable,
    errors.TextNotRepresentable,
    errors.NestedTooDeep,
)


def serialized(document: dict[str, Any]) -> str:
    """The document as `openapi/openapi.json` holds it: sorted, so that what differs is what changed."""
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def describe(app: FastAPI) -> None:
    """Make `app.openapi()` give the finished document."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _finished(plain())
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def refusals(door: Door) -> list[type[Problem]]:
    """Every refusal that a door declares or that its gate and method bring with them."""
    found: list[type[Problem]] = [errors.InvalidShape, errors.TooManyRequests, errors.Unavailable, *door.refuses]
    if isinstance(door.gate, Gate):
        found += [errors.Unauthenticated, errors.NotPermitted]
    if isinstance(door.gate, CaseGate | PresentedCodeGate) or getattr(door.gate, "presents_code", False):
        found += [errors.CodeMistyped, errors.NotFound]
    if isinstance(door.gate, RecordGate):
        found += [errors.NotFound]
    if door.method == "POST" and isinstance(door.gate, Gate) and not door.takes_key:
        found += [errors.WriteCollided]
    elif door.method == "POST" and isinstance(door.gate, Gate):
        found += [errors.InvalidIdempotencyKey, errors.IdempotencyKeyReused, errors.WriteCollided]
        found += [] if callable(door.again) else [SecretShownOnce]
        found += [errors.IdempotencyKeyRequired] if door.key_required else []
    if door.method == "PATCH":
        found += [
            errors.IfMatchRequired,
            errors.InvalidPrecondition,
            errors.PreconditionFailed,
            errors.WriteCollided,
        ]
    return sorted(set(found), key=lambda refusal: (refusal.status, refusal.code))


def reached_by_agencies(gate: Gate) -> bool:
    """Whether a partner agency may open a door with this gate, so that the document says what rests on consent."""
    return gate.permission in POLICY[Role.AGENCY]


def purposes_at(gate: Gate) -> set[Purpose]:
    """For which purposes of use a token opens this gate, over all roles that have the permission."""
    allowed = (PURPOSES[role] for role, granted in POLICY.items() if gate.permission in granted)
    return {purpose for purposes in allowed for purpose in purposes & gate.purposes}


def _finished(document: dict[str, Any]) -> dict[str, Any]:
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = PROBLEM_SCHEMA
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
        "client": {"type": "http", "scheme": "basic", "description": "Only for POST /oauth/token."},
    }
    document["info"]["description"] = DESCRIPTION
    document["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    document["servers"] = [{"url": "/", "description": "This installation"}]
    doors = {(door.path, door.method.lower()): door for door in every_door()}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _annotate(operation, doors[path, method], schemas)
    document_items(document)
    return document


def _annotate(operation: dict[str, Any], door: Door, schemas: dict[str, Any]) -> None:
    gate = door.gate
    if isinstance(gate, Gate):
        operation["security"] = [{"token": []}]
        operation["x-permission"] = gate.permission.value
        operation["x-gate"] = type(gate).__name__
        operation["x-purpose"] = sorted(purpose.value for purpose in purposes_at(gate))
        if reached_by_agencies(gate):
            operation["x-consent"] = sorted(category.value for category in gate.discloses)
    else:
        operation["security"] = [{"client": []}] if door.path == "/oauth/token" else []
        operation["x-permission"] = "open"
        operation["x-open-because"] = gate.reason
    headers = _header_parameters(door)
    if headers:
        operation["parameters"] = [*operation.get("parameters", []), *headers]
    refused = refusals(door)
    if "requestBody" in operation:
        refused += OF_A_BODY
        _exemplify(operation["requestBody"]["content"], schemas)
    if any(parameter["name"] == "cursor" for parameter in operation.get("parameters", [])):
        refused.append(errors.InvalidCursor)
    operation["responses"].pop("422", None)
    for answer in operation["responses"].values():
        _exemplify(answer.get("content", {}), schemas)
    operation["responses"] |= _refused_answers(refused)


def _refused_answers(refused: list[type[Problem]]) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for status in sorted({refusal.status for refusal in refused}):
        here = sorted({refusal for refusal in refused if refusal.status == status}, key=lambda refusal: refusal.code)
        example = {
            "type": f"/problems/{here[0].code}",
            "title": here[0].title(),
            "status": status,
            "code": here[0].code,
            "request_id": "5f0c6d1e2a3b4c5d8e9f00112233aabb",
        }
        answers[str(status)] = {
            "description": "\n".join(f"`{refusal.code}`: {refusal.title()}." for refusal in here),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}},
        }
    return answers


def _header_parameters(door: Door) -> list[dict[str, Any]]:
    headers = []
    if door.takes_key and isinstance(door.gate, Gate):
        words = "8 to 128 visible ASCII characters; a retry with the same key never counts twice, for 24 hours."
        schema = {"type": "string", "minLength": 8, "maxLength": 128}
        headers.append(_header("Idempotency-Key", words, schema, door.key_required))
    if door.needs_if_match:
        headers.append(_header("If-Match", "The record's ETag, as it was given.", {"type": "string"}, True))
    if door.takes_words:
        words = "`handling=lenient`: a text that may find a person comes back by its spans, and the fact is kept."
        headers.append(_header("Prefer", words, {"type": "string"}, False))
    return headers


def _header(name: str, words: str, schema: dict[str, Any], required: bool) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": required, "description": words, "schema": schema}


def _exemplify(content: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Write the example of the schema beside its reference, where every tool finds it."""
    for media in content.values():
        if "example" not in media and (example := _example(media.get("schema", {}), schemas)) is not None:
            media["example"] = example


def _example(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        return _example(schema["anyOf"][0], schemas)
    if schema.get("examples"):
        return schema["examples"][0]
    if set(schema.get("properties", {})) == {"items", "next_cursor"}:
        return {"items": [_example(schema["properties"]["items"]["items"], schemas)], "next_cursor": None}
    return None
