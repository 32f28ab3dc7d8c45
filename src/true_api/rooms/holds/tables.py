"""What this room writes; forgetting and the retention sweep read it too, so it is declared beside their predicate."""

from true_api.privacy.holds import LegalHold

__all__ = ["LegalHold"]
