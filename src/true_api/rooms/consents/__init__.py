"""Consents: what a person agrees may be disclosed, to whom, until when; and taking it back."""
