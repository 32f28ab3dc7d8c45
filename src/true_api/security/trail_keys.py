"""The keys that sign the heads of the trail: their own, beside the signing keys; old ones never sign again, and verify.

keys_dir/trail/      mode 0700, every file in it 0600
├── keys.json        the manifest, oldest key first; the last one signs
├── <kid>.pem        the EC P-256 private key that signs; that of a key before it is deleted at the rotation
└── <kid>.pub        a public key each, kept for as long as there are heads
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

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
from true_api.security.signing_keys import jwk, make_key, read_private_key, thumbprint

HALF = 32
"""Bytes of each of the two numbers of an ES256 signature (RFC 7518, 3.4)."""

PublicKeys = Mapping[str, ec.EllipticCurvePublicKey]
"""Public keys by their kid, which is their RFC 7638 thumbprint."""


@dataclass(frozen=True)
class TrailKeys:
    """The key that signs heads now, and all that ever did."""

    kid: str
    signer: ec.EllipticCurvePrivateKey = field(repr=False)
    public: PublicKeys = field(repr=False)

    def sign(self, content: bytes) -> bytes:
        """An ES256 signature, as the two numbers of 32 bytes each."""
        numbers = decode_dss_signature(self.signer.sign(content, ec.ECDSA(hashes.SHA256())))
        return b"".join(number.to_bytes(HALF, "big") for number in numbers)


def verifies(key: ec.EllipticCurvePublicKey, content: bytes, signature: bytes) -> bool:
    """Whether this key made the signature of the content."""
    if len(signature) != 2 * HALF:
        return False
    numbers = (int.from_bytes(signature[:HALF], "big"), int.from_bytes(signature[HALF:], "big"))
    try:
        key.verify(encode_dss_signature(*numbers), content, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def trail_keys(keys_dir: Path, now: datetime, demo: bool) -> TrailKeys:
    """The keys, made where there are none yet: at the first head that is signed. Raises UnsafeKeys."""
    folder = keys_dir / "trail"
    if manifest_stamp(folder) is None:
        make_trail_key(keys_dir, now, demo)
    return known_trail_keys(keys_dir, demo)


def known_trail_keys(keys_dir: Path, demo: bool) -> TrailKeys:
    """The keys that are there. Raises UnsafeKeys, also where none was ever made."""
    folder = keys_dir / "trail"
    if (stamp := manifest_stamp(folder)) is None:
        raise UnsafeKeys("There is no key of the trail: a server makes it when it signs the first head.")
    return _loaded(folder, demo, stamp)


def make_trail_key(keys_dir: Path, now: datetime, demo: bool) -> None:
    """Make the first key; two processes at once make one."""
    folder = keys_dir / "trail"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        raise UnsafeKeys("The directory of the trail's keys cannot be made.") from None
    with locked(folder):
        if not (folder / MANIFEST).exists():
            write_manifest(folder, [_made(folder, now, demo)])


def rotate_trail_key(keys_dir: Path, now: datetime) -> str:
    """Make a new key that signs from now on, and delete the private half of the one before. Gives the new kid."""
    folder = keys_dir / "trail"
    with locked(folder):
        before = read_manifest(folder)
        made = _made(folder, now, before[-1].demo)
        write_manifest(folder, [*(entry.model_copy(update={"state": "verifying"}) for entry in before), made])
        for entry in before:
            (folder / f"{entry.kid}.pem").unlink(missing_ok=True)
    return made.kid


def jwks_of(keys: PublicKeys) -> dict[str, list[dict[str, str]]]:
    """Public keys as a JWK set (RFC 7517), to be kept with copies of heads."""
    return {"keys": [{**jwk(key), "kid": kid, "use": "sig", "alg": "ES256"} for kid, key in keys.items()]}


def public_key_of(x: int, y: int) -> tuple[str, ec.EllipticCurvePublicKey]:
    """A public key with its kid, from the numbers of a JWK. Raises `ValueError` for a point that is none."""
    key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    return thumbprint(key), key


@lru_cache(maxsize=8)
def _loaded(folder: Path, demo: bool, _stamp: tuple[int, int, int]) -> TrailKeys:
    entries = read_manifest(folder)
    if any(entry.demo is not demo for entry in entries):
        raise UnsafeKeys("A demo key signs no head outside demo mode, and a program's own key none inside.")
    kid = entries[-1].kid
    signer = read_private_key(folder, kid)
    public = {entry.kid: _public(folder, entry.kid) for entry in entries[:-1]}
    return TrailKeys(kid, signer, {**public, kid: signer.public_key()})


def _public(folder: Path, kid: str) -> ec.EllipticCurvePublicKey:
    name = f"{kid}.pub"
    try:
        key = serialization.load_pem_public_key(read_file(folder / name))
    except (ValueError, UnsupportedAlgorithm):
        raise UnsafeKeys(f"{name} is not a public key.") from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise UnsafeKeys(f"{name} is not on the curve P-256.")
    if thumbprint(key) != kid:
        raise UnsafeKeys(f"{name} holds another key than its name says.")
    return key


def _made(folder: Path, now: datetime, demo: bool) -> KeyEntry:
    """A fresh key, of which the public half is there before anything is signed."""
    entry = make_key(folder, now, demo)
    public = read_private_key(folder, entry.kid).public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    write_file(folder / f"{entry.kid}.pub", pem)
    return entry
