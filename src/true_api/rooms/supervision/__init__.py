"""Supervision: sessions, what two agreed and reflected on, and the optional, sampled sign-off of encounters."""
