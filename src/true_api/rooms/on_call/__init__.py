"""On call: when somebody of the program is there to try a first contact."""
