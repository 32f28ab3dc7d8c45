"""What this room writes; the gates read it too, so it is declared beside their predicate."""

from true_api.privacy.consents import Consent, ConsentRevocation

__all__ = ["Consent", "ConsentRevocation"]
