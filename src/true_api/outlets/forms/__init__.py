"""Forms: a consent on paper, with blank lines where a person is named; the paper is the only link to a name."""
