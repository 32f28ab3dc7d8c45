"""What this room writes; the gates read it too, so it is declared beside their predicate."""

from true_api.privacy.consents import Consent, ConsentCategory, ConsentRecipient, ConsentRevocation

__all__ = ["Consent", "ConsentCategory", "ConsentRecipient", "ConsentRevocation"]
