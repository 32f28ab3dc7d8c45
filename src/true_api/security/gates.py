"""Gates: permission, then code or record in the caller's realm, then caseload or consent; a permit comes out.

A gate first asks (its selects travel with the account's in one hop) and then admits. All gates are declared
on the route; what a gate cannot say is taught to a gate, never checked in a handler.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import select

from true_api.kernel.codes import read_code
from true_api.kernel.effects import Question
from true_api.kernel.errors import Fault, InvalidShape, NotFound
from true_api.kernel.ids import new_id, read_id
from true_api.kernel.rows import Row, table_of
from true_api.privacy.case_by_code import (
    case_by_code,
    code_issued_ahead,
    leads_there,
    linked_with,
    person_by_code,
)
from true_api.privacy.reach import Viewer, within_reach
from true_api.security.permits import (
    CasePermit,
    ListPermit,
    Permit,
    PresentedPermit,
    PublishedPermit,
    RecordPermit,
    StaffPermit,
)
from true_api.security.roles import Permission, Purpose
from true_api.security.telling import basis_beside, categories_of, epoch_beside

Found = Sequence[Sequence[Any]]
NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Approach:
    """What a request presents to its gate; `body` reads strict JSON and refuses with 415 or 400."""

    path: Mapping[str, str]
    body: Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class OpenGate:
    """No caller is asked for. The reason stands in the code and in the OpenAPI document.

    With `unlogged` no line is written of a request here: when somebody came would be told by it.
    """

    reason: str
    unlogged: bool = False
    permit: ClassVar[None] = None


@dataclass(frozen=True)
class Gate:
    """What all guarded gates declare: a permission and, where it matters, the purposes of use."""

    permission: Permission
    purposes: frozenset[Purpose] = field(default_factory=lambda: frozenset(Purpose), kw_only=True)
    of: tuple[type[Row], ...] = field(default=(), kw_only=True)
    """The kinds of rows that an agency is shown here as far as a person's consent goes."""
    by_key: bool = field(default=False, kw_only=True)
    """Whether a release key opens it too, where it has the permission."""
    permit: ClassVar[type[Permit]]

    @property
    def discloses(self) -> frozenset[StrEnum]:
        """The categories of a consent that what is shown here may rest on; none where no agency is told of anybody."""
        return frozenset(category for kind in self.of for category in categories_of(kind))

    async def ask(self, viewer: Viewer, approach: Approach) -> list[Question]:
        """The selects whose rows decide. Raises 422 for a mistyped code."""
        return []

    def admit(self, found: Found, approach: Approach, carried: Mapping[str, Any]) -> Permit:
        """The permit. Raises `NotFound` for absent, not yours and not agreed alike."""
        raise NotImplementedError


@dataclass(frozen=True)
class StaffGate(Gate):
    """For doors that lead to no person.

    With `presents_code` the body may carry a participant's code (`code`, optional): the person must be on the caller's
    caseload, and comes along as `permit.person`.
    """

    presents_code: bool = field(default=False, kw_only=True)
    permit = StaffPermit

    async def ask(self, viewer: Viewer, approach: Approach) -> list[Question]:
        """The person behind a presented code."""
        code = await _code_in_body(approach) if self.presents_code else None
        return [] if code is None else [case_by_code(viewer, code)]

    def admit(self, found: Found, approach: Approach, carried: Mapping[str, Any]) -> StaffPermit:
        """Whoever has the permission is admitted (and the presented person on the caseload)."""
        person = _only(list(filter(leads_there, found[0]))) if found else None
        permit = StaffPermit(**carried, person=person)
        if person is not None:
            permit.about(person.id, person.epoch)
        return permit


@dataclass(frozen=True)
class ListGate(Gate):
    """For lists: the caller's reach is joined into every query."""

    permit = ListPermit

    def admit(self, found: Found, approach: Approach, carried: Mapping[str, Any]) -> ListPermit:
        """Whoever has the permission is admitted to what is within their reach."""
        return ListPermit(**carried)


@dataclass(frozen=True)
class PublishedGate(Gate):
    """For what was published to all readers alike and is about nobody: reading it leaves no entry, a refusal does.

    `asks` gives the selects for what the path names, which travel with the account's; it refuses what cannot exist.
    """

    asks: Callable[[Mapping[str, str]], list[Question]]
    by_key: bool = field(default=True, kw_only=True)
    permit = PublishedPermit

    async def ask(self, viewer: Viewer, approach: Approach) -> list[Question]:
        """What was published of what the path names."""
        return self.asks(approach.path)

    def admit(self, found: Found, approach: Approach, carried: Mapping[str, Any]) -> PublishedPermit:
        """Whoever has the permission is admitted."""
        return PublishedPermit(**carried, found=found)


