"""TRUE API with one route more, composed here alone: it says hello behind the same edge, and knows nobody.

`python -m benchmarks.beside_hello` serves what `true-api serve` serves, and `GET /hello`: what the server, the edge and
the access log cost by themselves in the very same process.
"""

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from true_api.api.app import create_app
from true_api.api.server import Patience, server_for
from true_api.cli.grounds import settings_here
from true_api.cli.serve import settle_memory, take_place
from true_api.kernel.logs import configure_logs

BODY = b'{"hello":"there"}'


async def hello(_request: Request) -> Response:
    """The same bytes for everybody."""
    return Response(BODY, media_type="application/json")


def with_hello(app: FastAPI) -> FastAPI:
    """The application with a route of ours where the doors to releases hang: it is found as late as they are."""
    asked = {"type": "http", "method": "GET", "path": "/v1/releases", "root_path": "", "headers": []}
    routes = app.router.routes
    place = next(number for number, route in enumerate(routes) if route.matches(asked)[0] is Match.FULL)
    routes.insert(place, Route("/hello", hello))
    return app


def main() -> None:
    settings = settings_here()
    app = with_hello(create_app(settings))
    listening = take_place(settings.host, settings.port)
    configure_logs()
    settle_memory()
    server_for(app, Patience(notice=0.0)).run(sockets=[listening])


if __name__ == "__main__":
    main()
