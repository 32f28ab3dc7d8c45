"""Keeping accounts at the shell: an admin's doors, with every rule and every trace of theirs."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.cli.conftest import ON_SQLITE, Operator
from tests.cli.reading import keep, member, trail
from tests.world import NOON
from true_api.cli.front_door import PAGE
from true_api.security.accounts import Team


def called(records: Sequence[dict[str, Any]]) -> list[str]:
    """The names or labels of a list."""
    return [record.get("label") or record["name"] for record in records]


def test_whoever_is_added_stands_in_the_trail_with_the_admin_as_actor(operator: Operator) -> None:
    admin, before = member(operator.settings, "operator"), len(trail(operator.settings))
    added = operator.reads("people", "members", "add", "--role", "peer", "--label", "peer-07", "--team", "night van")
    entries = trail(operator.settings)[before:]
    assert {entry.actor_id for entry in entries} == {admin.id}
    assert (entries[0].door, entries[0].outcome) == ("true-api people", 201)
    [written] = [entry for entry in entries if entry.door == "POST /v1/members"]
    assert (written.outcome, str(written.record_id), written.permission) == (201, added["id"], "member:write")
    assert member(operator.settings, "peer-07").active


@ON_SQLITE
def test_another_admin_can_be_named_to_act_as(operator: Operator) -> None:
    operator.does("people", "members", "add", "--role", "admin", "--label", "second")
    operator.does("people", "teams", "add", "--name", "outreach", "--as", "second")
    assert trail(operator.settings)[-1].actor_id == member(operator.settings, "second").id
    assert "no active admin" in operator.is_refused("people", "teams", "list", "--as", "peer")
    operator.does("people", "members", "off", "second")
    assert "no active admin" in operator.is_refused("people", "teams", "list", "--as", "second")


def test_lists_show_everybody(operator: Operator) -> None:
    some = {
        "organizations": {"Riverside Peer Program", "harbor", "bridge", "county"},
        "teams": {"night van", "drop-in"},
        "members": {"operator", "peer", "supervisor", "agency worker"},
        "clients": {"intake system", "case system", "dashboard"},
    }
    for kind, names in some.items():
        assert names <= set(called(operator.reads("people", kind, "list")))
        table = operator.does("people", kind, "list")
        assert table.startswith("id ")
        assert all(name in table for name in names)
        assert "argon2" not in table


@ON_SQLITE
def test_a_list_longer_than_a_page_is_shown_whole_and_oldest_first(operator: Operator) -> None:
    names = [f"team {number:03}" for number in range(PAGE + 1)]
    keep(operator.settings, [Team(name=name, created_at=NOON) for name in names])
    assert called(operator.reads("people", "teams", "list"))[-len(names) :] == names


@ON_SQLITE
@pytest.mark.parametrize(
    ("kind", "named"),
    [("organizations", "harbor"), ("teams", "drop-in"), ("members", "peer"), ("clients", "intake system")],
)
def test_what_is_switched_off_can_be_switched_on_again(operator: Operator, kind: str, named: str) -> None:
    def active() -> bool:
        [found] = [each for each in operator.reads("people", kind, "list") if called([each]) == [named]]
        return bool(found["active"])

    operator.does("people", kind, "off", named)
    assert not active()
    operator.does("people", kind, "on", named)
    assert active()


@ON_SQLITE
def test_a_new_client_shows_its_secret_this_once(operator: Operator) -> None:
    added = operator.reads(
        "people", "clients", "add", "--role", "agency", "--label", "new system", "--organization", "harbor"
    )
    assert len(added["secret"]) >= 43
    assert added["secret"] not in operator.does("people", "clients", "list", "--json")


@ON_SQLITE
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("teams", "add", "--name", "night van"), "name_taken"),
        (("teams", "add", "--name", "<marigold>"), "invalid_shape"),
        (("organizations", "add", "--name", "another", "--kind", "program"), "one_program"),
        (("organizations", "off", "Riverside Peer Program"), "one_program"),
        (("members", "off", "operator"), "last_admin"),
        (("members", "add", "--role", "peer", "--label", "nowhere"), "role_does_not_fit"),
        (("members", "add", "--role", "agency", "--label", "here"), "role_does_not_fit"),
        (("clients", "add", "--role", "peer", "--label", "x", "--organization", "harbor"), "role_does_not_fit"),
    ],
)
def test_the_rules_of_the_doors_hold_and_are_said_in_plain_words(
    operator: Operator, words: tuple[str, ...], code: str
) -> None:
    said = operator.is_refused("people", *words)
    assert said.endswith(f"({code})")
    assert "marigold" not in said
    assert trail(operator.settings)[-1].problem == code


@ON_SQLITE
def test_who_is_not_there_is_not_changed(operator: Operator) -> None:
    for kind in ("organizations", "teams", "members", "clients"):
        assert "no such" in operator.is_refused("people", kind, "off", "marigold")
    assert "no such team" in operator.is_refused(
        "people", "members", "add", "--role", "peer", "--label", "x", "--team", "marigold"
    )
