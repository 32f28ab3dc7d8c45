"""Access tokens: what is issued is accepted here and by another library, as long as it should be."""

import base64
import os
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives import serialization
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from pydantic import ValidationError

import true_api
from tests.security.forging import CLAIMS, ISSUER, LIFETIME, NOW, SECONDS, Forge, base64url
from true_api.kernel.errors import Unauthenticated, Unavailable
from true_api.kernel.settings import Settings
from true_api.security import tokens as tokens_module
from true_api.security.signing_keys import KeyWatch, load_keys, make_first_keys, retire_keys, rotate_keys
from true_api.security.tokens import Grant, Tokens, open_tokens

ORDER_OF_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
GRANT = Grant(
    subject=UUID(CLAIMS["sub"]),
    client_id=CLAIMS["client_id"],
    role="peer",
    organization=UUID(CLAIMS["organization"]),
    scope=CLAIMS["scope"],
    purpose_of_use="TREAT",
)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.fixture
def forge(tmp_path: Path) -> Forge:
    return Forge.at(tmp_path / "keys")


def refused(tokens: Tokens, token: str, now: datetime = NOW) -> bool:
    try:
        tokens.verify(token, now)
    except Unauthenticated:
        return True
    return False


def test_a_token_says_what_was_granted_and_nothing_else(forge: Forge) -> None:
    claims = forge.tokens.verify(forge.tokens.issue(GRANT, NOW, LIFETIME), NOW)
    assert {**claims.model_dump(), "jti": CLAIMS["jti"]} == CLAIMS
    assert UUID(claims.jti).version == 4


def test_tokens_lend_the_secrets_of_their_keys(forge: Forge) -> None:
    assert forge.tokens.secret("etags") == load_keys(forge.keys_dir, demo=False).secret("etags")


def test_no_two_tokens_share_a_jti(forge: Forge) -> None:
    issued = [forge.tokens.issue(GRANT, NOW, LIFETIME) for _ in range(20)]
    assert len({forge.tokens.verify(token, NOW).jti for token in issued}) == 20


def test_another_library_accepts_our_token_with_our_published_keys(forge: Forge) -> None:
    rotate_keys(forge.keys_dir, after(-30))
    tokens = Tokens(KeyWatch(forge.keys_dir, demo=False), ISSUER, ISSUER, LIFETIME)
    published = KeySet.import_key_set(tokens.jwks())  # type: ignore[arg-type]
    for issuing in (forge.tokens, tokens):
        read = jwt.decode(issuing.issue(GRANT, NOW, LIFETIME), published, algorithms=["ES256"])
        assert read.header["typ"] == "at+jwt"
        assert set(read.header) == {"alg", "typ", "kid"}
        assert {**read.claims, "jti": CLAIMS["jti"]} == CLAIMS


def test_we_accept_what_another_library_signs_with_our_key(forge: Forge) -> None:
    pem = forge.signer.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    token = jwt.encode(forge.header(), CLAIMS, ECKey.import_key(pem), algorithms=["ES256"])
    assert forge.tokens.verify(token, NOW).model_dump() == CLAIMS


@pytest.mark.parametrize(("moment", "accepted"), [(-6, False), (-5, True), (0, True), (599.9, True), (600, False)])
def test_a_token_lives_from_its_issue_to_its_end(forge: Forge, moment: float, accepted: bool) -> None:
    token = forge.with_claims()
    for _ in range(2):
        assert refused(forge.tokens, token, after(moment)) is not accepted
    assert not refused(forge.tokens, token)
    assert refused(forge.tokens, token, after(moment)) is not accepted


def test_time_is_the_moment_passed_in_whatever_its_zone(forge: Forge) -> None:
    token = forge.tokens.issue(GRANT, NOW.astimezone(timezone(timedelta(hours=-7))), LIFETIME)
    assert forge.tokens.verify(token, NOW.astimezone(timezone(timedelta(hours=9)))).iat == SECONDS
    past = forge.tokens.issue(GRANT, NOW - timedelta(days=20_000), LIFETIME)
    assert not refused(forge.tokens, past, NOW - timedelta(days=20_000))


