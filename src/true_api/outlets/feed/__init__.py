"""The change feed: what came, changed or went, for who follows from outside."""
