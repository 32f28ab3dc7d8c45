"""Forged tokens: every one is refused, and every refusal looks the same.

Longer than 300 lines because every way to forge that is known stands in one list, to be read at one sitting.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from tests.security.forging import CLAIMS, ISSUER, LIFETIME, NOW, SECONDS, Forge, base64url, written
from true_api.kernel.errors import Malformed, Unauthenticated
from true_api.security.signing_keys import KeyWatch
from true_api.security.token_form import parts_of
from true_api.security.tokens import Tokens

Attack = Callable[[Forge], Any]
STRANGER = ec.generate_private_key(ec.SECP256R1())
OTHER_CURVE = ec.generate_private_key(ec.SECP384R1())
SMALLER_CURVE = ec.generate_private_key(ec.SECP256K1())


def segments(forge: Forge) -> list[str]:
    return forge.with_claims().split(".")


def with_claims(**changes: Any) -> Attack:
    return lambda forge: forge.with_claims(**changes)


def without_claim(claim: str) -> Attack:
    return lambda forge: forge.with_claims(without=claim)


def with_twice(claim: str) -> Attack:
    """A payload that names one claim twice, the accepted value last, where a lenient reader takes it."""
    first = f"{{{json.dumps(claim)}:{json.dumps(CLAIMS[claim])},".encode()
    return lambda forge: forge.sign(forge.header(), first + written(CLAIMS)[1:])


def sloppy_tail(segment: str) -> str:
    """The same bytes written another way: the last symbol's unused bits are set."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return segment[:-1] + alphabet[alphabet.index(segment[-1]) + 1]


def sloppy_payload(forge: Forge) -> str:
    """A payload with unused bits set, rightly signed as it is written."""
    payload = next(written(CLAIMS) + b" " * n for n in range(3) if (len(written(CLAIMS)) + n) % 3 == 1)
    assert forge.tokens.verify(forge.sign(forge.header(), payload), NOW)
    return forge.sign_text(f"{base64url(written(forge.header()))}.{sloppy_tail(base64url(payload))}")


def bearing(forge: Forge, name: str) -> str:
    """A header that brings its own key along, and a signature that fits that key."""
    numbers = STRANGER.public_key().public_numbers()
    x, y = (base64url(number.to_bytes(32, "big")) for number in (numbers.x, numbers.y))
    value: Any = {"kty": "EC", "crv": "P-256", "x": x, "y": y} if name == "jwk" else f"{ISSUER}/keys"
    return forge.sign(forge.header(**{name: value}), CLAIMS, STRANGER)


FORM: dict[str, Attack] = {
    "empty": lambda f: "",
    "only dots": lambda f: "..",
    "not a text": lambda f: None,
    "bytes": lambda f: f.with_claims().encode(),
    "one segment": lambda f: segments(f)[0],
    "two segments": lambda f: ".".join(segments(f)[:2]),
    "four segments": lambda f: f.with_claims() + ".AAAA",
    "five segments, as an encrypted token has": lambda f: f.with_claims() + ".AAAA.AAAA",
    "a dot at the end": lambda f: f.with_claims() + ".",
    "no signature": lambda f: ".".join(segments(f)[:2]) + ".",
    "no header": lambda f: "." + ".".join(segments(f)[1:]),
    "no payload": lambda f: segments(f)[0] + ".." + segments(f)[2],
    "space before": lambda f: " " + f.with_claims(),
    "newline after": lambda f: f.with_claims() + "\n",
    "space within": lambda f: f.with_claims().replace(".", " .", 1),
    "padding": lambda f: f.with_claims() + "==",
    "padded header": lambda f: ".".join([segments(f)[0] + "=", *segments(f)[1:]]),
    "signature written another way": lambda f: sloppy_tail(f.with_claims()),
    "payload written another way": sloppy_payload,
    "ordinary base64": lambda f: f.with_claims().replace("-", "+").replace("_", "/") + "+",
    "not ASCII": lambda f: f.with_claims()[:-1] + "\uff21",
    "a surrogate": lambda f: f.with_claims() + "\ud800",
    "NUL": lambda f: f.with_claims() + "\x00",
    "longer than 4 KB": lambda f: f.sign(f.header(), written(CLAIMS) + b" " * 3_000),
    "a megabyte": lambda f: "A" * 1_000_000,
    "a million dots": lambda f: "." * 1_000_000,
    "signature too short": lambda f: f.with_claims()[:-2],
    "signature in DER": lambda f: ".".join([*segments(f)[:2], base64url(b"\x30\x44" + b"\x02" * 68)]),
    "signature of zeros": lambda f: ".".join([*segments(f)[:2], base64url(bytes(64))]),
    "signature of another token": lambda f: ".".join([*segments(f)[:2], f.with_claims(role="admin").split(".")[2]]),
    "payload of another token": lambda f: (
        f"{segments(f)[0]}.{base64url(written({**CLAIMS, 'role': 'admin'}))}.{segments(f)[2]}"
    ),
}


