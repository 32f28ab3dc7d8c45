"""The server starts where it is safe to, answers, and leaves in order."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.cli.conftest import PROGRAM, Operator
from true_api.kernel.database_schema import migrate, migrate_back

SECONDS_TO_START = 60


@pytest.fixture
def founded(newcomer: Operator) -> Operator:
    """An operator of an installation that is set up, on a port of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    founded = Operator({**newcomer.environment, "TRUE_PORT": port})
    founded.does("setup", *PROGRAM)
    return founded


@contextmanager
def serving(operator: Operator, *options: str) -> Iterator[tuple[subprocess.Popen[bytes], httpx2.Client]]:
    """A real server process, and a caller that has met it."""
    command = [sys.executable, "-m", "true_api", "serve", *options]
    environment = {**os.environ, **operator.environment}
    with (
        subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) as server,
        httpx2.Client(base_url=operator.settings.issuer) as http,
    ):
        try:
            until = time.monotonic() + SECONDS_TO_START
            while not _answers(http) and server.poll() is None and time.monotonic() < until:
                time.sleep(0.05)
            yield server, http
        finally:
            server.kill()


def _answers(http: httpx2.Client) -> bool:
    try:
        return http.get("/health/ready").status_code == 200
    except httpx2.TransportError:
        return False


def test_a_token_of_the_command_line_is_known_at_the_door_of_a_real_server_which_leaves_in_order(
    founded: Operator,
) -> None:
    founded.does("people", "teams", "add", "--name", "Night van")
    founded.does("people", "members", "add", "--role", "peer", "--label", "peer-01", "--team", "Night van")
    token = founded.does("token", "--member", "peer-01").strip()
    with serving(founded, "--notice", "30") as (server, http):
        me = http.get("/v1/me", headers={"Authorization": f"Bearer {token}"})
        assert (me.status_code, me.json()["label"], me.json()["role"]) == (200, "peer-01", "peer")
        assert "server" not in me.headers

        server.send_signal(signal.SIGTERM)
        while _answers(http):
            time.sleep(0.02)
        leaving = http.get("/health/ready")
        assert (leaving.status_code, leaving.json()["code"]) == (503, "unavailable")
        assert http.get("/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == 200

        server.send_signal(signal.SIGINT)
        printed = server.communicate(timeout=30)[1].decode()
    assert '"event": "leaving"' in printed
    assert "Traceback" not in printed
    assert token not in printed
    assert "peer-01" not in printed


def test_without_setup_nothing_is_served(newcomer: Operator) -> None:
    assert "Run `true-api setup`" in newcomer.is_refused("serve")
    migrate(newcomer.settings.effective_database_url)
    assert "Run `true-api setup`" in newcomer.is_refused("serve")


def test_on_an_older_schema_nothing_is_served(founded: Operator) -> None:
    migrate_back(founded.settings.effective_database_url, "0001")
    words = founded.is_refused("serve")
    assert "revision 0001" in words
    assert "true-api upgrade" in words


def test_without_a_database_nothing_is_served(newcomer: Operator) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"postgresql://marigold:petal@127.0.0.1:{port}/true"
    words = newcomer.is_refused("serve", TRUE_DATABASE_URL=address)
    assert words.startswith("The database cannot be reached")
    assert "marigold" not in words
    assert "petal" not in words


def test_with_unsafe_keys_nothing_is_served(founded: Operator) -> None:
    secret = founded.settings.keys_dir / "server.secret"
    secret.chmod(0o644)
    assert "set its mode to 0600" in founded.is_refused("serve", code=2)
    secret.unlink()
    assert "server.secret is missing" in founded.is_refused("serve", code=2)
    for made in Path(founded.settings.keys_dir).iterdir():
        made.unlink()
    assert "There are no signing keys" in founded.is_refused("serve", code=2)


def test_keys_of_a_program_are_refused_in_demo_mode(founded: Operator) -> None:
    assert "demo" in founded.is_refused("serve", code=2, TRUE_DEMO="true")


def test_a_taken_port_is_named_in_plain_words(founded: Operator) -> None:
    with socket.create_server(("127.0.0.1", founded.settings.port)):
        assert "Address already in use" in founded.is_refused("serve")


def test_a_host_that_is_not_there_is_named_in_plain_words(founded: Operator) -> None:
    assert "cannot listen" in founded.is_refused("serve", "--host", "127.0.0.1.marigold.invalid")
