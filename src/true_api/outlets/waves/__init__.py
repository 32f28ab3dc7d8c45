"""Waves: what somebody said of change from day to day, as words and as a drawing that judges no direction."""
