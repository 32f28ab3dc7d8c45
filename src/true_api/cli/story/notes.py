"""Notes: what peers and agencies write where no code fits, without anybody or any place in it that could be found."""

from collections.abc import Sequence
from random import Random

OF_ENCOUNTERS: Sequence[str] = (
    "Came by twice, the second time just to sit for a while.",
    "Feet are sore; new socks and a dry blanket helped.",
    "Sleeps better since the tent has a second layer.",
    "Wants to talk again about a place with a door that locks.",
    "Laughed a lot today, and asked how the others are doing.",
    "Was in a hurry, took supplies for three people.",
    "Showed two friends how to use the kit, and did it well.",
    "The wound looks better; wants us to look again next week.",
    "Would rather text than talk at the moment.",
    "Worried about the papers for the hearing; we went through them together.",
    "Nothing was needed but company, and that was fine.",
    "Asked what the new strips can find and what they cannot.",
    "Had a rough night and stayed until it got light.",
    "Brought back used supplies and asked for a bigger box.",
    "Says that the pharmacy was kind this time.",
)
HELPS: Sequence[str] = (
    "Mornings by the water, before it gets loud.",
    "Having somebody along on the way to the appointment.",
    "Music, and a warm meal at the same hour each day.",
    "Knowing that nobody is angry after a hard week.",
)
HINDERS: Sequence[str] = (
    "The waiting list, and not knowing how long it is.",
    "Weekends, when everything is closed.",
    "Losing the phone again and again.",
    "Being sick in the morning.",
)
NEXT: Sequence[str] = (
    "Keep one kit in the blue bag and one where the others can see it.",
    "Ask the nurse about a smaller dose to begin with.",
    "Go to the office together when it opens.",
    "Write down the questions first.",
)
OTHER_FOCUS: Sequence[str] = ("Sleeping.", "Getting along with the neighbors.", "Being less alone in the evening.")
OF_REFERRALS: Sequence[str] = (
    "Would rather have a place where a dog may stay.",
    "Has been there before and left on good terms.",
    "Wants to keep the medication as it is now.",
    "Mornings are better than afternoons.",
)
OF_AGENCIES: Sequence[str] = (
    "A place is free from the beginning of next week.",
    "Please come to the day desk and ask for the list.",
    "We need the form from the clinic first.",
    "The room is on the ground floor.",
)
OF_REQUESTS: Sequence[str] = (
    "Comes to the front desk on most mornings, and would rather not wait inside.",
    "Speaks softly; please take a quiet corner.",
    "Would like to hear about options, and is not sure yet.",
    "Has a dog along.",
)
TO_SAY: Sequence[str] = ("Say that the library book is in.", "Ask whether the bike is fixed.")

SHARE_OF_ENCOUNTERS, SHARE_OF_READINESS, SHARE_OF_PARTNERS = 0.1, 0.4, 0.3


def perhaps(chance: Random, share: float, told: Sequence[str]) -> str | None:
    """One of several sentences, or nothing."""
    return chance.choice(told) if chance.random() < share else None


def of_encounter(chance: Random) -> dict[str, object]:
    """A note to a contact, which most do not have; one or two sentences."""
    if chance.random() >= SHARE_OF_ENCOUNTERS:
        return {}
    return {"note": " ".join(chance.sample(OF_ENCOUNTERS, chance.randint(1, 2)))}


def of_readiness(chance: Random, other: bool) -> dict[str, object]:
    """What somebody says of change in their own words, if they do."""
    if chance.random() >= SHARE_OF_READINESS:
        return {}
    said = {
        "what_helps": perhaps(chance, 0.6, HELPS),
        "what_gets_in_the_way": perhaps(chance, 0.5, HINDERS),
        "next_step_words": perhaps(chance, 0.5, NEXT),
        "focus_words": perhaps(chance, 0.9, OTHER_FOCUS) if other else None,
    }
    return {name: words for name, words in said.items() if words is not None}


def of_partners(chance: Random, told: Sequence[str]) -> dict[str, object]:
    """A note between the program and an agency, where there is one."""
    note = perhaps(chance, SHARE_OF_PARTNERS, told)
    return {} if note is None else {"note": note}


def safe_contact(chance: Random) -> dict[str, object]:
    """How somebody wants to be reached, by a number that is nobody's: those from 0100 to 0199 are for fiction."""
    contact = {
        "channel": chance.choice(["call", "text"]),
        "reach_at": f"+1 202-555-{chance.randint(100, 199):04}",
        "hours": chance.sample(["morning", "afternoon", "evening"], 2),
        "what_to_say": perhaps(chance, 0.5, TO_SAY),
    }
    return {"contact": contact, "okay_to_check_in": chance.choice(["yes", "yes", "no", "not_asked"])}


def every_sentence() -> list[str]:
    """All that anybody in the story writes."""
    told = (OF_ENCOUNTERS, HELPS, HINDERS, NEXT, OTHER_FOCUS, OF_REFERRALS, OF_AGENCIES, OF_REQUESTS, TO_SAY)
    return [sentence for sentences in told for sentence in sentences]
