"""One request inside another: an item of a batch passes the very door, gate, handler and seal that are its own."""

import json
from dataclasses import dataclass
from typing import Any

import structlog
from starlette.requests import Request
from starlette.types import Message

from true_api.api.door import Item
from true_api.api.edge import frames
from true_api.api.passage import JSON, LENIENT
from true_api.api.problems import problem_of, render
from true_api.kernel.errors import InternalError, Problem

OF_THE_ROUTE = ("endpoint", "path_params", "route", "router")
"""What routing wrote into the outer request's scope, and writes anew for the inner one."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Answer:
    """What a door answered: a view of its own, or problem details."""

    status: int
    body: dict[str, Any]

    @property
    def is_refusal(self) -> bool:
        """Whether nothing was kept, as far as the door knows."""
        return self.status >= 400


async def post_inside(outer: Request, path: str, body: dict[str, Any], item: Item) -> Answer:
    """POST to another door as the caller of `outer`, with lenient handling of texts.

    It passes everything but the edge, which the whole batch has passed: sizes, the limits per address and per caller.
    Its request id is the outer one with a number, so that the trail has one entry for each. What nobody foresaw is
    answered with 500 and logged, so that the items after it are not lost.
    """
    written, heard = json.dumps(body, ensure_ascii=False).encode(), _Heard()
    outer.state.inside = number = getattr(outer.state, "inside", 0) + 1
    request_id = f"{outer.state.request_id}-{number}"
    headers = [(b"content-type", JSON.encode()), (b"prefer", LENIENT.encode())]
    scope = {
        **{name: value for name, value in outer.scope.items() if name not in OF_THE_ROUTE},
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": headers,
        "state": {**outer.scope["state"], "item": item, "request_id": request_id},
    }
    sent = False

    async def receive() -> Message:
        nonlocal sent
        if sent:
            return {"type": "http.disconnect"}
        sent = True
        return {"type": "http.request", "body": written, "more_body": False}

    try:
        await outer.app.router(scope, receive, heard.send)
    except Exception as error:
        problem = problem_of(error)
        if isinstance(problem, InternalError):
            log.error("unforeseen", request_id=request_id, kind=type(error).__name__, at=frames(error))
        return refusal(request_id, problem)
    return Answer(heard.status, json.loads(b"".join(heard.parts)))


def refusal(request_id: str, problem: Problem) -> Answer:
    """The answer that a problem would have been at a door."""
    return Answer(problem.status, json.loads(bytes(render(problem, request_id).body)))


class _Heard:
    """Collects one answer."""

    def __init__(self) -> None:
        self.status, self.parts = 500, list[bytes]()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        elif message["type"] == "http.response.body":
            self.parts.append(message.get("body", b""))
