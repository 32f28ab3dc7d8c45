"""Tokens of the command line: for a live account, no wider than its role, and never without a trace."""

import json
from base64 import urlsafe_b64decode
from typing import Any

from tests.cli.conftest import ON_SQLITE, Operator
from tests.cli.reading import member, trail
from true_api.security.roles import POLICY, Role


def claims(token: str) -> dict[str, Any]:
    """What a token says."""
    payload = token.split(".")[1]
    said: dict[str, Any] = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return said


def test_a_token_is_issued_for_a_label_or_an_id_and_the_trail_keeps_it(operator: Operator) -> None:
    peer = member(operator.settings, "peer")
    before = len(trail(operator.settings))
    for named in ("peer", str(peer.id)):
        said = claims(operator.does("token", "--member", named).strip())
        assert (said["sub"], said["role"], said["client_id"]) == (str(peer.id), "peer", "true-api")
    kept = trail(operator.settings)[before:]
    assert [(entry.door, entry.actor_id, entry.record_id, entry.outcome) for entry in kept] == [
        ("true-api token", peer.id, peer.id, 201)
    ] * 2


@ON_SQLITE
def test_a_token_holds_what_the_role_allows_or_less(operator: Operator) -> None:
    whole = operator.reads("token", "--member", "peer")
    assert set(whole["scope"].split()) == {permission.value for permission in POLICY[Role.PEER]}
    assert (whole["expires_in"], claims(whole["access_token"])["purpose_of_use"]) == (600, "TREAT")
    narrow = operator.reads("token", "--member", "supervisor", "--scope", "me:read", "--purpose", "HOPERAT")
    assert narrow["scope"] == "me:read"
    assert claims(narrow["access_token"])["purpose_of_use"] == "HOPERAT"


@ON_SQLITE
def test_a_scope_or_purpose_beyond_the_role_is_refused(operator: Operator) -> None:
    before = len(trail(operator.settings))
    for wider in (["--scope", "member:write"], ["--scope", "marigold"], ["--purpose", "SYSADMIN"], ["--purpose", "x"]):
        assert "--scope or --purpose" in operator.is_refused("token", "--member", "peer", *wider)
    assert len(trail(operator.settings)) == before


def test_an_account_that_is_switched_off_gets_no_token(operator: Operator) -> None:
    operator.does("people", "members", "off", "peer")
    assert "switched off" in operator.is_refused("token", "--member", "peer")
    operator.does("people", "members", "on", "peer")
    operator.does("token", "--member", "peer")
    operator.does("people", "organizations", "off", "harbor")
    assert "switched off" in operator.is_refused("token", "--member", "agency worker")


@ON_SQLITE
def test_a_client_gets_a_token_by_its_id(operator: Operator) -> None:
    [system] = [each for each in operator.reads("people", "clients", "list") if each["label"] == "intake system"]
    said = claims(operator.does("token", "--client", system["id"]).strip())
    assert (said["sub"], said["client_id"], said["role"]) == (system["id"], system["id"], "agency")
    assert trail(operator.settings)[-1].actor_is_client is True
    operator.does("people", "clients", "off", "intake system")
    assert "switched off" in operator.is_refused("token", "--client", system["id"])


@ON_SQLITE
def test_nobody_and_two_at_once_get_no_token(operator: Operator) -> None:
    assert "either --member or --client" in operator.is_refused("token", code=2)
    assert "either --member or --client" in operator.is_refused("token", "--member", "a", "--client", "b", code=2)
    assert "no such member" in operator.is_refused("token", "--member", "marigold")
    assert "no such client" in operator.is_refused("token", "--client", "marigold")


@ON_SQLITE
def test_a_label_that_two_members_share_is_not_enough(operator: Operator) -> None:
    operator.does("people", "members", "add", "--role", "agency", "--label", "peer", "--organization", "bridge")
    assert "by id" in operator.is_refused("token", "--member", "peer")
