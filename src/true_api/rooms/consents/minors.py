"""The program's own answer to who signs under 18: set once for its state, kept in every version (42 CFR 2.14)."""

from typing import Any

from true_api.privacy.minors import MinorRule, newest_rule
from true_api.rooms.consents.schemas import MinorRuleDraft
from true_api.rooms.consents.tables import MinorConsentRule
from true_api.security.permits import StaffPermit

NO_RULE = {"rule": MinorRule.SHUT, "state": None, "source": None, "number": 0, "set_on": None}
"""What counts before the program has set anything."""


async def rule(permit: StaffPermit) -> Any:
    """The rule that counts."""
    found = (await permit.database.read(newest_rule()))[0]
    return found[0]._mapping if found else NO_RULE


async def configure(permit: StaffPermit, draft: MinorRuleDraft) -> Any:
    """Set another version of the rule; one that says the same as the present one is not kept again."""
    present = await rule(permit)
    news: dict[str, Any] = {"rule": draft.rule, "state": draft.state, "source": draft.source}
    if present["number"] and all(present[name] == value for name, value in news.items()):
        return present
    kept = permit.keep(
        MinorConsentRule(number=present["number"] + 1, set_on=permit.today, member_id=permit.actor.id, **news)
    )
    return {**news, "number": kept.number, "set_on": kept.set_on}
