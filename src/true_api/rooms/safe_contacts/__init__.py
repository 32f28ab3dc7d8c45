"""Safe contact: the one sealed exception, how and when a person wants to be reached."""
