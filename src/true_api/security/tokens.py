"""Access tokens (RFC 9068): issued and verified here, and the only module that imports python-jose.

The library accepts by default what must be refused. So it sees a token only after token_form.py judged it,
gets one key and one algorithm, and what it says of the claims is judged again by a strict model.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Annotated, Protocol
from uuid import UUID, uuid4

import jose.backends
from jose import jwt
from jose.backends.cryptography_backend import CryptographyECKey
from pydantic import BaseModel, ConfigDict, Field

from true_api.kernel.errors import Unauthenticated, Unavailable
from true_api.kernel.settings import LONGEST_DEMO_LIFETIME, LONGEST_LIFETIME, Settings
from true_api.kernel.strict_json import read_json
from true_api.security.signing_keys import KeyWatch, SigningKeys
from true_api.security.token_form import ALGORITHM, LONGEST_TOKEN, TYPE, parts_of

if jose.backends.ECKey is not CryptographyECKey:
    raise ImportError("python-jose must run on the cryptography library, never on ecdsa (CVE-2024-23342).")

CLOCK_LEEWAY = 5
REMEMBERED_TOKENS = 10_000
REMEMBERED_SECONDS = 60

# Times are compared with the clock that is passed in. To require exp here would switch the library's own
# comparison on again; the model requires it.
_LIBRARY_CHECKS = {
    **{f"require_{claim}": True for claim in ("iss", "aud", "sub", "jti", "iat")},
    **{f"verify_{claim}": False for claim in ("exp", "nbf")},
}

UuidText = Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Seconds = Annotated[int, Field(ge=0, le=253_402_300_799)]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class Claims(BaseModel):
    """What a verified token says of its caller; nothing more and nothing less is accepted."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    iss: Name
    aud: Name
    sub: UuidText
    client_id: Annotated[str, Field(pattern=r"^[!-~]{1,200}$")]
    jti: UuidText
    iat: Seconds
    exp: Seconds
    role: Annotated[str, Field(pattern=r"^[a-z]{3,20}$")]
    organization: UuidText
    scope: Annotated[str, Field(max_length=2_000, pattern=r"^[!#-\[\]-~]+( [!#-\[\]-~]+)*$")]
    purpose_of_use: Annotated[str, Field(pattern=r"^[A-Z]{3,20}$")]


@dataclass(frozen=True)
class Grant:
    """Whom a token is for and what it lets them do; scope is permission names with a space between."""

    subject: UUID
    client_id: str
    role: str
    organization: UUID
    scope: str
    purpose_of_use: str


class KeySource(Protocol):
    """Where the present keys come from: a KeyWatch."""

    def current(self) -> SigningKeys:
        """The keys as they were a moment ago."""

    def reread(self) -> SigningKeys:
        """The keys as they are now."""


@dataclass(frozen=True)
class _Remembered:
    claims: Claims
    since: float
    until: float


@dataclass(frozen=True)
class _Opened:
    """Prebuilt key objects of one state of the keys, and the tokens that were verified with them."""

    keys: SigningKeys
    signer: CryptographyECKey
    verifiers: dict[str, CryptographyECKey]
    remembered: dict[bytes, _Remembered] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    @classmethod
    def of(cls, keys: SigningKeys) -> "_Opened":
        verifiers = {kid: CryptographyECKey(key, ALGORITHM) for kid, key in keys.verifiers.items()}
        return cls(keys, CryptographyECKey(keys.signer, ALGORITHM), verifiers)

    def recall(self, digest: bytes, moment: float) -> Claims | None:
        kept = self.remembered.get(digest)
        return kept.claims if kept and kept.since <= moment < kept.until else None

    def remember(self, digest: bytes, claims: Claims, moment: float) -> None:
        until = min(moment + REMEMBERED_SECONDS, claims.exp)
        with self.lock:
            self.remembered.pop(digest, None)
            if len(self.remembered) >= REMEMBERED_TOKENS:
                del self.remembered[next(iter(self.remembered))]
            self.remembered[digest] = _Remembered(claims, moment, until)


