"""A person's own record, on paper."""
