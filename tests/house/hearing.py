"""Hearing: everything that was ever said to a caller, taken out of its wrappings, and what must not be in it."""

import base64
import binascii
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx2
from sqlalchemy import select

from tests.world import Caller, House
from true_api.kernel.codes import shown
from true_api.kernel.rows import table_of
from true_api.privacy.cases import Caseload, Participant, RealmCode
from true_api.privacy.recall_tables import ConfirmationWord, RecallToken
from true_api.privacy.words import SealedText

WRAPPED = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
"""What may be Base64: an ETag, a cursor, a part of a token."""

FOR_THE_SLIP = "agency_code"
"""The one field in which the program's people are shown another realm's code: they print it on the person's slip."""


@dataclass
class Heard:
    """What one caller was told, by the door and the words of each answer."""

    caller: Caller | None
    told: list[tuple[str, str]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Who it was."""
        return self.caller.name if self.caller else "anybody"

    def listen(self, door: str, answer: httpx2.Response) -> None:
        """Remember an answer: its headers, its body, and whatever is wrapped in either."""
        lines = [f"{name}: {value}" for name, value in answer.headers.items()]
        body = answer.text
        if answer.headers.get("content-type", "").endswith("json") and self._of_program:
            body = json.dumps(_without_slips(answer.json()))
        self.told.append((door, "\n".join(_unwrapped("\n".join([*lines, body]))).lower()))

    @property
    def _of_program(self) -> bool:
        return self.caller is not None and self.caller.role.value in ("peer", "supervisor")

    def words(self, *but: str) -> str:
        """Everything, as one text in lower case; `but` leaves out the doors that are called so."""
        return "\n".join(words for door, words in self.told if not any(name in door for name in but))


def _without_slips(body: Any) -> Any:
    if isinstance(body, dict):
        return {name: _without_slips(value) for name, value in body.items() if name != FOR_THE_SLIP}
    return [_without_slips(value) for value in body] if isinstance(body, list) else body


def _unwrapped(text: str) -> Iterator[str]:
    """A text, and what its Base64 holds, as text and as hexadecimal digits."""
    yield text
    for found in WRAPPED.findall(text):
        letters = found.rstrip("=").translate(str.maketrans("+/", "-_"))
        try:
            inside = base64.urlsafe_b64decode(letters + "=" * (-len(letters) % 4))
        except binascii.Error:
            continue
        yield inside.decode("latin-1")
        yield inside.hex()


@dataclass(frozen=True)
class Secret:
    """Something that a caller may never be told, and what it is."""

    what: str
    words: str


async def secrets_from(house: House, caller: Caller | None) -> set[Secret]:
    """What nobody may be told, and what this caller may not: other realms' codes, other people's handles."""
    codes, caseload = table_of(RealmCode), table_of(Caseload)
    realm = caller.organization_id if caller else None
    mine = caller.id if caller else UUID(int=0)
    others, handles, own = await house.rows(
        select(codes.c.code).where(codes.c.realm_id != realm) if realm else select(codes.c.code),
        select(caseload.c.handle).where(caseload.c.member_id != mine),
        select(caseload.c.handle).where(caseload.c.member_id == mine),
    )
    # Two peers may draw the same two words, each for somebody else.
    drawn_too = {row.handle for row in own}
    found = {Secret("a code of another realm", form) for row in others for form in (row.code, shown(row.code))}
    found |= {Secret("another's handle", row.handle) for row in handles if row.handle not in drawn_too}
    return {Secret(one.what, one.words.lower()) for one in found} | await _nobodys(house)


async def _nobodys(house: House) -> set[Secret]:
    """The names by which the house itself knows people, and what is made of their answers."""
    people, words, tokens, marks = (table_of(kind) for kind in (Participant, SealedText, RecallToken, ConfirmationWord))
    persons, sealed, recalls, confirmed = await house.rows(
        select(people.c.id, people.c.trail_id),
        select(words.c.id, words.c.sealing_subject).where(words.c.sealing_subject.in_(select(people.c.id))),
        select(tokens.c.token),
        select(marks.c.mark, marks.c.salt),
    )
    ids = {
        "a participant's id": [row.id for row in persons],
        "the trail's name of a person": [row.trail_id for row in persons],
        "a sealed text's id": [row.id for row in sealed],
        "a sealing subject": [row.sealing_subject for row in sealed],
    }
    kept = {"a recall token": recalls, "a mark of a word": confirmed}
    found = {Secret(what, form) for what, names in ids.items() for one in names for form in (str(one), one.hex)}
    return found | {Secret(what, str(value).lower()) for what, rows in kept.items() for row in rows for value in row}


def leaks(heard: Heard, secrets: set[Secret]) -> set[tuple[str, str]]:
    """Where a caller was told what they may not be, by door and kind of secret."""
    return {(door, one.what) for door, words in heard.told for one in secrets if one.words in words}
