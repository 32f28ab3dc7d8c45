"""Voices in numbers: closed quarters of the whole program, at or above the floor of what may leave the program.

Of each question one number at most, how many said yes, and only where as many others did not: what is kept back can
then not be computed from what is told. There is no other level, no crossing of questions and no running quarter.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from true_api.kernel.errors import NotFound
from true_api.kernel.quarters import Quarter
from true_api.kernel.rows import table_of
from true_api.privacy.noise import FLOOR
from true_api.rooms.voices.tables import Voice
from true_api.rooms.voices.vocabulary import VoiceAnswer
from true_api.security.permits import ListPermit

STILL_WHOLE = timedelta(days=1_090)
"""Nothing of a quarter is told any more before the first of its voices go: a count that shrinks tells by how much."""
QUESTIONS = ("respected", "pressured", "promise_kept")


async def counts(permit: ListPermit, quarter: Quarter) -> dict[str, Any]:
    """How many spoke in a quarter, and how many said yes to each question. Raises `NotFound` before it is over."""
    if quarter.last_day >= permit.today or permit.today - quarter.first_day > STILL_WHOLE:
        raise NotFound
    voices = table_of(Voice)
    yes = [func.count().filter(voices.c[name] == VoiceAnswer.YES).label(name) for name in QUESTIONS]
    within = voices.c.received_in.between(quarter.first_day, quarter.last_day)
    row = (await permit.database.read(select(func.count().label("voices"), *yes).where(within)))[0][0]
    return {"quarter": str(quarter), **told(row.voices, {name: getattr(row, name) for name in QUESTIONS})}


def told(voices: int, yes: dict[str, int]) -> dict[str, Any]:
    """What may be told of true counts: the number or null, never one that gives another away."""
    enough = voices >= FLOOR
    items = [(name, count if min(count, voices - count) >= FLOOR else None) for name, count in yes.items()]
    return {
        "voices": voices if enough else None,
        "suppressed": not enough,
        "items": [{"question": name, "yes": count, "suppressed": count is None} for name, count in items],
    }
