"""Plans on paper and as text, for the person alone: their words, and nothing that says whose they are or from where."""
