"""Vocabularies: the shared terms of the program, and local ones mapped to them."""
