"""Plain words: every refusal that an operator can meet ends a command with one sentence, never with a traceback."""

import json
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperGroup

from true_api.kernel.errors import Problem
from true_api.kernel.settings import UnsafeSettings
from true_api.security.key_files import UnsafeKeys

REFUSED, UNSAFE = 1, 2


class Refused(Exception):
    """A command cannot be carried out; the message says why and what to do."""

    def __init__(self, words: str, code: int = REFUSED) -> None:
        super().__init__(words)
        self.code = code


class PlainGroup(TyperGroup):
    """A group of commands whose refusals are said in plain words: 1 refused, 2 unsafe or misused."""

    def invoke(self, ctx: Any) -> Any:
        """Carry a command out."""
        try:
            return super().invoke(ctx)
        except Refused as refused:
            words, code = str(refused), refused.code
        except (UnsafeSettings, UnsafeKeys) as unsafe:
            words, code = str(unsafe), UNSAFE
        except Problem as problem:
            words, code = f"{problem.title()}.", REFUSED
        typer.echo(words, err=True)
        raise typer.Exit(code)


def show_json(value: object) -> None:
    """One JSON line on stdout, for a script to read."""
    typer.echo(json.dumps(value, ensure_ascii=False))


def show_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Aligned columns under their names."""
    widths = [max(map(len, column)) for column in zip(columns, *rows, strict=True)]
    for row in (columns, *rows):
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
