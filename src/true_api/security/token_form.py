"""What a token must look like before any library sees it."""

import base64

from true_api.kernel.errors import Unauthenticated
from true_api.kernel.strict_json import read_json

ALGORITHM = "ES256"
TYPE = "at+jwt"
LONGEST_TOKEN = 4_096
LONGEST_HEADER = 512
SIGNATURE_LENGTH = 64


def parts_of(token: str) -> tuple[str, bytes]:
    """The kid and the unverified payload of a token in our one form; raises an exception for any other."""
    header, payload, signature = map(_decoded, token.split("."))
    if len(header) > LONGEST_HEADER or len(signature) != SIGNATURE_LENGTH:
        raise Unauthenticated
    match read_json(header):
        case {"alg": str(algorithm), "typ": str(kind), "kid": str(kid), **others} if not others:
            if (algorithm, kind) == (ALGORITHM, TYPE):
                return kid, payload
    raise Unauthenticated


def _decoded(segment: str) -> bytes:
    """The bytes of a segment, if it is the one way to write them in base64url."""
    content = base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    if base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii") != segment:
        raise Unauthenticated
    return content
