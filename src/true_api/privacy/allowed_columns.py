"""The allow-list of columns: every column of both stores with the reason why it is kept (privacy.md 1)."""

import tomllib
from pathlib import Path


def allowed_columns() -> dict[str, dict[str, str]]:
    """Reasons by table and column; `texts` says of each column with text what stands in it."""
    return tomllib.loads(Path(__file__).with_name("columns.toml").read_text(encoding="utf-8"))
