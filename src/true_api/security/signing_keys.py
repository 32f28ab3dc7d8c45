"""Our signing keys and the server's secret: made, loaded with every check, rotated, retired, watched."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from true_api.kernel.errors import Unavailable
from true_api.security.key_files import (
    MANIFEST,
    KeyEntry,
    UnsafeKeys,
    locked,
    manifest_stamp,
    read_file,
    read_manifest,
    write_file,
    write_manifest,
)
from true_api.security.statistics_key import make_statistics_key

__all__ = [
    "KeyEntry",
    "KeyWatch",
    "SigningKeys",
    "UnsafeKeys",
    "hkdf_sha256",
    "jwk",
    "load_keys",
    "make_first_keys",
    "make_key",
    "read_private_key",
    "retire_keys",
    "rotate_keys",
    "thumbprint",
]

SECRET = "server.secret"
SECRET_LENGTH = 32
SECONDS_BETWEEN_CHECKS = 1.0

# The EC P-256 keys printed in RFC 7515 A.3, in RFC 7517 A.2 and on a well-known token debugger.
PUBLISHED_SAMPLES = frozenset(
    {
        "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U",
        "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s",
        "19J8y7Zprt2-QKLjF2I5pVk0OELX6cY2AfaAv1LC_w8",
    }
)


@dataclass(frozen=True)
class SigningKeys:
    """One state of the key directory: the key that signs, all that verify, and the server's secret."""

    signing_kid: str
    signer: ec.EllipticCurvePrivateKey = field(repr=False)
    verifiers: Mapping[str, ec.EllipticCurvePublicKey] = field(repr=False)
    server_secret: bytes = field(repr=False)

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """The public keys as a JWK set (RFC 7517)."""
        fixed = {"use": "sig", "alg": "ES256"}
        return {"keys": [{**jwk(key), "kid": kid, **fixed} for kid, key in self.verifiers.items()]}

    def secret(self, purpose: str) -> bytes:
        """A 32-byte key for one purpose (cursors, etags, ...); one tells nothing of another."""
        return _purpose_key(self.server_secret, purpose)


