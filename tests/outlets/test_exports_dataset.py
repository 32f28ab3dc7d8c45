"""Data sets: whoever stands in one looks like ten others, under a code that no other list has."""

from collections import Counter, defaultdict
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.outlets.exporting import approves, asks, exported, fetched, lines, made
from tests.outlets.many_people import fill
from tests.stories.steps import agrees
from tests.world import House, ok, refused
from true_api.kernel.rows import table_of
from true_api.outlets.exports.coarsening import LEVELS, PROFILE, K, Outcome, Person, coarsen
from true_api.outlets.exports.tables import Export, ExportSubject
from true_api.outlets.exports.vocabulary import Quasi
from true_api.privacy.cases import RealmCode
from true_api.privacy.profile import AgeBand, Gender

MONTHS = [f"2026-{month:02}" for month in range(1, 13)]
VALUES = {
    Quasi.ZONE: st.sampled_from(["north", "south", "not_asked"]),
    Quasi.RACE_ETHNICITY: st.sampled_from(["white", "asian_or_asian_american|white", "not_asked"]),
    Quasi.AGE_BAND: st.sampled_from([band.value for band in AgeBand]),
    Quasi.GENDER: st.sampled_from([gender.value for gender in Gender]),
}


@st.composite
def crowds(draw: st.DrawFn) -> list[Person]:
    """People of whom some look alike."""
    looks = draw(
        st.lists(
            st.builds(
                Person,
                st.tuples(*(VALUES[quasi] for quasi in PROFILE)),
                st.frozensets(st.sampled_from(MONTHS), min_size=1, max_size=4),
            ),
            min_size=1,
            max_size=12,
        )
    )
    return [look for look in looks for _ in range(draw(st.integers(1, 15)))]


def told(outcome: Outcome, people: list[Person]) -> list[tuple[Any, ...]]:
    return [outcome.coarse.looks(person) for person in people if outcome.holds(person)]


@given(crowds())
def test_whoever_is_told_of_looks_like_ten_others_in_all_that_could_tell_them_apart(people: list[Person]) -> None:
    outcome = coarsen(people)
    looks = told(outcome, people)
    assert all(many >= K for many in Counter(looks).values())
    assert len(looks) == outcome.people == len(people) - outcome.people_left_out
    for size in range(len(PROFILE) + 1):
        # So does everybody by any part of it, and in any single period.
        assert all(many >= K for many in Counter(look[:size] for look in looks).values())
    periods = Counter((look[:-1], period) for look in looks for period in look[-1])
    assert all(many >= K for many in periods.values())


@given(crowds())
def test_eleven_people_or_more_are_never_all_left_out_and_every_step_is_told(people: list[Person]) -> None:
    outcome = coarsen(people)
    assert (outcome.people > 0) is (len(people) >= K)
    levels = {quasi: [name for name, _ in LEVELS[quasi]] for quasi in LEVELS}
    for quasi in LEVELS:
        assert [step.level for step in outcome.steps if step.quasi is quasi] == levels[quasi][
            1 : outcome.coarse.at[quasi] + 1
        ]
    if outcome.steps:
        assert outcome.steps[-1].people_left_out == outcome.people_left_out


def test_what_needs_no_coarsening_is_told_as_it_is() -> None:
    people = [Person(("north", "white", "25_34", "woman"), frozenset({"2026-01"}))] * K
    assert (coarsen(people).steps, coarsen(people).people) == ([], K)
    assert coarsen([]).people == 0


async def _together(house: House, many: int = K + 1) -> list[str]:
    """People who look alike, each met in the same month."""
    codes = [await house.peer.enrolls(age_band="25_34", gender="woman") for _ in range(many)]
    for code in codes:
        await house.peer.records(code, acts=[{"act": "naloxone_given", "quantity": 1}])
    return codes


