"""The moves that a referral makes, and what is said of it on the way: arrangements, hand-offs, another agency."""

from typing import Any, NoReturn
from uuid import UUID

from true_api.kernel.errors import Conflict
from true_api.rooms.referrals.arranging import arrange, arrangement_words
from true_api.rooms.referrals.drafts import (
    ArrangementKeeping,
    HandOffDraft,
    ReferralDraft,
    ReferralMove,
    Reroute,
)
from true_api.rooms.referrals.service import by_id, refer
from true_api.rooms.referrals.tables import Referral, ReferralReroute, ReferralStep
from true_api.rooms.referrals.taken_back import tell_agency
from true_api.rooms.referrals.unanswered import UNANSWERED, await_answer
from true_api.rooms.referrals.vocabulary import AGENCY_MOVES, ENDED, PROGRAM_MOVES, ReferralState
from true_api.security.permits import Permit, RecordPermit

GOES_ON = frozenset(ReferralState) - ENDED
ON_ITS_WAY = frozenset(
    {ReferralState.REQUESTED, ReferralState.ACCEPTED, ReferralState.IN_PROGRESS, ReferralState.ON_HOLD}
)


class MoveNotAllowed(Conflict):
    """A referral cannot make this move from where it stands; `allowed` lists those it can."""

    code = "move_not_allowed"


class MovedMeanwhile(Conflict):
    """Somebody else moved this referral at the same moment; read it again."""

    code = "moved_meanwhile"


class NotOnItsWay(Conflict):
    """Nothing is arranged for a referral that has ended, or handed off before it is sent; `allowed` lists its moves."""

    code = "referral_not_on_its_way"


def moves(permit: Permit, state: ReferralState) -> list[ReferralState]:
    """The states to which this caller may move a referral from here."""
    table = PROGRAM_MOVES if permit.viewer.sight.of_program else AGENCY_MOVES
    return sorted(table.get(state, frozenset()), key=lambda allowed: allowed.value)


async def move(permit: RecordPermit, draft: ReferralMove) -> dict[str, Any]:
    """Move it on, back, to a pause, or open again; the referral's values as they will be."""
    referral = await by_id(permit, permit.record.id)
    if draft.to not in moves(permit, referral.state):
        _refuse(permit, MoveNotAllowed, referral)
    news = {
        "state": draft.to,
        "reason": draft.reason,
        "decided_by": draft.decided_by,
        "outcomes": [outcome.value for outcome in draft.outcomes],
        "changed_on": permit.today,
        "requested_on": permit.today if referral.state is ReferralState.DRAFT else referral.requested_on,
        "no_answer_since": None,
    }
    if draft.arrangement is not None:
        news |= await arrange(permit, referral, draft.arrangement)
    _change(permit, referral, news)
    step = _step(permit, referral, draft.to, draft.hand_off, reason=draft.reason)
    permit.texts.keep(ReferralStep, step.id, referral.participant_id, note=draft.note)
    if draft.to is ReferralState.REQUESTED:
        # What may still wait from an earlier time goes, so that there is one look-out and not two.
        await permit.no_longer(UNANSWERED, referral.id)
        await_answer(permit, referral)
    if draft.to is ReferralState.ENTERED_IN_ERROR:
        await tell_agency(permit, referral)
    standing = permit.texts.kept(referral.id) if draft.arrangement else await arrangement_words(permit, referral.id)
    return {**referral._mapping, **news, "words_kept": sorted([*standing, *permit.texts.kept(step.id)])}


async def words_of_move(permit: RecordPermit, step: UUID) -> list[str]:
    """Which words stand after a move: the note of its step, and those of what is arranged."""
    arrangement = await arrangement_words(permit, permit.record.id)
    return sorted([*arrangement, *await permit.texts.present(ReferralStep, step)])


async def hand_off(permit: RecordPermit, draft: HandOffDraft) -> Any:
    """Record a warm hand-off where the referral stands; the referral as it is."""
    referral = await by_id(permit, permit.record.id)
    if referral.state not in ON_ITS_WAY:
        _refuse(permit, NotOnItsWay, referral)
    _step(permit, referral, referral.state, draft)
    permit.unit.resource = referral.id
    return referral


async def keep_arrangement(permit: RecordPermit, draft: ArrangementKeeping) -> dict[str, Any]:
    """Put another arrangement, or none, in the place of the one before, where the referral stands."""
    referral = await by_id(permit, permit.record.id)
    if referral.state not in GOES_ON:
        _refuse(permit, NotOnItsWay, referral)
    news = await arrange(permit, referral, draft.arrangement)
    _change(permit, referral, news)
    return {**referral._mapping, **news, "words_kept": permit.texts.kept(referral.id)}


async def reroute(permit: RecordPermit, draft: Reroute) -> tuple[Referral, dict[str, Any]]:
    """Ask another agency, or the same one anew, in the place of this referral; the new one, and what stands beside it.

    The one before ends, where it has not ended yet. The two are told apart by their references, and linked for the
    program alone. Raises `MoveNotAllowed` for what was completed, entered in error or never sent.
    """
    before = await by_id(permit, permit.record.id)
    if before.state not in ENDED and ReferralState.CANCELLED in PROGRAM_MOVES[before.state]:
        ended = {"state": ReferralState.CANCELLED, "reason": draft.reason, "decided_by": draft.decided_by}
        _change(permit, before, {**ended, "changed_on": permit.today, "no_answer_since": None})
        _step(permit, before, ReferralState.CANCELLED, reason=draft.reason)
    elif ReferralState.REQUESTED not in PROGRAM_MOVES[before.state] or before.state is ReferralState.DRAFT:
        _refuse(permit, MoveNotAllowed, before)
    referral, code = await refer(permit, _instead(before, draft), before.participant_id)
    permit.keep(ReferralReroute(referral_id=referral.id, from_id=before.id))
    permit.unit.resource, permit.unit.part = before.id, referral.id
    return referral, {"program_code": before.program_code, "agency_code": code, "rerouted_from": before.id}


def _instead(before: Any, draft: Reroute) -> ReferralDraft:
    """What is asked now: as before, but for what was said anew."""
    said = {name: getattr(draft, name) for name in ("need", "urgency", "mode", "wishes")}
    asked = {name: getattr(before, name) if value is None else value for name, value in said.items()}
    return ReferralDraft.model_construct(
        **asked, organization_id=draft.organization_id, arrangement=draft.arrangement, draft=False, note=draft.note
    )


def _change(permit: Permit, referral: Any, news: dict[str, Any]) -> None:
    # An agency goes through the gate once more: should consent have ended meanwhile, there is nothing here for it.
    of_program = permit.viewer.sight.of_program
    permit.change(Referral, referral, or_else=MovedMeanwhile if of_program else MovedMeanwhile.meanwhile(), **news)


def _step(
    permit: Permit, referral: Any, to: ReferralState, handed_off: HandOffDraft | None = None, **why: Any
) -> ReferralStep:
    how: dict[str, Any] = {}
    if handed_off is not None:
        how = {"hand_off": handed_off.how, "accompanied": handed_off.accompanied, "arrived": handed_off.arrived}
    step = permit.keep(
        ReferralStep(
            referral_id=referral.id,
            from_state=referral.state,
            to_state=to,
            by_agency=not permit.viewer.sight.of_program,
            moved_on=permit.today,
            **why,
            **how,
        )
    )
    permit.unit.part = step.id
    return step


def _refuse(permit: Permit, refusal: type[Conflict], referral: Any) -> NoReturn:
    raise refusal(members={"allowed": [state.value for state in moves(permit, referral.state)]})
