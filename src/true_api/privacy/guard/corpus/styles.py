"""The two hands in which the corpus is written: one to build against, one to measure by."""

from true_api.privacy.guard.corpus import (
    fourth_fillings,
    fourth_quiet,
    held_out_fillings,
    held_out_identifiers,
    held_out_names,
    held_out_quiet,
    second_fillings,
    second_identifiers,
    second_names,
    second_quiet,
    third_fillings,
    third_identifiers,
    third_names,
    third_quiet,
    tuned,
    tuned_street,
)
from true_api.privacy.guard.corpus.making import Style

BETWEEN = (" ", ", ", ". ", "\n", " - ", " / ", "; ")
TUNED = Style(
    tuned.NAMED + tuned_street.NAMED, tuned.QUIET + tuned_street.QUIET, tuned.FILLINGS, BETWEEN, second_identifiers
)
SECOND = Style(second_names.NAMED, second_quiet.QUIET, second_fillings.FILLINGS, BETWEEN, second_identifiers)
THIRD = Style(third_names.NAMED, third_quiet.QUIET, third_fillings.FILLINGS, BETWEEN, third_identifiers)
FOURTH = Style(third_names.NAMED, fourth_quiet.QUIET, fourth_fillings.FILLINGS, BETWEEN, third_identifiers)
HELD_OUT = Style(held_out_names.NAMED, held_out_quiet.QUIET, held_out_fillings.FILLINGS, BETWEEN, held_out_identifiers)
TUNED_STYLES = {"first hand": TUNED, "second hand": SECOND, "third hand": THIRD, "fourth hand": FOURTH}
"""Those that the recognizers were written against."""
