"""The floor that knows nothing of people: settings, ids, codes, errors, rows, pages, effects, database, clock."""
