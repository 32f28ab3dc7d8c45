"""Signing keys: made once, kept to their owner, refused when unsafe, rotated and retired while serving.

Longer than 300 lines because every step of a key's life spoils and mends the same directory.
"""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey

import true_api
from true_api.kernel.errors import Unavailable
from true_api.security.key_files import locked
from true_api.security.signing_keys import (
    KeyWatch,
    UnsafeKeys,
    hkdf_sha256,
    load_keys,
    make_first_keys,
    retire_keys,
    rotate_keys,
    thumbprint,
)

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
# The private key printed in RFC 7515, appendix A.3.
PRINTED_IN_A_STANDARD = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def pem(key: PrivateKeyTypes) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def manifest_of(keys_dir: Path) -> list[dict[str, object]]:
    entries: list[dict[str, object]] = json.loads((keys_dir / "keys.json").read_bytes())
    return entries


def rewrite(keys_dir: Path, entries: object) -> None:
    (keys_dir / "keys.json").write_text(json.dumps(entries))


def replace_key(keys_dir: Path, content: bytes, kid: str | None = None) -> None:
    """Puts another content where the signing key was, under its name or another."""
    (entry,) = manifest_of(keys_dir)
    (keys_dir / f"{entry['kid']}.pem").unlink()
    path = keys_dir / f"{kid or entry['kid']}.pem"
    path.write_bytes(content)
    path.chmod(0o600)
    rewrite(keys_dir, [{**entry, "kid": kid or entry["kid"]}])


@pytest.fixture
def keys_dir(tmp_path: Path) -> Path:
    made = tmp_path / "data" / "keys"
    make_first_keys(made, NOW, demo=False)
    return made


def test_the_first_keys_are_kept_to_their_owner(keys_dir: Path) -> None:
    assert keys_dir.stat().st_mode & 0o777 == 0o700
    kid = load_keys(keys_dir, demo=False).signing_kid
    assert {path.name for path in keys_dir.iterdir()} == {
        "keys.json",
        "keys.lock",
        "server.secret",
        "statistics.key",
        f"{kid}.pem",
    }
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in keys_dir.iterdir())
    assert manifest_of(keys_dir) == [
        {"kid": kid, "created_at": "2026-11-20T12:00:00Z", "state": "signing", "demo": False}
    ]
    assert len((keys_dir / "server.secret").read_bytes()) == len((keys_dir / "statistics.key").read_bytes()) == 32


def test_making_first_keys_again_changes_nothing(keys_dir: Path) -> None:
    before = {path.name: path.read_bytes() for path in keys_dir.iterdir()}
    make_first_keys(keys_dir, after(60), demo=True)
    assert {path.name: path.read_bytes() for path in keys_dir.iterdir()} == before


def test_first_keys_cut_short_are_finished_with_the_same_secret(keys_dir: Path) -> None:
    secret = (keys_dir / "server.secret").read_bytes()
    (keys_dir / "keys.json").unlink()
    make_first_keys(keys_dir, NOW, demo=False)
    assert load_keys(keys_dir, demo=False).server_secret == secret


