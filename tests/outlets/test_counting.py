"""Counting: the cells of every table are what the rows come to, counted again in Python, on both engines."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from tests.outlets.many_people import ZONES, Filled, fill
from tests.world import House
from true_api.outlets.statistics.counting import Counted, count
from true_api.outlets.statistics.grid import DOSES_CAP, GRID, Cell
from true_api.outlets.statistics.periods import Month, Period, Quarter
from true_api.rooms.encounters.vocabulary import Outcome
from true_api.rooms.referrals.vocabulary import ReferralState

Person = UUID | None
Found = Iterable[tuple[Cell, Person, UUID, int]]
"""Of everything that counts: the cell, the record or nobody, the event, and how much it is."""


class ByHand:
    """What a table comes to, from the rows that were put there."""

    def __init__(self, filled: Filled) -> None:
        self.rows = filled.rows
        self.people = {row["id"]: row for row in self.rows["participants"]}
        self.first = {row["participant_id"]: row["participant_id"] for row in ()}
        for row in self.rows["same_people"]:
            one, other = row["participant_id"], row["other_id"]
            self.first[one] = min(one, other)
        self.gone = {row["encounter_id"] for row in self.rows["encounter_revisions"]}
        self.acts = defaultdict(list)
        for row in self.rows["encounter_acts"]:
            self.acts[row["encounter_id"]].append(row)

    def contacts(self, period: Period) -> list[Mapping[str, Any]]:
        """Those that count."""
        return [
            row
            for row in self.rows["encounters"]
            if period.first_day <= row["occurred_on"] < period.end
            and row["id"] not in self.gone
            and row["outcome"] is not Outcome.UNABLE_TO_REACH
        ]

    def person(self, record: UUID) -> UUID:
        """The record that stands for the person."""
        return self.first.get(record, record)

    def distinct(self, cells: Callable[[Mapping[str, Any]], list[Cell]], period: Period) -> dict[Cell, Counted]:
        """People once in each cell."""
        found: dict[Cell, set[UUID]] = defaultdict(set)
        for row in self.contacts(period):
            if row["participant_id"] is not None:
                for cell in cells(row):
                    found[cell].add(self.person(row["participant_id"]))
        return {
            cell: Counted(len(who), len(who), sum(self.people[one]["record_key"] for one in who) % 2**32)
            for cell, who in found.items()
        }

    def added(self, events: Found, cap: int | None) -> dict[Cell, Counted]:
        """Events, so many of a person or of one event about nobody as the cap lets count."""
        many: Counter[tuple[Cell, UUID]] = Counter()
        keys: dict[UUID, int] = {}
        for cell, record, event, weight in events:
            who = event if record is None else self.person(record)
            keys[who] = event.int % 2**32 if record is None else self.people[who]["record_key"]
            many[cell, who] += weight
        found: dict[Cell, Counted] = defaultdict(Counted)
        for (cell, who), weight in many.items():
            value = weight if cap is None else min(cap, weight)
            found[cell] = found[cell].plus(value, 1, keys[who] * value)
        return found


def profile(hand: ByHand, *names: str) -> Callable[[Mapping[str, Any]], list[Cell]]:
    """The cell that somebody's own record says."""
    return lambda row: [tuple(str(hand.people[hand.person(row["participant_id"])][name]) for name in names)]


def filled_up(name: str, found: Mapping[Cell, Counted]) -> dict[Cell, Counted]:
    """Every cell of the table, in order."""
    return {cell: found.get(cell, Counted()) for cell in GRID[name].with_own(ZONES).cells}


async def test_people_are_counted_once_whichever_of_their_records_was_met(house: House) -> None:
    filled = await fill(house, people=250, months=4)
    hand, database = ByHand(filled), house.installation.database
    by_hand: dict[str, Callable[[Mapping[str, Any]], list[Cell]]] = {
        "people": lambda _: [()],
        "people-by-setting": lambda row: [(row["setting"].value,)],
        "people-by-zone": profile(hand, "zone"),
        "people-by-age-band": profile(hand, "age_band"),
        "people-by-gender": profile(hand, "gender"),
        "people-by-zone-and-age-band": profile(hand, "zone", "age_band"),
        "people-by-race-ethnicity": lambda row: [
            (group,) for group in hand.people[hand.person(row["participant_id"])]["race_ethnicity"]
        ],
        "people-by-act": lambda row: [(act["act"].value,) for act in hand.acts[row["id"]]],
    }
    assert hand.first, "nobody has two records"
    for period in (filled.months[-1], Quarter.of(filled.months[0].first_day)):
        for name, cells in by_hand.items():
            assert dict(await count(database, GRID[name], period)) == filled_up(name, hand.distinct(cells, period)), (
                name
            )


async def test_who_came_back_is_known_by_any_of_their_records(house: House) -> None:
    filled = await fill(house, people=250, months=4, seed=2)
    hand, database = ByHand(filled), house.installation.database
    period = filled.months[-1]
    before: dict[UUID, list[Month]] = defaultdict(list)
    for month in filled.months[:-1]:
        for row in hand.contacts(month):
            if row["participant_id"] is not None:
                before[hand.person(row["participant_id"])].append(month)

    def cell(row: Mapping[str, Any]) -> list[Cell]:
        seen = before.get(hand.person(row["participant_id"]))
        if not seen:
            return [("new",)]
        return [("seen_in_the_period_before" if seen[-1] == period.previous else "back_after_longer",)]

    counted = await count(database, GRID["people-by-return"], period)
    assert dict(counted) == filled_up("people-by-return", hand.distinct(cell, period))
    assert all(found.value for found in counted.values())


