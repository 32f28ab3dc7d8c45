"""Refusals as pages: what is problem details to programs is said to a person at the dashboard in a page of its own."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Scope

from true_api.api import signed_in
from true_api.api.printed import wanted
from true_api.api.problems import MEDIA_TYPE, render
from true_api.kernel.errors import NotAcceptable, NotPermitted, Problem, Unauthenticated
from true_api.kernel.settings import Settings
from true_api.outlets.dashboard import page
from true_api.outlets.dashboard.page import Refused
from true_api.outlets.sealed.grid_paths import OutsideTheGrid

HTML = "text/html"
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""No script at all, from nowhere; styles only from the stylesheet of this server, none inside a page."""
PAGE_HEADERS = {"Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin"}
"""The page's own address goes along to this server alone, so that it knows its own forms."""

SIGN_IN_AGAIN = Refused(
    401,
    "This token is not valid, or not any more",
    "An access token is good for ten minutes at most, a release key until it expires or is taken away. "
    "Look whether all of it was copied, or use a new one.",
)
NOT_FOR_THESE = (
    "The token or key is known, and not for reading sealed numbers. It takes one of a supervisor, a partner agency "
    "or a reader of numbers, with the permission release:read."
)

NOT_THERE = "Numbers leave in a closed grid of tables and sealed periods, and in no other way. These are there:"


def answer(problem: Problem, scope: Scope) -> Response:
    """The response for a refusal: a page where a person reads it, problem details everywhere else."""
    request = Request(scope)
    if not _is_for_a_person(request):
        return render(problem, scope["state"]["request_id"])
    response = HTMLResponse(
        _page(problem, request), problem.status, {**problem.usual_headers, **problem.headers, **PAGE_HEADERS}
    )
    if isinstance(problem, Unauthenticated) and signed_in.is_signed_in(request):
        settings: Settings = scope["app"].state.installation.settings
        signed_in.let_go(response, settings)
    return response


def _is_for_a_person(request: Request) -> bool:
    path = request.scope["path"]
    if path != signed_in.PLACE and not path.startswith(f"{signed_in.PLACE}/"):
        return False
    try:
        return wanted(request, (MEDIA_TYPE, HTML)) == HTML
    except NotAcceptable:
        return False


def _page(problem: Problem, request: Request) -> str:
    if isinstance(problem, Unauthenticated):
        tried = signed_in.is_signed_in(request) or getattr(request.state, "signing_in", False)
        asked = {name: request.query_params.get(name, "") for name in ("period", "table")}
        return page.sign_in(SIGN_IN_AGAIN if tried else None, page.place(**asked))
    if isinstance(problem, NotPermitted):
        refused = Refused(403, "This token does not open the dashboard", NOT_FOR_THESE)
    elif isinstance(problem, OutsideTheGrid):
        refused = Refused(problem.status, "There is no such table or period", NOT_THERE, _links(problem))
    else:
        seals_on = problem.members.get("seals_on")
        refused = Refused(problem.status, problem.title(), f"It will be on {seals_on}." if seals_on else "")
    return page.refusal(refused, request.state.request_id, signed_in.is_signed_in(request))


def _links(problem: OutsideTheGrid) -> list[tuple[str, str]]:
    """To everything that there is of what was asked for."""
    return [
        (page.named(near), f"{signed_in.PLACE}?{fault.pointer.removeprefix('?')}={near}")
        for fault in problem.faults
        for near in fault.near
    ]
