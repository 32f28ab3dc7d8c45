"""Matching: what peers are willing to be matched on, and what people ask for in a peer."""