def test_a_moment_without_a_time_zone_is_a_mistake_not_a_refusal(forge: Forge) -> None:
    with pytest.raises(ValueError, match="time zone"):
        forge.tokens.verify(forge.with_claims(), NOW.replace(tzinfo=None))


@pytest.mark.parametrize("lifetime", [0, -1, LIFETIME + 1])
def test_a_token_is_not_issued_for_longer_than_is_accepted(forge: Forge, lifetime: int) -> None:
    with pytest.raises(ValueError, match="lives"):
        forge.tokens.issue(GRANT, NOW, lifetime)


def test_a_grant_that_would_be_refused_is_not_issued(forge: Forge) -> None:
    fields = vars(GRANT)
    for change in ({"role": "Peer"}, {"scope": ""}, {"scope": "a" * 2_001}, {"client_id": "a b"}):
        with pytest.raises(ValidationError):
            forge.tokens.issue(Grant(**{**fields, **change}), NOW, LIFETIME)


def test_the_longest_scope_that_is_issued_is_accepted(forge: Forge) -> None:
    token = forge.tokens.issue(Grant(**{**vars(GRANT), "scope": "a" * 2_000}), NOW, LIFETIME)
    assert forge.tokens.verify(token, NOW).scope == "a" * 2_000


def test_a_rewritten_signature_still_names_the_jti_that_is_revoked(forge: Forge) -> None:
    signed, _, signature = forge.with_claims().rpartition(".")
    content = base64.urlsafe_b64decode(signature + "==")
    opposite = ORDER_OF_P256 - int.from_bytes(content[32:], "big")
    rewritten = f"{signed}.{base64url(content[:32] + opposite.to_bytes(32, 'big'))}"
    assert forge.tokens.verify(rewritten, NOW).jti == CLAIMS["jti"]


def test_a_token_signed_before_a_rotation_still_verifies_and_the_new_key_signs(forge: Forge) -> None:
    before = forge.tokens.issue(GRANT, NOW, LIFETIME)
    kid = rotate_keys(forge.keys_dir, NOW)
    rotated = Tokens(KeyWatch(forge.keys_dir, demo=False), ISSUER, ISSUER, LIFETIME)
    since = rotated.issue(GRANT, NOW, LIFETIME)
    assert jwt.decode(since, KeySet.import_key_set(rotated.jwks())).header["kid"] == kid  # type: ignore[arg-type]
    assert not refused(rotated, before)
    # The first server has not looked since; it meets a kid it does not know, and looks.
    assert not refused(forge.tokens, since)


def test_a_retired_key_is_forgotten_together_with_what_it_verified(forge: Forge) -> None:
    elapsed = 0.0
    tokens = Tokens(KeyWatch(forge.keys_dir, False, monotonic=lambda: elapsed), ISSUER, ISSUER, LIFETIME)
    before = tokens.issue(GRANT, NOW, LIFETIME)
    assert not refused(tokens, before)
    rotate_keys(forge.keys_dir, NOW)
    retire_keys(forge.keys_dir, after(1))
    elapsed = 1.0
    assert refused(tokens, before)


def test_while_the_keys_are_unsafe_the_answer_is_unavailable(forge: Forge) -> None:
    elapsed = 0.0
    tokens = Tokens(KeyWatch(forge.keys_dir, False, monotonic=lambda: elapsed), ISSUER, ISSUER, LIFETIME)
    token = tokens.issue(GRANT, NOW, LIFETIME)
    manifest = forge.keys_dir / "keys.json"
    kept = manifest.read_bytes()
    manifest.unlink()
    elapsed = 1.0
    for attempt in (lambda: tokens.verify(token, NOW), lambda: tokens.issue(GRANT, NOW, LIFETIME)):
        with pytest.raises(Unavailable):
            attempt()
    manifest.write_bytes(kept)
    manifest.chmod(0o600)
    assert not refused(tokens, token)


