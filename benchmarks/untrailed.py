"""TRUE API without its trail, composed here alone: no setting of the real one can switch it off.

`python -m benchmarks.untrailed` serves what `true-api serve` serves, and keeps no trace of who did what: no entry, no
place in an order, no leaf, no head. It shows what the trail costs. Never let anybody use it.
"""

from fastapi import FastAPI

from true_api.api import app as application
from true_api.api.server import Patience, server_for
from true_api.cli.grounds import settings_here
from true_api.cli.serve import settle_memory, take_place
from true_api.kernel.logs import configure_logs
from true_api.security.trail import Entry


def untrailed() -> FastAPI:
    """The application without the trail."""
    Entry.closed = lambda *_entry, **_more: []  # type: ignore[method-assign]
    of_the_trail = (application.give_order, application.seal_trail)
    application.ROUNDS = tuple(turn for turn in application.ROUNDS if turn[2] not in of_the_trail)
    return application.create_app(settings_here())


def main() -> None:
    settings = settings_here()
    app = untrailed()
    listening = take_place(settings.host, settings.port)
    configure_logs()
    settle_memory()
    server_for(app, Patience(notice=0.0)).run(sockets=[listening])


if __name__ == "__main__":
    main()
