"""What callers say and see of a safe contact."""

from datetime import date
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from true_api.kernel.schemas import Day, View, examples
from true_api.privacy.narrative import Worded, WordsKept
from true_api.privacy.safe_contact import CONTACT, ContactDraft, ContactView
from true_api.rooms.safe_contacts.tables import KeptFor, OkayToCheckIn

SEEN: dict[str, Any] = {"kept_for": "until_day", "kept_until": "2026-12-02", "okay_to_check_in": "yes"}


class SafeContactDraft(Worded):
    """How a person wants to be reached, for how long that is kept, and whether a check-in is welcome.

    Each is asked for itself: a check-in may be welcome ("you find me at the drop-in") where no number is given.
    """

    model_config = examples({"contact": CONTACT, "okay_to_check_in": "yes", "kept_until": "2026-12-02"})

    contact: ContactDraft | None = None
    okay_to_check_in: OkayToCheckIn = OkayToCheckIn.NOT_ASKED
    kept_for: KeptFor = KeptFor.UNTIL_DAY
    kept_until: Day | None = Field(
        None, description="The last day it is kept, at most 90 days from now; 30 days from now if left out."
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.contact is None and self.okay_to_check_in is OkayToCheckIn.NOT_ASKED:
            raise ValueError("there is a contact, or an answer about check-ins")
        if self.kept_until is not None and self.kept_for is not KeptFor.UNTIL_DAY:
            raise ValueError("a last day is given with until_day alone")
        return self


class SafeContactKept(WordsKept):
    """For how long the safe contact is kept now; the contact itself stands in its own door alone."""

    model_config = examples({**SEEN, "words_kept": ["contact"], "returned": None})

    kept_for: KeptFor
    kept_until: date = Field(description="The last day it is kept. Put it again to renew it.")
    okay_to_check_in: OkayToCheckIn


class SafeContactRecord(View):
    """A safe contact, for the assigned peer and their supervisor."""

    model_config = examples({**SEEN, "contact": CONTACT})

    contact: ContactView | None = Field(description="Null where only check-ins were asked about.")
    kept_for: KeptFor
    kept_until: date
    okay_to_check_in: OkayToCheckIn


class SafeContactGone(View):
    """Nothing is kept any more."""

    model_config = examples({"kept": False})

    kept: Literal[False] = False
