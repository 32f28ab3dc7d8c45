"""What stands in the way of a seal."""

from true_api.kernel.errors import Conflict


class PeriodStillOpen(Conflict):
    """A period is sealed after it has ended."""

    code = "period_still_open"


class AlreadySealed(Conflict):
    """This period was sealed before, and a release never changes; what came in late goes into a revision."""

    code = "already_sealed"


class NothingSealed(Conflict):
    """Nothing was sealed of this period."""

    code = "nothing_sealed"


class RevisedTooSoon(Conflict):
    """A revision comes 90 days after the seal before it at the earliest."""

    code = "revised_too_soon"


class NoMoreRevisions(Conflict):
    """A period is revised twice at most: every revision tells a little more."""

    code = "no_more_revisions"
