"""Cards: a code to keep, as SVG, PNG and PDF, and sheets of codes issued ahead; nothing on them says what for."""
