"""Slips: what somebody carries to an agency, as SVG, PNG and PDF; found on the street it says little."""
