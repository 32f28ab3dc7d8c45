"""Doors to matching: what peers are willing to be matched on, what people ask for, and who may fit."""

from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import BeforeValidator, Field

from true_api.api.doors import Doors, Permitted
from true_api.api.queries import digits
from true_api.journeys import matching
from true_api.kernel.errors import WriteCollided
from true_api.kernel.schemas import Draft
from true_api.rooms.intake.tables import IntakeRequest
from true_api.rooms.matching import service
from true_api.rooms.matching.fitting import Match
from true_api.rooms.matching.schemas import (
    NOTHING,
    MatchingDraft,
    MatchingView,
    MatchView,
    PeerWishesDraft,
    PeerWishesView,
    ReasonView,
    SuggestionView,
)
from true_api.rooms.vocabularies.wording import label_of
from true_api.security.gates import CaseGate, RecordGate, StaffGate
from true_api.security.permits import CasePermit, HistoryClosed, NoTeam, RecordPermit, StaffPermit
from true_api.security.roles import Permission
from true_api.security.texts import READING

own = Doors("/me/matching", tag="Matching")
of_participant = Doors("/participants/{code}", tag="Matching")
of_request = Doors("/intake-requests/{id}", tag="Matching")

OWN = StaffGate(Permission.MATCHING_OWN)
ASK = CaseGate(Permission.PEER_WISH_WRITE)
READ = CaseGate(Permission.PEER_WISH_READ)
MATCH = CaseGate(Permission.MATCH_READ)
ASK_BEFORE = RecordGate(Permission.PEER_WISH_WRITE, IntakeRequest)
READ_BEFORE = RecordGate(Permission.PEER_WISH_READ, IntakeRequest)
MATCH_BEFORE = RecordGate(Permission.MATCH_READ, IntakeRequest)


class SuggestionQuery(Draft):
    """In which language the reasons are worded, and how many peers are suggested."""

    language: Literal["en", "es"] = Field("en", description="Of the reasons in words.")
    limit: Annotated[int, BeforeValidator(digits)] = Field(10, ge=1, le=50, description="How many peers at most.")


def _wishes(asked: Any) -> PeerWishesView:
    return PeerWishesView.of({**NOTHING, "asked_on": None} if asked is None else asked)


def _suggestion(found: matching.Suggestion, query: SuggestionQuery) -> SuggestionView:
    asked_for, matches = found
    return SuggestionView(asked_for=asked_for, matches=[_match(match, query) for match in matches[: query.limit]])


def _match(match: Match, query: SuggestionQuery) -> MatchView:
    reasons = [
        ReasonView(reason=reason, in_words=label_of("match_reason", reason.value, query.language))
        for reason in match.reasons
    ]
    return MatchView.of(vars(match.candidate), reasons=reasons, caseload=match.caseload)


@own.open("GET", "", OWN, refuses=READING)
async def read_own_matching(permit: Permitted[StaffPermit]) -> MatchingView:
    """Read what I am willing to be matched on. Nobody else can."""
    return MatchingView(**await service.own_answers(permit))


@own.open("PUT", "", OWN, refuses=(service.TermNotMatched, WriteCollided))
async def write_own_matching(draft: MatchingDraft, permit: Permitted[StaffPermit]) -> MatchingView:
    """Say what I am willing to be matched on, openly or quietly; all of it is mine to leave out.

    A suggestion says in what respect somebody fits, never what they answered. Yet who asked for one thing alone can
    tell what a peer fits openly: what nobody here may learn belongs under `quietly`, or is left out.
    """
    return MatchingView(**await service.answer(permit, draft))


@own.open("DELETE", "", OWN, refuses=(WriteCollided,))
async def take_back_own_matching(permit: Permitted[StaffPermit]) -> MatchingView:
    """Be matched on nothing any more."""
    await service.take_back(permit)
    return MatchingView(**service.UNSAID)


@of_participant.open("GET", "/peer-wishes", READ, refuses=(HistoryClosed,))
async def read_peer_wishes(code: str, permit: Permitted[CasePermit]) -> PeerWishesView:
    """Read what a person asks for in a peer."""
    return _wishes(await service.wishes_of_person(permit))


@of_participant.open("PUT", "/peer-wishes", ASK, refuses=(HistoryClosed, NoTeam, service.TermNotMatched, WriteCollided))
async def write_peer_wishes(code: str, draft: PeerWishesDraft, permit: Permitted[CasePermit]) -> PeerWishesView:
    """Keep what a person asks for in a peer, in the place of what they asked for before."""
    return _wishes(await service.ask_for_person(permit, draft))


@of_participant.open("DELETE", "/peer-wishes", ASK, refuses=(HistoryClosed, WriteCollided))
async def drop_peer_wishes(code: str, permit: Permitted[CasePermit]) -> PeerWishesView:
    """Take back what a person asked for in a peer."""
    await service.ask_nothing_for_person(permit)
    return _wishes(None)


@of_participant.open("GET", "/matches", MATCH, refuses=(HistoryClosed, NoTeam, *READING))
async def suggest_peers(
    code: str, query: Annotated[SuggestionQuery, Query()], permit: Permitted[CasePermit]
) -> SuggestionView:
    """Suggest which peers of the team fit what a person asks for, with the reasons in words.

    Where the person asked for no language or community, those of their profile count. Nobody is assigned by it.
    """
    return _suggestion(await matching.for_person(permit), query)


@of_request.open("GET", "/peer-wishes", READ_BEFORE)
async def read_peer_wishes_of_request(id: str, permit: Permitted[RecordPermit]) -> PeerWishesView:
    """Read what somebody who is yet to be met asks for in a peer."""
    return _wishes(await service.wishes_of_request(permit))


@of_request.open("PUT", "/peer-wishes", ASK_BEFORE, refuses=(service.TermNotMatched, WriteCollided))
async def write_peer_wishes_of_request(
    id: str, draft: PeerWishesDraft, permit: Permitted[RecordPermit]
) -> PeerWishesView:
    """Keep what somebody who is yet to be met asks for in a peer; it comes along when they are connected."""
    return _wishes(await service.ask_for_request(permit, draft))


@of_request.open("GET", "/matches", MATCH_BEFORE, refuses=(NoTeam, *READING))
async def suggest_peers_for_request(
    id: str, query: Annotated[SuggestionQuery, Query()], permit: Permitted[RecordPermit]
) -> SuggestionView:
    """Suggest which peers of the team fit what somebody who is yet to be met asks for.

    The request's language counts where no other was asked for. Nobody is assigned by it.
    """
    return _suggestion(await matching.for_request(permit), query)
