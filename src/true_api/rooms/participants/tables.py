"""What this room writes; the gates read it too, so it is declared beside their predicates."""

from true_api.privacy.cases import (
    Basis,
    Caseload,
    CodeBatch,
    Participant,
    ParticipantLink,
    RealmCode,
    Replaced,
    SamePerson,
)

__all__ = ["Basis", "Caseload", "CodeBatch", "Participant", "ParticipantLink", "RealmCode", "Replaced", "SamePerson"]
