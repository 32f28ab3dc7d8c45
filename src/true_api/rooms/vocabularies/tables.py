"""What a program adds to the shared vocabularies; declared beside the profile that reads it."""

from true_api.privacy.profile import HiddenTerm, LocalTerm, Vocabulary

__all__ = ["HiddenTerm", "LocalTerm", "Vocabulary"]
