"""Open doors to read: what this is, health, the documentation without any outside request, and each problem's page."""

from functools import cache
from mimetypes import guess_type
from pathlib import Path
from typing import Any

import fastapi_offline
from sqlalchemy import literal, select
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from true_api.api.doors import Doors
from true_api.kernel.errors import NotFound, Problem, Unavailable
from true_api.kernel.schemas import View, examples
from true_api.security.gates import OpenGate

doors = Doors("", tag="About", version="")

ASSETS = Path(fastapi_offline.__file__).parent / "static"
SHOWN_ASSETS = frozenset({"swagger-ui-bundle.js", "swagger-ui.css", "redoc.standalone.js", "favicon.png"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Scripts only from here. Inline styles stay allowed: both viewers write style elements as they draw."""

START_SWAGGER = (
    'SwaggerUIBundle({url: "/openapi.json", dom_id: "#page", deepLinking: true, validatorUrl: null,'
    " defaultModelsExpandDepth: -1, presets: [SwaggerUIBundle.presets.apis]});"
)
START_REDOC = (
    'Redoc.init("/openapi.json", {disableSearch: true, hideDownloadButton: false}, document.getElementById("page"));'
)
SCRIPTS = {"start-docs.js": START_SWAGGER, "start-redoc.js": START_REDOC}
# Redoc would fetch its maker's logo; the policy above blocks that, and this keeps it from being tried.
OUTSIDE_LOGO, INSIDE_LOGO = b"https://cdn.redoc.ly/redoc/logo-mini.svg", b"/docs/assets/favicon.png"


class About(View):
    """What this is and where to go on."""

    model_config = examples(
        {"name": "TRUE API", "version": "0.1.0", "documentation": "/docs", "openapi": "/openapi.json"}
    )

    name: str = "TRUE API"
    version: str
    documentation: str = "/docs"
    openapi: str = "/openapi.json"


class Health(View):
    """Whether the server answers."""

    model_config = examples({"status": "ok"})

    status: str = "ok"


class ProblemPage(View):
    """What a kind of refusal means."""

    model_config = examples(
        {
            "code": "code_mistyped",
            "status": 422,
            "title": "This is not a participant code as issued: one or more symbols were mistyped",
        }
    )

    code: str
    status: int
    title: str


@doors.open("GET", "/", OpenGate("says what this is, and nothing else"))
async def read_about(request: Request) -> About:
    """Read what this is and where the documentation is."""
    return About(version=request.app.version)


@doors.open("GET", "/health/live", OpenGate("a supervisor of processes asks"))
async def read_liveness() -> Health:
    """Read whether the process answers."""
    return Health()


@doors.open("GET", "/health/ready", OpenGate("a load balancer asks"), refuses=(Unavailable,))
async def read_readiness_to_serve(request: Request) -> Health:
    """Read whether requests may be sent here: the database answers and the server is not draining."""
    if not getattr(request.app.state, "ready", False):
        raise Unavailable
    await request.app.state.installation.database.read(select(literal(1)))
    return Health()


@doors.open("GET", "/problems/{code}", OpenGate("explains a refusal"), refuses=(NotFound,))
async def read_problem(code: str) -> ProblemPage:
    """Read what a kind of refusal means."""
    for leaf in Problem.leaves():
        if leaf.code == code:
            return ProblemPage(code=leaf.code, status=leaf.status, title=leaf.title())
    raise NotFound


def _page(title: str, script: str, start: str, style: str = "") -> HTMLResponse:
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="/docs/assets/favicon.png">{style}</head><body><div id="page"></div>'
        f'<script src="/docs/assets/{script}"></script><script src="/docs/assets/{start}"></script></body></html>',
        headers={"Content-Security-Policy": POLICY},
    )


@doors.open("GET", "/docs", OpenGate("documentation"), response_class=HTMLResponse)
async def show_documentation() -> Response:
    """Show the documentation, to try calls from."""
    style = '<link rel="stylesheet" href="/docs/assets/swagger-ui.css">'
    return _page("TRUE API", "swagger-ui-bundle.js", "start-docs.js", style)


@doors.open("GET", "/redoc", OpenGate("documentation"), response_class=HTMLResponse)
async def show_reference() -> Response:
    """Show the documentation, to read."""
    return _page("TRUE API reference", "redoc.standalone.js", "start-redoc.js")


@doors.open(
    "GET",
    "/docs/assets/{name}",
    OpenGate("scripts and styles of the documentation"),
    refuses=(NotFound,),
    response_class=Response,
    responses={200: {"content": {"text/javascript": {}, "text/css": {}, "image/png": {}}}},
)
async def read_documentation_asset(name: str) -> Response:
    """Read a script or style of the documentation pages."""
    if name not in SHOWN_ASSETS and name not in SCRIPTS:
        raise NotFound
    media_type = guess_type(name)[0] or "application/octet-stream"
    return Response(_asset(name), media_type=media_type, headers={"Cache-Control": "public, max-age=86400"})


@cache
def _asset(name: str) -> bytes:
    """One of a handful of files, read once."""
    return (
        SCRIPTS[name].encode() if name in SCRIPTS else (ASSETS / name).read_bytes().replace(OUTSIDE_LOGO, INSIDE_LOGO)
    )


@doors.open(
    "GET",
    "/openapi.json",
    OpenGate("documentation"),
    responses={200: {"content": {"application/json": {"example": {"openapi": "3.1.0", "paths": {}}}}}},
)
async def read_openapi(request: Request) -> Response:
    """Read the OpenAPI document."""
    document: dict[str, Any] = request.app.openapi()
    return JSONResponse(document, headers={"Cache-Control": "no-cache"})
