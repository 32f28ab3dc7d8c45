"""What people said and what was asked for them, as plain records; and the reference: what a token may be told of it."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

KINDS = {"COC": {"coordination_of_care"}, "TREAT": {"treatment"}}
"""What a consent must have been given for, by what the token of an agency is used for."""
FOR_ALL = "treatment_payment_operations"
NEVER_SENT = {"draft", "entered_in_error"}
UNTIL_CLOSED = timedelta(days=29)


@dataclass
class Word:
    """A yes or a no to agencies, as the person gave it; `over` once it was taken back or another took its place."""

    id: str
    named: str
    agencies: frozenset[str]
    categories: frozenset[str]
    purpose: str
    permits: bool
    since: date
    until: date
    guarded: bool = False
    over: bool = False

    def scope(self) -> str:
        """What its scope is told as."""
        return f"{sorted(self.categories)} {self.purpose} {self.until:%Y-%m}"


@dataclass
class Asked:
    """A referral: of which agency, for what, and where it stands."""

    id: str
    agency: str
    need: str
    state: str
    alone: bool = False


@dataclass
class Person:
    """Somebody with a record."""

    code: str
    minor: bool = False
    gone: bool = False
    words: list[Word] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)


@dataclass
class Posted:
    """An intake request of an agency, and who it turned out to be."""

    id: str
    reference: str
    agency: str
    posted_on: date
    changed_on: date
    state: str = "new"
    person: Person | None = None
    onward: list[Asked] = field(default_factory=list)
    withdrawn: bool = False


@dataclass
class Lives:
    """Everybody, and everything that was posted; `rule` is the program's for people under 18."""

    people: list[Person] = field(default_factory=list)
    posted: list[Posted] = field(default_factory=list)
    rule: str = "shut"


@dataclass(frozen=True)
class Told:
    """All that a token may be told of anybody: referrals by id, requests by reference, each with what it may say."""

    referrals: dict[str, dict[str, Any]]
    requests: dict[str, dict[str, Any]]


# The reference. It reads like privacy.md 7 and knows nothing of how the house is built; at most 40 lines.


def resting(lives: Lives, person: Person | None, asked: tuple[str, str, str, date]) -> set[str]:
    """The scopes of the words that a disclosure to this agency, of this category, for this purpose may rest on."""
    agency, category, purpose, today = asked
    if person is None or person.gone or (person.minor and lives.rule == "shut"):
        return set()
    live = [word for word in person.words if not word.over and word.since <= today <= word.until]
    about = [word for word in live if agency in word.agencies and category in word.categories]
    if not all(word.permits for word in about):
        return set()
    fitting = [word for word in about if word.purpose in KINDS[purpose] | {FOR_ALL}]
    needs_guardian = person.minor and lives.rule == "with_guardian"
    return {word.scope() for word in fitting if word.guarded or not needs_guardian}


def may_be_told(lives: Lives, agency: str, purpose: str, today: date) -> Told | None:
    """What a token is told at an instant; None where an agency has no such purpose, and no door opens."""
    if purpose not in KINDS:
        return None
    referrals, requests = {}, {}
    for person in lives.people:
        scopes = resting(lives, person, (agency, "referral", purpose, today))
        for asked in person.asked:
            if asked.agency == agency and scopes and asked.state not in NEVER_SENT and not asked.alone:
                referrals[asked.id] = {"need": asked.need, "state": asked.state, "scopes": scopes}
    for posted in lives.posted:
        if posted.agency != agency or (posted.person and posted.person.gone):
            continue
        said = {"status": "closed" if today > posted.posted_on + UNTIL_CLOSED else "received"}
        if scopes := resting(lives, posted.person, (agency, "intake_status", purpose, today)):
            said["progress"] = {"state": posted.state, "in": f"{posted.changed_on:%Y-%m}", "scopes": scopes}
        if scopes := resting(lives, posted.person, (agency, "onward_status", purpose, today)):
            became = sorted((one.need, one.state) for one in posted.onward if one.state not in NEVER_SENT)
            said["onward"] = {"referrals": became, "scopes": scopes}
        requests[posted.reference] = said
    return Told(referrals, requests)
