"""What this room writes; the gates read it too, so it is declared beside their predicates."""

from true_api.privacy.cases import Basis, Caseload, Participant, RealmCode

__all__ = ["Basis", "Caseload", "Participant", "RealmCode"]
