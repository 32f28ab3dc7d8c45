"""The two hands in which the corpus is written: one to build against, one to measure by."""

from true_api.privacy.guard.corpus import held_out_fillings, held_out_names, held_out_quiet, tuned, tuned_street
from true_api.privacy.guard.corpus.making import Style

TUNED = Style(
    tuned.NAMED + tuned_street.NAMED, tuned.QUIET + tuned_street.QUIET, tuned.FILLINGS, (" ", "\n", ". ", ", ", "; ", " | ")
)
HELD_OUT = Style(
    held_out_names.NAMED, held_out_quiet.QUIET, held_out_fillings.FILLINGS, (" ", ", ", ". ", "\n", " - ", " / ", "; ")
)
