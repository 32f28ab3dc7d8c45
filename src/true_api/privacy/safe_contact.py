"""The safe contact: the one sealed exception to "no identity is stored", by its shape (privacy.md 1).

How, when and where a person wants to be reached stands in one sealed text, of a participant or of an intake request.
"""

from enum import StrEnum
from typing import Any, Self

from pydantic import Field, model_validator
from sqlalchemy import Select, select

from true_api.kernel.errors import Conflict
from true_api.kernel.rows import table_of
from true_api.kernel.schemas import Draft, Flag, Several, View, examples
from true_api.privacy.narrative import AgencyNarrative, Narrative, SealedWords
from true_api.privacy.profile import LocalTerm, TermKey, Vocabulary

CONTACT: dict[str, Any] = {
    "channel": "text",
    "reach_at": "+1 202-555-0143",
    "hours": ["afternoon", "evening"],
    "voicemail": False,
    "what_to_say": "Say that the library book is in.",
    "usual_place": None,
}


class Channel(StrEnum):
    """How the person wants to be reached."""

    CALL = "call"
    TEXT = "text"
    MESSAGING_APP = "messaging_app"
    E_MAIL = "e_mail"
    IN_PERSON = "in_person"
    THROUGH_SOMEBODY = "through_somebody"


class ContactHours(StrEnum):
    """When contact is safe."""

    NIGHT = "night"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class ReachedAt(Narrative):
    """The number or address itself. Exempt from the guard, because finding the person is what it is for."""

    longest = 200
    guarded = False
    guided = False


class NoSuchPlace(Conflict):
    """A usual place is one of the program's own zones."""

    code = "no_such_place"


class ContactDraft(Draft):
    """How, when and where a person wants to be reached."""

    model_config = examples(CONTACT)

    channel: Channel
    reach_at: ReachedAt | None = Field(None, description="The number or address itself; none where it is in person.")
    hours: Several[ContactHours] = Field((), description="When contact is safe; empty where that was not asked.")
    voicemail: Flag = Field(False, description="Whether a message may be left for whoever listens.")
    what_to_say: AgencyNarrative | None = Field(None, description="What to say to whoever answers.")
    usual_place: TermKey | None = Field(None, description="The zone where the person usually is.")

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if (self.channel is Channel.IN_PERSON) != (self.reach_at is None):
            raise ValueError("a number or address is given for every channel but in_person")
        return self

    def to_seal(self) -> str:
        """All that it says, as the one text that is sealed."""
        return ContactView(
            channel=self.channel,
            reach_at=self.reach_at.text if self.reach_at else None,
            hours=list(self.hours),
            voicemail=self.voicemail,
            what_to_say=self.what_to_say.text if self.what_to_say else None,
            usual_place=self.usual_place,
        ).model_dump_json()


class ContactView(View):
    """A safe contact in the clear."""

    model_config = examples(CONTACT)

    channel: Channel
    reach_at: SealedWords | None
    hours: list[ContactHours]
    voicemail: bool
    what_to_say: SealedWords | None
    usual_place: str | None

    @classmethod
    def from_sealed(cls, text: str | None) -> Self | None:
        """What a sealed text says; None where there is none."""
        return None if text is None else cls.model_validate_json(text)


def zone_by_key(key: str) -> Select[Any]:
    """The program's own zone with this key, if it is in use."""
    terms = table_of(LocalTerm)
    return select(terms.c.id).where(terms.c.vocabulary == Vocabulary.ZONE, terms.c.key == key, terms.c.active)
