"""Partners and staff: organizations, teams, members and clients, kept by an admin who sees no participant."""
