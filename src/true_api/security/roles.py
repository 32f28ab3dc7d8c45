"""The whole policy on one page: who may open which doors, for which purpose, and how far they see."""

from enum import StrEnum

from true_api.privacy.purposes import Purpose
from true_api.privacy.reach import Sight

__all__ = ["CLIENT_ROLES", "POLICY", "PURPOSES", "SIGHT", "USUAL_PURPOSE", "Permission", "Purpose", "Role"]


class Role(StrEnum):
    """What somebody is here. A token carries exactly one."""

    PEER = "peer"
    SUPERVISOR = "supervisor"
    AGENCY = "agency"
    INTEGRATOR = "integrator"
    ADMIN = "admin"


class Permission(StrEnum):
    """What a door may ask for. Scopes of a token are these names."""

    ME_READ = "me:read"
    PARTICIPANT_ENROLL = "participant:enroll"
    PARTICIPANT_READ = "participant:read"
    PARTICIPANT_CHANGE = "participant:change"
    SAFE_CONTACT_READ = "safe_contact:read"
    SAFE_CONTACT_WRITE = "safe_contact:write"
    CARD_READ = "card:read"
    CODE_REPLACE = "code:replace"
    CODE_ISSUE = "code:issue"
    LINK_READ = "link:read"
    LINK_WRITE = "link:write"
    CASELOAD_OPEN = "caseload:open"
    CASELOAD_ASSIGN = "caseload:assign"
    CASELOAD_LEAVE = "caseload:leave"
    COVER_READ = "cover:read"
    COVER_WRITE = "cover:write"
    EXCLUSION_READ = "exclusion:read"
    EXCLUSION_WRITE = "exclusion:write"
    ENDING_READ = "ending:read"
    ENDING_WRITE = "ending:write"
    DEBRIEF_READ = "debrief:read"
    DEBRIEF_REPLY = "debrief:reply"
    TODAY_READ = "today:read"
    RECALL_SET = "recall:set"
    RECALL_TRY = "recall:try"
    RECALL_APPROVE = "recall:approve"
    PARTICIPANT_FORGET = "participant:forget"
    HOLD_READ = "hold:read"
    HOLD_WRITE = "hold:write"
    ACCOUNTING_READ = "accounting:read"
    EMERGENCY_WRITE = "emergency:write"
    EMERGENCY_READ = "emergency:read"
    DEMAND_READ = "demand:read"
    DEMAND_WRITE = "demand:write"
    TIMELINE_READ = "timeline:read"
    RECORD_READ = "record:read"
    ENCOUNTER_WRITE = "encounter:write"
    ENCOUNTER_READ = "encounter:read"
    READINESS_WRITE = "readiness:write"
    READINESS_READ = "readiness:read"
    PLAN_WRITE = "plan:write"
    PLAN_READ = "plan:read"
    CONSENT_WRITE = "consent:write"
    CONSENT_READ = "consent:read"
    MINOR_RULE_READ = "minor_rule:read"
    MINOR_RULE_WRITE = "minor_rule:write"
    ACCESS_ENDING_READ = "access_ending:read"
    REFERRAL_WRITE = "referral:write"
    REFERRAL_READ = "referral:read"
    REFERRAL_MOVE = "referral:move"
    PROMISE_WRITE = "promise:write"
    PROMISE_READ = "promise:read"
    SYNC_WRITE = "sync:write"
    OVERDOSE_WRITE = "overdose:write"
    OVERDOSE_READ = "overdose:read"
    DRUG_CHECK_WRITE = "drug_check:write"
    DRUG_CHECK_READ = "drug_check:read"
    ALERT_PROPOSE = "alert:propose"
    ALERT_READ = "alert:read"
    ALERT_DECIDE = "alert:decide"
    OFFER_WRITE = "offer:write"
    OFFER_READ = "offer:read"
    OFFER_CLAIM = "offer:claim"
    CAPACITY_ASK = "capacity:ask"
    CAPACITY_READ = "capacity:read"
    CAPACITY_ANSWER = "capacity:answer"
    INTAKE_POST = "intake:post"
    INTAKE_READ = "intake:read"
    INTAKE_WORK = "intake:work"
    INTAKE_WITHDRAW = "intake:withdraw"
    ON_CALL_READ = "on_call:read"
    ON_CALL_WRITE = "on_call:write"
    SITE_READ = "site:read"
    SITE_WRITE = "site:write"
    SUPPLY_READ = "supply:read"
    SUPPLY_WRITE = "supply:write"
    SUPPLY_WATCH = "supply:watch"
    INSIGHT_READ = "insight:read"
    RELEASE_READ = "release:read"
    RELEASE_SEAL = "release:seal"
    VOCABULARY_READ = "vocabulary:read"
    VOCABULARY_WRITE = "vocabulary:write"
    LANGUAGE_CHECK = "language:check"
    MATCHING_OWN = "matching:own"
    PEER_WISH_READ = "peer_wish:read"
    PEER_WISH_WRITE = "peer_wish:write"
    MATCH_READ = "match:read"
    ORGANIZATION_READ = "organization:read"
    ORGANIZATION_WRITE = "organization:write"
    TEAM_WRITE = "team:write"
    MEMBER_WRITE = "member:write"
    CLIENT_WRITE = "client:write"
    AUDIT_READ = "audit:read"
    SUPERVISION_GIVE = "supervision:give"
    SUPERVISION_READ = "supervision:read"
    SUPERVISION_REFLECT = "supervision:reflect"
    SUPERVISION_OVERSEE = "supervision:oversee"
    SIGN_OFF_READ = "sign_off:read"
    SIGN_OFF_WRITE = "sign_off:write"
    WELLNESS_WRITE = "wellness:write"
    WELLNESS_READ = "wellness:read"
    WELLNESS_COUNT = "wellness_counts:read"
    SUPPORT_ASK = "support:ask"
    SUPPORT_READ = "support:read"
    SUPERVISOR_READ = "supervisor:read"
    TRAINING_WRITE = "training:write"
    TRAINING_READ = "training:read"
    VOICE_READ = "voice:read"
    VOICE_ANSWER = "voice:answer"
    VOICE_COUNT = "voice_counts:read"
    DIRECTORY_READ = "directory:read"
    DIRECTORY_WRITE = "directory:write"
    DIRECTORY_IMPORT = "directory:import"


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
            _.VOCABULARY_READ,
            _.LANGUAGE_CHECK,
        }
    ),
    Role.INTEGRATOR: frozenset({_.ME_READ, _.DIRECTORY_READ, _.RELEASE_READ, _.VOCABULARY_READ, _.LANGUAGE_CHECK}),
    Role.ADMIN: frozenset(
        {
            _.ME_READ,
            _.DIRECTORY_READ,
            _.DIRECTORY_WRITE,
            _.DIRECTORY_IMPORT,
            _.RELEASE_SEAL,
            _.MINOR_RULE_READ,
            _.MINOR_RULE_WRITE,
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