HEADER: dict[str, Attack] = {
    "alg none": lambda f: f.with_header(alg="none"),
    "alg none, unsigned": lambda f: f"{base64url(written(f.header(alg='none')))}.{segments(f)[1]}.",
    "alg NONE": lambda f: f.with_header(alg="NONE"),
    "alg es256": lambda f: f.with_header(alg="es256"),
    "alg S, a part of ES256": lambda f: f.with_header(alg="S"),
    "alg empty": lambda f: f.with_header(alg=""),
    "alg null": lambda f: f.with_header(alg=None),
    "alg list": lambda f: f.with_header(alg=["ES256"]),
    "alg object": lambda f: f.with_header(alg={"ES256": 1}),
    "alg ES384": lambda f: f.with_header(alg="ES384"),
    "alg RS256": lambda f: f.with_header(alg="RS256"),
    "alg missing": lambda f: f.with_header(without="alg"),
    "typ JWT": lambda f: f.with_header(typ="JWT"),
    "typ AT+JWT": lambda f: f.with_header(typ="AT+JWT"),
    "typ application/at+jwt": lambda f: f.with_header(typ="application/at+jwt"),
    "typ of a client assertion": lambda f: f.with_header(typ="client-authentication+jwt"),
    "typ list": lambda f: f.with_header(typ=["at+jwt"]),
    "typ missing": lambda f: f.with_header(without="typ"),
    "kid missing": lambda f: f.with_header(without="kid"),
    "kid null": lambda f: f.with_header(kid=None),
    "kid empty": lambda f: f.with_header(kid=""),
    "kid number": lambda f: f.with_header(kid=0),
    "kid list": lambda f: f.with_header(kid=[f.kid]),
    "kid object": lambda f: f.with_header(kid={"kid": f.kid}),
    "kid unknown": lambda f: f.with_header(kid="A" * 43),
    "kid a path": lambda f: f.with_header(kid="../keys/" + f.kid),
    "kid a file": lambda f: f.with_header(kid=f.kid + ".pem"),
    "kid the server's secret": lambda f: f.with_header(kid="server.secret"),
    "kid a query": lambda f: f.with_header(kid="' OR '1'='1"),
    "kid with a NUL": lambda f: f.with_header(kid=f.kid + "\x00"),
    "crit": lambda f: f.with_header(crit=["exp"]),
    "crit empty": lambda f: f.with_header(crit=[]),
    "b64 false": lambda f: f.with_header(b64=False),
    "zip": lambda f: f.with_header(zip="DEF"),
    "cty": lambda f: f.with_header(cty="JWT"),
    "jwk": lambda f: bearing(f, "jwk"),
    "jku": lambda f: bearing(f, "jku"),
    "x5u": lambda f: bearing(f, "x5u"),
    "x5c": lambda f: bearing(f, "x5c"),
    "alg twice": lambda f: f.sign(b'{"alg":"none",' + written(f.header())[1:], CLAIMS),
    "kid twice": lambda f: f.sign(b'{"kid":"x",' + written(f.header())[1:], CLAIMS),
    "deep": lambda f: f.sign(b"[" * 1_100, CLAIMS),
    "deep within the length allowed": lambda f: f.sign(b"[" * 500, CLAIMS),
    "longer than 512 bytes": lambda f: f.sign(written(f.header()) + b" " * 512, CLAIMS),
    "a list": lambda f: f.sign(b'["ES256"]', CLAIMS),
    "a text": lambda f: f.sign(b'"ES256"', CLAIMS),
    "a number": lambda f: f.sign(b"1e400", CLAIMS),
    "not JSON": lambda f: f.sign(b"{alg:ES256}", CLAIMS),
    "not UTF-8": lambda f: f.sign(b"\xff" + written(f.header()), CLAIMS),
    "UTF-16": lambda f: f.sign(json.dumps(f.header()).encode("utf-16"), CLAIMS),
    "byte order mark": lambda f: f.sign(b"\xef\xbb\xbf" + written(f.header()), CLAIMS),
}

NAMES_NO_KEY_OF_OURS = {name for name in HEADER if name.startswith("kid ")} - {
    "kid missing",
    "kid null",
    "kid number",
    "kid list",
    "kid object",
    "kid with a NUL",
    "kid twice",
}

