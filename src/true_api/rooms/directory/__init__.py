"""The directory: organizations, services and places, as the Human Services Data Specification (HSDS 3.1) has them."""
