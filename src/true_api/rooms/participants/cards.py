"""What this room decides about cards: a person's code is replaced by another one, at once and for good."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from true_api.kernel.codes import new_code
from true_api.kernel.errors import WriteCollided
from true_api.kernel.rows import table_of
from true_api.privacy.cases import live_code
from true_api.rooms.participants.service import CodeTaken
from true_api.rooms.participants.tables import Caseload, RealmCode, Replaced
from true_api.security.permits import CasePermit


async def replace(permit: CasePermit, because: Replaced) -> str:
    """The person's new code; the old one leads nowhere from the commit on.

    For who works with the person: a card that somebody found must not be enough to take their code from them. Whatever
    passed a gate by the old code and is not sealed yet goes through its gate once more, and finds nothing there.
    """
    permit.need_history()
    codes = table_of(RealmCode)
    live = select(codes).where(
        codes.c.realm_id == permit.program_id,
        codes.c.participant_id == permit.participant,
        codes.c.retired_on.is_(None),
    )
    found = (await permit.database.read(live))[0]
    if not found:
        raise WriteCollided.meanwhile()
    retired = {"retired_on": permit.today, "replaced_because": because}
    permit.change(RealmCode, found[0], WriteCollided.meanwhile(), **retired)
    code = permit.keep(
        RealmCode(realm_id=permit.program_id, participant_id=permit.participant, code=new_code()),
        or_else=CodeTaken.meanwhile(),
    )
    permit.unit.resource = code.id
    permit.end_epoch(permit.participant)
    return code.code


async def revoke(permit: CasePermit) -> str:
    """The new code of a person whose card is in wrong hands; everybody's access by a shown code ends too."""
    caseload = table_of(Caseload)
    shown = select(caseload).where(
        caseload.c.participant_id == permit.participant,
        caseload.c.history_open.is_(False),
        caseload.c.ended_on.is_(None),
    )
    permit.need_history()
    for entry in (await permit.database.read(shown))[0]:
        permit.change(Caseload, entry, WriteCollided.meanwhile(), ended_on=permit.today)
    code = await replace(permit, Replaced.WRONG_HANDS)
    # Judged after the epoch has ended, which who is being shown the card at this moment waits for.
    permit.require(shown.with_only_columns(caseload.c.id), (), WriteCollided.meanwhile())
    return code


async def code_now(permit: CasePermit, _: UUID) -> Any:
    """The person's live code, for an answer given again."""
    code = live_code(permit.program_id, permit.participant).label("code")
    return (await permit.database.read(select(code)))[0][0].code
