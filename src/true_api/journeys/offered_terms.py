"""The vocabularies as a program offers them: the shared ones, without what it hides."""

from collections.abc import Iterable
from difflib import get_close_matches

from true_api.journeys.vocabularies import shared
from true_api.kernel.errors import Fault, InvalidShape
from true_api.rooms.vocabularies.hiding import hidden
from true_api.rooms.vocabularies.schemas import HiddenTermDraft, VocabularyView
from true_api.security.permits import ListPermit


async def offered(permit: ListPermit, only: str | None) -> list[VocabularyView]:
    """The shared vocabularies, or one of them, with what the program hides marked as not offered.

    Raises `InvalidShape` for a vocabulary that is none, with those that are called alike.
    """
    views = shared()[1] if only is None else [_known(only)]
    gone = {(row.vocabulary, row.term) for row in await hidden(permit)}
    return [_without(view, gone) for view in views] if gone else views


def _without(view: VocabularyView, gone: set[tuple[str, str]]) -> VocabularyView:
    terms = [
        term.model_copy(update={"offered": False}) if (view.key, term.key) in gone else term for term in view.terms
    ]
    return view.model_copy(update={"terms": terms})


def must_be_shared(draft: HiddenTermDraft) -> None:
    """Raises `InvalidShape` for a vocabulary or a term that is none, with those that are called alike."""
    terms = [term.key for term in _known(draft.vocabulary).terms]
    if draft.term not in terms:
        raise InvalidShape(_unknown("/term", draft.term, terms))


def _known(key: str) -> VocabularyView:
    named = {view.key: view for view in shared()[1]}
    if key not in named:
        raise InvalidShape(_unknown("/vocabulary", key, named))
    return named[key]


def _unknown(pointer: str, sent: str, known: Iterable[str]) -> Fault:
    near = tuple(get_close_matches(sent, list(known), n=3, cutoff=0.6))
    return Fault(pointer, "unknown_term", "This is none of the vocabularies' words.", near)