class Tokens:
    """Issues and verifies the access tokens of one issuer for one audience; lifetimes are in seconds."""

    def __init__(self, keys: KeySource, issuer: str, audience: str, maximum_lifetime: int) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._maximum_lifetime = maximum_lifetime
        self._opened = _Opened.of(keys.current())

    def issue(self, grant: Grant, now: datetime, lifetime: int) -> str:
        """A signed token; raises ValueError for what verify would refuse."""
        if not 0 < lifetime <= self._maximum_lifetime:
            raise ValueError("A token lives at least a second and at most the longest lifetime.")
        issued_at = int(_moment(now))
        claims = Claims(
            iss=self._issuer,
            aud=self._audience,
            sub=str(grant.subject),
            client_id=grant.client_id,
            jti=str(uuid4()),
            iat=issued_at,
            exp=issued_at + lifetime,
            role=grant.role,
            organization=str(grant.organization),
            scope=grant.scope,
            purpose_of_use=grant.purpose_of_use,
        )
        opened = self._open(self._keys.current())
        headers = {"typ": TYPE, "kid": opened.keys.signing_kid}
        token: str = jwt.encode(claims.model_dump(), opened.signer, algorithm=ALGORITHM, headers=headers)
        if len(token) > LONGEST_TOKEN:
            raise ValueError("This token would be longer than any that is accepted.")
        return token

    def verify(self, token: str, now: datetime) -> Claims:
        """The claims of a valid token; raises Unauthenticated, the same for every reason there is.

        Anyone can rewrite a signature into a second valid one (high s). That is harmless, because what is
        revoked is a jti, never the text of a token.
        """
        moment = _moment(now)
        try:
            return self._verified(token, moment)
        except Unavailable:
            raise
        except Exception:
            raise Unauthenticated from None

    def secret(self, purpose: str) -> bytes:
        """A 32-byte key of this server for one purpose."""
        return self._keys.current().secret(purpose)

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """The public keys that verify our tokens, as a JWK set."""
        return self._keys.current().jwks()

    def forget_all(self) -> None:
        """Empties the memory of verified tokens; a verification under way is not remembered either."""
        self._opened = _Opened.of(self._opened.keys)

    def _open(self, keys: SigningKeys) -> _Opened:
        if keys is not self._opened.keys:
            self._opened = _Opened.of(keys)
        return self._opened

    def _verified(self, token: str, moment: float) -> Claims:
        if len(token) > LONGEST_TOKEN:
            raise Unauthenticated
        opened = self._open(self._keys.current())
        digest = hashlib.sha256(token.encode("ascii")).digest()
        if known := opened.recall(digest, moment):
            self._check_times(known, moment)
            return known
        kid, payload = parts_of(token)
        if kid not in opened.verifiers:
            opened = self._open(self._keys.reread())
        self._check_by_library(token, opened.verifiers[kid])
        claims = Claims.model_validate(read_json(payload))
        self._check_claims(claims)
        self._check_times(claims, moment)
        opened.remember(digest, claims, moment)
        return claims

    def _check_by_library(self, token: str, key: CryptographyECKey) -> None:
        jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            options=_LIBRARY_CHECKS,
            audience=self._audience,
            issuer=self._issuer,
        )

    def _check_claims(self, claims: Claims) -> None:
        if claims.iss != self._issuer or claims.aud != self._audience:
            raise Unauthenticated

    def _check_times(self, claims: Claims, moment: float) -> None:
        lifetime = claims.exp - claims.iat
        if not 0 < lifetime <= self._maximum_lifetime:
            raise Unauthenticated
        if not claims.iat - CLOCK_LEEWAY <= moment < claims.exp:
            raise Unauthenticated


def open_tokens(settings: Settings) -> Tokens:
    """The tokens of an installation, watching its key directory; raises UnsafeKeys."""
    longest = LONGEST_DEMO_LIFETIME if settings.demo else LONGEST_LIFETIME
    return Tokens(KeyWatch(settings.keys_dir, settings.demo), settings.issuer, settings.issuer, longest)


def _moment(now: datetime) -> float:
    if now.tzinfo is None:
        raise ValueError("The present moment needs a time zone.")
    return now.timestamp()
