"""Offers: an open need without a person, which one agency at a time may hold until the program answers."""
