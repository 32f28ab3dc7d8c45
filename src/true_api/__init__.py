"""TRUE API: the backend of peer support in harm reduction, anonymous by construction."""

__version__ = "0.1.0"
