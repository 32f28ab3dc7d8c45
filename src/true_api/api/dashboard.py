"""Doors to the dashboard: a page of sealed numbers for a browser, and the form by which a reader says who they are.

The page stands behind the same gate as the releases themselves, and takes the same tokens and release keys; only that
a browser may show them in a cookie. Refusals become pages in `refusal_pages.py`.
"""

import asyncio
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Form, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from true_api.api import signed_in
from true_api.api.doors import Doors, Permitted
from true_api.api.passage import Passage
from true_api.api.refusal_pages import PAGE_HEADERS
from true_api.kernel.errors import NotFound, NotPermitted, Unauthenticated
from true_api.kernel.schemas import Draft, examples
from true_api.outlets.dashboard import page
from true_api.outlets.dashboard.desk import Asked, Rules, lay_out
from true_api.outlets.sealed.grid_paths import OutsideTheGrid, PeriodNotSealed, all_asked
from true_api.security.gates import OpenGate, PublishedGate
from true_api.security.installation import Installation
from true_api.security.permits import PublishedPermit
from true_api.security.roles import Permission

doors = Doors("/dashboard", tag="Numbers", version="")

READ = PublishedGate(Permission.RELEASE_READ, asks=all_asked)
SEE_OTHER = 303


class DashboardQuery(Draft):
    """What to look at: a period that is sealed, and a table of the grid."""

    model_config = examples({"period": "2026-10", "table": "people-by-setting"})

    period: str = Field("", max_length=7, description="2026-10, 2026-Q4 or FY2027; the latest month if it is left out.")
    table: str = Field("", max_length=60, description="A table of the grid, or `overview`.")


class DashboardSignIn(BaseModel):
    """The form of the sign-in page; fields that it does not have are ignored."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True, **examples({"token": "true_rk_..."}))

    token: str = Field("", max_length=4_096, description="An access token or a release key.")
    period: str = Field("", max_length=7, description="What to look at afterwards.")
    table: str = Field("", max_length=60, description="What to look at afterwards.")


def _installation(request: Request) -> Installation:
    return request.app.state.installation  # type: ignore[no-any-return]


@doors.open("GET", "", READ, by_cookie=True, refuses=(OutsideTheGrid, PeriodNotSealed), response_class=HTMLResponse)
async def show_dashboard(
    query: Annotated[DashboardQuery, Query()], request: Request, permit: Permitted[PublishedPermit]
) -> Response:
    """Show sealed numbers as plots and tables.

    A page for browsers, which show their token in a cookie after signing in at `/dashboard/sign-in`.
    """
    settings = _installation(request).settings
    rules = Rules(settings.release_day, settings.fiscal_year_starts)
    desk = await lay_out(permit, Asked(query.period, query.table), rules)
    return HTMLResponse(await asyncio.to_thread(page.dashboard, desk), headers=PAGE_HEADERS)


@doors.open("GET", "/sign-in", OpenGate("this is where a reader signs in"), response_class=HTMLResponse)
async def show_sign_in() -> Response:
    """Show the form that takes an access token or a release key."""
    return HTMLResponse(page.sign_in(), headers=PAGE_HEADERS)


@doors.open(
    "POST",
    "/sign-in",
    OpenGate("this is where a reader signs in"),
    status=SEE_OTHER,
    refuses=(Unauthenticated, NotPermitted, signed_in.SentFromElsewhere),
    response_class=HTMLResponse,
)
async def sign_in_to_dashboard(request: Request, form: Annotated[DashboardSignIn, Form()]) -> Response:
    """Keep an access token or a release key in a cookie of this page, once it has opened it."""
    installation, token = _installation(request), form.token.strip()
    signed_in.judge_origin(request, installation.settings)
    request.state.signing_in = True
    # The very gate of the page, with the very request that the browser is going to make.
    asked = Request({**request.scope, "method": "GET", "headers": signed_in.as_cookie(token)})
    await Passage(PAGE, asked, None).enter()
    wanted = page.place(form.period, form.table)
    response = _on_to(f"/dashboard?{urlencode(wanted)}" if wanted else "/dashboard")
    signed_in.keep(response, token, installation.settings, (asked.state.claims, installation.clock.now()))
    return response


@doors.open(
    "POST",
    "/sign-out",
    OpenGate("whoever is here may go"),
    status=SEE_OTHER,
    refuses=(signed_in.SentFromElsewhere,),
    response_class=HTMLResponse,
)
async def sign_out_of_dashboard(request: Request) -> Response:
    """Have the browser forget the token."""
    settings = _installation(request).settings
    signed_in.judge_origin(request, settings)
    response = _on_to("/dashboard/sign-in")
    signed_in.let_go(response, settings)
    return response


@doors.open(
    "GET",
    "/assets/{name}",
    OpenGate("the stylesheet and the icon of the page"),
    refuses=(NotFound,),
    response_class=Response,
    responses={200: {"content": {"text/css": {}, "image/svg+xml": {}}}},
)
async def read_dashboard_asset(name: str) -> Response:
    """Read the stylesheet or the icon of the dashboard."""
    if name not in page.ASSETS:
        raise NotFound
    kept = {"Cache-Control": "public, max-age=3600"}
    return Response(page.asset(name), media_type=page.ASSETS[name], headers=kept)


PAGE = next(door for door in doors.hung if door.by_cookie)


def _on_to(place: str) -> Response:
    return RedirectResponse(place, SEE_OTHER, headers=PAGE_HEADERS)
