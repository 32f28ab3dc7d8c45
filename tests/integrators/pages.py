"""The pages of docs/integrators: their blocks of code, taken out as they stand and run as a reader would."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.house.building import ROOT

PAGES = ROOT / "docs" / "integrators"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SECONDS = 120
PLACEHOLDER = "https://numbers.example.org"
"""The address of the server on pages of tools that take none from the environment."""


def blocks(page: str, *languages: str) -> list[tuple[str, str]]:
    """The blocks of a page in these languages, in order, each with its language."""
    found = BLOCK.findall((PAGES / page).read_text(encoding="utf-8"))
    return [(language, code) for language, code in found if language in languages]


def of_language(page: str, language: str) -> list[str]:
    """The blocks of a page in one language."""
    return [code for _, code in blocks(page, language)]


def run(language: str, code: str, folder: Path, given: Mapping[str, str]) -> str:
    """What a block of shell or Python prints, in a folder of the reader's; nothing may be complained about."""
    command = ["bash", "-e", "-c", code] if language == "sh" else [sys.executable, "-W", "error", "-c", code]
    # Interpreters would else warn of what this machine, and no reader's, has set.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRUE_", "PYTHON", "PG"))}
    done = subprocess.run(
        command, cwd=folder, env={**kept, **given}, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    return done.stdout
