"""The README's calls run as they stand, against a demo."""

import asyncio
import os
import re
import shutil
import signal
import sys
from pathlib import Path

from tests.cli.conftest import Operator
from tests.cli.test_demo import FEW_DAYS
from tests.system import missing

README = Path(__file__).parents[2] / "README.md"
TIMELINE = ["consent", "referral", "readiness_note", "encounter"]


def blocks() -> list[str]:
    """The shell blocks that call the demo."""
    found = re.findall(r"```sh\n(.*?)```", README.read_text(), re.DOTALL)
    return [block for block in found if "curl" in block]


async def run(script: str, folder: Path) -> str:
    """What a script prints, run as somebody would in the checkout's folder."""
    shell = await asyncio.create_subprocess_exec(
        "bash", "-e", "-c", script, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    said, complaints = await asyncio.wait_for(shell.communicate(), 60)
    assert (shell.returncode, complaints.decode()) == (0, "")
    return said.decode()


async def test_every_call_works_and_the_main_job_is_done(newcomer: Operator, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        missing("curl", "the README's calls are made with it")
    environment = {**os.environ, **newcomer.environment, "TRUE_TEST_DEMO_SIZE": str(FEW_DAYS)}
    command = [sys.executable, "-m", "true_api", "demo", "--port", "0", "--json"]
    demo = await asyncio.create_subprocess_exec(
        *command, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, limit=1 << 20
    )
    try:
        assert demo.stdout is not None
        line = (await asyncio.wait_for(demo.stdout.readline(), 60)).decode()
        port = re.findall(r'"base_url": ?"http://127\.0\.0\.1:(\d+)"', line)[0]
        first, main_job = (block.replace(":8000", f":{port}") for block in blocks())
        assert '"basis":"enrolled"' in await run(first, tmp_path)
        said = await run(main_job, tmp_path)
    finally:
        demo.send_signal(signal.SIGINT)
        await asyncio.wait_for(demo.wait(), 30)
    assert "/problems/" not in said
    references = re.findall(r'"reference":"([0-9a-f-]{36})","status":"received"', said)
    assert len(references) == 2
    assert len(set(references)) == 1
    assert said.count(references[0]) == 3, "posted twice, queued once"
    assert re.findall(r'\{"kind":"([a-z_]+)"', said) == TIMELINE
    shown_to_agency = re.findall(r'"reference":"[0-9a-f-]{36}","code":"([0-9A-Z-]{14})","need"', said)
    assert shown_to_agency
    assert said.count(shown_to_agency[0]) == 2, "once to the agency, once on the program's own timeline"
