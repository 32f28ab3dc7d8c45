"""What this room decides: nothing is disclosed on demand alone, and nothing before a lawyer has seen it."""

from typing import Any
from uuid import UUID

from true_api.kernel.errors import Conflict, NotFound, WriteCollided
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.privacy.cases import live_code
from true_api.privacy.consents import Asked, Category, Consent, permitting
from true_api.privacy.disclosures import DisclosurePurpose, LegalBasis, Recipient, Told
from true_api.privacy.purposes import ConsentPurpose
from true_api.rooms.demands.schemas import DemandDraft, DemandMove
from true_api.rooms.demands.tables import LegalDemand, LegalDemandStep
from true_api.rooms.demands.vocabulary import DEMAND_MOVES, DISCLOSING, DemandState
from true_api.security.permits import ListPermit, Permit, RecordPermit, StaffPermit


class NotYetReceived(Conflict):
    """A demand is recorded on or after the day it came."""

    code = "demand_not_yet_received"


class DemandMoveNotAllowed(Conflict):
    """A demand cannot make this move from where it stands; `allowed` lists those it can."""

    code = "demand_move_not_allowed"


class OrderOrConsentNeeded(Conflict):
    """A demand alone lets nobody be told anything: it takes a court order (42 CFR 2.61 to 2.67) or consent for it."""

    code = "order_or_consent_needed"


class DemandNamesNobody(Conflict):
    """What was disclosed is accounted for, so it is said whose records were shown."""

    code = "demand_names_nobody"


class DemandNamesAnother(Conflict):
    """This demand is about somebody else; each person has a demand of their own."""

    code = "demand_names_another"


def receive(permit: StaffPermit, draft: DemandDraft) -> dict[str, Any]:
    """Record a demand that came in; of whom it is about only what was said."""
    if draft.received_on > permit.today:
        raise NotYetReceived
    person = permit.person
    demand = permit.keep(
        LegalDemand(
            participant_id=person and person.id,
            member_id=permit.actor.id,
            team_id=permit.team,
            kind=draft.kind,
            asked_by=draft.asked_by,
            received_on=draft.received_on,
            due_on=draft.due_on,
            changed_on=permit.today,
        )
    )
    return {**demand.model_dump(), "code": person and person.code}


def moves(state: DemandState) -> list[DemandState]:
    """The states to which a demand may be moved from here."""
    return sorted(DEMAND_MOVES[state], key=lambda move: move.value)


async def move(permit: RecordPermit, draft: DemandMove) -> dict[str, Any]:
    """Move a demand on; what is disclosed by it stands in the accounting from this commit on."""
    demand = await by_id(permit, permit.record.id)
    allowed = moves(demand["state"])
    if draft.to not in allowed:
        raise DemandMoveNotAllowed(members={"allowed": [state.value for state in allowed]})
    news: dict[str, Any] = {"state": draft.to, "changed_on": permit.today}
    if draft.counsel is not None:
        news["counsel"] = draft.counsel
    if draft.to in DISCLOSING:
        news |= await _disclosed(permit, demand, draft)
    kept = {name: value for name, value in news.items() if name != "code"}
    permit.change(LegalDemand, permit.record, WriteCollided.meanwhile(), **kept)
    permit.keep(
        LegalDemandStep(
            legal_demand_id=permit.record.id,
            member_id=permit.actor.id,
            from_state=demand["state"],
            to_state=draft.to,
            moved_on=permit.today,
        )
    )
    return {**demand, **news}


async def _disclosed(permit: RecordPermit, demand: dict[str, Any], draft: DemandMove) -> dict[str, Any]:
    """What is disclosed, to whom and why it is allowed, as the accounting tells it; the demand's new values."""
    person, code = _whose(permit, demand)
    under_order = draft.to is DemandState.DISCLOSED_UNDER_ORDER
    if under_order and draft.order_section is None:
        raise OrderOrConsentNeeded
    told = Told(
        id=permit.record.id,
        recipient=Recipient(demand["asked_by"].value),
        basis=LegalBasis.COURT_ORDER if under_order else LegalBasis.CONSENT,
        purpose=DisclosurePurpose.LEGAL_PROCEEDING,
        categories=tuple(sorted(shown.value for shown in draft.records)),
        record="legal_demands",
        disclosed_on=permit.today,
        organization_id=draft.organization_id,
        consents=() if under_order else await _agreed_to(permit, person, draft.organization_id),
    )
    permit.account_for(person, told)
    return {"participant_id": person, "code": code, "order_section": draft.order_section}


def _whose(permit: RecordPermit, demand: dict[str, Any]) -> tuple[UUID, str]:
    """Whose records were shown, and their code."""
    named, person = demand["participant_id"], permit.person
    if person is None and named is None:
        raise DemandNamesNobody
    if person is not None and named not in (None, person.id):
        raise DemandNamesAnother
    return (named, demand["code"]) if person is None else (person.id, person.code)


async def _agreed_to(permit: RecordPermit, person: UUID, organization_id: UUID | None) -> tuple[str, ...]:
    """The reference of the consent for a legal proceeding that names this recipient (42 CFR 2.31(d)).

    Were it taken back at this moment, the person's epoch would end, and the seal refuse. Raises `OrderOrConsentNeeded`.
    """
    purposes = frozenset({ConsentPurpose.LEGAL_PROCEEDING})
    asked = Asked(person, organization_id, Category.LEGAL_PROCEEDING, permit.today, purposes)
    found = (await permit.database.read(permitting(asked).limit(1)))[0]
    if not found:
        raise OrderOrConsentNeeded
    consents = table_of(Consent)
    named = consents.select().with_only_columns(consents.c.reference).where(consents.c.id == found[0].id)
    return tuple(str(row.reference) for row in (await permit.database.read(named))[0])


async def steps(permit: RecordPermit) -> list[LegalDemandStep]:
    """Every move that the demand made, the first one first."""
    return await permit.parts_of_record(LegalDemandStep)


async def by_id(permit: Permit, demand: UUID) -> dict[str, Any]:
    """One demand within reach, with the code of whom it is about. Raises `NotFound`."""
    found: list[Any] = list(
        await permit.rows(LegalDemand, _with_code(permit).where(table_of(LegalDemand).c.id == demand))
    )
    if not found:
        raise NotFound
    return dict(found[0]._mapping)


async def listed(permit: ListPermit, page: PageRequest) -> tuple[list[dict[str, Any]], str | None]:
    """Every demand within reach, newest first."""
    demands = table_of(LegalDemand)
    rows: list[Any]
    rows, following = await permit.page(LegalDemand, _with_code(permit), [demands.c.received_on, demands.c.id], page)
    return [dict(row._mapping) for row in rows], following


def _with_code(permit: Permit) -> Any:
    code = live_code(permit.program_id, table_of(LegalDemand).c.participant_id).label("code")
    return permit.own(LegalDemand).add_columns(code)
