"""What goes with every disclosure: the notice of 42 CFR 2.32, and how far the consent that it rests on goes."""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import Field
from sqlalchemy import Select, select

from true_api.kernel.rows import table_of
from true_api.kernel.schemas import Month, View, examples
from true_api.privacy.consents import Category, Consent, ConsentCategory, ConsentKind
from true_api.privacy.notices import CURRENT_NOTICE, notice
from true_api.privacy.purposes import ConsentPurpose

SCOPE: dict[str, Any] = {"categories": ["referral"], "purpose": "coordination_of_care", "valid_to": "2027-04"}
DISCLOSURE: dict[str, Any] = {"notice_version": CURRENT_NOTICE, "notice": notice(CURRENT_NOTICE).short, "scope": SCOPE}


class ScopeView(View):
    """How far the person's consent goes. It tells a month: the very day says when somebody agreed (privacy.md 3)."""

    model_config = examples(SCOPE)

    categories: list[Category]
    purpose: ConsentPurpose
    valid_to: Month = Field(description="The month in which it ends, unless the person takes it back before.")


class DisclosureView(View):
    """What a consented disclosure is made with (42 CFR 2.32(a)): the notice, and the scope of the consent."""

    model_config = examples(DISCLOSURE)

    notice_version: str = Field(description="The whole notice of this version stands at `GET /v1/notices/{version}`.")
    notice: str = Field(description="The sentence that 42 CFR 2.32(a)(2) prescribes.")
    scope: ScopeView


class Resting(NamedTuple):
    """How a consent that something rests on is accounted for: by its reference, and as an intermediary's or not."""

    reference: UUID
    by_intermediary: bool


def resting(found: Iterable[Any]) -> dict[UUID, Resting]:
    """The consents that `scopes` found, by id."""
    return {row.id: Resting(row.reference, row.kind is ConsentKind.INTERMEDIARY) for row in found}


def scopes(consents: Collection[UUID]) -> Select[Any]:
    """A select of how far these consents go: a row for each category that one of them covers."""
    kept, covered = table_of(Consent), table_of(ConsentCategory)
    return (
        select(kept.c.id, kept.c.reference, kept.c.kind, kept.c.purpose, kept.c.valid_to, covered.c.category)
        .join(covered, covered.c.consent_id == kept.c.id)
        .where(kept.c.id.in_(consents))
        .order_by(kept.c.id, covered.c.category)
    )


def disclosures(found: Iterable[Any]) -> dict[UUID, DisclosureView]:
    """What goes with each disclosure, by the consent that it rests on, from what `scopes` found."""
    covered: dict[UUID, list[Category]] = {}
    terms: dict[UUID, Any] = {}
    for row in found:
        covered.setdefault(row.id, []).append(row.category)
        terms[row.id] = row
    text = notice(CURRENT_NOTICE)
    return {
        consent: DisclosureView(
            notice_version=text.version,
            notice=text.short,
            scope=ScopeView(categories=covered[consent], purpose=row.purpose, valid_to=row.valid_to),
        )
        for consent, row in terms.items()
    }
