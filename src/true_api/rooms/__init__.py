"""One room per part of the work; rooms do not know each other."""
