"""Voices: what people say of the program, without a code, a name or a day; read by whoever leads the program."""
