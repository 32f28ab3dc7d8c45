"""What callers say and see of a drug check: no day, no person, no yes or no to what nobody can promise."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from true_api.kernel.schemas import Draft, Month, Page, Several, View, examples
from true_api.privacy.profile import TermKey
from true_api.privacy.terms import Substance
from true_api.rooms.drug_checks.limits import CURRENT_LIMITS
from true_api.rooms.drug_checks.vocabulary import (
    Abundance,
    CheckMethod,
    CheckResult,
    CheckTarget,
    ResultVoidReason,
    SampleForm,
)

TELL_AN_AMOUNT = frozenset({CheckMethod.FTIR, CheckMethod.GC_MS, CheckMethod.LC_MS})
"""Methods that can tell whether something is much or little of a sample; strips and reagents cannot."""


def _a_lot(value: str) -> str:
    if not any(sign.isdigit() for sign in value):
        raise ValueError("a lot is what is printed on the package, with a digit in it")
    return value


StripLot = Annotated[str, Field(pattern=r"^[A-Z0-9][A-Z0-9-]{0,15}$"), AfterValidator(_a_lot)]
"""What is printed on a package of strips: capitals, digits and dashes."""

MonthOfSample = Annotated[str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
"""A calendar month, `YYYY-MM`, as it is sent: all that is ever asked of when a sample was collected."""

BY_STRIP: dict[str, Any] = {"target": "fentanyl", "method": "strip", "result": "detected", "strip_lot": "DOA23-0415"}
BY_LABORATORY: dict[str, Any] = {
    "target": "medetomidine",
    "method": "gc_ms",
    "result": "detected",
    "abundance": "trace",
}
SAMPLE: dict[str, Any] = {"collected_in": "2026-11", "zone": None, "expected": "heroin", "form": "powder"}


class ResultDraft(Draft):
    """What one method showed of one target."""

    model_config = examples(BY_STRIP, BY_LABORATORY)

    target: CheckTarget
    substance: Substance | None = Field(None, description="Which one, where the target is `other`.")
    method: CheckMethod
    result: CheckResult
    abundance: Abundance | None = Field(None, description="Of what was detected, by a method that can tell.")
    strip_lot: StripLot | None = Field(None, description="The lot that is printed on the strip's package.")

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.abundance is not None and self.result is not CheckResult.DETECTED:
            raise ValueError("an abundance is told of what was detected")
        if self.abundance is not None and self.method not in TELL_AN_AMOUNT:
            raise ValueError("a strip or a reagent says nothing of how much there is")
        if self.strip_lot is not None and self.method is not CheckMethod.STRIP:
            raise ValueError("only a strip has the lot of a strip")
        if self.substance is not None and self.target is not CheckTarget.OTHER:
            raise ValueError("a substance is named where the target is other")
        return self


Results = Several[ResultDraft]


class DrugCheckDraft(Draft):
    """A sample that was collected, with the results there are; a laboratory's answer is added later."""

    model_config = examples({**SAMPLE, "results": [BY_STRIP]})

    collected_in: MonthOfSample = Field(description="The month it was collected in; the day is never asked for.")
    zone: TermKey | None = Field(None, description="The key of one of the program's zones.")
    expected: Substance = Field(description="What it was thought to be.")
    form: SampleForm
    results: Results = ()


class ResultsDraft(Draft):
    """Results that came later."""

    model_config = examples({"results": [BY_LABORATORY]})

    results: Results = Field(min_length=1)


class ResultVoidDraft(Draft):
    """Why this result should not count."""

    model_config = examples({"reason": "misread"})

    reason: ResultVoidReason


class ResultView(View):
    """One result; voided, it stays readable and does not count."""

    id: UUID
    target: CheckTarget
    substance: Substance | None
    method: CheckMethod
    result: CheckResult
    abundance: Abundance | None
    strip_lot: str | None
    void_reason: ResultVoidReason | None = Field(description="Null while the result counts.")


class InTwoLanguages(View):
    """A text in English and in Spanish."""

    en: str
    es: str


class MethodLimits(InTwoLanguages):
    """What one method can and cannot say."""

    method: CheckMethod
    source: str


def _limits_of(*methods: CheckMethod) -> dict[str, Any]:
    now = CURRENT_LIMITS
    return {
        "version": now.version,
        "reading": dict(now.reading),
        "methods": [{"method": each, **now.methods[each], "source": now.sources[each]} for each in methods],
    }


class LimitsView(View):
    """How to read the results beside it: what no result says, and the limits of the methods that were used."""

    model_config = examples(_limits_of(CheckMethod.STRIP))

    version: str
    reading: InTwoLanguages
    methods: list[MethodLimits]

    @classmethod
    def of_methods(cls, used: Iterable[CheckMethod]) -> Self:
        """The limits of these methods, in the order of the vocabulary."""
        told = set(used)
        return cls.model_validate(_limits_of(*(each for each in CheckMethod if each in told)))


CHECK: dict[str, Any] = {
    "id": "6f1d0c9a-3b52-4e1e-9f0a-5b1c2d3e4f50",
    "sample": "7QK4-M2XP",
    **SAMPLE,
    "results": [
        {
            "id": "0d9c8b7a-6f5e-4d3c-9b2a-190817263544",
            **BY_STRIP,
            "substance": None,
            "abundance": None,
            "void_reason": None,
        }
    ],
}


class DrugCheckView(View):
    """A sample with its results."""

    model_config = examples(CHECK)

    id: UUID
    sample: str = Field(description="What is written on the bag.")
    collected_in: Month
    zone: str | None
    expected: Substance
    form: SampleForm
    results: list[ResultView]


class DrugCheckRecord(DrugCheckView):
    """A sample with its results, and what the methods used can and cannot say."""

    model_config = examples({**CHECK, "limits": _limits_of(CheckMethod.STRIP)})

    limits: LimitsView


class DrugCheckPage(Page[DrugCheckView]):
    """Samples with their results, and what the methods used on this page can and cannot say."""

    model_config = examples({"items": [CHECK], "next_cursor": None, "limits": _limits_of(CheckMethod.STRIP)})

    limits: LimitsView


def month_begins(month: str) -> date:
    """The first day of a month in the form `YYYY-MM`."""
    return date(int(month[:4]), int(month[5:]), 1)
