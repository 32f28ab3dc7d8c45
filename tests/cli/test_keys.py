"""Signing keys at the shell: rotated without anybody noticing, retired when nobody needs them."""

from tests.cli.conftest import PROGRAM, Operator
from true_api.security.key_files import read_manifest
from true_api.security.signing_keys import load_keys


def states(operator: Operator) -> list[str]:
    """What each key of the manifest does, oldest first."""
    return [entry.state for entry in read_manifest(operator.settings.keys_dir)]


def test_a_rotated_key_signs_and_the_one_before_still_verifies(newcomer: Operator) -> None:
    newcomer.does("setup", *PROGRAM)
    first = load_keys(newcomer.settings.keys_dir, False).signing_kid
    printed = newcomer.does("keys", "rotate")
    keys = load_keys(newcomer.settings.keys_dir, False)
    assert keys.signing_kid != first
    assert keys.signing_kid in printed
    assert states(newcomer) == ["verifying", "signing"]
    newcomer.does("token", "--member", "operator")


def test_a_key_whose_tokens_may_be_in_use_is_retired_only_on_demand(newcomer: Operator) -> None:
    newcomer.does("setup", *PROGRAM)
    newcomer.does("keys", "rotate")
    assert "No key to retire" in newcomer.does("keys", "retire")
    assert states(newcomer) == ["verifying", "signing"]
    assert "is gone" in newcomer.does("keys", "retire", "--at-once")
    assert states(newcomer) == ["signing"]


def test_there_is_nothing_to_rotate_before_setup(newcomer: Operator) -> None:
    for task in ("rotate", "retire"):
        assert "There are no signing keys" in newcomer.is_refused("keys", task, code=2)
    assert not newcomer.settings.data_dir.exists()
