"""The grid: the closed list of tables in which numbers are told, exact inside and with noise in releases.

No table but `people` has a total, so that no total is told twice. What is not here is not told at all.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import product

from true_api.outlets.statistics import dimensions as by
from true_api.outlets.statistics.dimensions import Dimension as Dimension
from true_api.outlets.statistics.dimensions import Source as Source
from true_api.outlets.statistics.dimensions import Unit as Unit
from true_api.outlets.statistics.periods import PeriodKind

Cell = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One table of the grid. `cap` is how much one person adds to one cell in a month at the most; None counts people.

    `sources` says which records it is counted from, `belief` which belief of the program it serves.
    """

    name: str
    title: str
    definition: str
    unit: Unit
    dimensions: tuple[Dimension, ...]
    periods: tuple[PeriodKind, ...]
    cap: int | None
    sources: frozenset[Source]
    belief: str

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell, in order, whether or not there is anything in it."""
        return tuple(product(*(dimension.categories for dimension in self.dimensions)))

    @property
    def adds_up_by(self) -> int:
        """How many of its dimensions everybody stands in once, so that its cells add up to those of other tables."""
        return sum(not dimension.several for dimension in self.dimensions)

    @property
    def cells_of_person(self) -> int:
        """In how many cells one person may stand at the most."""
        many = 1
        for dimension in self.dimensions:
            many *= len(dimension.categories) if dimension.several else 1
        return many

    def with_own(self, zones: Iterable[str]) -> "Table":
        """The table with the program's own zones in it, where it is split by zone."""
        return replace(self, dimensions=tuple(dimension.with_own(zones) for dimension in self.dimensions))


CAP = 5
"""Of one person, one month and one cell, so many events count at the most (privacy.md 9)."""
DOSES_CAP = 2 * CAP
"""As many doses as are in five kits of two."""

_ALL_PERIODS = tuple(PeriodKind)
_MONTHS = (PeriodKind.MONTH,)
_DOORS = "Peer support is the first door someone opens"
_SHOWS_UP = "They show up, they do not disappear"
_EQUITY = "Retention, engagement, reduced disparities"
_SAFETY = "Safety today matters as much as recovery tomorrow"
_SHAPED = "We shape the treatment to serve you"
_CONNECTED = "Connection to treatment, housing, long-term recovery planning"
_NOT_LINEAR = "Recovery is not linear, readiness cannot be forced, it fluctuates"
_MEET = "Meet people where they are, no abstinence, no ultimatum"
_REACHED = "who had at least one contact that reached them"


def _people(name: str, title: str, how: str, dimensions: tuple[Dimension, ...], belief: str, *more: Source) -> Table:
    sources = frozenset({Source.ENCOUNTERS, *more})
    definition = f"Distinct people {_REACHED}{how}. Linked records count as one person; periods do not add up."
    return Table(name, title, definition, Unit.PEOPLE, dimensions, _ALL_PERIODS, None, sources, belief)


def _events(name: str, title: str, definition: str, unit: Unit, split: Dimension, belief: str, *of: Source) -> Table:
    cap = DOSES_CAP if unit is Unit.DOSES else CAP
    sources = frozenset(of or {Source.ENCOUNTERS})
    return Table(name, title, definition, unit, (split,), _MONTHS, cap, sources, belief)


