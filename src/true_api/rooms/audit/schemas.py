"""What is told of the trail: entries, heads and proofs, with hashes in hexadecimal digits."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from true_api.kernel.schemas import Page, View, examples

ID = "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a"
HASH = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
KID = "4-mDQIDWPRWcE3jGYqW8pYqCS9BVSVFLK8LwDOkyLhs"
HEAD = {
    "origin": ID,
    "size": 1204,
    "root": HASH,
    "at": "2026-11-02T17:00:01.000000Z",
    "kid": KID,
    "signature": HASH * 2,
}
KEYS = {"keys": [{"kty": "EC", "crv": "P-256", "x": "…", "y": "…", "kid": KID, "use": "sig", "alg": "ES256"}]}
STATEMENT = '{"actor_id":"' + ID + '","at":"2026-11-02T17:00:00.000000Z","door":"GET /v1/encounters/{id}","v":1}'


class EntryView(View):
    """One request that passed, or was refused at, a gate. Its subjects are told by code, those alone whom the caller's
    team works with; the record that it was about, only with them."""

    model_config = examples(
        {
            "id": ID,
            "position": 1203,
            "at": "2026-11-02T17:00:00Z",
            "request_id": "34f6cf6724c44db3bd08212e67348a39",
            "actor_id": ID,
            "actor_is_client": False,
            "role": "peer",
            "organization_id": ID,
            "door": "GET /v1/encounters/{id}",
            "permission": "encounter:read",
            "purpose": "TREAT",
            "outcome": 200,
            "problem": None,
            "fields": ["id", "occurred_on", "setting"],
            "recipient_id": None,
            "legal_basis": None,
            "subjects": ["K7QP-2M9X-4TRD"],
            "record_id": ID,
        }
    )

    id: UUID
    position: int
    at: datetime
    request_id: str
    actor_id: UUID
    actor_is_client: bool
    role: str
    organization_id: UUID
    door: str
    permission: str
    purpose: str
    outcome: int
    problem: str | None
    fields: list[str]
    recipient_id: UUID | None
    legal_basis: str | None
    subjects: list[str]
    record_id: UUID | None


class HeadView(View):
    """A signed statement: the first `size` entries had this root at this time."""

    model_config = examples(HEAD)

    origin: UUID = Field(description="Whose trail it is: the program's own id.")
    size: int
    root: str
    at: str = Field(description="In UTC to the microsecond, exactly as it is signed.")
    kid: str
    signature: str = Field(description="ES256: two numbers of 32 bytes over the canonical head (docs/audit.md).")


class KeySetView(View):
    """Public keys as a JWK set (RFC 7517)."""

    model_config = examples(KEYS)

    keys: list[dict[str, str]]


class HeadsPage(Page[HeadView]):
    """Heads, newest first, and the public keys that signed them."""

    model_config = examples({"items": [HEAD], "next_cursor": None, "keys": KEYS})

    keys: KeySetView


class ProofView(View):
    """An inclusion proof (RFC 9162): whoever holds the head can check that the entry is in the trail, and unchanged."""

    model_config = examples(
        {
            "entry_id": ID,
            "position": 1203,
            "number": 1202,
            "statement": STATEMENT,
            "salt": "00112233445566778899aabbccddeeff",
            "leaf": HASH,
            "path": [HASH],
            "head": HEAD,
        }
    )

    entry_id: UUID
    position: int
    number: int = Field(description="The leaf's place in the tree, from 0 on.")
    statement: str = Field(description="What was sealed; leaf = SHA-256(0x00 || statement || salt).")
    salt: str
    leaf: str
    path: list[str] = Field(description="The hashes beside the way up, lowest first.")
    head: HeadView