def test_a_directory_that_others_could_enter_is_closed_at_first_start(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    make_first_keys(tmp_path, NOW, demo=False)
    assert tmp_path.stat().st_mode & 0o777 == 0o700


def test_a_directory_that_cannot_be_made_is_named_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for keys_dir in (tmp_path / "file", tmp_path / "file" / "keys"):
        with pytest.raises(UnsafeKeys, match="cannot be made"):
            make_first_keys(keys_dir, NOW, demo=False)


def test_servers_that_start_at_once_make_one_key(tmp_path: Path) -> None:
    program = (
        "import sys; from datetime import UTC, datetime; from pathlib import Path\n"
        "from true_api.security.signing_keys import load_keys, make_first_keys\n"
        "sys.stdin.readline()\n"
        "make_first_keys(Path(sys.argv[1]), datetime(2026, 1, 1, tzinfo=UTC), demo=False)\n"
        "print(load_keys(Path(sys.argv[1]), demo=False).signing_kid)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(true_api.__file__).parents[1])}
    keys_dir = tmp_path / "keys"
    starting = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(keys_dir)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for process in starting:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    kids = {process.communicate(timeout=60)[0].strip() for process in starting}
    assert kids == {load_keys(keys_dir, demo=False).signing_kid}
    assert len(list(keys_dir.glob("*.pem"))) == 1


def test_whoever_writes_waits_for_the_writer_before(keys_dir: Path) -> None:
    with locked(keys_dir):
        writer = Thread(target=rotate_keys, args=(keys_dir, NOW))
        writer.start()
        writer.join(timeout=0.3)
        assert len(manifest_of(keys_dir)) == 1
    writer.join()
    assert len(manifest_of(keys_dir)) == 2


def test_a_kid_is_the_thumbprint_of_its_key_as_another_library_computes_it(keys_dir: Path) -> None:
    keys = load_keys(keys_dir, demo=False)
    assert keys.signing_kid == ECKey.import_key(pem(keys.signer)).thumbprint()


def test_the_published_set_holds_public_keys_only(keys_dir: Path) -> None:
    rotate_keys(keys_dir, NOW)
    keys = load_keys(keys_dir, demo=False)
    published = keys.jwks()["keys"]
    assert [key["kid"] for key in published] == list(keys.verifiers)
    for key in published:
        assert set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"}
        assert (key["kty"], key["crv"], key["use"], key["alg"]) == ("EC", "P-256", "sig", "ES256")


def test_keys_never_show_in_a_log(keys_dir: Path) -> None:
    keys = load_keys(keys_dir, demo=False)
    assert repr(keys) == f"SigningKeys(signing_kid='{keys.signing_kid}')"


def printed_key() -> ec.EllipticCurvePrivateKey:
    private_value = int.from_bytes(base64.urlsafe_b64decode(PRINTED_IN_A_STANDARD + "="), "big")
    return ec.derive_private_key(private_value, ec.SECP256R1())


def put_printed_key(keys_dir: Path) -> None:
    key = printed_key()
    replace_key(keys_dir, pem(key), thumbprint(key.public_key()))


def expose(name: str, mode: int) -> Callable[[Path], None]:
    def change(keys_dir: Path) -> None:
        for path in [keys_dir] if name == "." else keys_dir.glob(name):
            path.chmod(mode)

    return change


def change_entry(**changes: object) -> Callable[[Path], None]:
    return lambda keys_dir: rewrite(keys_dir, [{**manifest_of(keys_dir)[0], **changes}])


def encrypted(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"passphrase"),
    )


UNSAFE: dict[str, tuple[Callable[[Path], object], str]] = {
    "no directory": (lambda d: d.rename(d.with_name("elsewhere")), "no signing keys"),
    "no manifest": (lambda d: (d / "keys.json").unlink(), "no signing keys"),
    "empty manifest": (lambda d: rewrite(d, []), "names no key"),
    "broken manifest": (lambda d: (d / "keys.json").write_text("[{"), "not a manifest"),
    "unknown state": (change_entry(state="retired"), "not a manifest"),
    "unknown member": (change_entry(secret="x"), "not a manifest"),
    "a path for a kid": (change_entry(kid="../../etc/passwd"), "not a manifest"),
    "a moment without a zone": (change_entry(created_at="2026-11-20T12:00:00"), "not a manifest"),
    "the same kid twice": (lambda d: rewrite(d, manifest_of(d) * 2), "twice"),
    "no key that signs": (change_entry(state="verifying"), "names 0 signing keys"),
    "a demo key": (change_entry(demo=True), "demo key"),
    "key file missing": (lambda d: next(d.glob("*.pem")).unlink(), "missing"),
    "secret missing": (lambda d: (d / "server.secret").unlink(), "missing"),
    "secret short": (lambda d: (d / "server.secret").write_bytes(os.urandom(31)), "32 random bytes"),
    "secret long": (lambda d: (d / "server.secret").write_bytes(os.urandom(33)), "32 random bytes"),
    "secret of zeros": (lambda d: (d / "server.secret").write_bytes(bytes(32)), "32 random bytes"),
    "a shared secret for a key": (lambda d: replace_key(d, os.urandom(32)), "not an unencrypted private key"),
    "an encrypted key": (
        lambda d: replace_key(d, encrypted(load_keys(d, demo=False).signer)),
        "not an unencrypted private key",
    ),
    "another key under this kid": (
        lambda d: replace_key(d, pem(ec.generate_private_key(ec.SECP256R1()))),
        "holds another key",
    ),
    "curve P-384": (lambda d: replace_key(d, pem(ec.generate_private_key(ec.SECP384R1()))), "another curve"),
    "curve secp256k1": (
        lambda d: replace_key(d, pem(ec.generate_private_key(ec.SECP256K1()))),
        "another curve",
    ),
    "RSA of 1024 bits": (
        lambda d: replace_key(d, pem(rsa.generate_private_key(65_537, 1_024))),
        "less than 2048",
    ),
    "RSA of 2048 bits": (
        lambda d: replace_key(d, pem(rsa.generate_private_key(65_537, 2_048))),
        "ES256 alone",
    ),
    "Ed25519": (lambda d: replace_key(d, pem(ed25519.Ed25519PrivateKey.generate())), "ES256 alone"),
    "a key printed in a standard": (put_printed_key, "published sample"),
    "key readable by a group": (expose("*.pem", 0o640), "Other users"),
    "key readable by everyone": (expose("*.pem", 0o604), "Other users"),
    "secret readable by a group": (expose("server.secret", 0o640), "Other users"),
    "manifest writable by a group": (expose("keys.json", 0o620), "Other users"),
    "directory open to others": (expose(".", 0o755), "Other users"),
    "directory open to a group": (expose(".", 0o710), "Other users"),
}


@pytest.mark.parametrize("name", UNSAFE)
def test_unsafe_keys_are_refused_with_a_reason_in_plain_words(keys_dir: Path, name: str) -> None:
    spoil, reason = UNSAFE[name]
    spoil(keys_dir)
    with pytest.raises(UnsafeKeys, match=reason) as caught:
        load_keys(keys_dir, demo=False)
    assert str(keys_dir) not in str(caught.value)
    assert str(caught.value).endswith(".")


def test_two_signing_keys_are_refused(keys_dir: Path) -> None:
    rotate_keys(keys_dir, NOW)
    rewrite(keys_dir, [{**entry, "state": "signing"} for entry in manifest_of(keys_dir)])
    with pytest.raises(UnsafeKeys, match="names 2 signing keys"):
        load_keys(keys_dir, demo=False)


def test_a_demo_and_a_program_never_share_keys(tmp_path: Path, keys_dir: Path) -> None:
    demo_dir = tmp_path / "demo"
    make_first_keys(demo_dir, NOW, demo=True)
    rotate_keys(demo_dir, after(1))
    assert all(entry["demo"] for entry in manifest_of(demo_dir))
    assert load_keys(demo_dir, demo=True)
    with pytest.raises(UnsafeKeys, match="demo key"):
        load_keys(demo_dir, demo=False)
    with pytest.raises(UnsafeKeys, match="own directory"):
        load_keys(keys_dir, demo=True)


def test_after_a_rotation_the_new_key_signs_and_the_old_ones_verify(keys_dir: Path) -> None:
    first = load_keys(keys_dir, demo=False)
    second_kid = rotate_keys(keys_dir, after(10))
    third_kid = rotate_keys(keys_dir, after(20))
    keys = load_keys(keys_dir, demo=False)
    assert keys.signing_kid == third_kid
    assert list(keys.verifiers) == [first.signing_kid, second_kid, third_kid]
    assert thumbprint(keys.signer.public_key()) == third_kid
    assert keys.server_secret == first.server_secret
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in keys_dir.iterdir())


