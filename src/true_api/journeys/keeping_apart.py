"""What stays of a forgotten person's disclosures: by the references of their consents, by the month, counted."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from true_api.privacy.disclosures import LegalBasis
from true_api.privacy.forgotten import DisclosureKeptApart
from true_api.privacy.retention import month_of

LISTS = ("consents", "categories", "records", "fields")
TERMS = ("recipient", "organization_id", "basis", "by_intermediary", "purpose")


def disclosures_kept_apart(disclosures: Sequence[Any]) -> Iterator[DisclosureKeptApart]:
    """What accounting law asks for of disclosures by consent (42 CFR 2.25), about nobody.

    Disclosures without consent stay as facts about nobody, where they were recorded.
    """
    alike = Counter(
        (month_of(told.disclosed_on), *(getattr(told, name) for name in TERMS), *_lists(told))
        for told in disclosures
        if told.basis is LegalBasis.CONSENT
    )
    for (month, *held), times in sorted(alike.items(), key=str):
        values: dict[str, Any] = dict(zip((*TERMS, *LISTS), held, strict=True))
        values |= {name: list(values[name]) for name in LISTS}
        yield DisclosureKeptApart(disclosed_on=month, times=times, **values)


def _lists(told: Any) -> Iterator[tuple[str, ...]]:
    return (tuple(getattr(told, name)) for name in LISTS)
