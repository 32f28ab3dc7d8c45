"""Makes tokens as an attacker would: any header, any payload, any signature."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from true_api.security.signing_keys import KeyWatch, load_keys, make_first_keys
from true_api.security.tokens import Tokens

ISSUER = "https://api.example.org"
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
LIFETIME = 600
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "aud": ISSUER,
    "sub": "7d1f3c52-0d0f-4f4e-9a57-3f1b2f6a9c01",
    "client_id": "field-phone",
    "jti": "0b7e9a36-5c58-4a0e-8a8e-6f0c5a3d2b11",
    "iat": SECONDS,
    "exp": SECONDS + LIFETIME,
    "role": "peer",
    "organization": "c5b8f6a1-2a43-4f0d-b8a3-9d5b7e1c4f22",
    "scope": "encounter:write encounter:read",
    "purpose_of_use": "TREAT",
}


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def written(part: Mapping[str, Any] | bytes) -> bytes:
    return part if isinstance(part, bytes) else json.dumps(part).encode()


@dataclass(frozen=True)
class Forge:
    """Our own tokens, and everything needed to forge one beside them."""

    keys_dir: Path
    tokens: Tokens
    kid: str
    signer: ec.EllipticCurvePrivateKey

    @classmethod
    def at(cls, keys_dir: Path) -> "Forge":
        make_first_keys(keys_dir, NOW, demo=False)
        keys = load_keys(keys_dir, demo=False)
        tokens = Tokens(KeyWatch(keys_dir, demo=False), ISSUER, ISSUER, LIFETIME)
        return cls(keys_dir, tokens, keys.signing_kid, keys.signer)

    def header(self, **changes: Any) -> dict[str, Any]:
        return {"alg": "ES256", "typ": "at+jwt", "kid": self.kid, **changes}

    def sign(
        self,
        header: Mapping[str, Any] | bytes,
        payload: Mapping[str, Any] | bytes,
        signer: ec.EllipticCurvePrivateKey | None = None,
    ) -> str:
        """A token signed with ECDSA and SHA-256, whatever its header and payload say."""
        return self.sign_text(f"{base64url(written(header))}.{base64url(written(payload))}", signer)

    def sign_text(self, signed: str, signer: ec.EllipticCurvePrivateKey | None = None) -> str:
        """A signature over two segments as they stand."""
        return f"{signed}.{base64url(raw_signature(signer or self.signer, signed.encode()))}"

    def with_claims(self, without: str = "", **changes: Any) -> str:
        """A token whose only fault is in its claims."""
        claims = {**CLAIMS, **changes}
        claims.pop(without, None)
        return self.sign(self.header(), claims)

    def with_header(self, without: str = "", **changes: Any) -> str:
        """A token whose only fault is in its header."""
        header = self.header(**changes)
        header.pop(without, None)
        return self.sign(header, CLAIMS)

    def with_secret(self, secret: bytes, algorithm: str = "HS256") -> str:
        """A token authenticated with a shared secret."""
        digest = {"HS384": hashlib.sha384, "HS512": hashlib.sha512}.get(algorithm, hashlib.sha256)
        signed = f"{base64url(written(self.header(alg=algorithm)))}.{base64url(written(CLAIMS))}"
        return f"{signed}.{base64url(hmac.digest(secret, signed.encode(), digest))}"

    def public(self, encoding: serialization.Encoding) -> bytes:
        """The public key that anyone can fetch, as a file."""
        return self.signer.public_key().public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo)


def raw_signature(signer: ec.EllipticCurvePrivateKey, signed: bytes) -> bytes:
    """r and s, each as long as the curve's numbers."""
    r, s = decode_dss_signature(signer.sign(signed, ec.ECDSA(hashes.SHA256())))
    size = (signer.key_size + 7) // 8
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")
