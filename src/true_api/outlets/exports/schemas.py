"""What goes in and out at the doors of exports."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, model_validator

from true_api.kernel.schemas import Draft, Several, View, Wrong, examples
from true_api.outlets.exports.vocabulary import (
    PERSON_LEVEL,
    ExportDecision,
    ExportKind,
    ExportNotMade,
    ExportState,
    ExportTable,
    Quasi,
)
from true_api.outlets.formats import Format

LONGEST = 120
"""Ten years of months."""

MonthName = Annotated[str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", examples=["2026-10"])]


def first_day(month: str) -> date:
    """The day on which a month begins."""
    return date(int(month[:4]), int(month[5:]), 1)


class ExportDraft(Draft):
    """What is to leave: of people, which months; of an operational one, which tables (all where none is named)."""

    model_config = examples({"kind": "operational", "format": "csv", "from": "2026-01", "to": "2026-11"})

    kind: ExportKind
    format: Format
    tables: Several[ExportTable] = Field((), description="Of an operational export; all of them where none is named.")
    start: MonthName | None = Field(None, alias="from", description="The first month; of what is about people.")
    end: MonthName | None = Field(None, alias="to", description="The month after the last.")

    @model_validator(mode="after")
    def _goes_together(self) -> "ExportDraft":
        if self.tables and self.kind is not ExportKind.OPERATIONAL:
            raise Wrong("tables_of_operational", "Tables are named of an operational export alone.")
        if self.kind not in PERSON_LEVEL:
            if self.start or self.end:
                raise Wrong("every_period", "An export of releases holds every period.")
            return self
        if self.start is None or self.end is None:
            raise Wrong("months_missing", "What is about people says from which month to which.")
        first, end = first_day(self.start), first_day(self.end)
        months = (end.year - first.year) * 12 + end.month - first.month
        if not 1 <= months <= LONGEST:
            raise Wrong("months_out_of_order", "The months begin before they end, and are ten years at most.")
        return self


class ExportDecisionDraft(Draft):
    """What the second supervisor says."""

    model_config = examples({"decision": "approve"})

    decision: ExportDecision


class ExportColumn(View):
    """One column of a file."""

    name: str
    type: str = Field(description="`text`, `whole`, `decimal`, `flag` or `day`.")


class LeftOut(View):
    """What stays in the house, and why."""

    what: str
    why: str


class ExportFileView(View):
    """One file: what stands in it, and how to know that it came whole."""

    name: str
    table: str
    format: Format
    rows: int | None = Field(description="Null until the export is done.")
    bytes: int | None
    sha256: str | None = Field(description="Of the file as it is fetched, in hexadecimal.")
    columns: list[ExportColumn]
    left_out: list[LeftOut]


class CoarseningView(View):
    """One step by which a data set was made coarser."""

    quasi: Quasi
    level: str
    people_left_out: int = Field(description="How many people would still have had to be left out after it.")


class ExportView(View):
    """An export: where it stands, how far it is, and its manifest."""

    model_config = examples(
        {
            "reference": "2f1c7a9e-4d10-4b56-9c1d-2f6a7e1d3c40",
            "kind": "operational",
            "format": "csv",
            "from": "2026-01",
            "to": "2026-11",
            "state": "awaiting_approval",
            "asked_by": "5b0f3c52-8f0e-4b56-9c1d-2f6a7e1d3c40",
            "asked_on": "2026-11-02",
            "decided_by": None,
            "decided_on": None,
            "done_on": None,
            "expires_on": "2026-11-09",
            "rows_done": 0,
            "people": None,
            "people_left_out": None,
            "rows_left_out": None,
            "not_made_because": None,
            "files": [],
            "coarsened": [],
        }
    )

    reference: UUID
    kind: ExportKind
    format: Format
    start: str | None = Field(serialization_alias="from", description="The first month.")
    end: str | None = Field(serialization_alias="to", description="The month after the last.")
    state: ExportState
    asked_by: UUID
    asked_on: date
    decided_by: UUID | None
    decided_on: date | None
    done_on: date | None
    expires_on: date = Field(description="The last day on which its files are there.")
    rows_done: int = Field(description="How many rows are written by now.")
    people: int | None = Field(description="How many records of people it holds, or was made from.")
    people_left_out: int | None = Field(description="How many people a data set leaves out, because few look alike.")
    rows_left_out: int | None = Field(description="How many rows went with them.")
    not_made_because: ExportNotMade | None
    files: list[ExportFileView]
    coarsened: list[CoarseningView]


def month_of(day: date | None) -> str | None:
    """The month that a day begins."""
    return None if day is None else f"{day:%Y-%m}"
