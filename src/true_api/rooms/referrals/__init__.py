"""Referrals: a peer asks a partner agency for something a person wants, and hears back."""
