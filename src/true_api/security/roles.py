"""The whole policy on one page: who may open which doors, for which purpose, and how far they see."""

from enum import StrEnum

from true_api.privacy.purposes import Purpose
from true_api.privacy.reach import Sight
from true_api.security.permissions import Permission

__all__ = ["CLIENT_ROLES", "POLICY", "PURPOSES", "SIGHT", "USUAL_PURPOSE", "Permission", "Purpose", "Role"]


class Role(StrEnum):
    """What somebody is here. A token carries exactly one."""

    PEER = "peer"
    SUPERVISOR = "supervisor"
    AGENCY = "agency"
    INTEGRATOR = "integrator"
    ADMIN = "admin"


_ = Permission

_PEER = frozenset(
    {
        _.ME_READ,
        _.DIRECTORY_READ,
        _.PARTICIPANT_ENROLL,
        _.PARTICIPANT_READ,
        _.PARTICIPANT_CHANGE,
        _.SAFE_CONTACT_READ,
        _.SAFE_CONTACT_WRITE,
        _.CARD_READ,
        _.CODE_REPLACE,
        _.CODE_ISSUE,
        _.LINK_READ,
        _.CASELOAD_OPEN,
        _.CASELOAD_LEAVE,
        _.COVER_READ,
        _.EXCLUSION_WRITE,
        _.ENDING_READ,
        _.ENDING_WRITE,
        _.DEBRIEF_READ,
        _.DEBRIEF_REPLY,
        _.TODAY_READ,
        _.RECALL_SET,
        _.RECALL_TRY,
        _.TIMELINE_READ,
        _.RECORD_READ,
        _.ENCOUNTER_WRITE,
        _.ENCOUNTER_READ,
        _.READINESS_WRITE,
        _.READINESS_READ,
        _.PLAN_WRITE,
        _.PLAN_READ,
        _.CONSENT_WRITE,
        _.CONSENT_READ,
        _.MINOR_RULE_READ,
        _.EMERGENCY_WRITE,
        _.REFERRAL_WRITE,
        _.REFERRAL_READ,
        _.REFERRAL_MOVE,
        _.PROMISE_WRITE,
        _.PROMISE_READ,
        _.SYNC_WRITE,
        _.OVERDOSE_WRITE,
        _.OVERDOSE_READ,
        _.DRUG_CHECK_WRITE,
        _.DRUG_CHECK_READ,
        _.ALERT_PROPOSE,
        _.ALERT_READ,
        _.OFFER_WRITE,
        _.OFFER_READ,
        _.CAPACITY_ASK,
        _.CAPACITY_READ,
        _.INTAKE_POST,
        _.INTAKE_READ,
        _.INTAKE_WORK,
        _.INTAKE_WITHDRAW,
        _.ON_CALL_READ,
        _.SITE_READ,
        _.SUPPLY_READ,
        _.SUPPLY_WRITE,
        _.VOCABULARY_READ,
        _.INDICATOR_READ,
        _.LANGUAGE_CHECK,
        _.MATCHING_OWN,
        _.PEER_WISH_READ,
        _.PEER_WISH_WRITE,
        _.MATCH_READ,
        _.SUPERVISION_READ,
        _.SUPERVISION_REFLECT,
        _.SIGN_OFF_READ,
        _.WELLNESS_WRITE,
        _.WELLNESS_READ,
        _.SUPPORT_ASK,
        _.SUPPORT_READ,
        _.SUPERVISOR_READ,
        _.TRAINING_WRITE,
        _.TRAINING_READ,
        _.VOICE_COUNT,
        _.ORGANIZATION_READ,
    }
)

