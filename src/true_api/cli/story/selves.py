"""Selves: the program's own terms and zones, and what people say of themselves in them and in their own words."""

from collections.abc import Mapping, Sequence
from random import Random

from true_api.privacy.profile import Community

ZONES = {"river-side": "River side", "old-market": "Old market", "station": "Around the station", "hill": "The hill"}
OWN_TERMS: Sequence[Mapping[str, str]] = (
    *({"vocabulary": "zone", "key": key, "label": label} for key, label in ZONES.items()),
    {"vocabulary": "language", "key": "mam", "label": "Mam", "shared_term": "other"},
    {"vocabulary": "language", "key": "kiche", "label": "K'iche'", "shared_term": "other"},
    {"vocabulary": "community", "key": "river-camp", "label": "River camp", "shared_term": "other"},
)
"""What the program adds to the shared vocabularies."""

CHOSEN = ("mam", "kiche", "river-camp")
COMMUNITIES = tuple(Community)[:16]
PRONOUNS = ("she/her", "he/him", "they/them", "she/they", "any, as long as it is kind")
GENDER_WORDS = ("stud, some days", "still finding out", "both, and neither", "a woman like any other")


def said_of_themselves(chance: Random) -> dict[str, object]:
    """Where they usually are, whom they want to be matched with, and what no list has a word for."""
    said: dict[str, object] = {}
    if chance.random() < 0.3:
        said["zone"] = chance.choice(list(ZONES))
    if chance.random() < 0.2:
        said["communities"] = chance.sample(COMMUNITIES, chance.randint(1, 2))
    if chance.random() < 0.06:
        said["local_terms"] = [chance.choice(CHOSEN)]
    if chance.random() < 0.12:
        said["pronouns"] = chance.choice(PRONOUNS)
    if chance.random() < 0.04:
        said["gender_words"] = chance.choice(GENDER_WORDS)
    return said