KEY: dict[str, Attack] = {
    "HS256 with the public key in PEM": lambda f: f.with_secret(f.public(Encoding.PEM)),
    "HS256 with the public key in DER": lambda f: f.with_secret(f.public(Encoding.DER)),
    "HMAC with the public key in DER, called ES256": lambda f: f.with_secret(f.public(Encoding.DER), "ES256"),
    "HS256 with an empty key": lambda f: f.with_secret(b""),
    "HS256 with the server's secret": lambda f: f.with_secret((f.keys_dir / "server.secret").read_bytes()),
    "HS256 with one byte": lambda f: f.with_secret(b"\x00"),
    "HS384 with an empty key": lambda f: f.with_secret(b"", "HS384"),
    "HS512 with an empty key": lambda f: f.with_secret(b"", "HS512"),
    "HS256 with the kid": lambda f: f.with_secret(f.kid.encode()),
    "another key under our kid": lambda f: f.sign(f.header(), CLAIMS, STRANGER),
    "another curve under our kid": lambda f: f.sign(f.header(), CLAIMS, OTHER_CURVE),
    "another curve of the same length": lambda f: f.sign(f.header(), CLAIMS, SMALLER_CURVE),
}

TIMES: dict[str, Attack] = {
    "expired a second ago": with_claims(iat=SECONDS - 10, exp=SECONDS - 1),
    "expires now": with_claims(iat=SECONDS - 10, exp=SECONDS),
    "issued in the future": with_claims(iat=SECONDS + 6, exp=SECONDS + 60),
    "lives too long": with_claims(exp=SECONDS + LIFETIME + 1),
    "lives too long since before": with_claims(iat=SECONDS - LIFETIME, exp=SECONDS + 1),
    "ends before it begins": with_claims(iat=SECONDS + 3, exp=SECONDS + 2),
    "nbf, even in the past": with_claims(nbf=SECONDS - 1),
    **{
        f"{claim} {name}": with_claims(**{claim: value})
        for claim in ("iat", "exp")
        for name, value in {
            "text": str(CLAIMS["exp"]),
            "full-width digits": "\uff11\uff17\uff19\uff10",
            "fraction": float(CLAIMS["exp"]),
            "true": True,
            "false": False,
            "null": None,
            "list": [CLAIMS["exp"]],
            "negative": -1,
            "beyond the calendar": 253_402_300_800,
            "2^63": 2**63,
            "1e308": 1e308,
            "a thousand digits": int("9" * 1_000),
            "infinite": float("inf"),
            "not a number": float("nan"),
        }.items()
    },
}

CONTENT: dict[str, Attack] = {
    **{f"without {claim}": without_claim(claim) for claim in CLAIMS},
    **{f"{claim} null": with_claims(**{claim: None}) for claim in CLAIMS},
    **{f"{claim} list": with_claims(**{claim: [CLAIMS[claim]]}) for claim in CLAIMS},
    **{f"{claim} object": with_claims(**{claim: {"a": 1}}) for claim in CLAIMS},
    **{f"{claim} empty": with_claims(**{claim: ""}) for claim in CLAIMS},
    **{f"{claim} twice": with_twice(claim) for claim in CLAIMS},
    "another issuer": with_claims(iss="https://elsewhere.example.org"),
    "issuer with a slash": with_claims(iss=ISSUER + "/"),
    "another audience": with_claims(aud="https://elsewhere.example.org"),
    "two audiences, ours among them": with_claims(aud=[ISSUER, "https://elsewhere.example.org"]),
    "subject not a UUID": with_claims(sub="somebody"),
    "subject in capitals": with_claims(sub=CLAIMS["sub"].upper()),
    "subject with a newline": with_claims(sub=CLAIMS["sub"] + "\n"),
    "organization without dashes": with_claims(organization=CLAIMS["organization"].replace("-", "")),
    "role in capitals": with_claims(role="ADMIN"),
    "two roles": with_claims(role="peer admin"),
    "role with a newline": with_claims(role="peer\n"),
    "scope with two spaces": with_claims(scope="a  b"),
    "scope with a NUL": with_claims(scope="a\x00b"),
    "scope too long": with_claims(scope="a" * 2_001),
    "purpose in small letters": with_claims(purpose_of_use="treat"),
    "a claim nobody knows": with_claims(admin=True),
    "at_hash": with_claims(at_hash="x"),
    "payload a list": lambda f: f.sign(f.header(), json.dumps([CLAIMS]).encode()),
    "payload a text": lambda f: f.sign(f.header(), b'"peer"'),
    "payload null": lambda f: f.sign(f.header(), b"null"),
    "payload empty": lambda f: f.sign(f.header(), b"{}"),
    "payload not JSON": lambda f: f.sign(f.header(), b"\x00\x01"),
    "payload deep": lambda f: f.sign(f.header(), b"[" * 2_000),
    "payload in UTF-16": lambda f: f.sign(f.header(), json.dumps(CLAIMS).encode("utf-16")),
    "payload with a surrogate": with_claims(client_id="\ud800"),
}

