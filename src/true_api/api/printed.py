"""What is printed: an answer that an outlet drew, and the media type that the caller takes it in (RFC 9110, 12.5.1)."""

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from true_api.kernel.errors import NotAcceptable


class Printed(Response):
    """A drawing or document; it remembers which fields are shown on it."""

    def __init__(self, content: bytes, media_type: str, shown: Sequence[str], filename: str) -> None:
        super().__init__(content, media_type=media_type)
        self.headers["Content-Disposition"] = f'inline; filename="{filename}"'
        self.headers["Vary"] = "Accept"
        self._shown = sorted(shown)

    def fields(self) -> list[str]:
        """The names of the fields that were printed."""
        return self._shown


def documents(*media_types: str) -> dict[int | str, dict[str, Any]]:
    """What the document says of an answer that is no JSON: `responses=documents("application/pdf")`."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    text = {"schema": {"type": "string"}}
    return {200: {"content": {kind: text if kind.endswith("xml") else binary for kind in media_types}}}


def wanted(request: Request, offered: Sequence[str]) -> str:
    """The media type that the caller prefers among those offered, the first of them if there is no telling.

    Raises `NotAcceptable` where Accept names none of them.
    """
    ranges = _ranges(",".join(request.headers.getlist("accept")) or "*/*")
    weights = {media_type: _weight(media_type, ranges) for media_type in offered}
    best = max(weights.values())
    if best <= 0:
        raise NotAcceptable
    return next(media_type for media_type, weight in weights.items() if weight == best)


def _ranges(accept: str) -> dict[str, float]:
    """The weight of each media range; parameters other than q say nothing here, and an unreadable q is none."""
    ranges = {}
    for part in accept.split(","):
        name, *parameters = part.lower().split(";")
        weights = [value for key, _, value in (each.strip().partition("=") for each in parameters) if key == "q"]
        ranges[name.strip()] = _quality(weights[0]) if weights else 1.0
    return ranges


def _quality(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0


def _weight(media_type: str, ranges: dict[str, float]) -> float:
    """The weight of the range that names this media type most exactly."""
    for name in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
        if name in ranges:
            return ranges[name]
    return 0.0
