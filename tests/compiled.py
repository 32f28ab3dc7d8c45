"""Statements compiled once for a whole run of tests: every house has engines of its own, and the same statements."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from true_api.security.installation import Installation


class Compiled(dict[Any, Any]):
    """What SQLAlchemy keeps compiled, by the kind of a dialect and not by each one: all of a kind are set up alike."""

    def get(self, key: Any, default: Any = None) -> Any:
        """What was compiled by any dialect of this kind."""
        return super().get((type(key[0]), *key[1:]), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__((type(key[0]), *key[1:]), compiled)


ALL = Compiled()


def share(installation: Installation) -> None:
    """Let the engines of a house share what they compile with those of all others."""
    for place in (installation.database, installation.second_wall):
        for engine in (getattr(place, name, None) for name in ("_engine", "_reading", "_writing")):
            if engine is not None:
                plain = engine.sync_engine if isinstance(engine, AsyncEngine) else engine
                plain.update_execution_options(compiled_cache=ALL)
