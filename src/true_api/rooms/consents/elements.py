"""The elements of a consent (42 CFR 2.31): what has to be said, what each form allows, and what a preset fills."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from true_api.kernel.errors import Conflict, Fault, InvalidShape
from true_api.kernel.schemas import LAST_DAY
from true_api.privacy.consent_forms import CURRENT_FORM, form
from true_api.privacy.consents import Category, ConsentKind, Decision, Evidence
from true_api.privacy.notices import CURRENT_NOTICE, notice
from true_api.privacy.purposes import ConsentPurpose
from true_api.rooms.consents.presets import LOOP, PRESETS
from true_api.rooms.consents.schemas import ConsentDraft

PROGRAM_OFFICE, NO_PAPER = "program_office", "no_paper"
"""The place for papers that every program has, and what stands for a word that was only spoken."""
LATEST_BEGINNING = timedelta(days=90)

MISSING: Mapping[str, Fault] = {
    "organization_id": Fault(
        "/organization_id",
        "consent_element_missing",
        "A consent names who may receive: send organization_id (42 CFR 2.31(a)(4)).",
    ),
    "recipients": Fault(
        "/recipients",
        "consent_element_missing",
        "A consent for an intermediary names its members too: send recipients (42 CFR 2.31(a)(4)(ii)).",
    ),
    "categories": Fault(
        "/categories",
        "consent_element_missing",
        "A consent says what may be disclosed: send categories (42 CFR 2.31(a)(3)).",
    ),
    "purpose": Fault(
        "/purpose", "consent_element_missing", "A consent says what for: send purpose (42 CFR 2.31(a)(5))."
    ),
    "form_version": Fault(
        "/form_version",
        "consent_element_missing",
        "A consent is signed on a form that tells how it is taken back: send form_version (42 CFR 2.31(a)(6)).",
    ),
    "days": Fault("/days", "consent_element_missing", "A consent says when it ends: send days (42 CFR 2.31(a)(7))."),
    "evidence": Fault(
        "/evidence", "consent_element_missing", "A consent is signed: send evidence (42 CFR 2.31(a)(8))."
    ),
    "where_kept": Fault(
        "/where_kept",
        "consent_element_missing",
        "The signed paper is locked away: send where_kept (42 CFR 2.31(a)(8)).",
    ),
    "given_on": Fault(
        "/given_on", "consent_element_missing", "A consent says when it was signed: send given_on (42 CFR 2.31(a)(9))."
    ),
}
"""What is said of each element that nobody sent, with the paragraph that asks for it."""
UNKNOWN_FORM = Fault("/form_version", "unknown_version", "This is no version that GET /v1/consent-forms lists.")
UNKNOWN_NOTICE = Fault("/notice_version", "unknown_version", "This is no version that GET /v1/consent-forms lists.")
ONE_RECIPIENT = Fault(
    "/recipients", "one_recipient", "This form of consent names exactly one recipient (42 CFR 2.31(a)(4))."
)
NOT_THESE = Fault(
    "/categories",
    "not_of_this_kind",
    "Counseling notes and legal proceedings are each agreed to on a form of their own (42 CFR 2.31(b) and (d)).",
)
NOTES_ALONE = Fault(
    "/categories", "not_of_this_kind", "This form of consent covers counseling notes alone (42 CFR 2.31(b))."
)
PROCEEDING_ALONE = Fault(
    "/categories", "not_of_this_kind", "This form of consent covers a legal proceeding alone (42 CFR 2.31(d))."
)
OTHER_PURPOSE = Fault(
    "/purpose", "not_of_this_kind", "This form of consent is for another purpose (42 CFR 2.31(a)(5))."
)
NOT_IN_WRITING = Fault(
    "/evidence",
    "not_in_writing",
    "A consent is written and signed; a spoken word is enough for a no (42 CFR 2.31(a)(8)).",
)
NOT_OF_A_NO: Mapping[str, Fault] = {
    "purpose": Fault("/purpose", "not_of_a_no", "A no is to every purpose."),
    "days": Fault("/days", "not_of_a_no", "A no holds until it is taken back."),
    "valid_from": Fault("/valid_from", "not_of_a_no", "A no holds from the day on which it was said."),
}
NO_NAMES_ONE = Fault("/kind", "not_of_a_no", "A no names one organization.")
OF_A_NO = ("organization_id", "categories")


class ConsentDaysContradict(Conflict):
    """A consent is signed by today, begins on that day or within 90 days from now, and has not run out yet."""

    code = "consent_days_contradict"


@dataclass(frozen=True)
class KindRules:
    """What one form of consent may cover and be for, and whether it lists members beside the one it names."""

    categories: frozenset[Category]
    purposes: frozenset[ConsentPurpose]
    lists_members: bool = False
    otherwise: Fault = NOT_THESE


_, _WHY = ConsentKind, ConsentPurpose
_CARE = frozenset({_WHY.COORDINATION_OF_CARE, _WHY.TREATMENT})
_TPO = frozenset({_WHY.TREATMENT_PAYMENT_OPERATIONS})
RULES: Mapping[ConsentKind, KindRules] = {
    _.NAMED_RECIPIENT: KindRules(frozenset(LOOP), _CARE),
    _.TREATMENT_PAYMENT_OPERATIONS: KindRules(frozenset(LOOP), _TPO, lists_members=True),
    _.INTERMEDIARY: KindRules(frozenset(LOOP), _CARE | _TPO, lists_members=True),
    _.COUNSELING_NOTES: KindRules(frozenset({Category.COUNSELING_NOTES}), _CARE, otherwise=NOTES_ALONE),
    _.LEGAL_PROCEEDINGS: KindRules(
        frozenset({Category.LEGAL_PROCEEDING}), frozenset({_WHY.LEGAL_PROCEEDING}), otherwise=PROCEEDING_ALONE
    ),
}


@dataclass(frozen=True)
class Terms:
    """A consent with every element, whoever filled it in."""

    organization_id: UUID
    recipients: tuple[UUID, ...]
    kind: ConsentKind
    decision: Decision
    categories: tuple[Category, ...]
    purpose: ConsentPurpose
    given_on: date
    valid_from: date
    valid_to: date
    form_version: str
    notice_version: str
    evidence: Evidence
    where_kept: str
    reference: UUID | None
    supersedes: UUID | None

    def columns(self) -> dict[str, Any]:
        """What the row of a consent takes over as it is."""
        names = ("organization_id", "kind", "decision", "purpose", "given_on", "valid_from", "valid_to")
        more = ("form_version", "notice_version", "evidence", "where_kept")
        return {name: getattr(self, name) for name in (*names, *more)}


def complete(draft: ConsentDraft, today: date) -> Terms:
    """Every element, as sent or as the preset fills it.

    Raises `InvalidShape` that names what is missing or does not go together, and `ConsentDaysContradict`.
    """
    said = _filled(draft, today)
    if faults := [*_missing(said), *_unknown(said)] or list(_contradicting(said, draft)):
        raise InvalidShape(*faults)
    valid_from, valid_to = _days(said, today)
    named = said["organization_id"]
    return Terms(
        organization_id=named,
        recipients=tuple(dict.fromkeys((named, *said["recipients"]))),
        kind=said["kind"],
        decision=said["decision"],
        categories=said["categories"],
        purpose=said["purpose"] or ConsentPurpose.COORDINATION_OF_CARE,
        given_on=said["given_on"],
        valid_from=valid_from,
        valid_to=valid_to,
        form_version=said["form_version"],
        notice_version=said["notice_version"],
        evidence=said["evidence"],
        where_kept=said["where_kept"],
        reference=draft.reference,
        supersedes=draft.supersedes,
    )


def _filled(draft: ConsentDraft, today: date) -> dict[str, Any]:
    """What was sent, over what the preset says, over what a no does not need to say."""
    said: dict[str, Any] = {name: getattr(draft, name) for name in ConsentDraft.model_fields}
    preset = PRESETS[draft.preset] if draft.preset is not None else None
    usual: dict[str, Any] = {"kind": ConsentKind.NAMED_RECIPIENT, "notice_version": CURRENT_NOTICE}
    usual["decision"] = preset.decision if preset is not None else Decision.PERMIT
    if preset is not None:
        elements = {name: getattr(preset, name) for name in ("kind", "categories", "purpose", "days")}
        paper = {"evidence": Evidence.SIGNED_PAPER, "where_kept": PROGRAM_OFFICE}
        usual |= {**elements, **paper, "form_version": CURRENT_FORM, "given_on": today}
    if (said["decision"] or usual["decision"]) is Decision.DENY:
        on_paper = said["evidence"] not in (None, Evidence.WITNESSED_WORD)
        kept = PROGRAM_OFFICE if on_paper else NO_PAPER
        usual |= {"evidence": Evidence.WITNESSED_WORD, "where_kept": kept, "purpose": None, "days": None}
        usual |= {"form_version": CURRENT_FORM, "given_on": today}
    return {name: usual.get(name) if value is None else value for name, value in said.items()} | {
        "recipients": said["recipients"] or ()
    }


def _missing(said: Mapping[str, Any]) -> Iterator[Fault]:
    needed = MISSING.keys() if said["decision"] is Decision.PERMIT else OF_A_NO
    for name in needed:
        if not said[name] and (name != "recipients" or said["kind"] is ConsentKind.INTERMEDIARY):
            yield MISSING[name]


def _unknown(said: Mapping[str, Any]) -> Iterator[Fault]:
    for name, known, fault in (("form_version", form, UNKNOWN_FORM), ("notice_version", notice, UNKNOWN_NOTICE)):
        try:
            if said[name] is not None:
                known(said[name])
        except LookupError:
            yield fault


def _contradicting(said: Mapping[str, Any], draft: ConsentDraft) -> Iterator[Fault]:
    rules = RULES[said["kind"]]
    if set(said["recipients"]) - {said["organization_id"]} and not rules.lists_members:
        yield ONE_RECIPIENT
    if said["decision"] is Decision.DENY:
        yield from (fault for name, fault in NOT_OF_A_NO.items() if getattr(draft, name) is not None)
        if said["kind"] is not ConsentKind.NAMED_RECIPIENT:
            yield NO_NAMES_ONE
        return
    if not rules.categories.issuperset(said["categories"]):
        yield rules.otherwise
    if said["purpose"] not in rules.purposes:
        yield OTHER_PURPOSE
    if said["evidence"] is Evidence.WITNESSED_WORD:
        yield NOT_IN_WRITING


def _days(said: Mapping[str, Any], today: date) -> tuple[date, date]:
    if said["decision"] is Decision.DENY:
        if said["given_on"] > today:
            raise ConsentDaysContradict
        return said["given_on"], LAST_DAY
    given, begins = said["given_on"], said["valid_from"] or said["given_on"]
    ends = begins + timedelta(days=said["days"] - 1)
    if not given <= min(today, begins) or begins > today + LATEST_BEGINNING or ends < today:
        raise ConsentDaysContradict
    return begins, ends
