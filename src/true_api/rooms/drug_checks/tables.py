"""What we keep of a drug check: the month and the area, never the day, the person, or who took the sample."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from true_api.kernel.ids import new_reference
from true_api.kernel.rows import Row, choice
from true_api.privacy.reach import Reach, every_row
from true_api.privacy.retention import Rules, Stays
from true_api.privacy.terms import Substance
from true_api.rooms.drug_checks.vocabulary import (
    Abundance,
    CheckMethod,
    CheckResult,
    CheckTarget,
    ResultVoidReason,
    SampleForm,
)


class DrugCheck(Row, table=True):
    """One sample. Its id is random, since one that grows with time would tell the day."""

    __tablename__ = "drug_checks"
    __kept_for__: ClassVar[Rules] = (Stays("it is about no person, and a supply is read over years"),)
    __reach__: ClassVar[Reach] = Reach(program=every_row)
    __table_args__ = (Index("ix_drug_checks_month", "collected_in", "id"),)

    id: UUID = Field(default_factory=new_reference, primary_key=True)
    sample: str = Field(max_length=8, unique=True)
    collected_in: date
    zone: str | None = Field(default=None, max_length=40)
    expected: Substance = Field(sa_type=choice(Substance))
    form: SampleForm = Field(sa_type=choice(SampleForm))


class DrugCheckResult(Row, table=True):
    """What one method showed of one target. Voided it stays readable, and does not count; it never changes back."""

    __tablename__ = "drug_check_results"
    __parent__: ClassVar[str] = "check_id"
    __table_args__ = (Index("ix_drug_check_results_check", "check_id"),)

    id: UUID = Field(default_factory=new_reference, primary_key=True)
    version: int = 1
    check_id: UUID = Field(foreign_key="drug_checks.id")
    target: CheckTarget = Field(sa_type=choice(CheckTarget))
    substance: Substance | None = Field(default=None, sa_type=choice(Substance))
    method: CheckMethod = Field(sa_type=choice(CheckMethod))
    result: CheckResult = Field(sa_type=choice(CheckResult))
    abundance: Abundance | None = Field(default=None, sa_type=choice(Abundance))
    strip_lot: str | None = Field(default=None, max_length=24)
    void_reason: ResultVoidReason | None = Field(default=None, sa_type=choice(ResultVoidReason))
