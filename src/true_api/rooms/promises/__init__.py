"""Promises: what somebody of the program said they would do for a person, and on which day."""
