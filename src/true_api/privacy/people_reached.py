"""Everybody whom somebody works with, as a select: for what is asked about all of them at once."""

from typing import Any

from sqlalchemy import CompoundSelect, select, union_all

from true_api.kernel.rows import table_of
from true_api.privacy.cases import Caseload, own_caseload
from true_api.privacy.reach import Viewer
from true_api.privacy.same_person import SamePerson


def people_reached(viewer: Viewer) -> CompoundSelect[Any]:
    """The people of the viewer's (or their team's) caseload, and the linked records of those whose history is open.

    It narrows nothing that the reach of a table does not narrow anyway. It says where to begin: a handful of people,
    and not all rows of the program in the order of their days.
    """
    entries: Any = table_of(Caseload).alias("entry")
    opened: Any = table_of(Caseload).alias("opened")
    same = table_of(SamePerson).alias("linked_too")
    own = select(entries.c.participant_id).where(own_caseload(entries, viewer))
    linked = select(same.c.other_id).where(
        same.c.participant_id == opened.c.participant_id, opened.c.history_open, own_caseload(opened, viewer)
    )
    return union_all(own.correlate(None), linked.correlate(None))
