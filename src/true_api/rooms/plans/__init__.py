"""Plans: what somebody wrote for hard days, and what they want for themselves, in their words."""
