"""Figures of forgetting: what still leads to people who asked to be forgotten, also after both stores came back.

Whoever looks knows the person's codes in every realm, their former id, and every id and reference that a record of
theirs ever had, and searches every column of every table of both stores. That the search works is shown by what it
finds before.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from true_api.journeys.unlinking import columns_naming, kinds_about_people
from true_api.kernel.rows import Row, table_of
from true_api.outlets.measures.figures import Figure, at_least, at_most
from true_api.privacy.cases import Participant
from true_api.privacy.retention import Unlinked, every_kind, parts_of

SECTION = "6"
Dump = Mapping[str, Sequence[Mapping[str, Any]]]
"""Every row of every table of both stores, by table."""

LEADS_NOWHERE = frozenset({"trail_entries.record_id", "consents_kept_apart.reference", "feed_entries.name"})
"""The trail only grows, and what it names exists no more; a consent's reference is what accounting law asks for.

The feed says for 30 days that what had this name is gone, to whoever keeps a copy of it (docs/forgetting.md).
"""

NAMES = ("id", "reference", "code")


@dataclass(frozen=True)
class Former:
    """How the records of some people were called before."""

    names: frozenset[str]

    @classmethod
    def of(cls, dump: Dump, codes: Collection[str]) -> "Former":
        """Of the people with these codes, from a dump in which they still are."""
        people = {row["participant_id"] for row in dump["realm_codes"] if row["code"] in codes}
        kinds: list[type[Row]] = [Participant, *kinds_about_people()]
        rows = [row for kind in kinds for row in _theirs(dump, kind, people)]
        return cls(frozenset(_plain(row[name]) for row in rows for name in NAMES if row.get(name) is not None))

    def found_in(self, dump: Dump) -> int:
        """How many rows lead to one of them."""
        return sum(self._is_in(table, row) for table, rows in dump.items() for row in rows)

    def _is_in(self, table: str, row: Mapping[str, Any]) -> bool:
        looked_at = (value for name, value in row.items() if f"{table}.{name}" not in LEADS_NOWHERE)
        return any(_plain(value) in self.names for value in looked_at)


def figures_of(before: Dump, after: Dump, restored: Dump, codes: Collection[str]) -> list[Figure]:
    """What three dumps tell of the people with these codes: while they were here, forgotten, and restored."""
    former, count = Former.of(before, codes), len(codes)
    facts = sum(1 for _ in _unlinked(after))
    people = {row["trail_id"] for row in after["participants"]}
    nobody = sum(row["trail_id"] not in people for row in after["trail_subjects"])
    return [
        at_least(SECTION, f"rows that led to {count} people, before", former.found_in(before), count, "rows"),
        at_most(SECTION, f"rows that lead to {count} forgotten people", former.found_in(after), 0, "rows"),
        at_most(SECTION, "the same, after backups of both stores came back", former.found_in(restored), 0, "rows"),
        at_least(SECTION, "facts that stay for the counts, about nobody", facts, count, "rows"),
        at_most(
            SECTION, "of these, with an exact day", sum(_has_exact_day(*fact) for fact in _unlinked(after)), 0, "rows"
        ),
        Figure(SECTION, "times that the trail names somebody who is nobody now", nobody, "rows"),
    ]


def _theirs(dump: Dump, kind: type[Row], people: Collection[Any]) -> Iterator[Mapping[str, Any]]:
    columns = ["id"] if kind is Participant else columns_naming(Participant, kind)
    wholes = [row for row in dump[str(table_of(kind).name)] if any(row[column] in people for column in columns)]
    yield from wholes
    ids = {row.get("id") for row in wholes}
    for part, column in parts_of(kind).items():
        yield from (row for row in dump[str(table_of(part).name)] if row[column] in ids)


def _unlinked(dump: Dump) -> Iterator[tuple[Unlinked, Mapping[str, Any]]]:
    """Every fact that is about nobody and was about somebody: its id is random and tells no time."""
    for kind in every_kind():
        fate = kind.__dict__.get("__forgotten__")
        if isinstance(fate, Unlinked) and kind.__subject__ is not None:
            rows = dump[str(table_of(kind).name)]
            yield from ((fate, row) for row in rows if row[kind.__subject__] is None and row["id"].version == 4)


def _has_exact_day(fate: Unlinked, row: Mapping[str, Any]) -> bool:
    return any(row[day] is not None and row[day].day != 1 for day in fate.days)


def _plain(value: Any) -> str:
    if isinstance(value, datetime | date):
        return ""
    return str(value).replace("-", "").lower()