class Counted(Tokens):
    """Tokens that count how often the library is asked."""

    asked = 0

    def _check_by_library(self, token: str, key: object) -> None:
        self.asked += 1
        super()._check_by_library(token, key)


@pytest.fixture
def counted(forge: Forge) -> Counted:
    return Counted(KeyWatch(forge.keys_dir, demo=False), ISSUER, ISSUER, LIFETIME)


def test_a_verified_token_is_remembered_for_a_minute_at_most(counted: Counted) -> None:
    token = counted.issue(GRANT, NOW, LIFETIME)
    for moment, asked in [(0, 1), (59.9, 1), (60, 2), (119, 2), (-3, 3)]:
        assert not refused(counted, token, after(moment))
        assert counted.asked == asked


def test_a_remembered_token_expires_on_time(counted: Counted) -> None:
    token = counted.issue(GRANT, NOW, 10)
    assert not refused(counted, token, after(9))
    assert refused(counted, token, after(10))
    assert refused(counted, token, after(-6))


def test_a_refused_token_is_not_remembered(counted: Counted, forge: Forge) -> None:
    forged = forge.with_claims(role="ADMIN")
    assert refused(counted, forged)
    assert refused(counted, forged)
    assert counted.asked == 2


def test_forgetting_makes_every_token_prove_itself_again(counted: Counted) -> None:
    token = counted.issue(GRANT, NOW, LIFETIME)
    assert not refused(counted, token)
    counted.forget_all()
    assert not refused(counted, token)
    assert counted.asked == 2


def test_the_memory_is_bounded_and_drops_the_oldest(counted: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens_module, "REMEMBERED_TOKENS", 3)
    issued = [counted.issue(GRANT, NOW, LIFETIME) for _ in range(4)]
    for token in issued:
        assert not refused(counted, token)
    asked: list[int] = []
    for token in (issued[3], issued[2], issued[1], issued[0]):
        assert not refused(counted, token)
        asked.append(counted.asked)
    assert asked == [4, 4, 4, 5]


@pytest.mark.parametrize(("demo", "longest"), [(False, 600), (True, 43_200)])
def test_an_installation_s_tokens_live_ten_minutes_and_twelve_hours_in_the_demo(
    tmp_path: Path, demo: bool, longest: int
) -> None:
    settings = Settings(demo=demo, data_dir=tmp_path)
    make_first_keys(settings.keys_dir, NOW, demo)
    tokens = open_tokens(settings)
    assert tokens.verify(tokens.issue(GRANT, NOW, longest), NOW).iss == settings.issuer
    with pytest.raises(ValueError, match="lives"):
        tokens.issue(GRANT, NOW, longest + 1)


def run_python(program: str) -> subprocess.CompletedProcess[str]:
    sources = str(Path(true_api.__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": sources}
    return subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)


def test_ecdsa_and_rsa_are_never_imported() -> None:
    """CVE-2024-23342: python-jose installs ecdsa, and on the cryptography backend does not import it."""
    ran = run_python(
        "import sys, true_api.security.tokens\n"
        "from jose.backends import ECKey\n"
        "assert ECKey.__module__ == 'jose.backends.cryptography_backend', ECKey\n"
        "assert 'jose' in sys.modules\n"
        "assert not {'ecdsa', 'rsa', 'pyasn1'} & set(sys.modules)\n"
    )
    assert ran.returncode == 0, ran.stderr


def test_on_another_backend_the_module_refuses_to_load() -> None:
    ran = run_python("import jose.backends\njose.backends.ECKey = object\nimport true_api.security.tokens\n")
    assert ran.returncode != 0
    assert "ImportError: python-jose must run on the cryptography library" in ran.stderr