async def test_events_of_one_person_count_five_times_a_month_and_inside_as_often_as_they_were(house: House) -> None:
    filled = await fill(house, people=250, months=1, seed=3)
    hand, database, month = ByHand(filled), house.installation.database, filled.months[0]
    contacts = hand.contacts(month)
    kits: list[tuple[Cell, Person, UUID, int]] = [
        ((row["setting"].value,), row["participant_id"], row["id"], act["quantity"] or 1)
        for row in contacts
        for act in hand.acts[row["id"]]
        if act["act"].value == "naloxone_given"
    ]
    by_setting = [((row["setting"].value,), row["participant_id"], row["id"], 1) for row in contacts]
    by_act = [
        ((act["act"].value,), row["participant_id"], row["id"], 1) for row in contacts for act in hand.acts[row["id"]]
    ]
    by_kind = [((row["kind"].value,), row["participant_id"], row["id"], 1) for row in filled.rows["overdose_events"]]
    asked = {"naloxone-kits": kits, "encounters-by-setting": by_setting, "encounters-by-act": by_act}
    for name, events in {**asked, "overdose-events": by_kind}.items():
        table = GRID[name]
        assert dict(await count(database, table, month)) == filled_up(name, hand.added(events, table.cap)), name
        inside = await count(database, table, month, exact=True)
        assert {cell: found.value for cell, found in inside.items()} == {
            cell: found.value for cell, found in filled_up(name, hand.added(events, None)).items()
        }
    assert sum(weight for *_, weight in kits) > sum(found.value for found in hand.added(kits, 5).values())


async def test_referrals_doses_and_first_contacts(house: House) -> None:
    filled = await fill(house, people=400, months=2, seed=4)
    hand, database, month = ByHand(filled), house.installation.database, filled.months[-1]
    open_ones = {"requested", "accepted", "in_progress", "on_hold"}
    referrals = [
        (("open" if row["state"].value in open_ones else row["state"].value,), row["participant_id"], row["id"], 1)
        for row in filled.rows["referrals"]
        if month.first_day <= row["requested_on"] < month.end and row["state"] is not ReferralState.DRAFT
    ]
    name = "referrals-by-outcome"
    assert dict(await count(database, GRID[name], month)) == filled_up(name, hand.added(referrals, 5))
    doses = await count(database, GRID["naloxone-doses"], month)
    assert dict(doses) == filled_up("naloxone-doses", hand.added(_doses(hand, month), DOSES_CAP))
    waits = await count(database, GRID["time-to-first-contact"], month, exact=True)
    assert Counter({cell[0]: found.value for cell, found in waits.items()}) == _waits(filled, month)


def _doses(hand: ByHand, month: Month) -> Found:
    per_kit = hand.rows["supply_lots"][0]["doses_per_kit"] or 2
    links = {row["reference"]: row["encounter_id"] for row in hand.rows["encounter_supplies"]}
    booked: Counter[UUID] = Counter()
    for row in hand.rows["supply_movements"]:
        booked[links[row["gift_reference"]]] += row["quantity"]
    for row in hand.contacts(month):
        given = [act["quantity"] or 1 for act in hand.acts[row["id"]] if act["act"].value == "naloxone_given"]
        if many := booked[row["id"]]:
            yield ("naloxone_nasal_4mg",), row["participant_id"], row["id"], many * per_kit
        if (rest := sum(given) - booked[row["id"]]) > 0:
            yield ("not_said",), row["participant_id"], row["id"], rest * 2


def _waits(filled: Filled, month: Month) -> Counter[str]:
    found: Counter[str] = Counter()
    for row in filled.rows["intake_requests"]:
        if not month.first_day <= row["posted_on"] < month.end:
            continue
        tried = [one for one in filled.rows["intake_attempts"] if one["intake_request_id"] == row["id"]]
        met = [one["attempted_on"] for one in tried if one["result"].value != "not_there"]
        met += [row["changed_on"]] if row["state"].value == "connected" and not met else []
        days = (min(met) - row["posted_on"]).days if met else None
        bands = (0, "same_day"), (1, "next_day"), (3, "within_3_days"), (7, "within_7_days"), (99, "later")
        found["not_met" if days is None else next(band for most, band in bands if days <= most)] += 1
    return found


async def test_connection_is_of_people_who_were_reached(house: House) -> None:
    filled = await fill(house, people=300, months=1, seed=5)
    hand, database, month = ByHand(filled), house.installation.database, filled.months[0]
    sent: dict[UUID, bool] = {}
    for row in filled.rows["referrals"]:
        if row["state"] is not ReferralState.DRAFT:
            person = hand.person(row["participant_id"])
            sent[person] = sent.get(person, False) or row["state"] is ReferralState.COMPLETED

    def cells(row: Mapping[str, Any]) -> list[Cell]:
        person = hand.person(row["participant_id"])
        came = ["reached", *(["referral_requested"] if person in sent else [])]
        came += ["referral_completed"] if sent.get(person) else []
        return [(group, step) for group in hand.people[person]["race_ethnicity"] for step in came]

    name = "people-by-race-ethnicity-and-connection"
    assert dict(await count(database, GRID[name], month)) == filled_up(name, hand.distinct(cells, month))


async def test_an_empty_month_has_the_same_cells(house: House) -> None:
    await fill(house, people=20, months=1)
    empty = Month(2031, random.Random(6).randrange(1, 13))
    for name, table in GRID.items():
        counted = await count(house.installation.database, table, empty)
        assert dict(counted) == filled_up(name, {}), name