async def test_a_data_set_tells_months_bands_and_codes_of_its_own(house: House) -> None:
    codes = {code.replace("-", "") for code in await _together(house)}
    first, second = [await exported(house, "dataset") for _ in range(2)]
    rows, others = [await lines(house, path, "person_periods") for path in (first, second)]
    shown = [{row["code"] for row in some} for some in (rows, others)]
    assert [len(some) for some in shown] == [K + 1, K + 1]
    assert not shown[0] & shown[1]
    assert not codes & (shown[0] | shown[1])
    assert [row["code"] for row in rows] == sorted(shown[0])
    same = {"zone": "not_asked", "race_ethnicity": "not_asked", "age_band": "25_34", "gender": "woman"}
    what = {"contacts": "1", "naloxone_given": True, "referral_requested": False}
    assert all(row == {"code": row["code"], "period": "2026-11", **same, **what} for row in rows)
    manifest = ok(await house.supervisor.get(first))
    assert (manifest["people"], manifest["people_left_out"], manifest["coarsened"]) == (K + 1, 0, [])
    realms = await house.rows(select(table_of(Export).c.id), select(table_of(RealmCode).c.realm_id).distinct())
    assert {row.id for row in realms[0]} <= {row.realm_id for row in realms[1]}


async def test_of_many_people_everybody_in_the_file_looks_like_ten_others(house: House) -> None:
    await fill(house, people=250, months=4)
    path = await exported(house, "dataset", **{"from": "2026-07", "to": "2026-11"})
    rows, manifest = await lines(house, path, "person_periods"), ok(await house.supervisor.get(path))
    profiles: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    periods: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        profiles[row["code"]].add(tuple(row[quasi.value] for quasi in PROFILE))
        periods[row["code"]].add(row["period"])
    assert all(len(profile) == 1 for profile in profiles.values())
    looks = Counter((*min(profiles[code]), frozenset(periods[code])) for code in profiles)
    assert min(looks.values()) >= K
    assert len(rows) == len({(row["code"], row["period"]) for row in rows})
    assert manifest["coarsened"], "so few people cannot be told of as they are"
    assert manifest["people_left_out"] == manifest["coarsened"][-1]["people_left_out"]
    assert (manifest["rows_left_out"] > 0) is (manifest["people_left_out"] > 0)


async def test_fewer_than_eleven_people_make_an_empty_file_with_the_same_columns(house: House) -> None:
    await _together(house, 3)
    path = await exported(house, "dataset", "csv")
    answer = await fetched(house, path, "person_periods.csv")
    columns = ["code", "period", "zone", "race_ethnicity", "age_band", "gender", "contacts"]
    assert answer.text == ",".join([*columns, "naloxone_given", "referral_requested"]) + "\r\n"
    assert ok(await house.supervisor.get(path))["people_left_out"] == 3


async def test_who_takes_their_word_back_is_in_no_data_set_and_makes_one_stale(house: House) -> None:
    codes = await _together(house)
    harbor = house.organizations["harbor"]
    consent = (await agrees(house.peer, codes[0], harbor))["id"]
    path = await exported(house, "dataset")
    assert ok(await house.supervisor.get(path))["people"] == K + 1
    ok(await house.peer.post(f"/v1/participants/{codes[0]}/consents/{consent}/revoke"))
    refused(await fetched(house, path, "person_periods.ndjson"), 410, "export_gone")
    again = await exported(house, "dataset")
    assert len(await lines(house, again, "person_periods")) == K


async def test_linked_records_count_as_one_person(house: House) -> None:
    codes = await _together(house, K)
    ok(await house.supervisor.post(f"/v1/participants/{codes[0]}/links", {"code": codes[1]}))
    path = await asks(house, "dataset")
    await approves(house, path)
    export = await made(house, path)
    assert (export["people"], export["people_left_out"]) == (K, K - 1)
    subjects = (await house.rows(select(table_of(ExportSubject))))[0]
    assert len({subject.person_id for subject in subjects}) == K - 1
