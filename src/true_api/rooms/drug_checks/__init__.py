"""Drug checks: what was looked for in a sample, how, and what it can and cannot say. Never about a person."""
