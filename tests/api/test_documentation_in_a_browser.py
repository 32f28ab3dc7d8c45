"""The documentation in a real browser: it draws every call, and its policy has nothing to block."""

import asyncio
import shutil
from pathlib import Path

import pytest

from tests.api.loopback import Loopback
from tests.system import missing

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=20000",
    "--enable-logging=stderr",
    "--dump-dom",
]
BLOCKED = ("Content Security Policy", "Refused to", "ERR_", "Uncaught")


async def drawn(page: str, folder: Path) -> tuple[str, list[str]]:
    """The page as the browser drew it, and what its console said."""
    browser = shutil.which("chromium") or missing("chromium", "the documentation pages are drawn by a real browser")
    process = await asyncio.create_subprocess_exec(
        browser,
        *FLAGS,
        f"--user-data-dir={folder / 'browser'}",
        page,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        shown, said = await asyncio.wait_for(process.communicate(), 90)
    finally:
        if process.returncode is None:
            process.kill()
    return shown.decode(), [line for line in said.decode(errors="replace").splitlines() if "CONSOLE" in line]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("page", ["docs", "redoc"])
async def test_every_call_is_drawn_and_nothing_is_blocked(loopback: Loopback, tmp_path: Path, page: str) -> None:
    shown, console = await drawn(f"http://127.0.0.1:{loopback.port}/{page}", tmp_path)
    for summary in ("Enroll a person under a new random code", "Ask that a peer meet somebody"):
        assert summary in shown
    assert [line for line in console if any(word in line for word in BLOCKED)] == []
