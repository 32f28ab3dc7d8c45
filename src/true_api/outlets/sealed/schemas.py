"""What an admin says to seal a period, and what they are told of it: how much was kept back, and no number."""

from datetime import date
from typing import Annotated

from pydantic import Field

from true_api.kernel.schemas import Draft, Flag, View, examples

PeriodText = Annotated[
    str,
    Field(
        pattern=r"^(20[0-9]{2}-(0[1-9]|1[0-2]|Q[1-4])|FY20[0-9]{2})$",
        examples=["2026-10", "2026-Q4", "FY2027"],
        description="A month (2026-10), a quarter (2026-Q4) or a fiscal year, named for the year it ends in (FY2027).",
    ),
]


class SealDraft(Draft):
    """The period to seal."""

    model_config = examples({"period": "2026-10"}, {"period": "2026-10", "revise": True})

    period: PeriodText
    revise: Flag = Field(
        False, description="Seal it once more, with what came in late; the earlier one stays readable."
    )


class SealedTableView(View):
    """One table that was sealed."""

    table: str
    numbers: int
    kept_back: int = Field(description="How many of its numbers are null.")


class SealedPeriodView(View):
    """A period that was sealed, with all its tables."""

    model_config = examples(
        {
            "period": "2026-10",
            "revision": 0,
            "mechanism": "record-key-discrete-laplace-b2-cut6b-floor11",
            "sealed_on": "2026-11-10",
            "tables": [{"table": "people-by-setting", "numbers": 12, "kept_back": 5}],
        }
    )

    period: str
    revision: int
    mechanism: str
    sealed_on: date
    tables: list[SealedTableView]
