"""What supervisors and admins are told of the trail, and that a proof convinces somebody who has nothing but a head."""

import base64
import hashlib
import json
from typing import Any
from uuid import uuid4

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from tests.security.traces import entry_of
from tests.security.trails import settle
from tests.stories.steps import agrees
from tests.world import Caller, House, ok, refused
from true_api.kernel.rows import table_of
from true_api.privacy.cases import Participant


def root_from(leaf: bytes, number: int, size: int, path: list[bytes]) -> bytes:
    """The root that a proof leads to, after RFC 9162, 2.1.3.2. Raises `ValueError` for a proof that is none."""
    if number >= size:
        raise ValueError
    fn, sn, root = number, size - 1, leaf
    for beside in path:
        if sn == 0:
            raise ValueError
        if fn % 2 == 1 or fn == sn:
            root = hashlib.sha256(b"\x01" + beside + root).digest()
            while fn % 2 == 0 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            root = hashlib.sha256(b"\x01" + root + beside).digest()
        fn, sn = fn >> 1, sn >> 1
    if sn != 0:
        raise ValueError
    return root


def proves(proof: dict[str, Any]) -> bool:
    """Whether what a proof states is in the tree of its head."""
    leaf = hashlib.sha256(b"\x00" + proof["statement"].encode() + bytes.fromhex(proof["salt"])).digest()
    path = [bytes.fromhex(beside) for beside in proof["path"]]
    try:
        root = root_from(leaf, proof["number"], proof["head"]["size"], path)
    except ValueError:
        return False
    return leaf.hex() == proof["leaf"] and root.hex() == proof["head"]["root"]


