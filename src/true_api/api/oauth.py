"""Open doors where tokens come from: the token endpoint, the public keys, the server's metadata."""

from typing import Annotated

from fastapi import Form
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from true_api.api.doors import Doors
from true_api.kernel.errors import Problem
from true_api.kernel.schemas import View, examples
from true_api.security.gates import OpenGate
from true_api.security.installation import Installation
from true_api.security.signing_in import (
    InvalidClient,
    InvalidScope,
    UnsupportedGrantType,
    basic_credentials,
    sign_in_client,
)

doors = Doors("/oauth", tag="Signing in", version="")
well_known = Doors("/.well-known", tag="Signing in", version="")


class TokenRequest(BaseModel):
    """RFC 6749 4.4.2; fields this server does not know are ignored, as 3.2 asks."""

    model_config = ConfigDict(
        extra="ignore", hide_input_in_errors=True, **examples({"grant_type": "client_credentials"})
    )

    grant_type: str = Field(max_length=100, description="client_credentials")
    scope: str | None = Field(None, max_length=2_000, description="Permissions with a space between; fewer than all.")
    purpose_of_use: str | None = Field(None, max_length=20, description="HL7 PurposeOfUse, where a role has several.")


class TokenView(View):
    """RFC 6749 5.1."""

    model_config = examples(
        {
            "access_token": "eyJ0eXAiOiJhdCtqd3Qi...",
            "token_type": "Bearer",
            "expires_in": 600,
            "scope": "me:read",
        }
    )

    access_token: str
    token_type: str = "Bearer"
    expires_in: int
    scope: str


class KeySet(View):
    """A JWK set (RFC 7517)."""

    model_config = examples({"keys": [{"kty": "EC", "crv": "P-256", "kid": "...", "x": "...", "y": "..."}]})

    keys: list[dict[str, str]]


class Metadata(View):
    """RFC 8414."""

    model_config = examples(
        {
            "issuer": "https://api.example.org",
            "token_endpoint": "https://api.example.org/oauth/token",
            "jwks_uri": "https://api.example.org/.well-known/jwks.json",
            "grant_types_supported": ["client_credentials"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "response_types_supported": [],
        }
    )

    issuer: str
    token_endpoint: str
    jwks_uri: str
    grant_types_supported: tuple[str, ...] = ("client_credentials",)
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    response_types_supported: tuple[str, ...] = ()


def _installation(request: Request) -> Installation:
    return request.app.state.installation  # type: ignore[no-any-return]


@doors.open(
    "POST",
    "/token",
    OpenGate("this is where a token comes from"),
    refuses=(InvalidClient, InvalidScope, UnsupportedGrantType),
)
async def issue_token(request: Request, form: Annotated[TokenRequest, Form()]) -> TokenView:
    """Issue an access token to a client that proves its secret (client_credentials, client_secret_basic).

    A refusal carries `error` (RFC 6749 5.2) beside the members of problem+json.
    """
    try:
        client_id, secret = basic_credentials(request.headers.get("authorization", ""))
        if form.grant_type != "client_credentials":
            raise UnsupportedGrantType
        issued = await sign_in_client(_installation(request), client_id, secret, form.scope, form.purpose_of_use)
    except Problem as problem:
        problem.members["error"] = problem.code
        raise
    return TokenView(access_token=issued.token, expires_in=issued.lifetime, scope=issued.scope)


@well_known.open("GET", "/jwks.json", OpenGate("public keys are public"))
async def read_public_keys(request: Request) -> KeySet:
    """Read the public keys that verify access tokens."""
    return KeySet(keys=_installation(request).tokens.jwks()["keys"])


@well_known.open("GET", "/oauth-authorization-server", OpenGate("callers find the token endpoint here"))
async def read_server_metadata(request: Request) -> Metadata:
    """Read the authorization server's metadata (RFC 8414)."""
    issuer = _installation(request).settings.issuer
    return Metadata(issuer=issuer, token_endpoint=f"{issuer}/oauth/token", jwks_uri=f"{issuer}/.well-known/jwks.json")
