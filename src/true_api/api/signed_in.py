"""A token in a cookie: how a page of this server, read by a person, says who reads it; no other door takes one."""

import re
from datetime import datetime
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from true_api.kernel.errors import Problem, Unauthenticated
from true_api.kernel.settings import Settings, is_loopback
from true_api.security.release_keys import is_release_key
from true_api.security.tokens import Claims

COOKIE, PLACE = "true_dashboard", "/dashboard"
FORM = re.compile(r"[A-Za-z0-9._-]{20,3800}", re.ASCII)
"""What a token or key consists of, and what fits into a cookie with its name (RFC 6265, 6.1)."""
LONGEST = 12 * 3600
"""Seconds that a browser keeps a release key, which itself may be good for a year."""


class SentFromElsewhere(Problem):
    """This form is only taken from a page of this server itself."""

    status = 403
    code = "sent_from_elsewhere"


def by_cookie(request: Request) -> str:
    """The token or key in the cookie. Raises `Unauthenticated` where there is none."""
    found = [request.cookies[name] for name in (f"__Secure-{COOKIE}", COOKIE) if name in request.cookies]
    if len(found) != 1 or not FORM.fullmatch(found[0]):
        raise Unauthenticated
    return found[0]


def is_signed_in(request: Request) -> bool:
    """Whether the browser holds a token or key, good or not."""
    return any(name in request.cookies for name in (f"__Secure-{COOKIE}", COOKIE))


def as_cookie(token: str) -> list[tuple[bytes, bytes]]:
    """The headers with which a browser shows a token. Raises `Unauthenticated` for what cannot be one."""
    if not FORM.fullmatch(token):
        raise Unauthenticated
    return [(b"cookie", f"{COOKIE}={token}".encode())]


def judge_origin(request: Request, settings: Settings) -> None:
    """Refuse a form that a page of another site sends (Fetch Metadata; Origin where a browser does not say it)."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None and site not in ("same-origin", "none"):
        raise SentFromElsewhere
    own = (urlsplit(settings.issuer).netloc, request.headers.get("host"))
    if site is None and origin is not None and urlsplit(origin).netloc not in own:
        raise SentFromElsewhere


def keep(response: Response, token: str, settings: Settings, until: tuple[Claims, datetime]) -> None:
    """Have the browser keep the token for as long as it is good, and send it to this page alone."""
    claims, now = until
    seconds = LONGEST if is_release_key(token) else min(LONGEST, claims.exp - int(now.timestamp()))
    _set(response, settings, token, seconds)


def let_go(response: Response, settings: Settings) -> None:
    """Have the browser forget the token."""
    _set(response, settings, "", 0)


def _set(response: Response, settings: Settings, value: str, seconds: int) -> None:
    safe = not is_loopback(urlsplit(settings.issuer).hostname or "")
    name = f"__Secure-{COOKIE}" if safe else COOKIE
    response.set_cookie(name, value, seconds, path=PLACE, secure=safe, httponly=True, samesite="strict")