def test_retiring_drops_what_stopped_signing_long_enough_ago_and_never_the_signing_key(
    keys_dir: Path,
) -> None:
    first = load_keys(keys_dir, demo=False).signing_kid
    second = rotate_keys(keys_dir, after(1_000))
    third = rotate_keys(keys_dir, after(2_000))
    assert retire_keys(keys_dir, after(1_000)) == []
    assert retire_keys(keys_dir, after(1_001)) == [first]
    assert list(load_keys(keys_dir, demo=False).verifiers) == [second, third]
    assert retire_keys(keys_dir, after(1_000_000)) == [second]
    assert retire_keys(keys_dir, after(1_000_000)) == []
    assert list(load_keys(keys_dir, demo=False).verifiers) == [third]
    assert [path.stem for path in keys_dir.glob("*.pem*")] == [third]


def test_a_key_that_a_crash_left_unnamed_is_swept(keys_dir: Path) -> None:
    for leftover in ("A" * 43 + ".pem", "B" * 43 + ".pem.new"):
        (keys_dir / leftover).write_bytes(b"")
    kid = load_keys(keys_dir, demo=False).signing_kid
    retire_keys(keys_dir, NOW)
    assert [path.name for path in keys_dir.glob("*.pem*")] == [f"{kid}.pem"]


