"""Under 18: disclosure stays shut until the program has configured its state's rule (privacy.md 7, 42 CFR 2.14)."""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlmodel import Field

from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row, choice, table_of
from true_api.privacy.reach import Reach, every_row
from true_api.privacy.retention import Rules, Stays


class MinorRule(StrEnum):
    """Whose signature a consent of somebody under 18 needs in this state (42 CFR 2.14)."""

    SHUT = "shut"
    MINOR_ALONE = "minor_alone"
    WITH_GUARDIAN = "with_guardian"


class MinorConsentRule(Row, table=True):
    """One version of the program's rule, with the state and the law that it comes from; the highest number counts."""

    __tablename__ = "minor_consent_rules"
    __kept_for__: ClassVar[Rules] = (Stays("says under which rule each disclosure of its time was made"),)
    __reach__: ClassVar[Reach] = Reach(program=every_row, keeper=every_row)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    number: int = Field(unique=True)
    rule: MinorRule = Field(sa_type=choice(MinorRule))
    state: str = Field(max_length=40)
    source: str = Field(max_length=80)
    set_on: date
    member_id: UUID = Field(foreign_key="members.id")


def newest_rule() -> Select[tuple[object]]:
    """The version that counts, if there is one."""
    rules = table_of(MinorConsentRule)
    return select(rules).order_by(rules.c.number.desc()).limit(1)


def rule_now() -> ColumnElement[MinorRule | None]:
    """The rule that counts, as a scalar sub-select; null where the program has configured none, which is shut."""
    rules = table_of(MinorConsentRule)
    return select(rules.c.rule).order_by(rules.c.number.desc()).limit(1).scalar_subquery()
