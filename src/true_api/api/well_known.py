"""Open doors where a stranger looks first: how to report a weakness, and which interfaces there are."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from true_api.api.doors import Doors
from true_api.kernel.errors import NotFound
from true_api.security.gates import OpenGate
from true_api.security.installation import Installation

doors = Doors("/.well-known", tag="About", version="")

GOOD_FOR = timedelta(days=180)
LINKSET = 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'


@doors.open(
    "GET",
    "/security.txt",
    OpenGate("whoever finds a weakness looks here"),
    refuses=(NotFound,),
    response_class=Response,
    responses={200: {"content": {"text/plain": {"example": "Contact: mailto:security@example.org\n"}}}},
)
async def read_security_contact(request: Request) -> Response:
    """Read whom to tell of a weakness (RFC 9116); absent where the operator named nobody."""
    installation: Installation = request.app.state.installation
    contact = installation.settings.security_contact
    if not contact:
        raise NotFound
    lines = (
        f"Contact: {contact}",
        f"Expires: {installation.clock.now() + GOOD_FOR:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: en, es",
        f"Canonical: {installation.settings.issuer}/.well-known/security.txt",
    )
    return PlainTextResponse("\n".join(lines) + "\n")


@doors.open(
    "GET",
    "/api-catalog",
    OpenGate("whoever builds on it looks here"),
    response_class=Response,
    responses={200: {"content": {"application/linkset+json": {"example": {"linkset": []}}}}},
)
async def read_catalog_of_interfaces(request: Request) -> Response:
    """Read which interfaces there are, and where each is described (RFC 9727)."""
    here = request.app.state.installation.settings.issuer
    described = [{"href": f"{here}/openapi.json", "type": "application/vnd.oai.openapi+json"}]
    shown = [{"href": f"{here}/docs", "type": "text/html"}]
    health = [{"href": f"{here}/health/ready", "type": "application/json"}]
    entries = [
        {"anchor": f"{here}{part}", "service-desc": described, "service-doc": shown, "status": health}
        for part in ("/v1", "/hsds", "/oauth")
    ]
    return JSONResponse({"linkset": entries}, media_type=LINKSET)
