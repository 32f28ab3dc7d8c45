"""Epochs: a person's consent, or the code they are known by, is still what the gate saw, asserted in the commit."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select

from true_api.kernel.effects import Refusal, Require
from true_api.kernel.rows import table_of
from true_api.privacy.cases import Participant


def same_epochs(seen: Mapping[UUID, int], or_else: Refusal) -> Require:
    """Assert at the seal that nobody's consent was revoked since: each of these epochs is still the present one."""
    return Require(_epochs(), frozenset(seen.items()), or_else, {"ids": sorted(seen)})


@cache
def _epochs() -> Select[Any]:
    """In one order, so that two commits that lock several people cannot deadlock."""
    participants = table_of(Participant)
    these = participants.c.id.in_(bindparam("ids", expanding=True))
    return (
        select(participants.c.id, participants.c.epoch)
        .where(these)
        .order_by(participants.c.id)
        .with_for_update(read=True)
    )
