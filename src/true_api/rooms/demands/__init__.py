"""Legal demands: what courts, lawyers and the police ask for, and how it is answered."""