_SELF = ", as they describe themselves"
_PEOPLE = (
    _people("people", "People reached", "", (), _DOORS),
    _people("people-by-setting", "People by setting", ", once in every setting they were met in", (by.SETTING,), _MEET),
    _people("people-by-zone", "People by zone", ", by their zone", (by.ZONE,), _MEET),
    _people("people-by-age-band", "People by age", _SELF, (by.AGE_BAND,), _EQUITY),
    _people("people-by-gender", "People by gender", _SELF, (by.GENDER,), _EQUITY),
    _people(
        "people-by-race-ethnicity",
        "People by race and ethnicity",
        ", once in every group that they name",
        (by.RACE_ETHNICITY,),
        _EQUITY,
    ),
    _people("people-by-act", "People by what was done", ", once in every act of their contacts", (by.ACT,), _SHAPED),
    _people(
        "people-by-return",
        "People new, seen before, and back",
        ", by when they had been reached before",
        (by.RETURN,),
        _NOT_LINEAR,
        Source.HISTORY,
    ),
    _people("people-by-zone-and-age-band", "People by zone and age", _SELF, (by.ZONE, by.AGE_BAND), _EQUITY),
    _people(
        "people-by-race-ethnicity-and-connection",
        "Connection by race and ethnicity",
        ", and of them those for whom a referral was requested in the period, and those for whom one was completed",
        (by.RACE_ETHNICITY, by.CONNECTION),
        _EQUITY,
        Source.REFERRALS,
    ),
)
_EVENTS = (
    _events(
        "encounters-by-setting",
        "Contacts by setting",
        "Contacts that reached somebody, by where or how; with people of whom there is no record too.",
        Unit.ENCOUNTERS,
        by.SETTING,
        _MEET,
    ),
    _events(
        "encounters-by-act",
        "Contacts by what was done",
        "Contacts that reached somebody, once for every act that was done in them.",
        Unit.ENCOUNTERS,
        by.ACT,
        _SHAPED,
    ),
    _events(
        "education-by-topic",
        "Education by topic",
        "Times that a topic was taught in a contact; `not_said` where no topic was told.",
        Unit.EVENTS,
        by.TOPIC,
        _SAFETY,
    ),
    _events(
        "supplies-given",
        "Times each item was handed out",
        "Contacts in which an item was handed out of the program's stock, once for every item.",
        Unit.EVENTS,
        by.ITEM,
        _SAFETY,
        Source.ENCOUNTERS,
        Source.SUPPLIES,
    ),
    _events(
        "naloxone-kits",
        "Naloxone kits given",
        "Kits of naloxone given in contacts, by setting.",
        Unit.KITS,
        by.SETTING,
        _SAFETY,
    ),
    _events(
        "naloxone-doses",
        "Naloxone doses given",
        "Doses in the kits of naloxone given in contacts, by product: two a kit, or as its lot says.",
        Unit.DOSES,
        by.PRODUCT,
        _SAFETY,
        Source.ENCOUNTERS,
        Source.SUPPLIES,
    ),
    _events(
        "overdose-events",
        "Overdoses and reversals",
        "Overdose events that were told of, by kind.",
        Unit.EVENTS,
        by.KIND,
        _SAFETY,
        Source.OVERDOSES,
    ),
    _events(
        "referrals-by-outcome",
        "Referrals by how far they came",
        "Referrals requested in the month, by where they stood when the month was counted.",
        Unit.REFERRALS,
        by.OUTCOME,
        _CONNECTED,
        Source.REFERRALS,
    ),
    _events(
        "time-to-first-contact",
        "Time to first contact",
        "Intake requests posted in the month, by how many days went by until a peer met the person.",
        Unit.REQUESTS,
        by.FIRST_CONTACT,
        _SHOWS_UP,
        Source.INTAKE,
    ),
)
GRID: dict[str, Table] = {table.name: table for table in (*_PEOPLE, *_EVENTS)}
"""Every table that may be told, inside and in releases."""

INSIDE: dict[str, Table] = {
    table.name: table
    for table in (
        _events(
            "items-given",
            "Items handed out",
            "Pieces, strips, kits or packs of each item handed out of the program's stock in contacts.",
            Unit.ITEMS,
            by.ITEM,
            _SAFETY,
            Source.ENCOUNTERS,
            Source.SUPPLIES,
        ),
        _events(
            "education-materials",
            "Education materials",
            "Materials handed out or shown with education, by kind.",
            Unit.ITEMS,
            by.MATERIAL,
            _SAFETY,
        ),
    )
}
"""Tables for the program's own people alone: with at most five of a person counted they would mislead."""
