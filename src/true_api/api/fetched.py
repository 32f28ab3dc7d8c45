"""Fetched: a file in pieces, whole or in part, with an ETag of its own (RFC 9110, 13 and 14)."""

import re
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import StreamingResponse

from true_api.kernel.errors import RangeNotSatisfiable

RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class Fetchable:
    """A file as a caller sees it: what it is called, how long it is, and how its bytes are read."""

    name: str
    media_type: str
    size: int
    etag: str
    columns: Sequence[str]
    read: Callable[[int, int], AsyncIterator[bytes]]


class Fetched(StreamingResponse):
    """The answer; it remembers which columns stand in the file."""

    def __init__(self, file: Fetchable, request: Request) -> None:
        span = asked_for(request.headers.get("range"), request.headers.get("if-range"), file)
        start, end = span or (0, file.size)
        bare = getattr(request.state, "head_only", False)
        super().__init__(
            _nothing() if bare else file.read(start, end),
            status_code=206 if span else 200,
            media_type=file.media_type,
            headers={
                "Accept-Ranges": "bytes",
                "ETag": file.etag,
                "Content-Length": str(end - start),
                "Content-Disposition": f'attachment; filename="{file.name}"',
            },
        )
        if span:
            self.headers["Content-Range"] = f"bytes {start}-{end - 1}/{file.size}"
        self._columns = sorted(file.columns)

    def fields(self) -> list[str]:
        """The names of the columns that are in it."""
        return self._columns


def asked_for(header: str | None, if_range: str | None, file: Fetchable) -> tuple[int, int] | None:
    """The part that is asked for, as first byte and the one after the last; None for the whole file.

    What cannot be read, several ranges at once, and a part of a file that has changed since get the whole file, as RFC
    9110 allows (14.2). Raises `RangeNotSatisfiable` where no byte is within the range.
    """
    found = RANGE.fullmatch(header.strip()) if header else None
    if found is None or not (found[1] or found[2]) or (if_range is not None and if_range.strip() != file.etag):
        return None
    if not found[1]:
        start, end = max(0, file.size - int(found[2])), file.size
    else:
        start, end = int(found[1]), min(int(found[2]) + 1, file.size) if found[2] else file.size
        if found[2] and int(found[2]) < start:
            return None
    if start >= end:
        raise RangeNotSatisfiable(headers={"Content-Range": f"bytes */{file.size}"})
    return start, end


async def _nothing() -> AsyncIterator[bytes]:
    """What goes with a HEAD."""
    for piece in tuple[bytes, ...]():
        yield piece