@dataclass(frozen=True)
class CaseGate(Gate):
    """For one participant: the code in the path, in the caller's realm, on the caller's caseload.

    With `presents_code` the body carries another participant's code (`code`, required), who must be on the caller's
    caseload too, and comes along as `permit.person`.

    With `replaces_code` the door gives the person another code, so that a retry comes with one that leads nowhere any
    more: it is let in to nothing but the answer that its own key was given (`permit.only_again`).

    With `leaving` it also admits to people who are being forgotten: only so can the work be taken up again; and once
    there is nobody any more, a retry is let in to the answer that its own key was given, and to nothing else. With
    `in_body` the code stands in the body, for a door that leads to no person's own place.
    """

    presents_code: bool = field(default=False, kw_only=True)
    replaces_code: bool = field(default=False, kw_only=True)
    leaving: bool = field(default=False, kw_only=True)
    in_body: bool = field(default=False, kw_only=True)
    permit = CasePermit

    async def ask(self, viewer: Viewer, approach: Approach) -> list[Question]:
        """The participant behind the code, and the one behind a presented code."""
        code = await _shown_code(approach) if self.in_body else read_code(approach.path["code"])
        asked = [case_by_code(viewer, code, self.leaving)]
        return [*asked, case_by_code(viewer, await _shown_code(approach))] if self.presents_code else asked

    def admit(self, found: Found, approach: Approach, carried: Mapping[str, Any]) -> CasePermit:
        """Admits when the code leads to somebody on the caseload."""
        cases = [case for case in found[0] if leads_there(case, self.replaces_code)]
        if self.leaving and not cases:
            return CasePermit(**carried, participant=NOBODY, case=None, people=(), only_again=True)
        case = _only(cases)
        # Before history is open, the version would tell when somebody else changed the profile: it stays the first.
        version = case.version if case.history_open else 1
        people = _records_of(case)
        person = _only(list(filter(leads_there, found[1]))) if self.presents_code else None
        if len(people) == 1:
            carried = {**carried, "viewer": replace(carried["viewer"], through_links=False)}
        permit = CasePermit(
            **carried, participant=case.id, case=case, version=version, people=tuple(people), person=person
        )
        permit.only_again = case.retired_on is not None
        for participant, epoch in (people | (_records_of(person) if person is not None else {})).items():
            permit.about(participant, epoch)
        return permit


@dataclass(frozen=True)
class RecordGate(Gate):
    """For one record: the program names it by id, an agency by the reference it was given.

    With `presents_code` the body may carry a participant's code (`code`, optional): the person must be on
    the caller's caseload, and comes along as `permit.person`.

    With `by_reference` the program names it by its reference too (`{reference}` in the path), which says nothing.

    With `whose` it is only for the one whom that column of the record names, out of all who may read it.
    """

    kind: type[Row]
    presents_code: bool = field(default=False, kw_only=True)
    by_reference: bool = field(default=False, kw_only=True)
    whose: str = field(default="", kw_only=True)
    permit = RecordPermit

    @property
    def discloses(self) -> frozenset[StrEnum]:
        """As everywhere, and those of the record itself."""
        return super().discloses | categories_of(self.kind)

    async def ask(self, viewer: Viewer, approach: Approach) -> list[Question]:
        """The record within reach, and the person behind a presented code."""
        table = table_of(self.kind)
        key = table.c.id if viewer.shows_versions and not self.by_reference else table.c.reference
        named = read_id(approach.path["reference" if self.by_reference else "id"])
        beside = (*epoch_beside(self.kind), *basis_beside(self.kind, viewer))
        asked = select(table, *beside).where(within_reach(self.kind, viewer))
        asked = asked.where(table.c[self.whose] == viewer.id) if self.whose else asked
        selects: list[Question] = [asked.where(key == named)]
        if self.presents_code and (code := await _code_in_body(approach)) is not None:
            selects.append(case_by_code(viewer, code))
        return selects

    def admit(self, found: Found, approach: Approach, carried: Mapping[str, Any]) -> RecordPermit:
        """Admits when the record is within reach (and the presented person on the caseload)."""
        record = _only(found[0])
        person = _only(list(filter(leads_there, found[1]))) if len(found) > 1 else None
        permit = RecordPermit(**carried, record=record, person=person, version=getattr(record, "version", None))
        subject = getattr(record, self.kind.__subject__) if self.kind.__subject__ else None
        if subject is not None:
            permit.about(subject, record.subject_epoch)
            permit.disclose(self.kind, subject, record)
        if person is not None:
            permit.about(person.id, person.epoch)
        return permit


@dataclass(frozen=True)
class PresentedCodeGate(Gate):
    """For a code that the person themselves shows, in the body: no caseload is asked for.

    A code that was issued ahead belongs to whoever shows it first, however late (privacy.md 2): it comes along as
    `permit.unused`, and the participant is the one that it is about to become.
    """

    permit = PresentedPermit

    async def ask(self, viewer: Viewer, approach: Approach) -> list[Question]:
        """The participant behind the shown code, or the code itself if it was issued ahead and never shown."""
        code = await _shown_code(approach)
        return [person_by_code(viewer, code), code_issued_ahead(viewer, code)]

    def admit(self, found: Found, approach: Approach, carried: Mapping[str, Any]) -> PresentedPermit:
        """Admits when the code is a live one of the caller's realm."""
        if found[1]:
            unused = found[1][0]
            return PresentedPermit(**carried, participant=new_id(), person=unused, unused=unused)
        person = _only(found[0])
        permit = PresentedPermit(**carried, participant=person.id, person=person)
        permit.about(person.id, person.epoch)
        return permit


def _only(rows: Sequence[Any]) -> Any:
    if not rows:
        raise NotFound
    return rows[0]


def _records_of(case: Any) -> dict[UUID, int]:
    """All records of a case's person with their epochs, the one whose code was used first."""
    return {case.id: case.epoch, **linked_with(case)}


async def _shown_code(approach: Approach) -> str:
    code = await _code_in_body(approach)
    if code is None:
        raise InvalidShape(Fault("/code", "missing", "This field is required."))
    return code


async def _code_in_body(approach: Approach) -> str | None:
    body = await approach.body()
    if not isinstance(body, dict):
        raise InvalidShape(Fault("", "object_expected", "The body is a JSON object."))
    code = body.get("code")
    if code is None:
        return None
    if not isinstance(code, str):
        raise InvalidShape(Fault("/code", "text_expected", "A code is a text."))
    return read_code(code)
