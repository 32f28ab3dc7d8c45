"""`true-api serve`: the server, if it is safe to start."""

import errno
import gc
import os
import sys
from socket import socket
from typing import Annotated

import structlog
import typer

from true_api.api.app import create_app
from true_api.api.server import Patience, listen, server_for
from true_api.cli.forgets import forget_again
from true_api.cli.grounds import require_program, settings_here
from true_api.cli.words import Refused
from true_api.kernel.logs import configure_logs

log = structlog.get_logger()


def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on, before TRUE_HOST.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on, before TRUE_PORT.")] = None,
    notice: Annotated[
        float, typer.Option(min=0, max=60, help="Seconds of `not ready` before leaving, for a balancer to see.")
    ] = Patience.notice,
) -> None:
    """Start the server. Refuses on an old schema, without a program, and with unsafe settings or keys."""
    settings = settings_here(host=host, port=port)
    require_program(settings)
    forget_again(settings)
    app = create_app(settings)
    listening = take_place(settings.host, settings.port)
    configure_logs(readable=sys.stderr.isatty())
    settle_memory()
    try:
        server_for(app, Patience(notice=notice)).run(sockets=[listening])
    except KeyboardInterrupt:
        log.info("stopped")


def settle_memory() -> None:
    """What is loaded by now stays: looking it over again took a sixth to a quarter of a timeline's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


def take_place(host: str, port: int) -> socket:
    """A listening socket. Refused when another server has the port, or there is no such host."""
    try:
        return listen(host, port)
    except OSError as error:
        why = os.strerror(error.errno or 0) if error.errno in errno.errorcode else "there is no such host"
        raise Refused(
            f"The server cannot listen on this host and port ({why})."
            " Another server may run there; --host and --port name others."
        ) from None