class KeyWatch:
    """The keys of a running server: a rotation by another process is seen within a second, without a restart.

    While the directory is unsafe, every caller meets Unavailable: nobody vouches for the keys of before.
    """

    def __init__(self, keys_dir: Path, demo: bool, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._keys_dir = keys_dir
        self._demo = demo
        self._monotonic = monotonic
        self._checked = monotonic()
        self._stamp = manifest_stamp(keys_dir)
        self._keys = load_keys(keys_dir, demo)

    def current(self) -> SigningKeys:
        """The keys as they were at most a second ago; the same object until they change."""
        if self._monotonic() - self._checked >= SECONDS_BETWEEN_CHECKS:
            return self.reread()
        return self._keys

    def reread(self) -> SigningKeys:
        """The keys as they are now, for a caller who met a kid that is not among the current ones."""
        reading, stamp = self._monotonic(), manifest_stamp(self._keys_dir)
        if stamp != self._stamp:
            try:
                self._keys = load_keys(self._keys_dir, self._demo)
            except UnsafeKeys as unsafe:
                raise Unavailable from unsafe
            self._stamp = stamp
        self._checked = reading
        return self._keys


def make_first_keys(keys_dir: Path, now: datetime, demo: bool) -> None:
    """Makes the directory, both secrets and the first key where there is none; two starts at once make one."""
    try:
        keys_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        raise UnsafeKeys("The key directory cannot be made.") from None
    with locked(keys_dir):
        if (keys_dir / MANIFEST).exists():
            return
        keys_dir.chmod(0o700)
        if not (keys_dir / SECRET).exists():
            write_file(keys_dir / SECRET, secrets.token_bytes(SECRET_LENGTH))
        make_statistics_key(keys_dir)
        write_manifest(keys_dir, [make_key(keys_dir, now, demo)])


def rotate_keys(keys_dir: Path, now: datetime) -> str:
    """Makes a new key and lets it sign; the keys before it still verify. Gives the new kid."""
    with locked(keys_dir):
        before = read_manifest(keys_dir)
        made = make_key(keys_dir, now, before[-1].demo)
        kept = [entry.model_copy(update={"state": "verifying"}) for entry in before]
        write_manifest(keys_dir, [*kept, made])
    return made.kid


def retire_keys(keys_dir: Path, older_than: datetime) -> list[str]:
    """Drops the keys that stopped signing before a moment, and gives their kids.

    A key stopped signing when its successor was made, and up to a second later in other processes. The moment
    to give is therefore at least the longest lifetime of a token and that second ago.
    """
    with locked(keys_dir):
        entries = read_manifest(keys_dir)
        retired = [
            entry.kid
            for entry, successor in pairwise(entries)
            if entry.state == "verifying" and successor.created_at < older_than
        ]
        kept = [entry for entry in entries if entry.kid not in retired]
        if retired:
            write_manifest(keys_dir, kept)
        named = {f"{entry.kid}.pem" for entry in kept}
        for path in keys_dir.glob("*.pem*"):
            if path.name not in named:
                path.unlink()
    return retired


def load_keys(keys_dir: Path, demo: bool) -> SigningKeys:
    """The keys of a directory, every one of them checked; raises UnsafeKeys."""
    with suppress(UnsafeKeys):
        return _load(keys_dir, demo)
    # A retirement may have taken a file away after the manifest was read, so the second reading decides.
    return _load(keys_dir, demo)


@lru_cache(maxsize=1024)
def _purpose_key(server_secret: bytes, purpose: str) -> bytes:
    return hkdf_sha256(server_secret, salt=b"", purpose=b"true-api " + purpose.encode(), length=32)


def hkdf_sha256(secret: bytes, *, salt: bytes, purpose: bytes, length: int) -> bytes:
    """Extract-and-expand key derivation with HMAC-SHA-256 (RFC 5869); purpose is its `info`."""
    extracted = hmac.digest(salt or bytes(32), secret, "sha256")
    derived = block = b""
    for counter in range(1, -(-length // 32) + 1):
        block = hmac.digest(extracted, block + purpose + bytes([counter]), "sha256")
        derived += block
    return derived[:length]


def thumbprint(key: ec.EllipticCurvePublicKey) -> str:
    """The RFC 7638 thumbprint of a P-256 key, in base64url."""
    members = json.dumps(jwk(key), sort_keys=True, separators=(",", ":"))
    return _base64url(hashlib.sha256(members.encode()).digest())


def _load(keys_dir: Path, demo: bool) -> SigningKeys:
    entries = read_manifest(keys_dir)
    kids = [entry.kid for entry in entries]
    signing = [entry.kid for entry in entries if entry.state == "signing"]
    if len(set(kids)) != len(kids):
        raise UnsafeKeys(f"{MANIFEST} names the same key twice.")
    if len(signing) != 1:
        raise UnsafeKeys(f"{MANIFEST} names {len(signing)} signing keys; exactly one key signs.")
    if not demo and any(entry.demo for entry in entries):
        raise UnsafeKeys("A demo key never signs or verifies outside demo mode; make keys with setup.")
    if demo and not all(entry.demo for entry in entries):
        raise UnsafeKeys("A program's own key never signs in demo mode; give the demo its own directory.")
    secret = read_file(keys_dir / SECRET)
    if len(secret) != SECRET_LENGTH or len(set(secret)) < SECRET_LENGTH // 4:
        raise UnsafeKeys(f"{SECRET} is not 32 random bytes.")
    keys = {kid: read_private_key(keys_dir, kid) for kid in kids}
    return SigningKeys(
        signing_kid=signing[0],
        signer=keys[signing[0]],
        verifiers={kid: key.public_key() for kid, key in keys.items()},
        server_secret=secret,
    )


def read_private_key(keys_dir: Path, kid: str) -> ec.EllipticCurvePrivateKey:
    """The private key of a kid, looked over; raises UnsafeKeys."""
    name = f"{kid}.pem"
    try:
        key = serialization.load_pem_private_key(read_file(keys_dir / name), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise UnsafeKeys(f"{name} is not an unencrypted private key; a shared secret never signs.") from None
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size < 2048:
        raise UnsafeKeys(f"{name} is an RSA key of less than 2048 bits.")
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise UnsafeKeys(f"{name} is not an elliptic-curve key; tokens are signed with ES256 alone.")
    if not isinstance(key.curve, ec.SECP256R1):
        raise UnsafeKeys(f"{name} is on another curve than P-256.")
    if thumbprint(key.public_key()) != kid:
        raise UnsafeKeys(f"{name} holds another key than its name says.")
    if kid in PUBLISHED_SAMPLES:
        raise UnsafeKeys(f"{name} is a published sample key; anyone can sign with it.")
    return key


def make_key(keys_dir: Path, now: datetime, demo: bool) -> KeyEntry:
    """Writes a fresh key; the manifest names it afterwards, so that no reader meets a name without a key."""
    key = ec.generate_private_key(ec.SECP256R1())
    entry = KeyEntry(kid=thumbprint(key.public_key()), created_at=now, state="signing", demo=demo)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    write_file(keys_dir / f"{entry.kid}.pem", pem)
    return entry


def jwk(key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    """The members of a public key that its thumbprint is made of (RFC 7638)."""
    numbers = key.public_numbers()
    x, y = (_base64url(number.to_bytes(32, "big")) for number in (numbers.x, numbers.y))
    return {"crv": "P-256", "kty": "EC", "x": x, "y": y}


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")
