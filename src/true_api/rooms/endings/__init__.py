"""Endings: a person died, moved, or asked that it end; and who worked with them is offered a debrief."""
