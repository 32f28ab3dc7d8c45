"""What tests of the keyring at the shell share: the master keys, sheets of them, and what the doctor says."""

from pathlib import Path

from tests.cli.conftest import Operator
from true_api.privacy.master_key_file import FileKey, read_key_file
from true_api.privacy.master_keys import master_key_file


def master_keys(operator: Operator) -> list[FileKey]:
    """The keys in the operator's file, oldest first."""
    return read_key_file(master_key_file(operator.settings)) or []


def finding(operator: Operator, what: str, **more: str) -> tuple[str, str]:
    """What the doctor says of one thing."""
    lines = [line.split(None, 2) for line in operator.run("doctor", **more).stdout.split("\n\n")[0].splitlines()]
    return next((level, words) for level, named, words in lines if named == what)


def sheets_of(operator: Operator, folder: Path) -> list[str]:
    """Where the three sheets were written to."""
    operator.does("keyring", "sheets", "--to", str(folder))
    return [str(folder / f"sheet-{number}-of-3.txt") for number in (1, 2, 3)]
