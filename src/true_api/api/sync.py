"""The door for what a phone recorded without a signal: each item goes through the door of its kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from re import ASCII, fullmatch
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from starlette.requests import Request

from true_api.api.door import ITEM_BY_ITEM, Item
from true_api.api.doors import Doors, Permitted
from true_api.api.problems import faults_of
from true_api.api.through_doors import Answer, post_inside, refusal
from true_api.journeys.recording import RecordingDraft
from true_api.kernel.codes import read_code, shown
from true_api.kernel.errors import CodeMistyped, Fault, InvalidShape, NotFound, Problem
from true_api.kernel.schemas import Draft
from true_api.privacy.case_by_code import code_issued_ahead
from true_api.privacy.narrative import ReturnedText, judge
from true_api.rooms.participants import service as participants
from true_api.rooms.participants.schemas import Enrollment
from true_api.rooms.readiness.schemas import ReadinessNoteDraft
from true_api.rooms.sync import service
from true_api.rooms.sync.schemas import Became, SyncBatch, SyncItem, SyncResult, SyncView, Unreadable
from true_api.rooms.sync.vocabulary import SyncKind, SyncOutcome
from true_api.security.gates import StaffGate
from true_api.security.permits import StaffPermit
from true_api.security.roles import Permission

doors = Doors("/sync", tag="Sync")

UPLOAD = StaffGate(Permission.SYNC_WRITE)
SHOW_CODE = "/v1/caseload"


@dataclass(frozen=True)
class Way:
    """Which door an item goes through: `of_person` where a person is named in the path, `alone` where nobody is.

    `in_body` says that this door takes a person's code in its body; `words` is the draft of a door that takes texts.
    """

    alone: str | None = None
    of_person: str | None = None
    in_body: bool = False
    words: type[Draft] | None = None


WAYS: Mapping[SyncKind, Way] = {
    SyncKind.ENROLLMENT: Way("/v1/participants", words=Enrollment),
    SyncKind.SHOWN_CODE: Way(SHOW_CODE, in_body=True),
    SyncKind.ENCOUNTER: Way("/v1/encounters", "/v1/participants/{code}/encounters", words=RecordingDraft),
    SyncKind.READINESS_NOTE: Way(None, "/v1/participants/{code}/readiness-notes", words=ReadinessNoteDraft),
    SyncKind.PROMISE: Way(None, "/v1/participants/{code}/promises"),
    SyncKind.OVERDOSE_EVENT: Way("/v1/overdose-events", in_body=True),
    SyncKind.DRUG_CHECK: Way("/v1/drug-checks"),
    SyncKind.SUPPLY_MOVEMENT: Way("/v1/supplies/movements"),
}


def document_items(document: dict[str, Any]) -> None:
    """Say in the OpenAPI document what an item may hold: what the doors of the kinds take, and a problem as theirs."""
    schemas, paths = document["components"]["schemas"], document["paths"]
    posted = {path for way in WAYS.values() for path in (way.alone, way.of_person) if path is not None}
    bodies = (paths[path]["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"] for path in posted)
    schemas["SyncItem"]["properties"]["body"] |= {"anyOf": [{"$ref": ref} for ref in sorted(set(bodies))]}
    problem = {"anyOf": [{"$ref": "#/components/schemas/Problem"}, {"type": "null"}]}
    schemas["SyncResult"]["properties"]["problem"] |= problem


@doors.open("POST", "", UPLOAD, again=ITEM_BY_ITEM)
async def upload_batch(batch: SyncBatch, request: Request, permit: Permitted[StaffPermit]) -> SyncView:
    """Send what was recorded without a signal, in one piece.

    Up to 500 items, each judged and kept by itself as at the door of its kind, with one result for each. An item
    counts once for good, however often it is sent: after a lost answer, send the same batch again. Texts are handled
    leniently.
    """
    upload = Upload(request, permit)
    return SyncView(results=await upload.carry(batch.items))


class Upload:
    """One batch on its way."""

    def __init__(self, request: Request, permit: StaffPermit) -> None:
        self._request, self._permit = request, permit
        self._secret: bytes = request.app.state.installation.tokens.secret("sync")
        self._known: dict[str, Any] = {}

    async def carry(self, items: Sequence[SyncItem | Unreadable]) -> list[SyncResult]:
        """One result for each item in the order in which they came; enrollments and shown codes are taken first."""
        marked = {place: self._marked(item) for place, item in enumerate(items) if isinstance(item, SyncItem)}
        named = [service.client_mark(self._secret, item.enrollment) for item in _naming(items)]
        self._known = await service.known(self._permit, [*(sent.client_mark for sent in marked.values()), *named])
        results: dict[int, SyncResult] = {
            place: self._unreadable(item) for place, item in enumerate(items) if isinstance(item, Unreadable)
        }
        for place in sorted(marked, key=lambda place: (marked[place].item.kind not in service.OPENING, place)):
            results[place] = await self._one(marked[place])
        return [results[place] for place in range(len(items))]

    def _marked(self, item: SyncItem) -> service.Marked:
        return service.marked(self._secret, item)

    async def _one(self, sent: service.Marked) -> SyncResult:
        if (row := self._known.get(sent.client_mark)) is not None:
            return await self._earlier(sent, row)
        try:
            answer = await self._post(sent)
        except Problem as problem:
            answer = refusal(self._request.state.request_id, problem)
        if not answer.is_refusal:
            return await self._created(sent, answer)
        # Refused, perhaps, because the same item stands by now: sent twice at once, or kept before its answer was lost.
        self._known |= await service.known(self._permit, [sent.client_mark])
        if (row := self._known.get(sent.client_mark)) is not None:
            return await self._earlier(sent, row)
        return SyncResult(client_id=sent.item.client_id, outcome=SyncOutcome.REFUSED, problem=answer.body)

    async def _post(self, sent: service.Marked) -> Answer:
        """Through its own door; where a code was issued ahead and never shown, it is honored first."""
        code = await self._code(sent.item)
        answer = await self._through(sent, code)
        if answer.status == NotFound.status and code is not None and await self._issued_ahead(code):
            greeting = Item(self._request.state.claims, lambda _: [])
            greeted = await post_inside(self._request, SHOW_CODE, {"code": code}, greeting)
            return greeted if greeted.is_refusal else await self._through(sent, code)
        return answer

    async def _through(self, sent: service.Marked, code: str | None) -> Answer:
        way, body = WAYS[sent.item.kind], sent.item.body.holds
        item = Item(self._request.state.claims, lambda permit: service.noted(permit, sent))
        if code is not None and way.in_body:
            return await post_inside(self._request, way.alone or "", {**body, "code": code}, item)
        path = way.alone if code is None else way.of_person
        if path is None:
            raise InvalidShape(_whom_missing() if code is None else _nobody_here())
        return await post_inside(self._request, path.format(code=code), body, item)

    async def _code(self, item: SyncItem) -> str | None:
        """Whom an item names, judged at its own door. Raises `NoSuchEnrollment` for one that stands nowhere."""
        if item.code is not None and item.enrollment is not None:
            raise InvalidShape(Fault("/enrollment", "named_twice", "A person is named in one way."))
        if item.enrollment is None:
            if item.code is not None and not fullmatch(r"[\w -]+", item.code, ASCII):
                raise CodeMistyped
            return item.code
        row = self._known.get(service.client_mark(self._secret, item.enrollment))
        if row is None or row.participant_id is None:
            raise service.NoSuchEnrollment
        return await service.code_of(self._permit, row.participant_id)

    async def _issued_ahead(self, code: str) -> bool:
        ahead = code_issued_ahead(self._permit.viewer, read_code(code))
        return bool((await self._permit.database.read(ahead))[0])

    async def _created(self, sent: service.Marked, answer: Answer) -> SyncResult:
        # Read again rather than remembered: what later items are told rests on what is kept.
        self._known |= await service.known(self._permit, [sent.client_mark])
        returned = answer.body.get("returned")
        outcome = SyncOutcome.CREATED_NOTE_RETURNED if returned else SyncOutcome.CREATED
        opening = sent.item.kind in service.OPENING
        became = Became(
            kind=sent.item.kind,
            outcome=outcome,
            id=None if opening else answer.body["id"],
            code=answer.body["code"] if opening else None,
            handle=answer.body["handle"] if opening else None,
        )
        said = {"returned": returned, "guidance": answer.body.get("guidance")}
        return SyncResult(client_id=sent.item.client_id, outcome=outcome, became=became, **said)

    async def _earlier(self, sent: service.Marked, row: Any) -> SyncResult:
        """Of an item that stands: the same again, or another under its id."""
        same = sent.is_same(row)
        if same:
            service.repeat(self._permit, row)
        return SyncResult(
            client_id=sent.item.client_id,
            outcome=SyncOutcome.DUPLICATE if same else SyncOutcome.CONFLICT,
            became=await self._became(row),
            returned=_returned(sent.item) if same and row.outcome is SyncOutcome.CREATED_NOTE_RETURNED else None,
        )

    async def _became(self, row: Any) -> Became:
        became = Became(kind=row.kind, outcome=row.outcome)
        if row.kind not in service.OPENING:
            return became.model_copy(update={"id": row.resource_id})
        person = await self._person(row.participant_id)
        return became if person is None else became.model_copy(update=person)

    async def _person(self, participant: UUID | None) -> dict[str, Any] | None:
        """The code and the handle of somebody whom the caller works with; None where they do not any more."""
        if participant is None:
            return None
        try:
            found = await participants.participant_by_id(self._permit, participant)
        except NotFound:
            return None
        handle = found.handle if participants.sees_handle(self._permit, found.caseload_member_id) else None
        return {"code": shown(found.code), "handle": handle}

    def _unreadable(self, item: Unreadable) -> SyncResult:
        problem = refusal(self._request.state.request_id, InvalidShape(*faults_of(item.wrong)))
        return SyncResult(client_id=item.client_id, outcome=SyncOutcome.REFUSED, problem=problem.body)


def _naming(items: Sequence[SyncItem | Unreadable]) -> list[Any]:
    return [item for item in items if isinstance(item, SyncItem) and item.enrollment is not None]


def _returned(item: SyncItem) -> list[ReturnedText] | None:
    """The texts of an item that were not kept, found again: its spans are kept nowhere."""
    words = WAYS[item.kind].words
    if words is None:
        return None
    try:
        return judge(words.model_validate(item.body.holds), lenient=True)[1] or None
    except ValidationError:
        # Taken long ago, by what a draft was then: the spans cannot be found again, and the fact stands all the same.
        return None


def _whom_missing() -> Fault:
    return Fault("/code", "missing", "An item of this kind is about somebody: name them by `code` or `enrollment`.")


def _nobody_here() -> Fault:
    return Fault("/code", "about_nobody", "An item of this kind is about nobody.")
