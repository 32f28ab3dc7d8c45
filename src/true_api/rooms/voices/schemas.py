"""What anybody may say without saying who they are, and what whoever leads the program sees of it."""

from typing import Any, Self
from uuid import UUID

from pydantic import Field, model_validator

from true_api.kernel.schemas import Flag, Month, View, examples
from true_api.privacy.narrative import Narrative, OwnWords, SealedWords, Worded, WordsReturned
from true_api.privacy.profile import TermKey
from true_api.rooms.voices.vocabulary import VoiceAnswer, VoiceKind, VoiceState

VOICE = "6f1d0c9a-3b52-4e1e-9f0a-5b1c2d3e4f50"
RECEIPT = "7KQP2-M9X4T-RD3HW-0C8VN"
ANSWERED = {"respected": "yes", "pressured": "no", "promise_kept": "partly"}
WORDS = "They came when they said, and the second time nobody did."
WANTED = "Somebody tells me beforehand when nobody can come."


class VoiceDraft(Worded):
    """How it was, in three questions and if you like in words. Say no name and no number: not yours, and nobody's."""

    model_config = examples(
        {**ANSWERED, "words": WORDS}, {"kind": "complaint", **ANSWERED, "words": WORDS, "wanted": WANTED}
    )

    kind: VoiceKind = VoiceKind.VOICE
    respected: VoiceAnswer = Field(VoiceAnswer.PREFERS_NOT_TO_SAY, description="Were you treated with respect?")
    pressured: VoiceAnswer = Field(VoiceAnswer.PREFERS_NOT_TO_SAY, description="Did you feel pressured to anything?")
    promise_kept: VoiceAnswer = Field(VoiceAnswer.PREFERS_NOT_TO_SAY, description="Was kept what was promised?")
    zone: TermKey | None = Field(None, description="About where, if you like to say: one of the program's own zones.")
    words: OwnWords | None = None
    wanted: OwnWords | None = Field(None, description="Of a complaint: what should happen.")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.kind is VoiceKind.COMPLAINT and self.words is None:
            raise ValueError("a complaint says in words what happened")
        if self.kind is VoiceKind.VOICE and self.wanted is not None:
            raise ValueError("what should happen is said with a complaint")
        said = {self.respected, self.pressured, self.promise_kept} != {VoiceAnswer.PREFERS_NOT_TO_SAY}
        if not said and self.words is None:
            raise ValueError("a voice answers one of the questions at least, or says something in words")
        return self


class VoiceReceived(WordsReturned):
    """What was said has come in. The receipt is shown this once, and is all that leads back to it."""

    model_config = examples({"receipt": RECEIPT, "state": "received", "returned": None})

    receipt: str = Field(
        description="Keep it to read the answer: `GET /v1/voices/{receipt}`. It cannot be found again."
    )
    state: VoiceState = VoiceState.RECEIVED


class VoiceStanding(View):
    """What became of what somebody said, for whoever holds the receipt."""

    model_config = examples({"state": "answered", "answer": "Thank you. From December on the van calls ahead."})

    state: VoiceState
    answer: SealedWords | None


SEEN: dict[str, Any] = {
    "id": VOICE,
    "kind": "complaint",
    "received_in": "2026-11",
    **ANSWERED,
    "zone": None,
    "state": "received",
}


class VoiceView(View):
    """What somebody said, but for the words."""

    model_config = examples(SEEN)

    id: UUID
    kind: VoiceKind
    received_in: Month
    respected: VoiceAnswer
    pressured: VoiceAnswer
    promise_kept: VoiceAnswer
    zone: str | None
    state: VoiceState


class VoiceRecord(VoiceView):
    """What somebody said, with the words."""

    model_config = examples({**SEEN, "words": WORDS, "wanted": WANTED, "answer": None})

    words: SealedWords | None
    wanted: SealedWords | None
    answer: SealedWords | None


class VoiceAnswerDraft(Worded):
    """What is answered to whoever holds the receipt; another answer takes its place."""

    model_config = examples({"answer": "Thank you. From December on the van calls ahead."})

    answer: Narrative


class VoiceAnswered(VoiceView, WordsReturned):
    """What somebody said, and that it was answered."""

    model_config = examples({**SEEN, "state": "answered", "returned": None})


class VoiceQuestionCount(View):
    """How many answered one question with yes; null where fewer than 11 did, or fewer than 11 did not."""

    question: str
    yes: int | None
    suppressed: bool


class VoiceCounts(View):
    """A closed quarter of the whole program."""

    model_config = examples(
        {
            "quarter": "2026-Q3",
            "voices": 34,
            "suppressed": False,
            "items": [
                {"question": "respected", "yes": 22, "suppressed": False},
                {"question": "pressured", "yes": None, "suppressed": True},
                {"question": "promise_kept", "yes": 19, "suppressed": False},
            ],
        }
    )

    quarter: str
    voices: int | None
    suppressed: bool
    items: list[VoiceQuestionCount]


class LeadView(View):
    """Whether a supervisor leads the program: reads what anonymous voices say, and answers them."""

    model_config = examples({"member_id": VOICE, "leads_program": True})

    member_id: UUID
    leads_program: Flag
