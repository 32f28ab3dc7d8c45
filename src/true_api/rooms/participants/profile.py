"""What this room decides of a profile: how the program's own terms and the shared ones stand beside each other."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from true_api.kernel.errors import Conflict
from true_api.kernel.rows import table_of
from true_api.privacy.narrative import Narrative
from true_api.privacy.profile import NO_ANSWER, Gender, LocalTerm, Vocabulary
from true_api.rooms.participants.schemas import Profile
from true_api.security.permits import Permit

NOT_ASKED = "not_asked"
OWN_WORDS = ("pronouns", "gender_words")
"""What is said in the person's own words, and sealed."""

COUNTED_IN = {
    Vocabulary.COMMUNITY: "communities",
    Vocabulary.GENDER: "gender",
    Vocabulary.LANGUAGE: "languages",
    Vocabulary.RACE_ETHNICITY: "race_ethnicity",
}
"""The column in which a program's own term is counted, under the shared term that it is mapped to."""


UNSAID: Mapping[str, Any] = {
    "communities": [NOT_ASKED],
    "gender": Gender.NOT_ASKED,
    "languages": [NOT_ASKED],
    "race_ethnicity": [NOT_ASKED],
    "zone": NOT_ASKED,
    "local_terms": [],
}
"""The profile of somebody who has said nothing yet."""


class NoSuchTerm(Conflict):
    """A zone or a local term is one that the program offers at present; GET /v1/vocabularies lists them."""

    code = "no_such_term"


class TermsContradict(Conflict):
    """The program's own terms that were chosen and the shared ones contradict each other; send both together."""

    code = "terms_contradict"


def own_words(said: Profile) -> dict[str, Narrative | None]:
    """The person's own words, as far as they were sent; None takes away those there are."""
    sent = {name: getattr(said, name) for name in OWN_WORDS if name in said.model_fields_set}
    return {name: None if words is None or words.text == NOT_ASKED else words for name, words in sent.items()}


async def columns(permit: Permit, said: Profile, present: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that change: what was sent, with the shared terms under which local ones are counted.

    `present` is the profile until now. Raises `NoSuchTerm` and `TermsContradict`.
    """
    news = {name: _stored(getattr(said, name)) for name in said.model_fields_set - {*OWN_WORDS, "names_confirmed"}}
    concerned = not news.keys().isdisjoint({"local_terms", *COUNTED_IN.values()})
    chosen = news.get("local_terms", present["local_terms"]) if concerned else []
    zone = {news["zone"]} - NO_ANSWER if "zone" in news else set()
    if not chosen and not zone:
        return news
    terms = await _terms(permit, {*chosen, *zone})
    _must_be_offered(terms, zone, [Vocabulary.ZONE], {present["zone"]})
    _must_be_offered(terms, chosen, COUNTED_IN, set(present["local_terms"]))
    for vocabulary, column in COUNTED_IN.items():
        shared = [terms[key].shared_term for key in chosen if terms[key].vocabulary is vocabulary]
        if shared:
            news[column] = _counted(column, shared, news.get(column, present[column]), column in news)
    return news


async def _terms(permit: Permit, keys: Iterable[str]) -> dict[str, Any]:
    terms = table_of(LocalTerm)
    found = (await permit.database.read(select(terms).where(terms.c.key.in_(keys))))[0]
    return {term.key: term for term in found}


def _must_be_offered(
    terms: Mapping[str, Any], keys: Iterable[str], of: Iterable[Vocabulary], chosen_before: set[str]
) -> None:
    """A term that was switched off stays with who chose it before, and is offered to nobody else."""
    for key in keys:
        term = terms.get(key)
        if term is None or term.vocabulary not in of or not (term.active or key in chosen_before):
            raise NoSuchTerm


def _counted(column: str, shared: list[str], value: Any, sent: bool) -> Any:
    """A shared column with the terms in it under which the person's local terms are counted."""
    if column == "gender":
        if len(set(shared)) > 1 or (sent and value != shared[0]):
            raise TermsContradict
        return Gender(shared[0])
    answers = [term for term in value if term not in NO_ANSWER]
    if sent and not answers:
        raise TermsContradict
    return [*answers, *(term for term in dict.fromkeys(shared) if term not in answers)]


def _stored(value: Any) -> Any:
    """A value as its column keeps it: lists of terms as plain texts."""
    return [str(term) for term in value] if isinstance(value, tuple) else value
