"""The two hands in which the corpus is written: one to build against, one to measure by."""

from true_api.privacy.guard.corpus import held_out_fillings, held_out_names, held_out_quiet, tuned
from true_api.privacy.guard.corpus.making import Style

TUNED = Style(tuned.NAMED, tuned.QUIET, tuned.FILLINGS, (" ", "\n"))
HELD_OUT = Style(
    held_out_names.NAMED, held_out_quiet.QUIET, held_out_fillings.FILLINGS, (" ", ", ", ". ", "\n", " - ", " / ", "; ")
)
