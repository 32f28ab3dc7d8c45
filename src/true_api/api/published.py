"""What is published: bytes that are the same for every reader and stay as they are, in the format that is asked for."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from true_api.api.printed import wanted
from true_api.kernel.errors import NotAcceptable
from true_api.outlets.formats import MEDIA_TYPES, Format, ParquetNotInstalled, available

FORMATS: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            MEDIA_TYPES[Format.CSV]: {"schema": {"type": "string"}, "example": "period,value\r\n2026-10,34\r\n"},
            MEDIA_TYPES[Format.NDJSON]: {"schema": {"type": "string"}, "example": '{"period":"2026-10","value":34}\n'},
            MEDIA_TYPES[Format.PARQUET]: {"schema": {"type": "string", "format": "binary"}},
        }
    }
}
"""What the document says of rows that are given in other formats than JSON."""
_FORM_OF = {media_type: form for form, media_type in MEDIA_TYPES.items()}


class Published(Response):
    """Bytes with an ETag of their own, made of nothing but them, which a reader may keep for `max_age` seconds."""

    def __init__(self, content: bytes, form: Format, etag: str, *, filename: str, max_age: int) -> None:
        kept_for = f"private, max-age={max_age}" if max_age else "private, no-cache"
        headers = {
            "ETag": f'"{etag}"',
            "Cache-Control": kept_for,
            "Vary": "Accept",
            "Content-Disposition": f'inline; filename="{filename}.{form.value}"',
        }
        super().__init__(content, headers=headers, media_type=MEDIA_TYPES[form])


def form_wanted(request: Request) -> Format:
    """The format that Accept prefers. Raises `NotAcceptable`, and `ParquetNotInstalled` where it takes nothing else."""
    try:
        return _FORM_OF[wanted(request, [MEDIA_TYPES[form] for form in available()])]
    except NotAcceptable:
        wanted(request, list(_FORM_OF))
        raise ParquetNotInstalled from None


def not_modified(response: Response) -> Response:
    """304 with those headers that the full answer would have had and a cache acts on (RFC 9110, 15.4.5)."""
    names = ("ETag", "Cache-Control", "Vary")
    kept = {name: response.headers[name] for name in names if name in response.headers}
    return Response(status_code=304, headers=kept)