RIGHTLY_FORMED = {
    "no payload",
    "longer than 4 KB",
    "signature of zeros",
    "signature of another token",
    "payload of another token",
}

PARTS = {"form": FORM, "header": HEADER, "key": KEY, "times": TIMES, "claims": CONTENT}
ATTACKS = {f"{part}: {name}": attack for part, attacks in PARTS.items() for name, attack in attacks.items()}


@pytest.fixture(scope="module")
def forge(tmp_path_factory: pytest.TempPathFactory) -> Forge:
    return Forge.at(Path(tmp_path_factory.mktemp("forge")) / "keys")


def test_the_token_that_every_attack_starts_from_is_accepted(forge: Forge) -> None:
    assert forge.tokens.verify(forge.with_claims(), NOW).model_dump() == CLAIMS
    assert forge.tokens.verify(forge.with_header(), NOW).model_dump() == CLAIMS
    assert forge.tokens.verify(forge.with_claims(iat=SECONDS + 5, exp=SECONDS + 6), NOW).iat == SECONDS + 5


def test_there_are_many_kinds_of_attack() -> None:
    assert len(ATTACKS) >= 60


@pytest.mark.parametrize("name", ATTACKS)
def test_a_forged_token_is_refused_and_every_refusal_is_the_same(forge: Forge, name: str) -> None:
    forged = ATTACKS[name](forge)
    for _ in range(2):
        with pytest.raises(Unauthenticated) as caught:
            forge.tokens.verify(forged, NOW)
        refusal = caught.value
        assert (type(refusal), refusal.args) == (Unauthenticated, ("Unauthenticated",))
        assert (refusal.faults, refusal.headers, refusal.members) == ((), {}, {})
        assert refusal.__cause__ is None
        assert refusal.__suppress_context__


class Careless(Tokens):
    """Tokens whose library accepts everything."""

    def _check_by_library(self, token: str, key: object) -> None:
        pass


@pytest.mark.parametrize("attacks", [TIMES, CONTENT], ids=["times", "claims"])
def test_claims_are_judged_whatever_the_library_says(forge: Forge, attacks: dict[str, Attack]) -> None:
    careless = Careless(KeyWatch(forge.keys_dir, demo=False), ISSUER, ISSUER, LIFETIME)
    assert careless.verify(forge.with_claims(), NOW).model_dump() == CLAIMS
    for attack in attacks.values():
        with pytest.raises(Unauthenticated):
            careless.verify(attack(forge), NOW)


@pytest.mark.parametrize("name", [name for name in HEADER if name not in NAMES_NO_KEY_OF_OURS])
def test_the_library_never_sees_a_header_other_than_ours(forge: Forge, name: str) -> None:
    assert parts_of(forge.with_claims())[0] == forge.kid
    with pytest.raises((Unauthenticated, Malformed)):
        parts_of(HEADER[name](forge))


@pytest.mark.parametrize("name", [name for name in FORM if name not in RIGHTLY_FORMED])
def test_the_library_never_sees_another_form(forge: Forge, name: str) -> None:
    with pytest.raises((Unauthenticated, Malformed, ValueError, TypeError, AttributeError)):
        parts_of(FORM[name](forge))


@pytest.mark.parametrize("length", [0, 63, 65, 70, 96])
def test_the_library_never_sees_a_signature_of_another_length(forge: Forge, length: int) -> None:
    signed = forge.with_claims().rpartition(".")[0]
    with pytest.raises(Unauthenticated):
        parts_of(f"{signed}.{base64url(bytes(length))}")


@given(data=st.data())
def test_a_token_with_one_character_changed_is_refused(forge: Forge, data: st.DataObject) -> None:
    token = forge.with_claims()
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters(max_codepoint=127).filter(lambda character: character != token[place]))
    with pytest.raises(Unauthenticated):
        forge.tokens.verify(token[:place] + other + token[place + 1 :], NOW)


@given(st.text(max_size=300) | st.from_regex(r"\A[A-Za-z0-9_-]{1,80}(\.[A-Za-z0-9_-]{1,80}){2}\Z"))
def test_no_text_is_a_token_by_chance(forge: Forge, text: str) -> None:
    with pytest.raises(Unauthenticated):
        forge.tokens.verify(text, NOW)
