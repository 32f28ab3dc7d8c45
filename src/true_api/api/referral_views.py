"""A referral as each side may see it."""

from typing import Any

from true_api.kernel.codes import shown
from true_api.rooms.referrals import moving, service
from true_api.rooms.referrals.arranging import arranged
from true_api.rooms.referrals.schemas import (
    AgencyReferralKept,
    AgencyReferralRecord,
    AgencyReferralView,
    ArrangementRecord,
    ArrangementView,
    DatedHandOff,
    HandOffView,
    OwnStepNote,
    ReferralKept,
    ReferralRecord,
    ReferralView,
    StepNote,
)
from true_api.security.permits import Permit

AnyView = ReferralView | AgencyReferralView
AnyKept = ReferralKept | AgencyReferralKept
AnyRecord = ReferralRecord | AgencyReferralRecord

UNKNOWN_YET = {"no_answer_since": None, "rerouted_from": None}
"""What a referral just asked for has none of."""


def _seen(permit: Permit, referral: Any, **more: Any) -> dict[str, Any]:
    """What this caller may see of a referral, by field."""
    held = getattr(referral, "_mapping", None)
    known = {**UNKNOWN_YET, **(vars(referral) if held is None else held), **more}
    agency_code = known["agency_code"] and shown(known["agency_code"])
    known["moves"] = moving.moves(permit, known["state"])
    of_program = permit.viewer.sight.of_program
    if not of_program and not service.needed_by_agency(permit, known):
        known |= arranged(None) | {"wishes": []}
    known["arrangement"] = ArrangementView.of(known, on=known["arranged_on"], part_of_day=known["arranged_part_of_day"])
    if of_program:
        return {**known, "code": shown(known["program_code"]), "agency_code": agency_code}
    months = {"requested_in": known["requested_on"], "changed_in": known["changed_on"]}
    return {**known, **months, "code": agency_code, "disclosure": permit.disclosure_with(referral)}


def view(permit: Permit, referral: Any) -> AnyView:
    """A referral as this caller may see it, without its words."""
    kind = ReferralView if permit.viewer.sight.of_program else AgencyReferralView
    return kind.of(_seen(permit, referral))


def kept(permit: Permit, referral: Any, **more: Any) -> AnyKept:
    """The same after a write, with `words_kept`; `more` is what the write has changed."""
    kind = ReferralKept if permit.viewer.sight.of_program else AgencyReferralKept
    return kind.of(_seen(permit, referral, **more))


def record(permit: Permit, referral: Any, said: service.Said) -> AnyRecord:
    """One referral with those of its words that this caller may read."""
    seen = _seen(permit, referral)
    words = {"location": said.location, "ask_for_desk": said.ask_for_desk}
    seen["arrangement"] = ArrangementRecord.of(seen["arrangement"], **words)
    if permit.viewer.sight.of_program:
        told = [StepNote.of(step, to=step.to_state, note=note) for step, note in said.step_notes]
        dated = [DatedHandOff.of(step, how=step.hand_off, said_on=step.moved_on) for step in said.hand_offs]
        return ReferralRecord.of(seen, note=said.note, step_notes=told, hand_offs=dated)
    own = [OwnStepNote.of(step, to=step.to_state, note=note) for step, note in said.step_notes]
    hand_offs = [HandOffView.of(step, how=step.hand_off) for step in said.hand_offs]
    return AgencyReferralRecord.of(seen, step_notes=own, hand_offs=hand_offs)
