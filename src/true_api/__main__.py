"""`true-api`, and `python -m true_api`: the command line as a program of its own."""

import logging
import os

from true_api.cli.commands import app
from true_api.kernel.logs import configure_logs


def main() -> None:
    """Run one command."""
    # Whatever is written from here on (keys, database, backups) is for this account alone.
    os.umask(0o077)
    configure_logs(readable=True, level=logging.ERROR)
    app(prog_name="true-api")


if __name__ == "__main__":
    main()