POLICY: dict[Role, frozenset[Permission]] = {
    Role.PEER: _PEER,
    Role.SUPERVISOR: _PEER
    | {
        _.DIRECTORY_WRITE,
        _.DIRECTORY_IMPORT,
        _.MINOR_RULE_WRITE,
        _.ALERT_DECIDE,
        _.LINK_WRITE,
        _.VOCABULARY_WRITE,
        _.CASELOAD_ASSIGN,
        _.COVER_WRITE,
        _.EXCLUSION_READ,
        _.RECALL_APPROVE,
        _.PARTICIPANT_FORGET,
        _.HOLD_READ,
        _.HOLD_WRITE,
        _.AUDIT_READ,
        _.ON_CALL_WRITE,
        _.SITE_WRITE,
        _.SUPPLY_WATCH,
        _.ACCOUNTING_READ,
        _.EMERGENCY_READ,
        _.DEMAND_READ,
        _.DEMAND_WRITE,
        _.INSIGHT_READ,
        _.RELEASE_READ,
        _.CHANGES_READ,
        _.SUBMISSION_WRITE,
        _.EXPORT_ASK,
        _.EXPORT_PEOPLE,
        _.SUPERVISION_GIVE,
        _.SUPERVISION_OVERSEE,
        _.SIGN_OFF_WRITE,
        _.WELLNESS_COUNT,
        _.VOICE_READ,
        _.VOICE_ANSWER,
    },
    Role.AGENCY: frozenset(
        {
            _.ME_READ,
            _.DIRECTORY_READ,
            _.DIRECTORY_WRITE,
            _.ACCESS_ENDING_READ,
            _.REFERRAL_READ,
            _.REFERRAL_MOVE,
            _.OFFER_READ,
            _.OFFER_CLAIM,
            _.CAPACITY_READ,
            _.CAPACITY_ANSWER,
            _.INTAKE_POST,
            _.INTAKE_READ,
            _.INTAKE_WITHDRAW,
            _.RELEASE_READ,
            _.CHANGES_READ,
            _.EXPORT_ASK,
            _.VOCABULARY_READ,
            _.INDICATOR_READ,
            _.LANGUAGE_CHECK,
        }
    ),
    Role.INTEGRATOR: frozenset(
        {
            _.ME_READ,
            _.DIRECTORY_READ,
            _.RELEASE_READ,
            _.CHANGES_READ,
            _.EXPORT_ASK,
            _.VOCABULARY_READ,
            _.INDICATOR_READ,
            _.LANGUAGE_CHECK,
        }
    ),
    Role.ADMIN: frozenset(
        {
            _.ME_READ,
            _.DIRECTORY_READ,
            _.DIRECTORY_WRITE,
            _.DIRECTORY_IMPORT,
            _.RELEASE_SEAL,
            _.MINOR_RULE_READ,
            _.MINOR_RULE_WRITE,
            _.INDICATOR_READ,
            _.VOCABULARY_READ,
            _.VOCABULARY_WRITE,
            _.LANGUAGE_CHECK,
            _.ORGANIZATION_READ,
            _.ORGANIZATION_WRITE,
            _.TEAM_WRITE,
            _.MEMBER_WRITE,
            _.CLIENT_WRITE,
            _.SUPERVISOR_READ,
            _.AUDIT_READ,
        }
    ),
}

SIGHT: dict[Role, Sight] = {
    Role.PEER: Sight.OWN_CASELOAD,
    Role.SUPERVISOR: Sight.TEAM_CASELOAD,
    Role.AGENCY: Sight.OWN_ORGANIZATION,
    Role.INTEGRATOR: Sight.NO_ONE,
    Role.ADMIN: Sight.ACCOUNTS,
}

PURPOSES: dict[Role, frozenset[Purpose]] = {
    Role.PEER: frozenset({Purpose.TREATMENT}),
    Role.SUPERVISOR: frozenset({Purpose.TREATMENT, Purpose.OPERATIONS}),
    Role.AGENCY: frozenset({Purpose.COORDINATION, Purpose.TREATMENT}),
    Role.INTEGRATOR: frozenset({Purpose.RESEARCH, Purpose.OPERATIONS}),
    Role.ADMIN: frozenset({Purpose.ADMINISTRATION}),
}

USUAL_PURPOSE: dict[Role, Purpose] = {
    Role.PEER: Purpose.TREATMENT,
    Role.SUPERVISOR: Purpose.TREATMENT,
    Role.AGENCY: Purpose.COORDINATION,
    Role.INTEGRATOR: Purpose.RESEARCH,
    Role.ADMIN: Purpose.ADMINISTRATION,
}

CLIENT_ROLES = frozenset({Role.AGENCY, Role.INTEGRATOR})
"""What a system (rather than a person) may be."""
