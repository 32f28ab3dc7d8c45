"""What we keep of a safe contact: how long, and whether a check-in is welcome; the contact itself is sealed."""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlmodel import Field

from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row, choice
from true_api.privacy.cases import on_caseload
from true_api.privacy.reach import Reach
from true_api.privacy.retention import Deleted, Fate, Kept, Rules


class KeptFor(StrEnum):
    """How long the person wants it kept."""

    UNTIL_PROMISE_DONE = "until_promise_done"
    UNTIL_DAY = "until_day"


class OkayToCheckIn(StrEnum):
    """Whether the person welcomes a check-in after an absence; asked separately."""

    YES = "yes"
    NO = "no"
    DOES_NOT_KNOW = "does_not_know"
    PREFERS_NOT_TO_SAY = "prefers_not_to_say"
    NOT_ASKED = "not_asked"


class SafeContact(Row, table=True):
    """That there is a safe contact; all that it says stands in one sealed text."""

    __tablename__ = "safe_contacts"
    __subject__: ClassVar[str | None] = "participant_id"
    __forgotten__: ClassVar[Fate] = Deleted()
    __kept_for__: ClassVar[Rules] = (Kept("kept_until", 0, "the person chose how long"),)
    __reach__: ClassVar[Reach] = Reach(program=on_caseload)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    participant_id: UUID = Field(foreign_key="participants.id", unique=True)
    member_id: UUID = Field(foreign_key="members.id")
    team_id: UUID = Field(foreign_key="teams.id")
    kept_for: KeptFor = Field(sa_type=choice(KeptFor))
    kept_until: date
    okay_to_check_in: OkayToCheckIn = Field(sa_type=choice(OkayToCheckIn))
