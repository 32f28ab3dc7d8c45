"""Alerts: what a peer noticed of the supply, and a supervisor confirmed, told to every team the same day."""