def is_signed(head: dict[str, Any], keys: dict[str, Any]) -> bool:
    """Whether one of the keys of a JWK set signed a head, as docs/audit.md says how."""
    (jwk,) = [key for key in keys["keys"] if key["kid"] == head["kid"]]
    x, y = (int.from_bytes(base64.urlsafe_b64decode(jwk[name] + "==="), "big") for name in ("x", "y"))
    said = {name: head[name] for name in ("at", "kid", "origin", "root", "size")}
    content = b"true-api trail head\n" + json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
    numbers = [int(head["signature"][half : half + 64], 16) for half in (0, 64)]
    key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    try:
        key.verify(encode_dss_signature(*numbers), content, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


async def listed(caller: Caller, what: str = "entries") -> list[dict[str, Any]]:
    """Everything that a list gives, page by page."""
    items: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = ok(await caller.get(f"/v1/audit/{what}?limit=40{cursor}"))
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        cursor = f"&cursor={page['next_cursor']}"


async def test_a_supervisor_reads_who_did_what_and_whom_of_their_own_it_was_about(house: House) -> None:
    own, theirs = await house.peer.enrolls(), await house.stranger.enrolls()
    met = await house.peer.records(own)
    ok(await house.stranger.get(f"/v1/participants/{theirs}"))
    await settle(house)
    entries = await listed(house.supervisor)
    assert [entry["position"] for entry in entries] == sorted((e["position"] for e in entries), reverse=True)
    by_door = {entry["door"]: entry for entry in entries}
    recorded = by_door["POST /v1/participants/{code}/encounters"]
    assert (recorded["actor_id"], recorded["role"], recorded["outcome"]) == (str(house.peer.id), "peer", 201)
    assert (recorded["subjects"], recorded["record_id"]) == ([own], met["id"])
    read = by_door["GET /v1/participants/{code}"]
    assert (read["actor_id"], read["subjects"], read["record_id"]) == (str(house.stranger.id), [], None)
    assert theirs not in str(entries)
    other = await listed(house.other_supervisor)
    assert own not in str(other)
    assert theirs in str(other)


async def test_an_admin_reads_the_same_about_nobody(house: House) -> None:
    code = await house.peer.enrolls()
    met = await house.peer.records(code)
    await settle(house)
    entries = await listed(house.admin)
    assert {entry["door"] for entry in entries} >= {"POST /v1/participants", "POST /v1/participants/{code}/encounters"}
    assert [entry for entry in entries if entry["subjects"] or entry["record_id"]] == []
    assert code not in str(entries)
    assert met["id"] not in str(entries)


async def test_reading_the_trail_is_trailed_with_those_who_were_seen(house: House) -> None:
    code = await house.peer.enrolls()
    await settle(house)
    answer = await house.supervisor.get("/v1/audit/entries")
    assert code in str(ok(answer))
    await settle(house)
    newest = (await listed(house.supervisor))[0]
    assert (newest["door"], newest["actor_id"]) == ("GET /v1/audit/entries", str(house.supervisor.id))
    assert newest["subjects"] == [code]


async def test_what_an_agency_was_told_is_in_the_trail_with_recipient_and_basis(house: House) -> None:
    peer, agency = house.peer, house.agency
    code = await peer.enrolls()
    named = {"organization_id": str(agency.organization_id)}
    await agrees(peer, code, agency.organization_id)
    ok(await peer.post(f"/v1/participants/{code}/referrals", {**named, "need": "legal-aid"}))
    assert len(ok(await agency.get("/v1/referrals"))["items"]) == 1
    assert ok(await house.other_agency.get("/v1/referrals"))["items"] == []
    await settle(house)
    told = {entry["organization_id"]: entry for entry in await listed(house.supervisor) if entry["role"] == "agency"}
    entry = told[str(agency.organization_id)]
    assert (entry["recipient_id"], entry["legal_basis"]) == (str(agency.organization_id), "consent")
    assert entry["subjects"] == [code]
    assert "need" in entry["fields"]
    other = told[str(house.other_agency.organization_id)]
    assert (other["recipient_id"], other["legal_basis"], other["subjects"]) == (None, None, [])


async def test_nobody_else_reads_the_trail(house: House) -> None:
    for caller in (house.peer, house.agency, house.agency_worker, house.integrator):
        for path in ("entries", "heads", f"entries/{uuid4()}/proof"):
            refused(await caller.get(f"/v1/audit/{path}"), 403, "not_permitted")


async def test_a_proof_convinces_whoever_has_the_head(house: House) -> None:
    code = await house.peer.enrolls()
    for _ in range(3):
        await house.peer.records(code)
    await settle(house)
    entries = await listed(house.supervisor)
    heads = ok(await house.admin.get("/v1/audit/heads?limit=200"))
    assert all(is_signed(head, heads["keys"]) for head in heads["items"])
    for entry in entries:
        proof = ok(await house.admin.get(f"/v1/audit/entries/{entry['id']}/proof"))
        stated = json.loads(proof["statement"])
        assert proves(proof)
        assert is_signed(proof["head"], heads["keys"])
        assert (stated["id"], stated["position"], proof["position"]) == (entry["id"], *[entry["position"]] * 2)
        assert {name: stated[name] for name in ("door", "actor_id", "outcome", "fields")} == {
            name: entry[name] for name in ("door", "actor_id", "outcome", "fields")
        }
        for name, other in (("statement", proof["statement"].replace("peer", "admin")), ("salt", "00" * 16)):
            assert proves({**proof, name: other}) is (proof[name] == other)
        assert not proves({**proof, "number": proof["number"] + 1})


async def test_a_proof_names_nobody_and_two_of_them_do_not_tell_that_they_are_about_one_person(house: House) -> None:
    code = await house.peer.enrolls()
    met = await house.peer.records(code)
    ok(await house.peer.get(f"/v1/encounters/{met['id']}"))
    await settle(house)
    about = [entry for entry in await listed(house.supervisor) if entry["subjects"] == [code]]
    assert len(about) == 3
    proofs = [ok(await house.admin.get(f"/v1/audit/entries/{entry['id']}/proof")) for entry in about]
    stated = [json.loads(proof["statement"]) for proof in proofs]
    assert [len(statement["subjects"]) for statement in stated] == [1, 1, 1]
    assert len({statement["subjects"][0] for statement in stated}) == 3
    assert len({statement["record_id"] for statement in stated if statement["record_id"]}) == 2
    people = (await house.rows(table_of(Participant).select()))[0]
    for secret in (met["id"], code, *(str(row.trail_id) for row in people), *(str(row.id) for row in people)):
        assert secret not in str(proofs)


async def test_an_entry_that_waits_to_be_sealed_has_no_proof_yet(house: House) -> None:
    await settle(house)
    newest = (await listed(house.admin))[0]["id"]
    unsealed = None
    for _ in range(20):
        answer = await house.admin.get("/v1/me")
        found = await entry_of(house, answer)
        proof = await house.admin.get(f"/v1/audit/entries/{found.id}/proof")
        if proof.status_code == 409:
            unsealed = refused(proof, 409, "not_sealed_yet")
            break
    assert unsealed is not None
    assert proves(ok(await house.admin.get(f"/v1/audit/entries/{newest}/proof")))
    refused(await house.admin.get(f"/v1/audit/entries/{uuid4()}/proof"), 404, "not_found")
