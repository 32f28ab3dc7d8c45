"""The demo's program: who is in it, what happens in three months, and how that is played through the doors."""
