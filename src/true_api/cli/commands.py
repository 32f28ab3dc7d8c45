"""The commands of `true-api`: each lives in a module of its own, and is registered here in one line."""

from typing import Annotated

import typer

from true_api import __version__
from true_api.cli.audit import audit
from true_api.cli.backups import backup, restore, upgrade
from true_api.cli.demo import demo
from true_api.cli.directory import directory
from true_api.cli.doctor import doctor
from true_api.cli.documents import doors, openapi
from true_api.cli.keyring import keyring
from true_api.cli.keys import keys
from true_api.cli.people import people
from true_api.cli.privacy import privacy
from true_api.cli.releases import releases
from true_api.cli.retention import retention
from true_api.cli.serve import serve
from true_api.cli.setup import migrate, setup
from true_api.cli.token import token
from true_api.cli.words import PlainGroup
from true_api.cli.worker import worker

app = typer.Typer(
    cls=PlainGroup,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _say_version(asked: bool) -> None:
    if asked:
        typer.echo(f"true-api {__version__}")
        raise typer.Exit


@app.callback()
def about(
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """TRUE API: the backend of peer support in harm reduction, anonymous by construction."""


app.command()(setup)
app.command()(serve)
app.command()(worker)
app.command()(demo)
app.command()(migrate)
app.command()(backup)
app.command()(restore)
app.command()(upgrade)
app.command()(token)
app.add_typer(people, name="people")
app.add_typer(keys, name="keys")
app.add_typer(keyring, name="keyring")
app.add_typer(releases, name="releases")
app.add_typer(directory, name="directory")
app.add_typer(retention, name="retention")
app.add_typer(privacy, name="privacy")
app.add_typer(audit, name="audit")
app.command()(doctor)
app.command()(openapi)
app.command()(doors)