def test_keys_that_are_not_there_cannot_be_rotated(tmp_path: Path) -> None:
    for attempt in (rotate_keys, retire_keys):
        with pytest.raises(UnsafeKeys):
            attempt(tmp_path / "nowhere", NOW)


def test_a_running_server_sees_a_rotation_within_a_second(keys_dir: Path) -> None:
    elapsed = 100.0
    watch = KeyWatch(keys_dir, demo=False, monotonic=lambda: elapsed)
    before = watch.current()
    kid = rotate_keys(keys_dir, NOW)
    elapsed = 100.9
    assert watch.current() is before
    elapsed = 101.0
    assert watch.current().signing_kid == kid
    assert watch.current() is watch.current()


def test_a_caller_who_meets_an_unknown_key_makes_the_server_look_at_once(keys_dir: Path) -> None:
    watch = KeyWatch(keys_dir, demo=False, monotonic=lambda: 0.0)
    before = watch.current()
    assert watch.reread() is before
    kid = rotate_keys(keys_dir, NOW)
    assert kid in watch.reread().verifiers
    assert watch.current().signing_kid == kid


@pytest.mark.parametrize("spoil", [lambda d: (d / "keys.json").unlink(), lambda d: rewrite(d, [])])
def test_unsafe_keys_stop_a_running_server_until_they_are_mended(keys_dir: Path, spoil: Callable[[Path], None]) -> None:
    elapsed = 0.0
    watch = KeyWatch(keys_dir, demo=False, monotonic=lambda: elapsed)
    before = watch.current().signing_kid
    kept = (keys_dir / "keys.json").read_bytes()
    spoil(keys_dir)
    elapsed = 1.0
    for _ in range(2):
        with pytest.raises(Unavailable) as caught:
            watch.current()
        assert isinstance(caught.value.__cause__, UnsafeKeys)
    (keys_dir / "keys.json").write_bytes(kept)
    (keys_dir / "keys.json").chmod(0o600)
    assert watch.current().signing_kid == before


def test_a_purpose_has_its_own_key_and_keeps_it(keys_dir: Path, tmp_path: Path) -> None:
    keys = load_keys(keys_dir, demo=False)
    derived = {keys.secret(purpose) for purpose in ("cursors", "etags", "etags ", "idempotency", "")}
    assert len(derived) == 5
    assert all(len(key) == 32 for key in derived)
    assert load_keys(keys_dir, demo=False).secret("etags") == keys.secret("etags")
    make_first_keys(tmp_path / "other", NOW, demo=False)
    assert load_keys(tmp_path / "other", demo=False).secret("etags") not in derived


@pytest.mark.parametrize(
    ("secret", "salt", "purpose", "length", "derived"),
    [
        (
            "0b" * 22,
            "000102030405060708090a0b0c",
            "f0f1f2f3f4f5f6f7f8f9",
            42,
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        ),
        (
            "0b" * 22,
            "",
            "",
            42,
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        ),
    ],
)
def test_derivation_gives_the_vectors_of_rfc_5869(
    secret: str, salt: str, purpose: str, length: int, derived: str
) -> None:
    given_bytes = bytes.fromhex(salt), bytes.fromhex(purpose)
    found = hkdf_sha256(bytes.fromhex(secret), salt=given_bytes[0], purpose=given_bytes[1], length=length)
    assert found == bytes.fromhex(derived)


@given(st.binary(min_size=1), st.binary(), st.binary(), st.integers(1, 200))
def test_derivation_agrees_with_another_library(secret: bytes, salt: bytes, purpose: bytes, length: int) -> None:
    oracle = HKDF(hashes.SHA256(), length, salt or None, purpose)
    assert hkdf_sha256(secret, salt=salt, purpose=purpose, length=length) == oracle.derive(secret)
