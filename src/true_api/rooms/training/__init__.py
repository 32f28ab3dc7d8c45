"""Training: hours by competency, certificates, and leadership and advocacy as the work that they are."""
